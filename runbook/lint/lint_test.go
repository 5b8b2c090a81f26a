package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
)

// Each rule has a file below testdata with a document that breaks it, all that is to be found there, and one in which
// nothing is. Only the rule itself is asked of the first; of the second, all are.
func TestRules(t *testing.T) {
	for _, rule := range Rules {
		t.Run(rule.Name, func(t *testing.T) {
			archive, err := txtar.ParseFile(filepath.Join("testdata", rule.Name+".txtar"))
			require.NoError(t, err)
			parts := map[string]string{}
			for _, f := range archive.Files {
				parts[f.Name] = string(f.Data)
			}
			options := Options{Values: map[string]string{"KNOWN": "1", "site.known": "2"}, Exists: func(target string) bool {
				return slices.Contains(strings.Split(parts["files"], "\n"), target)
			}}
			right, wrong := 0, 0
			for name, source := range parts {
				switch {
				case strings.HasPrefix(name, "right."):
					right++
					require.Empty(t, reported(t, name, source, options), name)
				case strings.HasPrefix(name, "wrong.") && !strings.HasSuffix(name, " want"):
					options := options
					options.Except = allBut(rule.Name)
					wrong++
					require.NotEmpty(t, strings.TrimSpace(parts[name+" want"]), name)
					require.Equal(t, strings.TrimSpace(parts[name+" want"]), reported(t, name, source, options))
				}
			}
			require.Positive(t, right)
			require.Positive(t, wrong)
		})
	}
}

// reported is what is found, a line each, without the file and the rule.
func reported(t *testing.T, name, source string, o Options) string {
	t.Helper()
	var all []string
	for _, f := range checked(t, name, source, o) {
		text := strings.TrimPrefix(f.String(), name+":")
		all = append(all, strings.TrimSuffix(text, " ("+f.Rule+")"))
	}
	return strings.Join(all, "\n")
}

func checked(t testing.TB, name, source string, o Options) []Finding {
	t.Helper()
	p, err := runbook.Read(name, []byte(source))
	require.NoError(t, err)
	found, err := Check(p, []byte(source), o)
	require.NoError(t, err)
	return found
}

func allBut(rule string) []string {
	var others []string
	for _, r := range Rules {
		if r.Name != rule {
			others = append(others, r.Name)
		}
	}
	return others
}

const untidy = "# Look\n\n1. Look.\n\n   ```bash\n   uptime $Q7 \u202e\x1b[2J\n   ```\n"

func TestFindingsAreWrittenForPeopleAndForPrograms(t *testing.T) {
	found := checked(t, "doc.md", untidy, Options{})
	var text, raw bytes.Buffer
	require.NoError(t, WriteText(&text, found))
	require.Contains(t, text.String(), "doc.md:6: error: U+202E turns the direction of the text, in a command or a file; type it anew as plain text (characters)\n")
	require.NotContains(t, text.String(), "\x1b")
	require.NotContains(t, text.String(), "(source)", "the rule on characters says it")

	require.NoError(t, WriteJSON(&raw, found))
	var back struct{ Findings []Finding }
	require.NoError(t, json.Unmarshal(raw.Bytes(), &back))
	require.Equal(t, found, back.Findings)

	raw.Reset()
	require.NoError(t, WriteJSON(&raw, nil))
	require.JSONEq(t, `{"findings": []}`, raw.String())
}

func TestOnlyRulesThatThereAreCanBeExcepted(t *testing.T) {
	p, err := runbook.Read("doc.md", []byte(untidy))
	require.NoError(t, err)
	_, err = Check(p, []byte(untidy), Options{Except: []string{"hots"}})
	require.ErrorContains(t, err, `there is no rule "hots"; the rules are values, hosts,`)
}

func TestWhatTheSiteLeavesOutIsNotJudged(t *testing.T) {
	p, err := runbook.Read("doc.md", []byte(untidy))
	require.NoError(t, err)
	p.Steps[0].Skip = "not here"
	found, err := Check(p, []byte(untidy), Options{Except: []string{"source"}})
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestAFindingNamesTheDocumentItsLineIsOf(t *testing.T) {
	p, err := runbook.Read("doc.md", []byte(untidy))
	require.NoError(t, err)
	p.Blocks[0].Source = "called.md"
	found, err := Check(p, []byte(untidy), Options{Except: allBut("hosts")})
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "called.md", found[0].File)
}

// The shipped runbooks are written to be walked without a question.
func TestShippedRunbooksAreClean(t *testing.T) {
	files, err := filepath.Glob("../../runbooks/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		there := func(target string) bool {
			_, err := os.Stat(filepath.Join(filepath.Dir(file), target))
			return err == nil
		}
		require.Empty(t, checked(t, filepath.Base(file), string(source), Options{Exists: there}), file)
	}
}

// Whatever is read can be linted, and every finding has its place and its next act.
func FuzzCheck(f *testing.F) {
	f.Add("doc.md", untidy)
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(f, err)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(f, err)
		for _, part := range archive.Files {
			f.Add(part.Name, string(part.Data))
		}
	}
	f.Fuzz(func(t *testing.T, name, source string) {
		p, err := runbook.Read(name, []byte(source))
		if err != nil {
			return
		}
		found, err := Check(p, []byte(source), Options{Exists: func(string) bool { return false }})
		require.NoError(t, err)
		require.True(t, slices.IsSortedFunc(found, func(x, y Finding) int { return x.Line - y.Line }))
		for _, finding := range found {
			require.Positive(t, finding.Line)
			require.LessOrEqual(t, finding.Line, strings.Count(source, "\n")+strings.Count(source, "\r")+1)
			require.NotEmpty(t, finding.What)
			require.NotEmpty(t, finding.Act)
		}
	})
}

// The cost grows with the document, not with its square: ten thousand values that nobody explains, and as many steps.
func BenchmarkCheck(b *testing.B) {
	var source strings.Builder
	source.WriteString("# Many\n\n")
	for i := range 10_000 {
		fmt.Fprintf(&source, "1. Load shelf %d.\n\n   ```bash\n   shelf load <q%d> $Q%d\n   ```\n\n", i, i, i)
	}
	text := []byte(source.String())
	p, err := runbook.Read("doc.md", text)
	require.NoError(b, err)
	for b.Loop() {
		_, err := Check(p, text, Options{})
		require.NoError(b, err)
	}
}

// Of a document that another calls only its writing is judged: the walk of the other one shows the rest.
func TestCalledDocumentsAreJudgedAsWritten(t *testing.T) {
	source := []byte("# Shelves\n\n1. Look at [the map](map.md), then at [the end](#end).\n\n   ```bash\n   vi shelves\n   ```\n")
	p, err := runbook.Read("shelves.md", source)
	require.NoError(t, err)
	findings, err := CheckCalled(p, source, Options{Exists: func(string) bool { return false }})
	require.NoError(t, err)
	var all []string
	for _, f := range findings {
		all = append(all, f.Rule+": "+f.What)
	}
	require.Equal(t, []string{"references: there is no file map.md", "references: no heading has the anchor #end"}, all)
}

// What a call of another document could not be followed to is told with the links; what it was followed to is reached.
func TestFollowedCallsAreReached(t *testing.T) {
	source := []byte("# Shelves\n\n## Do\n\n1. Perform the steps in [Other](other.md), then return here.\n\n1. Perform the steps in [Nowhere](other.md#gone), then return here.\n")
	p, err := runbook.Read("shelves.md", source)
	require.NoError(t, err)
	p, err = runbook.Follow(p, "shelves.md", func(string) ([]byte, error) {
		return []byte("# Other\n\n## A\n\n1. (`w1#`) Do it.\n\n   ```bash\n   doit\n   ```\n"), nil
	})
	require.NoError(t, err)
	findings, err := Check(p, source, Options{})
	require.NoError(t, err)
	require.Len(t, findings, 1)
	require.Equal(t, "references", findings[0].Rule)
	require.Contains(t, findings[0].What, "there is no work under the heading #gone")
}

func TestAFindingMovesNoCursor(t *testing.T) {
	var out strings.Builder
	require.NoError(t, WriteText(&out, []Finding{{File: "a\x1b]0;mine\a.md", Line: 3, Rule: "values", Severity: Warning, What: "$X\x1b[2J\u202e is unset", Act: "set\rit"}}))
	require.Contains(t, out.String(), ":3: warning: $X")
	for _, moves := range []string{"\x1b", "\a", "\r", "\u202e"} {
		require.NotContains(t, out.String(), moves)
	}
}
