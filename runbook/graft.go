package runbook

import (
	"fmt"
	"maps"
	"slices"
)

// graft is the copying of steps of one plan to the end of another, with all that belongs to them.
type graft struct {
	into, from *Plan
	steps      map[int]int // where each copied step went
	blocks     map[int]int
	ways       int               // the last number of AnyOrder in the plan before
	ids        map[string]string // what each copied block and step is called there
}

// newGraft copies steps, given in the order of their plan, and the blocks among other items. What a copy does not hold, no
// part of it points to.
func newGraft(into, from *Plan, steps []int, among []Item) *graft {
	g := &graft{into: into, from: from, steps: map[int]int{}, blocks: map[int]int{}, ids: map[string]string{}}
	for i := range into.Steps {
		g.ways = max(g.ways, into.Steps[i].AnyOrder)
	}
	taken := into.ids()
	g.copyBlocks(among, taken)
	for _, i := range steps {
		g.steps[i] = len(into.Steps)
		into.Steps = append(into.Steps, from.Steps[i])
		into.Steps[g.steps[i]].ID = g.named(from.Steps[i].ID, taken)
		g.copyBlocks(from.Steps[i].Body, taken)
	}
	for _, i := range slices.Sorted(maps.Keys(g.steps)) {
		g.step(&into.Steps[g.steps[i]])
	}
	for _, i := range g.blocks {
		g.tie(&into.Blocks[i])
	}
	return g
}

// ids are the names that the blocks and steps of a plan have.
func (p *Plan) ids() map[string]bool {
	taken := map[string]bool{}
	for i := range p.Blocks {
		taken[p.Blocks[i].ID] = true
	}
	for i := range p.Steps {
		taken[p.Steps[i].ID] = true
	}
	return taken
}

// named is a name that nothing else in the plan has, and remembers it.
func (g *graft) named(id string, taken map[string]bool) string {
	g.ids[id] = free(id, taken)
	return g.ids[id]
}

// free is an id, or the id with the first ordinal that makes it a new one.
func free(id string, taken map[string]bool) string {
	name := id
	for n := 2; taken[name]; n++ {
		name = fmt.Sprintf("%s.%d", id, n)
	}
	taken[name] = true
	return name
}

func (g *graft) copyBlocks(items []Item, taken map[string]bool) {
	for _, item := range items {
		if item.Kind != BlockItem {
			continue
		}
		g.blocks[item.Index] = len(g.into.Blocks)
		b := g.from.Blocks[item.Index]
		b.ID = g.named(b.ID, taken)
		g.into.Blocks = append(g.into.Blocks, b)
	}
}

// step makes a copied step point into the plan where it is now.
func (g *graft) step(s *Step) {
	s.Parent = g.there(s.Parent)
	s.Body = g.items(s.Body)
	s.Blocks = g.kept(s.Blocks)
	if s.AnyOrder > 0 {
		s.AnyOrder += g.ways
	}
	s.Choice = g.choice(s.Choice)
	s.Ref = g.ref(s.Ref)
	s.Loop = g.loop(s.Loop)
}

// kept are the blocks that were copied, where they are now.
func (g *graft) kept(blocks []int) []int {
	all := []int{}
	for _, block := range blocks {
		if at, ok := g.blocks[block]; ok {
			all = append(all, at)
		}
	}
	return all
}

// there is where a step went, -1 if it was not copied.
func (g *graft) there(step int) int {
	if at, ok := g.steps[step]; ok {
		return at
	}
	return -1
}

func (g *graft) items(items []Item) []Item {
	kept := []Item{}
	for _, item := range items {
		switch item.Kind {
		case BlockItem:
			item.Index = g.blocks[item.Index]
		case StepItem:
			if item.Index = g.there(item.Index); item.Index < 0 {
				continue
			}
		case NoteItem:
			g.into.Admonitions = append(g.into.Admonitions, g.from.Admonitions[item.Index])
			item.Index = len(g.into.Admonitions) - 1
		case ProseItem:
		default:
			panic("runbook: no such item: " + string(item.Kind))
		}
		kept = append(kept, item)
	}
	return kept
}

func (g *graft) choice(index *int) *int {
	if index == nil {
		return nil
	}
	c := g.from.Choices[*index]
	c.Step, c.Options = g.there(c.Step), slices.Clone(c.Options)
	for i := range c.Options {
		c.Options[i].Step = g.there(c.Options[i].Step)
		c.Options[i].Steps, c.Options[i].Blocks = g.copies(c.Options[i].Steps, g.steps), g.copies(c.Options[i].Blocks, g.blocks)
	}
	g.into.Choices = append(g.into.Choices, c)
	return last(g.into.Choices)
}

func (g *graft) ref(index *int) *int {
	if index == nil {
		return nil
	}
	r := g.from.Refs[*index]
	r.Step = g.there(r.Step)
	g.into.Refs = append(g.into.Refs, r)
	return last(g.into.Refs)
}

func (g *graft) loop(index *int) *int {
	if index == nil {
		return nil
	}
	l := g.from.Loops[*index]
	l.Again = g.copies(l.Again, g.steps)
	g.into.Loops = append(g.into.Loops, l)
	return last(g.into.Loops)
}

// copies are where those of several steps or blocks went that were copied.
func (g *graft) copies(from []int, went map[int]int) []int {
	var copied []int
	for _, i := range from {
		if at, ok := went[i]; ok {
			copied = append(copied, at)
		}
	}
	return copied
}

// last is the index of the last of several things.
func last[T any](all []T) *int {
	index := len(all) - 1
	return &index
}

// tie makes a copied block speak of the copies of others.
func (g *graft) tie(b *Block) {
	if b.OutputOf != nil {
		at, ok := g.blocks[*b.OutputOf]
		b.OutputOf = &at
		if !ok {
			b.OutputOf = nil
		}
	}
	if b.GateDetail != nil {
		detail := *b.GateDetail
		detail.CanaryOf = g.ids[detail.CanaryOf]
		b.GateDetail = &detail
	}
}
