package main

import (
	"errors"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec/journal"
	"gatewalk/steps"
)

// faults are what the disk can do to the whole program: its own system calls and its shims', the nth of each kind.
var faults = []struct{ calls, failure string }{
	{"fsync", "EIO"},
	{"pwrite64", "ENOSPC"},
	{"rename,renameat,renameat2", "EIO"},
	{"mkdir,mkdirat", "ENOSPC"},
	{"fsync", "ENOSPC"},
	{"pwrite64", "EIO"},
}

// TestADiskThatFailsOnce walks with one system call that fails, at one place after the other. The walk comes to its end or
// is refused in words; whatever ran is in the record, the record holds, and resumed it comes to its end with nothing run
// twice.
func TestADiskThatFailsOnce(t *testing.T) {
	withStrace(t)
	kinds, stride := faults[:4], 4
	if os.Getenv("GATEWALK_LONG") != "" {
		kinds, stride = faults, 1
	}
	if testing.Short() {
		kinds = faults[:1]
	}
	for _, f := range kinds {
		t.Run(f.calls+" "+f.failure, func(t *testing.T) {
			t.Parallel()
			n := 1
			for walksOnFailingDisk(t, f.calls, f.failure, n) {
				n += stride
			}
			t.Logf("failed at every %d of %d places", stride, n-1)
			require.Greater(t, n, 1, "at least the first")
		})
	}
}

// TestTheRecordTellsOfANewFile fails the first thing that a sitting writes down. Nothing is lost of it, and who reads the record learns
// that a disk was not well.
func TestTheRecordTellsOfANewFile(t *testing.T) {
	withStrace(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "walk.md"), "# A disk that fails\n\n1. (`"+thisHost()+"#`) Look.\n\n    ```bash\n    false\n    ```\n")
	write(t, filepath.Join(dir, "answers.yaml"), "gates: confirm\n")
	require.Error(t, gatewalk(dir, "run", "walk.md", "--answers", "answers.yaml", "--unattended", "--no-keeper").Run(), "it stops at what failed")
	write(t, filepath.Join(dir, "answers.yaml"), "on_failure: {default: {accept: looked at by hand}}\n")
	walk := gatewalk(dir, "resume", onlySession(t, dir), "--answers", "answers.yaml", "--unattended", "--no-keeper")
	file := filepath.Join(dir, "state", "gatewalk", "sessions", onlySession(t, dir), "journal.jsonl")
	trace, err := onFailingDisk(dir, walk, "fsync", "EIO", 1, "-P", file)
	require.NoError(t, err, "%s", walk.Stderr)
	require.Contains(t, trace, "(INJECTED)")
	record := logged(t, dir, "export")
	require.Contains(t, record, "the journal goes on in a new file")
	require.Contains(t, record, "looked at by hand")
	require.Contains(t, logged(t, dir, "verify"), "it holds")
}

func withStrace(t *testing.T) {
	if _, err := osexec.LookPath("strace"); err != nil {
		t.Skip("SKIPPED: this machine has no strace, so that no system call is made to fail")
	}
	if out, err := osexec.Command("strace", "-qq", "-e", "trace=none", "true").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: strace cannot be used here (%v): %s", err, out)
	}
}

// onFailingDisk runs a program of which, in each of its threads, the nth such call fails, and answers which calls it made.
func onFailingDisk(dir string, program *osexec.Cmd, calls, failure string, nth int, further ...string) (trace string, err error) {
	log := filepath.Join(dir, "trace")
	args := append([]string{
		"-f", "-qq", "-o", log, "-e", "trace=" + calls, "-e", "signal=none",
		"-e", fmt.Sprintf("inject=%s:error=%s:when=%d", calls, failure, nth),
	}, further...)
	injected := osexec.Command("strace", append(args, program.Args...)...)
	injected.Dir, injected.Env, injected.Stderr = program.Dir, program.Env, program.Stderr
	err = injected.Run()
	said, unread := os.ReadFile(log)
	return string(said), errors.Join(err, unread)
}

// walksOnFailingDisk says whether there was an nth such call.
func walksOnFailingDisk(t *testing.T, calls, failure string, nth int) bool {
	dir := t.TempDir()
	ran := filepath.Join(dir, "ran")
	write(t, filepath.Join(dir, "walk.md"), fourSteps(ran))
	write(t, filepath.Join(dir, "answers.yaml"), "unknown: {default: {done: its line is in the file}}\non_failure: {default: {accept: the disk failed}}\n")
	walk := gatewalk(dir, "run", "walk.md", "--answers", "answers.yaml", "--unattended", "--no-keeper")
	trace, err := onFailingDisk(dir, walk, calls, failure, nth)
	story := fmt.Sprintf("%s %d fails with %s: %v: %s", calls, nth, failure, err, walk.Stderr)
	require.NotRegexp(t, `(?m)^(panic|fatal error|goroutine \d+)`, walk.Stderr.(*strings.Builder).String(), story)
	if err != nil {
		require.Regexp(t, `(?m)^gatewalk: `, walk.Stderr.(*strings.Builder).String(), "it is refused in words: %s", story)
	}
	ranIsRecorded(t, dir, ran, story)
	resumesToItsEnd(t, dir, ran, story)
	return strings.Contains(trace, "(INJECTED)")
}

func fourSteps(ran string) string {
	var b strings.Builder
	b.WriteString("# A disk that fails\n\n")
	for i := range 4 {
		fmt.Fprintf(&b, "1. (`%s#`) Step %d.\n\n    ```bash\n    V%d=%d; echo %d >> %s\n    ```\n\n", thisHost(), i, i, i, i, ran)
	}
	return b.String()
}

var step = regexp.MustCompile(`echo (\d+) >>`)

// ranIsRecorded says that nothing ran that the journal does not start.
func ranIsRecorded(t *testing.T, dir, ran, story string) {
	raw, _ := os.ReadFile(ran)
	if len(raw) == 0 {
		return
	}
	started := map[string]bool{}
	reader, err := journal.OpenReadOnly(filepath.Join(dir, "state", "gatewalk", "sessions", onlySession(t, dir)))
	require.NoError(t, err, story)
	defer reader.Close()
	events, err := reader.Load(t.Context())
	require.NoError(t, err, story)
	for _, e := range events {
		for _, f := range e.Facts {
			if f, ok := f.(steps.Started); ok {
				started[step.FindStringSubmatch(f.Text)[1]] = true
			}
		}
	}
	for line := range strings.FieldsSeq(string(raw)) {
		require.True(t, started[line], "step %s ran and is not in the record: %s", line, story)
	}
}

// resumesToItsEnd goes on with what is left, once the disk is well again.
func resumesToItsEnd(t *testing.T, dir, ran, story string) {
	id := onlySession(t, dir)
	if id == "" {
		require.NoFileExists(t, ran, story)
		return
	}
	if !strings.Contains(logged(t, dir, "export"), "Outcome: **completed") {
		walk := gatewalk(dir, "resume", id, "--answers", "answers.yaml", "--unattended", "--no-keeper")
		require.NoError(t, walk.Run(), "%s: resumed: %s", story, walk.Stderr)
	}
	require.Contains(t, logged(t, dir, "verify"), "it holds", story)
	raw, _ := os.ReadFile(ran)
	seen := map[string]bool{}
	for line := range strings.FieldsSeq(string(raw)) {
		require.False(t, seen[line], "step %s ran twice: %s", line, story)
		seen[line] = true
	}
}
