package gate

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/stillness"
	"gatewalk/tui/theme"
)

// asked collects what a gate asks to be told later.
type asked []tea.Msg

func (a *asked) timer(_ time.Duration, msg tea.Msg) tea.Cmd {
	*a = append(*a, msg)
	return nil
}

// opened is a gate at which the hands have rested.
func opened(t *testing.T, g Gate) (Model, *asked) {
	t.Helper()
	messages := &asked{}
	m, _ := New(theme.New(true, true), stillness.Watch{Timer: messages.timer}, 1, g)
	m = m.SetSize(70, 30)
	m, _, _ = m.Update((*messages)[0])
	return m, messages
}

func shown(m Model) string { return ansi.Strip(m.View()) }

func letter(r rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: r, Text: string(r)} }

func TestTheListIsComparedWithTheCanary(t *testing.T) {
	for _, story := range []struct {
		targets, canary []string
		want            string
	}{
		{[]string{"b", "c"}, []string{"a"}, "The canary was a; it is not in the list."},
		{[]string{"a", "b"}, []string{"a"}, "IN THE LIST, AND WAS THE CANARY: a would be done again"},
		{[]string{"b", "b"}, []string{"a"}, "NAMED TWICE: b"},
		{nil, []string{"a"}, "THE LIST IS EMPTY: there is nobody to act on"},
	} {
		m, _ := opened(t, Gate{Listed: true, GateReached: steps.GateReached{Targets: story.targets, Canary: story.canary}})
		require.Contains(t, shown(m), story.want)
	}
}

func TestStaleEvidenceIsOfferedToBeCheckedAgain(t *testing.T) {
	place := steps.Place{Block: "check"}
	fresh := steps.Evidence{Title: "Ready", Age: 3 * time.Minute}
	stale := steps.Evidence{Title: "Configured", Age: 40 * time.Minute, Stale: true, Place: place}
	m, _ := opened(t, Gate{Evidence: []steps.Evidence{fresh, stale}})
	require.Contains(t, shown(m), "3 min ago")
	require.Contains(t, shown(m), "40 min ago, stale")
	require.Contains(t, shown(m), "Check it again first: r")
	_, proposal, _ := m.Update(letter('r'))
	require.Equal(t, Proposal{Wish: Recheck, Place: &place}, proposal)
}

func TestWithoutEvidenceItSaysSo(t *testing.T) {
	m, _ := opened(t, Gate{})
	require.Contains(t, shown(m), "Nothing was verified before this.")
}

func TestOneKeyCountsWhenNothingFollowsIt(t *testing.T) {
	m, messages := opened(t, Gate{})
	m, proposal, _ := m.Update(letter('y'))
	require.Equal(t, Nothing, proposal.Wish, "not yet: it may be the beginning of a paste")
	settled := (*messages)[len(*messages)-1]
	_, proposal, _ = m.Update(settled)
	require.Equal(t, Confirm, proposal.Wish)

	m, _, _ = m.Update(letter('e'))
	_, proposal, _ = m.Update(settled)
	require.Equal(t, Nothing, proposal.Wish)
}

func TestAKeyHeldDownIsNotDeliberate(t *testing.T) {
	m, messages := opened(t, Gate{})
	m, _, _ = m.Update(tea.KeyPressMsg{Code: 'y', Text: "y", IsRepeat: true})
	for _, msg := range *messages {
		var proposal Proposal
		m, proposal, _ = m.Update(msg)
		require.Equal(t, Nothing, proposal.Wish)
	}
}

func TestHandsPauseBetweenKeysAndPastesDoNot(t *testing.T) {
	for _, story := range []struct {
		together int // keys that arrive with no pause between them
		passes   bool
	}{{1, true}, {3, true}, {4, true}, {9, false}, {17, false}} {
		t.Run(fmt.Sprint(story.together), func(t *testing.T) {
			m, messages := opened(t, Gate{GateReached: steps.GateReached{Weight: runbook.Typed, Phrase: "ncn-s002 ncn-s003"}})
			for i, r := range "ncn-s002 ncn-s003" {
				m, _, _ = m.Update(letter(r))
				if (i+1)%story.together == 0 {
					m, _, _ = m.Update((*messages)[len(*messages)-1])
				}
			}
			m, _, _ = m.Update((*messages)[len(*messages)-1])
			_, proposal, _ := m.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
			require.Equal(t, story.passes, proposal == Proposal{Wish: Confirm, Phrase: "ncn-s002 ncn-s003"})
		})
	}
}

func TestLettersOfAPhraseAreNoCommands(t *testing.T) {
	m, _ := opened(t, Gate{GateReached: steps.GateReached{Weight: runbook.Typed, Phrase: "nyr jk"}})
	for _, r := range "nyr jk" {
		var proposal Proposal
		m, proposal, _ = m.Update(letter(r))
		require.Equal(t, Nothing, proposal.Wish)
	}
	require.Contains(t, shown(m), "> nyr jk")
	_, proposal, _ := m.Update(tea.KeyPressMsg{Code: 'n', Mod: tea.ModCtrl})
	require.Equal(t, NoGo, proposal.Wish)
}

// What is wanted stands at the foot for as long as it is wanted, with the key that gives it.
func TestAGateIsReadToItsEndFirst(t *testing.T) {
	messages := &asked{}
	long := steps.GateReached{Weight: runbook.Typed, Phrase: "n1", Sentence: strings.Repeat("word ", 100), Line: 7}
	m, _ := New(theme.New(true, true), stillness.Watch{Timer: messages.timer}, 1, Gate{GateReached: long})
	m, _, _ = m.SetSize(60, 12).Update((*messages)[0])
	m, _, _ = m.Update(letter('n'))
	require.Contains(t, shown(m), "more lines (pgdn)")
	_, proposal, _ := m.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	require.Equal(t, Nothing, proposal.Wish)
	for m.unread() > 1 {
		m, _, _ = m.Update(tea.KeyPressMsg{Code: tea.KeyDown})
	}
	require.Contains(t, shown(m), "▼ 1 more line (pgdn)")
	m, _, _ = m.Update(tea.KeyPressMsg{Code: tea.KeyPgDown})
	require.NotContains(t, shown(m), "read to the end first")
}

// The name of the document gives way to why the gate stands there.
func TestWhyAPersonMustConfirmIsNeverCut(t *testing.T) {
	m, _ := opened(t, Gate{GateReached: steps.GateReached{Gate: runbook.Disruptive}, Name: "a-procedure-with-a-long-name.md:46 (2/1)"})
	first, _, _ := strings.Cut(shown(m.SetSize(60, 20)), "\n")
	require.Equal(t, "GATE  this takes something down  …th-a-long-name.md:46 (2/1)", first)
}

// What was typed ahead says nothing at a gate, not even no: it was meant for what was on screen before.
func TestKeysThatWereUnderWaySayNothing(t *testing.T) {
	for _, weight := range []runbook.Weight{runbook.OneKey, runbook.Typed} {
		messages := &asked{}
		g := Gate{GateReached: steps.GateReached{Weight: weight, Phrase: "n2"}, Evidence: []steps.Evidence{{Title: "Configured", Stale: true}}}
		m, _ := New(theme.New(true, true), stillness.Watch{Timer: messages.timer}, 1, g)
		m = m.SetSize(70, 30)
		for _, key := range []tea.KeyPressMsg{letter('y'), letter('n'), letter('r'), {Code: tea.KeyEscape}, {Code: 'n', Mod: tea.ModCtrl}, {Code: 'r', Mod: tea.ModCtrl}, {Code: tea.KeyEnter}} {
			var proposal Proposal
			m, proposal, _ = m.Update(key)
			require.Equal(t, Proposal{}, proposal, "%s", key)
		}
	}
}
