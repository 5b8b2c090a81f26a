package rehearse_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/rehearse"
)

// TestToolsPrintWhatTheRealOnesDo plays testdata/tools.txt.
func TestToolsPrintWhatTheRealOnesDo(t *testing.T) {
	bench := openBench(t, t.TempDir(), fstest.MapFS{}, rehearse.Options{})
	context := ""
	for _, exchange := range transcript(t, "testdata/tools.txt") {
		result := bench.Finish(exec.Launch{Commands: []string{exchange.command}, Context: context})
		require.Equal(t, exchange.output, result.Text, exchange.command)
		require.NotEmpty(t, result.Context, result.Warning)
		context = result.Context
	}
}

// exchange is a command and what it prints.
type exchange struct{ command, output string }

// transcript reads commands after "$ ", their further lines after "> ", and what they print. An empty line before the
// next command is for the reader.
func transcript(t testing.TB, name string) []exchange {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	var all []exchange
	for line := range strings.Lines(strings.ReplaceAll(string(text), "\n\n$ ", "\n$ ")) {
		command, isCommand := strings.CutPrefix(line, "$ ")
		more, continues := strings.CutPrefix(line, "> ")
		switch {
		case isCommand:
			all = append(all, exchange{command: command})
		case len(all) == 0: // the heading
		case continues:
			all[len(all)-1].command += more
		default:
			all[len(all)-1].output += line
		}
	}
	return all
}
