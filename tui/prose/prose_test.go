package prose

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/clipperhouse/displaywidth"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/markdown"
	"gatewalk/tui/theme"
)

func set(n *doc.Node, width int) string {
	return ansi.Strip(strings.Join(Screen(theme.New(true, true)).Set(n, width), "\n"))
}

func text(words string) *doc.Node {
	return &doc.Node{Kind: doc.Paragraph, Spans: []doc.Span{{Text: words}}}
}

func TestProseIsSetAsItsAuthorWroteIt(t *testing.T) {
	list := &doc.Node{Kind: doc.List, Ordered: true, Children: []*doc.Node{
		{Kind: doc.Item, Number: 9, Children: []*doc.Node{text("the ninth thing to do")}},
		{Kind: doc.Item, Number: 10, Children: []*doc.Node{text("the tenth")}},
	}}
	require.Equal(t, "9. the ninth\n   thing to do\n10. the tenth", set(list, 15))
	note := &doc.Node{Kind: doc.Note, Name: "warning", Children: []*doc.Node{text("mind the gap")}}
	require.Equal(t, "│ WARNING\n│ mind the gap", set(note, 40))
	code := &doc.Node{Kind: doc.Code, Text: "a\tb\n  c\n"}
	require.Equal(t, "  a       b\n    c", set(code, 40))
	row := &doc.Node{Kind: doc.Row, Children: []*doc.Node{text("node"), text("role")}}
	require.Equal(t, "node │ role", set(&doc.Node{Kind: doc.Table, Children: []*doc.Node{row}}, 40))
}

func TestSpansKeepTheirSpaces(t *testing.T) {
	n := &doc.Node{Kind: doc.Paragraph, Spans: []doc.Span{
		{Text: "run "},
		{Text: "ls", Style: doc.Literal},
		{Text: ", then"},
		{Text: " wait", Style: doc.Strong},
		{Text: "."},
		{Style: doc.Break},
		{Text: "Go on"},
	}}
	require.Equal(t, "run ls, then wait.\nGo on", set(n, 80))
}

func TestEveryKindOfNodeIsKnown(t *testing.T) {
	for _, kind := range doc.Kinds {
		for _, look := range []Look{Screen(theme.New(true, true)), Words()} {
			require.NotPanics(t, func() { look.Set(&doc.Node{Kind: kind, Name: "note"}, 20) }, kind)
		}
	}
}

func TestWordsSayWhatAScreenShows(t *testing.T) {
	for _, tc := range []struct{ name, source, want string }{
		{"words are wrapped, code and links keep theirs", "Look at `kubectl get pods` in [the guide](https://x.example/a) once more, **twice**.", "Look at `kubectl get pods` in the guide\n(https://x.example/a) once more, twice."},
		{"a list hangs", "- one two three four five six seven eight nine ten\n- two\n  - deeper\n", "- one two three four five six seven\n  eight nine ten\n- two\n  - deeper"},
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
		require.Equal(t, tc.want, strings.Join(Words().tidy(Words().stack(d.Nodes, 40)), "\n"), tc.name)
	}
}

// TestWrappingLosesNothing: every word stays, in order, and no line is wider than it must be.
func TestWrappingLosesNothing(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("abcäß漢字é-")), 1, 30, -1)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(word).Draw(t, "words")
		width := rapid.IntRange(20, 100).Draw(t, "width")
		lines := Words().Wrap(strings.Join(words, " "), width)
		require.Equal(t, words, append([]string{}, strings.Fields(strings.Join(lines, "\n"))...))
		for _, line := range lines {
			require.True(t, displaywidth.String(line) <= width || !strings.Contains(line, " "), line)
		}
	})
}
