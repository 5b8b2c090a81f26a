package steps_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// asked is a session that asks for a verdict on the canary's verification, whose check is only proposed.
func asked(t *testing.T) (*session, uint64) {
	s := begin(t)
	s.state.Block(at("look")).Check = &runbook.Check{Regexp: "configured", Proposed: true}
	s.must(steps.Skip{Place: at("read"), Reason: "known"})
	s.must(steps.Run{Place: at("name")}).ends(0, map[string]string{"CANARY": "n1"}, steps.RulingPass)
	s.must(steps.Run{Place: at("canary")}).ends(0, nil, steps.RulingPass)
	s.must(steps.Run{Place: at("look")}).ends(0, nil, steps.RulingPass)
	require.Equal(t, steps.StatusAsking, s.status("look"))
	return s, s.state.Spot(at("look")).Last
}

var adopt = steps.Overrule{Place: at("look"), Property: steps.CheckProperty, Value: "adopt", Reason: "that is what the text means"}

func TestAnAdoptedCheckJudgesWhatIsThereAlready(t *testing.T) {
	s, attempt := asked(t)
	s.must(adopt)
	require.Equal(t, []steps.Effect{steps.Observe{Attempt: attempt, Check: &runbook.Check{Regexp: "configured"}}}, s.effects)
	s.machine(steps.Observed{Attempt: attempt, Judgment: steps.Judgment{Ruling: steps.RulingFail, Evidence: "no line matches"}})
	require.Equal(t, steps.StatusFailed, s.status("look"))
	require.Error(t, s.sayBy(steps.Actor{Name: "ada", Via: steps.Machine}, steps.Observed{Attempt: attempt}, 0), "it is judged once")
}

// What a person has said stands, whenever the check was adopted.
func TestAnAdoptedCheckOverturnsNoVerdict(t *testing.T) {
	s, attempt := asked(t)
	s.must(steps.Verdict{Attempt: attempt, Pass: true, Note: "seen"}).must(adopt)
	require.Empty(t, s.effects)
	s, attempt = asked(t)
	s.must(adopt).must(steps.Verdict{Attempt: attempt, Pass: true, Note: "seen"})
	require.Error(t, s.sayBy(steps.Actor{Name: "ada", Via: steps.Machine}, steps.Observed{Attempt: attempt, Judgment: steps.Judgment{Ruling: steps.RulingFail}}, 0))
	require.Equal(t, steps.StatusDone, s.status("look"))
}
