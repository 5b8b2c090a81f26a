package runbook

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// shelf is a folder of documents in memory.
type shelf map[string]string

func (s shelf) open(name string) ([]byte, error) {
	if strings.HasPrefix(name, "/") || strings.HasPrefix(name, "../") {
		return nil, errors.New("it lies outside")
	}
	if text, ok := s[name]; ok {
		return []byte(text), nil
	}
	return nil, fs.ErrNotExist
}

func (s shelf) follow(t require.TestingT, name string) *Plan {
	p, err := Read(name, []byte(s[name]))
	require.NoError(t, err)
	before := asJSON(t, p)
	followed, err := Follow(p, name, s.open)
	require.NoError(t, err)
	require.Equal(t, before, asJSON(t, p), "the plan itself is left as it is")
	sound(t, followed)
	return followed
}

func calling(sentence string) string {
	return "# Main\n\n## 1. Begin\n\n1. Make ready.\n\n    ```bash\n    ready\n    ```\n\n1. " + sentence + "\n\n1. Go on.\n\n    ```bash\n    onward\n    ```\n"
}

const other = `# Other

## Prepare

1. Look at it.

    ` + "```bash" + `
    look
    ` + "```" + `

1. Write it.

    ` + "```bash" + `
    write
    ` + "```" + `

## Reboot

1. Reboot it.

    ` + "```bash" + `
    reboot
    ` + "```" + `

## Clean up

1. Sweep.

    ` + "```bash" + `
    sweep
    ` + "```" + `
`

// reached are the commands of a walk, calls walked where they are called.
func reached(p *Plan) []string {
	var all []string
	var visit func([]Item, int)
	visit = func(items []Item, depth int) {
		for _, item := range items {
			if item.Kind == BlockItem {
				all = append(all, p.Blocks[item.Index].First)
			}
			if item.Kind != StepItem || depth > 20 {
				continue
			}
			step := &p.Steps[item.Index]
			if step.Routine {
				continue
			}
			if step.Ref != nil && p.Refs[*step.Ref].Returns && p.Refs[*step.Ref].Step >= 0 {
				visit(p.Steps[p.Refs[*step.Ref].Step].Body, depth+1)
			}
			visit(step.Body, depth)
		}
	}
	visit(p.Root, 0)
	return all
}

func TestFollowWalksWhatIsCalled(t *testing.T) {
	for name, c := range map[string]struct {
		sentence string
		want     string
		problem  string
	}{
		"a section":           {"Perform the steps in [Prepare](other.md#prepare), then return here.", "ready look write onward", ""},
		"a document":          {"Follow the procedure in [Other](other.md), then return here.", "ready look write reboot sweep onward", ""},
		"up to a link":        {"Perform the procedure in [Other](other.md), but stop before [Reboot](other.md#reboot) and return here.", "ready look write onward", ""},
		"up to a title":       {"Perform the procedure in [Other](other.md). Stop before Clean up, and return here.", "ready look write reboot onward", ""},
		"from a part to one":  {"Perform the procedure beginning with [Prepare](other.md#prepare), stop before [Clean up](other.md#clean-up), then return here.", "ready look write reboot onward", ""},
		"up to a number":      {"Perform the steps in [Prepare](other.md#prepare), stop before step 2 and return here.", "ready look onward", ""},
		"up to a note":        {"Follow the steps documented in [Other](other.md).\n\n    > **`Stop`** before performing the specific [boot](other.md#reboot) step and return to this document.", "ready look write onward", ""},
		"stop, but where":     {"Perform the steps in [Other](other.md), then stop when it looks good and return here.", "ready onward", "the step says to stop, and not clearly where"},
		"up to nothing":       {"Perform the procedure in [Other](other.md). Stop before the party, and return here.", "ready onward", `11: other.md: it is to stop before "party", and no step is called so; it stays a step to be done by hand`},
		"up to what is above": {"Perform the steps in [Reboot](other.md#reboot), stop before [Prepare](other.md#prepare) and return here.", "ready onward", "which does not come behind it"},
		"no such heading":     {"Perform the steps in [Nowhere](other.md#nowhere), then return here.", "ready onward", "there is no work under the heading #nowhere"},
		"no such file":        {"Perform the steps in [Missing](missing.md), then return here.", "ready onward", ""},
		"an address":          {"Perform the steps in [Far](https://example.net/other.md), then return here.", "ready onward", ""},
		"a file address":      {"Perform the steps in [Far](file:///other.md), then return here.", "ready onward", ""},
		"outside":             {"Perform the steps in [Far](../../etc/passwd), then return here.", "ready onward", "it lies outside; it stays a step to be done by hand"},
		"an absolute path":    {"Perform the steps in [Far](/etc/passwd), then return here.", "ready onward", "it lies outside"},
		"no procedure":        {"Perform the steps in [Letter](letter.md), then return here.", "ready onward", "no step found"},
		"itself":              {"Perform the steps in [Main](main.md), then return here.", "ready ready onward onward", "it leads back to where it is called from"},
	} {
		t.Run(name, func(t *testing.T) {
			s := shelf{"main.md": calling(c.sentence), "other.md": other, "letter.md": "# Letter\n\nDear all.\n"}
			p := s.follow(t, "main.md")
			require.Equal(t, c.want, strings.Join(reached(p), " "))
			require.Contains(t, problemLines(p), c.problem)
			if c.problem == "" {
				require.Empty(t, p.Problems)
			}
		})
	}
}

func TestFollowSaysWhereItIs(t *testing.T) {
	s := shelf{"docs/main.md": calling("Perform the steps in [Prepare](sub/other.md#prepare), then return here."), "docs/sub/other.md": other}
	p := s.follow(t, "docs/main.md")
	text := written(t, p)
	require.Contains(t, text, "do, then return: Prepare docs/sub/other.md#prepare")
	require.Contains(t, text, "docs/sub/other.md#prepare/2  Write it")
	require.Contains(t, text, "line 14 of docs/sub/other.md")
	require.Contains(t, text, "only when called")
	require.NotContains(t, text, "sweep", "what is not called is not there")
	require.Equal(t, []Document{{"docs/sub/other.md", digestOf([]byte(other))}}, p.Documents)
}

// A document that is called calls others in turn, seen from where it lies, and its own sections.
func TestFollowGoesOn(t *testing.T) {
	s := shelf{
		"main.md":  calling("Follow the procedure in [A](a/a.md), then return here."),
		"a/a.md":   "# A\n\n## Do\n\n1. Perform the steps in [B](../b.md#part), then return here.\n\n1. End it.\n\n    ```bash\n    enda\n    ```\n",
		"b.md":     "# B\n\n## Part\n\n1. Do it.\n\n    ```bash\n    doit\n    ```\n\n1. Perform the steps in [A](a/a.md), then return here.\n",
		"wrong.md": other,
	}
	p := s.follow(t, "main.md")
	require.Equal(t, "ready doit enda onward", strings.Join(reached(p), " "))
	require.Contains(t, problemLines(p), "b.md:11: a/a.md: it leads back to where it is called from")
}

// Documents that call each other in every way, deeply, often or in circles end, and say why they go no further.
func TestFollowEnds(t *testing.T) {
	deep, many, bomb := shelf{}, shelf{"main.md": "# Main\n"}, shelf{}
	for i := range 20 {
		deep[fmt.Sprintf("d%d.md", i)] = calling(fmt.Sprintf("Follow the procedure in [next](d%d.md), then return here.", i+1))
		bomb[fmt.Sprintf("b%d.md", i)] = "# Bomb\n\n## Do\n\n" + strings.Repeat(fmt.Sprintf("1. Follow the procedure in [next](b%d.md), then return here.\n\n", i+1), 30) + "1. Go.\n\n    ```bash\n    go\n    ```\n"
	}
	require.Contains(t, problemLines(deep.follow(t, "d0.md")), "it is more than 8 calls deep")
	for i := range MaxDocuments + 3 {
		many["main.md"] += fmt.Sprintf("\n## Part %d\n\n1. Follow the procedure in [it](m%d.md), then return here.\n", i, i)
		many[fmt.Sprintf("m%d.md", i)] = other
	}
	require.Contains(t, problemLines(many.follow(t, "main.md")), "more than 64 documents are called")
	p, err := Read("b0.md", []byte(bomb["b0.md"]))
	require.NoError(t, err)
	_, err = Follow(p, "b0.md", bomb.open)
	require.ErrorContains(t, err, "b0.md: with every call followed, the walk has more than 100000 steps")
}

// Whatever calls whatever, a walk ends, and everything in the plan is where it is pointed to.
func TestFollowIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := shelf{}
		names := []string{"main.md", "a.md", "b.md", "c.md"}
		anchors := []string{"", "#begin", "#1-begin", "#gone"}
		for _, name := range names {
			target := rapid.SampledFrom(names).Draw(t, "target") + rapid.SampledFrom(anchors).Draw(t, "anchor")
			end := rapid.SampledFrom([]string{"", ", stop before Go on,", ", stop before step 2,"}).Draw(t, "end")
			s[name] = calling(fmt.Sprintf("Perform the steps in [it](%s)%s then return here.", target, end))
		}
		p := s.follow(t, "main.md")
		require.Less(t, p.unfolded(), 1000)
		require.Subset(t, reached(p), []string{"ready", "onward"})
	})
}

// Where nothing is called, following changes nothing.
func TestFollowChangesNothingElse(t *testing.T) {
	p, err := Read("other.md", []byte(other))
	require.NoError(t, err)
	followed, err := Follow(p, "other.md", shelf{}.open)
	require.NoError(t, err)
	require.Equal(t, asJSON(t, p), asJSON(t, followed))
}
