package markdown

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// noteOrQuote makes a note of a quote whose first words name one: > [!NOTE], > **`NOTE`**, > NOTE:, >**`Stop`**.
func noteOrQuote(q *doc.Node) *doc.Node {
	if len(q.Children) == 0 {
		return q
	}
	first := q.Children[0]
	if first.Kind == doc.Note && len(q.Children) == 1 {
		return first
	}
	if first.Kind != doc.Note {
		return q
	}
	first.Line, first.End = q.Line, q.End
	first.Children = append(first.Children, q.Children[1:]...)
	return first
}

// splitNotes makes a note of a paragraph that begins with the name of one.
func splitNotes(p *doc.Node) []*doc.Node {
	name, rest := noteName(p.Spans)
	if name == "" {
		return []*doc.Node{p}
	}
	note := &doc.Node{Kind: doc.Note, Name: name, Line: p.Line, End: p.End}
	if len(rest) > 0 {
		note.Children = []*doc.Node{{Kind: doc.Paragraph, Line: rest[0].Line, End: p.End, Spans: rest}}
	}
	return []*doc.Node{note}
}

// noteName reads the name of a note off the front of a paragraph.
func noteName(spans []doc.Span) (name string, rest []doc.Span) {
	if len(spans) == 0 {
		return "", nil
	}
	head := spans[0]
	word, after := leadingName(head.Text)
	marked := head.Style == doc.Strong || head.Bold || head.Style == doc.Emphasis || head.Style == doc.Literal
	switch {
	case word == "":
		return "", nil
	case strings.HasPrefix(after, "]") && strings.HasPrefix(head.Text, "[!"):
		after = after[1:]
	case strings.HasPrefix(after, ":"):
		after = after[1:]
	case !marked || strings.TrimSpace(after) != "":
		return "", nil
	}
	rest = slices.Clone(spans)
	rest[0].Text = after
	rest = trim(rest)
	if len(rest) > 0 && rest[0].Style == doc.Plain {
		rest[0].Text = strings.TrimLeft(rest[0].Text, ":")
	}
	return word, trim(rest)
}

// leadingName is the name a text begins with, in lower case, and what follows it.
func leadingName(text string) (name, after string) {
	text = strings.TrimLeft(strings.TrimPrefix(text, "[!"), " *`_")
	end := strings.IndexFunc(text, func(c rune) bool { return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') })
	if end < 0 {
		end = len(text)
	}
	word := strings.ToLower(strings.TrimSuffix(text[:end], "s"))
	if !slices.Contains(doc.NoteNames, word) {
		return "", ""
	}
	return word, strings.TrimLeft(text[end:], " *`_")
}
