package reader

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"gatewalk/runbook/doc"
	"gatewalk/steps"
	"gatewalk/tui/theme"
)

func plain() theme.Styles { return theme.New(true, true) }

func set(n *doc.Node, width int) string {
	return ansi.Strip(strings.Join(Prose(n, plain(), width), "\n"))
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
		require.NotPanics(t, func() { Prose(&doc.Node{Kind: kind, Name: "note", Children: nil}, plain(), 20) }, kind)
	}
}

func TestACommandShowsWhatItReads(t *testing.T) {
	ready := steps.Prepared{
		Text: "deploy \"$NODES\"\n\x1b[8mhidden",
		Variables: []steps.Used{
			{Name: "NODES", Variable: steps.Variable{Value: "a b\nc", Origin: "attempt 7"}},
			{Name: "TOKEN", Variable: steps.Variable{Commitment: "sha256:1", Origin: "typed"}},
			{Name: "ZONE", Missing: true},
		},
	}
	shown := ansi.Strip(strings.Join(Command(ready, plain(), 70), "\n"))
	for _, want := range []string{
		"┃ deploy \"$NODES\"", "<0x1B>[8mhidden", "NODES = a b<0x0A>c (attempt 7)", "TOKEN = (secret, never shown) (typed)", "ZONE has no value",
	} {
		require.Contains(t, shown, want)
	}
}
