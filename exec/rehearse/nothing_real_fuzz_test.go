package rehearse_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/rehearse"

	"github.com/stretchr/testify/require"
)

// FuzzNothingReal runs whatever comes up as a command: nothing real is read, written or started, and nothing breaks.
func FuzzNothingReal(f *testing.F) {
	for _, attack := range attacks {
		f.Add(attack.command)
	}
	for _, exchange := range transcript(f, "testdata/tools.txt") {
		f.Add(exchange.command)
	}
	f.Setenv("SENTINEL", realValue)
	f.Fuzz(func(t *testing.T, command string) {
		real := realDirectory(t)
		before := listed(t, real)
		bench := openBench(t, t.TempDir(), fstest.MapFS{}, rehearse.Options{})
		launch := exec.Launch{Attempt: 1, Commands: []string{strings.ReplaceAll(command, "REAL", real)}}
		require.NoError(t, bench.Runner.Launch(t.Context(), launch))
		output := exectest.NewRecorder(0)
		patience, over := context.WithTimeout(t.Context(), 2*time.Second)
		defer over()
		if bench.Runner.Follow(patience, 1, 0, output) != nil { // an endless loop is nothing wrong
			require.NoError(t, bench.Runner.Control(1, exec.Cancel{}))
			require.NoError(t, bench.Runner.Follow(t.Context(), 1, 0, exectest.NewRecorder(0)))
		}
		require.Equal(t, exec.Done, bench.Runner.Probe(1).State)
		require.NotContains(t, output.Text(), realContent)
		require.NotContains(t, output.Text(), realValue)
		require.Equal(t, before, listed(t, real))
	})
}
