package runbook

import (
	"slices"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// book is a plan in the making: the document, what the steps and blocks were made of, and what was said where.
type book struct {
	*Plan
	document *doc.Document
	places   []place                 // one a block, in the same order
	sources  []origin                // one a step, in the same order
	anchors  map[string]int          // the step each heading became
	top      []*doc.Node             // what stands in no section
	known    []known                 // what was found out of each node, by its order
	chosen   map[*doc.Node]bool      // lists that hold the ways of a choice
	inChoice map[*doc.Node]bool      // what stands in such a list of links
	children map[int][]int           // the steps directly in each step, and in the document for -1, once they were asked for
	asked    map[int][]int           // the lines of the choices of each step
	marks    map[*doc.Node][]span    // the host markers of each container, by its first node
	parted   map[*doc.Node]string    // what part of another procedure a paragraph speaks of
	firstOne int                     // the line that first speaks of trying a single one, -1 if none does, 0 before anyone asked
	blanks   map[string]bool         // the words in capitals that stand for a value somewhere, nil before anyone asked
	claimed  map[int]bool            // the lines of what must be so for the block before them
	tabbed   map[*doc.Node]*doc.Node // what stands before the tabs that a node is the first of, found once
	headings []heading               // all of the document, nil before anyone asked
	examples []spokenOf              // the words it calls examples, found once
	comments []remark
	lowered  string // all words in small letters, "" before anyone asked
}

// place is where a block stands: the node, its neighbours, and what its text is known to be.
type place struct {
	node    *doc.Node
	among   []*doc.Node // the nodes of the same container, in order
	at      int         // its index among them
	step    int         // index of the step it stands in, -1 at the top
	note    *doc.Node   // the note it stands in, if any
	text    string      // without prompts
	snippet shell.Snippet

	// What several rules ask, once it was found out.
	said     []*sentence // what is said of the block
	close    []*sentence // of that, what is said right before it and first in its step
	prepares bool        // it changes nothing
	judged   bool        // prepares is known
}

// reach is how many nodes the words that speak of something may be away from it.
const reach = 64

// nearby are the first nodes of a container. A rule that looks further costs the square of a long one.
func nearby(nodes []*doc.Node) []*doc.Node { return nodes[:min(len(nodes), reach)] }

// before is the index of a node that stands near before the block, -1 if it does not.
func (p *place) before(n *doc.Node) int {
	for at := p.at - 1; at >= max(0, p.at-reach); at-- {
		if p.among[at] == n {
			return at
		}
	}
	return -1
}

// origin is what a step was made of.
type origin struct {
	node     *doc.Node // a heading, an item, a note or a paragraph
	inside   []*doc.Node
	section  bool
	toggles  bool        // a note or paragraph of its own, not a numbered item
	unlisted bool        // a part of a section that nobody numbered
	sentence bool        // one sentence of a paragraph that stays where it is as well
	title    []*sentence // the step's title, once it was asked for
}

// known is what was found out of a node.
type known struct {
	said  []*sentence // its own words, once they were asked for
	step  int         // that a heading, an item or a note became, -1 if none
	block int         // that code became, -1 if none
}

// of is what is known of a node, nil of one that was made beside the document.
func (b *book) of(n *doc.Node) *known {
	if n == nil || n.Order == 0 {
		return nil
	}
	return &b.known[n.Order]
}

// stepOf is the step a node became, -1 if it became none.
func (b *book) stepOf(n *doc.Node) int {
	if k := b.of(n); k != nil {
		return k.step
	}
	return -1
}

// blockOf is the block a node became, -1 if it became none.
func (b *book) blockOf(n *doc.Node) int {
	if k := b.of(n); k != nil {
		return k.block
	}
	return -1
}

// newPlan reads the meaning of a document, rule by rule.
func newPlan(d *doc.Document) *Plan {
	b := &book{document: d, anchors: map[string]int{}, chosen: map[*doc.Node]bool{}, inChoice: map[*doc.Node]bool{}, asked: map[int][]int{}, marks: map[*doc.Node][]span{}, children: map[int][]int{}, parted: map[*doc.Node]string{}, Plan: &Plan{
		Source: d.Source, Format: d.Format, Title: d.Title, TemplateVars: []string{}, Blocks: []Block{}, Steps: []Step{}, Root: []Item{},
		Choices: []Choice{}, Loops: []Loop{}, Refs: []Ref{}, Admonitions: []Admonition{}, Prerequisites: []Prerequisite{},
		Problems: append([]doc.Problem{}, d.Problems...),
	}}
	standalone(d.Nodes)
	b.outline()
	b.identify()
	b.kinds()
	b.annotateKinds()
	b.readShell()
	b.hosts()
	b.differences()
	b.stepKinds()
	b.references()
	b.choices()
	b.options()
	b.verifications()
	b.polls()
	b.gates()
	b.terminals()
	b.loops()
	b.anyOrder()
	b.templates()
	b.annotate()
	b.inputs()
	b.settle()
	b.strange()
	slices.SortStableFunc(b.Problems, func(x, y doc.Problem) int { return x.Line - y.Line })
	return b.Plan
}

// because notes why a property of a block is believed.
func (b *Block) because(property, rule string, line int) {
	if b.Why == nil {
		b.Why = map[string]Reason{}
	}
	b.Why[property] = Reason{rule, line}
}

func (s *Step) because(property, rule string, line int) {
	if s.Why == nil {
		s.Why = map[string]Reason{}
	}
	s.Why[property] = Reason{rule, line}
}

// wrongly tells of an annotation that says nothing.
func (b *book) wrongly(line int, text string) {
	b.Problems = append(b.Problems, doc.Problem{Line: line, Rule: doc.Annotations, Text: text})
}

// each goes through the blocks that run, in document order.
func (b *book) each(do func(*Block, *place)) {
	for i := range b.Blocks {
		if b.Blocks[i].Runs() {
			do(&b.Blocks[i], &b.places[i])
		}
	}
}
