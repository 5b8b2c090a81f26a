package plain_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/plain"
)

// TestPublishedProceduresAreReadOut looks at every place of real procedures, skips each, and starts nothing.
func TestPublishedProceduresAreReadOut(t *testing.T) {
	shared, given := os.LookupEnv("GATEWALK_SHARED")
	if !given {
		t.Skip("GATEWALK_SHARED is not set: it names the folder with seeds/ and more/")
	}
	files, err := filepath.Glob(filepath.Join(shared, "*", "*.*"))
	require.NoError(t, err)
	read := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		plan, err := runbook.Read(filepath.Base(file), source)
		if err != nil || filepath.Base(filepath.Dir(file)) != "seeds" && filepath.Base(filepath.Dir(file)) != "more" {
			continue
		}
		read++
		t.Run(filepath.Base(file), func(t *testing.T) { skipThrough(t, plan) })
	}
	require.NotZero(t, read, "%s holds no procedure", shared)
}

// skipThrough skips until nothing is left; a choice and a loop are skipped whole.
func skipThrough(t *testing.T, plan *runbook.Plan) {
	w := newWorld(plan, nil)
	require.NoError(t, w.as(steps.Terminal).Do(steps.Begin{Opened: steps.Opened{Session: "s1", Machine: "m1", User: "ada"}}, 0))
	var out bytes.Buffer
	options := plain.Options{Plan: plan, Operator: "ada", Now: time.Now}
	said := "list\n" + strings.Repeat("why\nskip not today\n", len(plan.Steps)*2+len(plan.Blocks)*4+2) + "close\n"
	err := plain.Walk(t.Context(), w.as(steps.Terminal), strings.NewReader(said), &out, options)
	require.NoError(t, err, "the end of what was read out:\n%s", tail(out.String()))
	require.Empty(t, w.ran)
	require.NotContains(t, out.String(), "\x1b")
}

func tail(text string) string { return text[max(0, len(text)-2000):] }
