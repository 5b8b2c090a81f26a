package diff

import (
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook"
)

// steps are a small document; step is one of its items.
type steps []step

type step struct{ title, words, host, command, gate, check, note string }

// layout is how a document is written down, which says nothing.
type layout struct {
	start  int    // the number of each item, 0 for 1
	wrap   int    // words a line, 0 for all
	ending string // of lines, "" for "\n"
	airy   bool   // two blank lines for one
}

func (s steps) document(l layout) string {
	var b strings.Builder
	b.WriteString("# Shelves\n\n")
	for _, one := range s {
		fmt.Fprintf(&b, "%d. (`%s#`) %s\n\n", max(l.start, 1), one.host, l.wrapped(one.title+". "+one.words))
		if one.note != "" {
			fmt.Fprintf(&b, "   > **WARNING:** %s\n\n", one.note)
		}
		fmt.Fprintf(&b, "   ```bash {%s %s}\n   %s\n   ```\n\n", one.gate, one.check, one.command)
	}
	text := b.String()
	if l.airy {
		text = strings.ReplaceAll(text, "\n\n", "\n\n\n")
	}
	if l.ending != "" {
		text = strings.ReplaceAll(text, "\n", l.ending)
	}
	return text
}

func (l layout) wrapped(words string) string {
	all := strings.Fields(words)
	for i := 1; i < len(all); i++ {
		all[i] = " " + all[i]
		if l.wrap > 0 && i%l.wrap == 0 {
			all[i] = "\n   " + strings.TrimSpace(all[i])
		}
	}
	return strings.Join(all, "")
}

func plan(t require.TestingT, s steps, l layout) *runbook.Plan {
	return read(t, txtar.File{Name: "doc.md", Data: []byte(s.document(l))})
}

func someSteps() *rapid.Generator[steps] {
	one := rapid.Custom(func(t *rapid.T) step {
		return step{
			title:   rapid.SampledFrom([]string{"Look at the lamps", "Load the shelf", "Load the other shelf", "Open the door", "Look again"}).Draw(t, "title"),
			words:   rapid.SampledFrom([]string{"", "It hums while it does.", "The door is heavy. Push it well.", "Two people are better than one."}).Draw(t, "words"),
			host:    rapid.SampledFrom([]string{"web1", "web2", "store1"}).Draw(t, "host"),
			command: rapid.SampledFrom([]string{"shelf load a", "shelf load b", "shelf load --fast b", "lamp show", "lamp show --all", "door open", "door open --wide"}).Draw(t, "command"),
			gate:    rapid.SampledFrom([]string{"", "gate=stop phrase=go", "gate=disruptive weight=key", "gate=canary targets=a,b"}).Draw(t, "gate"),
			check:   rapid.SampledFrom([]string{"", `check="^up$"`, `check="^up$" poll=1m timeout=5m`, "exit=0,3", `expect="all of them"`}).Draw(t, "check"),
			note:    rapid.SampledFrom([]string{"", "", "It is hot."}).Draw(t, "note"),
		}
	})
	return rapid.Custom(func(t *rapid.T) steps { return rapid.SliceOfN(one, 1, 12).Draw(t, "steps") })
}

func someLayout() *rapid.Generator[layout] {
	return rapid.Custom(func(t *rapid.T) layout {
		return layout{
			start: rapid.IntRange(0, 9).Draw(t, "start"), wrap: rapid.IntRange(0, 6).Draw(t, "wrap"),
			ending: rapid.SampledFrom([]string{"", "\r\n"}).Draw(t, "ending"), airy: rapid.Bool().Draw(t, "airy"),
		}
	})
}
