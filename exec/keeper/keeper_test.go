package keeper_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
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
	case <-time.After(20 * time.Second):
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

// until waits for a state; the test fails by its own deadline, not by luck.
func (s *screen) until(holds func(steps.State) bool) steps.State {
	s.t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		_, news := s.Facts(1 << 40)
		if state := s.state(); holds(state) {
			return state
		}
		select {
		case <-news:
		case <-deadline:
			require.Fail(s.t, "the session never came to it")
		}
	}
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

func TestAWalkThroughTheSocket(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	require.Equal(t, plan().Title, a.Plan().Title)
	require.Equal(t, "ada at pts/3", a.state().Driver())
	require.Equal(t, "setsid; logging out does not end it", a.state().Opened().Keeper)

	a.must(steps.Run{Place: at("A=1")})
	require.NotZero(t, a.state().Spot(at("A=1")).Last, "what came of an input is here when it is answered")
	a.until(func(s steps.State) bool { return s.Spot(at("A=1")).Status == steps.StatusDone })

	a.must(steps.Run{Place: at("long")})
	id := a.state().Running()[0]
	h.prints(id, "one\n")
	require.Equal(t, "one\n", a.reads(id, 0, 4))
	h.prints(id, "two\n")
	require.Equal(t, "two\n", a.reads(id, 4, 8))

	require.NoError(t, a.Type(id, []byte("y\xff\n")))
	require.Contains(t, h.runner.Controls(id), exec.Control(exec.Stdin{Bytes: []byte("y\xff\n")}))
	h.runner.SetEcho(id, false)
	a.hides(id)
	a.Resize(100, 30)
	require.Contains(t, h.runner.Controls(id), exec.Control(exec.Resize{Size: exec.Size{Columns: 100, Rows: 30}}))

	h.runner.Finish(id, exectest.Answer{})
	a.until(func(s steps.State) bool { return s.Spot(at("long")).Status == steps.StatusDone })

	events, _ := a.Facts(0)
	require.Equal(t, h.recorded(), events, "a screen sees what is in the journal, to the last field")
}

// reads is the output of an attempt between two offsets.
func (s *screen) reads(attempt uint64, from, to int64) string {
	s.t.Helper()
	var read []byte
	deadline := time.After(20 * time.Second)
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
	deadline := time.After(20 * time.Second)
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

func TestARefusalComesWithAllItSays(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	a.must(steps.Run{Place: at("A=1")})
	a.until(func(s steps.State) bool { return s.Spot(at("A=1")).Status == steps.StatusDone })
	here := a.refused(steps.Run{Place: at("echo \"$B\"")})
	events, _ := a.Facts(0)
	_, err := steps.Decide(steps.Replay(plan(), events), steps.Message{
		By: steps.Actor{Name: "ada", Via: steps.Terminal, Screen: "pts/3"}, Seen: 1 << 40, Input: steps.Run{Place: at("echo \"$B\"")},
	})
	require.Equal(t, err, &here)
}

func TestOneDrivesTheOthersWatch(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	b := h.attach("/dev/pts/3", keeper.Order{})
	c := h.attach("", keeper.Order{})
	require.Equal(t, []string{"ada at pts/3", "ada at pts/3 (2)", "ada at no terminal"}, []string{a.Label(), b.Label(), c.Label()})

	a.must(steps.Run{Place: at("A=1")})
	b.until(func(s steps.State) bool { return s.Spot(at("A=1")).Status == steps.StatusDone })
	a.must(steps.Run{Place: at("long")})
	id := a.state().Running()[0]
	h.prints(id, "live\n")
	require.Equal(t, "live\n", b.reads(id, 0, 5))
	require.Equal(t, "live\n", c.reads(id, 0, 5))

	var refusal *steps.Refusal
	require.ErrorAs(t, b.Type(id, []byte("y")), &refusal, "typing is as good as starting something")
	require.Equal(t, steps.RefusedDriver, refusal.Why)
	require.Empty(t, h.runner.Controls(id))
	require.Equal(t, steps.RefusedDriver, b.refused(steps.Done{Place: at("long"), Result: steps.Passed, Who: "b"}).Why)
	b.must(steps.Note{Text: "the fan is loud"})
	b.Resize(40, 10)
	require.Empty(t, h.runner.Controls(id), "a watcher's size is its own")

	b.must(steps.Drive{Forced: true, Reason: "the other hangs"})
	a.drivenBy("ada at pts/3 (2)")
	require.Equal(t, steps.RefusedDriver, a.refused(steps.Done{Place: at("long"), Result: steps.Passed, Who: "b"}).Why)
	h.sized(id, exec.Size{Columns: 40, Rows: 10})
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
	}, 20*time.Second, time.Millisecond)
}

func TestTheWheelOfAScreenThatIsGoneIsFree(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	b := h.attach("/dev/pts/4", keeper.Order{})
	require.NoError(t, a.Close())
	b.drivenBy("")
	events, _ := b.Facts(0)
	require.Equal(t, []steps.Fact{steps.DriverChanged{From: "ada at pts/3", Reason: "its screen was left"}}, events[len(events)-1].Facts)
	c := h.attach("/dev/pts/3", keeper.Order{})
	require.Equal(t, "ada at pts/3", c.state().Driver(), "who attaches while nobody drives, drives")
	require.Equal(t, "ada at pts/3", c.Label())

	require.NoError(t, c.Drop())
	d := h.attach("/dev/pts/5", keeper.Order{})
	require.Equal(t, "ada at pts/5", d.state().Driver(), "one that was cut off a moment ago drives no more")
	events, _ = d.Facts(0)
	require.Contains(t, events[len(events)-2].Facts, steps.Fact(steps.DriverChanged{From: "ada at pts/3", Reason: "its screen is gone"}))
}

// TestWhoIsGoneNeitherAsksNorDrives: their question is taken back, and what is given to them stands free.
func TestWhoIsGoneNeitherAsksNorDrives(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	b := h.attach("/dev/pts/4", keeper.Order{})
	b.must(steps.Drive{Reason: "my turn"})
	a.until(func(s steps.State) bool { return s.Asking() != nil })
	require.NoError(t, b.Drop())
	a.until(func(s steps.State) bool { return s.Asking() == nil })
	require.Equal(t, "ada at pts/3", a.state().Driver())
	require.Equal(t, steps.RefusedNot, a.refused(steps.Yield{To: "ada at pts/4"}).Why)
}

// TestAFileNeverSpeaksAsAPerson: a screen can say that it is less than it is, and what has no terminal is no person's word.
func TestAFileNeverSpeaksAsAPerson(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	require.NoError(t, a.ByFile("answers.yaml").Do(steps.Note{Text: "from the file"}, a.state().Seq()))
	a.must(steps.Note{Text: "from the person"})
	events, _ := a.Facts(0)
	n := len(events)
	require.Equal(t, steps.Actor{Name: "ada", UID: os.Getuid(), Via: steps.Answers, File: "answers.yaml", Screen: "pts/3"}, events[n-2].By)
	require.Equal(t, steps.Actor{Name: "ada", UID: os.Getuid(), Via: steps.Terminal, Screen: "pts/3"}, events[n-1].By)

	piped := newHouse(t)
	piped.pipes = true
	piped.serve()
	b := piped.attach("/dev/pts/99", begin())
	b.must(steps.Note{Text: "who says so?"})
	events, _ = b.Facts(0)
	by := events[len(events)-1].By
	require.Equal(t, steps.Answers, by.Via, "it claims a terminal that its process does not have")
	require.Equal(t, "standard input", by.File)
}

func TestAnotherKeeperGoesOnFromTheJournal(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	a.must(steps.Run{Place: at("A=1")})
	a.until(func(s steps.State) bool { return s.Spot(at("A=1")).Status == steps.StatusDone })
	a.must(steps.Run{Place: at("long")})
	id := a.state().Running()[0]
	h.end()
	<-a.Lost()
	require.ErrorIs(t, a.Do(steps.Note{Text: "x"}, 0), keeper.ErrLost)
	piece, news, err := a.Output(id, 0)
	require.ErrorIs(t, err, keeper.ErrLost)
	require.Empty(t, piece)
	<-news

	h.serve()
	b := h.attach("/dev/pts/4", keeper.Order{})
	require.Equal(t, []uint64{id}, b.state().Running(), "it is probed and followed, not run again")
	require.Equal(t, "ada at pts/4", b.state().Driver())
	h.prints(id, "still here\n")
	require.Equal(t, "still here\n", b.reads(id, 0, 11))
	h.runner.Finish(id, exectest.Answer{})
	b.until(func(s steps.State) bool { return s.Spot(at("long")).Status == steps.StatusDone })
	require.Len(t, h.runner.Launches(), 2)
}

func TestAKeeperEndsWhenNothingWouldBeLost(t *testing.T) {
	t.Run("closed and left", func(t *testing.T) {
		h := newHouse(t).serve()
		a := h.attach("/dev/pts/3", begin())
		a.must(steps.Close{Outcome: "stopped", Reason: "enough"})
		require.NoError(t, a.Close())
		require.NoError(t, h.waitEnd())
		require.NoFileExists(t, filepath.Join(h.dir, "socket"))
	})
	t.Run("parked for its time", func(t *testing.T) {
		h := newHouse(t).serve()
		order := begin()
		order.Linger = 50 * time.Millisecond
		a := h.attach("/dev/pts/3", order)
		require.NoError(t, a.Close())
		require.NoError(t, h.waitEnd())
	})
	t.Run("not while something runs", func(t *testing.T) {
		h := newHouse(t).serve()
		order := begin()
		order.Linger = 0
		a := h.attach("/dev/pts/3", order)
		a.must(steps.Run{Place: at("A=1")})
		a.until(func(s steps.State) bool { return s.Spot(at("A=1")).Status == steps.StatusDone })
		a.must(steps.Run{Place: at("long")})
		id := a.state().Running()[0]
		require.NoError(t, a.Close())
		status, err := keeper.Look(context.Background(), h.dir)
		require.NoError(t, err)
		require.Empty(t, status.Screens)
		require.ErrorContains(t, keeper.End(context.Background(), h.dir), "something runs in it")
		h.runner.Finish(id, exectest.Answer{})
		require.NoError(t, h.waitEnd())
	})
	t.Run("asked to, by who comes after it", func(t *testing.T) {
		h := newHouse(t).serve()
		a := h.attach("/dev/pts/3", begin())
		require.ErrorContains(t, keeper.End(context.Background(), h.dir), "still attached to by ada at pts/3; leave it there first")
		require.NoError(t, a.Close())
		require.NoError(t, keeper.End(context.Background(), h.dir))
		require.NoError(t, h.waitEnd())
		require.ErrorIs(t, keeper.End(context.Background(), h.dir), keeper.ErrNone)
	})
	t.Run("its journal takes no more, though something runs", func(t *testing.T) {
		h := newHouse(t).serve()
		a := h.attach("/dev/pts/3", begin())
		a.must(steps.Run{Place: at("A=1")})
		a.until(func(s steps.State) bool { return s.Spot(at("A=1")).Status == steps.StatusDone })
		a.must(steps.Run{Place: at("long")})
		journal, err := os.OpenFile(filepath.Join(h.dir, "journal.jsonl"), os.O_WRONLY|os.O_APPEND, 0)
		require.NoError(t, err)
		_, err = journal.WriteString("{}")
		require.NoError(t, err)
		require.NoError(t, journal.Close())
		require.ErrorContains(t, a.Do(steps.Note{Text: "x"}, a.state().Seq()), "another process has written here")
		require.NoError(t, a.Close())
		require.NoError(t, h.waitEnd())
	})
	t.Run("nobody came to begin", func(t *testing.T) {
		h := newHouse(t).serve()
		h.end()
		require.NoDirExists(t, h.dir, "a session that never began leaves nothing")
	})
}

// TestAPollGoesOnWhileNobodyIsHere: starting it was the operator's word for all its rounds.
func TestAPollGoesOnWhileNobodyIsHere(t *testing.T) {
	h := newHouse(t)
	goOn := make(chan struct{})
	rounds := 0
	h.runner = exectest.NewScripted(func(exec.Launch) exectest.Answer {
		<-goOn
		if rounds++; rounds < 3 {
			return exectest.Answer{Code: 1}
		}
		return exectest.Answer{}
	})
	h.serve()
	order := begin()
	order.Plan.Blocks[0].Verify, order.Plan.Blocks[0].Check = true, &runbook.Check{Exit: []int{0}}
	a := h.attach("/dev/pts/3", order)
	a.must(steps.Poll{Place: at("A=1"), Every: "10ms", Timeout: "1h"})
	require.NoError(t, a.Close())
	close(goOn)
	require.Eventually(t, func() bool { return len(h.runner.Launches()) == 3 }, 20*time.Second, time.Millisecond)
	b := h.attach("/dev/pts/4", keeper.Order{})
	state := b.until(func(s steps.State) bool { return len(s.Polling()) == 0 })
	require.Equal(t, steps.StatusDone, state.Spot(at("A=1")).Status)
	require.EqualValues(t, 1, state.Sitting(), "one sitting saw it all")
}

// TestAFilePassesGatesOnlyWhereTheSittingSaysSo: a keeper that nobody needs makes way for one that says so, another does not.
func TestAFilePassesGatesOnlyWhereTheSittingSaysSo(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	_, err := keeper.Attach(context.Background(), h.dir, "", keeper.Order{Unattended: true})
	require.ErrorContains(t, err, "--unattended")
	require.NoError(t, a.Close())
	_, err = keeper.Attach(context.Background(), h.dir, "", keeper.Order{Unattended: true})
	require.ErrorIs(t, err, keeper.ErrNone)
	require.NoError(t, h.waitEnd())
	h.serve()
	b := h.attach("", keeper.Order{Unattended: true})
	require.True(t, b.state().Opened().Unattended)
}

// TestAScreenThatReadsNothingHoldsUpNobody: its buffers are full, and the others walk on.
func TestAScreenThatReadsNothingHoldsUpNobody(t *testing.T) {
	h := newHouse(t).serve()
	a := h.attach("/dev/pts/3", begin())
	deaf := h.silentScreen()
	long := strings.Repeat("x", 64<<10)
	for range 40 {
		a.must(steps.Note{Text: long})
	}
	require.NoError(t, deaf.Close())
	require.Len(t, a.state().Plan().Blocks, 3)
}

// TestWhatGoesOnBesideASession begins with it, and ends before it is let go of.
func TestWhatGoesOnBesideASession(t *testing.T) {
	h := newHouse(t)
	var said error
	h.options.Beside = func(s *session.Session, _ keeper.Order) func() {
		return func() { said = s.Do(steps.Note{Text: "the last hook has run"}, s.State().Seq()) }
	}
	h.serve()
	h.attach("/dev/pts/3", begin())
	h.end()
	require.NoError(t, said)
	events := h.recorded()
	require.Equal(t, []steps.Fact{steps.Noted{Text: "the last hook has run"}}, events[len(events)-1].Facts)
}

// TestASecretIsInNoFile: typed on a screen it goes through the socket into the memory of its keeper, and nowhere else.
func TestASecretIsInNoFile(t *testing.T) {
	const secret = "correct horse battery staple"
	h := newHouse(t).serve()
	order := begin()
	order.Plan.Blocks[2].Text, order.Plan.Blocks[2].Commands = "login <password>", []string{"login <password>"}
	order.Plan.Blocks[2].Reads, order.Plan.Blocks[2].Secrets = nil, []string{"<password>"}
	a := h.attach("/dev/pts/3", order)
	a.must(steps.Run{Place: at("A=1")})
	a.until(func(s steps.State) bool { return s.Spot(at("A=1")).Status == steps.StatusDone })
	a.must(steps.Skip{Place: at("long"), Reason: "not today"})
	place := steps.Place{Block: order.Plan.Blocks[2].ID}
	a.must(steps.Set{Place: place, Name: "<password>", Value: secret, Secret: true})
	a.must(steps.Run{Place: place})
	a.until(func(s steps.State) bool { return s.Spot(place).Status == steps.StatusDone })
	launches := h.runner.Launches()
	require.Equal(t, secret, string(launches[len(launches)-1].Secrets[0].Value))
	require.NoError(t, filepath.WalkDir(h.dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			require.NotContains(t, string(text), secret, name)
		}
		return err
	}))
}

// TestCommandsGetTheLoginOfWhoDrives: an agent of the login that began it is gone by the next day.
func TestCommandsGetTheLoginOfWhoDrives(t *testing.T) {
	h := newHouse(t)
	runner := &welcoming{Scripted: h.runner}
	h.options.Open = func(held *journal.Journal, order keeper.Order, o session.Options) (*session.Session, error) {
		o.Machine = "here"
		return session.Begin(held, order.Plan, order.Source, func(string, steps.Opened) (exec.Runner, error) { return runner, nil }, o)
	}
	h.serve()
	from := func(agent string) keeper.Order {
		order := begin()
		order.Environ = [][]byte{[]byte("SSH_AUTH_SOCK=" + agent)}
		return order
	}
	a := h.attach("/dev/pts/3", from("/first"))
	resumed := from("/second")
	resumed.Plan = nil
	b := h.attach("/dev/pts/4", resumed)
	require.NotContains(t, runner.now(), "SSH_AUTH_SOCK=/second", "who watches has no say")
	require.NoError(t, a.Close())
	b.drivenBy("")
	b.must(steps.Drive{})
	require.Eventually(t, func() bool { return slices.Contains(runner.now(), "SSH_AUTH_SOCK=/second") }, 20*time.Second, time.Millisecond)
	require.NoError(t, b.Close())
	resumed.Environ = [][]byte{[]byte("SSH_AUTH_SOCK=/third")}
	h.attach("/dev/pts/5", resumed)
	require.Equal(t, []string{"SSH_AUTH_SOCK=/third"}, runner.now(), "before it can start anything")
}

// welcoming is a runner that hears of logins.
type welcoming struct {
	*exectest.Scripted
	mu      sync.Mutex
	environ []string
}

func (w *welcoming) LogIn(environ []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.environ = environ
}

func (w *welcoming) now() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.environ
}

// TestAFileIsAttachedFromWhereTheScreenIs: the keeper works in another directory.
func TestAFileIsAttachedFromWhereTheScreenIs(t *testing.T) {
	h := newHouse(t).serve()
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.WriteFile("photo.txt", []byte("a rack"), 0o600))
	a := h.attach("/dev/pts/3", begin())
	a.must(steps.Attach{Place: at("long"), Source: "photo.txt"})
	a.must(steps.Attach{Place: at("long"), Source: "https://example.org/photo"})
	attached := a.state().Spot(at("long")).Attached
	require.Equal(t, filepath.Join(dir, "photo.txt"), attached[0].Source)
	require.EqualValues(t, len("a rack"), attached[0].Bytes)
	require.Equal(t, "https://example.org/photo", attached[1].Source)
}

func raw(t testing.TB, v any) []byte {
	line, err := json.Marshal(v)
	require.NoError(t, err)
	return append(line, '\n')
}
