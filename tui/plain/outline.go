package plain

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/runbook"
	"gatewalk/runbook/doc"
	"gatewalk/steps"
)

// contour is the outline with a short name for each of its lines, as people say it: the step's path, and behind it which
// of the step's several commands is meant: 2, 2#3. Inside a call the caller's path stands first: 5>A#1. Inside a loop the
// item stands last: 3#1@n1.
type contour struct {
	seq    uint64
	state  steps.State
	lines  []steps.Line
	names  map[string]string // by place
	byName map[string]int    // line
}

// outline is the contour as it is now.
func (w *walk) outline() *contour {
	if w.contour == nil || w.contour.seq != w.state.Seq() {
		w.contour = newContour(w.state)
	}
	return w.contour
}

func newContour(s steps.State) *contour {
	c := &contour{seq: s.Seq(), state: s, lines: s.Outline(), names: map[string]string{}, byName: map[string]int{}}
	units := map[string]int{}
	for _, l := range c.lines {
		if l.Unit {
			units[c.group(l)]++
		}
	}
	seen := map[string]int{}
	for i, l := range c.lines {
		name := c.callers(l.Place) + c.path(l)
		if group := c.group(l); l.Unit && units[group] > 1 {
			seen[group]++
			name += fmt.Sprintf("#%d", seen[group])
		}
		name += items(l.Place)
		c.names[l.Place.Key()] = name
		if _, taken := c.byName[name]; !taken {
			c.byName[name] = i
		}
	}
	return c
}

// group is what the units of one step in one place have in common.
func (c *contour) group(l steps.Line) string {
	return c.callers(l.Place) + c.path(l) + items(l.Place)
}

// items are the items of the loops that a place stands in.
func items(p steps.Place) string {
	var b strings.Builder
	for _, f := range p.Frames {
		if f.Kind == steps.ItemFrame {
			b.WriteString("@" + f.Name)
		}
	}
	return b.String()
}

// callers are the paths of the steps that call what a place stands in.
func (c *contour) callers(p steps.Place) string {
	var b strings.Builder
	for _, f := range p.Frames {
		if step := c.state.Step(steps.Place{Block: f.Name}); f.Kind == steps.CallFrame && step != nil {
			b.WriteString(step.Path + ">")
		}
	}
	return b.String()
}

func (c *contour) path(l steps.Line) string {
	if l.Step >= 0 && c.state.Plan().Steps[l.Step].Path != "" {
		return c.state.Plan().Steps[l.Step].Path
	}
	return fmt.Sprintf(":%d", c.line(l))
}

// line is the line of the source where a line of the outline stands.
func (c *contour) line(l steps.Line) int {
	if l.Block >= 0 {
		return c.state.Plan().Blocks[l.Block].Line
	}
	return c.state.Plan().Steps[l.Step].Line
}

func (c *contour) title(l steps.Line) string {
	if l.Step < 0 {
		return ""
	}
	return c.state.Plan().Steps[l.Step].Title
}

// name is what a place is called.
func (c *contour) name(p steps.Place) string {
	if name, ok := c.names[p.Outside().Key()]; ok {
		return name
	}
	return c.state.Name(p)
}

// at is the line of a place, false if the outline has none.
func (c *contour) at(p steps.Place) (steps.Line, bool) {
	i := slices.IndexFunc(c.lines, func(l steps.Line) bool { return l.Place.Key() == p.Outside().Key() })
	if i < 0 {
		return steps.Line{}, false
	}
	return c.lines[i], true
}

// spellings are all the names a line answers to, the narrowest first.
func (c *contour) spellings(l steps.Line) []string {
	names := []string{c.names[l.Place.Key()], fmt.Sprintf(":%d", c.line(l))}
	if l.Step >= 0 {
		names = append(names, c.title(l), c.callers(l.Place)+c.path(l), c.path(l))
	}
	return names
}

// find is the place that a word names: of several the first that still asks for something.
func (c *contour) find(word string) (steps.Place, error) {
	word = strings.TrimSpace(word)
	var found *steps.Line
	for depth := range 5 {
		for i := range c.lines {
			l := &c.lines[i]
			names := c.spellings(*l)
			if depth >= len(names) || !strings.EqualFold(names[depth], word) {
				continue
			}
			if found == nil || !found.Unit || (found.Status.Settled() && !l.Status.Settled()) {
				found = l
			}
		}
		if found != nil {
			return c.unit(*found), nil
		}
	}
	return steps.Place{}, fmt.Errorf("there is no place %q; the nearest is %q, list shows all", word, doc.Nearest(word, c.spelled()))
}

// unit is the first unit at or inside a line that still asks for something, else the line's own place.
func (c *contour) unit(from steps.Line) steps.Place {
	if from.Unit {
		return from.Place
	}
	i := slices.IndexFunc(c.lines, func(l steps.Line) bool { return l.Place.Key() == from.Place.Key() })
	for _, l := range c.lines[i+1:] {
		if l.Depth <= from.Depth {
			break
		}
		if l.Unit && !l.Status.Settled() {
			return l.Place
		}
	}
	return from.Place
}

// spelled are all names of all places.
func (c *contour) spelled() []string {
	var names []string
	for _, l := range c.lines {
		names = append(names, c.spellings(l)...)
	}
	return names
}

// around are the lines of the steps that a place stands in, its own line at the head, the outermost last. Inside a call the
// steps around the caller come behind those of the routine.
func (c *contour) around(p steps.Place) []steps.Line {
	own, ok := c.at(p)
	if !ok {
		return nil
	}
	lines := []steps.Line{own}
	index := own.Step
	if own.Block < 0 && index >= 0 {
		index = c.state.Plan().Steps[index].Parent
	}
	frames := own.Place.Frames
	for ; index >= 0; index = c.state.Plan().Steps[index].Parent {
		l, ok := c.at(steps.Place{Block: c.state.Plan().Steps[index].ID, Frames: frames})
		for n := len(frames); !ok && n > 0 && frames[n-1].Kind == steps.ItemFrame; n = len(frames) {
			frames = frames[:n-1]
			l, ok = c.at(steps.Place{Block: c.state.Plan().Steps[index].ID, Frames: frames})
		}
		if ok {
			lines = append(lines, l)
		}
	}
	if n := len(frames); n > 0 && frames[n-1].Kind == steps.CallFrame {
		lines = append(lines, c.around(steps.Place{Block: frames[n-1].Name, Frames: frames[:n-1]})...)
	}
	return lines
}

// condition is under which condition a line is walked, "" if under none. Of an option the choice decides.
func (c *contour) condition(l steps.Line) string {
	if l.Block >= 0 {
		return c.state.Plan().Blocks[l.Block].Optional
	}
	for _, choice := range c.state.Plan().Choices {
		if slices.ContainsFunc(choice.Options, func(o runbook.Option) bool { return o.Step == l.Step }) {
			return ""
		}
	}
	return c.state.Plan().Steps[l.Step].Optional
}

// position counts the units on the way: which one a place is, and how many there are.
func (c *contour) position(p steps.Place) (n, of int) {
	for _, l := range c.lines {
		if !l.Unit || l.Status == steps.StatusElsewhere {
			continue
		}
		of++
		if l.Place.Key() == p.Outside().Key() {
			n = of
		}
	}
	return n, of
}

// verification is the next block after a place that verifies and may be run: what the document itself offers to find out
// how things stand.
func (c *contour) verification(p steps.Place) (steps.Line, bool) {
	behind := false
	for _, l := range c.lines {
		if behind && l.Block >= 0 && c.state.Plan().Blocks[l.Block].Verify && c.state.Plan().Blocks[l.Block].Gate == runbook.NoGate {
			return l, true
		}
		behind = behind || l.Place.Key() == p.Outside().Key()
	}
	return steps.Line{}, false
}
