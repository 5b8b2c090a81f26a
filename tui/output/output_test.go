package output

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"gatewalk/tui/theme"
)

func numbered(n int) Model {
	m := New(theme.New(true, true), false).SetSize(40, 10)
	for i := range n {
		m = m.Write([]byte(fmt.Sprintf("line %d\r\n", i)))
	}
	return m
}

func shown(m Model) string { return ansi.Strip(m.View()) }

func TestItFollowsUntilItIsScrolled(t *testing.T) {
	m := numbered(100)
	require.Contains(t, shown(m), "line 99")
	m = m.Update(tea.KeyPressMsg{Code: tea.KeyPgUp})
	require.NotContains(t, shown(m), "line 99")
	before := shown(m)
	m = m.Write([]byte("more\nand more\n"))
	require.Equal(t, before, shown(m), "what is being read stays")
	require.Contains(t, m.Hidden(), "newer lines")
	m = m.Update(tea.KeyPressMsg{Code: tea.KeyEnd})
	require.Contains(t, shown(m), "and more")
}

func TestOldLinesAreForgottenAndCounted(t *testing.T) {
	m := numbered(Held + 50)
	require.Equal(t, Held, m.Len())
	m = m.Update(tea.KeyPressMsg{Code: tea.KeyHome})
	require.Contains(t, shown(m), "line 50")
}

func TestSearchGoesUpAndComesRound(t *testing.T) {
	m := numbered(100)
	m, found := m.Search("line 2")
	require.True(t, found)
	require.Contains(t, shown(m), "line 29")
	m, _ = m.Search("line 2")
	require.Contains(t, shown(m), "line 28")
	_, found = m.Search("nowhere")
	require.False(t, found)
}

func TestLongLinesAreWrappedWithTheirColours(t *testing.T) {
	m := New(theme.New(true, false), false).SetSize(20, 5)
	m = m.Write([]byte("\x1b[31m" + strings.Repeat("red ", 15) + "\x1b[0m\n\x1b[2J\x1b]0;t\x07plain\n"))
	require.Equal(t, 60+5, len(strings.ReplaceAll(strings.ReplaceAll(shown(m), "\n", ""), " ", ""))+15)
	for _, line := range strings.Split(m.View(), "\n") {
		require.LessOrEqual(t, ansi.StringWidth(line), 20)
	}
	require.NotContains(t, m.View(), "\x1b[2J")
}

func TestWithoutColoursNoneOfTheCommandsAreShown(t *testing.T) {
	m := New(theme.New(true, true), true).SetSize(20, 5).Write([]byte("\x1b[31mred\x1b[0m\n"))
	require.NotContains(t, m.View(), "\x1b[")
}
