package doctest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook/doc"
)

// Outline writes down what is read in a source: a line a node with its first and last line, its kind and its words, then the
// problems.
func (s Syntax) Outline(t testing.TB, source string) string {
	t.Helper()
	d, err := s.Read(s.file(), []byte(source))
	require.NoError(t, err)
	var b strings.Builder
	write(&b, d.Nodes, 0)
	for _, p := range d.Problems {
		fmt.Fprintf(&b, "! %d %s\n", p.Line, p.Text)
	}
	return b.String()
}

func write(b *strings.Builder, nodes []*doc.Node, depth int) {
	for _, n := range nodes {
		words := []string{fmt.Sprintf("%d-%d", n.Line, n.End), string(n.Kind), n.Name, n.Lang}
		if n.Level+n.Number > 0 {
			words = append(words, fmt.Sprint(n.Level+n.Number))
		}
		if n.Anchor != "" {
			words = append(words, "#"+n.Anchor)
		}
		words = append(words, spans(n.Spans))
		if n.Kind == doc.Code || n.Kind == doc.Comment {
			words = append(words, fmt.Sprintf("%q", n.Text))
		}
		words = slices.DeleteFunc(words, func(word string) bool { return word == "" })
		fmt.Fprintln(b, strings.Repeat("  ", depth)+strings.Join(words, " "))
		write(b, n.Children, depth+1)
	}
}

// spans shows the words with their styles, and a bar where a new line of the source begins.
func spans(all []doc.Span) string {
	var b strings.Builder
	for i, s := range all {
		if i > 0 && s.Line != all[i-1].Line {
			b.WriteString("|")
		}
		switch s.Style {
		case doc.Plain:
			b.WriteString(s.Text)
		case doc.Link:
			fmt.Fprintf(&b, "[%s](%s)", s.Text, s.Target)
		default:
			fmt.Fprintf(&b, "%s(%s)", s.Style, strings.ReplaceAll(s.Text, "\n", "\\n"))
		}
	}
	return b.String()
}
