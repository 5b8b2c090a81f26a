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

// Once nothing is written down any more, no key is offered that would.
func TestAClosedSessionOffersNoKeyThatItRefuses(t *testing.T) {
	o := sit(t, rollout(), 240, 24, scripted)
	toEnd(o)
	o.press("enter")
	o.fill("c")
	require.NotNil(t, o.session.state.Closed())
	hints := ansi.Strip(o.m.help1())
	require.Contains(t, hints, "q leave")
	for _, no := range []string{"enter", "V verdict", "h by hand", "s skip", "n note", "H hold", "e edit", "! off-script", "o read otherwise"} {
		require.NotContains(t, hints, no)
	}
	for _, key := range []string{"enter", "V", "h", "s", "n", "H", "e", "!", "o"} {
		o.press(key)
		o.sees("the session is closed; q leaves")
	}
}

// A verification that runs is not polled before its end; one that is polled stops with the same key.
func TestPollingIsOfferedWhereItCanBegin(t *testing.T) {
	held := true
	o := sit(t, rollout(), 120, 40, func(s steps.Started) result {
		if s.Place.Block == "b4" {
			return result{prints: "ncn-s001 pending\r\n", hold: held}
		}
		return scripted(s)
	})
	toPoll(o)
	require.Contains(t, ansi.Strip(o.m.help1()), "p poll")
	o.press("enter")
	require.NotContains(t, ansi.Strip(o.m.help1()), "p poll")
	o.press("p")
	o.sees("it is running")
	held = false
	o.session.end(o.m.spot().Last, result{})
	o.news()
	require.NotContains(t, o.screen(), "it is running")
	o.press("p")
	require.Contains(t, ansi.Strip(o.m.help1()), "p stop polling")
	o.press("p")
	require.Contains(t, ansi.Strip(o.m.help1()), "p poll")
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
