package tui

import (
	"errors"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// kept is a session that a keeper keeps.
type kept struct {
	*fake
	lost chan struct{}
}

func (k kept) Lost() <-chan struct{} { return k.lost }

func TestAScreenWithoutItsKeeperSaysHowToComeBack(t *testing.T) {
	f := printing()
	k := kept{f, make(chan struct{})}
	o := attachTo(t, k, f, alice, 80, 24)
	close(k.lost)
	o.m.link.done = nil
	require.IsType(t, lostMsg{}, o.m.link.away()())
	require.Nil(t, o.m.link.facts(o.m.state.Seq())(), "nobody waits for facts for ever")
	o.send(lostMsg{})
	o.sees("NO LINK", "The keeper of this session is gone", "gatewalk resume s1")
	for _, key := range []string{"s", "n", "enter", "H", "t", "ctrl+c"} {
		o.press(key, "esc")
	}
	o.sees("gatewalk resume s1")
	require.Empty(t, f.inputs, "nothing is said to nobody")
	o.press("q")
	require.True(t, o.quit)
}

func TestAFullDiskStandsOnScreenUntilThereIsRoom(t *testing.T) {
	o := sit(t, rollout(), 60, 20, scripted)
	o.session.broken = errors.New("/srv/record: the disk is full: make room and go on; until then no new command starts")
	o.press("n")
	o.fill("the disk is nearly full")
	o.sees("NOT RECORDED", "the disk is full: make room and go on; until then no new command starts")
	o.press("esc")
	o.sees("NOT RECORDED")
	o.session.broken = nil
	o.press("n")
	o.fill("moved the old logs away")
	o.sees("noted", "recorded #2")
	require.NotContains(t, o.screen(), "NOT RECORDED")
}

// What happens to the clock and to the record is said at once, wherever the operator looks.
func TestTheClockAndTheRecordAreHeard(t *testing.T) {
	o := sit(t, rollout(), 60, 20, scripted)
	o.session.must(steps.Machine, steps.ClockJumped{Seconds: -3600})
	o.news()
	o.sees("the clock of this machine jumped by -1h0m0s")
	o.session.must(steps.Machine, steps.Reopened{Machine: "ncn-m001", Boot: "b1", Dropped: 17})
	o.news()
	o.sees("17 bytes of an unfinished line")
}

// A command that passed may have a record with a hole in it: who looks at the screen only must not miss that.
func TestWhatWasNotRecordedStandsBesideTheVerdict(t *testing.T) {
	plan := gated(runbook.OneKey)
	plan.Blocks[0].Gate = runbook.NoGate
	o := sit(t, plan, 80, 24, func(steps.Started) result {
		return result{prints: "the first of much", warns: "1500 bytes of output after the first 17 were not recorded"}
	})
	o.press("enter")
	o.sees("verdict: pass", "warning: 1500 bytes of output after the first 17 were not recorded")
	o.press("d")
	o.sees("Departed from the text", "warning: 1500 bytes of output")
}

// The screen's clock may be a moment behind the one that a command was started by.
func TestACommandNeverRunsForLessThanNothing(t *testing.T) {
	f := printing()
	o := attachTo(t, f, f, alice, 80, 24)
	o.m.now = o.m.state.Attempt(o.m.shown()).At.Add(-time.Second)
	o.sees("running 0s")
}

// A message to all terminals, or noise on the line, leaves a screen in pieces that the program knows nothing of.
func TestTheScreenIsDrawnAnewWhereverTheOperatorIs(t *testing.T) {
	o := sit(t, rollout(), 80, 24, scripted)
	for _, open := range []string{"", "?", "n", "/"} {
		if open != "" {
			o.press(open)
		}
		was := o.screen()
		_, cmd := o.m.key(tea.KeyPressMsg{Code: 'l', Mod: tea.ModCtrl})
		require.NotNil(t, cmd, open)
		require.Equal(t, tea.ClearScreen(), cmd())
		require.Equal(t, was, o.screen())
		if open != "" {
			o.press("esc")
		}
	}
}
