package doc

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNearest(t *testing.T) {
	known := []string{"host", "gate", "poll", "timeout"}
	for word, want := range map[string]string{"hots": "host", "GATES": "gate", "pool": "poll", "time-out": "timeout", "host": "host"} {
		require.Equal(t, want, Nearest(word, known), word)
	}
	require.Empty(t, Nearest("host", nil))
}
