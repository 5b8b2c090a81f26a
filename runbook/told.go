package runbook

import (
	"fmt"
	"strings"

	"gatewalk/runbook/doc"
)

// told are the paragraphs of a section without others inside that order something, where nothing else in it does: "Write a plan. It names:". Each is
// a step by hand, with the list that it leads to.
func (b *book) told(s *section) []part {
	if len(s.subs) > 0 || background(sectionTitle(s.head)) || b.holdsWork(s) {
		return nil
	}
	var found []part
	for i, n := range s.nodes {
		if n.Kind != doc.Paragraph || b.after(s.nodes, i, postcondition) || b.toldIn(n) == nil {
			continue
		}
		p := part{i, i + 1}
		if p.to < len(s.nodes) && s.nodes[p.to].Kind == doc.List {
			p.to++
		}
		found = append(found, p)
	}
	for k := range found {
		found[k].to = b.toldUntil(s.nodes, found, k)
	}
	return found
}

// toldUntil is the index after the words that still speak of what a paragraph orders: all up to the next that does.
func (b *book) toldUntil(nodes []*doc.Node, found []part, k int) int {
	limit := len(nodes)
	if k+1 < len(found) {
		limit = found[k+1].from
	}
	to := found[k].to
	for to < limit && nodes[to].Kind == doc.Paragraph && !postcondition.MatchString(b.words(nodes[to])) {
		to++
	}
	return to
}

// obliged says what somebody has to do, rather than ordering it.
var obliged = newForm(`\b(?:you|we|users?|operators?|administrators?)\b[^.]*\b(?:should|must|need to|have to) (?:also |now |then |first )?(?:` + actions + `)\b`)

// ofItself says when or how the step that it stands in is to be done, which orders nothing new.
var ofItself = newForm(`^this (?:step|command|procedure|operation|task|action) (?:must|should|can|may|has to|needs to) `)

// toldIn is the sentence of a paragraph that orders something, the one that leads to a list before others, nil if none
// does. Where to look and what to bear in mind is no order.
func (b *book) toldIn(n *doc.Node) *sentence {
	var order *sentence
	for _, s := range b.sentences(n) {
		if pointing.in(s) || informing.in(s) || ofItself.in(s) || caution.in(s) || !commanded(s) && !obliged.in(s) && !mustForm.in(s) && !timelyForm.in(s) {
			continue
		}
		if order == nil || strings.HasSuffix(s.plain, ":") {
			order = s
		}
	}
	return order
}

// toldOf makes the body of a section of the paragraphs that order something in it, and of what stands between them.
func (b *book) toldOf(s *section, told []part, index int) []Item {
	var items []Item
	at := 0
	for k, p := range told {
		items = append(items, b.between(s.nodes, at, p.from, index, s.path, "", new(int))...)
		path := fmt.Sprintf("%s/%d", s.path, k+1)
		inside := s.nodes[p.from:p.to]
		order := b.toldIn(inside[0])
		step := b.step(index, inside[0], path, asTitle(order))
		b.sources[step].inside = inside
		b.Steps[step].Line, b.Steps[step].End = order.line, inside[len(inside)-1].End
		b.Steps[step].Body = b.between(s.nodes, p.from, p.to, step, path, "", new(int))
		items = append(items, Item{Kind: StepItem, Index: step})
		at = p.to
	}
	return append(items, b.between(s.nodes, at, len(s.nodes), index, s.path, "", new(int))...)
}
