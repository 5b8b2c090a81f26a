package steps

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"gatewalk/runbook"
)

// Apply is the state after an event. Replaying a session is Apply in a loop; it cannot start anything.
// What changes is copied place by place, so its cost does not grow with the session.
func Apply(s State, e Event) State {
	s.seq, s.epoch, s.at = e.Seq, e.Epoch, e.At
	for _, fact := range e.Facts {
		s = s.apply(e, fact)
	}
	return s
}

func (s State) apply(e Event, fact Fact) State {
	switch f := fact.(type) {
	case Opened:
		return s.applyOpened(e, f)
	case Bound:
		return s.applyBound(e, f)
	case Set:
		return s.applySet(e, f)
	case Chosen:
		return s.change(e, f.Place, func(spot *Spot) { spot.Option, spot.Status = f.Option, StatusChosen })
	case Started:
		return s.applyStarted(e, f)
	case Edited:
		return s.change(e, f.Place, func(spot *Spot) { spot.Edited = &f.Text })
	case Finished:
		return s.applyFinished(e, f)
	case Judged:
		return s.applyJudged(e, f)
	case GateReached:
		return s.change(e, f.Place, func(spot *Spot) { spot.Gate, spot.Status, spot.Passed, spot.Reason = &f, StatusWaiting, false, "" })
	case GatePassed:
		return s.change(e, f.Place, func(spot *Spot) { spot.Passed = true })
	case GateRefused:
		return s.applyRefused(e, f)
	case DoneByHand:
		return s.change(e, f.Place, func(spot *Spot) { spot.ByHand, spot.Status, spot.Reason = &f, byHand(f.Result), f.Note })
	case Skipped:
		return s.change(e, f.Place, func(spot *Spot) { spot.Status, spot.Reason = StatusSkipped, f.Reason })
	case Overruled:
		return s.change(e, f.Place, func(spot *Spot) {
			spot.Read = maps.Clone(spot.Read)
			if spot.Read == nil {
				spot.Read = map[Property]string{}
			}
			spot.Read[f.Property] = f.Value
		})
	case Called:
		return s.change(e, f.Place, func(spot *Spot) { spot.Status = StatusCalled })
	case Returned:
		return s.change(e, f.Place, func(spot *Spot) { spot.Status = StatusDone })
	case PollStarted:
		return s.change(e, f.Place, func(spot *Spot) {
			spot.Status = StatusPolling
			spot.Poll = &PollState{Every: duration(f.Every, PollEvery), Timeout: duration(f.Timeout, PollTimeout), Began: e.At}
		})
	case PollEnded:
		return s.applyPollEnded(e, f)
	case Unknown:
		return s.applyUnknown(e, f)
	case Resolved:
		return s.applyResolved(e, f)
	case Noted:
		return s.applyNoted(e, f)
	case Attached:
		return s.quiet(e, f.Place, func(spot *Spot) { spot.Attached = append(slices.Clip(spot.Attached), f) })
	case Held:
		s.held = nil
		if f.On {
			s.held = &f
		}
		return s
	case DriverChanged:
		s.driver, s.asking = f.To, nil
		return s
	case DriveAsked:
		s.asking = &f
		return s
	case DriveRefused:
		s.asking = nil
		return s
	case SecretsForgotten:
		s.lost = maps.Clone(s.lost)
		if s.lost == nil {
			s.lost = map[string]bool{}
		}
		for _, name := range f.Names {
			s.lost[name] = true
		}
		return s
	case Carried:
		return s.applyCarried(e, f)
	case Orphaned:
		return s.applyOrphaned(e, f)
	case Continued:
		s.continued = &f
		return s
	case Moved:
		s.moved = &f
		return s
	case Closed:
		s.closed = &f
		return s
	case ClockJumped, TailDropped:
		return s
	}
	panic(fmt.Sprintf("steps: %T is not in the closed set", fact))
}

// change changes one place, and marks it changed: what was confirmed of it before is stale.
func (s State) change(e Event, p Place, change func(*Spot)) State {
	return s.quiet(e, p, func(spot *Spot) {
		spot.Changed, spot.Since = e.Seq, e.At
		change(spot)
	})
}

// quiet changes one place without making anything stale.
func (s State) quiet(_ Event, p Place, change func(*Spot)) State {
	spot := s.Spot(p)
	change(&spot)
	s.places = s.places.Set(p.Key(), &spot)
	return s
}

func (s State) applyOpened(e Event, f Opened) State {
	if f.Arrived {
		s = s.arrive(e, f)
	}
	s.opened, s.sitting = &f, e.Seq
	if f.Copied {
		s.copied = e.Seq
	}
	if f.Resumed || len(f.Inherited) == 0 && f.Context == "" {
		return s
	}
	return s.context(f.Machine, f.User, func(c *Context) {
		c.Digest = f.Context
		for name, value := range f.Inherited {
			c.Table[name] = Variable{Value: value, Origin: "inherited", At: e.At}
			if f.Context == "" {
				c.Assign[name] = value
			}
		}
	})
}

// context changes one context, on a copy.
func (s State) context(host, user string, change func(*Context)) State {
	old := s.Context(host, user)
	c := &Context{Digest: old.Digest, Table: maps.Clone(old.Table), Assign: maps.Clone(old.Assign)}
	if c.Table == nil {
		c.Table = map[string]Variable{}
	}
	if c.Assign == nil {
		c.Assign = map[string]string{}
	}
	change(c)
	s.contexts = maps.Clone(s.contexts)
	if s.contexts == nil {
		s.contexts = map[string]*Context{}
	}
	s.contexts[host+"\x00"+user] = c
	return s
}

func (s State) applyBound(e Event, f Bound) State {
	if f.Place != nil && f.Host == "" {
		return s.change(e, *f.Place, func(spot *Spot) { spot.Binding = &f.To })
	}
	s.bindings = maps.Clone(s.bindings)
	if s.bindings == nil {
		s.bindings = map[string]Binding{}
	}
	s.bindings[bindingKey(f.Host, f.Place)] = f.To
	return s
}

func (s State) applySet(e Event, f Set) State {
	value := Variable{Value: f.Value, Commitment: f.Commitment, Origin: "typed", At: e.At}
	if f.Commitment != "" {
		s.lost = without(s.lost, s.SecretVariable(f.Place, f.Name))
	}
	if s.Block(f.Place) == nil {
		return s.give(e, f, value, StatusChosen)
	}
	if !s.fills(f.Place, f.Name) {
		ready := s.Prepare(f.Place)
		if ready.Binding == nil {
			return s
		}
		host, user := s.Target(*ready.Binding)
		return s.context(host, user, func(c *Context) {
			c.Table[f.Name] = value
			delete(c.Assign, f.Name)
			if f.Commitment == "" {
				c.Assign[f.Name] = f.Value
			}
		})
	}
	s.remember(f, value)
	return s.give(e, f, value, s.Spot(f.Place).Status)
}

// give keeps a value at its place.
func (s State) give(e Event, f Set, value Variable, status Status) State {
	return s.change(e, f.Place, func(spot *Spot) {
		spot.Values, spot.Status = maps.Clone(spot.Values), status
		if spot.Values == nil {
			spot.Values = map[string]Variable{}
		}
		spot.Values[f.Name] = value
	})
}

// remember keeps an answer to be offered where the same spelling stands again; a template variable's holds everywhere.
func (s *State) remember(f Set, value Variable) {
	if f.Commitment == "" {
		s.answers = maps.Clone(s.answers)
		if s.answers == nil {
			s.answers = map[string]string{}
		}
		s.answers[f.Name] = f.Value
	}
	if templated(f.Name) {
		s.template = maps.Clone(s.template)
		if s.template == nil {
			s.template = map[string]Variable{}
		}
		s.template[f.Name] = value
	}
}

func without(set map[string]bool, name string) map[string]bool {
	if !set[name] {
		return set
	}
	set = maps.Clone(set)
	delete(set, name)
	return set
}

func (s State) applyStarted(e Event, f Started) State {
	s.attempts = s.attempts.Set(e.Seq, &Attempt{ID: e.Seq, At: e.At, By: e.By, Boot: e.Boot, Started: f})
	s.running = append(slices.Clip(s.running), e.Seq)
	if f.OffScript {
		return s.quiet(e, f.Place.Outside(), func(spot *Spot) { spot.Attempts = append(slices.Clip(spot.Attempts), e.Seq) })
	}
	return s.change(e, f.Place.Outside(), func(spot *Spot) {
		spot.Attempts = append(slices.Clip(spot.Attempts), e.Seq)
		spot.Last, spot.Verdict, spot.Reason = e.Seq, nil, ""
		spot.Status = StatusRunning
		if isRound(f.Place) {
			round := *spot.Poll
			round.Round++
			spot.Poll, spot.Status = &round, StatusPolling
		}
	})
}

// attempt changes one attempt, on a copy.
func (s State) attempt(id uint64, change func(*Attempt)) (State, *Attempt) {
	old := s.Attempt(id)
	if old == nil {
		panic(fmt.Sprintf("steps: a fact about attempt %d, which never started", id))
	}
	a := *old
	change(&a)
	s.attempts = s.attempts.Set(id, &a)
	return s, &a
}

func (s State) ended(id uint64) State {
	s.running = slices.DeleteFunc(slices.Clone(s.running), func(r uint64) bool { return r == id })
	return s
}

func (s State) applyFinished(e Event, f Finished) State {
	s, a := s.attempt(f.Attempt, func(a *Attempt) { a.End, a.Ended, a.Unknown = &f, e.At, "" })
	s = s.ended(f.Attempt).keepContext(a)
	if a.Started.OffScript {
		return s
	}
	return s.change(e, a.Started.Place.Outside(), func(spot *Spot) {
		if spot.Status != StatusPolling {
			spot.Status = StatusJudging
		}
		spot.Reason = f.Error
	})
}

// keepContext takes over the context an attempt left, unless it was scratch or left none.
func (s State) keepContext(a *Attempt) State {
	if a.Started.Scratch || a.End.Context == "" {
		return s
	}
	host, user := s.opened.Machine, cmp.Or(a.Started.User, s.opened.User)
	return s.context(host, user, func(c *Context) {
		c.Digest = a.End.Context
		origin := fmt.Sprintf("attempt %d", a.ID)
		for name := range a.Started.Assign {
			delete(c.Assign, name)
		}
		for name, value := range a.End.Changed {
			c.Table[name] = Variable{Value: value, Origin: origin, At: a.Ended}
		}
		for _, name := range a.End.Unset {
			delete(c.Table, name)
		}
	})
}

func (s State) applyJudged(e Event, f Judged) State {
	s, _ = s.attempt(f.Attempt, func(a *Attempt) { a.Judged = &f })
	return s.change(e, f.Place.Outside(), func(spot *Spot) {
		spot.Verdict, spot.Reason = &f, f.Note
		if spot.Poll != nil && spot.Poll.How == "" && isRound(f.Place) {
			poll := *spot.Poll
			poll.Last = e.At
			spot.Poll = &poll
			return
		}
		spot.Status = judged(f.Judgment.Ruling)
	})
}

func judged(ruling Ruling) Status {
	switch ruling {
	case RulingPass:
		return StatusDone
	case RulingFail:
		return StatusFailed
	case RulingAsk, RulingPending:
		return StatusAsking
	}
	panic("steps: unknown ruling " + string(ruling))
}

func (s State) applyPollEnded(e Event, f PollEnded) State {
	return s.change(e, f.Place, func(spot *Spot) {
		poll := *spot.Poll
		poll.How = f.How
		spot.Poll = &poll
		switch f.How {
		case PollHolds:
			spot.Status = StatusDone
		case PollStopped:
			spot.Status = StatusOpen
		case PollFailed:
			spot.Status, spot.Reason = StatusFailed, "a round of the poll failed"
		default:
			spot.Status, spot.Reason = StatusFailed, "the poll was "+f.How
		}
	})
}

func (s State) applyRefused(e Event, f GateRefused) State {
	if f.NoGo {
		return s.change(e, f.Place, func(spot *Spot) { spot.Status, spot.Reason = StatusRefused, f.Reason })
	}
	return s.quiet(e, f.Place, func(spot *Spot) { spot.Wrong++ })
}

func byHand(result Result) Status {
	switch result {
	case Passed:
		return StatusByHand
	case Failed:
		return StatusFailed
	case NotApplicable:
		return StatusNot
	}
	panic("steps: unknown result " + string(result))
}

func (s State) applyUnknown(e Event, f Unknown) State {
	s, a := s.attempt(f.Attempt, func(a *Attempt) { a.Unknown = f.Evidence })
	s = s.ended(f.Attempt)
	if a.Started.OffScript {
		return s
	}
	return s.change(e, a.Started.Place.Outside(), func(spot *Spot) { spot.Status, spot.Reason = StatusUnknown, f.Evidence })
}

func (s State) applyResolved(e Event, f Resolved) State {
	s, a := s.attempt(f.Attempt, func(a *Attempt) { a.Resolved, a.Unknown = &f, "" })
	if f.As == OutcomeRunning {
		return s
	}
	s = s.ended(f.Attempt).decided(e, a)
	if a.Started.OffScript {
		return s
	}
	return s.change(e, a.Started.Place.Outside(), func(spot *Spot) {
		spot.Reason = f.Reason
		switch f.As {
		case OutcomeDone:
			spot.Status = StatusDone
		case OutcomeFailed:
			spot.Status = StatusFailed
		case OutcomeNotRun:
			if spot.Status != StatusPolling {
				spot.Status = StatusOpen
			}
		case OutcomeRunning, OutcomeRebooted, OutcomeUnknown:
			panic("steps: nothing is resolved as " + string(f.As))
		}
	})
}

func (s State) applyNoted(e Event, f Noted) State {
	if f.Jump != nil {
		s.jumps = append(slices.Clip(s.jumps), jump{from: f.Jump.Key(), to: f.Place.Key()})
		s = s.quiet(e, *f.Place, func(spot *Spot) { spot.Jumped = true })
	}
	if f.Place == nil {
		return s
	}
	note := Written{Seq: e.Seq, At: e.At, By: e.By, Text: f.Text}
	return s.quiet(e, *f.Place, func(spot *Spot) { spot.Notes = append(slices.Clip(spot.Notes), note) })
}

// Replay is the state after events, in order. It starts nothing.
func Replay(plan *runbook.Plan, events []Event) State {
	s := New(plan)
	for _, event := range events {
		s = Apply(s, event)
	}
	return s
}
