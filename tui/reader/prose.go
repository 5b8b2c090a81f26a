package reader

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"gatewalk/runbook/doc"
	"gatewalk/steps/safe"
	"gatewalk/tui/theme"
)

// Prose sets a piece of a document in lines of at most so many columns, as the author wrote it.
func Prose(n *doc.Node, styles theme.Styles, width int) []string {
	switch n.Kind {
	case doc.Heading:
		return theme.Flow(words(n.Spans, styles, styles.Heading), width)
	case doc.Paragraph:
		return theme.Flow(words(n.Spans, styles, styles.Plain), width)
	case doc.List:
		return list(n, styles, width)
	case doc.Item, doc.Row:
		return stack(n.Children, styles, width)
	case doc.Code:
		return theme.Indent("  ", theme.Paint(theme.Break(safe.Exact(n.Text).String(), width-2), styles.Literal))
	case doc.Note:
		return Note(n.Name, n.Children, styles, width)
	case doc.Quote:
		return theme.Indent("│ ", stack(n.Children, styles, width-2))
	case doc.Table:
		return table(n, styles, width)
	case doc.Comment:
		return nil
	case doc.Rule:
		return []string{styles.Quiet.Render(strings.Repeat("─", min(width, 20)))}
	}
	panic("reader: a node outside the closed set: " + string(n.Kind))
}

// Note sets an admonition: its name in words, then what it says.
func Note(name string, inside []*doc.Node, styles theme.Styles, width int) []string {
	look := styles.Accent
	if slices.Contains([]string{"warning", "caution", "danger", "important", "stop", "attention"}, name) {
		look = styles.Warn
	}
	lines := []string{look.Render(strings.ToUpper(clean(name)))}
	return theme.Indent(look.Render("│")+" ", append(lines, stack(inside, styles, width-2)...))
}

// stack sets nodes under each other with a blank line between paragraphs.
func stack(nodes []*doc.Node, styles theme.Styles, width int) []string {
	var lines []string
	for _, n := range nodes {
		piece := Prose(n, styles, width)
		if len(lines) > 0 && len(piece) > 0 && n.Kind != doc.List {
			lines = append(lines, "")
		}
		lines = append(lines, piece...)
	}
	return lines
}

func list(n *doc.Node, styles theme.Styles, width int) []string {
	var lines []string
	for _, item := range n.Children {
		sign := "• "
		if n.Ordered {
			sign = fmt.Sprintf("%d. ", item.Number)
		}
		inside := stack(item.Children, styles, width-len(sign))
		lines = append(lines, theme.Hang(sign, inside)...)
	}
	return lines
}

// table sets each row on lines of its own, its cells separated by a bar: it stays readable at any width.
func table(n *doc.Node, styles theme.Styles, width int) []string {
	var lines []string
	for _, row := range n.Children {
		var cells []theme.Word
		for i, cell := range row.Children {
			if i > 0 {
				cells = append(cells, theme.Word{Text: "│", Style: styles.Quiet})
			}
			cells = append(cells, words(cell.Spans, styles, styles.Plain)...)
		}
		lines = append(lines, theme.Flow(cells, width)...)
	}
	return lines
}

// words are the words of spans, each in its style.
func words(spans []doc.Span, styles theme.Styles, base lipgloss.Style) []theme.Word {
	var all []theme.Word
	open, broken := true, false
	for _, span := range spans {
		text := clean(span.Text)
		piece := theme.Words(text, spanStyle(span, styles, base))
		broken = broken || span.Style == doc.Break
		if len(piece) > 0 {
			piece[0].Break, broken = broken, false
			piece[0].Tight = !open && !strings.HasPrefix(text, " ") && !strings.HasPrefix(text, "\n")
		}
		all = append(all, piece...)
		if text != "" {
			open = strings.HasSuffix(text, " ") || strings.HasSuffix(text, "\n")
		}
		open = open || span.Style == doc.Break
	}
	return all
}

func spanStyle(span doc.Span, styles theme.Styles, base lipgloss.Style) lipgloss.Style {
	style := base
	switch span.Style {
	case doc.Plain, doc.Break:
	case doc.Strong:
		style = styles.Strong
	case doc.Emphasis:
		style = styles.Emphasis
	case doc.Literal:
		style = styles.Literal
	case doc.Link:
		style = styles.Link
	default:
		panic("reader: a span outside the closed set: " + string(span.Style))
	}
	return style.Bold(style.GetBold() || span.Bold)
}

// clean is text that may be shown, without colours of its own.
func clean(text string) string { return safe.Of(text).Plain() }
