package runbook

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConditionsInWordsArePrerequisites(t *testing.T) {
	for source, want := range map[string][]string{
		"## Prerequisites\n\nThe barn must be dry.\n\nA lamp is useful.\n":                                                       {"The barn must be dry."},
		"## Before you begin\n\nThe barn meets the following conditions:\n\nNo door is open.\n\nYou can open one.\n\nShut it.\n": {"No door is open."},
		"## Safety\n\nThese must be completed before the work begins.\n\n<!-- more -->\n\n* Hats\n* Gloves\n":                    {"Hats", "Gloves"},
		"## Notes\n\nThe barn must be dry.\n": nil,
	} {
		p := read(t, source+"\n## Work\n\n1. Paint:\n\n   ```bash\n   paint\n   ```\n")
		var got []string
		for _, required := range p.Prerequisites {
			got = append(got, required.Text)
		}
		require.Equal(t, want, got, source)
	}
}

func TestAPartIsCalledByWhatItIsFor(t *testing.T) {
	p := read(t, "# Farm\n\n## Paint\n\nThe doors must be painted twice.\n\nIt takes a day. In the rain, consider waiting longer.\n\n```bash\npaint\n```\n\nTo be safe, write the colour down:\n\n`colour.yml`\n\n```yaml\nred: true\n```\n")
	require.Equal(t, "The doors must be painted twice", p.Steps[1].Title)
	require.Equal(t, "To be safe, write the colour down", p.Steps[2].Title)
}
