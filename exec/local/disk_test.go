package local_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/local"
)

// smallDisk is a session on a file system of so many bytes.
func smallDisk(t *testing.T, bytes string) session {
	dir := t.TempDir()
	if err := unix.Mount("gatewalk-test", dir, "tmpfs", 0, "size="+bytes); err != nil {
		t.Skipf("SKIPPED: a full disk needs a file system of its own, and mounting one needs root: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, unix.Unmount(dir, unix.MNT_DETACH)) })
	return session{Bench: &exectest.Bench{T: t, Runner: local.New(dir, local.Options{})}, dir: dir}
}

func TestOnAFullDiskTheCommandGoesOnAndItsEndIsRecorded(t *testing.T) {
	s := smallDisk(t, "1m")
	marker := filepath.Join(t.TempDir(), "marker")
	result := s.Do("yes | head -c 3000000", "touch "+marker, "exit 9")
	require.FileExists(t, marker)
	require.Equal(t, 9, result.Code)
	require.Equal(t, "0=0 1=0 2=9", exitsOf(result.Exits))
	require.Equal(t, digestOf(result.Raw), result.Digest, "what is recorded is whole")
	require.Contains(t, result.Warning, "were not recorded: write")
	require.Contains(t, result.Warning, "no space left on device")
	require.Contains(t, result.Warning, "the shell's variables were not kept")
}

func TestADiskThatFillsBeforeTheFirstOutputLosesNoExit(t *testing.T) {
	s := smallDisk(t, "1m")
	gate := filepath.Join(t.TempDir(), "gate")
	running := s.Start(launch("until [ -e "+gate+" ]; do sleep 0.01; done", "exit 4"))
	filler := s.fill()
	require.NoError(t, os.WriteFile(gate, nil, 0o600))
	result := running.Wait()
	require.Equal(t, "0=0 1=4", exitsOf(result.Exits))
	require.NoError(t, os.Remove(filler))
}

// fill leaves no room on the disk of the session.
func (s session) fill() (filler string) {
	file, err := os.Create(filepath.Join(s.dir, "filler"))
	require.NoError(s, err)
	defer file.Close()
	for err == nil {
		_, err = file.Write(make([]byte, 4096))
	}
	return file.Name()
}

func TestOnAFullDiskNothingIsStarted(t *testing.T) {
	s := smallDisk(t, "512k")
	s.Do("A=1")
	filler := s.fill()
	marker := filepath.Join(t.TempDir(), "marker")
	err := s.Runner.Launch(t.Context(), exec.Launch{Attempt: s.Next(), Commands: []string{"touch " + marker}})
	require.ErrorContains(t, err, "no space left on device")
	require.NoFileExists(t, marker)
	require.NoError(t, os.Remove(filler))
	require.Zero(t, s.Do("true").Code)
}
