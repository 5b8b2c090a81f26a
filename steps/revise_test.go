package steps_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// revised is the small rollout with one command changed, one gone, one new, everything renumbered.
func revised() *runbook.Plan {
	p := walkPlan()
	p.Blocks[1].ID, p.Blocks[1].Text, p.Blocks[1].Commands = "canary2", "rollout --slow \"$CANARY\"", []string{"rollout --slow \"$CANARY\""}
	for i := range p.Steps {
		p.Steps[i].Path = "9." + p.Steps[i].Path
		p.Steps[i].Line += 40
	}
	return p
}

func TestProgressIsCarriedByContent(t *testing.T) {
	old := begin(t).toGate()
	r := steps.Revise(old.state, revised())
	require.Len(t, r.Changed, 1)
	require.Equal(t, steps.Change{
		At: "rollout.md:16 (2)", Title: "The first node", Status: steps.StatusDone,
		Was: `rollout "$CANARY"`, Now: `rollout --slow "$CANARY"`, NowAt: "rollout.md:16 (9.2)",
	}, r.Changed[0])

	s := begin(t)
	s.state = steps.Apply(steps.New(revised()), s.events[0])
	s.must(steps.Carry{Marks: r.Marks})
	require.Equal(t, steps.StatusDone, s.status("name"))
	require.Equal(t, steps.StatusByHand, s.status("read"))
	next, _ := s.state.Next()
	require.Equal(t, at("canary2"), next, "the changed command stands open")
	require.Equal(t, steps.StatusOpen, s.status("rest"), "a gate that was reached is not a mark")
	s.refused(steps.RefusedNot, steps.Carry{Marks: r.Marks})
}

func TestAMarkNeverSitsOnAChangedCommand(t *testing.T) {
	old := begin(t).toGate()
	for i := range walkPlan().Blocks {
		changed := walkPlan()
		changed.Blocks[i].ID += " changed"
		for _, mark := range steps.Revise(old.state, changed).Marks {
			require.NotEqual(t, walkPlan().Blocks[i].ID, mark.Place.Block)
		}
	}
}

func TestAChoiceIsCarriedByItsTitle(t *testing.T) {
	old := begin(t).toGate().must(steps.Confirm{Place: at("rest"), Phrase: "n2 n3"}).ends(0, nil, steps.RulingPass)
	old.must(steps.Choose{Place: at("way"), Option: 0})
	swapped := walkPlan()
	o := swapped.Choices[0].Options
	o[0], o[1] = o[1], o[0]
	for _, mark := range steps.Revise(old.state, swapped).Marks {
		if mark.Place.Block == "way" {
			require.Equal(t, 1, mark.Option)
		}
	}
	swapped.Choices[0].Options[1].Title = "something else"
	require.Len(t, steps.Revise(old.state, swapped).Changed, 1)
}
