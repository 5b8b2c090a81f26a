package runbook

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var lampPage = fenced(`# Hang a lamp

## 1. Choose a place

~~~bash
PLACE=hall
~~~

## 2. Make the record

1. ('house#') Make it.

    ~~~bash
    lamp create --name "$PLACE" --kind plain
    ~~~

1. Keep its number.

    ~~~bash
    LAMP=$(lamp number)
    ~~~

## 3. Carry it up

1. Carry it.

    ~~~bash
    carry lamp
    ~~~

## 4. Switch it on

1. Switch it on.

    ~~~bash
    lamp on "$LAMP"
    ~~~
`)

const changedRecord = `- Modify this section: Make the record as follows:

    Use a kind of its own. For example:

    ~~~bash
    lamp create --name hall --kind green
    ~~~`

// fenced writes the fences of Markdown for what Go's raw strings cannot hold.
func fenced(text string) string {
	return strings.NewReplacer("~~~", "```", "('", "(`", "')", "`)").Replace(text)
}

func hanging(lead, second string) string {
	return fenced(`# Light

## 1. Buy

1. Buy one.

    ~~~bash
    buy lamp
    ~~~

## 2. Hang it

It must hang.

` + lead + `

- Skip this section: Choose a place

    The place is known.

` + second + `

## 3. Enjoy

1. Enjoy it.

    ~~~bash
    enjoy
    ~~~
`)
}

// walked are the commands of a walk that are not left out.
func walked(p *Plan) []string {
	var all []string
	var visit func(items []Item, depth int)
	visit = func(items []Item, depth int) {
		for _, item := range items {
			if item.Kind == BlockItem && p.Blocks[item.Index].Runs() {
				all = append(all, p.Blocks[item.Index].First)
			}
			if item.Kind != StepItem || depth > 20 || p.Steps[item.Index].Skip != "" || p.Steps[item.Index].Routine {
				continue
			}
			step := &p.Steps[item.Index]
			if step.Ref != nil && p.Refs[*step.Ref].Step >= 0 {
				visit(p.Steps[p.Refs[*step.Ref].Step].Body, depth+1)
			}
			visit(step.Body, depth+1)
		}
	}
	visit(p.Root, 0)
	return all
}

// A page that is itself an overlay on another walks as one with it.
func TestFollowWithDifferences(t *testing.T) {
	linked := "Perform the [Hang a lamp](lamps/hang.md) procedure except:"
	copied := "Perform the Hang a lamp procedure except:"
	plain := `buy lamp|lamp create --name "$PLACE" --kind plain|LAMP=$(lamp number)|carry lamp|lamp on "$LAMP"|`
	asOne := `buy lamp|lamp create --name hall --kind green|LAMP=$(lamp number)|carry lamp|lamp on "$LAMP"|enjoy`
	for name, c := range map[string]struct{ lead, second, page, want, problem string }{
		"linked":            {linked, changedRecord, "lamps/hang.md", asOne, ""},
		"named after title": {copied, changedRecord, "Hang_a_lamp.md", asOne, ""},
		"not here":          {copied, changedRecord, "other.md", "buy lamp|lamp create --name hall --kind green|enjoy", ""},
		"no such part": {
			linked, strings.Replace(changedRecord, "Make the record", "Make a recrod", 1), "lamps/hang.md", plain + "lamp create --name hall --kind green|enjoy",
			`no part of the other procedure is called "Make a recrod"; the nearest is "Make the record"; it stays a step to be done by hand`,
		},
		"not clear which": {
			linked, strings.Replace(changedRecord, "lamp create", "make", 1), "lamps/hang.md", plain + "make --name hall --kind green|enjoy",
			"several commands there could be meant, or none",
		},
		"the only one": {
			linked, "- In section Switch it on, use:\n\n    ~~~bash\n    glow\n    ~~~", "lamps/hang.md",
			`buy lamp|lamp create --name "$PLACE" --kind plain|LAMP=$(lamp number)|carry lamp|glow|enjoy`, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := shelf{"main.md": hanging(c.lead, c.second), c.page: lampPage}.follow(t, "main.md")
			require.Equal(t, c.want, strings.Join(walked(p), "|"))
			require.Contains(t, problemLines(p), c.problem)
			if c.problem == "" {
				require.Empty(t, p.Problems)
			}
		})
	}
}

// What was said of the old command holds for the new one, and the plan says where everything comes from.
func TestDifferencesSayWhereTheyComeFrom(t *testing.T) {
	s := shelf{"main.md": hanging("Follow the steps in [Hang a lamp](hang.md) with these differences:", changedRecord), "hang.md": lampPage}
	text := written(t, s.follow(t, "main.md"))
	require.Contains(t, text, "left out: line 17 says: Skip this section: Choose a place")
	require.Contains(t, text, "left out: it is worked into hang.md(2)/2")
	require.Contains(t, text, "on house, line 26:\n")
	require.NotContains(t, text, "--kind plain")
}

// A site can say where the page is that copied text only names.
func TestDifferencesOfAPageThatIsSaid(t *testing.T) {
	main := strings.Replace(hanging("Perform the Hang a lamp procedure except:", changedRecord), "## 2. Hang it", "<!-- gatewalk calls=\"pages/l.md\" -->\n\n## 2. Hang it", 1)
	p := shelf{"main.md": main, "pages/l.md": lampPage}.follow(t, "main.md")
	require.Empty(t, p.Problems)
	require.Contains(t, walked(p), "carry lamp")
}
