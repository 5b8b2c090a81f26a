package tui

import (
	"errors"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

func TestTypingReachesTheCommandInOrder(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	toRunning(o)
	o.session.typed = nil
	o.press("t", "y", "enter", "up", "ctrl+c", "ctrl+d", "esc")
	o.send(tea.PasteMsg{Content: "one\ntwo"})
	o.press("ctrl+]")
	want := []string{`"y"`, `"\r"`, `"\x1b[A"`, `"\x03"`, `"\x04"`, `"\x1b"`, `"one\rtwo"`}
	require.Equal(t, want, o.session.typed)
	o.press("n") // the keys work here again
	o.sees("Note at 2/1 Roll out the canary")
}

// Keys that come while a write is under way are sent after it, together and in order.
func TestKeysWaitForEachOther(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	toRunning(o)
	o.press("t")
	var first tea.Cmd
	m := o.m
	for i, k := range []string{"a", "b", "c"} {
		next, cmd := m.Update(keyOf(k))
		m = next.(Model)
		if i == 0 {
			first = cmd
		}
	}
	require.Equal(t, "bc", string(m.keys.waiting))
	require.NotNil(t, first)
}

func TestCtrlCReachesTheCommandAndElseAsksToLeave(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	o.press("ctrl+c")
	o.sees("Leave?")
	o.press("ctrl+c")
	require.False(t, o.quit)
	toRunning(o)
	o.session.typed = nil
	o.press("ctrl+c")
	require.Len(t, o.session.typed, 1)
	require.Equal(t, `"\x03"`, o.session.typed[0])
}

func TestLeavingWhileSomethingRunsSaysWhatHappens(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	toRunning(o)
	o.press("q")
	o.sees("It goes on without this screen", "gatewalk resume picks it up")
	o.fill("n")
	require.False(t, o.quit)
	o.press("q")
	o.fill("y", "the rollout still runs")
	require.True(t, o.quit)
	require.Equal(t, steps.Park{Note: "the rollout still runs"}, o.session.inputs[len(o.session.inputs)-1])
}

func TestLeavingAPollSaysWhetherItGoesOn(t *testing.T) {
	for kept, says := range map[bool]string{true: "Its rounds go on without this screen", false: "No round begins while nobody is here"} {
		o := sit(t, rollout(), 80, 24, func(s steps.Started) result {
			if s.Place.Block == "b4" {
				return result{prints: "ncn-s001 pending\r\n"}
			}
			return scripted(s)
		})
		o.m.options.Kept = kept
		toPoll(o)
		o.press("p", "q")
		o.sees(says)
	}
}

func TestLeavingNeedsNoDisk(t *testing.T) {
	o := sit(t, rollout(), 80, 24, nil)
	o.session.broken = errors.New("no space left on device")
	o.press("enter")
	o.sees("not written down: no space left on device")
	o.press("q")
	require.True(t, o.quit)
}

func TestASecretIsNeverDrawn(t *testing.T) {
	plan := gated(runbook.OneKey)
	plan.Blocks[0].Gate, plan.Blocks[0].Commands[0] = runbook.NoGate, "login --password <the password>"
	plan.Blocks[0].Inputs, plan.Blocks[0].Secrets = []string{"<the password>"}, []string{"<the password>"}
	o := sit(t, plan, 80, 24, nil)
	o.press("enter")
	o.rest()
	for _, r := range "hunter2" {
		o.press(string(r))
		require.NotContains(t, o.screen(), "hunter")
	}
	o.sees("•••••••")
	o.press("enter")
	require.NotContains(t, o.screen(), "hunter2")
	o.sees("(secret, never shown)")
	require.Contains(t, o.session.inputs, steps.Set{Place: steps.Place{Block: "b1"}, Name: "<the password>", Value: "hunter2", Secret: true})
}

// Two commands may bring the same events, in any order: each is applied once.
func TestEventsThatComeTwiceAreAppliedOnce(t *testing.T) {
	o := sit(t, rollout(), 80, 24, scripted)
	place := steps.Place{Block: "b1"}
	o.session.must(steps.Terminal, steps.Note{Place: &place, Text: "first"})
	o.session.must(steps.Terminal, steps.Note{Place: &place, Text: "second"})
	all := o.session.events
	o.send(factsMsg(all[1:]))
	o.send(factsMsg(all))
	o.send(factsMsg(all[1:2]))
	require.Equal(t, o.session.state.Seq(), o.m.state.Seq())
	require.Len(t, o.m.state.Spot(place).Notes, 2)
}

func TestOutputIsShownAsItComes(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	toRunning(o)
	id := o.m.follow.attempt
	o.session.print(id, "\r\x1b[Khalf way\r\n")
	o.send(o.m.link.output(wanted{attempt: id, offset: o.m.output.Next()})())
	o.sees("half way")
	require.NotContains(t, o.screen(), "continue?")
	o.session.print(id, "the last words")
	o.session.end(id, result{})
	o.news()
	o.sees("the last words", "exit 0")
}

func TestOutputOfAnotherAttemptIsNotMixedIn(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	toRunning(o)
	o.send(outputMsg{attempt: 99, bytes: []byte("not mine")})
	o.send(outputMsg{attempt: o.m.follow.attempt, offset: 0, bytes: []byte("from the beginning again")})
	require.NotContains(t, o.screen(), "not mine")
	require.NotContains(t, o.screen(), "from the beginning again")
}

func TestNothingStartsTwiceForTwoKeys(t *testing.T) {
	o := sit(t, rollout(), 80, 24, nil)
	next, cmd := o.m.Update(keyOf("enter"))
	again, none := next.(Model).Update(keyOf("enter"))
	require.NotNil(t, cmd)
	_ = none
	require.Len(t, again.(Model).sending, 1)
	require.Contains(t, again.View().Content, "the last word is still being written down")
}

func TestADeadKeySaysWhy(t *testing.T) {
	o := sit(t, rollout(), 80, 24, nil)
	for name, why := range map[string]string{
		"t": "nothing is running", "p": "only a verification is polled", "V": "nothing has run here",
		"r": "it has not run yet", "c": "there is nothing to choose here",
	} {
		o.press(name)
		o.sees(why)
	}
}

func TestATerminalTooSmall(t *testing.T) {
	o := sit(t, rollout(), 80, 24, nil)
	o.send(tea.WindowSizeMsg{Width: 59, Height: 24})
	o.sees("gatewalk needs 60 columns and 20 lines", "has 59 and 24")
	o.press("s", "enter", "n")
	o.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	o.sees("1/1 Name the activity")
	require.Empty(t, o.session.inputs)
	o.send(tea.WindowSizeMsg{Width: 20, Height: 3})
	requireFits(t, o)
	o.press("q")
	require.True(t, o.quit)
}

func TestTheDocumentsOwnVerificationIsOfferedFirst(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	toUnknown(o)
	o.press("enter")
	o.sees("started on ncn-m001 as root at 02:00:", `siteadmin rollout --activity "$ACTIVITY" --limit ncn-s001`, "why: this machine was rebooted since", "continue? [y/N]")
	o.press("enter")
	o.sees("look first with the text's own verification: 2/2")
	o.fill("l")
	run, ok := o.session.inputs[len(o.session.inputs)-1].(steps.Run)
	require.True(t, ok)
	require.Equal(t, "siteadmin status ncn-s001", run.OffScript)
	o.sees("ncn-s001 configured")
	require.Equal(t, steps.StatusUnknown, o.status("b3"), "looking settles nothing")
	o.press("g", "enter", "enter")
	o.fill("d", "2/2 says configured")
	require.Equal(t, steps.StatusDone, o.status("b3"))
	o.press("d")
	o.sees("Departed from the text", "nobody saw its end, taken for done: 2/2 says configured")
}

// Running again what may have run is the operator's word, with a reason, and where a gate stood it is asked at once more.
func TestRunningAgainWhatIsInDoubtAsksAtItsGateOnceMore(t *testing.T) {
	o := sit(t, rollout(), 60, 20, running)
	toUnknown(o)
	for o.press("enter"); o.m.showing != asking; o.press("enter") {
	}
	o.sees("run it again, though it may have run; its gate asks once more")
	o.fill("r", "")
	o.sees("a reason is wanted")
	ran := len(o.session.outputs)
	o.fill("the node came up without the new image")
	o.sees("GATE")
	require.Equal(t, steps.StatusWaiting, o.status("b3"))
	require.Len(t, o.session.outputs, ran, "nothing runs before the gate is passed")
	o.rest()
	o.press("end", "y")
	o.rest()
	require.Len(t, o.session.outputs, ran+1)
	require.Contains(t, o.session.inputs, steps.Resolve{
		Attempt: 11, As: steps.OutcomeFailed, Reason: "the node came up without the new image",
	})
}

func TestWhatIsInDoubtMayStopTheWalk(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	toUnknown(o)
	o.press("enter", "enter")
	o.fill("s", "the vendor is on the phone")
	require.Equal(t, steps.StatusRefused, o.status("b3"))
	require.Equal(t, "the vendor is on the phone", o.session.state.Spot(steps.Place{Block: "b3"}).Reason)
}

func TestAFailureStopsTheWalkUntilSomeoneDecides(t *testing.T) {
	o := sit(t, rollout(), 80, 24, failing)
	toFailed(o)
	require.Equal(t, steps.StatusFailed, o.status("b5"))
	o.press("right", "enter")
	o.sees("stands at", "failed")
	o.press("g", "enter")
	o.fill("a", "the role is named otherwise here")
	require.Equal(t, steps.StatusDone, o.status("b5"))
	o.press("d")
	o.sees("a failure was accepted: the role is named otherwise here")
}

func TestANewHostNeedsItsNameTyped(t *testing.T) {
	o := sit(t, rollout(), 80, 24, scripted)
	toBinding(o)
	o.fill("t", "ncn-m003")
	o.sees("this machine is ncn-m001, not ncn-m002")
	require.NotContains(t, o.session.state.Bindings(), "ncn-m002")
}
