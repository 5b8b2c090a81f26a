package plain

import (
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/markdown"
)

func TestProseReadsAsItWasWritten(t *testing.T) {
	for _, tc := range []struct{ name, source, want string }{
		{"words are wrapped, code and links keep theirs", "Look at `kubectl get pods` in [the guide](https://x.example/a) once more, **twice**.", "Look at `kubectl get pods` in the guide\n(https://x.example/a) once more, twice."},
		{"a list hangs", "- one two three four five six seven eight nine ten\n- two\n  - deeper\n", "- one two three four five six seven\n  eight nine ten\n- two\n\n  - deeper"},
		{"a numbered list counts on", "3. three\n4. four\n", "3. three\n4. four"},
		{"code is never wrapped", "```\na line that is much longer than forty columns are wide\n```\n", "    a line that is much longer than forty columns are wide"},
		{"a note begins with its name", "> **NOTE** Mind the gap.\n>\n> And the step.\n", "note: Mind the gap.\n\nAnd the step."},
		{"a quote is led", "> so they say\n", "> so they say"},
		{"a table keeps its rows", "| a | b |\n|---|---|\n| 1 | 2 |\n", "a | b\n1 | 2"},
		{"a comment is nobody's to read", "<!-- hidden -->\n", ""},
		{"a heading and a rule", "# Title\n\n---\n", "Title\n\n----"},
	} {
		d, err := markdown.Read("x.md", []byte(tc.source))
		require.NoError(t, err)
		require.Equal(t, tc.want, strings.Join(prose(d.Nodes, 40), "\n"), tc.name)
	}
}

// TestWrappingLosesNothing: every word stays, in order, and no line is wider than it must be.
func TestWrappingLosesNothing(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("abcäß漢字é-")), 1, 30, -1)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(word).Draw(t, "words")
		width := rapid.IntRange(20, 100).Draw(t, "width")
		lines := wrap(strings.Join(words, " "), width)
		require.Equal(t, words, append([]string{}, strings.Fields(strings.Join(lines, "\n"))...))
		for _, line := range lines {
			require.True(t, displaywidth.String(line) <= width || !strings.Contains(line, " "), line)
		}
	})
}

func TestEveryKindOfNodeHasLines(t *testing.T) {
	for _, kind := range doc.Kinds {
		require.NotPanics(t, func() { node(&doc.Node{Kind: kind}, 80) })
	}
}

func TestTheNearestWord(t *testing.T) {
	require.Equal(t, "skip", doc.Nearest("skpi", allWords()))
	require.Equal(t, "no-go", doc.Nearest("NO GO", allWords()))
	require.Equal(t, "verdict", doc.Nearest("veredict", allWords()))
}

// TestNoWordHidesAnother: a word that begins another stands behind it, and no two share a letter.
func TestNoWordHidesAnother(t *testing.T) {
	letters := map[string]string{}
	all := commands()
	for i, c := range all {
		for _, later := range all[i+1:] {
			_, hidden := after(later.word, c.word)
			require.False(t, hidden, "%s hides %s", c.word, later.word)
		}
		if c.letter != "" {
			require.Empty(t, letters[c.letter], "%s and %s", c.word, letters[c.letter])
			letters[c.letter] = c.word
		}
	}
}
