package runbook

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsToBeDoneBeforeAnEarlierStepStandsBeforeIt(t *testing.T) {
	p := read(t, "# Dairy\n\n## Churn\n\nTo fetch the milk:\n\n```bash\nfetch\n```\n\n## Butter\n\nIn some cases it is sweet. It is necessary to set `sweet` to `yes` before [fetching the milk](#churn).\n\nMake it:\n\n```bash\nmake\n```\n")
	var titles []string
	for _, item := range p.Steps[0].Body {
		if item.Kind == StepItem {
			titles = append(titles, p.Steps[item.Index].Title)
		}
	}
	require.Equal(t, []string{"It is necessary to set sweet to yes before fetching the milk", "To fetch the milk"}, titles)
	moved := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Title == titles[0] })
	require.Equal(t, 0, p.Steps[moved].Parent)
	require.Equal(t, "In some cases it is sweet", p.Steps[moved].Optional)
}
