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

// What an operator must know beside the steps is on paper where it applies.
func TestWordsBesideTheStepsArePrinted(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"a prerequisite": {
			"# Farm\n\n## Prerequisites\n\n- The cows are in.\n- The pails are clean.\n\n## Milking\n\n1. Milk:\n\n   ```bash\n   milk\n   ```\n",
			"before the first step: The cows are in; line 5\nbefore the first step: The pails are clean; line 6\n",
		},
		"a warning inside of words": {
			"# Farm\n\n## Considerations\n\n- **WARNING**: The bull is loose.\n- Cows are calm.\n\n## Milking\n\n1. Milk:\n\n   ```bash\n   milk\n   ```\n",
			"warning: The bull is loose.",
		},
		"a choice that only words leave": {
			"# Farm\n\n1. Milk them. If any kick, they may be tied or milked later.\n\n   ```bash\n   milk\n   ```\n",
			"choose: If any kick, they may be tied or milked later\n    - tied\n    - milked later\n",
		},
		"where it is written how": {
			"# Farm\n\n1. Milk:\n\n   ```bash\n   milk\n   ```\n\n1. Shear the [old sheep](sheep.md) and the lambs.\n",
			"see: old sheep sheep.md\n",
		},
		"the rest of a note that is a step": {
			"# Farm\n\n1. Milk:\n\n   ```bash\n   milk\n   ```\n\n   > **NOTE** Remove the pails, e.g. with a cart. The brush hangs there.\n",
			"note: The brush hangs there.",
		},
		"a condition without its colon": {
			"# Farm\n\n1. If there is snow, fetch the sledge:\n\n   ```bash\n   sledge fetch\n   ```\n",
			"only: If there is snow, fetch the sledge\n",
		},
		"a condition of two parts": {
			"# Farm\n\n1. If there is snow, and if it is deep, fetch the sledge:\n\n   ```bash\n   sledge fetch\n   ```\n",
			"only under a condition: If there is snow, and if it is deep\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			paper := onPaper(t, read(t, c.source))
			require.Contains(t, paper, c.want)
			require.NotContains(t, paper, ":\n    note: Remove")
		})
	}
}

func TestAPrerequisiteThatIsAStepIsPrintedOnce(t *testing.T) {
	p := read(t, "# Farm\n\n## Prerequisites\n\n- Bring the cows in.\n- Clean the pails.\n\n## Milking\n\n1. Milk:\n\n   ```bash\n   milk\n   ```\n")
	require.Contains(t, onPaper(t, p), "Bring the cows in\n")
	require.NotContains(t, onPaper(t, p), "before the first step")
}

// Words tell how often to look at most; an annotation also tells for how long, and has the last word.
func TestHowLongACheckIsRepeatedIsAlwaysSaid(t *testing.T) {
	const repeat, look = "Repeat this every 10 seconds until the cow stands.", "Look at the cow."
	for _, row := range []struct{ words, annotation, want string }{
		{repeat, "", "repeat every 10s until it holds, for 1h0m0s at most\n"},
		{repeat, "<!-- gatewalk timeout=5m -->", "repeat every 10s until it holds, for 5m0s at most\n"},
		{repeat, "<!-- gatewalk poll=2s -->", "repeat every 2s until it holds, for 1h0m0s at most\n"},
		{repeat, "<!-- gatewalk poll=2s timeout=5m -->", "repeat every 2s until it holds, for 5m0s at most\n"},
		{look, "<!-- gatewalk poll=2s -->", "repeat every 2s until it holds, for 1h0m0s at most\n"},
		{look, "<!-- gatewalk timeout=5m poll=2s -->", "repeat every 2s until it holds, for 5m0s at most\n"},
	} {
		p := read(t, "# Farm\n\n1. "+row.words+"\n\n   "+row.annotation+"\n   ```bash\n   cat cow\n   ```\n")
		require.Contains(t, onPaper(t, p), row.want, "%+v", row)
	}
}

func onPaper(t *testing.T, p *Plan) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, p.WriteText(&b, nil))
	return b.String()
}
