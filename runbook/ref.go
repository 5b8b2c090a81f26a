package runbook

import (
	"sort"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	// procedural sends the operator through work written elsewhere.
	procedural = newForm(`\b(?:follow|perform|complete|execute|run through|carry out|do|use|repeat|see|refer to|consult|provided in|described in|documented in|detailed in|according to|by following|instructions)\b.*?\b(?:procedures?|steps?|instructions?|sections?|guides?|documentation|table|documents?|process|page|stage|chapter|details on how|runbook|how to|changelog)\b`)
	// informing only says where to read more.
	informing = newForm(`\b(?:for (?:more|further|additional) (?:information|details|help|background)|for an explanation|more information|additional information|known issues?|troubleshoot\w*|overview of|for the list of|for details about|for background|to learn more)\b`)
	returning = newForm(`\b(?:and|then|before)\b[^.]*\b(?:return|come back|go back|continue here)\b`)
	leaving   = newForm(`^(?:if [^,]*, |when [^,]*, |once [^,]*, |otherwise,? )?(?:continue|proceed|return|go (?:on|back)|move on|advance|skip)\b[^.]*?\b(?:to|with)\b`)
	guideForm = newForm(`\b(?:refer to|see|consult|provided in|described in|documented in|according to|check)\b[^.]*\b(?:guide|documentation|manual|section|table|documents?|handbook|chapter|runbook|changelog|page)\b`)
)

// references collects the pointers to work written elsewhere: each link outside a table of contents, and books named without one.
// A step without commands that sends elsewhere is done there; a section that is called and returned from is a routine.
func (b *book) references() {
	b.walkWords(func(n *doc.Node) {
		before := len(b.Refs)
		b.links(n)
		if len(b.Refs) == before {
			b.Refs = append(b.Refs, b.differenceRefs(n)...)
		}
		if len(b.Refs) == before {
			b.unlinked(n)
		}
	})
	sort.SliceStable(b.Refs, func(i, j int) bool { return b.Refs[i].Line < b.Refs[j].Line })
	b.markRoutines()
	for i := range b.Steps {
		if b.Steps[i].Kind == RefStep {
			b.bindReference(i)
		}
	}
}

// walkWords visits every node that holds words, tables of contents left out.
func (b *book) walkWords(visit func(*doc.Node)) {
	doc.Walk(b.document.Nodes, func(n *doc.Node) bool {
		if n.Kind == doc.List && contentsList(n) && !b.chosen[n] {
			return false
		}
		if n.Kind == doc.Paragraph {
			visit(n)
		}
		return true
	})
}

// links adds a paragraph's links.
func (b *book) links(n *doc.Node) {
	all := b.sentences(n)
	for _, s := range n.Spans {
		if s.Style != doc.Link || s.Target == "" || strings.HasPrefix(s.Target, "mailto:") {
			continue
		}
		internal := strings.HasPrefix(s.Target, "#")
		around := sentenceWith(all, s.Text)
		returns := (around == nil || !leaving.in(around)) && !(internal && b.inChoice[n])
		b.Refs = append(b.Refs, Ref{Line: s.Line, Text: strings.Join(strings.Fields(s.Text), " "), Target: s.Target, Returns: returns, Internal: internal, Step: b.target(s.Target)})
	}
}

func sentenceWith(all []*sentence, words string) *sentence {
	words = strings.Join(strings.Fields(words), " ")
	for _, s := range all {
		if strings.Contains(s.text, words) {
			return s
		}
	}
	return nil
}

// target is the step an anchor of this document became, -1 if none.
func (b *book) target(anchor string) int {
	if step, ok := b.anchors[strings.ToLower(anchor)]; ok {
		return step
	}
	return -1
}

// unlinked adds a book or a page that is named but not linked.
func (b *book) unlinked(n *doc.Node) {
	for _, s := range b.sentences(n) {
		if !guideForm.in(s) || selfReference.MatchString(guideForm.FindString(s.plain)) {
			continue
		}
		b.Refs = append(b.Refs, Ref{Line: n.Line, Text: s.text, Returns: true, Step: -1})
		return
	}
}

var selfReference = newForm(`\b(?:this|previous|next|above|below|following|preceding|same) (?:sections?|tables?|documents?|documentation|pages?|guides?|steps?)\b|\bsections? (?:above|below)\b`)

// markRoutines finds the sections that are called from elsewhere: "follow section X, then return", or ended by a sentence that returns.
func (b *book) markRoutines() {
	for i := range b.Steps {
		for _, s := range b.ownWords(i) {
			if !returning.in(s) {
				continue
			}
			for _, r := range b.refsOf(i) {
				ref := &b.Refs[r]
				if ref.Internal && ref.Step >= 0 && !b.encloses(ref.Step, i) && strings.Contains(s.text, ref.Text) {
					b.Steps[ref.Step].Routine = true
					b.Steps[ref.Step].because("routine", "called and returned from", s.line)
				}
			}
		}
	}
}

// refsOf are the references in a step's own words.
func (b *book) refsOf(i int) []int {
	var refs []int
	for _, n := range b.sources[i].inside {
		if n.Kind != doc.Paragraph && n.Kind != doc.Note && n.Kind != doc.Quote {
			continue
		}
		first := sort.Search(len(b.Refs), func(r int) bool { return b.Refs[r].Line >= n.Line })
		for r := first; r < len(b.Refs) && b.Refs[r].Line <= n.End; r++ {
			refs = append(refs, r)
		}
	}
	return refs
}

// refersOn says whether a step's own work is written elsewhere.
func (b *book) refersOn(i int) bool {
	if b.says(i, onward) {
		return true
	}
	if b.ordersLink(i) {
		return true
	}
	for _, s := range b.ownWords(i) {
		if procedural.in(s) && !informing.in(s) && !tableFirst.in(s) && b.linked(i, s) {
			return true
		}
	}
	return false
}

// ordersLink says whether an item is an order and nothing but a link to where it is written how: "Enable [encryption](…)", or
// has to be done as linked: "you should [build a new one](…)".
func (b *book) ordersLink(i int) bool {
	inside := b.sources[i].inside
	if b.sources[i].section || len(inside) != 1 || inside[0].Kind != doc.Paragraph {
		return false
	}
	all := b.sentences(inside[0])
	linked := 0
	for _, span := range inside[0].Spans {
		if span.Style == doc.Link {
			if len(all) == 1 && obliged.in(all[0]) && commandsForm.MatchString(span.Text) {
				return true
			}
			linked += len(span.Text)
		}
	}
	return len(all) == 1 && commanded(all[0]) && 2*linked > len(all[0].plain)
}

var tableFirst = newForm(`\bbefore (?:continuing|proceeding)\b`)

// linked says whether a sentence of a step holds a link, or names another book.
func (b *book) linked(i int, s *sentence) bool {
	for _, n := range b.sources[i].inside {
		for _, span := range n.Spans {
			if span.Style == doc.Link && strings.Contains(s.text, strings.Join(strings.Fields(span.Text), " ")) {
				return true
			}
		}
	}
	return guideForm.in(s)
}

// bindReference chooses which of a step's references is its work: the one in the sentence that sends there.
func (b *book) bindReference(i int) {
	best := -1
	for _, r := range b.refsOf(i) {
		if best < 0 || b.Refs[best].Target == "" {
			best = r
		}
		if s := sentenceWith(b.ownWords(i), b.Refs[r].Text); s != nil && procedural.in(s) && !informing.in(s) {
			best = r
			break
		}
	}
	if best < 0 {
		return
	}
	b.Steps[i].Ref = &best
	if ref := &b.Refs[best]; ref.Step >= 0 && ref.Returns && !b.Steps[ref.Step].Routine {
		ref.Step = -1 // walked in its own place, so it is not called from here
	}
}
