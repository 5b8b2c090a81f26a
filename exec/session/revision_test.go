package session_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/session"
	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// titling is what somebody may have put into a document, its name or a command.
const titling = "\x1b]0;mine\a\x1b[2J"

// named gives everything in a plan that a comparison names a text of that kind.
func named(p *runbook.Plan) {
	p.Source += titling
	for i := range p.Blocks {
		b := &p.Blocks[i]
		p.Steps = append(p.Steps, runbook.Step{ID: "step " + b.ID, Path: "1" + titling, Title: "Do it" + titling, Line: 7, Parent: -1, Kind: runbook.CommandStep, Blocks: []int{i}, Body: []runbook.Item{{Kind: runbook.BlockItem, Index: i}}})
		p.Root[i] = runbook.Item{Kind: runbook.StepItem, Index: i}
	}
}

func TestWhatChangedIsSafeToShow(t *testing.T) {
	s := begin(t, exectest.InOrder(), named)
	s.must(steps.Run{Place: at("A=1")})
	s.settled("A=1", "done")
	require.NoError(t, s.Close())
	other := plan()
	other.Blocks[0].ID, other.Blocks[0].Text, other.Blocks[0].Commands = "A=2", "A=2"+titling, []string{"A=2" + titling}
	named(other)
	other.Steps[0].ID = "step A=1"
	revised, err := session.Revise(s.dir, other)
	require.NoError(t, err)
	var out strings.Builder
	revised.WriteText(&out)
	require.Contains(t, out.String(), "- A=1\n")
	require.Contains(t, out.String(), "+ A=2<0x1B>]0;mine<0x07>")
	require.Equal(t, safe.Of(out.String()).Plain(), out.String())
}

func TestWhatADamagedRecordLeavesIsSafeToShow(t *testing.T) {
	s := begin(t, func(l exec.Launch) exectest.Answer {
		return exectest.Answer{Fate: exec.Lost}
	}, named)
	s.must(steps.Run{Place: at("A=1")})
	s.settled("A=1", "unknown")
	s.prints(s.State().Attempt(s.State().Spot(at("A=1")).Last).ID, "so far"+titling)
	s.must(steps.Note{Text: "the last word"})
	require.NoError(t, s.Close())
	s.damage("the last word")
	stored, err := session.StoredIn(s.dir)
	require.NoError(t, err)
	revised, err := session.Revise(s.dir, stored.Plan)
	require.NoError(t, err)
	require.Error(t, revised.Damaged())
	var out strings.Builder
	revised.WriteText(&out)
	require.Contains(t, out.String(), "so far")
	require.Equal(t, safe.Of(out.String()).Plain(), out.String())
}

// TestWhatIsNotDecidedIsNotLeftBehind: neither what runs nor what nobody knows the end of goes on in another version.
func TestWhatIsNotDecidedIsNotLeftBehind(t *testing.T) {
	s, id := running(t)
	require.NoError(t, s.Close())
	_, err := session.Revise(s.dir, plan())
	require.ErrorContains(t, err, "has no end yet; resume the session and see to it first")
	s.runner.Finish(id, exectest.Answer{Fate: exec.Lost})
	s.Session, err = session.Resume(s.dir, s.make, options())
	require.NoError(t, err)
	s.settled("A=1", "unknown")
	require.NoError(t, s.Close())
	_, err = session.Revise(s.dir, plan())
	require.ErrorContains(t, err, "nobody knows what became of")
}
