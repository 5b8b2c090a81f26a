package plain

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook/doc"
)

func TestTheNearestWord(t *testing.T) {
	require.Equal(t, "skip", doc.Nearest("skpi", allWords()))
	require.Equal(t, "no-go", doc.Nearest("NO GO", allWords()))
	require.Equal(t, "verdict", doc.Nearest("veredict", allWords()))
}

// TestNoWordHidesAnother: a word that begins another stands behind it, and no two share a letter.
func TestNoWordHidesAnother(t *testing.T) {
	letters := map[string]string{}
	all := commands()
	for i, c := range all {
		for _, later := range all[i+1:] {
			_, hidden := after(later.word, c.word)
			require.False(t, hidden, "%s hides %s", c.word, later.word)
		}
		if c.letter != "" {
			require.Empty(t, letters[c.letter], "%s and %s", c.word, letters[c.letter])
			letters[c.letter] = c.word
		}
	}
}
