package move_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	osexec "os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/exec/move"
)

// TestAFullDiskCanBeLeft fills a small disk to its last byte and moves the session off it.
// The disk is a tmpfs in a namespace of this test's own.
func TestAFullDiskCanBeLeft(t *testing.T) {
	if dir := os.Getenv(onFull); dir != "" {
		leaveFullDisk(t, dir)
		return
	}
	self, err := os.Executable()
	require.NoError(t, err)
	c := osexec.Command(self, "-test.run=^TestAFullDiskCanBeLeft$", "-test.v")
	c.Env = append(os.Environ(), onFull+"="+t.TempDir())
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := c.CombinedOutput()
	var exit *osexec.ExitError
	if err != nil && !errors.As(err, &exit) || bytes.Contains(out, []byte("cannot mount")) {
		t.Skipf("no namespace to mount a small disk in: %v %s", err, out)
	}
	require.NoError(t, err, string(out))
}

func leaveFullDisk(t *testing.T, dir string) {
	if err := unix.Mount("small", dir, "tmpfs", 0, "size=3m"); err != nil {
		t.Skipf("cannot mount: %v", err)
	}
	c := newConsole(t, "m1", "b1")
	c.root = filepath.Join(dir, "sessions")
	c.walk()
	fill(t, dir)
	l, err := move.Leave(c.dir(), c.options)
	require.NoError(t, err)
	defer l.Close()

	require.ErrorContains(t, l.ToFile(filepath.Join(dir, "walk.gatewalk"), ""), "cannot be written")
	require.Nil(t, l.Moved(), "there is no room for the archive here, so nothing is sealed")

	file := filepath.Join(t.TempDir(), "walk.gatewalk")
	require.NoError(t, l.ToFile(file, ""))
	require.Equal(t, file, l.Moved().To)
	away := newConsole(t, "m2", "b2")
	archive, err := os.ReadFile(file)
	require.NoError(t, err)
	_, err = away.arrives(archive)
	require.NoError(t, err)
	away.holds()
}

// fill leaves not a byte free.
func fill(t *testing.T, dir string) {
	file, err := os.Create(filepath.Join(dir, "filler"))
	require.NoError(t, err)
	defer file.Close()
	for _, piece := range []int64{64 << 10, 512, 1} {
		for err = nil; err == nil; {
			_, err = io.CopyN(file, zeros{}, piece)
		}
		require.ErrorIs(t, err, unix.ENOSPC)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
