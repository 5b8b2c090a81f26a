package runbook

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

// In a document of testdata/rules, "order" is the lines of the blocks as an operator meets them, and "gates" the sentences that their gates show.
func TestRulesOfOrder(t *testing.T) {
	files, err := filepath.Glob("testdata/rules/*.txtar")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(t, err)
		parts := map[string]string{}
		for _, f := range archive.Files {
			parts[f.Name] = strings.TrimSpace(string(f.Data))
		}
		if parts["order"] == "" {
			continue
		}
		found++
		p := read(t, parts["doc.md"])
		require.Equal(t, parts["order"], strings.Join(metIn(p, p.Root), " "), file)
		require.Equal(t, parts["gates"], strings.Join(gateLines(p), "\n"), file)
	}
	require.NotZero(t, found)
}

// metIn is the lines of the blocks that run, in the order in which they stand in a body.
func metIn(p *Plan, items []Item) []string {
	var all []string
	for _, item := range items {
		switch item.Kind {
		case BlockItem:
			if b := &p.Blocks[item.Index]; b.Runs() {
				all = append(all, fmt.Sprint(b.Line))
			}
		case StepItem:
			all = append(all, metIn(p, p.Steps[item.Index].Body)...)
		case NoteItem, ProseItem:
		}
	}
	return all
}

func gateLines(p *Plan) []string {
	var all []string
	for i := range p.Blocks {
		if d := p.Blocks[i].GateDetail; d != nil {
			all = append(all, fmt.Sprintf("%d %s", p.Blocks[i].Line, d.Sentence))
		}
	}
	return all
}
