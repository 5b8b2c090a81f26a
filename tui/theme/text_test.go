package theme

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestBreakLosesNoCharacter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab 界é\n|$"))).Draw(r, "text")
		width := rapid.IntRange(0, 30).Draw(r, "width")
		var joined strings.Builder
		for _, line := range Break(text, width) {
			if w := Width(line); w > max(width, 4) {
				r.Fatalf("%q takes %d columns of %d", line, w, width)
			}
			joined.WriteString(strings.TrimPrefix(line, continued))
		}
		if want := strings.ReplaceAll(text, "\n", ""); joined.String() != want {
			r.Fatalf("%q became %q", want, joined.String())
		}
	})
}

func TestFlowFitsAndLosesNoWord(t *testing.T) {
	plain := lipgloss.NewStyle()
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab 界é  "))).Draw(r, "text")
		width := rapid.IntRange(2, 30).Draw(r, "width")
		var joined strings.Builder
		for _, line := range Wrap(text, plain, width) {
			if w := Width(line); w > width {
				r.Fatalf("%q takes %d columns of %d", line, w, width)
			}
			joined.WriteString(line)
		}
		if got := strings.ReplaceAll(joined.String(), " ", ""); got != strings.ReplaceAll(text, " ", "") {
			r.Fatalf("%q became %q", text, got)
		}
	})
}

func TestTabsTakeTheirColumns(t *testing.T) {
	require.Equal(t, "a       b", Expand("a\tb"))
	require.Equal(t, "12345678        x", Expand("12345678\tx"))
}

func TestSidesKeepTheRightOne(t *testing.T) {
	require.Equal(t, "a long l… host", Sides("a long left side", "host", 14))
	require.Equal(t, "left      host", Sides("left", "host", 14))
	require.Equal(t, "ho…", Sides("left", "host", 3))
}

func TestWithoutColoursTheWordsAreTheSame(t *testing.T) {
	coloured, plain := New(true, false), New(true, true)
	require.NotEqual(t, coloured.Bad.Render("x"), plain.Bad.Render("x"))
	require.Equal(t, "x", ansi.Strip(coloured.Bad.Render("x")))
	require.NotRegexp(t, `\x1b\[[0-9;]*(3[0-9]|4[0-9])`, plain.Bad.Render("x")+plain.Bar.Render("x")+plain.Selected.Render("x"))
}
