package steps_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/runbook/shell"
	"gatewalk/steps"
)

// withSamples is a session whose plan holds words that only show the form: a host with its gate, and a variable's value.
func withSamples(t *testing.T) *session {
	plan := walkPlan()
	told := func(name, text string) []runbook.Sample {
		return []runbook.Sample{{Sample: shell.Sample{Name: name, Text: text}, Reason: runbook.Reason{Rule: "said to be replaced", Line: 7}}}
	}
	name, light := &plan.Blocks[0], &plan.Blocks[6]
	name.Inputs, name.Samples = []string{"CANARY"}, told("CANARY", "n1")
	light.Inputs, light.Samples, light.Targets = []string{"n4"}, told("n4", "n4"), []string{"n4"}
	s := begin(t)
	s.state = steps.New(plan)
	return s.must(steps.Begin{Opened: steps.Opened{Session: "s1", Machine: "m1", User: "ada"}})
}

func TestASampleIsAskedForBeforeItRuns(t *testing.T) {
	s := withSamples(t)
	s.must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
	r := s.refused(steps.RefusedMissing, steps.Run{Place: at("name")})
	require.Equal(t, "CANARY is n1, a sample that the text tells to replace (line 7)", r.Missing[0].String())
	require.Equal(t, "n1", s.state.Prepare(at("name")).Fields[0].Offered)

	s.must(steps.Set{Place: at("name"), Name: "CANARY", Value: "n 9"})
	require.Equal(t, "CANARY='n 9'", s.state.Prepare(at("name")).Text)
	s.must(steps.Run{Place: at("name")})
	require.Equal(t, "CANARY='n 9'", s.state.Attempt(s.state.Running()[0]).Started.Text, "what is seen is what runs")
}

func TestASampleMayBeTheVeryValue(t *testing.T) {
	s := withSamples(t).must(steps.Set{Place: at("name"), Name: "CANARY", Value: "n1"})
	ready := s.state.Prepare(at("name"))
	require.Empty(t, ready.Missing)
	require.Equal(t, "CANARY=n1", ready.Text)
}

func TestAnEditThatTakesTheSampleOutAsksNothing(t *testing.T) {
	s := withSamples(t).must(steps.Edit{Place: at("light"), Text: "reboot n40"})
	require.Empty(t, s.state.Prepare(at("light")).Fields)
	s.must(steps.Edit{Place: at("light"), Text: "reboot --now n4"})
	require.Equal(t, "n4 is a sample that the text tells to replace (line 7)", s.state.Prepare(at("light")).Missing[0].String())
}

func TestAGateNamesWhomTheSampleStandsFor(t *testing.T) {
	s := withSamples(t).must(steps.Set{Place: at("light"), Name: "n4", Value: "n5"})
	ready := s.state.Prepare(at("light"))
	require.Equal(t, "reboot n5", ready.Text)
	require.Equal(t, []string{"n5"}, ready.Targets)
}

func TestASecretSampleIsNeitherOfferedNorWritten(t *testing.T) {
	s := withSamples(t)
	s.state.Block(at("name")).Secrets = []string{"CANARY"}
	ready := s.state.Prepare(at("name"))
	require.True(t, ready.Missing[0].Secret)
	require.Empty(t, ready.Fields[0].Offered)
	s.must(steps.Set{Place: at("name"), Name: "CANARY", Secret: true, Commitment: "sha256:abc"})
	ready = s.state.Prepare(at("name"))
	require.Empty(t, ready.Missing)
	require.Equal(t, `CANARY="$SECRET_CANARY"`, ready.Text)
	require.Equal(t, []string{"SECRET_CANARY"}, ready.Secrets)
	require.Equal(t, "SECRET_CANARY", s.state.SecretVariable(at("name"), "CANARY"), "the vault keeps it by that name")
}

// A stand-in in capitals looks like a variable's name: where it is a blank, its value is put there.
func TestAStandInInCapitalsIsFilled(t *testing.T) {
	s := begin(t)
	label := s.state.Block(at("label"))
	label.Commands, label.Inputs = []string{"label NODE_NAME"}, []string{"NODE_NAME"}
	s.must(steps.Set{Place: at("label"), Name: "NODE_NAME", Value: "n7"})
	require.Equal(t, "label n7", s.state.Prepare(at("label")).Text)
}
