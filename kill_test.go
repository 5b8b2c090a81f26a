package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/steps"
)

// hang is how long nothing may take that waits for nobody. (A busy machine is given more time where the counts are not the point.)
func hang() time.Duration {
	if longForm() {
		return 5 * time.Second
	}
	return 30 * time.Second
}

// longForm says that the long form of a test is wanted; the default form takes seconds.
func longForm() bool { return os.Getenv("GATEWALK_LONG") != "" }

// Who is killed.
const (
	theScreen = "screen"
	theKeeper = "keeper"
	both      = "screen and keeper"
)

// TestKilledAtAnyMoment kills the screen and the keeper of a walk over and over, resumes it, and counts: nothing that a screen was
// told is lost, not a byte of output is, nothing runs twice, nothing hangs. A step that was about to start when its keeper was killed
// has certainly not run, or it goes on by itself and is found.
func TestKilledAtAnyMoment(t *testing.T) {
	wanted := 4
	switch {
	case longForm():
		wanted = 100
	case testing.Short():
		wanted = 2
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	k := &killing{t: t, random: rand.New(rand.NewPCG(seed, 0)), kills: map[string]int{}}
	walks := 0
	for ; k.kills[theScreen] < wanted || k.kills[theKeeper] < wanted || k.kills[both] < wanted/2; walks++ {
		k.walk()
	}
	t.Logf("%d walks, killed %v, the longest that anything took was %v", walks, k.kills, k.longest.Round(time.Millisecond))
}

// killing is walks that are killed.
type killing struct {
	t       *testing.T
	random  *rand.Rand
	kills   map[string]int
	longest time.Duration

	dir  string
	told bytes.Buffer // what was on the screens of one walk
}

// killedSteps is how many steps a walk has.
const killedSteps = 8

// walk walks once, killed at random moments until it comes to its end.
func (k *killing) walk() {
	k.dir = k.t.TempDir()
	k.told.Reset()
	write(k.t, filepath.Join(k.dir, "walk.md"), killedRunbook(k.dir))
	write(k.t, filepath.Join(k.dir, "answers.yaml"), "by_hand: passed\nunknown: {default: {done: its line is in the file}}\ngates: confirm\n")
	args := []string{"run", "walk.md"}
	for round := 0; !k.sitting(round, args); round++ {
		require.Less(k.t, round, 200, "the walk never comes to its end")
		if id := k.begun(); id != "" {
			args = []string{"resume", id}
		}
	}
	k.count()
}

// sitting walks until it is killed, and answers whether the walk came to its end before.
func (k *killing) sitting(round int, args []string) bool {
	walk := gatewalk(k.dir, append(args, "--answers", "answers.yaml", "--unattended")...)
	said := &bytes.Buffer{}
	walk.Stdout, walk.Stderr = said, &words{}
	require.NoError(k.t, walk.Start())
	ended := make(chan error, 1)
	go func() { ended <- walk.Wait() }()
	var err error
	select {
	case err = <-ended:
		require.NoError(k.t, err, "%s", walk.Stderr)
	case <-time.After(time.Duration(20+k.random.IntN(300+50*round)) * time.Millisecond): // a slow machine gets further in the end
		err = k.kill(walk, ended)
	}
	k.told.Write(said.Bytes())
	return err == nil
}

// kill kills somebody, and waits for the screen to end: by itself where its keeper is gone. One that was not attached yet has lost
// nothing; it gets another keeper and walks on.
func (k *killing) kill(walk *osexec.Cmd, ended <-chan error) error {
	who := []string{theScreen, theKeeper, both}[k.random.IntN(3)]
	pid := k.keeper(walk.Process.Pid)
	if pid == 0 {
		who = theScreen
	}
	if who != theScreen {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended just now
	}
	patience := hang()
	if who != theKeeper {
		_ = walk.Process.Kill()
	} else if !strings.Contains(walk.Stderr.(*words).String(), fmt.Sprintf("process %d keeps", pid)) {
		patience = wholeWalk
	}
	k.kills[who]++
	began := time.Now()
	select {
	case err := <-ended:
		if patience != wholeWalk {
			k.took(began)
		}
		return err
	case <-time.After(patience):
		_ = walk.Process.Signal(syscall.SIGQUIT) // it says where it hangs
		<-ended
		require.Fail(k.t, "the screen hangs", "after %s was killed: %s", who, walk.Stderr)
		return nil
	}
}

// wholeWalk is more than a walk from its beginning to its end takes on a busy machine.
const wholeWalk = 3 * time.Minute

func (k *killing) took(began time.Time) { k.longest = max(k.longest, time.Since(began)) }

// keeper is the process that keeps the session, 0 if none does.
func (k *killing) keeper(screen int) int {
	for _, entry := range k.sessions() {
		if entry.Holder != nil && entry.Holder.PID != screen {
			return entry.Holder.PID
		}
	}
	return 0
}

func (k *killing) sessions() []journal.Entry {
	found, err := journal.List(filepath.Join(k.dir, "state", "gatewalk", "sessions"))
	require.NoError(k.t, err)
	return found
}

// begun is the id of the session that was begun, "" if none was. A keeper that was told to begin one may still be at it.
func (k *killing) begun() string {
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if id := onlySession(k.t, k.dir); id != "" {
			return id
		}
		if k.keeper(0) == 0 {
			return onlySession(k.t, k.dir)
		}
		require.Less(k.t, time.Since(began), hang(), "a keeper that was told nothing stays")
	}
}

var attempt = regexp.MustCompile(`(?m)^started at .*: attempt (\d+) on`)

// count compares what the record says with what the screens were told and what the commands themselves wrote.
func (k *killing) count() {
	reader, err := journal.OpenReadOnly(filepath.Join(k.dir, "state", "gatewalk", "sessions", onlySession(k.t, k.dir)))
	require.NoError(k.t, err)
	defer reader.Close()
	plan, events, err := session.Load(reader)
	require.NoError(k.t, err)
	state := steps.Replay(plan, events)
	require.Equal(k.t, "completed", state.Closed().Outcome)
	for _, told := range attempt.FindAllStringSubmatch(k.told.String(), -1) {
		id, err := strconv.ParseUint(told[1], 10, 64)
		require.NoError(k.t, err)
		require.NotNil(k.t, state.Attempt(id), "a screen was told of attempt %d, and the record does not know it", id)
	}
	ended := 0
	for _, event := range events {
		if a := state.Attempt(event.Seq); a != nil && a.End != nil && a.End.Error == "" {
			ended++
			k.compare(reader, a)
		}
	}
	require.Equal(k.t, killedSteps, ended, "every step ran to its end, once")
	report, err := journal.Verify(reader.Dir())
	require.NoError(k.t, err)
	require.True(k.t, report.Holds(), "%v", report.Problems)
}

// compare holds the record of an attempt's output against what the command itself wrote to a file.
func (k *killing) compare(reader *journal.Reader, a *steps.Attempt) {
	out, err := reader.Output(a.ID)
	require.NoError(k.t, err)
	defer out.Close()
	recorded, err := io.ReadAll(out)
	require.NoError(k.t, err)
	own, err := os.ReadFile(filepath.Join(k.dir, "own-"+strings.Fields(a.Started.Commands[0])[1]))
	require.NoError(k.t, err)
	require.Equal(k.t, string(own), strings.ReplaceAll(string(recorded), "\r\n", "\n"), "attempt %d", a.ID)
}

// killedRunbook has steps that take a while, print a lot, and would show that they had run twice.
func killedRunbook(dir string) string {
	var b strings.Builder
	b.WriteString("# A walk that is killed\n\n")
	for i := range killedSteps {
		fmt.Fprintf(&b, "1. (`%s#`) Step %d.\n\n    ```bash\n    true %[2]d; for i in 1 2 3 4 5 6; do seq -f \"step %[2]d, piece $i, line %%g\" 200; sleep 0.01; done | tee -a %[3]s\n    ```\n\n",
			thisHost(), i, filepath.Join(dir, fmt.Sprintf("own-%d", i)))
	}
	return b.String()
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

// words are what a process says, to be read while it goes on.
type words struct {
	mu   sync.Mutex
	said strings.Builder
}

func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.Write(p)
}

func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said.String()
}

func write(t *testing.T, name, text string) {
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
}
