package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// TestThePublishedRolloutStartsNothingElsewhere: on a machine called ncn-m001 the commands that belong to ncn-m002 cannot be
// started, whatever is said, and those whose host the text leaves unsaid ask first.
func TestThePublishedRolloutStartsNothingElsewhere(t *testing.T) {
	shared, named := os.LookupEnv("GATEWALK_SHARED")
	if !named {
		t.Skip("SKIPPED: GATEWALK_SHARED does not name the folder of published procedures")
	}
	source, err := os.ReadFile(filepath.Join(shared, "seeds", "csm-management-rollout.md"))
	require.NoError(t, err)
	plan, err := runbook.Read("csm-management-rollout.md", source)
	require.NoError(t, err)
	require.Len(t, plan.Blocks, 36)
	state := steps.Replay(plan, []steps.Event{{Seq: 1, Facts: []steps.Fact{steps.Opened{Machine: "ncn-m001", User: "root"}}}})
	for i := range plan.Blocks {
		b := &plan.Blocks[i]
		place := steps.Place{Block: b.ID}
		ready := state.Prepare(place)
		switch b.Line {
		case 206, 237, 243:
			require.Equal(t, "ncn-m002", ready.Host)
			require.Nil(t, ready.Binding)
			_, err := steps.Decide(state, steps.Message{By: steps.Actor{Via: steps.Terminal}, At: time.Now(), Seen: 1, Input: steps.Bind{
				Host: "ncn-m002", To: steps.Binding{Kind: steps.Here}, Typed: "ncn-m002",
			}})
			require.ErrorContains(t, err, "this machine is ncn-m001, not ncn-m002")
		case 131, 150, 252, 435:
			require.Empty(t, ready.Host)
			require.Nil(t, ready.Binding, "it asks")
		case 73:
			require.Equal(t, steps.Here, ready.Binding.Kind, "a host's own name needs no asking")
		}
	}
}
