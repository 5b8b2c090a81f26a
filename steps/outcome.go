package steps

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"gatewalk/runbook"
)

// exited records the end of an attempt, once.
func (d decision) exited(end Finished) ([]Fact, *Refusal) {
	a := d.s.Attempt(end.Attempt)
	if a == nil || a.End != nil || a.Earlier != nil {
		return nil, &Refusal{Why: RefusedNot, Text: fmt.Sprintf("attempt %d has ended already, or never began here", end.Attempt)}
	}
	return []Fact{end}, nil
}

// observed records what a check made of an output, or one that was adopted while a person is asked. What only a person can
// judge is left to one, and a round of a poll ends the poll or does not.
func (d decision) observed(in Observed) ([]Fact, *Refusal) {
	a := d.s.Attempt(in.Attempt)
	if a == nil || a.End == nil || a.Judged != nil && !d.s.asks(a) {
		return nil, &Refusal{Why: RefusedNot, Text: fmt.Sprintf("attempt %d has nothing to be judged", in.Attempt)}
	}
	place := a.Started.Place
	judgment := in.Judgment
	if judgment.Ruling == RulingPass && d.s.wantsPerson(place) {
		judgment.Ruling = RulingAsk
	}
	if early := endedEarly(a); early != "" && judgment.Ruling == RulingPass {
		judgment.Ruling, judgment.Evidence = RulingAsk, early+"\n"+judgment.Evidence
	}
	facts := []Fact{Judged{Attempt: in.Attempt, Place: place, Judgment: judgment}}
	if poll := d.s.Spot(place.Outside()).Poll; poll != nil && poll.How == "" && isRound(place) {
		if how := d.pollEnd(poll, judgment.Ruling); how != "" {
			facts = append(facts, PollEnded{Place: place.Outside(), How: how, Rounds: poll.Round})
		}
	}
	return facts, nil
}

// endedEarly says that a block exited well before its last command, as with an exit in the middle: what follows never ran.
func endedEarly(a *Attempt) string {
	ran, all := len(a.End.Exits), len(a.Started.Commands)-a.Started.From
	if ran == 0 || ran >= all {
		return ""
	}
	return fmt.Sprintf("it ended by itself after command %d of %d", a.Started.From+ran, len(a.Started.Commands))
}

// The ways a poll ends.
const (
	PollHolds   = "holds"
	PollFailed  = "failed"
	PollGivenUp = "given up"
	PollStopped = "stopped"
)

func (d decision) pollEnd(poll *PollState, ruling Ruling) string {
	switch ruling {
	case RulingPass:
		return PollHolds
	case RulingFail, RulingAsk:
		return PollFailed
	case RulingPending:
		if d.m.At.Sub(poll.Began) >= poll.Timeout {
			return PollGivenUp
		}
		return ""
	}
	panic("steps: unknown ruling " + string(ruling))
}

func isRound(p Place) bool {
	return len(p.Frames) > 0 && p.Frames[len(p.Frames)-1].Kind == RoundFrame
}

// wantsPerson says whether a verification has no adopted expectation: its exit code alone proves nothing.
func (s State) wantsPerson(p Place) bool {
	b := s.Block(p)
	spot := s.Spot(p.Outside())
	verify := b != nil && b.Verify
	if read, ok := spot.Read[VerifyProperty]; ok {
		verify = read == "true"
	}
	return verify && !judges(s.Check(p))
}

func judges(c *runbook.Check) bool {
	return c != nil && (c.Regexp != "" || c.JQ != "" || len(c.Exit) > 0)
}

// Check is the expectation that judges at a place: an annotated one, or a proposed one once it was adopted. A sample stays, as a flag.
func (s State) Check(p Place) *runbook.Check {
	b := s.Block(p)
	if b == nil || b.Check == nil {
		return nil
	}
	check := *b.Check
	switch adopted := s.Spot(p.Outside()).Read[CheckProperty]; {
	case adopted == "drop", check.Proposed && adopted != "adopt":
		return &runbook.Check{Sample: check.Sample}
	}
	check.Proposed = false
	return &check
}

// verdict is a person's reading of an attempt.
func (d decision) verdict(in Verdict) ([]Fact, *Refusal) {
	a := d.s.Attempt(in.Attempt)
	if a == nil || a.End == nil || a.Started.OffScript {
		return nil, &Refusal{Why: RefusedNot, Text: fmt.Sprintf("attempt %d has nothing to judge", in.Attempt)}
	}
	place := a.Started.Place.Outside()
	spot := d.s.Spot(place)
	if spot.Last != in.Attempt {
		return nil, d.s.refuse(place, RefusedStale, "judge the last run", "attempt %d is not its last run", in.Attempt)
	}
	against := spot.Status != StatusAsking
	if against && in.Note == "" {
		return nil, d.s.refuse(place, RefusedReason, "say why", "a verdict against what was found wants a reason")
	}
	ruling := RulingFail
	if in.Pass {
		ruling = RulingPass
	}
	return []Fact{Judged{
		Attempt: in.Attempt, Place: a.Started.Place, Note: in.Note,
		Judgment: Judgment{Ruling: ruling, Evidence: evidenceOf(a)},
		Accepted: in.Pass && spot.Status == StatusFailed,
	}}, nil
}

func evidenceOf(a *Attempt) string {
	if a.Judged == nil {
		return ""
	}
	return a.Judged.Judgment.Evidence
}

// probed records what was found of an attempt without an end. A machine may say that it is certain; it never says what an operator must decide.
func (d decision) probed(in Probed) ([]Fact, *Refusal) {
	a := d.s.Attempt(in.Attempt)
	if a == nil || a.End != nil || a.Earlier != nil || a.Resolved != nil && a.Resolved.As != OutcomeRunning {
		return nil, &Refusal{Why: RefusedNot, Text: fmt.Sprintf("attempt %d is in no doubt", in.Attempt)}
	}
	if in.Found != OutcomeDone && a.ID < d.s.copied {
		return d.unknown(a, "this record is a copy, and where it comes from more may have happened; here: "+in.Evidence), nil
	}
	switch in.Found {
	case OutcomeNotRun, OutcomeRunning:
		return []Fact{Resolved{Attempt: in.Attempt, As: in.Found, Evidence: in.Evidence}}, nil
	case OutcomeDone:
		if in.End == nil {
			panic("steps: an attempt found done has an end")
		}
		end := *in.End
		end.Late = true
		return append([]Fact{end}, d.cutByReboot(a, end)...), nil
	case OutcomeRebooted:
		if d.s.expectsReboot(a, in.Exits) {
			return []Fact{asExpected(a, in.Evidence)}, nil
		}
		return d.unknown(a, in.Evidence), nil
	case OutcomeUnknown:
		return d.unknown(a, in.Evidence), nil
	case OutcomeFailed:
	}
	panic("steps: a probe cannot find " + string(in.Found))
}

// unknown leaves an attempt to the operator. A round in doubt is abandoned with its evidence: the operator's word for the
// poll did not cover a second try of it.
func (d decision) unknown(a *Attempt, evidence string) []Fact {
	if !isRound(a.Started.Place) {
		return []Fact{Unknown{Attempt: a.ID, Evidence: evidence}}
	}
	poll := a.Started.Place.Outside()
	return []Fact{
		Resolved{Attempt: a.ID, As: OutcomeNotRun, Evidence: evidence, Reason: "the round of a poll is abandoned"},
		PollEnded{Place: poll, How: PollStopped, Rounds: d.s.Spot(poll).Poll.Round},
	}
}

// resolve is the operator's word on an attempt whose end nobody saw.
func (d decision) resolve(in Resolve) ([]Fact, *Refusal) {
	a := d.s.Attempt(in.Attempt)
	if a == nil || a.Unknown == "" {
		return nil, &Refusal{Why: RefusedNot, Text: fmt.Sprintf("attempt %d is in no doubt", in.Attempt)}
	}
	if in.Reason == "" {
		return nil, d.s.refuse(a.Started.Place, RefusedReason, "say what shows it", "a reason is wanted")
	}
	if r := d.s.lastAsked(a); r != nil {
		return nil, r
	}
	switch in.As {
	case OutcomeDone, OutcomeFailed, OutcomeNotRun:
		return []Fact{Resolved{Attempt: in.Attempt, As: in.As, Reason: in.Reason, Evidence: a.Unknown}}, nil
	}
	return nil, d.s.refuse(a.Started.Place, RefusedNot, "done, failed or not run", "%q settles nothing", in.As)
}

// The rule of a poll whose text says none.
const (
	PollEvery   = 30 * time.Second
	PollTimeout = time.Hour
)

// poll starts or stops the rounds of a verification. Starting it is the operator's word for all its rounds.
func (d decision) poll(in Poll) ([]Fact, *Refusal) {
	spot := d.s.Spot(in.Place)
	if in.Stop {
		if spot.Poll == nil || spot.Poll.How != "" {
			return nil, d.s.refuse(in.Place, RefusedNot, "", "no poll is running here")
		}
		return []Fact{PollEnded{Place: in.Place, How: PollStopped, Rounds: spot.Poll.Round}}, nil
	}
	if d.s.held != nil {
		return nil, d.s.refuse(in.Place, RefusedHeld, "lift the hold first", "held: %s", d.s.held.Reason)
	}
	if r := d.inOrder(in.Place); r != nil {
		return nil, r
	}
	b := d.s.Block(in.Place)
	if b == nil || !b.Verify {
		return nil, d.s.refuse(in.Place, RefusedNot, "run it by hand each time", "only a verification may be polled")
	}
	ready, r := d.ready(in.Place, b)
	if r != nil {
		return nil, r
	}
	if ready.Gate != runbook.NoGate {
		return nil, d.s.refuse(in.Place, RefusedNot, "run it, and confirm its gate each time", "what has a gate is not polled")
	}
	if !judges(d.s.Check(in.Place)) {
		return nil, d.s.refuse(in.Place, RefusedNot, "adopt a check for it, or run it again by hand", "nothing here can tell when it holds")
	}
	return d.leaving(in.Place, d.pollFacts(in, b, ready)...), nil
}

func (d decision) pollFacts(in Poll, b *runbook.Block, ready Prepared) []Fact {
	every, timeout := PollEvery, PollTimeout
	if b.PollRule != nil {
		every, timeout = duration(b.PollRule.Every, every), duration(b.PollRule.Timeout, timeout)
	}
	every, timeout = duration(in.Every, every), duration(in.Timeout, timeout)
	started := PollStarted{Place: in.Place, Every: every.String(), Timeout: timeout.String()}
	return append([]Fact{started}, d.round(in.Place, ready, 1)...)
}

// round is one round of a poll, on a copy of the context that is thrown away.
func (d decision) round(p Place, ready Prepared, n int) []Fact {
	facts := d.start(p, ready, 0)
	last := len(facts) - 1
	started := facts[last].(Started)
	started.Place, started.Scratch, started.Again = p.In(RoundFrame, strconv.Itoa(n)), true, false
	facts[last] = started
	return facts
}

// tick starts the next round of a poll if it is due.
func (d decision) tick(in Tick) ([]Fact, *Refusal) {
	spot := d.s.Spot(in.Place)
	if !d.s.between(spot) {
		return nil, d.s.refuse(in.Place, RefusedNot, "", "no round is due")
	}
	if d.s.held != nil || slices.ContainsFunc(d.s.running, func(id uint64) bool { return !d.s.Attempt(id).Started.Scratch }) {
		return nil, d.s.refuse(in.Place, RefusedBusy, "", "the round waits")
	}
	ready := d.s.Prepare(in.Place)
	if len(ready.Missing) > 0 || ready.Binding == nil {
		return []Fact{PollEnded{Place: in.Place, How: PollStopped, Rounds: spot.Poll.Round}}, nil
	}
	return d.round(in.Place, ready, spot.Poll.Round+1), nil
}
