package local_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/local"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == parentWord {
		beParent(os.Args[2:])
	}
	if len(os.Args) > 1 && os.Args[1] == idle {
		beIdle()
	}
	os.Setenv("LC_ALL", "C.UTF-8") // what bash says of errors is compared
	os.Exit(m.Run())
}

func TestRunner(t *testing.T) {
	exectest.Run(t, func(t *testing.T) exec.Runner { return local.New(t.TempDir(), local.Options{}) })
}

// session is a bench over a Runner whose files the test can look at.
type session struct {
	*exectest.Bench
	dir string
}

func newSession(t *testing.T, options local.Options) session {
	dir := t.TempDir()
	s := session{Bench: &exectest.Bench{T: t, Runner: local.New(dir, options)}, dir: dir}
	t.Cleanup(s.sweep)
	return s
}

// sweep ends whatever a test, above all one that has failed, has left running.
func (s session) sweep() {
	paths, _ := filepath.Glob(filepath.Join(s.dir, "attempts", "*", "exits"))
	for _, path := range paths {
		text, _ := os.ReadFile(path)
		var shell int
		if _, err := fmt.Sscanf(string(text), "begun %d", &shell); err == nil && shell > 1 {
			_ = unix.Kill(-shell, unix.SIGKILL)
		}
	}
}

// again is the same session in the hands of another process's Runner.
func (s session) again() session {
	return session{Bench: &exectest.Bench{T: s.T, Runner: local.New(s.dir, local.Options{})}, dir: s.dir}
}

func (s session) file(attempt, name string) string {
	return filepath.Join(s.dir, "attempts", attempt, name)
}

func (s session) read(attempt, name string) string {
	s.Helper()
	text, err := os.ReadFile(s.file(attempt, name))
	require.NoError(s, err)
	return string(text)
}

// notForRaces leaves out of the runs with -short, which are those of the race detector, a story that has nothing for it and takes long.
func notForRaces(t *testing.T, about string) {
	if testing.Short() {
		t.Skipf("SKIPPED with -short: %s, and the race detector has nothing to see in it", about)
	}
}

// long says that heavy tests take their long form.
func long() bool { return os.Getenv("GATEWALK_LONG") != "" }

func launch(commands ...string) exec.Launch { return exec.Launch{Commands: commands} }

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	require.Eventually(t, holds, exectest.Patience, 5*time.Millisecond, what)
}

// contexts are all stored contexts, as one text.
func (s session) contexts() string {
	s.Helper()
	paths, err := filepath.Glob(filepath.Join(s.dir, "contexts", "*"))
	require.NoError(s, err)
	require.NotEmpty(s, paths, "there is no context that could be looked into")
	var all strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(s, err)
		all.Write(text)
	}
	return all.String()
}

func digestOf(p []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(p)) }
