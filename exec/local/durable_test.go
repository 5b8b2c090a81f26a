package local_test

import (
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec/local"
)

// TestNothingIsToldThatAPowerCutWouldTakeBack: a file is on disk when its content is, and then its name. What a power cut leaves depends
// on the file system, so the story of one attempt is told by the system calls.
func TestNothingIsToldThatAPowerCutWouldTakeBack(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED: only root sees which files a shim has open")
	}
	trace := filepath.Join(t.TempDir(), "trace")
	strace := []string{"strace", "-f", "-qq", "-y", "-o", trace, "-e", "trace=fsync,linkat,renameat,execve"}
	if out, err := osexec.Command(strace[0], append(strace[1:], "true")...).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: this machine has no strace that can be used (%v): %s", err, out)
	}
	s := newSession(t, local.Options{})
	executable, err := os.Executable()
	require.NoError(t, err)
	parent := osexec.Command(strace[0], append(strace[1:], executable, parentWord, s.dir, "A=1; echo printed", brief)...)
	said, err := parent.CombinedOutput()
	require.NoError(t, err, "%s", said)
	require.Zero(t, s.Follow(1, 0).Wait().Code)

	calls, err := os.ReadFile(trace)
	require.NoError(t, err)
	dir := strings.TrimPrefix(s.dir, filepath.Clean(os.TempDir())) // which may be a link
	attempts, contexts, folder := dir+"/attempts", dir+"/contexts", dir+"/attempts/1"
	rest := string(calls)
	for _, call := range []struct{ name, path string }{
		{"fsync", attempts + ">"},
		{"fsync", folder + "/cmd."},
		{"renameat", folder + `/cmd"`},
		{"fsync", folder + "/pid."},
		{"linkat", folder + `/pid"`},
		{"fsync", folder + ">"},
		{"execve", "bash"},
		{"fsync", contexts + "/"},
		{"renameat", contexts + "/"},
		{"fsync", contexts + ">"},
		{"fsync", folder + "/out>"},
		{"fsync", folder + "/reserve>"},
		{"renameat", folder + `/exit"`},
		{"fsync", folder + ">"},
	} {
		at := regexp.MustCompile(call.name + `\(.*` + regexp.QuoteMeta(call.path)).FindStringIndex(rest)
		require.NotNil(t, at, "no %s of %s, in time:\n%s", call.name, call.path, calls)
		rest = rest[at[1]:]
	}
}
