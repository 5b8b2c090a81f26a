package transcript

import (
	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// walk lists the procedure in its own order, with what happened at each place, and at the end what the plan has no place for.
func (b *builder) walk() {
	b.record.Places = map[string]int{}
	told := map[string]bool{}
	for _, line := range b.state.Outline() {
		if line.Unit {
			b.record.Places[string(line.Status)]++
		}
		told[line.Place.Key()] = true
		if line.Block < 0 {
			b.section(line)
		} else {
			b.block(line)
		}
	}
	elsewhere := Section{Title: say("outside the walk"), Kind: string(runbook.InfoStep), Blocks: []Block{}}
	for _, key := range b.order {
		for _, entry := range b.unlessTold(told, key) {
			entry.Where = b.name(b.places[key].at)
			elsewhere.Entries = append(elsewhere.Entries, entry)
		}
	}
	if len(elsewhere.Entries) > 0 {
		b.record.Walk = append(b.record.Walk, elsewhere)
	}
}

func (b *builder) unlessTold(told map[string]bool, key string) []Entry {
	if told[key] {
		return nil
	}
	return b.places[key].entries
}

func (b *builder) section(line steps.Line) {
	section := b.heading(line)
	if line.Unit || line.Status != steps.StatusOpen {
		section.Status, section.Reason = string(line.Status), safe.Line(line.Reason)
	}
	section.Entries = b.entries(line.Place)
	b.record.Walk = append(b.record.Walk, section)
}

// heading is the step that a line belongs to.
func (b *builder) heading(line steps.Line) Section {
	section := Section{Within: b.within(line.Place.Frames), Kind: string(runbook.InfoStep), Blocks: []Block{}, Entries: []Entry{}}
	if line.Step >= 0 {
		step := &b.state.Plan().Steps[line.Step]
		section.Path, section.Title, section.Line, section.Kind = safe.Line(step.Path), safe.Line(step.Title), step.Line, string(step.Kind)
	}
	return section
}

// block adds a block to its step. Behind the steps inside it, or in a routine that is called, the step is named anew.
func (b *builder) block(line steps.Line) {
	heading := b.heading(line)
	last := len(b.record.Walk) - 1
	if last < 0 || b.record.Walk[last].Path != heading.Path || b.record.Walk[last].Within != heading.Within {
		b.record.Walk = append(b.record.Walk, heading)
		last++
	}
	block := &b.state.Plan().Blocks[line.Block]
	section := &b.record.Walk[last]
	section.Blocks = append(section.Blocks, Block{
		Line: block.Line, First: safe.Line(block.First), Host: safe.Line(block.Host), Expect: safe.Line(block.Expect), Undo: safe.Line(block.Undo),
		Status: string(line.Status), Reason: safe.Line(line.Reason), Entries: b.entries(line.Place),
	})
}

// entries are what happened at a place, in order.
func (b *builder) entries(p steps.Place) []Entry {
	at := b.places[p.Key()]
	if at == nil {
		return []Entry{}
	}
	return at.entries
}
