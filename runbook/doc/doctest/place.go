package doctest

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook/doc"
)

// wellPlaced holds that lines lie within the file, in order, and that code is there byte for byte, but for its tabs.
func (s Syntax) wellPlaced(t require.TestingT, source []byte) {
	if !utf8.Valid(source) {
		return // refused before it gets to a reader
	}
	d, err := s.Read(s.file(), source)
	if err != nil {
		return
	}
	lines := bytes.SplitAfter(source, []byte("\n"))
	doc.Walk(d.Nodes, func(n *doc.Node) bool {
		require.GreaterOrEqual(t, n.Line, 1)
		require.GreaterOrEqual(t, n.End, n.Line)
		require.LessOrEqual(t, n.End, len(lines))
		for _, span := range n.Spans {
			require.GreaterOrEqual(t, span.Line, 1)
			require.LessOrEqual(t, span.Line, len(lines))
		}
		if n.Kind == doc.Code && s.Verbatim(n) {
			first, _, _ := strings.Cut(n.Text, "\n")
			require.Contains(t, words(string(lines[n.Line-1])), words(first))
		}
		return true
	})
	for _, p := range d.Problems {
		require.GreaterOrEqual(t, p.Line, 1)
	}
}

// words is a line without the space around it, and without its tabs.
func words(line string) string { return strings.TrimSpace(strings.ReplaceAll(line, "\t", " ")) }
