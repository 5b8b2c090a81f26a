package steps_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// What a site leaves out is listed with its reason, and nobody is led to it.
func TestWhatTheSiteLeavesOutIsNotOnTheWay(t *testing.T) {
	plan, err := runbook.Read("x.md", []byte("# T\n\n## Print\n\n1. Print a label.\n\n    ```bash\n    label\n    ```\n\n1. Print a list.\n\n    ```bash\n    list\n    ```\n\n## Look\n\n1. Look.\n\n    ```bash\n    look\n    ```\n"))
	require.NoError(t, err)
	overlay, err := runbook.ReadOverlay("x.gatewalk.yaml", []byte("changes:\n  - step: "+plan.Steps[0].ID+"\n    skip: there is no printer\n"))
	require.NoError(t, err)
	laid, err := runbook.Apply(plan, overlay)
	require.NoError(t, err)
	s := steps.New(laid)
	next, ok := s.Next()
	require.True(t, ok)
	require.Equal(t, "look", s.Block(next).First)
	for _, l := range s.Outline() {
		if l.Block >= 0 && laid.Blocks[l.Block].First != "look" {
			require.Equal(t, steps.StatusElsewhere, l.Status)
			require.Equal(t, "left out at this site: there is no printer", l.Reason)
		}
	}
	require.True(t, s.Site(steps.Place{Block: laid.Steps[0].ID}))
	require.False(t, s.Site(next))
}

// What a page leaves out of another that it calls is listed so, and is no doing of the site.
func TestWhatThePageLeavesOutIsNotTheSites(t *testing.T) {
	plan, err := runbook.Read("x.md", []byte("# T\n\n## Hang it\n\nPerform the [Lamp](lamp.md) procedure except:\n\n- Skip this section: Choose\n\n## Look\n\n1. Look.\n\n    ```bash\n    look\n    ```\n"))
	require.NoError(t, err)
	plan, err = runbook.Follow(plan, "x.md", func(string) ([]byte, error) {
		return []byte("# Lamp\n\n## Choose\n\n1. Choose.\n\n    ```bash\n    choose\n    ```\n\n## Hang\n\n1. Hang.\n\n    ```bash\n    hang\n    ```\n"), nil
	})
	require.NoError(t, err)
	s := steps.New(plan)
	for _, l := range s.Outline() {
		if l.Block >= 0 && plan.Blocks[l.Block].First == "choose" {
			require.Equal(t, "left out: line 7 says: Skip this section: Choose", l.Reason)
			return
		}
	}
	require.Fail(t, "what is left out is listed")
}
