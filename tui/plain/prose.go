package plain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"gatewalk/runbook/doc"
)

// prose is nodes as lines of text, as their author wrote them, wrapped to a width. Code is not wrapped.
func prose(nodes []*doc.Node, width int) []string {
	var lines []string
	for i, n := range nodes {
		if i > 0 && !(n.Kind == doc.Item || n.Kind == doc.Row) {
			lines = append(lines, "")
		}
		lines = append(lines, node(n, width)...)
	}
	return lines
}

// node is one node as lines. A comment is nobody's to read.
func node(n *doc.Node, width int) []string {
	switch n.Kind {
	case doc.Heading, doc.Paragraph:
		return wrap(plainSpans(n.Spans), width)
	case doc.List:
		return prose(n.Children, width)
	case doc.Item:
		return hang(bullet(n), prose(n.Children, width-len(bullet(n))))
	case doc.Code:
		return indent("    ", strings.Split(strings.TrimRight(n.Text, "\n"), "\n"))
	case doc.Note:
		return note(n, width)
	case doc.Quote:
		return indent("> ", prose(n.Children, width-2))
	case doc.Table:
		return prose(n.Children, width)
	case doc.Row:
		return []string{cells(n)}
	case doc.Rule:
		return []string{"----"}
	case doc.Comment:
		return nil
	}
	panic("plain: no lines for a " + string(n.Kind))
}

func bullet(n *doc.Node) string {
	if n.Number > 0 {
		return fmt.Sprintf("%d. ", n.Number)
	}
	return "- "
}

// note is a note's name in front of its words.
func note(n *doc.Node, width int) []string {
	lines := prose(n.Children, width-2)
	if len(n.Children) > 0 && n.Children[0].Kind == doc.Paragraph {
		first := node(n.Children[0], width-2)
		opening := wrap(n.Name+": "+plainSpans(n.Children[0].Spans), width-2)
		return append(opening, lines[len(first):]...)
	}
	return append([]string{n.Name + ":"}, indent("  ", lines)...)
}

func cells(row *doc.Node) string {
	words := make([]string, len(row.Children))
	for i, cell := range row.Children {
		words[i] = doc.Words(cell.Spans)
	}
	return strings.Join(words, " | ")
}

// plainSpans is the words of spans, with the marks that carry meaning: literals quoted, the targets of links beside them.
func plainSpans(spans []doc.Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch s.Style {
		case doc.Plain, doc.Strong, doc.Emphasis:
			b.WriteString(s.Text)
		case doc.Literal:
			b.WriteString("`" + s.Text + "`")
		case doc.Link:
			b.WriteString(s.Text)
			if s.Target != "" && s.Target != s.Text {
				b.WriteString(" (" + s.Target + ")")
			}
		case doc.Break:
			b.WriteString("\n")
		default:
			panic("plain: no words for the style " + string(s.Style))
		}
	}
	return b.String()
}

// wrap breaks text at spaces; a word longer than the width stays whole, so that it can be copied.
func wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			switch {
			case line == "":
				line = word
			case displaywidth.String(line)+1+displaywidth.String(word) > max(width, 20):
				lines, line = append(lines, line), word
			default:
				line += " " + word
			}
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func indent(with string, lines []string) []string {
	lines = slices.Clone(lines)
	for i := range lines {
		lines[i] = strings.TrimRight(with+lines[i], " ")
	}
	return lines
}

// hang puts something in front of the first line and as much space in front of the others.
func hang(first string, lines []string) []string {
	if len(lines) == 0 {
		return []string{strings.TrimRight(first, " ")}
	}
	rest := indent(strings.Repeat(" ", len(first)), lines)
	rest[0] = first + lines[0]
	return rest
}
