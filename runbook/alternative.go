package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	insteadForm   = newForm(`^(?:alternatively|instead|or|otherwise),? |^(?:as an alternative|another (?:way|option|method|possibility)|the other (?:way|option|method)|an alternative)\b|\binstead of (?:using |following )?(?:this|these|the) (?:instructions|steps?|procedure|method|commands?)\b`)
	variationForm = newForm(`^(?:it (?:is|may be|can be|might be) (?:also )?(?:possible|necessary|useful|desirable|advisable) to|you (?:can|may|could) also)\b`)
	skipCase      = newForm(`\bin (?:this|that|which|such|these|those) (?:a )?cases?,? (?:this|the) (?:step|section|part|procedure)s? (?:can|may|should) be (?:skipped|omitted|left out)\b`)
)

// alternatives finds a command that is another way of doing what the command before it does, said by "alternatively" or
// by a second form of the same command, and a part that may be skipped because there is another way.
func (b *book) alternatives(i int) {
	var ways []Option
	add := func(o Option) {
		if len(ways) == 0 || ways[len(ways)-1].Line != o.Line {
			ways = append(ways, o)
		}
	}
	at := 0
	for _, block := range b.blocksInOrder(i) {
		p := &b.places[block]
		before := b.runningBefore(i, block)
		s := b.variation(p, before)
		if before < 0 || s == nil || b.staged(before, s) {
			continue
		}
		add(b.wayOf(i, before, b.titled(i)))
		add(b.wayOf(i, block, s))
		if at == 0 {
			at = ways[0].Line
			if ways[0].Step < 0 {
				at = b.Steps[i].Line
			}
		}
	}
	if skip, ok := b.skippable(i); ok {
		if len(ways) == 0 {
			ways = b.firstWay(i)
		}
		if len(ways) > 0 {
			at, ways = skip.Line, append([]Option{skip}, ways...)
		}
	}
	if len(ways) < 2 {
		ways, at = b.otherProse(i)
	}
	if len(ways) > 1 {
		b.hold(i, ways)
		b.addChoice(Choice{Line: at, Step: i, Text: b.Steps[i].Title, Options: ways})
	}
}

// blocksInOrder are the blocks that run directly in a step, or in the parts of its section that nobody numbered.
func (b *book) blocksInOrder(i int) []int {
	var all []int
	for _, item := range b.Steps[i].Body {
		switch {
		case item.Kind == BlockItem && b.Blocks[item.Index].Runs():
			all = append(all, item.Index)
		case item.Kind == StepItem && b.sources[item.Index].unlisted:
			for _, block := range b.Steps[item.Index].Blocks {
				if b.Blocks[block].Runs() {
					all = append(all, block)
					break
				}
			}
		}
	}
	return all
}

// runningBefore is the block that runs right before one in the same step or section, -1 if none does.
func (b *book) runningBefore(step, block int) int {
	for j := block - 1; j >= 0; j-- {
		if b.Blocks[j].Runs() {
			at := b.places[j].step
			if at == step || at >= 0 && b.Steps[at].Parent == step && b.sources[at].unlisted {
				return j
			}
			return -1
		}
	}
	return -1
}

// variation is the sentence that makes a block another way of the one before it.
func (b *book) variation(p *place, before int) *sentence {
	n := b.introNode(p)
	if n == nil || n.Kind != doc.Paragraph || before < 0 {
		return nil
	}
	for _, s := range b.sentences(n) {
		if insteadForm.in(s) && !strings.HasPrefix(s.lower, "otherwise") && !b.wordsBetween(p, n) {
			return s
		}
		if variationForm.in(s) && !strongForm.in(s) && sameProgram(p.text, b.places[before].text) {
			return s
		}
	}
	return nil
}

// wordsBetween says whether other words stand between the words before a block and the code before those: what they are another way to is in words.
func (b *book) wordsBetween(p *place, intro *doc.Node) bool {
	at := slices.Index(p.among, intro) - 1
	return at > 0 && p.among[at].Kind == doc.Paragraph && p.among[at-1].Kind == doc.Code && !sampleIntro.MatchString(b.words(p.among[at])) && supposes(b.sentences(p.among[at]))
}

func supposes(all []*sentence) bool {
	return len(all) > 0 && ifForm.in(all[0])
}

// sameProgram says whether two texts begin with the same command and subcommand.
func sameProgram(x, y string) bool {
	a, c := strings.Fields(x), strings.Fields(y)
	return len(a) > 1 && len(c) > 1 && a[0] == c[0] && a[1] == c[1]
}

var (
	fewFirst = newForm(`\b(?:in (?:small )?(?:batches|groups|stages)|(?:start|begin)(?:ing)? with|a (?:small|limited) (?:number|subset|set|group)|a few|a single|one (?:\w+ )?first)\b`)
	thenAll  = newForm(`\b(?:to|on|for|across) (?:all|every|the (?:rest|remaining|others?|whole|entire))\b`)
)

// staged says whether what stands before a block is done for a few first, and the block then for all: no two ways, but one after the other.
func (b *book) staged(before int, s *sentence) bool {
	if !thenAll.in(s) {
		return false
	}
	for _, first := range b.leading(b.places[before].step) {
		if fewFirst.in(first) && !thenAll.in(first) {
			return true
		}
	}
	return false
}

// wayOf is a block as a way of a choice: its step where it has one of its own, else the block itself, by what is said of it.
func (b *book) wayOf(step, block int, said *sentence) Option {
	if at := b.places[block].step; at != step {
		return option(b.Steps[at].Line, b.Steps[at].Title, at)
	}
	way := option(b.Blocks[block].Line, asTitle(said), -1)
	way.Blocks = []int{block}
	return way
}

// skippable is the way past a section that a note at its head says may be skipped, for there is another.
func (b *book) skippable(i int) (Option, bool) {
	if !b.sources[i].section {
		return Option{}, false
	}
	for _, n := range b.sources[i].inside {
		if n.Kind == doc.Note || n.Kind == doc.Paragraph {
			if s, ok := find(b.sentences(n), skipCase); ok {
				all := b.sentences(n)
				return option(all[0].line, strings.TrimRight(all[0].plain, ".:")+": "+strings.TrimRight(s.plain, ".:"), -1), true
			}
		}
	}
	return Option{}, false
}

// firstWay is the part of a section that does the work.
func (b *book) firstWay(i int) []Option {
	for _, item := range b.Steps[i].Body[:min(len(b.Steps[i].Body), reach)] {
		if item.Kind == StepItem && b.sources[item.Index].unlisted && len(b.Steps[item.Index].Blocks) > 0 {
			return []Option{option(b.Steps[item.Index].Line, b.Steps[item.Index].Title, item.Index)}
		}
	}
	return nil
}

// otherProse finds a paragraph that begins "alternatively", without a block, beside the paragraph or the list it is another way of.
func (b *book) otherProse(i int) (ways []Option, line int) {
	nodes := b.sources[i].inside
	for at, n := range nodes {
		if n.Kind != doc.Paragraph || at+1 < len(nodes) && nodes[at+1].Kind == doc.Code {
			continue
		}
		s, ok := find(b.sentences(n), insteadForm)
		if !ok || strings.HasPrefix(s.lower, "or ") || strings.HasPrefix(s.lower, "otherwise") {
			continue
		}
		if len(ways) == 0 {
			other, found := b.besideProse(i, nodes, at)
			if !found {
				continue
			}
			ways, line = append(ways, other), min(other.Line, s.line)
		}
		way := option(s.line, strings.TrimRight(s.plain, ".:"), b.stepOf(n))
		third, found := b.thirdWay(n, s)
		if found {
			way.Step = -1
		}
		ways = append(ways, way)
		if found {
			ways = append(ways, third)
		}
	}
	return ways, line
}

// toldBefore is the step right before a paragraph that leads to a list of what has to be changed, -1 if there is none.
func (b *book) toldBefore(i int, n *doc.Node) int {
	for _, item := range b.Steps[i].Body {
		if item.Kind == StepItem && b.sources[item.Index].unlisted && len(b.Steps[item.Index].Blocks) == 0 {
			inside := b.sources[item.Index].inside
			if last := inside[len(inside)-1]; last.Kind == doc.List && n.Line-last.End <= 2 && n.Line > last.End {
				return item.Index
			}
		}
	}
	return -1
}

// thirdWay is what the same paragraph tells for one more case, behind a way: "If you made them yourself, follow the steps in …".
func (b *book) thirdWay(n *doc.Node, way *sentence) (Option, bool) {
	for _, s := range b.sentences(n) {
		if s.line >= way.line && s != way && ifForm.in(s) && procedural.in(s) && !informing.in(s) {
			return option(s.line, strings.TrimRight(s.plain, ".:"), b.stepOf(n)), true
		}
	}
	return Option{}, false
}

// besideProse is what a paragraph is an alternative to: the order before it, else the steps behind it.
func (b *book) besideProse(i int, nodes []*doc.Node, at int) (Option, bool) {
	if step := b.toldBefore(i, nodes[at]); step >= 0 {
		return option(b.Steps[step].Line, b.Steps[step].Title, step), true
	}
	for j := at - 1; j >= 0 && j >= at-2; j-- {
		if nodes[j].Kind != doc.Paragraph {
			continue
		}
		for _, s := range b.sentences(nodes[j]) {
			if commanded(s) {
				return option(s.line, strings.TrimRight(s.plain, ".:"), -1), true
			}
		}
	}
	for _, n := range nodes[at+1:] {
		if n.Kind == doc.List && n.Ordered && len(n.Children) > 0 {
			return b.listed(n), true
		}
	}
	return Option{}, false
}

// ifChoice makes a choice of neighbouring paragraphs that each begin with a condition and send the operator somewhere.
func (b *book) ifChoice(i int) {
	var ways []Option
	for _, n := range b.sources[i].inside {
		if n.Kind != doc.Paragraph {
			break
		}
		all := b.sentences(n)
		if len(all) == 0 || !ifForm.in(all[0]) || !b.sendsOn(all) {
			ways = nil
			break
		}
		ways = append(ways, option(n.Line, strings.TrimRight(all[0].plain, ".:"), b.stepOf(n)))
	}
	if len(ways) > 1 && len(b.Steps[i].Blocks) == 0 {
		b.addChoice(Choice{Line: ways[0].Line, Step: i, Text: b.Steps[i].Title, Options: ways})
	}
}

func (b *book) sendsOn(all []*sentence) bool {
	for _, s := range all {
		if procedural.in(s) || guideForm.in(s) || onwardThen.in(s) {
			return true
		}
	}
	return false
}

var onwardThen = newForm(`, then (?:proceed|continue|return|go|perform|follow)\b`)
