package steps_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

// TestInACopyNothingIsCertainlyNotRun: the copy may have been cut before the original started it.
func TestInACopyNothingIsCertainlyNotRun(t *testing.T) {
	for _, found := range []steps.Outcome{steps.OutcomeNotRun, steps.OutcomeRunning, steps.OutcomeRebooted, steps.OutcomeUnknown} {
		s := begin(t)
		s.must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"}).must(steps.Run{Place: at("name")})
		id := s.state.Spot(at("name")).Last
		s.machine(steps.Reopened{Machine: "m1", Copied: true})
		s.machine(steps.Probed{Attempt: id, Found: found, Evidence: "no process"})
		require.Equal(t, steps.StatusUnknown, s.status("name"), "%s", found)
		require.Contains(t, s.state.Spot(at("name")).Reason, "this record is a copy")
	}

	s := begin(t)
	s.machine(steps.Reopened{Machine: "m1", Copied: true}).must(steps.Drive{})
	s.must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"}).must(steps.Run{Place: at("name")})
	id := s.state.Spot(at("name")).Last
	s.machine(steps.Reopened{Machine: "m1"})
	s.machine(steps.Probed{Attempt: id, Found: steps.OutcomeNotRun, Evidence: "no process"})
	require.Equal(t, steps.StatusOpen, s.status("name"), "what the copy itself began is its own")
}

func TestInACopyAnEndThatIsThereCounts(t *testing.T) {
	s := begin(t)
	s.must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"}).must(steps.Run{Place: at("name")})
	id := s.state.Spot(at("name")).Last
	s.machine(steps.Reopened{Machine: "m1", Copied: true})
	s.machine(steps.Probed{Attempt: id, Found: steps.OutcomeDone, End: &steps.Finished{Attempt: id, Code: 1}})
	require.NotNil(t, s.state.Attempt(id).End)
	require.NotEqual(t, steps.StatusUnknown, s.status("name"))
}
