package steps_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// goesOn is a session that goes on from another whose record is damaged.
func goesOn(t testing.TB, plan *runbook.Plan, r steps.Revision) *session {
	s := &session{t: t, state: steps.New(plan), by: steps.Actor{Name: "ada", Via: steps.Terminal}}
	s.must(steps.Begin{Opened: steps.Opened{Session: "s2", Machine: "m1", User: "ada", Continues: "s1"}})
	if len(r.Marks) > 0 {
		s.machine(steps.Carry{Marks: r.Marks})
	}
	for _, o := range r.Orphans {
		s.machine(steps.Orphan{Orphaned: o})
	}
	return s.machine(steps.Continue{Continued: steps.Continued{From: "s1", Damage: "line 5 was changed"}})
}

// until is a state at an earlier event: what is left of a record that is damaged after it.
func (s *session) until(events int) steps.State {
	return steps.Replay(s.state.Plan(), s.events[:events])
}

func TestWhatRanInLostLinesIsAskedAboutFirst(t *testing.T) {
	old := begin(t).toGate()
	lost := []steps.Lost{{Attempt: 90, Commands: []string{"rollout $REST"}, Began: "2026-11-21T02:30:00Z", Evidence: "its exit file claims code 0"}}
	r := steps.ReviseDamaged(old.state, walkPlan(), lost)
	require.Len(t, r.Orphans, 1)
	require.Equal(t, at("rest"), r.Orphans[0].Place)
	require.False(t, r.Orphans[0].Unplaced)

	s := goesOn(t, walkPlan(), r)
	require.Equal(t, steps.StatusUnknown, s.status("rest"))
	require.Contains(t, s.state.Spot(at("rest")).Reason, "claims code 0")
	require.Equal(t, steps.StatusDone, s.status("canary"))
	require.Equal(t, steps.ClaimedBy+"s1", s.state.Spot(at("canary")).Reason)
	trouble, stands := s.state.Trouble()
	require.True(t, stands)
	require.Equal(t, at("rest"), trouble)
	for _, elsewhere := range []string{"canary", "rest"} {
		s.refused(steps.RefusedTrouble, steps.Run{Place: at(elsewhere)})
	}
	s.refused(steps.RefusedTrouble, steps.Skip{Place: at("rest"), Reason: "later"})
	s.must(steps.Run{Place: at("rest"), OffScript: "uptime"})

	last := s.state.Spot(at("rest")).Last
	s.must(steps.Resolve{Attempt: last, As: steps.OutcomeNotRun, Reason: "the nodes are untouched"})
	require.Empty(t, s.effects, "it was never this session's to cancel")
	require.Equal(t, steps.StatusOpen, s.status("rest"))
}

func TestWhatNobodySawEndInADamagedRecordIsUnknown(t *testing.T) {
	old := begin(t).toGate()
	for i := range old.events {
		left := old.until(i + 1)
		ids := left.Doubtful()
		var lost []steps.Lost
		for _, id := range ids {
			lost = append(lost, steps.Lost{Attempt: id, Evidence: "nothing is left of it"})
		}
		s := goesOn(t, walkPlan(), steps.ReviseDamaged(left, walkPlan(), lost))
		for _, id := range ids {
			p := left.Attempt(id).Started.Place
			require.Equal(t, steps.StatusUnknown, s.state.Spot(p).Status, "attempt %d after event %d", id, i+1)
		}
		require.Subset(t, ids, left.Running())
	}
}

func TestWhatRanMoreThanOnceAtAPlaceIsOneQuestion(t *testing.T) {
	again := []steps.Lost{
		{Attempt: 90, Commands: []string{"rollout $REST"}, Evidence: "the first failed"},
		{Attempt: 95, Commands: []string{"rollout $REST"}, Evidence: "the second left no end"},
	}
	r := steps.ReviseDamaged(begin(t).toGate().state, walkPlan(), again)
	require.Len(t, r.Orphans, 1)
	require.Equal(t, uint64(95), r.Orphans[0].Attempt)
	require.Contains(t, r.Orphans[0].Evidence, "the first failed")
	require.Contains(t, r.Orphans[0].Evidence, "the second left no end")
}

func TestWhatRanOnceMoreHasNoMark(t *testing.T) {
	r := steps.ReviseDamaged(begin(t).toGate().state, walkPlan(), []steps.Lost{{Attempt: 90, Commands: []string{`rollout "$CANARY"`}, Evidence: "no end"}})
	require.Equal(t, at("canary"), r.Orphans[0].Place)
	require.NotEmpty(t, r.Marks)
	for _, mark := range r.Marks {
		require.NotEqual(t, at("canary"), mark.Place)
	}
}

func TestACommandThatStandsTwiceHasNoPlace(t *testing.T) {
	twice := walkPlan()
	twice.Blocks[1].Commands = slices.Clone(twice.Blocks[2].Commands)
	old := begin(t)
	old.state = steps.Replay(twice, old.events)
	r := steps.ReviseDamaged(old.state, twice, []steps.Lost{{Attempt: 90, Commands: twice.Blocks[2].Commands, Evidence: "no end"}})
	require.True(t, r.Orphans[0].Unplaced)
	require.Contains(t, r.Orphans[0].Evidence, "it may be rollout.md:")
}

// TestWhatRanInALoopWhoseListIsLost: the walk will never come by the place as it is known now, so it is asked elsewhere.
func TestWhatRanInALoopWhoseListIsLost(t *testing.T) {
	old := begin(t)
	old.state = steps.Replay(loopPlan(), old.events)
	s := goesOn(t, loopPlan(), steps.ReviseDamaged(old.state, loopPlan(), []steps.Lost{{Attempt: 90, Commands: []string{"check"}, Evidence: "no end"}}))
	s.refused(steps.RefusedTrouble, steps.Set{Place: at("loop"), Name: steps.Items, Value: "n1"})
	s.must(steps.Resolve{Attempt: s.state.Spot(at("loop")).Last, As: steps.OutcomeDone, Reason: "seen on n1"})
	s.must(steps.Set{Place: at("loop"), Name: steps.Items, Value: "n1"})
	next, _ := s.state.Next()
	require.Equal(t, at("drain <node>").In(steps.ItemFrame, "n1"), next)
}

func TestAnAttemptWithoutAPlaceIsAQuestionOfItsOwn(t *testing.T) {
	old := begin(t).toGate()
	lost := []steps.Lost{
		{Attempt: 90, Commands: []string{"rm -rf /scratch"}, Evidence: "no end"},
		{Attempt: 91, Evidence: "it has no command"},
		{Evidence: "events 92 to 95 are gone"},
	}
	s := goesOn(t, walkPlan(), steps.ReviseDamaged(old.state, walkPlan(), lost))
	for _, words := range []string{"no end", "it has no command", "events 92 to 95 are gone"} {
		place, _ := s.state.Trouble()
		spot := s.state.Spot(place)
		require.Contains(t, spot.Reason, words)
		s.must(steps.Resolve{Attempt: spot.Last, As: steps.OutcomeDone, Reason: "seen on the node"})
	}
	_, stands := s.state.Trouble()
	require.False(t, stands)
	next, _ := s.state.Next()
	require.Equal(t, at("rest"), next)
	require.Equal(t, steps.StatusOpen, s.status("rest"), "the word on another command is no mark of the step")
}

func TestASessionThatHasNotTakenOverAllTakesNothingElse(t *testing.T) {
	s := &session{t: t, state: steps.New(walkPlan()), by: steps.Actor{Name: "ada", Via: steps.Terminal}}
	s.must(steps.Begin{Opened: steps.Opened{Session: "s2", Machine: "m1", User: "ada", Continues: "s1"}})
	require.True(t, s.state.Incomplete())
	s.refused(steps.RefusedClosed, steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
	s.refused(steps.RefusedNot, steps.Continue{Continued: steps.Continued{From: "s1"}})
	s.machine(steps.Continue{Continued: steps.Continued{From: "s1"}})
	require.Error(t, s.sayBy(steps.Actor{Via: steps.Machine}, steps.Orphan{Orphaned: steps.Orphaned{Place: at("rest")}}, s.state.Seq()))
	s.must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
}

// lostOf are the attempts of a walk that its record, damaged after some events, knows no end of.
func lostOf(t *rapid.T, whole, left steps.State, events []steps.Event) []steps.Lost {
	var lost []steps.Lost
	for _, id := range left.Doubtful() {
		lost = append(lost, steps.Lost{Attempt: id, Evidence: fmt.Sprintf("attempt %d of s1", id)})
	}
	for _, e := range events[left.Seq():] {
		a := whole.Attempt(e.Seq)
		if a == nil {
			continue
		}
		l := steps.Lost{Attempt: e.Seq, Evidence: fmt.Sprintf("attempt %d of s1", e.Seq)}
		if rapid.Bool().Draw(t, "its command is known") {
			l.Commands = a.Started.Commands
		}
		lost = append(lost, l)
	}
	return lost
}

// TestNothingRunsBeforeWhatWasLostIsDecided: whatever was said, wherever the record breaks off, and whatever is said then,
// every attempt without an end is asked about, nothing of the procedure starts before each has an answer, and each can get one.
func TestNothingRunsBeforeWhatWasLostIsDecided(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		old := begin(t)
		for range rapid.IntRange(1, 60).Draw(rt, "length") {
			input, by := anyInput(rt, old.state)
			_ = old.sayBy(by, input, old.state.Seq())
		}
		left := old.until(rapid.IntRange(1, len(old.events)).Draw(rt, "holds to"))
		lost := lostOf(rt, old.state, left, old.events)
		plan := walkPlan()
		if rapid.Bool().Draw(rt, "revised") {
			plan = revised()
		}
		s := goesOn(t, plan, steps.ReviseDamaged(left, plan, lost))
		open := map[uint64]string{}
		for _, e := range s.events {
			if o, ok := e.Facts[0].(steps.Orphaned); ok {
				open[e.Seq] = o.Evidence
			}
		}
		for _, l := range lost {
			require.True(rt, slices.ContainsFunc(slices.Collect(maps.Values(open)), func(evidence string) bool { return strings.Contains(evidence, l.Evidence) }), "attempt %d is asked about nowhere", l.Attempt)
		}
		for range rapid.IntRange(0, 30).Draw(rt, "then") {
			input, by := anyInput(rt, s.state)
			if s.sayBy(by, input, s.state.Seq()) != nil {
				continue
			}
			if resolved, ok := s.events[len(s.events)-1].Facts[0].(steps.Resolved); ok {
				delete(open, resolved.Attempt)
			}
			for _, e := range s.effects {
				launch, ok := e.(steps.Launch)
				require.False(rt, ok && !launch.Started.OffScript && len(open) > 0, "%v started while %v is open", launch.Started.Place, open)
			}
		}
		for len(open) > 0 {
			id := shown(s.state, open)
			require.NotZero(rt, id, "%v can be answered nowhere", open)
			require.NoError(rt, s.sayBy(s.driver(), steps.Resolve{Attempt: id, As: steps.OutcomeDone, Reason: "r"}, s.state.Seq()))
			delete(open, id)
		}
	})
}

// shown is an open question that the outline shows, as a screen finds it; 0 if it shows none.
func shown(s steps.State, open map[uint64]string) uint64 {
	for _, l := range s.Outline() {
		if last := s.Spot(l.Place).Last; l.Unit && l.Status == steps.StatusUnknown && open[last] != "" {
			return last
		}
	}
	return 0
}

// driver is whoever drives, taking the wheel where nobody does.
func (s *session) driver() steps.Actor {
	for _, who := range []steps.Actor{ada, adaHome, bob} {
		if who.Label() == s.state.Driver() {
			return who
		}
	}
	_ = s.sayBy(ada, steps.Drive{}, s.state.Seq())
	return ada
}
