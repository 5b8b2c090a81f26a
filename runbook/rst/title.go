package rst

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gatewalk/runbook/doc"
)

// punctuation are the characters that underline titles and mark quoted code.
const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// adornment says whether a row is one punctuation character over and over, as titles are underlined with.
func adornment(text string) bool {
	text = strings.TrimRight(text, " \t")
	if len(text) < 2 || text == "::" || text == ".." || !strings.Contains(punctuation, text[:1]) {
		return false
	}
	return strings.Trim(text, text[:1]) == ""
}

// underlines says whether an adornment is long enough for a title. One that is too short still makes a title from four characters on.
func underlines(adorned, words string) bool {
	if !adornment(adorned) {
		return false
	}
	long := len(strings.TrimRight(adorned, " \t"))
	return long >= 4 || long >= utf8.RuneCountInString(strings.TrimSpace(words))
}

func overlined(rows []row, at int) bool {
	if at+2 >= len(rows) || rows[at+1].blank() || adornment(rows[at+1].text) {
		return false
	}
	above, words, below := rows[at].text, rows[at+1].text, rows[at+2].text
	return underlines(above, words) && underlines(below, words) && above[0] == below[0]
}

func underlined(rows []row, at int) bool {
	if at+1 >= len(rows) || rows[at].blank() || rows[at].indent() > 0 || adornment(rows[at].text) {
		return false
	}
	return underlines(rows[at+1].text, rows[at].text) && !simpleBorder().MatchString(rows[at+1].text)
}

// isRule says whether a row is a line of its own between blank ones.
func isRule(rows []row, at int) bool {
	text := rows[at].text
	return adornment(text) && len(strings.TrimSpace(text)) >= 4 && (at+1 == len(rows) || rows[at+1].blank())
}

// title makes a heading. Its level is the order in which its way of underlining was first seen.
func (r *reader) title(words row, way string) []*doc.Node {
	level := slices.Index(r.titles, way)
	if level < 0 {
		level = len(r.titles)
		r.titles = append(r.titles, way)
	}
	h := r.heading(words, min(level+1, doc.MaxLevel))
	r.section = h
	return []*doc.Node{h}
}

// heading makes a heading that answers to the labels before it and to its own words.
func (r *reader) heading(words row, level int) *doc.Node {
	h := &doc.Node{Kind: doc.Heading, Level: level, Line: words.line, End: words.line, Spans: doc.Trim(r.inline([]row{words}))}
	text := doc.Words(h.Spans)
	h.Anchor = r.unique(fragment(text))
	for _, label := range r.waiting {
		r.named[label] = h
		h.Anchor = label
	}
	r.waiting = nil
	if _, taken := r.named[nameOf(text)]; !taken {
		r.named[nameOf(text)] = h
	}
	return h
}

// unique tells headings of the same words apart.
func (r *reader) unique(anchor string) string {
	seen := r.anchors[anchor]
	r.anchors[anchor] = seen + 1
	if seen > 0 {
		return fmt.Sprintf("%s-%d", anchor, seen)
	}
	return anchor
}

// fragment is what docutils makes of a title to link to it by: lower case, all else a hyphen.
func fragment(words string) string {
	fields := strings.FieldsFunc(strings.ToLower(words), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	return strings.Join(fields, "-")
}
