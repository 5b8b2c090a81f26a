package keeper_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/journal"
	"gatewalk/exec/keeper"
	"gatewalk/exec/local"
	"gatewalk/exec/session"
	"gatewalk/runbook"
	"gatewalk/steps"
)

// long says that the long form of a test is wanted; the default form takes seconds.
func long() bool { return os.Getenv("GATEWALK_LONG") != "" }

// real is a house whose commands are real ones: one command.
func real(t *testing.T, command string) (*house, keeper.Order) {
	h := newHouse(t)
	h.options.Open = func(held *journal.Journal, order keeper.Order, o session.Options) (*session.Session, error) {
		o.Machine, o.Boot = "here", "b1"
		runner := func(dir string, _ steps.Opened) (exec.Runner, error) { return local.New(dir, local.Options{}), nil }
		if order.Plan == nil {
			return session.Reopen(held, runner, o)
		}
		return session.Begin(held, order.Plan, order.Source, runner, o)
	}
	order := begin()
	order.Plan = &runbook.Plan{
		Source: "walk.md", Title: "A walk", Root: []runbook.Item{{Kind: runbook.BlockItem}},
		Blocks: []runbook.Block{{ID: "it", Line: 1, Kind: runbook.Command, Text: command, Commands: strings.Split(command, "\n"), Host: "here", Gate: runbook.NoGate}},
	}
	return h, order
}

// TestComingAndGoingLosesNoByte: a screen attaches, reads a little from where the last one stood, and leaves or is cut off, while the
// command prints a piece for each that comes. What they read together is what the command wrote, to the last byte.
func TestComingAndGoingLosesNoByte(t *testing.T) {
	rounds, piece := 100, 20<<10
	if long() {
		rounds, piece = 1000, 100<<10
	}
	dir := t.TempDir()
	own, turns := filepath.Join(dir, "own"), filepath.Join(dir, "turns")
	random := rand.New(rand.NewPCG(1, 2))
	h, order := real(t, fmt.Sprintf("stty -opost; mkfifo %[1]s\nwhile read -r n; do head -c %[2]d /dev/urandom | base64 -w 99 | head -c %[2]d | tee -a %[3]s; done < %[1]s", turns, piece, own))
	h.serve()
	first := h.attach("/dev/pts/3", order)
	first.must(steps.Run{Place: at("it")})
	id := first.state().Running()[0]
	require.NoError(t, first.Close())
	require.Eventually(t, func() bool { _, err := os.Stat(turns); return err == nil }, time.Minute, time.Millisecond)
	turn, err := os.OpenFile(turns, os.O_WRONLY, 0)
	require.NoError(t, err)

	read, offset := sha256.New(), int64(0)
	for range rounds {
		s := h.attach("/dev/pts/3", keeper.Order{})
		_, err := turn.WriteString("go\n")
		require.NoError(t, err)
		got := s.reads(id, offset, offset+1+random.Int64N(int64(piece)))
		read.Write([]byte(got))
		offset += int64(len(got))
		if random.IntN(2) == 0 {
			require.NoError(t, s.Close())
		} else {
			require.NoError(t, s.Drop())
		}
	}
	require.NoError(t, turn.Close())
	last := h.attach("/dev/pts/3", keeper.Order{})
	end := last.until(func(s steps.State) bool { return s.Attempt(id).End != nil }).Attempt(id).End
	read.Write([]byte(last.reads(id, offset, end.Bytes)))

	wrote, err := os.ReadFile(own)
	require.NoError(t, err)
	require.Len(t, wrote, rounds*piece)
	require.Equal(t, fmt.Sprintf("%x", sha256.Sum256(wrote)), fmt.Sprintf("%x", read.Sum(nil)))
	require.Equal(t, fmt.Sprintf("sha256:%x", sha256.Sum256(wrote)), end.Output)
}

// BenchmarkAttach is what it takes to come back to a session in which something runs: attached, with every event and the end of the
// output. Beside a session that has printed nothing it is the same, whatever was printed.
func BenchmarkAttach(b *testing.B) {
	times := map[int]time.Duration{}
	for _, size := range []int{0, 100 << 20} {
		b.Run(strconv.Itoa(size>>20)+"MiB", func(b *testing.B) {
			h := printed(b, size)
			for b.Loop() {
				client, err := keeper.Attach(context.Background(), h.dir, "/dev/pts/3", keeper.Order{})
				require.NoError(b, err)
				events, _ := client.Facts(0)
				_, _, err = client.Output(steps.Replay(client.Plan(), events).Running()[0], max(0, int64(size)-64<<10))
				require.NoError(b, err)
				require.NoError(b, client.Close())
			}
			times[size] = b.Elapsed() / time.Duration(b.N)
			if times[0] > 0 {
				b.ReportMetric(float64(times[size])/float64(times[0]), "x-of-nothing-printed")
			}
		})
	}
}

// printed is a kept session whose running command has printed so much.
func printed(b testing.TB, size int) *house {
	h := newHouse(b).serve()
	a := h.attach("/dev/pts/3", begin())
	a.must(steps.Run{Place: at("A=1")})
	a.until(func(s steps.State) bool { return s.Spot(at("A=1")).Status == steps.StatusDone })
	a.must(steps.Run{Place: at("long")})
	h.prints(a.state().Running()[0], strings.Repeat("a line of output, as long as lines are\n", size/39+1)[:size])
	return h
}
