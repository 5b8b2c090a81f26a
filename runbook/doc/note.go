package doc

import (
	"slices"
	"strings"
)

// NoteNames are the words that name a note or a warning, in lower case, in the order of how often they are used.
var NoteNames = []string{
	"note", "important", "warning", "caution", "tip", "attention", "stop", "danger", "hint", "info", "reminder", "seealso",
}

// SplitNote makes a note of a paragraph that begins with the name of one, and a note inside it where a further name follows.
func SplitNote(p *Node) *Node {
	name, rest := noteName(p.Spans)
	if name == "" {
		return p
	}
	note := &Node{Kind: Note, Name: name, Line: p.Line, End: p.End}
	if len(rest) > 0 {
		note.Children = []*Node{SplitNote(&Node{Kind: Paragraph, Line: rest[0].Line, End: p.End, Spans: rest})}
	}
	return note
}

// SplitNotes is SplitNote, and splits a paragraph where one of its later lines begins with the name of a note in bold.
func SplitNotes(p *Node) []*Node {
	for i := 1; i < len(p.Spans); i++ {
		head := p.Spans[i]
		if head.Line == p.Spans[i-1].Line || head.Style != Strong && !head.Bold {
			continue
		}
		if name, _ := noteName(p.Spans[i:]); name != "" {
			before := &Node{Kind: Paragraph, Line: p.Line, End: head.Line - 1, Spans: Trim(slices.Clone(p.Spans[:i]))}
			after := &Node{Kind: Paragraph, Line: head.Line, End: p.End, Spans: p.Spans[i:]}
			return append([]*Node{SplitNote(before)}, SplitNotes(after)...)
		}
	}
	return []*Node{SplitNote(p)}
}

// noteName reads the name of a note off the front of a paragraph.
func noteName(spans []Span) (name string, rest []Span) {
	if len(spans) == 0 {
		return "", nil
	}
	head := spans[0]
	marked := head.Style == Strong || head.Bold || head.Style == Emphasis || head.Style == Literal
	text := head.Text
	for i := 1; i < len(spans) && head.Style == Plain && spans[i].Style == Plain && len(text) < longestName; i++ {
		text += spans[i].Text // a name may stand on one line and its colon on the next
	}
	word, after := leadingName(text)
	switch {
	case word == "":
		return "", nil
	case strings.HasPrefix(after, "]") && strings.HasPrefix(text, "[!"):
		after = after[1:]
	case strings.HasPrefix(after, ":"):
		after = after[1:]
	case shouted(text, word, after):
	case !marked || strings.TrimSpace(after) != "":
		return "", nil
	}
	rest = Trim(behind(spans, len(text)-len(after)))
	if len(rest) > 0 && rest[0].Style == Plain {
		rest[0].Text = strings.TrimLeft(rest[0].Text, ":")
	}
	return word, Trim(rest)
}

// shouted says whether a name stands in capitals before a sentence, its colon or its bold type lost: "NOTE The line is closed."
func shouted(text, word, after string) bool {
	return len(after) > 1 && after[0] >= 'A' && after[0] <= 'Z' && after[1] >= 'a' && after[1] <= 'z' && strings.HasPrefix(text, strings.ToUpper(word)+" ")
}

// longestName is how far the colon behind a name may be from its first letter, in bytes.
const longestName = 64

// behind is what follows the first n bytes of spans.
func behind(spans []Span, n int) []Span {
	for len(spans) > 0 && n >= len(spans[0].Text) {
		n -= len(spans[0].Text)
		spans = spans[1:]
	}
	spans = slices.Clone(spans)
	if len(spans) > 0 {
		spans[0].Text = spans[0].Text[n:]
	}
	return spans
}

// leadingName is the name a text begins with, in lower case, and what follows it.
func leadingName(text string) (name, after string) {
	text = strings.TrimLeft(strings.TrimPrefix(text, "[!"), " *`_")
	end := strings.IndexFunc(text, func(c rune) bool { return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') })
	if end < 0 {
		end = len(text)
	}
	word := strings.ToLower(strings.TrimSuffix(text[:end], "s"))
	if !slices.Contains(NoteNames, word) {
		return "", ""
	}
	return word, strings.TrimLeft(text[end:], " *`_")
}

// Entitle puts a title before what stands under it. A title that names a note makes a note of both.
func Entitle(title *Node, content []*Node) []*Node {
	n := SplitNote(title)
	if n.Kind != Note {
		return append([]*Node{title}, content...)
	}
	n.Children = append(n.Children, content...)
	if last := len(n.Children) - 1; last >= 0 {
		n.End = max(n.End, n.Children[last].End)
	}
	return []*Node{n}
}

// EntitleNote puts a title of its own before what a note says. What the title says of the note's kind is said already.
func EntitleNote(title *Node, content []*Node) []*Node {
	if n := SplitNote(title); n.Kind == Note {
		return append(n.Children, content...)
	}
	return append([]*Node{title}, content...)
}
