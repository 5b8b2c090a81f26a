package markdown

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// tag is a line that says something to a site generator and nothing to a reader: {% include x %} of Jekyll, {{< note >}} of
// Hugo, <TabItem label="x"> of MDX, ::: warning of others. Those that begin and end a note, a tab or code do so here as well; the
// others are comments.
type tag struct {
	text   string
	word   string // what it begins or ends
	closes bool
	note   string // the name of the note it begins
	title  string // the words it gives to what it begins
}

var (
	tagLine   = doc.Pattern(`^[ \t]*(?:\{%[-+]?((?:[^%]|%[^}])*)%\}|\{\{[<%]((?:[^}]|\}[^}])*)[>%]\}\}|\{\{ *(site\.data\.alerts\.\w+) *\}\}|<(/?Tab(?:s|Item)?)\b[^<>]*>|:::+[ \t]*(.*))[ \t]*$`)
	tagLabel  = doc.Pattern(`\b(?:label|title)="([^"]*)"`)
	tagTitle  = doc.Pattern(`"([^"]*)"`)
	noteWords = append([]string{"alert", "admonition", "callout", "notice"}, doc.NoteNames...)
)

// readTag reads a row that is a tag.
func readTag(row []byte) (tag, bool) {
	m := tagLine().FindSubmatch(bytes.TrimRight(row, "\r\n"))
	if m == nil {
		return tag{}, false
	}
	t := tag{text: string(bytes.TrimSpace(row))}
	words := strings.FieldsFunc(strings.ToLower(string(bytes.Join(m[1:], nil))), betweenWords)
	for i := range words {
		words[i] = strings.Trim(words[i], ".")
	}
	t.word, t.closes = half(t.text, words)
	if t.word == "alert" && len(words) > 0 {
		words[0] = t.word
	}
	t.note = noteOf(words)
	for _, form := range []func() *regexp.Regexp{tagLabel, tagTitle} {
		if m := form().FindStringSubmatch(t.text); m != nil && t.title == "" {
			t.title = m[1]
		}
	}
	return t, true
}

func betweenWords(c rune) bool { return (c < 'a' || c > 'z') && c != '/' && c != '.' }

// half is what a tag begins or ends, and whether it ends it.
func half(text string, words []string) (word string, closes bool) {
	switch {
	case strings.HasPrefix(text, ":::"):
		return ":::", len(words) == 0
	case len(words) == 0:
		return "", false
	case strings.HasPrefix(words[0], "site."):
		return "alert", strings.HasSuffix(words[0], ".end")
	}
	word, slash := strings.CutPrefix(words[0], "/")
	word, end := strings.CutPrefix(word, "end")
	return strings.TrimSuffix(word, "item"), slash || end
}

// language is that of the code a tag begins: the word behind "highlight".
func (t tag) language() string {
	words := strings.FieldsFunc(t.text, func(c rune) bool { return strings.ContainsRune("{}<>% \t-+", c) })
	if len(words) < 2 {
		return ""
	}
	return words[1]
}

// noteOf is the name of the note that a tag of these words begins, "" if it begins none.
func noteOf(words []string) string {
	if len(words) == 0 || !slices.Contains(noteWords, words[0]) {
		return ""
	}
	for _, word := range words {
		if slices.Contains(doc.NoteNames, word) {
			return word
		}
	}
	return "note"
}

// hideTags puts a rule, which ends a paragraph, in the place of each tag, and fences in the place of those around code.
func hideTags(source []byte) ([]byte, map[int]tag) {
	if !bytes.Contains(source, []byte("{%")) && !bytes.Contains(source, []byte("{{")) && !bytes.Contains(source, []byte(":::")) && !bytes.Contains(source, []byte("<Tab")) {
		return source, nil
	}
	found := map[int]tag{}
	plain := source
	var code state
	at := 0
	for i, row := range bytes.SplitAfter(source, []byte("\n")) {
		t, ok := readTag(row)
		highlighted := code.fence == highlight
		if ok && code.plain() || highlighted && t.word == "highlight" && t.closes {
			if &plain[0] == &source[0] {
				plain = slices.Clone(source)
			}
			found[i+1] = t
			overlay(plain[at:at+len(row)], t)
			code.fence = ""
			if t.word == "highlight" && !t.closes {
				code.fence = highlight
			}
		} else if !highlighted {
			code.after(row)
		}
		at += len(row)
	}
	return plain, found
}

// highlight is the fence of code that stands between tags.
const highlight = "highlight"

func overlay(row []byte, t tag) {
	lead := len(row) - len(bytes.TrimLeft(row, " \t"))
	end := len(bytes.TrimRight(row, "\r\n"))
	for i := lead; i < end; i++ {
		row[i] = ' '
	}
	if t.word == "highlight" {
		copy(row[lead:end], "```")
	} else {
		copy(row[lead:end], "***")
	}
}

// within gives what stands between two tags to what they begin: a note, or one of several ways. Tags without their other half
// stay comments.
func (r *reader) within(nodes []*doc.Node) []*doc.Node {
	if len(r.tagged) == 0 {
		return nodes
	}
	type open struct {
		by     *doc.Node
		before []*doc.Node
	}
	var stack []open
	out := []*doc.Node{}
	for _, n := range nodes {
		t, ok := r.tagged[n]
		switch {
		case ok && !t.closes && (t.note != "" || t.word == "tab"):
			stack = append(stack, open{n, out})
			out = nil
		case ok && t.closes && len(stack) > 0 && r.tagged[stack[len(stack)-1].by].word == t.word:
			last := stack[len(stack)-1]
			out = append(last.before, r.tagged[last.by].around(last.by.Line, n.End, doc.GatherTabs(out)))
			stack = stack[:len(stack)-1]
		default:
			out = append(out, n)
		}
	}
	for i := len(stack) - 1; i >= 0; i-- {
		out = append(append(stack[i].before, stack[i].by), out...)
	}
	return out
}

// around makes what a tag begins of what stands in it.
func (t tag) around(line, end int, inside []*doc.Node) *doc.Node {
	title := &doc.Node{Kind: doc.Paragraph, Line: line, End: line, Spans: []doc.Span{{Text: t.title, Style: doc.Strong, Line: line}}}
	if t.note != "" {
		if t.title != "" {
			inside = doc.EntitleNote(title, inside)
		}
		return &doc.Node{Kind: doc.Note, Name: t.note, Line: line, End: end, Children: inside}
	}
	if t.title != "" {
		inside = doc.Entitle(title, inside)
	}
	return &doc.Node{Kind: doc.Item, Line: line, End: end, Children: inside}
}
