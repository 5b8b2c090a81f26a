package runbook

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A page is spoken of by the lines of its source; one that has no lines, by those of its text, and that is said.
func TestPlacesInAPage(t *testing.T) {
	page := "<!DOCTYPE html>\n<html><body>\n<main>\n<h1>Oiling</h1>\n\n<ol>\n<li><p>Log in to pump1.</p>\n</li>\n\n<li><p>Oil it:</p>\n<pre><code>oil --now\n</code></pre>\n</li></ol></main></body></html>\n"
	p, err := Read("x.html", []byte(page))
	require.NoError(t, err)
	require.Len(t, p.Blocks, 1)
	require.Equal(t, 11, p.Blocks[0].Line)
	require.Equal(t, "pump1", p.Blocks[0].Host)
	require.Equal(t, 7, p.Blocks[0].Why["host"].Line)
	require.Empty(t, p.Problems)

	p, err = Read("x.html", []byte(strings.ReplaceAll(page, "\n", "")))
	require.NoError(t, err)
	require.Equal(t, "pump1", p.Blocks[0].Host)
	require.Contains(t, p.Problems[0].Text, "lines are counted in its text")
}
