package doc

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestANoteIsNamedByItsFirstWord(t *testing.T) {
	for words, want := range map[string]string{
		"Note: The line is closed.":             "note",
		"WARNING: the line is closed.":          "warning",
		"[!CAUTION] The line is closed.":        "caution",
		"NOTE The line is closed.":              "note",
		"STOP Do not go on before it is.":       "stop",
		"Note the number of the line.":          "",
		"NOTE the number of the line.":          "",
		"INFO LINE is closed, says the signal.": "",
		"Important lines are closed first.":     "",
	} {
		n := SplitNote(&Node{Kind: Paragraph, Spans: []Span{{Text: words}}})
		require.Equal(t, want, n.Name, words)
	}
}
