package journal

import (
	"bytes"
	"context"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// walkerEnv makes the test binary a process that walks a short session.
const walkerEnv = "GATEWALK_JOURNAL_WALKER"

// walkOnce begins a session or goes on with it, and says on its output what was acknowledged. It ends as a session does
// that can go on no longer, with the reason on standard error.
func walkOnce(dir string) int {
	if err := walkShort(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func walkShort(dir string) error {
	j, err := Create(dir)
	if err != nil {
		return err
	}
	defer j.Close()
	if _, err := j.StorePlan([]byte(plan)); err != nil {
		return err
	}
	fmt.Println("plan")
	for _, e := range walk(5) {
		if err := j.Append(context.Background(), e.Seq-1, e.Epoch, e); err != nil {
			return err
		}
		fmt.Println("event")
	}
	if warning := j.Warning(); warning != nil {
		fmt.Fprintln(os.Stderr, warning)
	}
	_, err = j.StoreAttachment("photo.png", strings.NewReader(filler))
	return err
}

// traced is a walk of which the nth of some system calls on files of its session was made to fail.
type traced struct {
	said, complaint string
	err             error
	injected        bool // whether there was such a call
}

func strace(t *testing.T, calls, failure string, nth int, dir string) traced {
	trace := filepath.Join(t.TempDir(), "trace")
	args := []string{"-f", "-qq", "-o", trace, "-e", "trace=" + calls, "-e", fmt.Sprintf("inject=%s:error=%s:when=%d", calls, failure, nth), "-P", filepath.Dir(dir)}
	for _, name := range []string{"", journalFile, lockFile, reserveFile, unfinishedFile, planFile, sources, attempts, attachments, attachments + "/" + unfinishedFile} {
		args = append(args, "-P", filepath.Join(dir, name))
	}
	walker := osexec.CommandContext(t.Context(), "strace", append(args, os.Args[0])...)
	walker.Env = append(os.Environ(), walkerEnv+"="+dir)
	var out, complaint bytes.Buffer
	walker.Stdout, walker.Stderr = &out, &complaint
	err := walker.Run()
	log, failed := os.ReadFile(trace)
	require.NoError(t, failed, complaint.String())
	return traced{out.String(), complaint.String(), err, bytes.Contains(log, []byte("(INJECTED)"))}
}

func needStrace(t *testing.T) {
	if _, err := osexec.LookPath("strace"); err != nil {
		t.Skip("SKIPPED: this machine has no strace, so that no system call is made to fail")
	}
	if out, err := osexec.CommandContext(t.Context(), "strace", "-qq", "-e", "trace=none", "true").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: strace cannot be used here (%v): %s", err, out)
	}
}

// Each system call that a journal makes is made to fail, at every place where it is made: the walk comes to its end, or
// it is refused in words. What was acknowledged is there in any case.
func TestEverySystemCallMayFail(t *testing.T) {
	needStrace(t)
	for _, c := range []struct{ calls, failures string }{
		{"fsync", "EIO ENOSPC"},
		{"pwrite64", "ENOSPC EIO EDQUOT"},
		{"renameat,renameat2", "EIO ENOSPC"},
		{"openat", "EMFILE EIO"},
		{"mkdirat", "ENOSPC EIO"},
		{"ftruncate", "EIO"},
		{"flock", "ENOLCK"},
	} {
		failures := strings.Fields(c.failures)
		if os.Getenv("GATEWALK_LONG") == "" {
			failures = failures[:1]
		}
		for _, failure := range failures {
			t.Run(c.calls+" "+failure, func(t *testing.T) {
				t.Parallel()
				places := 0
				for failsOnce(t, c.calls, failure, places+1) {
					places++
				}
				t.Logf("failed at %d places", places)
				require.NotZero(t, places)
			})
		}
	}
}

// failsOnce lets one call fail and looks at what is left. It answers whether there was such a call.
func failsOnce(t *testing.T, calls, failure string, nth int) bool {
	dir := filepath.Join(t.TempDir(), session)
	walk := strace(t, calls, failure, nth, dir)
	story := fmt.Sprintf("%s %d fails with %s: %s%s", calls, nth, failure, walk.said, walk.complaint)
	require.NotContains(t, walk.complaint, "goroutine ", story)
	if walk.err != nil {
		require.Contains(t, walk.complaint, dir, "it is refused in words: %s", story)
	}
	if walk.said == "" {
		return walk.injected // nobody was told that there is a session
	}
	j, err := Open(dir)
	require.NoError(t, err, story)
	defer j.Close()
	events := load(t, j)
	require.GreaterOrEqual(t, len(events), strings.Count(walk.said, "event"), story)
	for i, e := range events {
		require.EqualValues(t, i+1, e.Seq, story)
	}
	stored, err := j.Plan()
	require.NoError(t, err, story)
	require.Equal(t, plan, string(stored), story)
	return walk.injected
}
