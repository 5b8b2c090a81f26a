package steps

import "gatewalk/runbook"

// Line is one line of the outline: a step, or a block that can be run, at one place of the walk.
type Line struct {
	Place  Place
	Step   int    // index in Plan.Steps, -1 for a block outside any step
	Block  int    // index in Plan.Blocks, -1 for a step's own line
	Depth  int    // 0 at the top
	Unit   bool   // it is ticked off: it runs, or is done by hand. The rest only holds others together
	Status Status // of a line that is no unit: open
	Reason string // why it is skipped or not on this way
}

// Outline is the whole walk in order, with what is not on the way marked so. It is what a screen lists.
func (s State) Outline() []Line {
	var lines []Line
	s.walk(func(l Line) bool {
		lines = append(lines, l)
		return true
	})
	return lines
}

// Next is the first place that still asks for something, in walking order; false when there is none.
func (s State) Next() (Place, bool) {
	var next Place
	found := false
	s.walk(func(l Line) bool {
		if l.Unit && !l.Status.Settled() {
			next, found = l.Place, true
		}
		return !found
	})
	return next, found
}

// Trouble is the first place that stops the walk until someone has decided; false when there is none.
func (s State) Trouble() (Place, bool) {
	var at Place
	found := false
	s.walk(func(l Line) bool {
		if l.Status.Trouble() {
			at, found = l.Place, true
		}
		return !found
	})
	return at, found
}

// walk visits every line in order until visit answers false.
func (s State) walk(visit func(Line) bool) {
	w := walker{state: s, visit: visit, asked: map[int]Place{}}
	w.items(s.plan.Root, -1, nil, 0, "")
}

// walker goes down the plan. away is why everything below is not on the way; "" while it is.
type walker struct {
	state   State
	asked   map[int]Place // where each choice was last come by
	visit   func(Line) bool
	stopped bool
	over    string // the place a jump goes to, while what is visited lies before it
}

func (w *walker) items(items []runbook.Item, step int, frames []Frame, depth int, away string) {
	for _, item := range items {
		if w.stopped {
			return
		}
		switch item.Kind {
		case runbook.StepItem:
			w.step(item.Index, frames, depth, away)
		case runbook.BlockItem:
			w.block(item.Index, step, frames, depth, away)
		case runbook.NoteItem, runbook.ProseItem:
		default:
			panic("steps: unknown item " + string(item.Kind))
		}
	}
}

func (w *walker) block(index, step int, frames []Frame, depth int, away string) {
	b := &w.state.plan.Blocks[index]
	place := Place{Block: b.ID, Frames: frames}
	if !b.Runs() && b.Kind != runbook.File && w.state.Spot(place).Read[KindProperty] != string(runbook.Command) {
		return
	}
	if away == "" {
		away = w.notTaken(w.state.index.blockWays[index], frames)
	}
	if away == "" {
		away = leftOut(b.Skip, b.Site)
	}
	w.line(Line{Place: place, Step: step, Block: index, Depth: depth, Unit: true, Reason: away})
}

func (w *walker) step(index int, frames []Frame, depth int, away string) {
	st := &w.state.plan.Steps[index]
	if st.Routine && !calledFrom(w.state.plan, st, frames) {
		return
	}
	place := Place{Block: st.ID, Frames: frames}
	spot := w.state.Spot(place)
	if away == "" {
		away = w.notTaken(w.state.index.stepWays[index], frames)
	}
	if away == "" {
		away = leftOut(st.Skip, st.Site)
	}
	unit := w.isUnit(st) && !(w.state.iterates(st) && calling(frames, st.ID))
	w.line(Line{Place: place, Step: index, Block: -1, Depth: depth, Unit: unit, Reason: away})
	if away == "" && spot.Status == StatusSkipped {
		away = "skipped: " + spot.Reason
	}
	if target := callee(w.state.plan, st); target != nil && !calling(frames, st.ID) {
		inside := Place{Frames: frames}.In(CallFrame, st.ID).Frames
		w.items(target.Body, stepIndex(w.state.index, target.ID), inside, depth+1, away)
	}
	if st.Choice != nil {
		w.asked[*st.Choice] = place
	}
	if w.state.iterates(st) && !calling(frames, st.ID) {
		w.loop(st, index, place, depth, away)
		return
	}
	w.items(st.Body, index, frames, depth+1, away)
}

// loop goes through a loop's body once for each item of the confirmed list; before there is one, the body is not on the way yet.
func (w *walker) loop(st *runbook.Step, index int, place Place, depth int, away string) {
	_, items, _ := w.state.Loop(place)
	if len(items) == 0 {
		if away == "" {
			away = "the list is not confirmed yet"
		}
		w.items(st.Body, index, place.Frames, depth+1, away)
		return
	}
	for _, item := range items {
		inside := w.state.inside(st, place.Frames, item)
		for _, again := range w.state.plan.Loops[*st.Loop].Again {
			w.step(again, inside, depth+1, away)
		}
		w.items(st.Body, index, inside, depth+1, away)
	}
}

// leftOut is why something is not on the way at this site, "" if it is.
func leftOut(reason string, bySite bool) string {
	switch {
	case reason == "":
		return ""
	case !bySite: // by the page that calls for it with differences
		return "left out: " + reason
	}
	return "left out at this site: " + reason
}

// line gives a line its status and hands it over.
func (w *walker) line(l Line) {
	if w.stopped {
		return
	}
	spot := w.state.Spot(l.Place)
	if l.Reason != "" && spot.Status == StatusOpen {
		l.Status = StatusElsewhere
	} else {
		l.Status, l.Reason = spot.Status, spot.Reason
	}
	if over := l.Unit && w.passedOver(l.Place); over && l.Status == StatusOpen {
		l.Status = StatusPassed
	}
	w.stopped = !w.visit(l)
}

// passedOver says whether a place lies between the two ends of a jump.
func (w *walker) passedOver(p Place) bool {
	key := p.Key()
	if w.over != "" {
		if w.over != key {
			return true
		}
		w.over = ""
	}
	for _, j := range w.state.jumps {
		if j.from == key && j.to != key {
			w.over = j.to
			return true
		}
	}
	return false
}

// notTaken is why what several ways hold is not on the way, "" if one of them was taken, or there are none.
func (w *walker) notTaken(ways []way, frames []Frame) string {
	away := ""
	for _, o := range ways {
		if away = w.otherTaken(o, frames); away == "" {
			return ""
		}
	}
	return away
}

// otherTaken is why a way is not taken, "" if it is.
func (w *walker) otherTaken(o way, frames []Frame) string {
	choice := &w.state.plan.Choices[o.choice]
	asked, come := w.asked[o.choice]
	if !come {
		asked = Place{Block: w.state.plan.Steps[choice.Step].ID, Frames: frames}
	}
	switch taken := w.state.Spot(asked).Option; taken {
	case o.option:
		return ""
	case -1:
		return "not chosen yet"
	default:
		return "chosen instead: " + choice.Options[taken].Title
	}
}

// isUnit says whether a step is ticked off by itself: a choice, a call, or work that no block of its own does.
func (w *walker) isUnit(st *runbook.Step) bool {
	if st.Choice != nil || w.state.iterates(st) {
		return true
	}
	for _, b := range st.Blocks {
		if w.state.plan.Blocks[b].Runs() || w.state.plan.Blocks[b].Kind == runbook.File {
			return false
		}
	}
	switch st.Kind {
	case runbook.RefStep:
		return st.Ref == nil || w.state.plan.Refs[*st.Ref].Returns || !w.state.plan.Refs[*st.Ref].Internal
	case runbook.ManualStep, runbook.VerifyStep:
		return true
	case runbook.CommandStep, runbook.LoopStep:
		return !w.state.hasWork(st)
	case runbook.InfoStep, runbook.ChoiceStep:
		return false
	}
	panic("steps: unknown step kind " + string(st.Kind))
}

// callee is the step that a reference calls, here or in another document that was read; nil if it calls none.
func callee(plan *runbook.Plan, st *runbook.Step) *runbook.Step {
	if st.Ref == nil {
		return nil
	}
	ref := &plan.Refs[*st.Ref]
	if !ref.Returns || ref.Step < 0 {
		return nil
	}
	return &plan.Steps[ref.Step]
}

// calling says whether a step is already being called further out: a procedure that calls itself is walked once.
func calling(frames []Frame, step string) bool {
	for _, f := range frames {
		if f.Kind == CallFrame && f.Name == step {
			return true
		}
	}
	return false
}

// calledFrom says whether a routine is walked here because its caller's frame is the innermost.
func calledFrom(plan *runbook.Plan, routine *runbook.Step, frames []Frame) bool {
	if len(frames) == 0 {
		return false
	}
	for i := range plan.Steps {
		if plan.Steps[i].ID == frames[len(frames)-1].Name {
			target := callee(plan, &plan.Steps[i])
			return target != nil && target.ID == routine.ID
		}
	}
	return false
}

func stepIndex(x *index, id string) int {
	if i, ok := x.steps[id]; ok {
		return i
	}
	return -1
}
