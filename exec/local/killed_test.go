package local_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/local"
)

// hang is how long nothing may take after a kill. (A busy machine is given more time where the counts are not the point.)
func hang() time.Duration {
	if long() {
		return 5 * time.Second
	}
	return exectest.Patience
}

// kills is how many processes are killed, each at a random moment.
func kills() int {
	if long() {
		return 1000
	}
	return 100
}

// moments are random ones, the same again for the same seed.
type moments struct {
	mutex  sync.Mutex
	random *rand.Rand
}

func newMoments(t *testing.T) *moments {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return &moments{random: rand.New(rand.NewPCG(seed, 7))}
}

func (m *moments) next(within time.Duration) time.Duration {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return time.Duration(m.random.Int64N(int64(within)))
}

// inTurn does something so many times, a few at a time.
func inTurn(times int, do func(i int)) {
	const atOnce = 4
	var all sync.WaitGroup
	defer all.Wait()
	turns := make(chan struct{}, atOnce)
	for i := range times {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			do(i)
		})
	}
}

// TestAShimIsKilledAtAnyMoment: what becomes of the attempt is known or said to be unknown, nothing that was recorded is lost and no
// more is missing than the terminal held, nothing runs twice, and nobody waits.
func TestAShimIsKilledAtAnyMoment(t *testing.T) {
	notForRaces(t, "it counts kills")
	when := newMoments(t)
	var mutex sync.Mutex
	fates := map[exec.State]int{}
	inTurn(kills(), func(int) {
		k := killedShim{t: t, session: newSession(t, local.Options{}), side: filepath.Join(t.TempDir(), "side")}
		fate := k.story(when.next(60 * time.Millisecond))
		mutex.Lock()
		defer mutex.Unlock()
		fates[fate]++
	})
	t.Logf("what became of them: %v", fates)
	require.Equal(t, kills(), fates[exec.Lost]+fates[exec.Absent]+fates[exec.Done])
}

type killedShim struct {
	session
	t    *testing.T
	side string // where the command itself writes down what it has printed
}

// countedLine is what the command prints as its line of this number.
func countedLine(number int) string {
	return fmt.Sprintf("line %d %s\r\n", number, strings.Repeat("x", 500))
}

func (k killedShim) story(moment time.Duration) exec.State {
	launch := exec.Launch{Attempt: 1, Commands: []string{
		"echo started >>" + k.side,
		fmt.Sprintf("for ((i = 0; i < 400; i++)); do echo \"line $i %s\" && echo $i >>%s || break; done", strings.Repeat("x", 500), k.side),
	}}
	launched := make(chan error, 1)
	go func() { launched <- k.Runner.Launch(context.Background(), launch) }()
	if shim, found := k.awaitShim(); found {
		time.Sleep(moment)
		killOne(shim)
	}
	began := time.Now()
	failed := <-launched

	other := local.New(k.dir, local.Options{})
	ctx, cancel := context.WithTimeout(context.Background(), hang())
	defer cancel()
	seen := other.Probe(1)
	if seen.State != exec.Absent {
		if err := other.Follow(ctx, 1, 0, nobody{}); err != nil {
			k.t.Errorf("following: %v", err)
		}
		seen = other.Probe(1)
	}
	if took := time.Since(began); took > hang() {
		k.t.Errorf("it took %v to find out what became of it", took)
	}
	again := other.Launch(context.Background(), launch)
	if absent := seen.State == exec.Absent; absent != (failed != nil) || absent != (again != nil) {
		k.t.Errorf("it is %s, but the launch said %v, and the next %v", seen.State, failed, again)
	}
	k.compare(seen)
	return seen.State
}

// killOne kills one process and never several: to kill(2), 0 and what is less are groups, or everybody.
func killOne(pid int) {
	if pid > 1 {
		_ = unix.Kill(pid, unix.SIGKILL)
	}
}

// awaitShim finds the shim before anything else can tell of it, unless it has ended first.
func (k killedShim) awaitShim() (pid int, found bool) {
	for began := time.Now(); time.Since(began) < exectest.Patience; {
		if pid, found := k.findShim(); found {
			return pid, true
		}
		if _, err := os.Stat(k.file("1", "exit")); err == nil {
			return 0, false
		}
	}
	k.t.Error("no shim came up")
	return 0, false
}

// findShim looks for the shim of attempt 1 in the table of processes.
func (s session) findShim() (pid int, found bool) {
	folder := filepath.Dir(s.file("1", "cmd"))
	for _, path := range globbed("/proc/[0-9]*/cmdline") {
		if text, err := os.ReadFile(path); err == nil && bytes.Contains(text, []byte("\x00"+folder+"\x00")) {
			_, err := fmt.Sscanf(path, "/proc/%d/", &pid)
			return pid, err == nil
		}
	}
	return 0, false
}

func globbed(pattern string) []string {
	paths, _ := filepath.Glob(pattern)
	return paths
}

// What a terminal of Linux holds at most before anybody reads it, and hands over at once (tty_buffer.c and n_tty.c), in bytes.
const (
	terminalHolds = 64*1024 + 4*1024
	oneRead       = 4 * 1024
)

// compare holds what is on record against what the command itself has written down.
func (k killedShim) compare(seen exec.Observation) {
	own, _ := os.ReadFile(k.side)
	if strings.Count(string(own), "started\n") > 1 || seen.State == exec.Absent && len(own) > 0 {
		k.t.Errorf("%s, and the command says %q", seen.State, own)
	}
	out, _ := os.ReadFile(k.file("1", "out"))
	printed := max(0, strings.Count(string(own), "\n")-1)
	var want strings.Builder
	for number := range printed + 1 { // the last may have been printed and not been written down
		want.WriteString(countedLine(number))
	}
	if !strings.HasPrefix(want.String(), string(out)) {
		k.t.Errorf("recorded is what was not printed, or not in order, at the end of %q", out)
	}
	missing := want.Len() - len(countedLine(printed)) - len(out)
	if missing > terminalHolds+oneRead {
		k.t.Errorf("%d bytes are missing, and a terminal holds %d at most", missing, terminalHolds)
	}
	if seen.State == exec.Done && missing > 0 {
		k.t.Errorf("it is done, and %d bytes are missing", missing)
	}
}

// TestALauncherIsKilledAtAnyMoment: its command goes on or was never started, and another process follows it and types into it.
func TestALauncherIsKilledAtAnyMoment(t *testing.T) {
	notForRaces(t, "it counts kills")
	when := newMoments(t)
	var mutex sync.Mutex
	fates := map[exec.State]int{}
	inTurn(kills(), func(i int) {
		s := newSession(t, local.Options{})
		fate := killedLauncher{t: t, session: s, side: filepath.Join(t.TempDir(), "side")}.story(i%2 == 0, when)
		mutex.Lock()
		defer mutex.Unlock()
		fates[fate]++
	})
	t.Logf("what became of them: %v", fates)
	require.Equal(t, kills(), fates[exec.Running]+fates[exec.Absent])
}

type killedLauncher struct {
	session
	t    *testing.T
	side string
}

// story kills the launcher while it launches, or some time after.
func (k killedLauncher) story(early bool, when *moments) exec.State {
	const lines = 300
	loop := fmt.Sprintf("for i in {1..%d}; do echo %%s $i; done", lines)
	commands := []string{
		"stty -echo; echo started >>" + k.side, fmt.Sprintf(loop, "before"), `read -r go; echo "<$go>"`, fmt.Sprintf(loop, "after"), "(exit 5)",
	}
	if early {
		parent := k.spawn(commands)
		time.Sleep(when.next(80 * time.Millisecond))
		kill(k.t, parent)
	} else {
		parent := startParent(k.session, commands)
		time.Sleep(when.next(40 * time.Millisecond))
		kill(k.t, parent)
	}
	fate := k.Runner.Probe(1).State
	if fate == exec.Absent {
		k.neverRuns()
		return fate
	}
	sink, ended := exectest.NewRecorder(0), make(chan error, 1)
	go func() { ended <- k.Runner.Follow(context.Background(), 1, 0, sink) }()
	for began := time.Now(); !strings.Contains(sink.Text(), "before 1\n") && time.Since(began) < exectest.Patience; {
		time.Sleep(time.Millisecond) // until then the terminal shows what is typed, letter by letter among what is printed
	}
	if err := k.Runner.Control(1, exec.Stdin{Bytes: []byte("go\r")}); err != nil {
		k.t.Error(err)
	}
	select {
	case err := <-ended:
		k.compare(err, sink, lines)
	case <-time.After(exectest.Patience):
		k.t.Errorf("it hangs, after %q", sink.Text())
	}
	return fate
}

// neverRuns waits until a shim that was still coming up has given up.
func (k killedLauncher) neverRuns() {
	for began := time.Now(); time.Since(began) < hang(); {
		if _, found := k.findShim(); !found {
			break
		}
	}
	if _, err := os.Stat(k.side); err == nil {
		k.t.Error("said to be absent, and it has run")
	}
}

// spawn starts a launcher and does not wait for it.
func (k killedLauncher) spawn(commands []string) *osexec.Cmd {
	executable, err := os.Executable()
	if err != nil {
		panic(err)
	}
	parent := osexec.Command(executable, parentWord, k.dir, strings.Join(commands, "\x1e"))
	if err := parent.Start(); err != nil {
		panic(err)
	}
	return parent
}

func (k killedLauncher) compare(failed error, sink *exectest.Recorder, lines int) {
	var before, after strings.Builder
	for i := 1; i <= lines; i++ {
		fmt.Fprintf(&before, "before %d\n", i)
		fmt.Fprintf(&after, "after %d\n", i)
	}
	if want := before.String() + "<go>\n" + after.String(); failed != nil || sink.Text() != want {
		k.t.Errorf("%v: it printed %q", failed, sink.Text())
	}
	if own, _ := os.ReadFile(k.side); string(own) != "started\n" {
		k.t.Errorf("it says that it was started so often: %q", own)
	}
	if seen := k.Runner.Probe(1); seen.End == nil || seen.End.Code != 5 || seen.End.Digest != digestOf(sink.Bytes()) {
		k.t.Errorf("%+v", seen)
	}
}
