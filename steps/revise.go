package steps

import (
	"strings"

	"gatewalk/runbook"
)

// Revision is what becomes of a walk's progress in another version of its procedure. Progress goes by content: a mark is
// carried only to the same command, or for work without one to the same step. What was changed stands open again.
type Revision struct {
	Marks   []Carried
	Orphans []Orphaned // of a damaged record only
	Changed []Change
}

// Change is a finished place whose command is another one now, or is gone.
type Change struct {
	At     string // the place in the old version, as people name it
	Title  string
	Status Status
	Was    string
	Now    string // "" if it is gone
	NowAt  string
}

// Revise compares a walk with another version of its procedure.
func Revise(old State, plan *runbook.Plan) Revision {
	return old.revise(New(plan), func(Place) bool { return false })
}

// revise leaves out the places about which something else is known.
func (s State) revise(fresh State, without func(Place) bool) Revision {
	var r Revision
	for _, l := range s.Outline() {
		if !l.Unit || !l.Status.Settled() || l.Status == StatusElsewhere || l.Status == StatusPassed || without(l.Place) {
			continue
		}
		mark, ok := s.mark(fresh, l)
		if ok {
			r.Marks = append(r.Marks, mark)
			continue
		}
		r.Changed = append(r.Changed, s.changed(fresh, l))
	}
	return r
}

// mark is how a place stands, for the same place in another version; false if there is none, or if it asks for something else now.
func (s State) mark(fresh State, l Line) (Carried, bool) {
	if !fresh.names(l.Place) {
		return Carried{}, false
	}
	spot := s.Spot(l.Place)
	mark := Carried{Place: l.Place, Status: l.Status, Option: spot.Option, From: s.opened.Session, Attempt: spot.Last, Items: spot.Values[Items].Value, Reason: spot.Reason}
	if l.Status != StatusChosen || spot.Option < 0 {
		return mark, true
	}
	was := s.plan.Choices[*s.Step(l.Place).Choice].Options[spot.Option].Title
	choice := fresh.Step(l.Place).Choice
	if choice == nil {
		return Carried{}, false
	}
	for i, option := range fresh.plan.Choices[*choice].Options {
		if option.Title == was {
			mark.Option = i
			return mark, true
		}
	}
	return Carried{}, false
}

// names says whether a plan has a block or step of that identity, and the calls around it.
func (s State) names(p Place) bool {
	if s.Block(p) == nil && s.Step(p) == nil {
		return false
	}
	for _, f := range p.Frames {
		if _, ok := s.index.steps[f.Name]; f.Kind == CallFrame && !ok {
			return false
		}
	}
	return true
}

// changed is a finished place that has no equal: what stands in the same step, at the same position, is what it became.
func (s State) changed(fresh State, l Line) Change {
	step := s.Step(l.Place)
	c := Change{At: s.Name(l.Place), Status: l.Status, Was: s.asked(l.Place)}
	if step == nil {
		return c
	}
	c.Title = step.Title
	i, ok := fresh.index.steps[step.ID]
	if !ok {
		return c
	}
	now := &fresh.plan.Steps[i]
	place := Place{Block: now.ID}
	if n := position(s.plan, step, l.Place.Block); n >= 0 && n < len(now.Blocks) {
		place = Place{Block: fresh.plan.Blocks[now.Blocks[n]].ID}
	}
	c.Now, c.NowAt = fresh.asked(place), fresh.Name(place)
	return c
}

// asked is what a place asks for: its command, or the title of its step.
func (s State) asked(p Place) string {
	if b := s.Block(p); b != nil {
		return strings.TrimSuffix(joined(b), "\n")
	}
	return s.Step(p).Title
}

// position is the how-manieth block of its step a block is, -1 if it is none of it.
func position(plan *runbook.Plan, step *runbook.Step, id string) int {
	for n, i := range step.Blocks {
		if plan.Blocks[i].ID == id {
			return n
		}
	}
	return -1
}

// carry takes marks over into a session in which nothing has happened yet.
func (d decision) carry(in Carry) ([]Fact, *Refusal) {
	if d.s.places.Len() > 0 || d.s.attempts.Len() > 0 {
		return nil, &Refusal{Why: RefusedNot, Text: "marks are carried into a new session only", Next: "begin one"}
	}
	var facts []Fact
	for _, mark := range in.Marks {
		if !mark.Status.Settled() || !d.s.names(mark.Place) {
			return nil, d.s.refuse(mark.Place, RefusedNot, "walk it here", "a mark of %q cannot be carried to it", mark.Status)
		}
		facts = append(facts, mark)
	}
	return facts, nil
}

func (s State) applyCarried(e Event, f Carried) State {
	return s.change(e, f.Place, func(spot *Spot) {
		spot.Status, spot.Option = f.Status, f.Option
		spot.Reason = "carried from session " + f.From
		if f.Claimed {
			spot.Reason = ClaimedBy + f.From
		}
		if f.Items != "" {
			spot.Values = map[string]Variable{Items: {Value: f.Items, Origin: "carried"}}
		}
	})
}
