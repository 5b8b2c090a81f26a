package session_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/steps"
)

// damage changes a byte of the line that first holds some words.
func (s *site) damage(words string) {
	name := filepath.Join(s.dir, "journal.jsonl")
	raw, err := os.ReadFile(name)
	require.NoError(s.t, err)
	i := bytes.Index(raw, []byte(words))
	require.Positive(s.t, i, "%q is nowhere", words)
	raw[i] ^= 1
	require.NoError(s.t, os.WriteFile(name, raw, 0o600))
}

// leaves puts the files of an attempt where a runner puts them.
func (s *site) leaves(l exec.Launch, exit string) {
	s.prints(l.Attempt, "half\nwritten\n")
	dir := filepath.Join(s.dir, "attempts", journalName(l.Attempt))
	command := fmt.Sprintf(`{"attempt":%d,"host":"here","user":"ada","commands":[%q]}`, l.Attempt, l.Commands[0])
	require.NoError(s.t, os.WriteFile(filepath.Join(dir, "cmd"), []byte(command), 0o600))
	if exit != "" {
		require.NoError(s.t, os.WriteFile(filepath.Join(dir, "exit"), []byte(exit), 0o600))
	}
}

// broken is a walk of two commands whose record is damaged from the start of the second on.
func broken(t *testing.T, second exectest.Answer) *site {
	var s *site
	s = begin(t, func(l exec.Launch) exectest.Answer {
		if l.Commands[0] == "A=1" {
			s.leaves(l, `{"code":0}`)
			return exectest.Answer{Context: "", Variables: map[string]string{"A": "1"}}
		}
		s.leaves(l, "")
		return second
	})
	s.must(steps.Run{Place: at("A=1")})
	s.settled("A=1", "done")
	s.must(steps.Set{Place: at(`echo "$A"`), Name: "A", Value: "1"})
	s.must(steps.Run{Place: at(`echo "$A"`)})
	require.Eventually(t, func() bool { return len(s.runner.Launches()) == 2 }, time.Minute, time.Millisecond)
	require.NoError(t, s.Close())
	s.damage(`echo \"$A\"`)
	return s
}

// goOn begins the session that goes on from a damaged one, beside it.
func (s *site) goOn(name string) (*session.Session, error) {
	old := s.dir
	stored, err := session.StoredIn(old)
	require.NoError(s.t, err)
	require.Equal(s.t, "# A walk\n", string(stored.Source))
	revised, err := session.Revise(old, stored.Plan)
	if err != nil {
		return nil, err
	}
	require.ErrorAs(s.t, revised.Damaged(), new(*journal.Damage))
	held, err := journal.Create(filepath.Join(filepath.Dir(old), name))
	require.NoError(s.t, err)
	defer func() { s.dir = old }()
	next, err := revised.Begin(held, stored.Source, s.make, options())
	if err != nil {
		return nil, err
	}
	s.t.Cleanup(func() { next.Close() })
	return next, nil
}

func TestWhatLostLinesStartedIsUnknownInTheNextSession(t *testing.T) {
	s := broken(t, exectest.Answer{Fate: exec.Lost})
	next, err := s.goOn("s2")
	require.NoError(t, err)
	spot := next.State().Spot(at(`echo "$A"`))
	require.Equal(t, steps.StatusUnknown, spot.Status)
	for _, words := range []string{"of the damaged record of session s1", "it printed 13 bytes", `its last line was "written"`, "it left no end"} {
		require.Contains(t, spot.Reason, words)
	}
	require.Equal(t, steps.ClaimedBy+"s1", next.State().Spot(at("A=1")).Reason)
	require.Error(t, next.Do(steps.Run{Place: at(`echo "$A"`)}, next.State().Seq()))
	require.NoError(t, next.Do(steps.Resolve{Attempt: spot.Last, As: steps.OutcomeNotRun, Reason: "nothing was written"}, next.State().Seq()))
	require.NoError(t, next.Close())
	require.Len(t, s.runner.Launches(), 2, "nothing was run again")

	again, err := session.Resume(next.Dir(), s.make, options())
	require.NoError(t, err, "what was asked about leaves no trace that is taken for damage")
	require.NoError(t, again.Close())
}

func TestOneGoesOnFromADamagedSessionOnce(t *testing.T) {
	s := broken(t, exectest.Answer{Fate: exec.Lost})
	next, err := s.goOn("s2")
	require.NoError(t, err)
	_, err = s.goOn("s3")
	require.ErrorContains(t, err, "gatewalk resume s2")

	// One that was cut off before it had taken over everything does not count, and is not walked.
	require.NoError(t, next.Close())
	name := filepath.Join(next.Dir(), "journal.jsonl")
	raw, err := os.ReadFile(name)
	require.NoError(t, err)
	lines := bytes.SplitAfter(raw, []byte("\n"))
	require.NoError(t, os.WriteFile(name, bytes.Join(lines[:len(lines)-2], nil), 0o600))
	require.NoError(t, os.RemoveAll(filepath.Join(filepath.Dir(next.Dir()), ".heads"))) // as after a power cut
	_, err = session.Resume(next.Dir(), s.make, options())
	require.ErrorContains(t, err, "gatewalk resume s1")
	_, err = s.goOn("s3")
	require.NoError(t, err)
}

func TestNothingGoesOnBesideWhatStillRuns(t *testing.T) {
	s := broken(t, exectest.Answer{Waits: true})
	_, err := s.goOn("s2")
	require.ErrorContains(t, err, "still runs")
	s.runner.Finish(s.runner.Launches()[1].Attempt, exectest.Answer{})
	_, err = s.goOn("s3")
	require.NoError(t, err)
}

func TestNobodyGoesOnFromADamagedSessionThatIsHeld(t *testing.T) {
	s := broken(t, exectest.Answer{Fate: exec.Lost})
	shut, err := journal.Shut(s.dir)
	require.NoError(t, err)
	_, err = s.goOn("s2")
	require.ErrorIs(t, err, journal.ErrLocked)
	require.NoError(t, shut.Close())
}
