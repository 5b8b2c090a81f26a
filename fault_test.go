package main

import (
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
	if _, err := osexec.LookPath("strace"); err != nil {
		t.Skip("SKIPPED: this machine has no strace, so that no system call is made to fail")
	}
	if out, err := osexec.Command("strace", "-qq", "-e", "trace=none", "true").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: strace cannot be used here (%v): %s", err, out)
	}
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
			renewed := f.calls != "fsync"
			// Which call is the nth differs from run to run, as strace counts by thread: where none was the journal's, the others follow.
			for first := 1; first == 1 || !renewed && first <= stride; first++ {
				n := first
				for failed := true; failed; n += stride {
					var record string
					record, failed = walksOnFailingDisk(t, f.calls, f.failure, n)
					renewed = renewed || strings.Contains(record, "the journal goes on in a new file")
				}
				t.Logf("failed at every %d of %d places, from %d on", stride, n-1, first)
				require.Greater(t, n, first+stride)
			}
			require.True(t, renewed, "the record tells that the journal goes on in a new file")
		})
	}
}

// walksOnFailingDisk answers what the record says in the end, and whether there was an nth such call.
func walksOnFailingDisk(t *testing.T, calls, failure string, nth int) (record string, failed bool) {
	dir := t.TempDir()
	ran := filepath.Join(dir, "ran")
	write(t, filepath.Join(dir, "walk.md"), fourSteps(ran))
	write(t, filepath.Join(dir, "answers.yaml"), "unknown: {default: {done: its line is in the file}}\non_failure: {default: {accept: the disk failed}}\n")
	walk := gatewalk(dir, "run", "walk.md", "--answers", "answers.yaml", "--unattended", "--no-keeper")
	trace := filepath.Join(dir, "trace")
	injected := osexec.Command("strace", append([]string{
		"-f", "-qq", "-o", trace, "-e", "trace=" + calls, "-e", "signal=none",
		"-e", fmt.Sprintf("inject=%s:error=%s:when=%d", calls, failure, nth),
	}, walk.Args...)...)
	injected.Dir, injected.Env, injected.Stderr = walk.Dir, walk.Env, walk.Stderr
	err := injected.Run()
	story := fmt.Sprintf("%s %d fails with %s: %v: %s", calls, nth, failure, err, walk.Stderr)
	require.NotRegexp(t, `(?m)^(panic|fatal error|goroutine \d+)`, walk.Stderr.(*strings.Builder).String(), story)
	if err != nil {
		require.Regexp(t, `(?m)^gatewalk: `, walk.Stderr.(*strings.Builder).String(), "it is refused in words: %s", story)
	}
	ranIsRecorded(t, dir, ran, story)
	record = resumesToItsEnd(t, dir, ran, story)
	log, err := os.ReadFile(trace)
	require.NoError(t, err)
	return record, strings.Contains(string(log), "(INJECTED)")
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

// resumesToItsEnd goes on with what is left, once the disk is well again, and answers the record.
func resumesToItsEnd(t *testing.T, dir, ran, story string) string {
	id := onlySession(t, dir)
	if id == "" {
		require.NoFileExists(t, ran, story)
		return ""
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
	return logged(t, dir, "export")
}
