package runbook

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestStepsInAnyOrder: a sentence beside a list frees the steps named in it, but for the one that must come first.
func TestStepsInAnyOrder(t *testing.T) {
	p, err := Read("phases.md", []byte(`# Mend the boat

The work has three parts:

* Haul out
* Hull
* Sails

After haul out is done, the others may be taken in any order.

## Haul out

1. Call the crane.

## Hull

1. Scrape it.

## Sails

1. Wash them.
`))
	require.NoError(t, err)
	free := map[string]int{}
	for _, s := range p.Steps {
		free[s.Title] = s.AnyOrder
	}
	require.Zero(t, free["Haul out"])
	require.NotZero(t, free["Hull"])
	require.Equal(t, free["Hull"], free["Sails"])
}
