package runbook

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/markdown"
)

// A pattern is passed over only where it could not have matched.
func TestFormsMissNothing(t *testing.T) {
	files, err := filepath.Glob("testdata/rules/*.txtar")
	require.NoError(t, err)
	matched := map[int]int{}
	if files = append(files, "read_test.go", "text.go", "gate.go"); testing.Short() {
		files = files[len(files)-5:]
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		d, err := markdown.Read(file, source)
		require.NoError(t, err)
		doc.Walk(d.Nodes, func(n *doc.Node) bool {
			for _, s := range splitSentences(n.Spans) {
				for number, f := range forms {
					want := hasForm(s, f)
					require.Equal(t, want, f.in(s), "%s in %q", f.pattern, s.plain)
					if want {
						matched[number]++
					}
				}
			}
			return true
		})
	}
	require.Greater(t, len(matched), 60)
}

// hasForm asks the pattern itself.
func hasForm(s *sentence, f *form) bool {
	found := f.compiled().FindStringSubmatch(s.plain)
	return found != nil && (f.further == nil || f.further(s, found))
}

func FuzzForm(f *testing.F) {
	f.Add("Verify that the remaining nodes are up, then wait until it is done.")
	f.Add("If needed, log in to node 1 and run the following command:")
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range []byte(text) {
			if c >= 0x80 {
				return
			}
		}
		s := newSentence(text, 1)
		for _, form := range forms {
			require.Equal(t, hasForm(s, form), form.in(s), form.pattern)
		}
	})
}

// A form is asked way by way. What is a single word stays together, and what is no alternative of the whole stays whole.
func TestFormsAreCutIntoWays(t *testing.T) {
	for pattern, want := range map[string][]string{
		`\bmilk the cow\b`:                        {`\bmilk the cow\b`},
		`\bmilk the cow\b|\bfeed (?:it|them all)`: {`\bmilk the cow\b`, `\bfeed (?:it|them all)`},
		`^(?:milk it|feed (?:it|them))$`:          {`^(?:milk it)$`, `^(?:feed (?:it|them))$`},
		`^(?:milk|feed|milk it|water)\b`:          {`^(?:milk it)\b`, `^(?:milk|feed|water)\b`},
		`^(?:milk|feed) (?:it|them)`:              {`^(?:milk|feed) (?:it|them)`},
		`\bmilk it [|(\w]*|\(feed it\|`:           {`\bmilk it [|(\w]*`, `\(feed it\|`},
	} {
		require.Equal(t, want, alternatives(pattern), pattern)
	}
}

// The words that a way needs are those that every match of it has, and of a short one its end as well.
func TestWaysNeedWords(t *testing.T) {
	for pattern, words := range map[string][]string{
		`\bmilk [^.]*\b(?:cow|goats?)\b`:    {"milk", "cow goat"},
		`^(?:then |now )*(?:milk|feed it)`:  {"milk feed"},
		`\b(?:do|go)\b`:                     {"do go"},
		`milk\w* the `:                      {"the"},
		`\b(?:[\w-]+ )?milk`:                {"milk"},
		`\b\w*milk`:                         {},
		`^if (?:it|they) (?:is|are) milked`: {"milked", "it they", "if"},
	} {
		var want []need
		for _, some := range words {
			want = append(want, needOf(some))
		}
		require.ElementsMatch(t, want, needs(parsed(pattern)), pattern)
	}
}
