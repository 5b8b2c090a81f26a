package keeper_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/keeper"
	"gatewalk/exec/session"
	"gatewalk/runbook"
	"gatewalk/steps"
)

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
	require.Eventually(t, func() bool { return len(h.runner.Launches()) == 3 }, time.Minute, time.Millisecond)
	b := h.attach("/dev/pts/4", keeper.Order{})
	state := b.until(func(s steps.State) bool { return len(s.Polling()) == 0 })
	require.Equal(t, steps.StatusDone, state.Spot(at("A=1")).Status)
	require.EqualValues(t, 1, state.Sitting(), "one sitting saw it all")
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
