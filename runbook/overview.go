package runbook

import (
	"slices"
	"sort"

	"gatewalk/runbook/doc"
)

var (
	// broadForm leads to a list of what is done by and large, which what follows tells in full.
	broadForm = newForm(`^(?:at a high level|as an? (?:overview|summary))\b|\bthe (?:general|overall|high[- ]level|basic) (?:process|procedure|flow|sequence|workflow|steps|order)\b[^.]*:$`)
	// itselfForm leads to a list of what a program does by itself.
	itselfForm = newForm(`^(?:this|the) (?:[\w-]+ ){0,2}(?:script|command|playbook|tool|job|pipeline|program|installer|utility) (?:will |then |now |also |automatically )*(?:does?|performs?|carr(?:y|ies) out|executes?|runs?|completes?|goes? through)\b[^.]*:$`)
)

// overview says whether a list only says what is to come: the words before it call it so, or the headings of sections with
// commands behind it say the same, one by one.
func (b *book) overview(nodes []*doc.Node, at int) bool {
	if at > 0 && nodes[at-1].Kind == doc.Paragraph {
		all := b.sentences(nodes[at-1])
		if last := len(all) - 1; last >= 0 && (itselfForm.in(all[last]) || broadForm.in(all[last]) && slices.ContainsFunc(b.headingsBehind(nodes[at]), heading.tells)) {
			return true
		}
	}
	if b.choiceBefore(nodes, at) {
		return false
	}
	named := 0
	for i, item := range nodes[at].Children {
		if b.comesLater(item, nodes[at]) {
			named++
		}
		if i == 1 && named == 0 {
			return false
		}
	}
	return named > 1 && 3*named >= 2*len(nodes[at].Children)
}

// ahead is how many headings behind a list it may speak of.
const ahead = 24

// comesLater says whether an item is no more than words that such a heading behind its list repeats.
func (b *book) comesLater(item, list *doc.Node) bool {
	if len(item.Children) != 1 || item.Children[0].Kind != doc.Paragraph {
		return false
	}
	all := b.sentences(item.Children[0])
	if len(all) != 1 {
		return false
	}
	for _, h := range b.headingsBehind(list) {
		if title := sectionTitle(h.node); h.tells() && titled(title, asTitle(all[0])) && titled(asTitle(all[0]), title) {
			return true
		}
	}
	return false
}

// heading is a heading of the document, and whether code stands in its section.
type heading struct {
	node  *doc.Node
	coded bool
}

// tells says whether a section tells what to run.
func (h heading) tells() bool { return h.coded }

// headingsBehind are the next headings of the document behind a node.
func (b *book) headingsBehind(n *doc.Node) []heading {
	if b.headings == nil {
		b.headings = headingsOf(b.document.Nodes)
	}
	from := sort.Search(len(b.headings), func(i int) bool { return b.headings[i].node.Line > n.Line })
	return b.headings[from:min(from+ahead, len(b.headings))]
}

func headingsOf(nodes []*doc.Node) []heading {
	found := []heading{}
	var open []int // of the sections that a node stands in, the outermost first
	for _, n := range nodes {
		switch {
		case n.Kind == doc.Heading:
			for len(open) > 0 && found[open[len(open)-1]].node.Level >= n.Level {
				open = open[:len(open)-1]
			}
			open = append(open, len(found))
			found = append(found, heading{node: n})
		case len(open) > 0 && !found[open[len(open)-1]].coded && doc.HoldCode(n):
			for _, i := range open {
				found[i].coded = true
			}
		}
	}
	return found
}
