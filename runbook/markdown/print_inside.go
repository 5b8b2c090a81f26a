package markdown

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// list writes items, blank lines between those that are more than a paragraph. Two neighbouring lists are told apart by their marks.
func (p *printer) list(n *doc.Node, other bool) []string {
	var lines []string
	short := !slices.ContainsFunc(n.Children, func(item *doc.Node) bool { return len(item.Children) != 1 || item.Children[0].Kind != doc.Paragraph })
	for i, item := range n.Children {
		if i > 0 && !short {
			lines = append(lines, "")
		}
		lines = append(lines, p.item(item, mark(n.Ordered, item.Number, other))...)
	}
	return lines
}

func mark(ordered bool, number int, other bool) string {
	switch {
	case ordered && other:
		return fmt.Sprintf("%d)", number)
	case ordered:
		return fmt.Sprintf("%d.", number)
	case other:
		return "+"
	}
	return "-"
}

// ownLine is what must begin a line: no mark may stand before a directive.
var ownLine = doc.Pattern(`^(?:===|!!!)`)

// item writes what stands in an item behind its mark. One without anything holds a comment, as not all readers take its
// mark alone for an item.
func (p *printer) item(n *doc.Node, mark string) []string {
	lines := p.blocks(n.Children)
	if len(lines) == 0 {
		return []string{mark + " " + apartSign}
	}
	indented := indent(lines, len(mark)+1)
	if ownLine().MatchString(lines[0]) {
		return append([]string{mark + " " + apartSign}, indented...)
	}
	indented[0] = mark + " " + lines[0]
	return indented
}

func indent(lines []string, columns int) []string {
	space := strings.Repeat(" ", columns)
	out := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			out[i] = space + line
		}
	}
	return out
}

func quoted(lines []string) []string {
	out := make([]string, max(1, len(lines)))
	out[0] = ">"
	for i, line := range lines {
		out[i] = strings.TrimSuffix("> "+line, " ")
		if line != "" {
			out[i] = "> " + line
		}
	}
	return out
}

// note writes a note as GitHub does, and as MkDocs does where tabs stand in it, which a quote cannot hold.
func (p *printer) note(n *doc.Node) []string {
	lines := p.blocks(n.Children)
	if hasTabs(n.Children) {
		return append([]string{"!!! " + n.Name}, indent(lines, 4)...)
	}
	head := "[!" + strings.ToUpper(n.Name) + "]"
	if len(lines) == 0 {
		return quoted([]string{head})
	}
	return quoted(append([]string{head, ""}, lines...))
}

func hasTabs(nodes []*doc.Node) bool {
	return slices.ContainsFunc(nodes, func(n *doc.Node) bool {
		return n.Kind == doc.List && n.Name == doc.Tabs || hasTabs(n.Children)
	})
}

// tabs writes ways to do one thing, marked where they stand behind other tabs. The name of one stands in its first line if it can.
func (p *printer) tabs(n *doc.Node, other bool) []string {
	var lines []string
	mark := "==="
	if other {
		mark = "===!"
	}
	for _, item := range n.Children {
		name, children := tabName(item)
		body := p.blocks(children)
		if len(body) == 0 {
			body = []string{apartSign}
		}
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(append(lines, mark+` "`+name+`"`, ""), indent(body, 4)...)
		mark = "==="
	}
	return lines
}

// tabName is the name of a tab, if strong words without a quotation mark and nothing else stand first in it, and what follows them.
func tabName(item *doc.Node) (string, []*doc.Node) {
	if len(item.Children) < 2 || item.Children[0].Kind != doc.Paragraph {
		return "", item.Children
	}
	words := doc.Words(item.Children[0].Spans)
	plain := !slices.ContainsFunc(item.Children[0].Spans, func(s doc.Span) bool { return s.Style != doc.Strong })
	if !plain || strings.ContainsAny(words, "\"\n") || strings.TrimSpace(words) != words {
		return "", item.Children
	}
	return words, item.Children[1:]
}

// table writes rows of cells, as many in each as the longest has. The first row is the head.
func table(n *doc.Node) []string {
	columns := 1
	for _, row := range n.Children {
		columns = max(columns, len(row.Children))
	}
	var lines []string
	for i, row := range n.Children {
		line := "|"
		for c := range columns {
			text := ""
			if c < len(row.Children) {
				text = spell(row.Children[c].Spans, inCell)
			}
			line += " " + text + " |"
		}
		lines = append(lines, line)
		if i == 0 {
			lines = append(lines, "|"+strings.Repeat(" --- |", columns))
		}
	}
	return lines
}
