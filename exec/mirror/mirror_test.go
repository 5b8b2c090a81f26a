package mirror_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/journal"
	"gatewalk/exec/mirror"
	"gatewalk/exec/session"
	"gatewalk/runbook"
	"gatewalk/steps"
)

func at(block string) steps.Place { return steps.Place{Block: block} }

// begin is a session of one step, whose command ends at once.
func begin(t *testing.T) *session.Session {
	plan := &runbook.Plan{
		Source: "walk.md", Title: "A walk",
		Blocks: []runbook.Block{{ID: "one", Line: 1, Kind: runbook.Command, Text: "one", Commands: []string{"one"}, Host: "m1", Gate: runbook.NoGate}},
		Root:   []runbook.Item{{Kind: runbook.BlockItem, Index: 0}},
	}
	runner := func(dir string, _ steps.Opened) (exec.Runner, error) {
		return exectest.NewScripted(func(l exec.Launch) exectest.Answer {
			attempt := filepath.Join(dir, (&journal.Reader{}).AttemptDir(l.Attempt))
			require.NoError(t, os.MkdirAll(attempt, 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(attempt, "out"), []byte("it is done\n"), 0o600))
			return exectest.Answer{Output: "it is done\n"}
		}), nil
	}
	options := session.Options{Actor: steps.Actor{Name: "ada", Via: steps.Terminal}, Machine: "m1", Boot: "b1"}
	s, err := session.Create(filepath.Join(t.TempDir(), "walk"), plan, []byte("# A walk\n"), runner, options)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// machine is a session as what goes on beside it speaks to it.
func machine(s *session.Session) *session.Client {
	return s.As(steps.Actor{Name: "ada", Via: steps.Machine})
}

func does(t *testing.T, s *session.Session, in steps.Input) {
	t.Helper()
	require.NoError(t, s.Do(in, s.State().Seq()))
}

// notes are those of the mirror.
func notes(s *session.Session) []string {
	var notes []string
	events, _ := s.Facts(0)
	for _, e := range events {
		for _, f := range e.Facts {
			if n, ok := f.(steps.Noted); ok && strings.HasPrefix(n.Text, "mirror ") {
				notes = append(notes, n.Text)
			}
		}
	}
	return notes
}

// same says that a copy is the whole record.
func same(t *testing.T, dir, place string) {
	t.Helper()
	want, err := journal.Verify(dir)
	require.NoError(t, err)
	have, err := journal.Verify(filepath.Join(place, filepath.Base(dir)))
	require.NoError(t, err)
	require.Empty(t, have.Problems)
	require.Equal(t, want, have)
}

func TestACopyIsKeptWhileTheWalkGoesOn(t *testing.T) {
	s, place := begin(t), t.TempDir()
	k := mirror.Keep(machine(s), place)
	does(t, s, steps.Run{Place: at("one")})
	exectest.Until(t, s, func() bool { return s.State().Spot(at("one")).Status == steps.StatusDone })
	does(t, s, steps.Note{Text: "looks good"})
	require.NoError(t, k.Close())
	same(t, s.Dir(), place)
	require.Empty(t, notes(s), "what goes well is not worth a note")
	status, kept := mirror.Of(s.Dir())
	require.True(t, kept)
	require.Equal(t, s.State().Seq(), status.Seq)
	require.Equal(t, "mirrored in "+place, status.String())

	// A later sitting goes on with the same copy.
	k = mirror.Keep(machine(s), place)
	does(t, s, steps.Note{Text: "still good"})
	require.NoError(t, k.Close())
	same(t, s.Dir(), place)
	require.NoError(t, mirror.Forget(s.Dir()))
	_, kept = mirror.Of(s.Dir())
	require.False(t, kept)
	require.NoError(t, mirror.Forget(s.Dir()))
}

// TestACopyThatCannotBeKeptHoldsNothingUp: it is told of once, and made good when it can be.
func TestACopyThatCannotBeKeptHoldsNothingUp(t *testing.T) {
	s, place := begin(t), filepath.Join(t.TempDir(), "usb")
	require.NoError(t, os.WriteFile(place, nil, 0o600)) // what should be a directory is none
	k := mirror.Keep(machine(s), place)
	exectest.Until(t, s, func() bool { return len(notes(s)) == 1 })
	for range 5 {
		does(t, s, steps.Note{Text: "going on"})
	}
	status, _ := mirror.Of(s.Dir())
	require.Contains(t, status.String(), "cannot be kept since")
	require.NoError(t, os.Remove(place))
	require.NoError(t, os.Mkdir(place, 0o700))
	does(t, s, steps.Note{Text: "plugged in again"})
	exectest.Until(t, s, func() bool { return len(notes(s)) == 2 })
	require.NoError(t, k.Close())
	require.Contains(t, notes(s)[0], "the record is kept here only")
	require.Contains(t, notes(s)[1], "it is kept again")
	same(t, s.Dir(), place)
}

// TestADiskThatSaysNothingIsToldOf, and once more when it has spoken.
func TestADiskThatSaysNothingIsToldOf(t *testing.T) {
	s, place, speaks := begin(t), t.TempDir(), make(chan struct{})
	k := mirror.KeepRounds(machine(s), place, time.Millisecond, func() (uint64, error) {
		<-speaks
		return 7, nil
	})
	exectest.Until(t, s, func() bool { return len(notes(s)) == 1 })
	require.Contains(t, notes(s)[0], "nothing is heard of it for 1ms: until it can be reached again, the record is kept here only")
	does(t, s, steps.Note{Text: "going on"})
	status, _ := mirror.Of(s.Dir())
	require.Contains(t, status.Problem, "nothing is heard of it")
	close(speaks)
	exectest.Until(t, s, func() bool { return len(notes(s)) >= 2 })
	require.Contains(t, notes(s)[1], "it is kept again, up to event 7")
	require.NoError(t, k.Close())
	status, _ = mirror.Of(s.Dir())
	require.Empty(t, status.Problem, "what is true now is said last")
}

// TestTheDirectoryUnderADiskThatWasTakenAwayIsNotTheDisk, neither in this sitting nor in the next; and the disk is known when it is back.
func TestTheDirectoryUnderADiskThatWasTakenAwayIsNotTheDisk(t *testing.T) {
	s, mounted := begin(t), filepath.Join(t.TempDir(), "usb")
	disk, bare := otherDisk(t, mounted), t.TempDir()
	put := func(what string) {
		require.NoError(t, os.Symlink(what, mounted+".new"))
		require.NoError(t, os.Rename(mounted+".new", mounted))
	}
	put(disk)
	k := mirror.Keep(machine(s), mounted)
	does(t, s, steps.Note{Text: "to the disk"})
	require.NoError(t, k.Close())
	same(t, s.Dir(), disk)

	put(bare)
	for range 2 {
		k = mirror.Keep(machine(s), mounted)
		does(t, s, steps.Note{Text: "to nowhere"})
		require.ErrorContains(t, k.Close(), "another disk is there now, without the copy")
	}
	entries, err := os.ReadDir(bare)
	require.NoError(t, err)
	require.Empty(t, entries)
	require.Len(t, notes(s), 1, "it is told of once")

	moved := t.TempDir() // the same disk, with another number
	require.NoError(t, os.CopyFS(moved, os.DirFS(disk)))
	require.NoError(t, os.Chmod(filepath.Join(moved, filepath.Base(s.Dir())), 0o700))
	put(moved)
	k = mirror.Keep(machine(s), mounted)
	exectest.Until(t, s, func() bool { return len(notes(s)) == 2 })
	require.NoError(t, k.Close())
	same(t, s.Dir(), moved)
}

// otherDisk is a directory on another disk than a path.
func otherDisk(t *testing.T, than string) string {
	const memory = "/dev/shm"
	there, err := os.Stat(memory)
	if err != nil {
		t.Skip("there is no second disk here, so nothing is said about one that is taken away: ", err)
	}
	here, err := os.Stat(filepath.Dir(than))
	require.NoError(t, err)
	if there.Sys().(*syscall.Stat_t).Dev == here.Sys().(*syscall.Stat_t).Dev {
		t.Skip("all is on one disk here, so nothing is said about one that is taken away")
	}
	dir, err := os.MkdirTemp(memory, "gatewalk")
	if err != nil {
		t.Skip("the second disk cannot be written here, so nothing is said about one that is taken away: ", err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// TestAFullDiskOfTheCopyStopsNothingHere, is not taken for the session's own, and the copy is made good when there is room.
func TestAFullDiskOfTheCopyStopsNothingHere(t *testing.T) {
	s, place := begin(t), t.TempDir()
	if err := unix.Mount("gatewalk-test", place, "tmpfs", 0, "size=4m"); err != nil {
		t.Skip("no small disk can be mounted here, so nothing is said about one that is full: ", err)
	}
	t.Cleanup(func() { require.NoError(t, unix.Unmount(place, unix.MNT_DETACH)) })
	filler := filepath.Join(place, "filler")
	require.ErrorIs(t, os.WriteFile(filler, make([]byte, 8<<20), 0o600), unix.ENOSPC)
	k := mirror.Keep(machine(s), place)
	exectest.Until(t, s, func() bool { return len(notes(s)) == 1 })
	require.Contains(t, notes(s)[0], "its disk is full; make room there: until it can be reached again, the record is kept here only")
	does(t, s, steps.Run{Place: at("one")})
	exectest.Until(t, s, func() bool { return s.State().Spot(at("one")).Status == steps.StatusDone })
	require.NoError(t, os.Remove(filler))
	does(t, s, steps.Note{Text: "made room"})
	exectest.Until(t, s, func() bool { return len(notes(s)) == 2 })
	require.NoError(t, k.Close())
	same(t, s.Dir(), place)
}

func TestWhatIsMissingAtTheEndIsAnswered(t *testing.T) {
	s, place := begin(t), filepath.Join(t.TempDir(), "usb")
	require.NoError(t, os.Mkdir(place, 0o700))
	k := mirror.Keep(machine(s), place)
	require.Eventually(t, func() bool { _, kept := mirror.Of(s.Dir()); return kept }, time.Minute, time.Millisecond)
	require.NoError(t, os.RemoveAll(place))
	require.NoError(t, os.WriteFile(place, nil, 0o600))
	does(t, s, steps.Close{Outcome: "stopped"})
	require.ErrorContains(t, k.Close(), "the record is complete here")
}

func TestAPlaceIsADirectory(t *testing.T) {
	place := t.TempDir()
	require.NoError(t, mirror.Check(place))
	require.ErrorContains(t, mirror.Check(filepath.Join(place, "usb")), "name a directory that is there")
	require.NoError(t, os.WriteFile(filepath.Join(place, "usb"), nil, 0o600))
	require.ErrorContains(t, mirror.Check(filepath.Join(place, "usb")), "is no directory")
}
