package plain_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/plain"
)

const loud = "# One step\n\n1. (`m1#`) Say it.\n\n   ```bash {gate=none}\n   say\n   ```\n"

// said walks over a command that prints many lines, and answers what was read out.
func said(t *testing.T, lines int, interactive bool) string {
	t.Helper()
	plan, err := runbook.Read("loud.md", []byte(loud))
	require.NoError(t, err)
	var prints strings.Builder
	for i := range lines {
		fmt.Fprintf(&prints, "line %07d\n", i)
	}
	var out string
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(plan, map[string][]played{"say": {{prints: prints.String()}}})
		via := steps.Terminal
		require.NoError(t, w.as(via).Do(steps.Begin{Opened: steps.Opened{Session: "s1", Machine: "m1", User: "ada"}}, 0))
		options := plain.Options{Plan: plan, Operator: "ada", Now: time.Now, Interactive: interactive}
		console := newConsole("run\nquit")
		if interactive {
			_ = plain.Walk(t.Context(), w.as(via), console, console, options)
			out = console.out.String()
		} else {
			var b bytes.Buffer
			_ = plain.Walk(t.Context(), w.as(via), strings.NewReader("run\nquit\n"), &b, options)
			out = b.String()
		}
		console.Close()
	})
	return out
}

func TestAPersonIsReadTheEndOfAFlood(t *testing.T) {
	out := said(t, 1_000_000, true)
	require.Less(t, len(out), 2<<20, "of 13 MB")
	require.Contains(t, out, "bytes are passed over here, the record has them")
	require.Contains(t, out, "| line 0000000\n")
	require.Contains(t, out, "| line 0999999\n")
}

func TestAPipeIsReadAllOfAFlood(t *testing.T) {
	out := said(t, 1_000_000, false)
	require.Equal(t, 1_000_000, strings.Count(out, "| line "))
	require.NotContains(t, out, "passed over")
}
