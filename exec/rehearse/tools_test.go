package rehearse_test

import (
	_ "embed"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
)

//go:embed testdata/tools.txt
var toolsTranscript string

// TestToolsPrintWhatTheRealOnesDo plays testdata/tools.txt.
func TestToolsPrintWhatTheRealOnesDo(t *testing.T) {
	if !caged(t) {
		return
	}
	bench := cagedBench(t, fstest.MapFS{})
	context, exchanges := "", transcript(toolsTranscript)
	require.NotEmpty(t, exchanges)
	for _, exchange := range exchanges {
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
func transcript(text string) []exchange {
	var all []exchange
	for line := range strings.Lines(strings.ReplaceAll(text, "\n\n$ ", "\n$ ")) {
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
