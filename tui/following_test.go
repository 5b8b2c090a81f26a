package tui

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/tail"
)

// flood is a session whose canary's rollout runs and has printed so many numbered lines. It counts the bytes that were read.
type flood struct {
	*fake
	read int
}

func (f *flood) Output(attempt uint64, offset int64) ([]byte, <-chan struct{}, error) {
	piece, more, err := f.fake.Output(attempt, offset)
	f.read += len(piece)
	return piece, more, err
}

// flooded attaches a screen to a rollout that has printed lines for a while; at says where the reading goes on.
func flooded(t *testing.T, lines int) (*operator, *flood, uint64) {
	t.Helper()
	f := &flood{fake: printing()}
	attempt := f.state.Running()[0]
	f.print(attempt, numbered(0, lines))
	return attachTo(t, f, f.fake, alice, 80, 24), f, attempt
}

// printing is a session in which a command runs.
func printing() *fake {
	plan := gated(runbook.OneKey)
	plan.Blocks[0].Gate = runbook.NoGate
	f := newFake(plan, func(steps.Started) result { return result{hold: true} })
	f.must(steps.Terminal, steps.Run{Place: steps.Place{Block: "b1"}})
	return f
}

func numbered(from, to int) string {
	var b bytes.Buffer
	for i := range to - from {
		i += from
		fmt.Fprintf(&b, "line %07d of what the rollout says\n", i)
	}
	return b.String()
}

// more has the screen read on, as it would have by itself if something waited.
func (o *operator) more(attempt uint64) {
	o.t.Helper()
	o.send(o.m.link.output(wanted{attempt: attempt, offset: o.m.output.Next(), all: !o.m.output.AtEnd()})())
}

func TestAttachingReadsTheEndOfALongOutput(t *testing.T) {
	o, f, _ := flooded(t, 1_000_000)
	o.sees("line 0999999")
	o.sees("MB before them")
	require.Less(t, f.read, 4<<20, "of 38 MB only the end is read")
	require.Less(t, o.m.output.Next()-o.m.output.Oldest(), int64(2*tail.Bytes))
}

func TestAFloodIsPassedOverToItsEnd(t *testing.T) {
	o, f, attempt := flooded(t, 10)
	o.sees("line 0000009")
	f.print(attempt, numbered(10, 500_000))
	o.more(attempt)
	o.sees("line 0499999", "MB before them")
	f.print(attempt, numbered(500_000, 500_002))
	o.more(attempt)
	o.sees("line 0499999", "line 0500001")
}

// What is being read stays, however much comes; nothing of it is passed over, and only so much is held.
func TestAFloodTakesNothingFromWhoReads(t *testing.T) {
	o, f, attempt := flooded(t, 100)
	o.press("tab", "tab", "pgup")
	o.sees("line 0000080")
	for range 60 {
		f.print(attempt, numbered(100, 20_000))
		if next, cmd := o.m.watch(); cmd != nil || next.follow.waiting[attempt] {
			o.more(attempt)
		}
	}
	o.sees("line 0000080", "newer lines")
	require.LessOrEqual(t, o.m.output.Next()-o.m.output.Oldest(), int64(10<<20))
	o.press("end")
	o.more(attempt)
	o.sees("line 0019999")
}

func TestOlderOutputIsReadWhenSomebodyScrollsBack(t *testing.T) {
	o, _, attempt := flooded(t, 200_000)
	o.press("tab", "tab", "home") // the beginning of the record
	o.sees("line 0000000", "▼")
	o.press("pgdown")
	o.sees("line 0000020")
	for range 1200 {
		o.press("pgdown")
	}
	require.Greater(t, o.m.output.Oldest(), int64(0), "another part was read on the way")
	o.press("end", "end")
	o.more(attempt)
	o.sees("line 0199999")
	before := o.screen()
	for range 1000 {
		o.press("pgup")
	}
	require.NotEqual(t, before, o.screen())
	require.Less(t, o.m.output.Next(), int64(199_000*38), "an older part is on screen")
	requireFits(t, o)
}

// Leafing back leaves no line out, over the borders of what is held.
func TestLeafingBackShowsEveryLine(t *testing.T) {
	o, _, _ := flooded(t, 30_000)
	o.press("tab", "tab")
	_, rows := o.m.output.Size()
	for top, below := 0, 30_000; below > 10_000; below = top {
		_, err := fmt.Sscanf(o.m.output.View(), "line %d", &top)
		require.NoError(t, err)
		require.Less(t, top, below)
		require.GreaterOrEqual(t, top, below-rows)
		o.press("pgup")
	}
}

func TestSearchSaysThatItSawOnlyAPart(t *testing.T) {
	o, _, _ := flooded(t, 200_000)
	o.press("tab", "tab", "/")
	o.type_("line 0000007")
	o.press("enter")
	o.sees("nowhere in the part that is held")
	o.press("home", "/", "enter")
	require.NotContains(t, o.screen(), "nowhere")
}

func BenchmarkAttachTo100MB(b *testing.B) {
	f := printing()
	attempt := f.state.Running()[0]
	f.outputs[attempt] = bytes.Repeat([]byte(numbered(0, 1000)), 100<<20/38_000)
	empty := time.Duration(0)
	for b.Loop() {
		f.outputs[attempt], f.outputs[attempt+1] = f.outputs[attempt][:0], f.outputs[attempt]
		start := time.Now()
		drawFirst(f, attempt)
		empty += time.Since(start)
		f.outputs[attempt] = f.outputs[attempt+1]
		drawFirst(f, attempt)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(empty)-1, "x-attaching-to-nothing")
	b.ReportMetric(float64(b.Elapsed()-empty)/float64(b.N)/1e6, "ms/attach")
}

// drawFirst opens a screen, reads the output, and draws all of it.
func drawFirst(f *fake, attempt uint64) {
	m := New(f, Options{Plan: f.state.Plan(), Events: f.events, Operator: "alice", Now: func() time.Time { return midnight }, Width: 120, Height: 40})
	done := make(chan struct{})
	close(done)
	m.link.done = done
	next, _ := m.Update(m.link.output(wanted{attempt: attempt})())
	_ = next.View()
}

// BenchmarkKeysInAFlood is how long a key waits at most while a command prints as fast as it can be read.
func BenchmarkKeysInAFlood(b *testing.B) {
	f := printing()
	attempt := f.state.Running()[0]
	f.outputs[attempt] = bytes.Repeat([]byte("y\n"), 64<<20)
	m := New(f, Options{Plan: f.state.Plan(), Events: f.events, Operator: "alice", Now: func() time.Time { return midnight }, Width: 120, Height: 40})
	m, _ = m.turn(attempt).watch()
	worst := time.Duration(0)
	for b.Loop() {
		msg := m.link.output(wanted{attempt: attempt, offset: m.output.Next()})()
		start := time.Now()
		next, _ := m.Update(msg)
		next, _ = next.Update(keyOf("tab"))
		_ = next.View()
		worst = max(worst, time.Since(start))
		m = next.(Model)
		m.output = m.output.Begin(0)
	}
	b.ReportMetric(float64(worst)/1e6, "ms-worst-key")
}
