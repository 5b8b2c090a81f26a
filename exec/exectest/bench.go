package exectest

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
)

// Patience is how long a test waits for what must come. It only runs out when something is broken.
const Patience = 2 * time.Minute

// Bench drives one Runner in a test: it numbers attempts, waits for what must come, and fails the test when it does not.
type Bench struct {
	*testing.T
	Runner exec.Runner
	last   uint64
}

// Next is the number of an attempt that was not used yet.
func (b *Bench) Next() uint64 {
	b.last++
	return b.last
}

// Do runs commands in a fresh context to their end.
func (b *Bench) Do(commands ...string) Result {
	b.Helper()
	return b.Finish(exec.Launch{Commands: commands})
}

// After runs commands in the context that an earlier attempt has left.
func (b *Bench) After(earlier Result, commands ...string) Result {
	b.Helper()
	require.NotEmpty(b, earlier.Context, "the earlier attempt left no context: %s", earlier.Warning)
	return b.Finish(exec.Launch{Commands: commands, Context: earlier.Context})
}

// Finish launches and waits for the end.
func (b *Bench) Finish(launch exec.Launch) Result {
	b.Helper()
	return b.Start(launch).Wait()
}

// Start launches and follows. An attempt without a number gets the next one.
func (b *Bench) Start(launch exec.Launch) *Running {
	b.Helper()
	if launch.Attempt == 0 {
		launch.Attempt = b.Next()
	}
	require.NoError(b, b.Runner.Launch(b.Context(), launch))
	return b.Follow(launch.Attempt, 0)
}

// Follow takes up the output of an attempt from an offset on.
func (b *Bench) Follow(attempt uint64, from int64) *Running {
	running := &Running{Recorder: NewRecorder(from), Attempt: attempt, bench: b, ended: make(chan error, 1)}
	go func() { running.ended <- b.Runner.Follow(b.Context(), attempt, from, running.Recorder) }()
	return running
}

// Running is an attempt that is being followed.
type Running struct {
	*Recorder
	Attempt uint64
	bench   *Bench
	ended   chan error
}

// Result is an attempt that has ended.
type Result struct {
	exec.End
	Attempt uint64
	Text    string // its output, with a terminal's line ends made plain
	Raw     []byte
}

// Wait waits for the end and for all the output before it.
func (r *Running) Wait() Result {
	r.bench.Helper()
	r.WaitGone()
	seen := r.bench.Runner.Probe(r.Attempt)
	require.Equal(r.bench, exec.Done, seen.State, "after Follow has returned, Probe has the result: %s", seen.Evidence)
	require.NotNil(r.bench, seen.End)
	return Result{End: *seen.End, Attempt: r.Attempt, Text: r.Text(), Raw: r.Bytes()}
}

// WaitGone waits until nothing more can come, whatever became of the attempt.
func (r *Running) WaitGone() {
	r.bench.Helper()
	select {
	case err := <-r.ended:
		require.NoError(r.bench, err)
		require.Empty(r.bench, r.Problem())
	case <-time.After(Patience):
		require.FailNow(r.bench, "the attempt did not end", "so far it printed: %q", r.Text())
	}
}

// Await waits until the output holds a text.
func (r *Running) Await(text string) {
	r.bench.Helper()
	r.until("the output holds "+text, func() bool { return strings.Contains(r.Text(), text) })
}

// AwaitEcho waits until the latest change of echo is this one.
func (r *Running) AwaitEcho(on bool) {
	r.bench.Helper()
	r.until("the echo changes", func() bool {
		echoes := r.Echoes()
		return len(echoes) > 0 && echoes[len(echoes)-1] == on
	})
}

func (r *Running) until(what string, holds func() bool) {
	r.bench.Helper()
	deadline := time.After(Patience)
	for {
		changed := r.Changed()
		if holds() {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			require.FailNow(r.bench, "waited in vain until "+what, "so far it printed: %q", r.Text())
		}
	}
}

// Type sends keys to the attempt.
func (r *Running) Type(keys string) {
	r.bench.Helper()
	require.NoError(r.bench, r.bench.Runner.Control(r.Attempt, exec.Stdin{Bytes: []byte(keys)}))
}
