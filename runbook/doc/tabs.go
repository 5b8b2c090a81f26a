package doc

import "slices"

// Tabs is the name of a list of which the reader of a page sees one item at a time: ways to do one thing.
const Tabs = "tabs"

// GatherTabs makes a list of neighbouring items that stand in none: they are tabs, of which the reader takes one. An item
// that is called Tabs itself begins another list.
func GatherTabs(nodes []*Node) []*Node {
	if !slices.ContainsFunc(nodes, func(n *Node) bool { return n.Kind == Item }) {
		return nodes
	}
	var out []*Node
	for _, n := range nodes {
		if n.Kind != Item {
			out = append(out, n)
			continue
		}
		again := n.Name == Tabs
		n.Name = ""
		if last := len(out) - 1; !again && last >= 0 && out[last].Kind == List && out[last].Name == Tabs {
			out[last].Children = append(out[last].Children, n)
			out[last].End = n.End
			continue
		}
		out = append(out, &Node{Kind: List, Name: Tabs, Line: n.Line, End: n.End, Children: []*Node{n}})
	}
	return out
}
