package tui

import (
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

// Who knows no key at all needs one: in the walk the help, elsewhere what leads back.
func TestTheKeyThatLeadsOnIsNeverCutOff(t *testing.T) {
	for _, s := range situations {
		t.Run(s.name, func(t *testing.T) {
			o := sit(t, rollout(), 60, 20, s.script)
			s.walk(o)
			key := map[showing]string{walking: "? help", atGate: "esc not yet", asking: "esc leave", leafing: "esc close", searching: "esc close", typing: "ctrl+]"}[o.m.showing]
			require.Contains(t, ansi.Strip(o.m.help1()), key)
		})
	}
}

func TestAKeyThatNothingListensToSaysSo(t *testing.T) {
	o := sit(t, rollout(), 80, 24, scripted)
	o.press("y")
	o.sees("y does nothing here: ? shows the keys")
	o.press("j")
	require.NotContains(t, o.screen(), "does nothing here")
}

// A terminal sends escape twice in a row as alt and escape.
func TestEscapeTwiceIsEscape(t *testing.T) {
	o := sit(t, rollout(), 80, 24, scripted)
	for _, open := range []string{"?", "n", "/"} {
		o.press(open)
		require.NotEqual(t, walking, o.m.showing)
		o.send(tea.KeyPressMsg{Code: tea.KeyEscape, Mod: tea.ModAlt})
		require.Equal(t, walking, o.m.showing, open)
	}
}

func TestHowTheSessionIsKeptIsSaidAtOnceAndInTheHelp(t *testing.T) {
	o := sit(t, rollout(), 80, 24, scripted)
	o.sees("A keeper holds the session (setsid; logging out does not end it).")
	o.press("?", "end")
	o.sees("A keeper holds the session (setsid; logging out does not end it).")
}

func TestAKeeperThatLoggingOutEndsIsLoudAllAlong(t *testing.T) {
	f := newFake(rollout(), scripted)
	f.must(steps.Machine, steps.Reopened{Machine: "ncn-m001", Boot: "b1", Keeper: "setsid; logging out will end it and what it runs: to prevent that run loginctl enable-linger, then resume"})
	m := New(f, Options{Plan: f.state.Plan(), Events: f.events, Operator: "alice", EndsAtLogout: true, Width: 80, Height: 24, NoColor: true})
	require.Contains(t, trimmed(m.View().Content), "LOGOUT ENDS IT")
	require.Contains(t, trimmed(m.View().Content), "loginctl enable-linger")
	require.True(t, m.say.loud)
}

func TestWithoutAKeeperTheScreenSaysSo(t *testing.T) {
	f := newFake(rollout(), scripted)
	f.must(steps.Machine, steps.Reopened{Machine: "ncn-m001", Boot: "b1"})
	attach(t, f, 80, 24).sees("No keeper: closing this terminal ends the sitting")
}
