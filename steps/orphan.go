package steps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gatewalk/runbook"
)

// ClaimedBy begins the reason of a mark that is taken over from a damaged record.
const ClaimedBy = "claimed by the damaged record of session "

// Lost is an attempt of a damaged record, as what is left of it tells.
type Lost struct {
	Attempt  uint64 // its number; 0 for whatever ran in lines of which nothing is left
	Host     string
	User     string
	Commands []string // nil if nothing tells
	Began    string   // RFC 3339
	Evidence string
}

// Doubtful are the attempts at which a walk stood where its record breaks off, oldest first: nobody had seen their end, or
// nobody had settled what came of it.
func (s State) Doubtful() []uint64 {
	var ids []uint64
	attempts := s.attempts.Iterator()
	for !attempts.Done() {
		id, a, _ := attempts.Next()
		spot := s.Spot(a.Started.Place.Outside())
		unseen := a.End == nil && (a.Resolved == nil || a.Resolved.As == OutcomeRunning)
		unsettled := spot.Last == id && !spot.Status.Settled() && (a.Resolved == nil || a.Resolved.As != OutcomeNotRun)
		if unseen || unsettled {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// ReviseDamaged is Revise for a walk whose record is damaged. The marks are what that record claims; where an attempt was
// lost there is none, and the attempt is in doubt: at its place if that can be told, else at the next one, as a question
// of its own. None is left out.
func ReviseDamaged(old State, plan *runbook.Plan, lost []Lost) Revision {
	fresh := New(plan)
	var placed, unplaced []Orphaned
	for _, l := range lost {
		if o := old.orphaned(fresh, l); o.Unplaced {
			unplaced = append(unplaced, o)
		} else {
			placed = join(placed, o)
		}
	}
	r := old.revise(fresh, func(p Place) bool { return at(placed, p) >= 0 })
	for i := range r.Marks {
		r.Marks[i].Claimed = true
		fresh = fresh.applyCarried(Event{}, r.Marks[i])
	}
	r.Orphans = fresh.ask(placed, unplaced)
	return r
}

// ask finds for every orphan a place at which it will be asked about.
func (s State) ask(placed, unplaced []Orphaned) []Orphaned {
	var asked []Orphaned
	for _, o := range placed {
		if s.passes(o.Place) {
			asked = append(asked, o)
			s = s.applyOrphaned(Event{Seq: uint64(len(asked))}, o)
			continue
		}
		o.Unplaced, o.Evidence = true, fmt.Sprintf("%s; it ran %s, which is not on the way yet", o.Evidence, s.Name(o.Place))
		unplaced = append(unplaced, o)
	}
	next := s.nextOrLast()
	for _, o := range slices.Backward(unplaced) { // the last one put is the first one asked
		o.Place = next
		asked = append(asked, o)
	}
	return asked
}

// passes says whether a place is on the way. What is not may never be: a loop without its list stands where no item does.
func (s State) passes(p Place) bool {
	passes := false
	s.walk(func(l Line) bool {
		passes = l.Unit && l.Status != StatusElsewhere && l.Place.Key() == p.Key()
		return !passes
	})
	return passes
}

// nextOrLast is the first place that asks for something, else the last one on the way.
func (s State) nextOrLast() Place {
	next, ok := s.Next()
	s.walk(func(l Line) bool {
		if !ok && l.Unit && l.Status != StatusElsewhere {
			next = l.Place
		}
		return !ok
	})
	return next
}

// join puts an orphan to those at other places. Of several at one place, as the rounds of a poll, one question is asked.
func join(orphans []Orphaned, o Orphaned) []Orphaned {
	i := at(orphans, o.Place)
	if i < 0 {
		return append(orphans, o)
	}
	o.Evidence += "\nbefore it, " + orphans[i].Evidence
	orphans[i] = o
	return orphans
}

func at(orphans []Orphaned, p Place) int {
	return slices.IndexFunc(orphans, func(o Orphaned) bool { return o.Place.Key() == p.Key() })
}

// orphaned finds the place of a lost attempt: as the record says, where it goes so far, else by what it ran.
func (s State) orphaned(fresh State, l Lost) Orphaned {
	o := Orphaned{
		From: s.opened.Session, Attempt: l.Attempt, Host: cmp.Or(l.Host, s.opened.Machine), User: cmp.Or(l.User, s.opened.User),
		Commands: l.Commands, Began: l.Began, Evidence: l.Evidence, Unplaced: true,
	}
	places, standing := s.placesOf(l)
	if standing != "" {
		o.Evidence += "; " + standing
	}
	switch {
	case l.Attempt == 0:
	case len(places) == 1 && fresh.names(places[0]):
		o.Place, o.Unplaced = places[0], false
	case len(places) == 1:
		o.Evidence += fmt.Sprintf("; it ran %s, which stands differently in this version", s.Name(places[0]))
	default:
		o.Evidence += "; which step it belongs to cannot be told" + s.either(places)
	}
	return o
}

// placesOf are the places that an attempt may belong to, and in words how it stood there if the record knows it.
func (s State) placesOf(l Lost) ([]Place, string) {
	if a := s.Attempt(l.Attempt); a != nil {
		place := a.Started.Place.Outside()
		standing := fmt.Sprintf("%s stood at %q", s.Name(place), s.Spot(place).Status)
		if a.Unknown != "" {
			standing += " (" + a.Unknown + ")"
		}
		if a.Started.OffScript {
			return nil, standing + ", and it was off script"
		}
		return []Place{place}, standing
	}
	var places []Place
	if len(l.Commands) == 0 {
		return nil, ""
	}
	s.walk(func(line Line) bool {
		if b := s.Block(line.Place); line.Unit && b != nil && (slices.Equal(b.Commands, l.Commands) || slices.Equal(s.Prepare(line.Place).Commands, l.Commands)) {
			places = append(places, line.Place)
		}
		return true
	})
	return places, ""
}

// either names what something may be.
func (s State) either(places []Place) string {
	if len(places) == 0 {
		return ""
	}
	names := make([]string, len(places))
	for i, p := range places {
		names[i] = s.Name(p)
	}
	return ": it may be " + strings.Join(names, ", or ")
}

// takingOver refuses everything else until a session that goes on from another has taken over all of it: one that was cut
// off in between would offer to run what has run.
func (s State) takingOver(in Input) *Refusal {
	if !s.Incomplete() {
		return nil
	}
	switch in.(type) {
	case Carry, Orphan, Continue:
		return nil
	}
	return &Refusal{Why: RefusedClosed, Text: "not all was taken over from session " + s.opened.Continues, Next: "go on from that one again"}
}

// Incomplete says that a session was to go on from another and has not taken over all of it.
func (s State) Incomplete() bool {
	return s.opened != nil && s.opened.Continues != "" && s.continued == nil
}

// orphan takes over what an earlier session knows no end of, before anything else happens.
func (d decision) orphan(in Orphan) ([]Fact, *Refusal) {
	if d.m.By.Via != Machine || !d.s.Incomplete() {
		return nil, &Refusal{Why: RefusedNot, Text: "what an earlier session left is taken over into a new one only", Next: "begin one"}
	}
	if !d.s.names(in.Place) {
		return nil, &Refusal{Why: RefusedNot, Text: "there is no place at which to ask what became of it", Next: "go on in a version of the procedure that has something to walk"}
	}
	return []Fact{in.Orphaned}, nil
}

func (d decision) continued(in Continue) ([]Fact, *Refusal) {
	if d.m.By.Via != Machine || !d.s.Incomplete() {
		return nil, &Refusal{Why: RefusedNot, Text: "this session takes nothing over", Next: "begin one that does"}
	}
	return []Fact{in.Continued}, nil
}

func (s State) applyOrphaned(e Event, f Orphaned) State {
	a := &Attempt{
		ID: e.Seq, At: e.At, By: e.By, Unknown: f.Evidence, Earlier: &f,
		Started: Started{Place: f.Place, Host: f.Host, User: f.User, Text: strings.Join(f.Commands, "\n"), Commands: f.Commands, OffScript: f.Unplaced},
	}
	if began, err := time.Parse(time.RFC3339, f.Began); err == nil {
		a.At = began
	}
	if f.Unplaced {
		stood := s.Spot(f.Place)
		a.stood = &stood
	}
	s.attempts = s.attempts.Set(e.Seq, a)
	s.orphans = append(slices.Clip(s.orphans), e.Seq)
	return s.change(e, f.Place, func(spot *Spot) {
		spot.Attempts = append(slices.Clip(spot.Attempts), e.Seq)
		spot.Status, spot.Last, spot.Reason = StatusUnknown, e.Seq, f.Evidence
	})
}

// decided takes an attempt out of doubt. A question that was put over a place leaves it as it stood.
func (s State) decided(e Event, a *Attempt) State {
	s.orphans = slices.DeleteFunc(slices.Clone(s.orphans), func(id uint64) bool { return id == a.ID })
	if a.stood == nil {
		return s
	}
	return s.change(e, a.Started.Place, func(spot *Spot) {
		spot.Status, spot.Last, spot.Reason = a.stood.Status, a.stood.Last, a.stood.Reason
	})
}

// lastAsked refuses a word on an attempt over which another question was put.
func (s State) lastAsked(a *Attempt) *Refusal {
	last := s.Attempt(s.Spot(a.Started.Place.Outside()).Last)
	if last == nil || last.stood == nil || last.Unknown == "" || last.ID == a.ID {
		return nil
	}
	return s.refuse(a.Started.Place, RefusedTrouble, "decide that first", "attempt %d is asked about here", last.ID)
}

// orphansFirst refuses to run anything while it is not decided what became of what an earlier session left.
func (d decision) orphansFirst(p Place) *Refusal {
	if len(d.s.orphans) == 0 {
		return nil
	}
	a := d.s.Attempt(d.s.orphans[0])
	other := a.Started.Place
	r := d.s.refuse(p, RefusedTrouble, wayOut(StatusUnknown), "nobody knows what became of attempt %d, asked at %s", a.ID, d.s.Name(other))
	r.Other = &other
	return r
}

// orphanFirst refuses to decide about a place otherwise while it is asked there what became of an earlier session's attempt:
// the question would be lost.
func (s State) orphanFirst(p Place, in Input) *Refusal {
	if !slices.Contains(s.orphans, s.Spot(p).Last) {
		return nil
	}
	switch in := in.(type) {
	case Resolve, Attach:
		return nil
	case Run:
		if in.OffScript != "" {
			return nil
		}
	}
	return s.refuse(p, RefusedTrouble, wayOut(StatusUnknown), "nobody knows what became of attempt %d", s.Spot(p).Last)
}
