package webtext

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook/doc"
)

var update = flag.Bool("update", false, "write what is read into testdata, to be looked at in the diff")

// Each archive in testdata holds documents in our own words, NAME.txt, and after each what must be read in it, NAME.want:
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
			t.Run(strings.TrimSuffix(source.Name, ".txt"), func(t *testing.T) {
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
	d, err := Read("x.txt", source)
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

func TestTitleIsTheFirstHeading(t *testing.T) {
	d, err := Read("x.txt", []byte("Moving the depot¶\n\nWords that explain it all.\n\nProcedure\n\nGo.\n"))
	require.NoError(t, err)
	require.Equal(t, "Moving the depot", d.Title)
	require.Equal(t, "text", d.Format)
}

// Line endings, a byte order mark, no-break spaces and a missing last newline change nothing but what they are.
func TestEditorsDoNotMatter(t *testing.T) {
	source := "Moving\n\nProcedure\n\n1. Look at it.\n\n        $ ls -l\n\n2. Go on.\n"
	want := outline(t, []byte(source))
	require.Contains(t, want, `7-7 code console "$ ls -l\n"`)
	require.Equal(t, want, outline(t, []byte(strings.ReplaceAll(source, "\n", "\r\n"))))
	require.Equal(t, want, outline(t, []byte("\ufeff"+source)))
	require.Equal(t, want, outline(t, []byte(strings.ReplaceAll(source, "        ", "\t"))))
	require.Equal(t, want, outline(t, []byte(strings.ReplaceAll(source, "        ", strings.Repeat("\u00a0", 8)))))
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
	_, err := Read("x.txt", nested(MaxDepth-1))
	require.NoError(t, err)
	_, err = Read("x.txt", nested(MaxDepth+6))
	require.EqualError(t, err, "x.txt:129: items stand more than 64 deep; flatten them, or split the document")
}

// Runs of marks and texts that begin over and over are read in linear time. The test's own deadline would be passed by
// hours if they were not.
func TestHostileTextIsReadInBoundedTime(t *testing.T) {
	const n = 200_000
	for _, text := range []string{
		"a", "a ", "A", "A.", "a.B", "a.Bc ", "word\n", "Word\n", "word word word word\n\n", "- x\n", "1. X\n", "1. X\n\n", "• x\n    y\n", "note\n", "Note\n", "Note\n\n",
		"a@b:~$ c ", "~(a)]$ b ", "~(a", "[a@b ", "$ x\n", "+--", "+---+ ", "~(a)]$ b +---+ | x | ", "x \\ ", "use the command a ", "do:\nx\n", "do:\n  x -y\n\n", " \n", "(a) ", "X\n---\n", "```\n", "cat <<A\n",
	} {
		_, _ = Read("x.txt", []byte(strings.Repeat(text, n/len(text))))
	}
}

// wellPlaced holds for every document: lines lie within the file, in order, and code is there byte for byte.
func wellPlaced(t require.TestingT, source []byte) {
	d, err := Read("x.txt", source)
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
		if n.Kind == doc.Code && n.Lang == "" {
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
		"Title\n", "\n", "Prerequisites\n", "1. Heading\n\n", "1. Do it.\n", "   $ run --it\n", "  2. Inner:\n", "    code -x\n    \n", "• point\n", "- option\n", "Words that say something.\n",
		"and go on\n", "Note\n", "NOTE: mind.\n", "Run the command:\n", "show -a | sort\n", "u@h:~$ ls +---+ | a | +---+\n", "done.Next one ", "```sh\n", "{\n  \"a\": 1\n}\n", "\tx\n", "•  \n", "\v\n", "NOTE:\n", "Copy\n", "Step 1: Go\n", "===\n", "use the command show it\n",
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
	section := "Some part\n\n1. Do this with care:\n\n   run --now\n\n2. Then look at it. It takes a while, so be patient.\n\n   $ look\n   all is well\n\n"
	source := []byte("Title\n\n" + strings.Repeat(section, 5000))
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if _, err := Read("x.txt", source); err != nil {
			b.Fatal(err)
		}
	}
}
