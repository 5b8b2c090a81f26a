package steps

import "fmt"

// Effects is the work that follows from a durable event, in the state after it. Without a fact there is no work, so
// nothing runs that was not written down first; and replaying events without asking for their effects launches nothing.
func Effects(after State, e Event) []Effect {
	var effects []Effect
	for _, fact := range e.Facts {
		effects = append(effects, after.effects(e, fact)...)
	}
	return effects
}

func (s State) effects(e Event, fact Fact) []Effect {
	switch f := fact.(type) {
	case Started:
		return []Effect{Launch{Attempt: e.Seq, Started: f}}
	case Finished:
		return append(s.observe(f.Attempt), s.wakeAll()...)
	case Opened:
		if f.Resumed {
			return s.takeUp()
		}
	case Resolved:
		switch f.As {
		case OutcomeRunning:
			return []Effect{Follow{Attempt: f.Attempt}}
		case OutcomeNotRun:
			if s.Attempt(f.Attempt).Earlier == nil {
				return []Effect{Cancel{Attempt: f.Attempt}}
			}
		}
	case Judged:
		if f.Judgment.Ruling == RulingPending {
			return s.wake(f.Place.Outside())
		}
	case Noted:
		if f.Signal != "" {
			return []Effect{Signal{Attempt: f.Attempt, Name: f.Signal}}
		}
	case Held:
		if !f.On {
			return s.wakeAll()
		}
	case Overruled:
		return s.judgeAgain(f)
	case Bound, Set, Chosen, Edited, GateReached, GatePassed, GateRefused, DoneByHand, Skipped, Called, Returned,
		PollStarted, PollEnded, Unknown, Attached, DriveAsked, DriveRefused, DriverChanged, SecretsForgotten, ClockJumped, TailDropped, Carried, Orphaned, Continued, Moved, Closed:
	default:
		panic(fmt.Sprintf("steps: %T is not in the closed set", fact))
	}
	return nil
}

// observe has an ended attempt judged; an off-script one is nobody's verification.
func (s State) observe(id uint64) []Effect {
	a := s.Attempt(id)
	if a == nil || a.Started.OffScript || a.Judged != nil || a.Resolved != nil && a.Resolved.As == OutcomeDone {
		return nil
	}
	return []Effect{Observe{Attempt: id, Check: s.Check(a.Started.Place), Poll: isRound(a.Started.Place)}}
}

// judgeAgain has a check that was just adopted judge the output that a person has been asked about.
func (s State) judgeAgain(f Overruled) []Effect {
	a := s.Attempt(s.Spot(f.Place).Last)
	if f.Property != CheckProperty || f.Value != "adopt" || a == nil || !s.asks(a) {
		return nil
	}
	return []Effect{Observe{Attempt: a.ID, Check: s.Check(a.Started.Place)}}
}

// asks says whether a person is asked about an attempt, and nobody has said anything yet.
func (s State) asks(a *Attempt) bool {
	spot := s.Spot(a.Started.Place.Outside())
	return spot.Status == StatusAsking && spot.Last == a.ID && a.End != nil && a.Judged != nil && a.Judged.Judgment.Ruling == RulingAsk
}

// takeUp is the work a resumed session begins with: probe what has no end, judge what was not judged, go on polling.
func (s State) takeUp() []Effect {
	var effects []Effect
	for _, id := range s.running {
		effects = append(effects, Probe{Attempt: id})
	}
	for _, id := range s.unjudged() {
		effects = append(effects, s.observe(id)...)
	}
	return append(effects, s.wakeAll()...)
}

// unjudged are the attempts that ended but were not judged before the session stopped.
func (s State) unjudged() []uint64 {
	var ids []uint64
	spots := s.places.Iterator()
	for !spots.Done() {
		_, spot, _ := spots.Next()
		if n := len(spot.Attempts); n > 0 && (spot.Status == StatusJudging || spot.Status == StatusPolling) {
			if a := s.Attempt(spot.Attempts[n-1]); a.End != nil && a.Judged == nil {
				ids = append(ids, a.ID)
			}
		}
	}
	return ids
}

func (s State) wakeAll() []Effect {
	var effects []Effect
	spots := s.places.Iterator()
	for !spots.Done() {
		_, spot, _ := spots.Next()
		effects = append(effects, s.wake(spot.Place)...)
	}
	return effects
}

// wake asks for the next round of a poll that waits.
func (s State) wake(p Place) []Effect {
	spot := s.Spot(p)
	if !s.between(spot) {
		return nil
	}
	return []Effect{Wake{Place: p, Seconds: spot.Poll.Every.Seconds()}}
}

// between says whether a poll runs and waits between two rounds: the last one was judged, or abandoned.
func (s State) between(spot Spot) bool {
	if spot.Poll == nil || spot.Poll.How != "" || spot.Last == 0 {
		return false
	}
	last := s.Attempt(spot.Last)
	return last.Judged != nil || last.Resolved != nil
}
