package steps_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

var (
	ada     = steps.Actor{Name: "ada", Via: steps.Terminal}
	adaHome = steps.Actor{Name: "ada", Via: steps.Terminal, Screen: "pts/3"}
	bob     = steps.Actor{Name: "bob", Via: steps.Terminal}
)

// as lets another say an input, and answers why it was refused; "" if it was not.
func (s *session) as(by steps.Actor, in steps.Input) steps.Refused {
	s.t.Helper()
	if err := s.sayBy(by, in, s.state.Seq()); err != nil {
		return err.(*steps.Refusal).Why
	}
	return ""
}

func TestOneDrivesAndTheOthersWatch(t *testing.T) {
	s := begin(t)
	for _, watcher := range []steps.Actor{bob, adaHome} {
		require.Equal(t, steps.RefusedDriver, s.as(watcher, steps.Done{Place: at("read"), Result: steps.Passed, Who: "x"}), "a watcher does nothing")
		require.Equal(t, steps.RefusedDriver, s.as(watcher, steps.Park{}), "and cannot take the wheel from the driver by leaving")
		require.Empty(t, s.as(watcher, steps.Note{Text: "the fan is loud"}), "but may write a note")
		require.Empty(t, s.as(watcher, steps.Hold{On: true, Reason: "wait for the change board"}), "and hold the next command")
		require.Equal(t, steps.RefusedHeld, s.as(ada, steps.Run{Place: at("name")}))
		require.Empty(t, s.as(watcher, steps.Hold{}))
	}
}

func TestTheWheelIsAskedFor(t *testing.T) {
	s := begin(t)
	require.Empty(t, s.as(bob, steps.Drive{Reason: "my turn"}))
	require.Equal(t, "bob", s.state.Asking().By)
	require.Equal(t, "ada", s.state.Driver(), "asking takes nothing")
	require.Equal(t, steps.RefusedBusy, s.as(adaHome, steps.Drive{}), "one asks at a time")
	require.Equal(t, steps.RefusedDriver, s.as(bob, steps.Yield{To: "bob"}), "nobody answers themselves")

	require.Empty(t, s.as(ada, steps.Yield{To: "bob", Refused: true, Reason: "not in the middle of this"}))
	require.Nil(t, s.state.Asking())
	require.Equal(t, steps.RefusedNot, s.as(ada, steps.Yield{To: "bob"}), "what was answered is no question any more")

	require.Empty(t, s.as(bob, steps.Drive{}))
	require.Empty(t, s.as(ada, steps.Yield{To: "bob"}))
	require.Equal(t, "bob", s.state.Driver())
	require.Equal(t, steps.RefusedDriver, s.as(ada, steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"}))
}

func TestTheWheelIsTakenByForceWithAReason(t *testing.T) {
	s := begin(t)
	require.Equal(t, steps.RefusedReason, s.as(adaHome, steps.Drive{Forced: true}))
	require.Empty(t, s.as(adaHome, steps.Drive{Forced: true, Reason: "the console in the hall hangs"}))
	require.Equal(t, "ada at pts/3", s.state.Driver(), "two screens of one person are two")
	require.Equal(t, steps.RefusedNot, s.as(adaHome, steps.Drive{}))
}

func TestNobodyDrivesAParkedSession(t *testing.T) {
	s := begin(t)
	require.Empty(t, s.as(ada, steps.Park{}))
	require.Equal(t, steps.RefusedDriver, s.as(ada, steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"}))
	require.Empty(t, s.as(bob, steps.Drive{}))
	require.Equal(t, "bob", s.state.Driver(), "a free wheel is taken without asking")
}

// An approval is a second person's: not the driver's, whichever screen they confirm it at.
func TestAnApprovalIsASecondPersons(t *testing.T) {
	s := begin(t)
	s.by.Screen = "pts/1"
	s.must(steps.Drive{Forced: true, Reason: "another terminal"})
	s.state.Block(at("name")).Gate, s.state.Block(at("name")).GateDetail = runbook.Approval, &runbook.GateDetail{Weight: runbook.OneKey}
	s.must(steps.Skip{Place: at("read"), Reason: "known"}).must(steps.Run{Place: at("name")})
	for _, screen := range []string{"pts/1", "pts/2"} {
		require.Equal(t, steps.RefusedPerson, s.as(steps.Actor{Name: "ada", Via: steps.Terminal, Screen: screen}, steps.Confirm{Place: at("name")}))
	}
	require.Empty(t, s.as(steps.Actor{Name: "bob", Via: steps.Terminal, Screen: "pts/4"}, steps.Confirm{Place: at("name")}))
	require.Equal(t, steps.StatusRunning, s.status("name"))
}
