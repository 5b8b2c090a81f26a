package runbook

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// contents makes a body of what stands in a section or an item. Nothing is left out but comments.
func (b *book) contents(nodes []*doc.Node, step int, path, title string) []Item {
	return b.between(nodes, 0, len(nodes), step, path, title, new(int))
}

// between makes a body of some of the nodes of a section or an item, which know their neighbours all the same.
func (b *book) between(nodes []*doc.Node, from, to, step int, path, title string, counted *int) []Item {
	items := []Item{}
	for i := from; i < to; i++ {
		switch n := nodes[i]; n.Kind {
		case doc.Code:
			items = append(items, b.block(nodes, i, step, nil))
		case doc.List:
			items = append(items, b.list(nodes, i, step, path, title, counted)...)
		case doc.Note:
			if i+1 < to && b.ordersCode(nodes, i) {
				items = b.placeFirst(items, n, b.codedNote(nodes, i, step, path))
				i++
				continue
			}
			items = append(items, b.note(nodes, i, step, path)...)
		case doc.Comment:
			b.attachComment(nodes, i, step)
		case doc.Quote:
			items = append(items, b.quote(n, step)...)
		case doc.Paragraph:
			if i+1 < to && b.loopedList(nodes, i, title) && holdsSteps(items) {
				items = append(items, b.listLoop(nodes, i, step, path, counted))
				i++
				continue
			}
			items = append(items, b.paragraph(nodes, i, step, path))
		case doc.Table, doc.Rule, doc.Heading, doc.Item, doc.Row:
			items = append(items, Item{Kind: ProseItem, Prose: n})
		default:
			panic("runbook: no such node: " + string(n.Kind))
		}
	}
	return items
}

// loopedList says whether a paragraph leads to the steps of the list behind it, which are done for each of many.
func (b *book) loopedList(nodes []*doc.Node, at int, title string) bool {
	return nodes[at+1].Kind == doc.List && b.leadsLoop(nodes[at]) && b.isStepList(nodes, at+1, title)
}

func holdsSteps(items []Item) bool {
	return slices.ContainsFunc(items, func(item Item) bool { return item.Kind == StepItem })
}

// listLoop makes one step of a list and the paragraph that says it is done for each, beside other steps.
func (b *book) listLoop(nodes []*doc.Node, at, parent int, path string, counted *int) Item {
	*counted++
	own := strings.TrimPrefix(fmt.Sprintf("%s/%d", path, *counted), "/")
	step := b.loopStep(nodes[at], parent, own, nodes[at+1].End)
	b.Steps[step].Body = append([]Item{{Kind: ProseItem, Prose: nodes[at]}}, b.list(nodes, at+1, step, own, "", new(int))...)
	return Item{Kind: StepItem, Index: step}
}

// list makes steps of a list that is one, else keeps its words, with the notes and prerequisites found in them.
func (b *book) list(nodes []*doc.Node, at, step int, path, title string, counted *int) []Item {
	n := nodes[at]
	b.markChoice(nodes, at)
	if prerequisites.MatchString(title) {
		b.require(n)
	}
	if !b.isStepList(nodes, at, title) {
		b.notesIn(n)
		return []Item{{Kind: ProseItem, Prose: n}}
	}
	var items []Item
	for _, item := range n.Children {
		*counted = max(*counted+1, item.Number)
		items = append(items, b.item(item, step, path, *counted))
	}
	return items
}

// markChoice remembers a list that holds the ways of a choice, so that its links are not taken for a table of contents.
func (b *book) markChoice(nodes []*doc.Node, at int) {
	n := nodes[at]
	if !b.choiceBefore(nodes, at) {
		return
	}
	b.chosen[n] = true
	if contentsList(n) {
		doc.Walk(n.Children, func(inner *doc.Node) bool {
			b.inChoice[inner] = true
			return true
		})
	}
}

func (b *book) item(n *doc.Node, parent int, path string, number int) Item {
	at := fmt.Sprint(number)
	if path != "" {
		at = path + "/" + at
	}
	index := b.step(parent, n, at, b.itemTitle(n))
	b.Steps[index].Body = b.contents(n.Children, index, at, "")
	return Item{Kind: StepItem, Index: index}
}

// itemTitle is the first sentence of an item that orders something, without its host marker; without one, its first sentence.
func (b *book) itemTitle(n *doc.Node) string {
	for _, child := range n.Children {
		if child.Kind == doc.Code {
			return firstLine(strings.TrimSpace(child.Text))
		}
		all := b.sentences(child)
		for _, s := range all {
			if commanded(s) {
				return asTitle(s)
			}
		}
		if len(all) > 0 {
			return asTitle(all[0])
		}
	}
	return ""
}

func asTitle(s *sentence) string { return strings.TrimRight(s.plain, ".:") }

// note adds an admonition. One that carries work is a step of its own, where it stands; code in it stays code.
func (b *book) note(nodes []*doc.Node, at, step int, path string) []Item {
	n := nodes[at]
	index := b.admonition(n)
	item := Item{Kind: NoteItem, Index: index}
	b.notesIn(n)
	if !doc.HoldCode(n.Children...) && b.noteWorks(n) {
		b.Admonitions[index].Work = true
		own := b.step(step, n, strings.TrimPrefix(fmt.Sprintf("%s/N%d", path, n.Line), "/"), b.noteTitle(n))
		b.sources[own].toggles = true
		b.Steps[own].Body = []Item{item}
		return []Item{{Kind: StepItem, Index: own}}
	}
	return append([]Item{item}, b.blocksIn(n, step, n)...)
}

// ordersCode says whether a note orders, for a case, what the code right behind it does: "If it is too new, remove it first:".
func (b *book) ordersCode(nodes []*doc.Node, at int) bool {
	n := nodes[at]
	all := b.sentences(n.Children...)
	if len(all) == 0 || nodes[at+1].Kind != doc.Code || doc.HoldCode(n.Children...) || !b.noteWorks(n) {
		return false
	}
	last := all[len(all)-1]
	said := sayingOf(last, len(all)-1, all)
	return strings.HasSuffix(last.plain, ":") && ifForm.in(all[0]) && said != saysOutput && said != saysSample && !observed.in(last)
}

var (
	// observed speaks of what may be seen, and so does the code behind it.
	observed = newForm(`\b(?:error|warning|message|output)s?\b`)
	// beforehand is an order to do something before what the same step does.
	beforehand = newForm(`\b\w+(?:ed|t) first:$|\b(?:before|prior to) (?:running|executing|using|issuing) (?:this|the|that|these|those)\b`)
)

// codedNote makes one step of a note and of the code behind it.
func (b *book) codedNote(nodes []*doc.Node, at, step int, path string) Item {
	n := nodes[at]
	index := b.admonition(n)
	b.notesIn(n)
	b.Admonitions[index].Work = true
	own := b.step(step, n, strings.TrimPrefix(fmt.Sprintf("%s/N%d", path, n.Line), "/"), b.noteTitle(n))
	b.sources[own].toggles = true
	b.Steps[own].Body = []Item{{Kind: NoteItem, Index: index}, b.block(nodes, at+1, own, nil)}
	b.Steps[own].End = nodes[at+1].End
	return Item{Kind: StepItem, Index: own}
}

// placeFirst adds the step that a note became: before the blocks it is to be done before, else where it stands.
func (b *book) placeFirst(items []Item, n *doc.Node, step Item) []Item {
	if _, ok := find(b.sentences(n.Children...), beforehand); ok {
		if at := slices.IndexFunc(items, func(item Item) bool { return item.Kind == BlockItem }); at >= 0 {
			return slices.Insert(items, at, step)
		}
	}
	return append(items, step)
}

// blocksIn adds the code inside a note or a quote, at any depth, as blocks of the step it stands in.
func (b *book) blocksIn(n *doc.Node, step int, note *doc.Node) []Item {
	var items []Item
	for i, child := range n.Children {
		if child.Kind == doc.Code {
			items = append(items, b.block(n.Children, i, step, note))
		} else {
			items = append(items, b.blocksIn(child, step, note)...)
		}
	}
	return items
}

func (b *book) admonition(n *doc.Node) int {
	b.Admonitions = append(b.Admonitions, Admonition{Line: n.Line, Kind: noteKind(n.Name), Text: b.words(n.Children...), Node: n})
	return len(b.Admonitions) - 1
}

func (b *book) noteTitle(n *doc.Node) string {
	if all := b.sentences(n.Children...); len(all) > 0 {
		return asTitle(all[0])
	}
	return n.Name
}

// notesIn adds the admonitions inside what is kept as words.
func (b *book) notesIn(n *doc.Node) {
	doc.Walk(n.Children, func(inner *doc.Node) bool {
		if inner.Kind == doc.Note {
			b.admonition(inner)
		}
		return true
	})
}

// noteKind is the label of a note's name: what is urgent stays apart from what is good to know.
func noteKind(name string) string {
	switch name {
	case "warning", "danger":
		return "warning"
	case "caution", "attention":
		return "caution"
	case "important", "stop":
		return name
	default:
		return "note"
	}
}

// quote keeps a quotation as words; code in it is a block all the same.
func (b *book) quote(n *doc.Node, step int) []Item {
	items := []Item{{Kind: ProseItem, Prose: n}}
	b.notesIn(n)
	return append(items, b.blocksIn(n, step, n)...)
}

// paragraph keeps words as words. One that sends the operator elsewhere after the work of its section is a step.
func (b *book) paragraph(nodes []*doc.Node, at, step int, path string) Item {
	n := nodes[at]
	prose := Item{Kind: ProseItem, Prose: n}
	if path == "" || strings.Contains(path, "/") || step < 0 || !b.standsAlone(nodes, at) && !b.decides(n) && !b.otherWay(nodes, at) && !b.timely(n) {
		return prose
	}
	name := fmt.Sprintf("%s/N%d", path, n.Line)
	if onward.MatchString(b.words(n)) {
		name = path + "/end"
	}
	own := b.step(step, n, name, b.itemTitle(&doc.Node{Children: []*doc.Node{n}}))
	b.sources[own] = origin{node: n, inside: []*doc.Node{n}, toggles: true}
	b.Steps[own].Body = []Item{prose}
	return Item{Kind: StepItem, Index: own}
}

var onward = newForm(`^(?:continue|proceed|return|go (?:on|back)|move on) (?:on )?(?:to|with)\b`)

// block adds a block; what it means follows.
func (b *book) block(among []*doc.Node, at, step int, note *doc.Node) Item {
	n := among[at]
	block := Block{
		Line: n.Line, End: n.End, First: firstLine(strings.TrimSpace(n.Text)), Lang: n.Lang, Kind: Command, Text: n.Text, Inline: n.Name == amongWords, Gate: NoGate,
		Commands: []string{}, Inputs: []string{}, Sets: []string{}, Reads: []string{}, Why: map[string]Reason{},
	}
	index := len(b.Blocks)
	if step >= 0 {
		block.Step = b.Steps[step].Path
		b.Steps[step].Blocks = append(b.Steps[step].Blocks, index)
	}
	b.Blocks = append(b.Blocks, block)
	b.of(n).block = index
	b.places = append(b.places, place{node: n, among: among, at: at, step: step, note: note, text: n.Text})
	return Item{Kind: BlockItem, Index: index}
}
