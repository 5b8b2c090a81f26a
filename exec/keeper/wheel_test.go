package keeper_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/journal"
	"gatewalk/exec/keeper"
	"gatewalk/exec/session"
	"gatewalk/steps"
)

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
	require.Eventually(t, func() bool { return slices.Contains(runner.now(), "SSH_AUTH_SOCK=/second") }, time.Minute, time.Millisecond)
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

// TestTheWheelIsNeverWithWhoIsGone, however screens come, go, are cut off, ask, give and take.
func TestTheWheelIsNeverWithWhoIsGone(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		h := newHouse(t).serve()
		defer h.end()
		first := h.attach("/dev/pts/0", begin())
		screens := []*screen{first}
		for range rapid.IntRange(1, 12).Draw(r, "moves") {
			s := rapid.SampledFrom(screens).Draw(r, "screen")
			// What is refused to one who does not drive, or asks twice, is not the point here.
			switch rapid.IntRange(0, 6).Draw(r, "move") {
			case 0:
				screens = append(screens, h.attach(rapid.SampledFrom([]string{"/dev/pts/1", "/dev/pts/2", ""}).Draw(r, "terminal"), keeper.Order{}))
			case 1:
				screens = without(screens, s, s.Close)
			case 2:
				screens = without(screens, s, s.Drop)
			case 3:
				_ = s.Do(steps.Drive{Reason: "my turn"}, s.state().Seq())
			case 4:
				_ = s.Do(steps.Drive{Forced: true, Reason: "nobody answers"}, s.state().Seq())
			case 5:
				if asking := s.state().Asking(); asking != nil {
					_ = s.Do(steps.Yield{To: asking.By}, s.state().Seq())
				}
			case 6:
				_ = s.Do(steps.Park{}, s.state().Seq())
			}
		}
		attached := map[string]bool{"": true}
		for _, s := range screens {
			attached[s.Label()] = true
		}
		last := screens[len(screens)-1]
		require.Eventually(t, func() bool {
			state := last.state()
			return attached[state.Driver()] && (state.Asking() == nil || attached[state.Asking().By])
		}, time.Minute, time.Millisecond)
	})
}

// without lets a screen go, unless it is the last.
func without(screens []*screen, s *screen, leave func() error) []*screen {
	var rest []*screen
	for _, other := range screens {
		if other != s {
			rest = append(rest, other)
		}
	}
	if len(rest) == 0 || leave() != nil {
		return screens
	}
	return rest
}
