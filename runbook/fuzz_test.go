package runbook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

// announcedSample is an output that is announced as one, in each syntax. It ends a document; a page, which may end inside a
// tag, begins with it.
var announcedSample = map[string]string{
	"markdown": "\n\nExample output:\n\n```text\nsample -x 7\n```\n",
	"rst":      "\n\nExample output::\n\n   sample -x 7\n",
	"text":     "\n\nExample output:\n\n    sample -x 7\n    \n",
	"html":     "<html><p>Example output:</p><pre>sample -x 7\n</pre>",
}

// holds is what is promised of every source in a syntax, whatever it holds: an answer soon, lines that are in the file,
// nothing to run in what is no command, no sample offered as one, and the same again from what is printed.
func holds(t *testing.T, format, name string, source []byte) {
	p, err := ReadAs(format, name, source)
	if err == nil {
		placed(t, p, source)
		saysTheSameAsPrinted(t, format, name, source)
	}
	offersNoSample(t, format, name, source)
}

func placed(t *testing.T, p *Plan, source []byte) {
	if p.Format == "html" {
		return // its lines are those of its text
	}
	last := bytes.Count(source, []byte("\n")) + 1
	for _, b := range p.Blocks {
		require.True(t, b.Line >= 1 && b.Line <= last+1 && b.End <= last+1, "block at %d to %d of %d", b.Line, b.End, last)
		if !b.Runs() {
			require.Empty(t, b.Commands)
		}
		for property, reason := range b.Why {
			require.True(t, reason.Line >= 0 && reason.Line <= last+1, "%s at line %d of %d", property, reason.Line, last)
		}
	}
	for i, s := range p.Steps {
		require.True(t, s.Line >= 1 && s.Line <= last+1 && s.Parent < i)
	}
	_, err := json.Marshal(p)
	require.NoError(t, err)
}

func offersNoSample(t require.TestingT, format, name string, source []byte) {
	if bytes.Contains(source, []byte("gatewalk")) {
		return // an annotation may say anything
	}
	whole := string(source) + announcedSample[format]
	if format == "html" {
		whole = announcedSample[format] + string(source)
	}
	p, err := ReadAs(format, name, []byte(whole))
	if err != nil {
		return
	}
	for _, b := range p.Blocks {
		require.False(t, b.Text == "sample -x 7\n" && b.Runs(), "%v", b.Why)
	}
}

// stories are the documents of a syntax that tests are told with, wherever they stand.
func stories(t testing.TB, extension string) [][]byte {
	t.Helper()
	var all [][]byte
	for _, pattern := range []string{"*/testdata/*.txtar", "testdata/rules/*.txtar"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			for _, story := range archive.Files {
				if filepath.Ext(story.Name) == extension {
					all = append(all, story.Data)
				}
			}
		}
	}
	return all
}

func fuzzSyntax(f *testing.F, format, extension string) {
	for _, story := range stories(f, extension) {
		f.Add(story)
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		if utf8.Valid(source) {
			hung := time.AfterFunc(time.Minute, func() { panic(fmt.Sprintf("no answer to %q", source)) })
			defer hung.Stop()
			holds(t, format, "x"+extension, source)
		}
	})
}

func FuzzReadRst(f *testing.F) { fuzzSyntax(f, "rst", ".rst") }

func FuzzReadText(f *testing.F) { fuzzSyntax(f, "text", ".txt") }

func FuzzReadPage(f *testing.F) {
	f.Add([]byte("<html><body><main><h1>Go</h1><ol><li><p>Do <code>it</code>:</p><pre><code class=\"language-sh\">ls -l\n</code></pre></li></ol><div class=\"admonition note\"><p>Mind <b>it</b> <a href=\"x y\">here</a>.</p></div><table><tr><td>a|b</td></tr></table></main>"))
	fuzzSyntax(f, "html", ".html")
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("---\na: 1\n---\n> [!NOTE]\n> x\n\n!!! tip \"T\"\n    ```sh\n    ls\n    ```\n\n=== \"A\"\n    x\n=== \"B\"\n    y\n\n| a |\n|---|\n| `b` |\n"))
	f.Add([]byte("1. a\n\n```\n$ ls <x>\nfoo\n```\n\n2. b\n\n- [ ] c\n"))
	f.Add([]byte("<!-- gatewalk gate=canary poll=3s -->\n```bash {host=a kind=output}\nls\n```\n"))
	fuzzSyntax(f, "markdown", ".md")
}

// Every document of the labelled procedures keeps the promises that fuzzing asks for.
func TestPublishedProceduresHold(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: the short form holds this of the stories")
	}
	folder := shared(t)
	files, err := filepath.Glob(filepath.Join(folder, "[sm][eo]*", "*.*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		p, err := Read(filepath.Base(file), source)
		if err != nil {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) { holds(t, p.Format, filepath.Base(file), source) })
	}
}

// Every document of the readers' own stories keeps them.
func TestStoriesHold(t *testing.T) {
	for extension, format := range map[string]string{".rst": "rst", ".txt": "text", ".md": "markdown"} {
		for i, story := range stories(t, extension) {
			first, _, _ := strings.Cut(string(story), "\n")
			t.Run(fmt.Sprint(format, i, " ", first), func(t *testing.T) { holds(t, format, "x"+extension, story) })
		}
	}
}
