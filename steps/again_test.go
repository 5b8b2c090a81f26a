package steps_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// pairPlan upgrades a pair of nodes, in one of two ways, and sends back to that for every other pair.
func pairPlan() *runbook.Plan {
	zero := 0
	block := func(id, host, rule string) runbook.Block {
		return runbook.Block{ID: id, Kind: runbook.Command, Text: id, Commands: []string{id}, Host: host, Gate: runbook.NoGate, Why: map[string]runbook.Reason{"host": {Rule: rule}}}
	}
	plan := &runbook.Plan{
		Source:  "pairs.md",
		Blocks:  []runbook.Block{block("stop", "node 1", "said in words"), block("slow", "m1", runbook.MarkedHost), block("fast", "m1", runbook.MarkedHost)},
		Loops:   []runbook.Loop{{Over: "all other pairs", Mode: "serial", Again: []int{0}}},
		Choices: []runbook.Choice{{Text: "which", Step: 2, Options: []runbook.Option{{Title: "slow", Step: -1, Blocks: []int{1}}, {Title: "fast", Step: -1, Blocks: []int{2}}}}},
		Steps: []runbook.Step{
			step("pair", "1", "Upgrade a pair", runbook.InfoStep),
			step("first", "1/1", "Stop node 1", runbook.CommandStep, 0),
			step("ways", "1/2", "Upgrade it", runbook.CommandStep, 1, 2),
			step("again", "1/3", "Repeat this procedure for all other pairs", runbook.LoopStep),
			step("end", "2", "Tell the team", runbook.ManualStep),
		},
	}
	plan.Steps[2].Choice, plan.Steps[3].Loop = &zero, &zero
	for i := 1; i < 4; i++ {
		plan.Steps[i].Parent = 0
		plan.Steps[0].Body = append(plan.Steps[0].Body, runbook.Item{Kind: runbook.StepItem, Index: i})
	}
	plan.Root = []runbook.Item{{Kind: runbook.StepItem, Index: 0}, {Kind: runbook.StepItem, Index: 4}}
	return plan
}

// repeated is a place in the walk that the text sends back to, for an item.
func repeated(block, item string) steps.Place {
	return at(block).In(steps.CallFrame, "again").In(steps.ItemFrame, item)
}

func (s *session) next() steps.Place {
	s.t.Helper()
	next, ok := s.state.Next()
	require.True(s.t, ok)
	return next
}

// pairs is the session after the first pair, and with the list of the others.
func pairs(t *testing.T, others string) *session {
	s := begin(t)
	s.state = steps.Apply(steps.New(pairPlan()), s.events[0])
	s.must(steps.Bind{Host: "node 1", To: steps.Binding{Kind: steps.Here, Names: []string{"m1"}}, Typed: "m1"})
	s.must(steps.Run{Place: at("stop")}).ends(0, nil, steps.RulingPass)
	s.must(steps.Choose{Place: at("ways"), Option: 0})
	s.must(steps.Run{Place: at("slow")}).ends(0, nil, steps.RulingPass)
	require.Equal(t, at("again"), s.next())
	s.must(steps.Set{Place: at("again"), Name: steps.Items, Value: others})
	return s
}

func TestWhatIsRepeatedForOthersIsWalkedOnceMoreForEach(t *testing.T) {
	s := pairs(t, "p2 p3")
	for _, pair := range []string{"p2", "p3"} {
		stop := repeated("stop", pair)
		require.Equal(t, stop, s.next())
		s.must(steps.Bind{Host: "node 1", Place: &stop, To: steps.Binding{Kind: steps.ByHand}})
		s.must(steps.Done{Place: stop, Result: steps.Passed, Who: "ada"})
		s.refused(steps.RefusedChoice, steps.Run{Place: repeated("ways", pair)})
		s.must(steps.Choose{Place: repeated("ways", pair), Option: 1})
		s.must(steps.Run{Place: repeated("fast", pair)}).ends(0, nil, steps.RulingPass)
	}
	require.Equal(t, at("end"), s.next(), "and not once more inside of that")
	s.refused(steps.RefusedNot, steps.Set{Place: at("again"), Name: steps.Items, Value: "p2"})
}

func TestAHostThatWordsSpeakOfIsAnotherForEachItem(t *testing.T) {
	s := pairs(t, "p2 p3")
	stop := repeated("stop", "p2")
	require.Nil(t, s.state.Prepare(stop).Binding, "node 1 of the first pair is not that of the second")
	s.refused(steps.RefusedHost, steps.Run{Place: stop})
	s.must(steps.Bind{Host: "node 1", Place: &stop, To: steps.Binding{Kind: steps.ByHand, Names: []string{"n3"}}})
	require.Equal(t, []string{"n3"}, s.state.Prepare(stop).Binding.Names)
	require.Nil(t, s.state.Prepare(repeated("stop", "p3")).Binding)
	require.NotNil(t, s.state.Prepare(repeated("slow", "p2")).Binding, "the console that a prompt names stays where it is")
}

func TestEachOfManyIsTheItemThatTheLoopHasComeTo(t *testing.T) {
	s := begin(t)
	plan := loopPlan()
	plan.Blocks[1].Host = "each node"
	s.state = steps.Apply(steps.New(plan), s.events[0])
	s.must(steps.Set{Place: at("loop"), Name: steps.Items, Value: "n1 m1"})
	require.Equal(t, "n1", s.state.Prepare(at("check").In(steps.ItemFrame, "n1")).Host)
	require.Nil(t, s.state.Prepare(at("check").In(steps.ItemFrame, "n1")).Binding)
	require.True(t, s.state.Prepare(at("check").In(steps.ItemFrame, "m1")).Itself)
}

func TestABlockOfAWayNotTakenIsNotWalked(t *testing.T) {
	s := begin(t)
	s.state = steps.Apply(steps.New(pairPlan()), s.events[0])
	reasons := func() map[string]string {
		found := map[string]string{}
		for _, l := range s.state.Outline() {
			found[l.Place.Block] = l.Reason
		}
		return found
	}
	require.Equal(t, "not chosen yet", reasons()["fast"])
	s.must(steps.Skip{Place: at("stop"), Reason: "it stands"})
	s.must(steps.Choose{Place: at("ways"), Option: 0})
	require.Equal(t, "chosen instead: slow", reasons()["fast"])
	require.Empty(t, reasons()["slow"])
}
