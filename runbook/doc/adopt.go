package doc

import (
	"slices"
	"strings"
)

// Adopt gives back what a numbered list lost to missing indentation: where a list goes on counting after code or
// words that stand outside it, those belong to the item before them, and both lists are one. So they are where code alone
// stands between items that are each counted as the first.
func Adopt(nodes []*Node) []*Node {
	var out []*Node
	for i := 0; i < len(nodes); i++ {
		list := nodes[i]
		if list.Kind == List && list.Ordered && len(list.Children) > 0 {
			i = gather(list, nodes, i)
		}
		out = append(out, list)
	}
	return out
}

// gather puts into a list what goes on from it behind its place, and answers the place of the last node that it took.
func gather(list *Node, nodes []*Node, at int) int {
	parted := false // code stands between its items
	for latest := list; ; {
		next := continuation(list, nodes, at)
		if next == 0 {
			next = again(list, latest, nodes, at)
		}
		if next == 0 {
			break
		}
		parted = parted || nodes[at+1].Kind == Code && !HoldCode(latest.Children[len(latest.Children)-1])
		latest = nodes[next]
		list.Children[len(list.Children)-1].TakeIn(nodes[at+1 : next]...)
		list.Join(latest)
		at = next
	}
	for last := list.Children[len(list.Children)-1]; parted && at+1 < len(nodes) && nodes[at+1].Kind == Code; at++ {
		if HoldCode(last) && nodes[at].Kind != Code {
			break
		}
		last.TakeIn(nodes[at+1])
		list.End = last.End
	}
	return at
}

// Join makes one list of two, counted through.
func (n *Node) Join(more *Node) {
	number := n.Children[len(n.Children)-1].Number
	for i, item := range more.Children {
		item.Number = number + 1 + i
	}
	n.Children = append(n.Children, more.Children...)
	n.End = more.End
}

// TakeIn puts nodes at the end of an item. Of a blank line of code no space is kept there, as Markdown keeps none in an item.
func (n *Node) TakeIn(nodes ...*Node) {
	for _, in := range nodes {
		if in.Kind == Code {
			in.Text = withoutBlanks(in.Text)
		}
		n.Children = append(n.Children, in)
		n.End = in.End
	}
}

func withoutBlanks(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			line = "\n"
		}
		b.WriteString(line)
	}
	return b.String()
}

// continuation is the index of the list that goes on counting where a list stops, 0 if none does.
func continuation(list *Node, nodes []*Node, at int) int {
	last := list.Children[len(list.Children)-1].Number
	for j := at + 1; j < len(nodes); j++ {
		n := nodes[j]
		if n.Kind == Heading || n.Kind == Rule {
			return 0
		}
		if n.Kind == List && n.Ordered {
			if j > at+1 && len(n.Children) > 0 && n.Children[0].Number == last+1 {
				return j
			}
			return 0
		}
	}
	return 0
}

// again is the index of a list that counts from 1 behind the code of a single item that was counted so as well, 0 if there is none.
func again(list, latest *Node, nodes []*Node, at int) int {
	if list.Children[0].Number != 1 || len(latest.Children) != 1 || HoldCode(latest.Children[0]) {
		return 0
	}
	for j := at + 1; j < len(nodes); j++ {
		switch n := nodes[j]; {
		case n.Kind == Code:
		case n.Kind == List && n.Ordered && j > at+1 && len(n.Children) > 0 && n.Children[0].Number == 1:
			return j
		default:
			return 0
		}
	}
	return 0
}

// HoldCode says whether there is code among nodes, or anywhere inside of them.
func HoldCode(nodes ...*Node) bool {
	return slices.ContainsFunc(nodes, func(n *Node) bool { return n.Kind == Code || HoldCode(n.Children...) })
}
