package keeper_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/journal"
	"gatewalk/exec/keeper"
	"gatewalk/exec/session"
	"gatewalk/exec/socket"
	"gatewalk/runbook"
	"gatewalk/steps"
)

func plan() *runbook.Plan {
	p := &runbook.Plan{Source: "walk.md", Title: "A walk"}
	for i, text := range []string{"A=1", "long", "echo \"$B\""} {
		p.Blocks = append(p.Blocks, runbook.Block{
			ID: text, Line: i + 1, Kind: runbook.Command, Text: text, Commands: []string{text}, Host: "here", Gate: runbook.NoGate,
		})
		p.Root = append(p.Root, runbook.Item{Kind: runbook.BlockItem, Index: i})
	}
	p.Blocks[2].Reads = []string{"B"}
	return p
}

func at(block string) steps.Place { return steps.Place{Block: block} }

// house is a session's directory and what keeps it: a keeper in this process, over a scripted runner.
type house struct {
	t       testing.TB
	dir     string
	runner  *exectest.Scripted
	options keeper.Options
	stop    context.CancelFunc
	ended   chan error
	pipes   bool // who attaches is stamped as the system knows them: this test has no terminal
}

// waits lets "long" run until it is told to end.
func waits(l exec.Launch) exectest.Answer { return exectest.Answer{Waits: l.Commands[0] == "long"} }

// newHouse is a session's directory with an empty journal in it.
func newHouse(t testing.TB) *house {
	h := &house{t: t, dir: filepath.Join(t.TempDir(), "s1")}
	h.runner = exectest.NewScripted(waits)
	held, err := journal.Create(h.dir)
	require.NoError(t, err)
	require.NoError(t, held.Close())
	h.options = keeper.Options{How: keeper.BySetsid, Open: h.open, Stamp: h.stamp}
	t.Cleanup(h.end)
	return h
}

func (h *house) make(string, steps.Opened) (exec.Runner, error) { return h.runner, nil }

func (h *house) open(held *journal.Journal, order keeper.Order, o session.Options) (*session.Session, error) {
	o.Machine, o.Boot, o.Build, o.Unattended = "here", "b1", "test", order.Unattended
	if order.Plan == nil {
		return session.Reopen(held, h.make, o)
	}
	return session.Begin(held, order.Plan, order.Source, h.make, o)
}

func (h *house) stamp(_ socket.Peer, hello keeper.Hello) steps.Actor {
	return steps.Actor{Name: "ada", UID: os.Getuid(), Via: steps.Terminal}
}

// serve starts the keeper.
func (h *house) serve() *house {
	h.t.Helper()
	if h.pipes {
		h.options.Stamp = nil
	}
	ctx, stop := context.WithCancel(context.Background())
	server, err := keeper.Listen(ctx, h.dir, h.options)
	require.NoError(h.t, err)
	h.stop, h.ended = stop, make(chan error, 1)
	go func() { h.ended <- server.Run(ctx) }()
	return h
}

// end has the keeper go, if one is there.
func (h *house) end() {
	if h.stop != nil {
		h.stop()
		require.NoError(h.t, h.waitEnd())
	}
}

func (h *house) waitEnd() error {
	h.t.Helper()
	select {
	case err := <-h.ended:
		h.stop()
		h.stop = nil
		return err
	case <-time.After(time.Minute):
		require.Fail(h.t, "the keeper does not end")
		return nil
	}
}

func begin() keeper.Order {
	return keeper.Order{Plan: plan(), Source: []byte("# A walk\n"), Linger: keeper.DefaultLinger}
}

// attach is one more screen, on a terminal.
func (h *house) attach(terminal string, order keeper.Order) *screen {
	h.t.Helper()
	client, err := keeper.Attach(context.Background(), h.dir, terminal, order)
	require.NoError(h.t, err)
	h.t.Cleanup(func() { client.Close() })
	return &screen{client, h.t}
}

// screen is a client as a test uses it.
type screen struct {
	*keeper.Client
	t testing.TB
}

func (s *screen) state() steps.State {
	events, _ := s.Facts(0)
	return steps.Replay(s.Plan(), events)
}

func (s *screen) must(in steps.Input) {
	s.t.Helper()
	require.NoError(s.t, s.Do(in, s.state().Seq()))
}

func (s *screen) refused(in steps.Input) steps.Refusal {
	s.t.Helper()
	var refusal *steps.Refusal
	require.ErrorAs(s.t, s.Do(in, s.state().Seq()), &refusal)
	return *refusal
}

// until waits for a state.
func (s *screen) until(holds func(steps.State) bool) steps.State {
	s.t.Helper()
	exectest.Until(s.t, s, func() bool { return holds(s.state()) })
	return s.state()
}

func (s *screen) drivenBy(label string) {
	s.t.Helper()
	s.until(func(state steps.State) bool { return state.Driver() == label })
}

// prints puts output into the spool of an attempt and tells of it, as a runner does.
func (h *house) prints(attempt uint64, output string) {
	dir := filepath.Join(h.dir, "attempts", strconv.FormatUint(attempt, 10))
	require.NoError(h.t, os.MkdirAll(dir, 0o700))
	file, err := os.OpenFile(filepath.Join(dir, "out"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	require.NoError(h.t, err)
	_, err = file.WriteString(output)
	require.NoError(h.t, err)
	require.NoError(h.t, file.Close())
	h.runner.Print(attempt, output)
}

// reads is the output of an attempt between two offsets.
func (s *screen) reads(attempt uint64, from, to int64) string {
	s.t.Helper()
	var read []byte
	deadline := time.After(time.Minute)
	for from+int64(len(read)) < to {
		piece, news, err := s.Output(attempt, from+int64(len(read)))
		require.NoError(s.t, err)
		read = append(read, piece...)
		select {
		case <-news:
		case <-deadline:
			require.Fail(s.t, "the output never came")
		}
	}
	return string(read)
}

func (s *screen) hides(attempt uint64) {
	s.t.Helper()
	deadline := time.After(time.Minute)
	for s.Echo(attempt) {
		select {
		case <-deadline:
			require.Fail(s.t, "the echo never went off")
		case <-time.After(time.Millisecond):
		}
	}
}

func (h *house) recorded() []steps.Event {
	reader, err := journal.OpenReadOnly(h.dir)
	require.NoError(h.t, err)
	defer reader.Close()
	events, err := reader.Load(context.Background())
	require.NoError(h.t, err)
	return events
}

// sized waits until an attempt has a size.
func (h *house) sized(attempt uint64, size exec.Size) {
	h.t.Helper()
	require.Eventually(h.t, func() bool {
		for _, control := range h.runner.Controls(attempt) {
			if control == exec.Control(exec.Resize{Size: size}) {
				return true
			}
		}
		return false
	}, time.Minute, time.Millisecond)
}

func raw(t testing.TB, v any) []byte {
	line, err := json.Marshal(v)
	require.NoError(t, err)
	return append(line, '\n')
}
