package rst

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook/doc"
)

var update = flag.Bool("update", false, "write what is read into testdata, to be looked at in the diff")

// Each archive in testdata holds documents in our own words, NAME.rst, and after each what must be read in it, NAME.want:
// a line a node with its first and last line, its kind and its words, then the problems.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(t, err)
		for i := 0; i+1 < len(archive.Files); i += 2 {
			source, want := archive.Files[i], &archive.Files[i+1]
			t.Run(strings.TrimSuffix(source.Name, ".rst"), func(t *testing.T) {
				got := outline(t, source.Data)
				if *update {
					want.Data = []byte(got)
					return
				}
				require.Equal(t, string(want.Data), got)
			})
		}
		if *update {
			require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
		}
	}
}

func outline(t *testing.T, source []byte) string {
	t.Helper()
	d, err := Read("x.rst", source)
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

func TestTitleAndValues(t *testing.T) {
	d, err := Read("x.rst", []byte(":status: draft\n\n.. |next| replace:: 9.y\n\nMove to |next|\n==============\n\nWords.\n"))
	require.NoError(t, err)
	require.Equal(t, "Move to 9.y", d.Title)
	require.Equal(t, "rst", d.Format)
	require.Equal(t, map[string]string{"next": "9.y"}, d.Values)
	require.Equal(t, map[string]any{"status": "draft"}, d.Front)
}

// Line endings, a byte order mark, tabs for spaces and a missing last newline change nothing but what they are.
func TestEditorsDoNotMatter(t *testing.T) {
	source := "Title\n=====\n\n#. Do:\n\n   .. code-block:: sh\n\n        id\n\n   .. note:: Mind.\n"
	want := outline(t, []byte(source))
	require.Contains(t, want, `8-8 code sh "id\n"`)
	require.Equal(t, want, outline(t, []byte(strings.ReplaceAll(source, "\n", "\r\n"))))
	require.Equal(t, want, outline(t, []byte("\ufeff"+source)))
	require.Equal(t, want, outline(t, []byte(strings.ReplaceAll(source, "        ", "\t"))))
	require.Equal(t, want, outline(t, []byte(strings.TrimRight(source, "\n"))))
}

func TestTooDeepIsRefusedWithItsPlace(t *testing.T) {
	nested := func(depth int) []byte {
		var b bytes.Buffer
		for i := range depth {
			b.WriteString(strings.Repeat("  ", i) + "- x\n\n")
		}
		return b.Bytes()
	}
	_, err := Read("x.rst", nested(MaxDepth-1))
	require.NoError(t, err)
	_, err = Read("x.rst", nested(MaxDepth+6))
	require.EqualError(t, err, "x.rst:129: lists and directives stand more than 64 deep; flatten them, or split the document")
}

// Paragraphs full of marks that are never closed, long runs of one mark and deep indentation are read in linear time. The
// test's own deadline would be passed by hours if they were not.
func TestHostileTextIsReadInBoundedTime(t *testing.T) {
	const n = 200_000
	for _, text := range []string{
		"*a ", "**a ", "`a ", "``a ", "|a ", ":a:`b ", "a_ ", "x_-", "`a <b", "*", "`", "_", "|", ":a", "http://", "\\", "(*", ".. _a: b_\n", "- ", "a\n =\n",
		"+-+\n", "= =\n", ".. |a| replace:: b\n", "::\n\n", "1. a\n\n", ".. a::\n", ":a: b\n", "| a\n",
	} {
		_, _ = Read("x.rst", []byte(strings.Repeat(text, n/len(text))))
	}
}

func TestLooks(t *testing.T) {
	for text, want := range map[string]bool{
		"Title\n=====\n\n.. note:: Mind.\n":         true,
		"Run this::\n\n    ls\n":                    true,
		"See :ref:`other`.\n":                       true,
		".. _label:\n\nTitle\n=====\n":              true,
		"# Title\n\n```rst\n.. note:: Mind.\n```\n": false,
		"Title\n=====\n\n- a\n- b\n":                false,
		"Time: 10::30\nand so on\n":                 false,
		"a .. b\n... and so on\n":                   false,
	} {
		require.Equal(t, want, Looks([]byte(text)), text)
	}
}

// wellPlaced holds for every document: lines lie within the file, in order, and code is there byte for byte.
func wellPlaced(t require.TestingT, source []byte) {
	if !utf8.Valid(source) {
		return // refused before it gets here
	}
	d, err := Read("x.rst", source)
	if err != nil {
		return
	}
	rows := split(source)
	doc.Walk(d.Nodes, func(n *doc.Node) bool {
		require.GreaterOrEqual(t, n.Line, 1)
		require.GreaterOrEqual(t, n.End, n.Line)
		require.LessOrEqual(t, n.End, max(len(rows), 1))
		for _, s := range n.Spans {
			require.GreaterOrEqual(t, s.Line, 1)
			require.LessOrEqual(t, s.Line, max(len(rows), 1))
		}
		if n.Kind == doc.Code && n.Lang != "" {
			first, _, _ := strings.Cut(n.Text, "\n")
			require.Contains(t, strings.ReplaceAll(rows[n.Line-1].text, "\t", " "), strings.TrimSpace(strings.ReplaceAll(first, "\t", " ")))
		}
		return true
	})
	for _, p := range d.Problems {
		require.GreaterOrEqual(t, p.Line, 1)
	}
}

// Whatever pieces a document is put together from, each node has its place.
func TestEveryNodeHasItsPlace(t *testing.T) {
	pieces := []string{
		"Title\n=====\n", "=====\nTitle\n=====\n", "Words and ``code``.\n", "Do it::\n\n", "    typed here\n", "\n", "#. First\n", "   more\n", "2. Second\n", "a. x\n",
		"* point\n", "  - inner\n", ".. code-block:: sh\n", "   :linenos:\n", "\n   ls -l\n", ".. note:: Mind\n", "   the gap\n", ".. _label:\n", ".. comment\n",
		"term\n  meaning\n", "== ==\na  b\n== ==\n", "+--+--+\n|a |b |\n+--+--+\n", ".. tabs::\n\n   .. tab:: A\n\n      x\n", "| line\n", ":field: value\n", "\tx\n", "::\n", ".. list-table::\n\n   * - a\n     - b\n",
	}
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 14).Draw(t, "parts")
		wellPlaced(t, []byte(strings.Join(parts, "")))
	})
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(f, err)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(f, err)
		for i := 0; i < len(archive.Files); i += 2 {
			f.Add(archive.Files[i].Data)
		}
	}
	f.Fuzz(func(t *testing.T, source []byte) { wellPlaced(t, source) })
}

func BenchmarkRead(b *testing.B) {
	section := "Section\n-------\n\n#. Do this with ``care`` and :ref:`that`:\n\n   .. code-block:: console\n\n      run --now\n\n#. Then *look* at `it <x>`_::\n\n      look\n\n"
	source := []byte("Title\n=====\n\n" + strings.Repeat(section, 5000))
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if _, err := Read("x.rst", source); err != nil {
			b.Fatal(err)
		}
	}
}
