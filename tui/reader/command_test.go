package reader

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"gatewalk/steps"
	"gatewalk/tui/theme"
)

func plain() theme.Styles { return theme.New(true, true) }

func TestACommandShowsWhatItReads(t *testing.T) {
	ready := steps.Prepared{
		Text: "deploy \"$NODES\"\n\x1b[8mhidden",
		Variables: []steps.Used{
			{Name: "NODES", Variable: steps.Variable{Value: "a b\nc", Origin: "attempt 7"}},
			{Name: "TOKEN", Variable: steps.Variable{Commitment: "sha256:1", Origin: "typed"}},
			{Name: "ZONE", Missing: true},
		},
	}
	shown := ansi.Strip(strings.Join(Command(ready, plain(), 70), "\n"))
	for _, want := range []string{
		"┃ deploy \"$NODES\"", "<0x1B>[8mhidden", "NODES = a b<0x0A>c (attempt 7)", "TOKEN = (secret, never shown) (typed)", "ZONE has no value",
	} {
		require.Contains(t, shown, want)
	}
}
