package runbook

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// copy puts the part of a document that a call means behind the plan's own steps, as a routine.
func (f *follower) copy(document *Plan, c call) (int, error) {
	from, err := copyOf(document)
	if err != nil {
		return 0, err
	}
	part, start, err := from.part(c)
	if err != nil {
		return 0, err
	}
	inside := map[int]bool{}
	from.gather(part, inside)
	g := newGraft(f.Plan, from, slices.Sorted(maps.Keys(inside)), part)
	name := f.name(c)
	f.rename(g, start, name, f.title(c.path))
	return f.routineOf(g, part, start, name, f.title(c.path)), nil
}

// name is what a call's part of a document is called: other.md#from..end.
func (f *follower) name(c call) string {
	name := f.title(c.path)
	if c.anchor != "" {
		name += "#" + c.anchor
	}
	if c.before != "" {
		name += ".." + strings.Join(strings.Fields(strings.TrimPrefix(c.before, "#")), "-")
	}
	if c.by != "" {
		name += "(" + c.by + ")"
	}
	return name
}

// part is what a call goes through, and the step it begins with, -1 for a whole document.
func (p *Plan) part(c call) (part []Item, start int, err error) {
	start, part = -1, p.Root
	if c.anchor != "" {
		start = slices.IndexFunc(p.Steps, func(s Step) bool { return strings.ToLower(s.Anchor) == c.anchor })
		if start < 0 {
			return nil, 0, fmt.Errorf("there is no work under the heading #%s", c.anchor)
		}
		part = []Item{{Kind: StepItem, Index: start}}
	}
	if c.before == "" {
		return part, start, nil
	}
	end := p.named(c.before, start)
	if end < 0 {
		return nil, 0, fmt.Errorf("it is to stop before %q, and no step is called so", c.before)
	}
	if start >= 0 && !p.encloses(start, end) {
		part = p.beside(start)
	}
	part, ok := p.upTo(part, end)
	if !ok || end == start {
		return nil, 0, fmt.Errorf("it is to stop before %q, which does not come behind it", c.before)
	}
	return part, start, nil
}

// named is the step that words mean: by its anchor, its title, or its number, which may count inside another step; -1 for none.
func (p *Plan) named(words string, inside int) int {
	words = plainly(words)
	number := strings.TrimPrefix(strings.TrimPrefix(words, "step "), "section ")
	below := number
	if inside >= 0 {
		below = p.Steps[inside].Path + "/" + number
	}
	for _, is := range []func(*Step) bool{
		func(s *Step) bool { return "#"+strings.ToLower(s.Anchor) == words },
		func(s *Step) bool { return plainly(s.Title) == words },
		func(s *Step) bool { return s.Path == below },
		func(s *Step) bool { return s.Path == number },
	} {
		if i := slices.IndexFunc(p.Steps, func(s Step) bool { return is(&s) }); i >= 0 {
			return i
		}
	}
	return -1
}

// plainly is a title without what people leave out when they name it.
func plainly(title string) string {
	return strings.TrimPrefix(strings.ToLower(strings.Join(strings.Fields(title), " ")), "the ")
}

// encloses says whether a step is another, or stands around it.
func (p *Plan) encloses(outer, inner int) bool {
	for ; inner >= 0; inner = p.Steps[inner].Parent {
		if inner == outer {
			return true
		}
	}
	return false
}

// beside are a step and what stands behind it in the same body.
func (p *Plan) beside(step int) []Item {
	body := p.Root
	if up := p.Steps[step].Parent; up >= 0 {
		body = p.Steps[up].Body
	}
	at := slices.IndexFunc(body, func(i Item) bool { return i.Kind == StepItem && i.Index == step })
	if at < 0 {
		return nil
	}
	return body[at:]
}

// upTo cuts items, and the bodies of the steps among them, before a step. It answers whether the step was among them.
func (p *Plan) upTo(items []Item, end int) ([]Item, bool) {
	for i, item := range items {
		if item.Kind != StepItem {
			continue
		}
		if item.Index == end {
			return items[:i], true
		}
		body, found := p.upTo(p.Steps[item.Index].Body, end)
		if found {
			p.Steps[item.Index].Body = body
			return items[:i+1], true
		}
	}
	return items, false
}

// gather collects the steps among items, those inside them, and the routines that these call.
func (p *Plan) gather(items []Item, inside map[int]bool) {
	for _, item := range items {
		if item.Kind != StepItem || inside[item.Index] {
			continue
		}
		inside[item.Index] = true
		step := &p.Steps[item.Index]
		p.gather(step.Body, inside)
		if step.Ref != nil && p.Refs[*step.Ref].Step >= 0 && p.Refs[*step.Ref].Returns {
			p.gather([]Item{{Kind: StepItem, Index: p.Refs[*step.Ref].Step}}, inside)
		}
	}
}

// rename gives what was copied paths that begin with its document: other.md#part/2.
func (f *follower) rename(g *graft, start int, name, source string) {
	for old, now := range g.steps {
		s := &f.Steps[now]
		s.Source = source
		s.Path = f.path(g.from, start, old, name)
		if s.Loop != nil {
			f.Loops[*s.Loop].Body = s.Path
		}
		for _, b := range s.Blocks {
			f.Blocks[b].Step = s.Path
		}
	}
	for _, now := range g.blocks {
		f.Blocks[now].Source = source
	}
}

// path is what a step of another document is called here.
func (f *follower) path(from *Plan, start, step int, name string) string {
	was := from.Steps[step].Path
	if start < 0 {
		return name + "/" + was
	}
	inner, below := strings.CutPrefix(was, from.Steps[start].Path+"/")
	switch {
	case step == start:
		return name
	case below:
		return name + "/" + inner
	}
	return name + "/" + was
}

// routineOf makes what was copied a routine: its one section, else a step that holds it all. It stands at the end of the
// plan, where only a call comes to it.
func (f *follower) routineOf(g *graft, part []Item, start int, name, source string) int {
	routine := g.there(start)
	if len(part) != 1 || routine < 0 {
		routine = len(f.Steps)
		title := g.from.Title
		if start >= 0 {
			title = g.from.Steps[start].Title
		}
		f.Steps = append(f.Steps, Step{
			ID: free(identity("s", name, map[string]int{}), f.ids()), Line: 1, End: 1, Path: name, Title: title, Kind: InfoStep, Parent: -1,
			Blocks: []int{}, Body: g.items(part), Source: source,
		})
		f.hold(routine)
	}
	f.Steps[routine].Routine = true
	f.Steps[routine].because("routine", "called from another document", f.Steps[routine].Line)
	f.Root = append(f.Root, Item{Kind: StepItem, Index: routine})
	for _, old := range slices.Sorted(maps.Keys(g.steps)) {
		if now := g.steps[old]; now != routine && f.Steps[now].Parent < 0 {
			f.Root = append(f.Root, Item{Kind: StepItem, Index: now})
		}
	}
	return routine
}

// hold makes a step the parent of what stands in its body.
func (f *follower) hold(step int) {
	for _, item := range f.Steps[step].Body {
		switch item.Kind {
		case StepItem:
			f.Steps[item.Index].Parent = step
		case BlockItem:
			f.Steps[step].Blocks = append(f.Steps[step].Blocks, item.Index)
			f.Blocks[item.Index].Step = f.Steps[step].Path
		case NoteItem, ProseItem:
		default:
			panic("runbook: no such item: " + string(item.Kind))
		}
	}
}
