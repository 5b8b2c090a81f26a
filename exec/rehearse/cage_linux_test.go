package rehearse_test

import (
	"errors"
	"io/fs"
	"os"
	osexec "os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// Commands that would destroy a machine run in a cage: a process whose root directory is a small tree of files put there to be
// attacked. Should a door of the rehearsal ever be broken, what comes through reaches that tree and no more, and the test fails.

const cageVariable = "GATEWALK_TEST_CAGE"

// caged says whether this process is in a cage. If not, it has the same test run in one, and there is nothing left to do.
func caged(t *testing.T) bool {
	t.Helper()
	if os.Getenv(cageVariable) != "" {
		return true
	}
	cage := buildCage(t)
	before := listed(t, cage)
	output, err := runCaged(t, cage)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) || errors.Is(err, syscall.ENOSPC) {
		t.Skipf("SKIPPED: these commands run only where a process can be caged (root or user namespaces): %v", err)
	}
	require.NoError(t, err, string(output))
	require.Contains(t, string(output), "--- PASS: "+t.Name(), "the test did not run in its cage")
	require.Equal(t, before, listed(t, cage))
	return false
}

func runCaged(t *testing.T, cage string) ([]byte, error) {
	child := osexec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	child.Env = append(os.Environ(), cageVariable+"="+cage, "TMPDIR=/real", "SENTINEL="+realValue)
	child.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	return child.CombinedOutput()
}

// buildCage makes the tree that is attacked.
func buildCage(t *testing.T) string {
	t.Helper()
	cage := t.TempDir()
	for name, mode := range map[string]fs.FileMode{
		"etc/passwd": 0o644, "etc/shadow": 0o600, "etc/profile": 0o644, "real/file": 0o644, "real/program": 0o755, "bin/sh": 0o755, "root/file": 0o644,
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(cage, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(cage, name), []byte("echo "+realContent+"\n"), mode))
	}
	require.NoError(t, os.Mkdir(filepath.Join(cage, sessions), 0o755))
	return cage
}

// enterCage makes a directory the root of this process, before any test runs.
func enterCage(cage string) {
	must(syscall.Chroot(cage))
	must(os.Chdir("/"))
}
