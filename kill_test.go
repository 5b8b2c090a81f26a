package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestKilledAtAnyMoment kills a walk over and over, resumes it, and counts what ran: nothing twice, nothing lost, no hang.
// What nobody saw end is resolved by the answers file as done; so a step may have run once or, if it was resolved so without
// having begun, not at all. It never runs twice.
func TestKilledAtAnyMoment(t *testing.T) {
	walks := 6
	if testing.Short() {
		walks = 2
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	kills := 0
	for range walks {
		kills += killedWalk(t, random)
	}
	t.Logf("%d walks, killed %d times", walks, kills)
	require.NotZero(t, kills)
}

// killedWalk walks once, killed at random moments until it comes to its end, and answers how often it was killed.
func killedWalk(t *testing.T, random *rand.Rand) int {
	dir := t.TempDir()
	ran := filepath.Join(dir, "ran")
	write(t, filepath.Join(dir, "walk.md"), killedRunbook(ran))
	write(t, filepath.Join(dir, "answers.yaml"), "by_hand: passed\nunknown: {default: {done: its line is in the file}}\ngates: confirm\n")
	args := []string{"run", "walk.md"}
	for kills := 0; ; kills++ {
		require.Less(t, kills, 200, "the walk never comes to its end")
		walk := gatewalk(dir, append(args, "--answers", "answers.yaml", "--unattended")...)
		ended := make(chan error, 1)
		require.NoError(t, walk.Start())
		go func() { ended <- walk.Wait() }()
		select {
		case err := <-ended:
			require.NoError(t, err, "%s", walk.Stderr)
			ranAtMostOnce(t, ran)
			return kills
		case <-time.After(time.Duration(20+random.IntN(300+50*kills)) * time.Millisecond): // a slow machine gets further in the end
			if err := walk.Process.Kill(); err != nil {
				require.ErrorIs(t, err, os.ErrProcessDone)
			}
			if err := <-ended; err == nil {
				ranAtMostOnce(t, ran)
				return kills
			}
		}
		if id := onlySession(t, dir); id != "" {
			args = []string{"resume", id}
		}
	}
}

func killedRunbook(ran string) string {
	var b strings.Builder
	b.WriteString("# A walk that is killed\n\n")
	for i := range 8 {
		fmt.Fprintf(&b, "1. (`%s#`) Step %d.\n\n    ```bash\n    echo %d >> %s\n    sleep 0.05\n    ```\n\n", thisHost(), i, i, ran)
	}
	return b.String()
}

func ranAtMostOnce(t *testing.T, ran string) {
	raw, err := os.ReadFile(ran)
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, line := range strings.Fields(string(raw)) {
		require.False(t, seen[line], "step %s ran twice", line)
		seen[line] = true
	}
}

// onlySession is the id of the session that was begun, "" while its journal has no line.
func onlySession(t *testing.T, dir string) string {
	root := filepath.Join(dir, "state", "gatewalk", "sessions")
	found, _ := os.ReadDir(root)
	for _, f := range found {
		if info, err := os.Stat(filepath.Join(root, f.Name(), "journal.jsonl")); err == nil && info.Size() > 0 {
			return f.Name()
		}
	}
	return ""
}

// gatewalk is this program as a process of its own.
func gatewalk(dir string, args ...string) *osexec.Cmd {
	c := osexec.Command(os.Args[0], args...)
	c.Dir = dir
	c.Env = append(os.Environ(), asGatewalk+"=1", "GATEWALK_LINGER=0s", "XDG_STATE_HOME="+filepath.Join(dir, "state"))
	c.Stderr = &strings.Builder{}
	return c
}

func write(t *testing.T, name, text string) {
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
}
