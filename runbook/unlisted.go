package runbook

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// part is a run of a section's nodes that an operator ticks off as one: the words that introduce code, the code, and what
// is said of it afterwards.
type part struct{ from, to int }

// parts finds the steps of a section that nobody numbered: each paragraph that introduces code begins one. Sample outputs
// and words after the code belong to it, unless they begin something else.
func (b *book) parts(nodes []*doc.Node) []part {
	var found []part
	for i, n := range nodes {
		switch {
		case n.Kind == doc.Paragraph && b.byHand(nodes, i):
			found = append(found, part{i, i + 1})
		case n.Kind == doc.Paragraph && b.namesWork(nodes, i):
			found = append(found, part{i, i + 2})
		}
		if n.Kind != doc.Code {
			continue
		}
		from := introAt(nodes, i)
		last := len(found) - 1
		if last >= 0 && from < found[last].to { // the order that a caption stands behind
			found[last].to = i + 1
			continue
		}
		if last >= 0 && ((from == i || b.goesOn(nodes[from])) && joined(nodes, found[last].to, from) || b.oneAct(nodes, found[last], from, i)) {
			found[last].to = i + 1
			continue
		}
		found = append(found, part{from, i + 1})
	}
	for k := range found {
		limit := len(nodes)
		if k+1 < len(found) {
			limit = found[k+1].from
		}
		found[k].to = b.trailEnd(nodes, found[k].to, limit)
	}
	return found
}

// introAt is the index of the paragraph right before code, the code's own if there is none.
func introAt(nodes []*doc.Node, at int) int {
	for i := at - 1; i >= 0; i-- {
		switch nodes[i].Kind {
		case doc.Comment:
			continue
		case doc.Paragraph:
			if i > 0 && caption(nodes[i]) && nodes[i-1].Kind == doc.Paragraph {
				return i - 1
			}
			return i
		}
		break
	}
	return at
}

// caption says whether a paragraph is no more than the name of the file that the code behind it shows.
func caption(n *doc.Node) bool {
	return len(n.Spans) == 1 && n.Spans[0].Style == doc.Literal
}

// byHand says whether a paragraph orders something that needs no code, beside paragraphs that do.
func (b *book) byHand(nodes []*doc.Node, at int) bool {
	next := at + 1
	for next < len(nodes) && nodes[next].Kind == doc.Comment {
		next++
	}
	if next < len(nodes) && (nodes[next].Kind == doc.Code || nodes[next].Kind == doc.List) || b.leadsToSystems(nodes, at) {
		return false
	}
	if b.settles(nodes[at]) {
		return true
	}
	all := b.sentences(nodes[at])
	return len(all) > 0 && commanded(all[0]) && !pointing.in(all[0]) && !b.leadsLoop(nodes[at])
}

// pointing only says where to look, or what to bear in mind.
var pointing = newForm(`^(?:see|refer|consult|note|use|view|skip|follow|perform|continue|proceed|return|for (?:more|further|example|instance)|on success)\b`)

// goesOn says whether the words before code lead from the code before it: to its output, or to an example of it.
func (b *book) goesOn(n *doc.Node) bool {
	all := b.sentences(n)
	for i := max(0, len(all)-2); i < len(all); i++ {
		if said := sayingOf(all[i], i, all); said == saysOutput || said == saysSample {
			return true
		}
	}
	return len(all) == 1 && exampleOnly.in(all[0])
}

// joined says whether only words stand between a part and what may go on with it.
func joined(nodes []*doc.Node, from, to int) bool {
	for i := from; i < to; i++ {
		if nodes[i].Kind != doc.Comment && nodes[i].Kind != doc.Paragraph && nodes[i].Kind != doc.Note {
			return false
		}
	}
	return true
}

// trailEnd is the index after the words that follow a part's code and still speak of it.
func (b *book) trailEnd(nodes []*doc.Node, from, limit int) int {
	for i := from; i < limit; i++ {
		if nodes[i].Kind != doc.Paragraph || b.paragraphWorks(nodes, i) || i+1 < len(nodes) && nodes[i+1].Kind == doc.List || again.MatchString(b.words(nodes[i])) {
			return i
		}
	}
	return limit
}

// again begins what is done again and again; it speaks of what follows.
var again = newForm(`^(?:for each|for every|repeat|on each|on every)\b`)

// hasBlock says whether code stands among the nodes themselves, not inside of lists.
func hasBlock(nodes []*doc.Node) bool {
	return slices.ContainsFunc(nodes, func(n *doc.Node) bool { return n.Kind == doc.Code })
}

// unlisted makes steps of the parts of a section. The words between them stay the section's own.
func (b *book) unlisted(s *section, index int) []Item {
	title := sectionTitle(s.head)
	parts := b.parts(s.nodes)
	if !hasBlock(s.nodes) || len(parts) == 1 && s.nodes[parts[0].from].Kind == doc.Code {
		return b.contents(s.nodes, index, s.path, title)
	}
	r := &run{book: b, nodes: s.nodes, step: index, path: s.path, title: title}
	items := r.items(parts, 0)
	b.sources[index].inside = r.own
	return items
}

// run is the nodes of a section on their way into steps. own is what stays the words of the step they stand in.
type run struct {
	*book
	nodes   []*doc.Node
	step    int
	path    string
	title   string
	counted int
	own     []*doc.Node
}

// items makes a body of the parts and of what stands between them, from a node on. Where words between them lead to what
// is done for each of many, the rest is inside a loop.
func (r *run) items(parts []part, at int) []Item {
	var items []Item
	for k, p := range parts {
		if head := p.from - 1; head >= at && r.leadsLoop(r.nodes[head]) {
			items = append(items, r.words(at, head)...)
			return append(items, r.loop(parts[k:], head))
		}
		items = append(items, r.words(at, p.from)...)
		items = append(items, r.first(p)...)
		items = append(items, r.part(r.nodes, p, r.step, r.path, &r.counted))
		at = p.to
	}
	return append(items, r.words(at, len(r.nodes))...)
}

func (r *run) words(from, to int) []Item {
	r.own = append(r.own, r.nodes[from:to]...)
	return r.between(r.nodes, from, to, r.step, r.path, r.title, &r.counted)
}

// loop makes one step of the words that lead to it and of all the parts behind them.
func (r *run) loop(parts []part, head int) Item {
	r.counted++
	path := fmt.Sprintf("%s/%d", r.path, r.counted)
	step := r.loopStep(r.nodes[head], r.step, path, r.nodes[len(r.nodes)-1].End)
	inner := &run{book: r.book, nodes: r.nodes, step: step, path: path, own: r.nodes[head : head+1]}
	r.Steps[step].Body = append([]Item{{Kind: ProseItem, Prose: r.nodes[head]}}, inner.items(parts, head+1)...)
	r.sources[step].inside = inner.own
	return Item{Kind: StepItem, Index: step}
}

// loopStep adds a step for a paragraph that leads to what is done for each of many.
func (b *book) loopStep(n *doc.Node, parent int, path string, end int) int {
	step := b.step(parent, n, path, b.itemTitle(&doc.Node{Children: []*doc.Node{n}}))
	b.sources[step].inside = []*doc.Node{n}
	b.Steps[step].End = end
	return step
}

// part makes one step of a part.
func (b *book) part(nodes []*doc.Node, p part, parent int, path string, counted *int) Item {
	*counted++
	inside := nodes[p.from:p.to]
	at := fmt.Sprintf("%s/%d", path, *counted)
	step := b.step(parent, inside[0], at, "")
	b.sources[step] = origin{node: inside[0], inside: inside, unlisted: true}
	b.Steps[step].Title, b.Steps[step].Line = b.ordering(inside)
	if s := b.advised(nodes, p); s != nil {
		b.Steps[step].Title, b.Steps[step].Line = asTitle(s), s.line
	}
	b.Steps[step].End = inside[len(inside)-1].End
	b.Steps[step].Body = b.between(nodes, p.from, p.to, step, at, "", new(int))
	return Item{Kind: StepItem, Index: step}
}

// ordering is the sentence of a part that says what to do, and its line: the last before the code that orders something, else the last.
func (b *book) ordering(inside []*doc.Node) (string, int) {
	if inside[0].Kind == doc.Code {
		return firstLine(strings.TrimSpace(inside[0].Text)), inside[0].Line
	}
	all := b.sentences(inside[0])
	for i := len(all) - 1; i >= 0; i-- {
		if commanded(all[i]) {
			return asTitle(all[i]), all[i].line
		}
	}
	if s, ok := find(all, commandIntro); ok {
		return asTitle(s), s.line
	}
	if len(all) == 0 {
		return "", inside[0].Line
	}
	last := all[len(all)-1]
	if exampleOnly.in(last) {
		if len(all) == 1 {
			return exampleTitle(inside), last.line
		}
		last = all[len(all)-2]
	}
	return asTitle(last), last.line
}

var adviceForm = newForm(`\bconsider \w+ing\b[^:]*$`)

// advised is what a section says must be done with the code of a part whose own words end in advice about it, nil if they
// do not, or nothing says so.
func (b *book) advised(nodes []*doc.Node, p part) *sentence {
	all := b.sentences(nodes[p.from])
	if nodes[p.from].Kind != doc.Paragraph || len(all) == 0 || !adviceForm.in(all[len(all)-1]) {
		return nil
	}
	for i := p.from; i >= 0 && nodes[i].Kind == doc.Paragraph; i-- {
		if s, ok := find(b.sentences(nodes[i]), mustForm); ok {
			return s
		}
	}
	return nil
}

// exampleTitle names a part of which nothing is said but that it is an example.
func exampleTitle(inside []*doc.Node) string {
	for _, n := range inside {
		if n.Kind == doc.Code {
			return "Example: " + firstCommand(n)
		}
	}
	return "Example"
}

// decides says whether a paragraph leaves a decision to the operator.
func (b *book) decides(n *doc.Node) bool {
	all := b.sentences(n)
	return len(all) > 0 && deciding.in(all[0])
}

var deciding = newForm(`^(?:consider|decide) (?:whether|which|if|when|how)\b`)

// headed is the step whose head speaks of a step's blocks: for one that nobody numbered, its section.
func (b *book) headed(step int) int {
	if step >= 0 && b.sources[step].unlisted {
		return b.Steps[step].Parent
	}
	return step
}
