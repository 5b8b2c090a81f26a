package runbook

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	// settledForm is what has to be set or looked over, said among other words.
	settledForm = newForm(`\b(?:it is necessary to|you (?:must|need to|have to|should)) (?:first |also )?set\b[^.]*\bto\b|\b(?:variable|option|parameter|flag|setting|property|key)\b[^.]*\b(?:must|should|needs? to|has to) (?:first |also )?be set (?:to|in)\b|\b(?:must|should|needs? to|has to) (?:also )?be (?:manually )?(?:inspected|reviewed|looked over)\b`)
	// nowForm is what may be done once it has come so far.
	nowForm = newForm(`^(?:if|once|when|after)\b[^,]*, (?:they|it|these|those) (?:may|can|should|must) now be \w+`)
	// timelyForm is advice for one moment of the procedure, and not for all of it.
	timelyForm = newForm(`^(?:at this (?:point|time|stage)|now|before (?:you )?(?:start|begin|continu|proceed)\w*)\b[^.]*?(?:\bbe sure to|\b(?:recommended|advisable|wise|important|necessary|good (?:practice|idea)) to) (?:` + actions + `|` + checks + `)\b`)
	// variablesForm leads to what has to be changed, item by item.
	variablesForm = newForm(`\b(?:set|update|change|adjust|edit|modify|define|configure) the following (?:\w+ )?(?:variables|settings|options|parameters|values|fields|properties|keys|files)\b.*:$`)
)

// settles says whether a paragraph without a block of its own is work that words tell of.
func (b *book) settles(n *doc.Node) bool {
	all := b.sentences(n)
	_, set := find(all, settledForm)
	return set || len(all) > 0 && (nowForm.in(all[0]) || timelyForm.in(all[0]))
}

// timely says whether a paragraph begins with advice for this moment.
func (b *book) timely(n *doc.Node) bool {
	all := b.sentences(n)
	return len(all) > 0 && timelyForm.in(all[0])
}

// saidFirst says whether a step was made of words that tell what has to be done.
func (b *book) saidFirst(i int) bool {
	o := b.sources[i]
	return !o.section && len(b.Steps[i].Blocks) == 0 && slices.ContainsFunc(b.ownWords(i), func(s *sentence) bool {
		return settledForm.in(s) || nowForm.in(s) || timelyForm.in(s) || o.toggles && beforeAllForm.in(s)
	})
}

// namesWork says whether a paragraph leads to a list of what has to be changed.
func (b *book) namesWork(nodes []*doc.Node, at int) bool {
	if at+1 >= len(nodes) || nodes[at+1].Kind != doc.List || doc.HoldCode(nodes[at+1].Children...) {
		return false
	}
	all := b.sentences(nodes[at])
	return len(all) > 0 && variablesForm.in(all[len(all)-1]) && commanded(all[len(all)-1])
}

// first makes steps of what has to be done before a part, and is said among the words that lead to its code or go on
// behind it: "The flag must be set. To build it:", "Before doing so for all, try it on one."
func (r *run) first(p part) []Item {
	code := slices.IndexFunc(r.nodes[p.from:p.to], func(n *doc.Node) bool { return n.Kind == doc.Code })
	if code < 0 {
		return nil
	}
	var items []Item
	for i, n := range r.nodes[p.from:p.to] {
		if n.Kind != doc.Paragraph {
			continue
		}
		all := r.sentences(n)
		for k, s := range all {
			leads := i < code && k == len(all)-1
			if i < code && !leads && settledForm.in(s) || i > code && beforeAllForm.in(s) {
				items = append(items, r.sentenceStep(s))
			}
		}
	}
	return items
}

// sentenceStep makes a step of one sentence of a paragraph, which stays whole where it stands.
func (r *run) sentenceStep(s *sentence) Item {
	n := &doc.Node{Kind: doc.Paragraph, Line: s.line, End: s.line, Spans: []doc.Span{{Text: s.text, Line: s.line}}}
	path := fmt.Sprintf("%s/N%d", r.path, s.line)
	step := r.book.step(r.step, n, path, asTitle(s))
	r.sources[step] = origin{node: n, inside: []*doc.Node{n}, toggles: true, sentence: true}
	r.Steps[step].Body = []Item{{Kind: ProseItem, Prose: n}}
	return Item{Kind: StepItem, Index: step}
}

var conditionally = newForm(`^(?:in (?:some|certain|rare|these|such) (?:\w+ )?cases?|if|when|for|optionally)\b`)

var beforeLink = newForm(`\bbefore (?:you )?(\w+ing\b[^.]*)`)

// moveFirst moves steps that words say are done before something that stands earlier, and link to: "set it before syncing
// the images". Each goes before the step that is named so.
func (b *book) moveFirst() {
	for i := range b.Steps {
		if len(b.Steps[i].Blocks) > 0 || b.sources[i].section || b.Steps[i].Parent < 0 {
			continue
		}
		for _, n := range b.sources[i].inside {
			if target := b.linkedBefore(i, n); target >= 0 {
				if all := b.sentences(n); conditionally.in(all[0]) {
					b.Steps[i].Optional = asTitle(all[0])
				}
				b.move(i, target)
				break
			}
		}
	}
}

// linkedBefore is the one earlier step that is named as a paragraph's link names what comes after, -1 if there is none.
func (b *book) linkedBefore(i int, n *doc.Node) int {
	s, ok := find(b.sentences(n), beforeLink)
	if !ok {
		return -1
	}
	for _, span := range n.Spans {
		words := strings.Join(strings.Fields(span.Text), " ")
		if span.Style == doc.Link && strings.HasPrefix(span.Target, "#") && strings.HasPrefix(beforeLink.FindStringSubmatch(s.plain)[1], words) {
			return b.namedAs(words, i)
		}
	}
	return -1
}

// namedAs is the one step near before another whose title has all the words of a name, by their stems; -1 if there is none.
func (b *book) namedAs(name string, before int) int {
	found := -1
	for step := max(0, before-8*reach); step < before; step++ {
		if b.sources[step].section || len(b.Steps[step].Blocks) == 0 || !titled(b.Steps[step].Title, name) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = step
	}
	return found
}

// titled says whether a title has the beginnings of all longer words of a name.
func titled(title, name string) bool {
	title, some := strings.ToLower(title), false
	for word := range strings.FieldsSeq(strings.ToLower(name)) {
		if len(word) > 3 && !strings.Contains(title, word[:4]) {
			return false
		}
		some = some || len(word) > 3
	}
	return some
}

// move takes a step out of its body and puts it before another, which stands in a body of its own.
func (b *book) move(i, target int) {
	from, to := b.Steps[i].Parent, b.Steps[target].Parent
	if to < 0 || b.encloses(target, i) {
		return
	}
	at := func(step int) func(Item) bool {
		return func(item Item) bool { return item.Kind == StepItem && item.Index == step }
	}
	b.Steps[from].Body = slices.DeleteFunc(b.Steps[from].Body, at(i))
	b.Steps[to].Body = slices.Insert(b.Steps[to].Body, slices.IndexFunc(b.Steps[to].Body, at(target)), Item{Kind: StepItem, Index: i})
	b.Steps[i].Parent = to
	b.Steps[i].because("order", "said to be done before it", b.Steps[i].Line)
}
