package markdown

import (
	"bytes"
	"slices"

	"gatewalk/runbook/doc"
)

// reindent gives items back the code and the words that stand under them, but not as far in as Markdown wants: where the number
// takes three columns and what follows is indented by two, the author meant it to be in the item, and readers see it there. The nodes are within one that begins on a line; nothing does on line 0.
func (r *reader) reindent(nodes []*doc.Node, within int) []*doc.Node {
	var out []*doc.Node
	adopted, cut := false, false
	for i, n := range nodes {
		n.Children = r.reindent(n.Children, n.Line)
		last := len(out) - 1
		switch {
		case last >= 0 && r.under(out[last], n, within):
			r.adopt(out[last], n)
			adopted = true
		case last >= 0 && (cutOff(out[last], nodes[i:], cut) || cut && n.Kind == doc.Code && nodes[i-1].Kind == doc.Code):
			out[last].Children[len(out[last].Children)-1].TakeIn(n)
			out[last].End = n.End
			adopted, cut = true, true
		case adopted && goesOn(out[last], n):
			join(out[last], n)
		default:
			out = append(out, n)
			adopted, cut = false, false
		}
	}
	return out
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

// cutOff says whether code cuts off the item that it belongs to: one of a list that begins to count again behind it, or
// was joined with such a one. The item has no code of its own.
func cutOff(list *doc.Node, rest []*doc.Node, joined bool) bool {
	if list.Kind != doc.List || !list.Ordered || rest[0].Kind != doc.Code || len(list.Children) == 0 || list.Children[0].Number != 1 {
		return false
	}
	if joined && !holdsCode(list.Children[len(list.Children)-1]) {
		return true
	}
	for _, n := range rest {
		if n.Kind != doc.Code {
			return len(list.Children) == 1 && !holdsCode(list.Children[0]) && goesOn(list, n)
		}
	}
	return false
}

func holdsCode(n *doc.Node) bool {
	return n.Kind == doc.Code || slices.ContainsFunc(n.Children, holdsCode)
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

// join makes one list of two.
func join(list, more *doc.Node) {
	number := list.Children[len(list.Children)-1].Number
	for i, item := range more.Children {
		item.Number = number + 1 + i
	}
	list.Children = append(list.Children, more.Children...)
	list.End = more.End
}
