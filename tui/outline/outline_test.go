package outline

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/theme"
)

// flat is a state of so many steps with a block each; the last one has two.
func flat(n int) steps.State {
	plan := &runbook.Plan{}
	for i := range n {
		step := runbook.Step{ID: fmt.Sprint("s", i), Path: fmt.Sprint(i + 1), Title: "A step", Kind: runbook.CommandStep, Parent: -1}
		for range 1 + max(0, i-n+2) {
			b := len(plan.Blocks)
			plan.Blocks = append(plan.Blocks, runbook.Block{ID: fmt.Sprint("b", b), Kind: runbook.Command, First: fmt.Sprint("run ", b), Text: "needle"[:b%6]})
			step.Blocks = append(step.Blocks, b)
			step.Body = append(step.Body, runbook.Item{Kind: runbook.BlockItem, Index: b})
		}
		plan.Root = append(plan.Root, runbook.Item{Kind: runbook.StepItem, Index: i})
		plan.Steps = append(plan.Steps, step)
	}
	return steps.New(plan)
}

func list(n int) Model {
	return New(theme.New(true, true)).SetState(flat(n)).SetSize(40, 10)
}

func TestAStepOfOneBlockIsOneRow(t *testing.T) {
	shown := ansi.Strip(list(3).View())
	require.Equal(t, 5, len(strings.Fields(strings.ReplaceAll(strings.ReplaceAll(shown, " ", ""), "\n", " "))), shown)
	require.Contains(t, shown, "· 1 A step")
	require.Contains(t, shown, "· $ run 2")
}

func TestTheCursorStaysInSightAndAtItsPlace(t *testing.T) {
	m := list(50)
	for range 30 {
		m = m.Update(tea.KeyPressMsg{Code: 'j', Text: "j"})
	}
	row, _ := m.Selected()
	require.Equal(t, "b30", row.Place.Block)
	require.Contains(t, ansi.Strip(m.View()), "31 A step")
	m = m.SetState(flat(50))
	again, _ := m.Selected()
	require.Equal(t, row.Place, again.Place)
}

func TestSearchFindsWhatTheAuthorWrote(t *testing.T) {
	m, found := list(10).Search("NEEDL")
	require.True(t, found)
	row, _ := m.Selected()
	require.Equal(t, "b5", row.Place.Block)
	_, found = m.Search("haystack")
	require.False(t, found)
}

func TestEveryStatusHasASignAndALook(t *testing.T) {
	for status, mark := range Marks {
		require.NotPanics(t, func() { mark.look(theme.New(true, false), Row{Line: steps.Line{Status: status}}) })
		require.NotEmpty(t, mark.Sign)
		require.True(t, mark.Word != "" || status == steps.StatusOpen, status)
	}
	require.Len(t, Marks, 17, "a status without a mark would be drawn blank")
}
