package journal

import (
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestANewSessionIsDurableUpToWhatWasThere: a file is on disk when each name that leads to it is. What a power cut leaves of a name
// depends on the file system, so the story is told by the system calls.
func TestANewSessionIsDurableUpToWhatWasThere(t *testing.T) {
	needStrace(t)
	there, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	root := filepath.Join(there, "gatewalk", "sessions")
	dir, trace := filepath.Join(root, session), filepath.Join(t.TempDir(), "trace")
	walker := osexec.CommandContext(t.Context(), "strace", "-f", "-qq", "-y", "-o", trace, "-e", "trace=mkdirat,fsync,pwrite64", os.Args[0])
	walker.Env = append(os.Environ(), walkerEnv+"="+dir)
	said, err := walker.CombinedOutput()
	require.NoError(t, err, "%s", said)
	calls, err := os.ReadFile(trace)
	require.NoError(t, err)
	rest := string(calls)
	for _, call := range []string{
		`"` + filepath.Dir(root) + `"`, "<" + there + ">",
		`"` + root + `"`, "<" + filepath.Dir(root) + ">",
		`"` + dir + `"`, "<" + root + ">",
		"<" + dir + ">",
		"<" + filepath.Join(dir, journalFile) + ">, \"{", "fsync", "<" + filepath.Join(dir, journalFile) + ">",
	} {
		_, after, found := strings.Cut(rest, call)
		require.True(t, found, "no call for %s, in time:\n%s", call, calls)
		rest = after
	}
}
