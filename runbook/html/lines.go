package html

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// enough is how many letters of a line tell where it stands, and few are so many that they are only believed right behind the line before.
	enough = 40
	few    = 8
	// behind is how many letters may stand between two lines of a page's text where the second has few.
	behind = 160
	// drift is how many lines below its words a line may be counted, where several share one line of the source.
	drift = 3
)

// Lines says for each line of a page's Markdown, counted from 1, on which line of its source the words stand. Each is below the one before it.
// It is nil where the source has no lines that a reader could go by: all on one, as pages without white space have it.
func Lines(source, markdown []byte) []int {
	shown := lettersOf(source)
	if shown == nil {
		return nil
	}
	lines := []int{0}
	at := 0
	for line := range strings.Lines(string(markdown)) {
		found := 0
		if to, ok := shown.find(lineLetters(line), at); ok {
			found, at = shown.lines[to], to
		}
		lines = append(lines, found)
	}
	if !fill(lines) || lines[len(lines)-1] > 1+bytes.Count(source, []byte("\n")) {
		return nil
	}
	return lines
}

// letters are those of a page's main text, in order, and for each the line of the source it stands on.
type letters struct {
	text  []byte
	lines []int
}

// find is where letters stand at or behind an offset.
func (l *letters) find(wanted []byte, from int) (int, bool) {
	if len(wanted) == 0 {
		return 0, false
	}
	to := len(l.text)
	if len(wanted) < few {
		to = min(to, from+behind)
	}
	at := bytes.Index(l.text[from:to], wanted)
	return from + at, at >= 0
}

// lettersOf reads the letters of the main text, nil if the page has none: what is no text, and a page's furniture, is left out.
func lettersOf(source []byte) *letters {
	l := &letters{}
	tokens := html.NewTokenizer(bytes.NewReader(source[mainAt(source):]))
	line, hidden := 1+bytes.Count(source[:mainAt(source)], []byte("\n")), atom.Atom(0)
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			break
		}
		raw := tokens.Raw()
		name, _ := tokens.TagName()
		switch tag := atom.Lookup(name); {
		case kind == html.TextToken && hidden == 0:
			l.add(raw, line)
		case kind == html.StartTagToken && hidden == 0 && furniture(tag):
			hidden = tag
		case kind == html.EndTagToken && tag == hidden:
			hidden = 0
		}
		line += bytes.Count(raw, []byte("\n"))
	}
	if len(l.text) == 0 {
		return nil
	}
	return l
}

// furniture are the elements whose text is not the page's.
func furniture(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Nav, atom.Header, atom.Footer, atom.Button, atom.Aside, atom.Title:
		return true
	}
	return false
}

// mainAt is the offset of the element that a page's text is taken from.
func mainAt(source []byte) int {
	for _, sign := range []string{"<main", `role="main"`, "<article", "<body"} {
		if at := bytes.Index(source, []byte(sign)); at >= 0 {
			return max(bytes.LastIndexByte(source[:at+1], '<'), 0)
		}
	}
	return 0
}

// add reads what stands between two tags.
func (l *letters) add(raw []byte, line int) {
	for part := range strings.Lines(string(raw)) {
		for _, c := range html.UnescapeString(part) {
			if unicode.IsLetter(c) || unicode.IsDigit(c) {
				for _, b := range []byte(string(c)) {
					l.text, l.lines = append(l.text, b), append(l.lines, line)
				}
			}
		}
		line++
	}
}

// lineLetters are the letters that a line of Markdown begins with, without its number in a list and where a link leads to.
func lineLetters(line string) []byte {
	line = strings.TrimLeft(line, " \t>*-")
	if number, rest, ok := strings.Cut(line, ". "); ok && len(number) < 4 && strings.Trim(number, "0123456789") == "" {
		line = rest
	}
	line, _, _ = strings.Cut(line, "](")
	if strings.HasPrefix(line, "```") {
		return nil
	}
	var out []byte
	for _, c := range html.UnescapeString(line) {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			out = append(out, string(c)...)
		}
	}
	return out[:min(len(out), enough)]
}

// fill gives each line that was not found one between those around it, as near above the next as it stands there, and sets each that was
// found below the one before it. It says whether that kept them near their words.
func fill(lines []int) bool {
	next := make([]int, len(lines))
	for i := len(lines) - 2; i > 0; i-- {
		if next[i] = lines[i+1] - 1; lines[i+1] == 0 {
			next[i] = next[i+1] - 1
		}
	}
	last := 0
	for i := 1; i < len(lines); i++ {
		found := lines[i]
		if found == 0 {
			lines[i] = max(lines[i-1], next[i])
			continue
		}
		last = max(found, last+1)
		if lines[i] = last; last-found > drift {
			return false
		}
	}
	return true
}
