package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// asRoot skips, and says so, what only root can set up.
func asRoot(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED: only root can mount a small disk or give a session to another user")
	}
}

// smallDisk is a directory whose sessions lie on a disk of 4 MiB.
func smallDisk(t *testing.T) (dir, state string) {
	asRoot(t)
	dir = t.TempDir()
	state = filepath.Join(dir, "state")
	require.NoError(t, os.Mkdir(state, 0o700))
	if err := syscall.Mount("tmpfs", state, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("SKIPPED: no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(state, syscall.MNT_DETACH)) })
	return dir, state
}

// TestAFullDiskStopsBeforeTheNextCommand fills a small disk under a session. What runs is recorded from the reserve, nothing
// new starts, and after room was made the walk goes on.
func TestAFullDiskStopsBeforeTheNextCommand(t *testing.T) {
	dir, state := smallDisk(t)
	filler := filepath.Join(state, "filler")
	write(t, filepath.Join(dir, "walk.md"), "# A full disk\n\n"+
		"1. (`"+thisHost()+"#`) Fill it.\n\n    ```bash\n    dd if=/dev/zero of="+filler+" bs=64k 2>/dev/null || true\n    ```\n\n"+
		"1. (`"+thisHost()+"#`) Go on.\n\n    ```bash\n    touch "+dir+"/went-on\n    ```\n")
	write(t, filepath.Join(dir, "answers.yaml"), "on_failure: stop\nunknown: {default: {done: the disk was full}}\n")

	walk := gatewalk(dir, "run", "walk.md", "--answers", "answers.yaml", "--unattended")
	require.Error(t, walk.Run())
	said := walk.Stderr.(*strings.Builder).String()
	require.Contains(t, said, "disk is full")
	require.Contains(t, said, "gatewalk resume")
	require.NoFileExists(t, filepath.Join(dir, "went-on"))
	require.Contains(t, logged(t, dir, "export"), "the disk is full: make room, or take the record elsewhere with gatewalk move", "it is in the record")

	require.NoError(t, os.Remove(filler))
	walk = gatewalk(dir, "resume", onlySession(t, dir), "--answers", "answers.yaml", "--unattended")
	require.NoError(t, walk.Run(), "%s", walk.Stderr)
	require.FileExists(t, filepath.Join(dir, "went-on"))
	require.Contains(t, logged(t, dir, "verify"), "it holds")
}

// TestAPollWaitsForRoom fills the disk while a poll waits. No round begins until there is room again; then it goes on by itself.
func TestAPollWaitsForRoom(t *testing.T) {
	dir, state := smallDisk(t)
	rounds, filler := filepath.Join(dir, "rounds"), filepath.Join(state, "filler")
	write(t, filepath.Join(dir, "walk.md"), "# A poll\n\n1. (`"+thisHost()+"#`) Wait for it.\n\n    <!-- gatewalk check=\"^3$\" poll=1s timeout=5m -->\n\n"+
		"    ```bash\n    echo >> "+rounds+"; wc -l < "+rounds+"\n    ```\n")
	write(t, filepath.Join(dir, "answers.yaml"), "polls: true\n")
	walk := gatewalk(dir, "run", "walk.md", "--answers", "answers.yaml", "--unattended")
	require.NoError(t, walk.Start())
	t.Cleanup(func() { _ = walk.Process.Kill() })

	require.Eventually(t, func() bool { return countLines(rounds) > 0 }, time.Minute, 10*time.Millisecond)
	require.Error(t, os.WriteFile(filler, make([]byte, 8<<20), 0o600))
	require.Eventually(t, func() bool { return strings.Contains(journalText(t, dir), "the disk is full") }, time.Minute, 10*time.Millisecond)
	require.Less(t, countLines(rounds), 3)
	require.NoError(t, os.Remove(filler))
	require.NoError(t, walk.Wait(), "%s", walk.Stderr)
	require.Equal(t, 3, countLines(rounds))
	require.Contains(t, journalText(t, dir), "there is room on the disk again")
}

func countLines(file string) int {
	raw, _ := os.ReadFile(file)
	return strings.Count(string(raw), "\n")
}

func journalText(t *testing.T, dir string) string {
	raw, err := os.ReadFile(filepath.Join(dir, "state", "gatewalk", "sessions", onlySession(t, dir), "journal.jsonl"))
	require.NoError(t, err)
	return string(raw)
}

// logged is what a verb prints of the only session.
func logged(t *testing.T, dir, verb string) string {
	c := gatewalk(dir, verb, onlySession(t, dir))
	var out strings.Builder
	c.Stdout = &out
	require.NoError(t, c.Run(), "%s", c.Stderr)
	return out.String()
}

// TestASessionOfAnotherUserIsLeftAlone: it is in the list with its reason, and cannot be resumed.
func TestASessionOfAnotherUserIsLeftAlone(t *testing.T) {
	asRoot(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "walk.md"), "# A walk\n\n1. (`"+thisHost()+"#`) Look.\n\n    ```bash\n    true\n    ```\n")
	write(t, filepath.Join(dir, "answers.yaml"), "gates: confirm\n")
	require.NoError(t, gatewalk(dir, "run", "walk.md", "--answers", "answers.yaml", "--unattended").Run())
	id := onlySession(t, dir)
	require.NoError(t, os.Chown(filepath.Join(dir, "state", "gatewalk", "sessions", id), 65534, 65534))

	resume := gatewalk(dir, "resume", id, "--plain")
	require.Error(t, resume.Run())
	require.Contains(t, resume.Stderr.(*strings.Builder).String(), "belongs to user 65534, you are user 0")
	require.NoError(t, gatewalk(dir, "resume").Run(), "the list itself is not lost")
}

// thisHost is this machine's name as a procedure would write it.
func thisHost() string {
	host, _ := os.Hostname()
	short, _, _ := strings.Cut(host, ".")
	return short
}
