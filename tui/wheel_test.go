package tui

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// seat is a session in memory as somebody else than alice uses it.
type seat struct {
	*fake
	by steps.Actor
}

func (s seat) Do(input steps.Input, seen uint64) error { return s.doBy(s.by, input, seen) }

// beside sits somebody down at a second screen of a session.
func beside(t *testing.T, o *operator, who steps.Actor) *operator {
	t.Helper()
	return attachTo(t, seat{o.session, who}, o.session, who, 80, 24)
}

func TestAWatchersKeysSayWhoDrives(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	toRunning(o)
	b := beside(t, o, bob)
	b.sees("alice drives, you watch", "rolling out ncn-s001")
	b.session.inputs = nil
	for _, key := range []string{"enter", "V", "t", "p", "h", "s", "e", "r", "b", "J", "!", "o", "x"} {
		b.press(key)
		b.sees("alice drives, you watch: w asks for the wheel")
	}
	b.press("ctrl+c")
	b.sees("Leave?")
	b.press("esc")
	require.Empty(t, b.session.inputs)
	b.press("n")
	b.fill("the console shows a warning")
	b.sees("noted")
	b.press("q")
	require.True(t, b.quit)
	require.Equal(t, "alice", o.session.state.Driver(), "who watches leaves the wheel where it is")
}

func TestTheWheelIsAskedForAndGiven(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	toRunning(o)
	b := beside(t, o, bob)
	b.press("w")
	b.sees("alice drives this session", "Runs now", "2/1 Roll out the canary, attempt", "Owed")
	b.press("enter", "enter")
	b.fill("a", "my shift begins")
	b.sees("you have asked for the wheel; alice has not answered yet")
	o.news()
	o.sees("bob at pts/4 asks for the wheel, because: my shift begins: w answers")
	o.press("w")
	o.fill("k", "not in the middle of the canary")
	b.news()
	b.sees("alice keeps the wheel, because: not in the middle of the canary")
	b.press("w", "enter", "enter")
	b.fill("a", "now?")
	o.news()
	o.press("w")
	o.fill("g", "")
	b.news()
	b.sees("you drive now")
	o.sees("bob at pts/4 drives, you watch")
	require.Equal(t, bob.Label(), o.session.state.Driver())
	b.press("ctrl+c")
	require.Equal(t, []string{`"\x03"`}, o.session.typed)
}

// What is said at another screen, and who says it, is somebody else's text.
func TestWhatAnotherScreenSaysIsSafeToShow(t *testing.T) {
	for _, text := range hostile {
		o := sit(t, rollout(), 80, 24, running)
		toRunning(o)
		who := steps.Actor{Name: "bob" + text, Via: steps.Terminal, Screen: "pts/4" + text}
		says := seat{o.session, who}
		for _, in := range []steps.Input{
			steps.Note{Text: text}, steps.Hold{On: true, Reason: "hold" + text}, steps.Drive{Reason: "ask" + text}, steps.Drive{Forced: true, Reason: "take" + text},
		} {
			require.True(t, says.Do(in, o.session.state.Seq()) == nil || text == "", "%T", in)
			o.news()
			requireClean(t, o)
			for _, key := range []string{"w", "esc"} {
				o.press(key)
				requireClean(t, o)
			}
		}
		require.Equal(t, who.Label(), o.session.state.Driver())
	}
}

// Who takes the wheel by force has seen how the session stands, however small the terminal, and says why.
func TestTheWheelIsTakenByForce(t *testing.T) {
	o := sit(t, rollout(), 60, 20, running)
	toRunning(o)
	o.press("t")
	b := attachTo(t, seat{o.session, bob}, o.session, bob, 60, 20)
	b.press("w")
	for range 5 {
		require.NotContains(t, b.screen(), "take it by force")
		b.press("enter")
		if b.m.showing == asking {
			break
		}
	}
	b.sees("take it by force; it is listed on the first page of the record")
	b.fill("f", "")
	b.sees("a reason is wanted")
	b.fill("her link is gone")
	require.Equal(t, bob.Label(), o.session.state.Driver())
	o.news()
	o.sees("bob at pts/4 has taken the wheel by force, because: her link is gone")
	o.session.typed = nil
	o.press("y", "enter")
	require.Empty(t, o.session.typed, "keys no longer reach the command")
}

func TestAGateClosesOnWhoNoLongerDrives(t *testing.T) {
	o := sit(t, rollout(), 80, 24, scripted)
	toLightGate(o)
	o.session.mustBy(bob, steps.Drive{Forced: true, Reason: "her link is gone"})
	o.news()
	o.press("end", "y")
	require.Empty(t, o.session.passed())
	o.sees("bob at pts/4 drives")
}

// An approval is passed by a second person, who watches; the driver cannot.
func TestAWatcherApproves(t *testing.T) {
	plan := gated(runbook.OneKey)
	plan.Blocks[0].Gate = runbook.Approval
	o := sit(t, plan, 80, 24, nil)
	o.press("enter")
	o.rest()
	o.press("end", "y")
	o.rest()
	o.sees("an approval needs a second person")
	require.Empty(t, o.session.passed())
	b := beside(t, o, bob)
	b.press("enter")
	b.sees("GATE", "a second person must agree")
	b.rest()
	b.press("end", "y")
	b.rest()
	require.Len(t, o.session.passed(), 1)
}

func TestAWheelThatIsFreeIsTaken(t *testing.T) {
	o := sit(t, rollout(), 80, 24, scripted)
	b := beside(t, o, bob)
	o.press("D")
	require.True(t, o.quit)
	b.news()
	b.sees("nobody drives")
	b.press("w", "enter", "enter")
	require.Equal(t, bob.Label(), o.session.state.Driver())
}

func TestAWatcherHoldsTheNextCommand(t *testing.T) {
	o := sit(t, rollout(), 80, 24, scripted)
	b := beside(t, o, bob)
	b.press("H")
	b.fill("the storage alarm is on")
	o.news()
	o.sees("bob at pts/4 holds the next command, because: the storage alarm is on")
	toValues(o)
	require.Equal(t, steps.StatusOpen, o.status("b1"))
	o.sees("held: the storage alarm is on")
	o.press("H")
	o.sees("Lift the hold")
	o.fill("")
	require.Nil(t, o.session.state.Held())
	b.news()
	b.sees("alice has lifted the hold")
}

func TestDetachLeavesAtOnce(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	toRunning(o)
	o.press("D")
	require.True(t, o.quit)
	require.Len(t, o.session.state.Running(), 1)
	require.Empty(t, o.session.state.Driver())
}

// What was said before does not lie over the question.
func TestWhoAsksForTheWheelIsHeardAboveWhatWasSaidBefore(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	toRunning(o)
	o.session.mustBy(bob, steps.Hold{On: true, Reason: "the storage alarm is on"})
	o.news()
	o.sees("holds the next command")
	bobAsks(o)
	o.sees("asks for the wheel, because: my shift begins at three: w answers")
}
