package exectest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
)

func scripted(t *testing.T, answers ...Answer) (*Bench, *Scripted) {
	runner := NewScripted(InOrder(answers...))
	return &Bench{T: t, Runner: runner}, runner
}

func TestScriptedAnswersInOrder(t *testing.T) {
	b, runner := scripted(t, Answer{Output: "one\n", Context: "sha256:1", Variables: map[string]string{"A": "1"}}, Answer{Code: 4, Fails: 1})
	first := b.Do("a", "b")
	require.Equal(t, "one\n", first.Text)
	require.Equal(t, "sha256:1", first.Context)
	require.Equal(t, []exec.CommandExit{{Command: 0}, {Command: 1}}, first.Exits)
	second := b.Do("a", "b", "c")
	require.Equal(t, 4, second.Code)
	require.Equal(t, []exec.CommandExit{{Command: 0}, {Command: 1, Code: 4}}, second.Exits)
	require.Zero(t, b.Do("after the last").Code)
	require.Len(t, runner.Launches(), 3)
}

func TestScriptedWaitsUntilFinished(t *testing.T) {
	b, runner := scripted(t, Answer{Output: "password: ", Waits: true})
	running := b.Start(exec.Launch{Commands: []string{"ask"}})
	running.Await("password: ")
	runner.SetEcho(running.Attempt, false)
	running.AwaitEcho(false)
	running.Type("x\r")
	require.Equal(t, []exec.Control{exec.Stdin{Bytes: []byte("x\r")}}, runner.Controls(running.Attempt))
	require.Equal(t, exec.Running, runner.Probe(running.Attempt).State)
	runner.Print(running.Attempt, "thanks\n")
	runner.Finish(running.Attempt, Answer{Output: "bye\n"})
	require.Equal(t, "password: thanks\nbye\n", running.Wait().Text)
}

func TestScriptedKeepsTheStoriesThatNeedNoShell(t *testing.T) {
	kept := map[string]bool{
		"a second launch starts nothing": true, "of many launches at once one starts": true, "what was probed absent never starts": true,
		"what was cancelled before its launch never starts": true, "nobody follows or reaches what was never started": true,
		"nobody reaches what has ended": true, "output outlives release": true, "release does not forget that an attempt was started": true,
	}
	for _, story := range attempts {
		if kept[story.name] {
			t.Run(story.name, func(t *testing.T) {
				story.tell(t, NewScripted(func(exec.Launch) Answer { return Answer{Output: "once\n"} }))
			})
			delete(kept, story.name)
		}
	}
	require.Empty(t, kept, "stories that no longer exist")
}

func TestScriptedIsLostOrRefuses(t *testing.T) {
	refusal := errors.New("no such program")
	b, runner := scripted(t, Answer{Output: "so far", Fate: exec.Lost}, Answer{Refuse: refusal}, Answer{Waits: true}, Answer{Waits: true})
	lost := b.Start(exec.Launch{Commands: []string{"x"}})
	lost.WaitGone()
	require.Equal(t, "so far", lost.Text())
	require.Equal(t, exec.Lost, runner.Probe(lost.Attempt).State)

	refused := b.Next()
	require.ErrorIs(t, runner.Launch(t.Context(), exec.Launch{Attempt: refused}), refusal)
	require.Equal(t, exec.Absent, runner.Probe(refused).State)

	cancelled := b.Start(exec.Launch{Commands: []string{"x"}})
	require.Error(t, runner.Release(cancelled.Attempt))
	require.NoError(t, runner.Control(cancelled.Attempt, exec.Cancel{}))
	require.Equal(t, 143, cancelled.Wait().Code)

	signalled := b.Start(exec.Launch{Commands: []string{"x"}})
	require.NoError(t, runner.Control(signalled.Attempt, exec.Signal{Name: "INT"}))
	require.Equal(t, "INT", signalled.Wait().Signal)
}

// TestScriptedIsToldOnceItIsLaunched: who waits for a fact is often faster than the launch that follows it.
func TestScriptedIsToldOnceItIsLaunched(t *testing.T) {
	_, runner := scripted(t, Answer{Waits: true})
	told := make(chan struct{})
	go func() {
		defer close(told)
		runner.Print(1, "early\n")
		runner.SetEcho(1, false)
		runner.Finish(1, Answer{})
	}()
	require.NoError(t, runner.Launch(t.Context(), exec.Launch{Attempt: 1, Commands: []string{"x"}}))
	<-told
	require.EqualValues(t, len("early\n"), runner.Probe(1).End.Bytes)
}
