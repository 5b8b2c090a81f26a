package tui

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

func TestTheContextShowsEveryVariableWithItsOrigin(t *testing.T) {
	o := sit(t, rollout(), 80, 24, scripted)
	toVerdict(o)
	o.press("v")
	o.sees("Variables of root on ncn-m001", "ACTIVITY = fall-2026 (set by 1/1 Name the activity, attempt", ", 02:00)")
	require.Equal(t, leafing, o.m.showing)
	o.press("v")
	require.Equal(t, walking, o.m.showing)
}

func TestAVariableIsSetAsAFact(t *testing.T) {
	o := sit(t, rollout(), 60, 20, scripted)
	toVerdict(o)
	o.press("v", "s")
	o.fill("2nd", "v", "x")
	o.sees("a name has letters, digits and _ only")
	o.press("ctrl+c", "v", "s")
	o.fill("ZONE", "v", "b w")
	place := steps.Place{Block: "b2"}
	require.Contains(t, o.session.inputs, steps.Set{Place: place, Name: "ZONE", Value: "b w"})
	o.press("v")
	o.sees("ZONE = b w (typed, 02:00)")
	o.press("s")
	o.fill("KEY", "s", "hunter2")
	require.Contains(t, o.session.inputs, steps.Set{Place: place, Name: "KEY", Value: "hunter2", Secret: true})
	o.press("v")
	o.sees("KEY = (secret, never shown) (typed, 02:00)")
	require.NotContains(t, o.screen(), "hunter2")
	o.session.must(steps.Machine, steps.Reopened{Machine: "ncn-m001", Boot: "b1", Secrets: []string{"KEY"}})
	o.news()
	o.press("esc", "v")
	o.sees("KEY = (secret, forgotten since: it is asked for again)")
}

func TestAWatcherSetsNothing(t *testing.T) {
	o := sit(t, rollout(), 80, 24, running)
	toRunning(o)
	b := beside(t, o, bob)
	b.press("v")
	b.sees("ACTIVITY = fall-2026")
	b.press("s")
	b.sees("alice drives, you watch")
}
