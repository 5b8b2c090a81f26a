package markdown

import (
	"bytes"
	"slices"

	"gatewalk/runbook/doc"
)

// reindent gives items back the code and the words that stand under them, but not as far in as Markdown wants: where the number
// takes three columns and what follows is indented by two, the author meant it to be in the item, and readers see it there. The nodes
// are within one that begins on a line; nothing does on line 0. What only the numbers tell is given back as well.
func (r *reader) reindent(nodes []*doc.Node, within int) []*doc.Node {
	for _, n := range nodes {
		n.Children = r.reindent(n.Children, n.Line)
	}
	if !slices.ContainsFunc(nodes, func(n *doc.Node) bool { return n.Kind == doc.List }) {
		return nodes
	}
	out := make([]*doc.Node, 0, len(nodes))
	adopted := false
	for _, n := range nodes {
		last := len(out) - 1
		switch {
		case last >= 0 && r.under(out[last], n, within):
			r.adopt(out[last], n)
			adopted = true
		case adopted && goesOn(out[last], n):
			out[last].Join(n)
		default:
			out = append(out, n)
			adopted = false
		}
	}
	return doc.Adopt(out)
}

// under says whether a node is indented further than the last item of the list before it. Where that item begins on the line of what
// both are within, its own indentation is not known.
func (r *reader) under(list, n *doc.Node, within int) bool {
	if list.Kind != doc.List || len(list.Children) == 0 || n.Kind != doc.Code && n.Kind != doc.Paragraph {
		return false
	}
	item := list.Children[len(list.Children)-1]
	return item.Line != within && r.column(r.opening(n)) > r.column(item.Line)
}

// adopt puts a node into the innermost last item of a list that it stands under.
func (r *reader) adopt(list, n *doc.Node) {
	item := list.Children[len(list.Children)-1]
	if last := len(item.Children) - 1; last >= 0 && r.under(item.Children[last], n, item.Line) {
		r.adopt(item.Children[last], n)
	} else {
		item.TakeIn(n)
	}
	item.End, list.End = n.End, n.End
}

// opening is the line that a node's indentation is seen on.
func (r *reader) opening(n *doc.Node) int {
	if n.Kind == doc.Code {
		return n.Line - 1
	}
	return n.Line
}

// column is how many spaces a line begins with.
func (r *reader) column(line int) int {
	text := r.lines.text(r.source, line-r.first)
	return len(text) - len(bytes.TrimLeft(text, " "))
}

// goesOn says whether a list counts on from another, or counts by ones only.
func goesOn(list, more *doc.Node) bool {
	if more.Kind != doc.List || !list.Ordered || !more.Ordered || len(more.Children) == 0 {
		return false
	}
	first := more.Children[0].Number
	return first == list.Children[len(list.Children)-1].Number+1 || first == 1 && list.Children[0].Number == 1
}
