package session_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/steps"
)

// TestACopyIsTakenUpInDoubt: its files know nothing of the attempt, and the original may have begun it since.
func TestACopyIsTakenUpInDoubt(t *testing.T) {
	s := begin(t, func(exec.Launch) exectest.Answer { return exectest.Answer{Waits: true} })
	s.must(steps.Run{Place: at("A=1")})
	id := s.State().Spot(at("A=1")).Last
	to := filepath.Join(t.TempDir(), "s1")
	require.NoError(t, os.CopyFS(to, os.DirFS(s.dir)))
	require.NoError(t, os.Chmod(to, 0o700))

	elsewhere := exectest.NewScripted(exectest.InOrder())
	runner := func(string, steps.Opened) (exec.Runner, error) { return elsewhere, nil }
	_, err := session.Resume(to, runner, options())
	require.ErrorIs(t, err, journal.ErrLocked, "the original is walked")
	require.NoError(t, s.Close())

	taken := &site{t: t}
	taken.Session, err = session.Resume(to, runner, options())
	require.NoError(t, err)
	state := taken.settled("A=1", "unknown")
	require.Contains(t, state.Attempt(id).Unknown, "this record is a copy")
	require.Empty(t, elsewhere.Launches())
	taken.must(steps.Resolve{Attempt: id, As: steps.OutcomeDone, Reason: "seen"})
	require.NoError(t, taken.Close())

	again, err := session.Resume(to, runner, options())
	require.NoError(t, err)
	require.False(t, again.State().Opened().Copied, "what was in doubt is written down; it lives here now")
	require.NoError(t, again.Close())
}

// TestAnotherUserDoesNotGoOnAsTheFirst: what ran would be recorded as run by who it was not.
func TestAnotherUserDoesNotGoOnAsTheFirst(t *testing.T) {
	s := begin(t, func(exec.Launch) exectest.Answer { return exectest.Answer{} })
	require.NoError(t, s.Close())
	bob := options()
	bob.Actor = steps.Actor{Name: "bob", UID: 1001, Via: steps.Terminal}
	_, err := session.Resume(s.dir, s.make, bob)
	require.ErrorContains(t, err, "the session runs as ada and you are bob; resume it as that user")

	bob.Actor.Name = "ada"
	renumbered, err := session.Resume(s.dir, s.make, bob)
	require.NoError(t, err, "a user is known by name or by number")
	require.NoError(t, renumbered.Close())
}
