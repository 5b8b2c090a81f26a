package runbook

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHowOftenALoopIsRepeatedIsSaidOnce(t *testing.T) {
	for over, want := range map[string]string{
		"For each barn":           "for each barn",
		"on all cows of the farm": "on all cows of the farm",
		"of each cow":             "for each cow",
		"each cow in the yard":    "for each cow in the yard",
		"cows one at a time":      "as the text says: cows one at a time",
	} {
		require.Equal(t, want, Loop{Over: over}.Times())
	}
}

func TestAnOrderThatIsFreeIsPrinted(t *testing.T) {
	p := read(t, "# Farm\n\nThese may be done in any order.\n\n1. Milk:\n\n   ```bash\n   milk\n   ```\n\n1. Shear:\n\n   ```bash\n   shear\n   ```\n")
	require.Contains(t, onPaper(t, p), "in any order with 2\n")
	require.Contains(t, onPaper(t, p), "in any order with 1\n")
}

func TestTheEndOfARoutineLeadsBackToItsCaller(t *testing.T) {
	p := read(t, "# Farm\n\n## Evening\n\n1. Follow the steps in [Milking](#milking), then return here.\n\n1. Sleep:\n\n   ```bash\n   sleep 1\n   ```\n\n## Milking\n\n1. Milk:\n\n   ```bash\n   milk\n   ```\n\nReturn to [Evening](#evening).\n")
	require.Contains(t, onPaper(t, p), "return to where it was called\n")
	require.NotContains(t, onPaper(t, p), "go to: Evening")
}

func onPaper(t *testing.T, p *Plan) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, p.WriteText(&b, nil))
	return b.String()
}
