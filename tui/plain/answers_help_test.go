package plain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/tui/plain"
)

// TestTheHelpIsAnAnswersFile: what the help shows can be copied out of it and read.
func TestTheHelpIsAnAnswersFile(t *testing.T) {
	var example strings.Builder
	for line := range strings.Lines(plain.AnswersHelp) {
		if shown, ok := strings.CutPrefix(line, "  "); ok {
			example.WriteString(shown)
		}
	}
	_, err := plain.ReadAnswers("help", []byte(example.String()))
	require.NoError(t, err, example.String())
}
