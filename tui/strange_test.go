package tui

import (
	"testing"

	"gatewalk/runbook"
)

func TestCharactersThatAreNotWhatTheyLookLikeAreSaidBeforeTheCommandRuns(t *testing.T) {
	d := &draft{plan: runbook.Plan{Source: "dash.md", Title: "Dash", Digest: "sha256:0"}}
	d.step("1", "Show it", -1, d.block("show \u2013-all \u201cit\u201d", func(b *runbook.Block) {
		b.Commands, b.Dashed = []string{"show --all \u201cit\u201d"}, []string{"\u2013-all"}
	}))
	o := sit(t, &d.plan, 100, 24, nil)
	o.sees("show --all \u201cit\u201d", "look: U+2013 typographic dash, read as a hyphen", "look: U+201C typographic quote, which quotes nothing")
}
