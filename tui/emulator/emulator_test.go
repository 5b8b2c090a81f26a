package emulator

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
)

// picture is what is on a terminal, without colours and without what is blank at the end of a row.
func picture(t *Terminal) []string {
	var rows []string
	for _, row := range t.View(false) {
		rows = append(rows, strings.TrimRight(ansi.Strip(row), " "))
	}
	return rows
}

func drawing(columns, rows int, text string) *Terminal {
	t := New(columns, rows)
	t.Write([]byte(text), false)
	return t
}

func TestAProgramDrawsWhereItWants(t *testing.T) {
	e := drawing(12, 3, "first\r\n\x1b[3;5Hthird\x1b[1;1HF\x1b[2;1H\x1b[7mreversed\x1b[m")
	require.Equal(t, []string{"First", "reversed", "    third"}, picture(e))
	require.Contains(t, e.View(false)[1], "\x1b[0;7mreversed")
	x, y, shown := e.Cursor()
	require.Equal(t, []any{8, 1, true}, []any{x, y, shown})
}

func TestTheScreenBehindAnEditorComesBack(t *testing.T) {
	e := drawing(10, 2, "$ vi notes\r\n")
	e.Write([]byte("\x1b[?1049h\x1b[Hhello\x1b[?25l"), false)
	require.True(t, e.Whole())
	require.Equal(t, []string{"hello", ""}, picture(e))
	_, _, shown := e.Cursor()
	require.False(t, shown)
	e.Write([]byte("\x1b[?1049l\x1b[?25h"), false)
	require.False(t, e.Whole())
	require.Equal(t, []string{"$ vi notes", ""}, picture(e))
}

func TestCharactersTakeTheirColumns(t *testing.T) {
	for _, text := range []string{"漢字かな", "e\u0301a\u0308", "👍🏽x", "\u26a0\ufe0fok", "한국어", "ÄÖÜ→"} {
		rows := drawing(12, 2, "|"+text+"|").View(true)
		require.Equal(t, 12, width(rows[0]), text)
		require.True(t, strings.HasPrefix(rows[0], "|"+text+"|"), "%q", rows[0])
	}
}

// What has no columns of its own, or turns others around, becomes a sign in the columns it was given.
func TestWhatCannotBeShownKeepsItsColumns(t *testing.T) {
	for _, text := range []string{"\u202e", "\u200b", "👩\u200d💻", "\U000e0041", "\u0301", "\u2066a"} {
		e := drawing(8, 2, "a"+text+"b\r\nend")
		for _, row := range e.View(true) {
			require.Equal(t, 8, width(row), "%q", row)
		}
		require.NotContains(t, strings.Join(e.View(true), ""), "\u202e")
		require.Equal(t, "end", picture(e)[1])
	}
}

func TestWhatComesAfterItStandsInItsColumn(t *testing.T) {
	require.Equal(t, "a👩b", picture(drawing(8, 1, "a👩\u200d💻b"))[0])
	require.Equal(t, "a\uFFFD\uFFFDb", picture(drawing(8, 1, "a\u3164b"))[0], "a letter that nobody sees")
}

func TestColoursAreDrawnOrLeftOut(t *testing.T) {
	e := drawing(6, 1, "\x1b[1;31;48;2;1;2;3mred\x1b[5;8mx")
	require.Contains(t, e.View(true)[0], "\x1b[0;1;31;48;2;1;2;3mred")
	require.Contains(t, e.View(false)[0], "\x1b[0;1mred")
	require.Contains(t, picture(e)[0], "x", "nothing is concealed")
}

func TestTheLineWithTheCursorStaysInSight(t *testing.T) {
	e := drawing(20, 5, "one\r\ntwo\r\nthree\r\nfour\r\n$ prompt")
	e.Resize(20, 2)
	require.Equal(t, []string{"four", "$ prompt"}, picture(e))
	x, y, _ := e.Cursor()
	require.Equal(t, []int{8, 1}, []int{x, y})
	e.Write([]byte(" goes on"), false)
	require.Equal(t, "$ prompt goes on", picture(e)[1])
}

// Of a flood only the end is drawn, but what was switched on in it is on.
func TestAFloodIsPassedOver(t *testing.T) {
	line := strings.Repeat("x", 70) + "\r\n"
	flood := "\x1b[?1049h\x1b[?1h" + strings.Repeat(line, 4000) + "the end"
	e := drawing(80, 3, flood)
	require.True(t, e.Whole())
	require.Equal(t, "the end", picture(e)[2])
	require.Equal(t, "\x1bOA", string(e.Key(press("up"))))
}

func TestQueriesAreAnsweredOnlyToWhoIsBeingTypedTo(t *testing.T) {
	queries := map[string]string{
		"\x1b[c": "\x1b[?62;22c", "\x1b[0c": "\x1b[?62;22c", "\x1b[>c": "\x1b[>1;10;0c", "\x1b[5n": "\x1b[0n",
		"ab\x1b[6n": "\x1b[1;3R", "ab\x1b[?6n": "\x1b[?1;3R", "\x1b[?2026$p": "\x1b[?2026;0$y",
	}
	for query, answer := range queries {
		require.Equal(t, answer, string(New(80, 24).Write([]byte(query), true)), "%q", query)
		require.Empty(t, New(80, 24).Write([]byte(query), false), "%q", query)
	}
}

// What a command printed never comes back as if somebody had typed it.
func TestNoAnswerRepeatsWhatWasPrinted(t *testing.T) {
	for _, query := range []string{
		"\x1b]0;rm -rf\x07\x1b[21t", "\x1b]11;?\x07", "\x1b]52;c;?\x07", "\x1bP+q544e\x1b\\", "\x1b[?2048h", "\x1b[>q", "\x05", "\x1bZ",
		"\x1b]10;?\x1b\\", "\x1b]4;1;?\x07", "\x1b[?1004h",
	} {
		require.Empty(t, New(80, 24).Write([]byte(query), true), "%q", query)
	}
	require.LessOrEqual(t, len(New(80, 24).Write([]byte(strings.Repeat("\x1b[c", 9000)), true)), mostAnswers)
}

func TestWhereAProgramBeginsToDraw(t *testing.T) {
	for text, at := range map[string]int{
		"plain\r\n\x1b[1mbold\x1b[m\r\n": -1,
		"\x1b[H\x1b[2J\x1b[3Jcleared":    -1,
		"\x1b[1;1H\x1b[J":                -1,
		"50%\x1b[K\r":                    -1,
		"ab\x1b[?1049h":                  2,
		"\x1b[?2004h$ ":                  0,
		"x\x1b[?1h\x1b=":                 1,
		"xy\x1b[12;40Hthere":             2,
		"\x1b[?25;1049h":                 0,
		"\x1b[?10":                       -1,
		"\x1b":                           -1,
		"\x1b[?25h":                      -1,
	} {
		require.Equal(t, at, Wanted([]byte(text)), "%q", text)
	}
}
