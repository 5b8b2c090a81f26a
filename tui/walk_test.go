package tui

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

func TestAWholeWalk(t *testing.T) {
	o := sit(t, rollout(), 100, 30, func(s steps.Started) result {
		switch s.Place.Block {
		case "b1":
			return result{sets: map[string]string{"ACTIVITY": "fall-2026"}}
		case "b2":
			return result{prints: "ncn-s001 ready\nncn-s002 ready\n"}
		case "b4":
			return result{prints: "configured\n"}
		case "b5":
			return result{sets: map[string]string{"STORAGE": "ncn-s002 ncn-s003"}}
		}
		return result{}
	})
	o.press("enter") // nothing starts with a placeholder in it
	o.sees("Values for 1/1 Name the activity", "<activity name>")
	o.rest()
	o.fill("fall-2026")
	o.sees("ACTIVITY=fall-2026")
	o.press("enter")
	require.Equal(t, steps.StatusDone, o.status("b1"))

	o.press("enter", "enter") // to the next step, and run it
	require.Equal(t, steps.StatusAsking, o.status("b2"))
	o.sees("ncn-s002 ready", "your verdict")
	o.press("enter")
	o.sees("every node is ready")
	o.fill("p", "all three seen")
	require.Equal(t, steps.StatusDone, o.status("b2"))

	o.press("enter", "enter") // a light gate
	o.sees("GATE", "This rebuilds the node.", "siteadmin rollout")
	o.rest()
	o.press("y")
	o.rest()
	require.Equal(t, steps.StatusDone, o.status("b3"))

	o.press("enter", "enter") // a verification that judges itself
	require.Equal(t, steps.StatusDone, o.status("b4"))
	o.press("enter", "enter", "enter", "enter") // the list, then a typed gate
	o.sees("one was proved, now the rest", "To go, type ncn-s002 ncn-s003", "The canary was ncn-s001; it is not in the list.")
	o.rest()
	o.type_("ncn-s002 ncn-s003")
	o.press("enter")
	require.Equal(t, steps.StatusDone, o.status("b6"))

	o.press("enter", "enter") // work done by hand
	o.sees("Done by hand: 3 Tell the users")
	o.rest()
	o.fill("p", "", "", "")
	o.press("tab", "tab", "enter")
	require.Equal(t, steps.StatusByHand, o.status("s3"))

	o.press("enter") // a choice
	o.sees("Do one of these")
	o.rest()
	o.fill("2")
	o.press("enter") // a host that is not said to be this one
	o.sees("Where is ncn-m002?", "This machine is ncn-m001")
	o.rest()
	o.fill("h", "ncn-m002")
	o.press("enter")
	o.sees("On ncn-m002, not on this machine.")
	o.rest()
	o.fill("p", "")
	o.press("enter", "tab", "tab", "enter")

	o.press("enter")
	o.sees("Nothing is open any more", "Still owed: the label canary on ncn-s001")
	o.fill("c")
	require.Equal(t, "completed", o.session.state.Closed().Outcome)
	o.press("q")
	require.True(t, o.quit)
}

// What runs was on the screen to its end: enter shows more of it until then.
func TestACommandRunsWhenItsEndHasBeenSeen(t *testing.T) {
	plan := gated(runbook.OneKey)
	plan.Blocks[0].Gate = runbook.NoGate
	plan.Blocks[0].Commands = []string{strings.Repeat("echo a line\n", 40) + "echo the last line"}
	plan.Blocks[0].Text = plan.Blocks[0].Commands[0]
	o := sit(t, plan, 80, 24, nil)
	o.sees("enter read on")
	o.sees("more lines (pgdn)")
	for !strings.Contains(o.screen(), "echo the last line") {
		require.Empty(t, o.session.inputs)
		o.press("enter")
	}
	o.press("end")
	o.sees("lines (pgup)")
	o.sees("enter run")
	require.Empty(t, o.session.inputs)
	o.press("enter")
	require.Len(t, o.session.inputs, 1)
}

// Where only the steps are in sight, enter shows the one that is selected and starts nothing.
func TestNothingStartsFromTheListOfSteps(t *testing.T) {
	plan := gated(runbook.OneKey)
	plan.Blocks[0].Gate = runbook.NoGate
	for _, key := range []string{"enter", "r", "p"} {
		o := sit(t, plan, 80, 24, nil)
		o.press("tab", key)
		require.Empty(t, o.session.inputs, key)
	}
	o := sit(t, plan, 80, 24, nil)
	o.press("tab")
	o.sees("enter read on")
	o.press("enter")
	o.sees("enter run")
	o.press("enter")
	require.Len(t, o.session.inputs, 1)
}

// What was started by hand from there is looked at: its output is in sight.
func TestWhatRunsOffScriptIsInSight(t *testing.T) {
	o := sit(t, rollout(), 80, 24, func(steps.Started) result { return result{prints: "up 7 hours\r\n", hold: true} })
	o.press("tab", "!")
	o.fill("uptime", "f")
	id := o.m.shown()
	o.more(id)
	o.sees("off-script: uptime", "up 7 hours")
}

func TestWhyItWasReadSoIsShownFromTheListOfSteps(t *testing.T) {
	o := sit(t, rollout(), 80, 24, nil)
	o.press("tab", "i")
	o.sees("read so because")
}

// A section is no place to stop at: what it begins with is read at its first step, and what stands between two at the second.
func TestWhatASectionBeginsWithIsReadAtItsFirstStep(t *testing.T) {
	d := &draft{}
	section := d.step("1", "Masters", -1, d.prose("They take turns."))
	d.plan.Steps[section].Kind = runbook.InfoStep
	d.step("1/1", "Upgrade the first", section, d.block("upgrade m2", nil))
	d.plan.Steps[section].Body = append(d.plan.Steps[section].Body, d.prose("Wait an hour in between.")(section))
	d.step("1/2", "Upgrade the second", section, d.block("upgrade m3", nil))
	o := sit(t, &d.plan, 80, 24, nil)
	o.sees("1/1 Upgrade the first", "1 Masters", "They take turns.")
	require.NotContains(t, o.screen(), "an hour")
	o.press("right")
	o.sees("1/2 Upgrade the second", "Wait an hour in between.")
	require.NotContains(t, o.screen(), "take turns")
}
