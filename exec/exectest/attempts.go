package exectest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
)

// forever says that it has begun and then goes on until it is ended.
const forever = "echo ready; while :; do sleep 0.1; done"

var attempts = []story{
	{name: "output and exit arrive", tells: func(b *Bench) {
		result := b.Do("echo hello")
		require.Equal(b, "hello\n", result.Text)
		require.Zero(b, result.Code)
		require.Empty(b, result.Signal)
	}},
	{name: "bytes and digest are of the output handed over", tells: func(b *Bench) {
		result := b.Do("for i in {1..3000}; do echo \"line $i\"; done")
		require.Equal(b, int64(len(result.Raw)), result.Bytes)
		require.Equal(b, fmt.Sprintf("sha256:%x", sha256.Sum256(result.Raw)), result.Digest)
		require.True(b, strings.HasSuffix(result.Text, "line 3000\n"))
	}},
	{name: "following from an offset hands over the rest", tells: func(b *Bench) {
		whole := b.Do("echo first", "echo second")
		rest := b.Follow(whole.Attempt, 3).Wait()
		require.Equal(b, whole.Raw[3:], rest.Raw)
		none := b.Follow(whole.Attempt, whole.Bytes).Wait()
		require.Empty(b, none.Raw)
	}},
	{name: "every follower gets everything", tells: func(b *Bench) {
		first := b.Start(exec.Launch{Commands: []string{"for i in {1..500}; do echo $i; done"}})
		second := b.Follow(first.Attempt, 0)
		require.Equal(b, first.Wait().Raw, second.Wait().Raw)
	}},
	{name: "a follower that gives up is let go, and another takes over", tells: func(b *Bench) {
		running := b.Start(exec.Launch{Commands: []string{forever}})
		running.Await("ready")
		impatient, giveUp := context.WithCancel(b.Context())
		gone := make(chan error, 1)
		go func() { gone <- b.Runner.Follow(impatient, running.Attempt, 0, NewRecorder(0)) }()
		giveUp()
		require.ErrorIs(b, <-gone, context.Canceled)
		b.Follow(running.Attempt, 0).Await("ready")
		require.NoError(b, b.Runner.Control(running.Attempt, exec.Cancel{}))
		running.Wait()
	}},
	{name: "attempts run beside each other", tells: func(b *Bench) {
		waiting := b.Start(exec.Launch{Commands: []string{forever}})
		waiting.Await("ready")
		require.Equal(b, "other\n", b.Do("echo other").Text)
		require.Equal(b, exec.Running, b.Runner.Probe(waiting.Attempt).State)
		require.NoError(b, b.Runner.Control(waiting.Attempt, exec.Cancel{}))
		waiting.Wait()
	}},
	{name: "a second launch starts nothing", tells: func(b *Bench) {
		launch := exec.Launch{Attempt: b.Next(), Commands: []string{"echo once"}}
		b.Finish(launch)
		require.NoError(b, b.Runner.Launch(b.Context(), launch))
		require.Equal(b, "once\n", b.Follow(launch.Attempt, 0).Wait().Text)
	}},
	{name: "of many launches at once one starts", tells: func(b *Bench) {
		launch := exec.Launch{Attempt: b.Next(), Commands: []string{"echo once"}}
		var all sync.WaitGroup
		failures := make(chan error, 8)
		for range 8 {
			all.Go(func() { failures <- b.Runner.Launch(b.Context(), launch) })
		}
		all.Wait()
		close(failures)
		for err := range failures {
			require.NoError(b, err)
		}
		require.Equal(b, "once\n", b.Follow(launch.Attempt, 0).Wait().Text)
	}},
	{name: "what was probed absent never starts", tells: func(b *Bench) {
		launch := exec.Launch{Attempt: b.Next(), Commands: []string{"echo late"}}
		require.Equal(b, exec.Absent, b.Runner.Probe(launch.Attempt).State)
		require.Error(b, b.Runner.Launch(b.Context(), launch))
		require.Equal(b, exec.Absent, b.Runner.Probe(launch.Attempt).State)
	}},
	{name: "what was cancelled before its launch never starts", tells: func(b *Bench) {
		launch := exec.Launch{Attempt: b.Next(), Commands: []string{"echo late"}}
		require.NoError(b, b.Runner.Control(launch.Attempt, exec.Cancel{}))
		require.Error(b, b.Runner.Launch(b.Context(), launch))
		require.Equal(b, exec.Absent, b.Runner.Probe(launch.Attempt).State)
	}},
	{name: "cancel ends a running attempt", tells: func(b *Bench) {
		running := b.Start(exec.Launch{Commands: []string{forever, "echo never"}})
		running.Await("ready")
		require.NoError(b, b.Runner.Control(running.Attempt, exec.Cancel{}))
		result := running.Wait()
		require.NotZero(b, result.Code)
		require.NotContains(b, result.Text, "never")
	}},
	{name: "a launch that cannot be is refused and leaves nothing behind", tells: func(b *Bench) {
		for _, launch := range []exec.Launch{
			{Attempt: b.Next()},
			{Attempt: b.Next(), Commands: []string{"echo x"}, From: 1},
			{Attempt: b.Next(), Commands: []string{"echo x"}, From: -1},
			{Attempt: b.Next(), Commands: []string{"echo x"}, Context: "sha256:0000"},
			{Attempt: b.Next(), Commands: []string{"echo x"}, Assign: map[string]string{"no name": "x"}},
			{Attempt: b.Next(), Commands: []string{"echo x"}, Secrets: []exec.Secret{{Name: "a;b", Value: []byte("x")}}},
		} {
			require.Error(b, b.Runner.Launch(b.Context(), launch), "%+v", launch)
			require.Equal(b, exec.Absent, b.Runner.Probe(launch.Attempt).State, "%+v", launch)
		}
	}},
	{name: "nobody follows or reaches what was never started", tells: func(b *Bench) {
		require.Error(b, b.Runner.Follow(b.Context(), b.Next(), 0, NewRecorder(0)))
		require.Error(b, b.Runner.Control(b.Next(), exec.Signal{Name: "INT"}))
	}},
	{name: "nobody reaches what has ended", tells: func(b *Bench) {
		result := b.Do("echo over")
		require.Error(b, b.Runner.Control(result.Attempt, exec.Stdin{Bytes: []byte("x")}))
	}},
	{name: "output outlives release", tells: func(b *Bench) {
		result := b.Do("echo kept")
		require.NoError(b, b.Runner.Release(result.Attempt))
		again := NewRecorder(0)
		require.NoError(b, b.Runner.Follow(b.Context(), result.Attempt, 0, again))
		require.Equal(b, result.Raw, again.Bytes())
	}},
	{name: "release does not forget that an attempt was started", tells: func(b *Bench) {
		launch := exec.Launch{Attempt: b.Next(), Commands: []string{"echo once"}}
		b.Finish(launch)
		require.NoError(b, b.Runner.Release(launch.Attempt))
		require.NoError(b, b.Runner.Launch(b.Context(), launch))
		again := NewRecorder(0)
		require.NoError(b, b.Runner.Follow(b.Context(), launch.Attempt, 0, again))
		require.Equal(b, "once\n", again.Text())
	}},
}
