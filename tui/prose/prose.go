// Package prose sets what an author wrote in lines.
//
// Its promise: one reading of a document, whoever it is shown to. On a screen colours and shapes carry the marks; in words
// all of them are said, and what may be copied stays whole.
package prose

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"gatewalk/runbook/doc"
	"gatewalk/steps/safe"
	"gatewalk/tui/theme"
)

// Look is how a document is set.
type Look struct {
	styles                    theme.Styles
	words                     bool // nothing is said by colour or shape
	bullet, quote, rule, code string
}

// Screen sets a document in styles; what does not fit into a line is broken.
func Screen(styles theme.Styles) Look {
	return Look{styles: styles, bullet: "• ", quote: "│ ", rule: strings.Repeat("─", 20), code: "  "}
}

// Words sets a document without styles: literals are quoted, links say where they go, and no word and no line of code is broken.
func Words() Look {
	return Look{words: true, bullet: "- ", quote: "> ", rule: "----", code: "    "}
}

// Set sets a piece of a document in lines of at most so many columns.
func (l Look) Set(n *doc.Node, width int) []string { return l.tidy(l.node(n, width)) }

// Note sets an admonition: its name in words, then what it says.
func (l Look) Note(name string, inside []*doc.Node, width int) []string {
	return l.tidy(l.note(name, inside, width))
}

// Wrap sets plain text.
func (l Look) Wrap(text string, width int) []string {
	return l.flow([]doc.Span{{Text: text}}, l.styles.Plain, width)
}

// tidy leaves no spaces at the ends of words: on a screen they are part of the frame.
func (l Look) tidy(lines []string) []string {
	if l.words {
		for i := range lines {
			lines[i] = strings.TrimRight(lines[i], " ")
		}
	}
	return lines
}

func (l Look) node(n *doc.Node, width int) []string {
	switch n.Kind {
	case doc.Heading:
		return l.flow(n.Spans, l.styles.Heading, width)
	case doc.Paragraph:
		return l.flow(n.Spans, l.styles.Plain, width)
	case doc.List:
		return l.list(n, width)
	case doc.Item:
		return l.stack(n.Children, width)
	case doc.Code:
		return l.literal(n.Text, width)
	case doc.Note:
		return l.note(n.Name, n.Children, width)
	case doc.Quote:
		return theme.Indent(l.quote, l.stack(n.Children, width-theme.Width(l.quote)))
	case doc.Table:
		return l.table(n, width)
	case doc.Row:
		return l.row(n, width)
	case doc.Comment:
		return nil
	case doc.Rule:
		return []string{l.styles.Quiet.Render(theme.Cut(l.rule, width))}
	}
	panic("prose: a node outside the closed set: " + string(n.Kind))
}

// stack sets nodes under each other with a blank line between them; a list follows what introduces it at once.
func (l Look) stack(nodes []*doc.Node, width int) []string {
	var lines []string
	for _, n := range nodes {
		piece := l.node(n, width)
		if len(lines) > 0 && len(piece) > 0 && n.Kind != doc.List {
			lines = append(lines, "")
		}
		lines = append(lines, piece...)
	}
	return lines
}

func (l Look) list(n *doc.Node, width int) []string {
	var lines []string
	for _, item := range n.Children {
		sign := l.bullet
		if n.Ordered || item.Number > 0 {
			sign = fmt.Sprintf("%d. ", item.Number)
		}
		lines = append(lines, theme.Hang(sign, l.stack(item.Children, width-theme.Width(sign)))...)
	}
	return lines
}

func (l Look) literal(text string, width int) []string {
	if l.words {
		return theme.Indent(l.code, strings.Split(strings.TrimRight(text, "\n"), "\n"))
	}
	lines := theme.Break(safe.Exact(text).String(), width-len(l.code))
	return theme.Indent(l.code, theme.Paint(lines, l.styles.Literal))
}

func (l Look) note(name string, inside []*doc.Node, width int) []string {
	if l.words {
		return l.named(name, inside, width)
	}
	look := l.styles.Accent
	if slices.Contains([]string{"warning", "caution", "danger", "important", "stop", "attention"}, name) {
		look = l.styles.Warn
	}
	lines := []string{look.Render(strings.ToUpper(safe.Of(name).Plain()))}
	return theme.Indent(look.Render("│")+" ", append(lines, l.stack(inside, width-2)...))
}

// named is a note with its name in front of its first words.
func (l Look) named(name string, inside []*doc.Node, width int) []string {
	if len(inside) == 0 || inside[0].Kind != doc.Paragraph {
		return append([]string{name + ":"}, theme.Indent("  ", l.stack(inside, width-2))...)
	}
	opening := *inside[0]
	opening.Spans = append([]doc.Span{{Text: name + ": "}}, opening.Spans...)
	return l.stack(append([]*doc.Node{&opening}, inside[1:]...), width-2)
}

func (l Look) table(n *doc.Node, width int) []string {
	var lines []string
	for _, row := range n.Children {
		lines = append(lines, l.row(row, width)...)
	}
	return lines
}

// row sets a row on lines of its own, its cells separated by a bar: it stays readable at any width.
func (l Look) row(n *doc.Node, width int) []string {
	if l.words {
		cells := make([]string, len(n.Children))
		for i, cell := range n.Children {
			cells[i] = doc.Words(cell.Spans)
		}
		return []string{strings.Join(cells, " | ")}
	}
	var cells []theme.Word
	for i, cell := range n.Children {
		if i > 0 {
			cells = append(cells, theme.Word{Text: "│", Style: l.styles.Quiet})
		}
		cells = append(cells, styled(cell.Spans, l.styles, l.styles.Plain)...)
	}
	return theme.Flow(cells, width)
}

// leastWords is how many columns words are given, however narrow what they stand in.
const leastWords = 20

func (l Look) flow(spans []doc.Span, base lipgloss.Style, width int) []string {
	if !l.words {
		return theme.Flow(styled(spans, l.styles, base), width)
	}
	var lines []string
	for paragraph := range strings.SplitSeq(said(spans), "\n") {
		words := theme.Words(paragraph, base)
		for i := range words {
			words[i].Whole = true
		}
		lines = append(lines, theme.Flow(words, max(width, leastWords))...)
	}
	return lines
}
