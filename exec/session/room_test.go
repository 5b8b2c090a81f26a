package session_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/steps"
)

// beginOnSmallDisk begins a session on a disk of 4 MiB of its own, where whatever is started runs on.
func beginOnSmallDisk(t *testing.T) *site {
	disk := t.TempDir()
	if err := unix.Mount("gatewalk-test", disk, "tmpfs", 0, "size=4m"); err != nil {
		t.Skip("SKIPPED: no small disk can be mounted here, so that none is filled: ", err)
	}
	t.Cleanup(func() { require.NoError(t, unix.Unmount(disk, unix.MNT_DETACH)) })
	s := &site{t: t, runner: exectest.NewScripted(func(exec.Launch) exectest.Answer { return exectest.Answer{Waits: true} })}
	var err error
	s.Session, err = session.Create(filepath.Join(disk, "s1"), plan(), []byte("# A walk\n"), s.make, options())
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// TestThatTheDiskFillsUpIsToldWhileSomethingRuns, not when it has ended: what it prints is lost meanwhile.
func TestThatTheDiskFillsUpIsToldWhileSomethingRuns(t *testing.T) {
	s := beginOnSmallDisk(t)
	filler := filepath.Join(filepath.Dir(s.dir), "filler")
	s.must(steps.Run{Place: at("A=1")})

	require.NoError(t, os.WriteFile(filler, make([]byte, 2500<<10), 0o600))
	exectest.Until(t, s, func() bool { return s.noted("the disk is full") == 1 })
	require.Len(t, s.State().Running(), 1)
	require.FileExists(t, filepath.Join(s.dir, "reserve"), "that is for how it ends")
	require.NoError(t, os.Remove(filler))
	exectest.Until(t, s, func() bool { return s.noted("there is room on the disk again") == 1 })
	require.Equal(t, 1, s.noted("the disk is full"), "it is told once")
}

// noted is how many notes say something.
func (s *site) noted(what string) int {
	n := 0
	events, _ := s.Facts(0)
	for _, e := range events {
		for _, f := range e.Facts {
			if note, ok := f.(steps.Noted); ok && strings.Contains(note.Text, what) {
				n++
			}
		}
	}
	return n
}

// TestHowItEndsIsRecordedOnAFullDisk, from the reserve, and nothing new begins.
func TestHowItEndsIsRecordedOnAFullDisk(t *testing.T) {
	s := beginOnSmallDisk(t)
	filler := filepath.Join(filepath.Dir(s.dir), "filler")
	s.must(steps.Run{Place: at("A=1")})
	require.ErrorIs(t, os.WriteFile(filler, make([]byte, 8<<20), 0o600), unix.ENOSPC)

	id := s.State().Running()[0]
	s.runner.Finish(id, exectest.Answer{Code: 3, Warning: strings.Repeat("long words about its end ", 1000)})
	s.settled("A=1", "failed")
	require.Equal(t, 3, s.State().Attempt(id).End.Code)
	require.ErrorIs(t, s.Do(steps.Run{Place: at("A=1")}, s.State().Seq()), journal.ErrFull)
	require.Len(t, s.runner.Launches(), 1)
	require.NoError(t, os.Remove(filler))
	s.must(steps.Run{Place: at("A=1")})
}

// TestWhoIsRefusedForAFullDiskFindsItOnRecord, however soon they leave with the answer.
func TestWhoIsRefusedForAFullDiskFindsItOnRecord(t *testing.T) {
	s := beginOnSmallDisk(t)
	filler := filepath.Join(filepath.Dir(s.dir), "filler")
	require.ErrorIs(t, os.WriteFile(filler, make([]byte, 8<<20), 0o600), unix.ENOSPC)
	require.ErrorIs(t, s.Do(steps.Run{Place: at("A=1")}, s.State().Seq()), journal.ErrFull)
	require.NoError(t, s.Close())
	require.Equal(t, 1, s.noted("the disk is full: make room"))
}
