// Package doctest holds the one suite that every reader of plain lines must pass, and writes a document down to be compared.
//
// Its promise: what the suite holds, is held of every syntax in the same words; a story is a document in our own words and what
// must be read in it.
package doctest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook/doc"
)

var update = flag.Bool("update", false, "write what is read into testdata, to be looked at in the diff")

// Syntax is one way to write documents, under test.
type Syntax struct {
	Extension string // of its files, with the dot
	Read      func(name string, source []byte) (*doc.Document, error)
	Verbatim  func(n *doc.Node) bool // the code that stands in the source as it was read, but for its tabs
}

func (s Syntax) file() string { return "x" + s.Extension }

// Stories reads the archives in testdata. Each holds documents, and after each what must be read in it, NAME.want: its outline.
func (s Syntax) Stories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(t, err)
		for i := 0; i+1 < len(archive.Files); i += 2 {
			source, want := archive.Files[i], &archive.Files[i+1]
			t.Run(strings.TrimSuffix(source.Name, s.Extension), func(t *testing.T) {
				got := s.Outline(t, string(source.Data))
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

// Editors holds that line endings, a byte order mark, tabs for eight spaces and a missing last newline change nothing. It answers
// the outline, which is to be that of the variants as well.
func (s Syntax) Editors(t *testing.T, source string, variants ...string) string {
	t.Helper()
	want := s.Outline(t, source)
	for _, same := range append(variants,
		strings.ReplaceAll(source, "\n", "\r\n"),
		"\ufeff"+source,
		strings.ReplaceAll(source, strings.Repeat(" ", 8), "\t"),
		strings.TrimRight(source, "\n"),
	) {
		require.Equal(t, want, s.Outline(t, same))
	}
	return want
}

// TooDeep holds that lists within lists are read down to a depth, and that far below it they are refused in these words.
func (s Syntax) TooDeep(t *testing.T, depth int, refusal string) {
	nested := func(depth int) []byte {
		var b strings.Builder
		for i := range depth {
			b.WriteString(strings.Repeat("  ", i) + "- x\n\n")
		}
		return []byte(b.String())
	}
	_, err := s.Read(s.file(), nested(depth-1))
	require.NoError(t, err)
	_, err = s.Read(s.file(), nested(depth+6))
	require.EqualError(t, err, refusal)
}

// Repeated reads each piece over and over, 200 KB of it, 10 KB in the short form. A reader of more than linear cost passes the test's own
// deadline by hours.
func (s Syntax) Repeated(pieces []string) {
	bytes := 200_000
	if testing.Short() {
		bytes = 10_000 // the race detector makes everything many times as slow
	}
	for _, piece := range pieces {
		_, _ = s.Read(s.file(), []byte(strings.Repeat(piece, bytes/len(piece))))
	}
}

// Pieces holds of whatever is put together from them that each node has its place.
func (s Syntax) Pieces(t *testing.T, pieces []string) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 14).Draw(t, "parts")
		s.wellPlaced(t, []byte(strings.Join(parts, "")))
	})
}

// Fuzz holds the same of whatever is made of the stories.
func (s Syntax) Fuzz(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(f, err)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(f, err)
		for i := 0; i < len(archive.Files); i += 2 {
			f.Add(archive.Files[i].Data)
		}
	}
	f.Fuzz(func(t *testing.T, source []byte) { s.wellPlaced(t, source) })
}

// Bench reads a section 5,000 times over.
func (s Syntax) Bench(b *testing.B, title, section string) {
	source := []byte(title + strings.Repeat(section, 5000))
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if _, err := s.Read(s.file(), source); err != nil {
			b.Fatal(err)
		}
	}
}
