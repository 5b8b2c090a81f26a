package steps

import (
	"slices"
	"strings"

	"gatewalk/runbook"
)

// Items is the name under which the list of a loop is set at the loop's place: names parted by blanks or commas.
const Items = "items"

// iterates says whether the operator repeats a step: it is a loop with work of its own. (What a command repeats by itself is one step.)
func (s State) iterates(st *runbook.Step) bool {
	return st.Loop != nil && st.Kind == runbook.LoopStep && (s.hasWork(st) || len(s.plan.Loops[*st.Loop].Again) > 0)
}

// hasWork says whether a step holds something to run or other steps.
func (s State) hasWork(st *runbook.Step) bool {
	return slices.ContainsFunc(st.Body, func(item runbook.Item) bool {
		return item.Kind == runbook.StepItem || item.Kind == runbook.BlockItem && s.plan.Blocks[item.Index].Runs()
	})
}

// Loop is how often a loop is repeated, in words that go on from "repeated", and the list that was confirmed, nil while it was not.
// It answers false for a place that is no loop of the operator's.
func (s State) Loop(p Place) (times string, items []string, ok bool) {
	i, found := s.index.steps[p.Block]
	if !found || !s.iterates(&s.plan.Steps[i]) {
		return "", nil, false
	}
	list := s.Spot(p).Values[Items].Value
	return s.plan.Loops[*s.plan.Steps[i].Loop].Times(), words(list), true
}

// words are the names in a list.
func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' })
}

// setItems confirms the list of a loop. Once something was done for an item, the list only grows.
func (d decision) setItems(in Set) ([]Fact, *Refusal) {
	times, before, ok := d.s.Loop(in.Place)
	if !ok || in.Name != Items {
		return nil, d.s.refuse(in.Place, RefusedNot, "set it at the command that reads it", "nothing here reads %s", in.Name)
	}
	list := words(in.Value)
	if len(list) == 0 {
		return nil, d.s.refuse(in.Place, RefusedMissing, "name at least one, or skip the step with a reason", "an empty list, and this is repeated %s", times)
	}
	for i, item := range list {
		if slices.Contains(list[:i], item) {
			return nil, d.s.refuse(in.Place, RefusedNot, "name each once", "%s is in the list twice", item)
		}
	}
	for _, item := range before {
		if !slices.Contains(list, item) && d.s.begunFor(in.Place, item) {
			return nil, d.s.refuse(in.Place, RefusedNot, "keep it in the list; skip what is left to do for it", "%s has been begun", item)
		}
	}
	return []Fact{in}, nil
}

// begunFor says whether anything happened inside a loop for one of its items.
func (s State) begunFor(loop Place, item string) bool {
	inside := s.inside(&s.plan.Steps[s.index.steps[loop.Block]], loop.Frames, item)
	begun := false
	s.walk(func(l Line) bool {
		if len(l.Place.Frames) >= len(inside) && slices.Equal(l.Place.Frames[:len(inside)], inside) {
			begun = begun || l.Status != StatusOpen
		}
		return !begun
	})
	return begun
}

// inside are the frames of what is walked for one item of a loop. What is walked once more stands in a call as well, by
// which it is told from its first walk and ends where it comes to the loop again.
func (s State) inside(loop *runbook.Step, frames []Frame, item string) []Frame {
	around := Place{Frames: frames}
	if len(s.plan.Loops[*loop.Loop].Again) > 0 {
		around = around.In(CallFrame, loop.ID)
	}
	return around.In(ItemFrame, item).Frames
}

// Item is the innermost item that a place is inside of, "" if it is in no loop.
func (p Place) Item() string {
	for i := len(p.Frames) - 1; i >= 0; i-- {
		if p.Frames[i].Kind == ItemFrame {
			return p.Frames[i].Name
		}
	}
	return ""
}
