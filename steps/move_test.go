package steps_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/steps"
)

// arrived is the session after a move to another machine.
func (s *session) arrived(machine, boot, user string) *session {
	s.machine(steps.Move{To: machine})
	return s.reopened(steps.Reopened{Machine: machine, Boot: boot, User: user, Arrived: true})
}

// reopened is the session taken up by who drove it.
func (s *session) reopened(in steps.Reopened) *session {
	require.NoError(s.t, s.sayBy(steps.Actor{Name: "ada", Via: steps.Machine}, in, 0))
	return s
}

func TestAMovedSessionDoesNothingMore(t *testing.T) {
	s := begin(t).machine(steps.Move{To: "m2"})
	require.Equal(t, "m2", s.state.Moved().To)
	for _, in := range []steps.Input{
		steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"}, steps.Note{Text: "one more thing"}, steps.Drive{}, steps.Close{Outcome: "completed"},
	} {
		require.ErrorContains(t, s.say(in), "moved to m2")
	}
	reopened := steps.Actor{Name: "ada", Via: steps.Machine}
	require.ErrorContains(t, s.sayBy(reopened, steps.Reopened{Machine: "m1"}, 0), "moved to m2", "it is resumed where it went")
	require.ErrorContains(t, s.sayBy(reopened, steps.Move{To: "m3"}, 0), "moved to m2 already")
	s.machine(steps.Move{To: "m3", Reason: "m2 never answered"})
	require.Equal(t, "m3", s.state.Moved().To)
}

func TestWhatRunsKeepsASessionWhereItIs(t *testing.T) {
	s := begin(t).toGate().must(steps.Confirm{Place: at("rest"), Phrase: "n2 n3"})
	err := s.sayBy(steps.Actor{Name: "ada", Via: steps.Machine}, steps.Move{To: "m2"}, 0)
	require.ErrorContains(t, err, "attempt ", "it says which")
	require.Nil(t, s.state.Moved())
}

// TestNothingRunsOnTheNewMachineUnasked is safety rule 3 across a move.
func TestNothingRunsOnTheNewMachineUnasked(t *testing.T) {
	s := begin(t).toGate().arrived("m9", "b9", "bob")
	require.Nil(t, s.state.Prepare(at("rest")).Binding, "m1 is not this machine any more")
	s.refused(steps.RefusedStale, steps.Confirm{Place: at("rest"), Phrase: "n2 n3"})
	s.refused(steps.RefusedHost, steps.Run{Place: at("rest")})
	require.Equal(t, "n2 n3", s.state.Context("m9", "bob").Table["REST"].Value, "the shell's state came along")
	require.Contains(t, s.state.Context("m9", "bob").Table["REST"].Origin, " on m1")
	s.must(steps.Bind{Host: "m1", To: steps.Binding{Kind: steps.Here}, Typed: "m1"})
	s.must(steps.Confirm{Place: at("rest"), Phrase: "n2 n3"})
	require.Len(t, s.state.Running(), 1)
}

func TestAHostSaidForOnePlaceIsAskedForAgain(t *testing.T) {
	p := at("unsaid")
	s := begin(t)
	s.must(steps.Bind{Place: &p, To: steps.Binding{Kind: steps.Here}, Typed: "m1"})
	require.NotNil(t, s.state.Prepare(p).Binding)
	s.arrived("m9", "b9", "")
	require.Nil(t, s.state.Prepare(p).Binding)
}

// TestTheSameMachineIsKnownByItsBoot: a session whose disk was full comes back to where it was.
func TestTheSameMachineIsKnownByItsBoot(t *testing.T) {
	p := at("unsaid")
	for boot, kept := range map[string]bool{"b1": true, "b2": false} {
		s := begin(t)
		s.reopened(steps.Reopened{Machine: "m1", Boot: "b1"})
		s.must(steps.Bind{Place: &p, To: steps.Binding{Kind: steps.Here}, Typed: "m1"})
		s.arrived("m1", boot, "")
		require.Equal(t, kept, s.state.Prepare(p).Binding != nil, boot)
	}
}

// TestAnotherUserOfTheSameMachineIsAsked: what was said to be this machine was said to be it as who was there before.
func TestAnotherUserOfTheSameMachineIsAsked(t *testing.T) {
	p := at("unsaid")
	s := begin(t)
	s.reopened(steps.Reopened{Machine: "m1", Boot: "b1", User: "ada"})
	s.must(steps.Bind{Place: &p, To: steps.Binding{Kind: steps.Here}, Typed: "m1"})
	s.arrived("m1", "b1", "bob")
	require.Nil(t, s.state.Prepare(p).Binding)
	s.must(steps.Bind{Place: &p, To: steps.Binding{Kind: steps.Here}, Typed: "m1"})
	require.Equal(t, "bob", s.state.Prepare(p).Binding.User, "who runs it is who is said to")
}

func TestByHandStaysByHand(t *testing.T) {
	s := begin(t)
	s.must(steps.Bind{Host: "m2", To: steps.Binding{Kind: steps.ByHand}})
	s.arrived("m9", "b9", "")
	require.Equal(t, steps.ByHand, s.state.Prepare(at("other")).Binding.Kind)
}

// TestWhateverIsSaidNothingRunsWhereNobodySaidSo moves a random session about. What starts was said to be on this very
// machine since it came here, or bears its name.
func TestWhateverIsSaidNothingRunsWhereNobodySaidSo(t *testing.T) {
	started := 0
	rapid.Check(t, func(rt *rapid.T) {
		s := begin(t)
		s.must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"}).must(steps.Run{Place: at("name")})
		started += s.saidHere(rt)
		for i := range rapid.IntRange(20, 60).Draw(rt, "length") {
			machine := s.state.Opened().Machine
			input, by := anyInput(rt, s.state)
			switch rapid.IntRange(0, 19).Draw(rt, "move") {
			case 0:
				input, by = steps.Move{To: "elsewhere"}, steps.Actor{Name: "ada", Via: steps.Machine}
			case 1:
				input = steps.Bind{Host: "m1", To: steps.Binding{Kind: steps.Here}, Typed: "m1"}
			case 2:
				p := at("unsaid")
				input = steps.Bind{Place: &p, To: steps.Binding{Kind: steps.Here}, Typed: machine}
			case 3, 4, 5, 6, 7, 8, 9, 10, 11, 12:
				if next, ok := s.state.Next(); ok {
					input, by = steps.Run{Place: next}, ada
				}
			}
			if s.state.Moved() != nil {
				to := rapid.SampledFrom([]string{"m1", "m9"}).Draw(rt, "to")
				input, by = steps.Reopened{Machine: to, Boot: fmt.Sprint("boot", i), Arrived: true}, steps.Actor{Name: "ada", Via: steps.Machine}
			}
			if s.sayBy(by, input, s.state.Seq()) == nil && s.launches() > 0 {
				started += s.saidHere(rt)
			}
		}
	})
	require.NotZero(t, started)
}

// saidHere holds that what was just started was said to be here since the session came here. It answers how many were looked at.
func (s *session) saidHere(t require.TestingT) int {
	last := s.events[len(s.events)-1]
	begun := last.Facts[len(last.Facts)-1].(steps.Started)
	if begun.OffScript {
		return 0 // the operator's own words are said to this machine
	}
	host, said := s.state.Block(begun.Place).Host, false
	for _, e := range s.events {
		for _, fact := range e.Facts {
			switch f := fact.(type) {
			case steps.Opened:
				said = said && !f.Arrived
			case steps.Bound:
				if f.Place == nil && f.Host == host || f.Place != nil && f.Place.Key() == begun.Place.Outside().Key() {
					said = f.To.Kind == steps.Here
				}
			}
		}
	}
	require.True(t, said, "%s started on %s", begun.Place.Key(), s.state.Opened().Machine)
	return 1
}
