package runbook

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/markdown"
)

// everyForms are the patterns that sentences are asked for.
var everyForms = map[string]*form{
	"strong": strongForm, "weak": weakForm, "output": outputIntro, "sample": sampleIntro, "file": fileIntro, "command": commandIntro, "asks": asksForm,
	"poll": pollForm, "takes": takesForm, "lasts": lastsForm, "when": whenForm, "need": needForm, "skip": skipForm, "disrupt": disruptForm,
	"upgrade": upgradeForm, "commands": commandsForm, "lead": leadClause, "procedural": procedural, "stop": stopForm, "first": firstForm,
	"condition": conditionForm, "run on": runOn, "log in": loginTo, "serial": serialForm, "repeat": repeatForm, "choose": chooseForm, "guide": guideForm,
	"remaining": remainingForm, "returning": returning, "leaving": leaving, "onward": onward, "must": mustForm, "work": workClause, "handwork": handwork,
}

// A pattern is passed over only where it could not have matched.
func TestFormsMissNothing(t *testing.T) {
	files, err := filepath.Glob("testdata/rules/*.txtar")
	require.NoError(t, err)
	matched := map[string]int{}
	for _, file := range append(files, "read_test.go", "text.go", "gate.go") {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		d, err := markdown.Read(file, source)
		require.NoError(t, err)
		doc.Walk(d.Nodes, func(n *doc.Node) bool {
			for _, s := range splitSentences(n.Spans) {
				for name, f := range everyForms {
					want := f.MatchString(s.plain)
					require.Equal(t, want, f.in(s), "%s in %q", name, s.plain)
					if want {
						matched[name]++
					}
				}
			}
			return true
		})
	}
	require.Greater(t, len(matched), 15)
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
		for name, form := range everyForms {
			require.Equal(t, form.MatchString(s.plain), form.in(s), name)
		}
	})
}
