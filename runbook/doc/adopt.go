package doc

import "strings"

// Adopt gives back what a numbered list lost to missing indentation: where a list goes on counting after code or
// words that stand outside it, those belong to the item before them, and both lists are one.
func Adopt(nodes []*Node) []*Node {
	var out []*Node
	for i := 0; i < len(nodes); i++ {
		next := continuation(nodes, i)
		if next == 0 {
			out = append(out, nodes[i])
			continue
		}
		list, more := nodes[i], nodes[next]
		list.Children[len(list.Children)-1].TakeIn(nodes[i+1 : next]...)
		more.Line = list.Line
		more.Children = append(list.Children, more.Children...) // list is dropped here, so that its room may be grown into
		nodes[next] = more
		i = next - 1
	}
	return out
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

// continuation is the index of the list that goes on counting where the one at i stops, 0 if none does.
func continuation(nodes []*Node, i int) int {
	list := nodes[i]
	if list.Kind != List || !list.Ordered || len(list.Children) == 0 {
		return 0
	}
	last := list.Children[len(list.Children)-1].Number
	for j := i + 1; j < len(nodes); j++ {
		n := nodes[j]
		if n.Kind == Heading || n.Kind == Rule {
			return 0
		}
		if n.Kind == List && n.Ordered {
			if j > i+1 && len(n.Children) > 0 && n.Children[0].Number == last+1 {
				return j
			}
			return 0
		}
	}
	return 0
}
