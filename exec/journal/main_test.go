package journal

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

// The test binary is also the process that the crash tests kill, and the one whose system calls fail.
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimEnv); dir != "" {
		os.Exit(appendForever(dir))
	}
	if dir := os.Getenv(walkerEnv); dir != "" {
		os.Exit(walkOnce(dir))
	}
	os.Exit(m.Run())
}

var (
	operator = steps.Actor{Name: "ana", UID: 1000, Via: steps.Terminal}
	noon     = time.Date(2026, 11, 21, 12, 0, 0, 123456789, time.UTC)
)

const session = "rollout-1"

// opening is the first event of a session.
func opening(id string) steps.Event {
	return event(1, steps.Opened{
		Session: id, Source: "rollout.md", Sources: map[string]string{}, Plan: "sha256:", Machine: "console-1", Boot: "boot-1",
		User: "ana", Build: "test",
	})
}

func event(seq uint64, facts ...steps.Fact) steps.Event {
	return steps.Event{Seq: seq, Epoch: 1, At: noon.Add(time.Duration(seq) * time.Second), Mono: time.Duration(seq) * time.Second, Boot: "boot-1", By: operator, Facts: facts}
}

// note is an ordinary event of some length.
func note(seq uint64) steps.Event {
	return event(seq, steps.Noted{Text: fmt.Sprintf("<%d> rebuilt & \"verified\" node ncn-w%03d, see \u2028 %s", seq, seq, filler[:seq*37%uint64(len(filler))])})
}

var filler = fmt.Sprintf("%0400d", 7)

// walk is a session of n events.
func walk(n uint64) []steps.Event {
	events := []steps.Event{opening(session)}
	for seq := uint64(2); seq <= n; seq++ {
		events = append(events, note(seq))
	}
	return events
}

func newSession(t testing.TB) *Journal {
	t.Helper()
	j, err := Create(filepath.Join(t.TempDir(), session))
	require.NoError(t, err)
	t.Cleanup(func() { j.Close() })
	return j
}

func appendAll(t testing.TB, j *Journal, events []steps.Event) {
	t.Helper()
	for _, e := range events {
		require.NoError(t, j.Append(context.Background(), e.Seq-1, e.Epoch, e))
	}
}

// closedSession is the directory of a session of these events that nobody holds.
func closedSession(t testing.TB, events []steps.Event) string {
	t.Helper()
	j := newSession(t)
	appendAll(t, j, events)
	require.NoError(t, j.Close())
	return j.Dir()
}

func reopen(t testing.TB, dir string) *Journal {
	t.Helper()
	j, err := Open(dir)
	require.NoError(t, err)
	t.Cleanup(func() { j.Close() })
	return j
}

func load(t require.TestingT, j interface {
	Load(context.Context) ([]steps.Event, error)
},
) []steps.Event {
	events, err := j.Load(context.Background())
	require.NoError(t, err)
	return events
}
