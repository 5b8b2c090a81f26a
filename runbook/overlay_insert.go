package runbook

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// insert adds the site's own steps.
func (l *layer) insert() error {
	for n, c := range l.overlay.changes {
		if c.insert != nil {
			l.found[n] = l.place(&c, l.found[n])
		}
	}
	return nil
}

// place puts a step of the site's own before or after a block or a step.
func (l *layer) place(c *change, beside subject) subject {
	host := ""
	parent, anchor := beside.step, Item{Kind: BlockItem, Index: beside.block}
	if beside.block < 0 {
		parent, anchor = l.Steps[beside.step].Parent, Item{Kind: StepItem, Index: beside.step}
	} else {
		host = l.Blocks[beside.block].Host
	}
	own := l.adopt(l.written(c), parent, c.line)
	l.put(parent, anchor, c.insert.value, Item{Kind: StepItem, Index: own.step})
	if b := own.block; b >= 0 && l.Blocks[b].Host == "" && host != "" {
		l.Blocks[b].Host = host
		l.Blocks[b].mark("host", c.line)
	}
	return own
}

// written is what a change has to insert, as a plan of one step.
func (l *layer) written(c *change) *Plan {
	if c.command != nil {
		return l.fragment(c, c.command)
	}
	text := strings.TrimSpace(c.byHand.value)
	words := &doc.Node{Kind: doc.Paragraph, Line: c.byHand.line, End: c.byHand.line, Spans: []doc.Span{{Text: text, Line: c.byHand.line}}}
	title := cmp.Or(c.title, asTitle(splitSentences(words.Spans)[0]))
	return &Plan{Steps: []Step{{
		ID: identity("s", title, map[string]int{}), Line: c.line, End: c.line, Title: title, Kind: ManualStep, Parent: -1,
		Blocks: []int{}, Body: []Item{{Kind: ProseItem, Prose: words}},
	}}}
}

// adopt copies a plan of one step into this one, below a step of it. Its path is its line in the overlay: what the document
// numbers keeps its numbers.
func (l *layer) adopt(own *Plan, parent, line int) subject {
	g := newGraft(l.Plan, own, []int{0}, nil)
	maps.Copy(l.taken, l.ids())
	at := subject{-1, g.steps[0]}
	step := &l.Steps[at.step]
	step.Parent, step.Path = parent, fmt.Sprintf("S%d", line)
	if parent >= 0 {
		step.Path = l.Steps[parent].Path + "/" + step.Path
	}
	step.Source = l.overlay.Name
	step.mark("step", line)
	for _, i := range step.Blocks {
		l.Blocks[i].Step, l.Blocks[i].Source = step.Path, l.overlay.Name
		l.Blocks[i].mark("text", line)
		at.block = i
	}
	return at
}

// put adds an item to a body, before or after another: after all that was put there earlier, and after a command's output.
func (l *layer) put(parent int, beside Item, where string, own Item) {
	body := &l.Root
	if parent >= 0 {
		body = &l.Steps[parent].Body
	}
	at := slices.IndexFunc(*body, func(i Item) bool { return i.Kind == beside.Kind && i.Index == beside.Index })
	if where == "after" {
		at++
		for at < len(*body) && beside.Kind == BlockItem && l.showsOutput((*body)[at], beside.Index) {
			at++
		}
		at += l.behind[beside]
		l.behind[beside]++
	}
	*body = slices.Insert(*body, at, own)
}

func (l *layer) showsOutput(item Item, of int) bool {
	return item.Kind == BlockItem && l.Blocks[item.Index].OutputOf != nil && *l.Blocks[item.Index].OutputOf == of
}
