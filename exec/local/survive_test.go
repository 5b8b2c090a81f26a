package local_test

import (
	"bufio"
	"fmt"
	"os"
	osexec "os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/exec"
	"gatewalk/exec/local"
)

// startParent has another process launch attempt 1, and returns when the command runs.
func startParent(s session, commands []string, how ...string) *osexec.Cmd {
	s.Helper()
	return startParentWith(s, nil, commands, how...)
}

// startParentWith gives it open files besides, which it lets slip.
func startParentWith(s session, files []*os.File, commands []string, how ...string) *osexec.Cmd {
	s.Helper()
	executable, err := os.Executable()
	require.NoError(s, err)
	parent := osexec.Command(executable, append([]string{parentWord, s.dir, strings.Join(commands, "\x1e")}, how...)...)
	parent.Env = append(os.Environ(), "SENTINEL=of-the-parent", "LD_LIBRARY_PATH=/nonexistent", "BASH_ENV=/nonexistent")
	parent.ExtraFiles = files
	stdout, err := parent.StdoutPipe()
	require.NoError(s, err)
	require.NoError(s, parent.Start())
	s.Cleanup(func() {
		_ = parent.Process.Kill()
		_ = parent.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(s, err)
	require.Equal(s, "launched\n", line)
	return parent
}

func kill(t *testing.T, parent *osexec.Cmd) {
	require.NoError(t, parent.Process.Kill())
	_ = parent.Wait()
}

func (s session) shimOf(attempt string) int {
	s.Helper()
	pid, err := strconv.Atoi(strings.Fields(s.read(attempt, "pid"))[0])
	require.NoError(s, err)
	require.Greater(s, pid, 1)
	return pid
}

func TestACommandOutlivesTheProcessThatLaunchedIt(t *testing.T) {
	s := newSession(t, local.Options{})
	gate := t.TempDir() + "/gate"
	parent := startParent(s, []string{
		"A=1; for i in {1..2000}; do echo before $i; done",
		"until [ -e " + gate + " ]; do sleep 0.01; done; for i in {1..2000}; do echo after $i; done; (exit 5)",
	})
	require.Equal(t, exec.Running, s.Runner.Probe(1).State)
	kill(t, parent)
	require.Equal(t, exec.Running, s.Runner.Probe(1).State, "nobody but the shim is needed")

	following := s.Follow(1, 0)
	following.Await("before 2000\n")
	require.NoError(t, os.WriteFile(gate, nil, 0o600))
	result := following.Wait()
	var want strings.Builder
	for _, word := range []string{"before", "after"} {
		for i := 1; i <= 2000; i++ {
			fmt.Fprintln(&want, word, i)
		}
	}
	require.Equal(t, want.String(), result.Text)
	require.Equal(t, 5, result.Code)
	s.Next() // attempt 1 was another's
	require.Equal(t, "1\n", s.After(result, "echo $A").Text)
	require.NoError(t, s.Runner.Launch(t.Context(), exec.Launch{Attempt: 1, Commands: []string{"echo again"}}))
	require.Equal(t, result.Raw, s.Follow(1, 0).Wait().Raw)
}

func TestAnOrphanCanBeInterruptedAndCancelled(t *testing.T) {
	for name, story := range map[string]struct {
		control exec.Control
		code    int
	}{
		"interrupt": {exec.Signal{Name: "INT"}, 130},
		"terminate": {exec.Signal{Name: "TERM"}, 143},
		"kill":      {exec.Signal{Name: "KILL"}, 137},
		"cancel":    {exec.Cancel{}, 143},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSession(t, local.Options{})
			kill(t, startParent(s, []string{"sh -c 'echo ready; exec sleep 600'"}))
			following := s.Follow(1, 0)
			following.Await("ready")
			require.NoError(t, s.Runner.Control(1, story.control))
			require.Equal(t, story.code, following.Wait().Code)
		})
	}
}

func TestAShimThatIsKilledLosesItsAttempt(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("true", "trap '' HUP; echo evidence; exec sleep 600"))
	running.Await("evidence\n")
	shim := s.shimOf("1")
	require.NoError(t, unix.Kill(shim, unix.SIGKILL))
	running.WaitGone()
	for _, s := range []session{s, s.again()} {
		seen := s.Runner.Probe(1)
		require.Equal(t, exec.Lost, seen.State)
		require.Contains(t, seen.Evidence, "is gone and has left no result; 10 bytes of output")
		require.Contains(t, seen.Evidence, "its command 1 had ended with code 0")
		require.Regexp(t, `processes that it started still run: \d+$`, seen.Evidence, "it has ignored that its terminal is gone")
	}
	require.NoError(t, s.Runner.Launch(t.Context(), exec.Launch{Attempt: 1, Commands: []string{"echo again"}}), "and it is not started again")
	all := s.Follow(1, 0)
	all.WaitGone()
	require.Equal(t, "evidence\n", all.Text())
	require.Error(t, s.Runner.Control(1, exec.Signal{Name: "INT"}))
}

func TestAShellWhoseShimIsKilledEnds(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("echo shell $$; while :; do sleep 0.1; done"))
	running.Await("\n")
	shell, err := strconv.Atoi(strings.Fields(running.Text())[1])
	require.NoError(t, err)
	require.NoError(t, unix.Kill(s.shimOf("1"), unix.SIGKILL))
	eventually(t, "the shell hangs up and does not wait for anybody", func() bool { return gone(shell) })
}

// gone says that a process runs no more, whether or not somebody has asked for its end: not every machine's first process does.
func gone(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func TestAnEarlierBootIsNotThisOne(t *testing.T) {
	s := newSession(t, local.Options{})
	s.Do("echo printed")
	require.NoError(t, os.Remove(s.file("1", "exit")))
	fields := strings.Fields(s.read("1", "pid"))
	require.NoError(t, os.WriteFile(s.file("1", "pid"), []byte(fields[0]+" "+fields[1]+" another-boot\n"), 0o600))
	seen := s.Runner.Probe(1)
	require.Equal(t, exec.Rebooted, seen.State)
	require.Contains(t, seen.Evidence, "booted")
}

func TestANumberThatIsUsedAgainIsNoIdentity(t *testing.T) {
	s := newSession(t, local.Options{})
	s.Do("echo printed")
	require.NoError(t, os.Remove(s.file("1", "exit")))
	fields := strings.Fields(s.read("1", "pid"))
	mine := fmt.Sprintf("%d %s %s\n", os.Getpid(), fields[1], fields[2])
	require.NoError(t, os.WriteFile(s.file("1", "pid"), []byte(mine), 0o600))
	require.Equal(t, exec.Lost, s.Runner.Probe(1).State, "this test runs, but it is not that process")
}

// Two processes that launch the same start it once, or not at all where the one that may is slower than the other waits.
func TestTwoProcessesLaunchAtMostOnce(t *testing.T) {
	notForRaces(t, "it is about processes")
	s := newSession(t, local.Options{})
	counter := t.TempDir() + "/counter"
	again, started := s.again(), ""
	for attempt := uint64(1); attempt <= 20; attempt++ {
		launch := exec.Launch{Attempt: attempt, Commands: []string{fmt.Sprintf("echo %d >>%s", attempt, counter)}}
		var both sync.WaitGroup
		for _, s := range []session{s, again} {
			both.Go(func() { _ = s.Runner.Launch(t.Context(), launch) })
		}
		both.Wait()
		if s.Runner.Probe(attempt).State != exec.Absent {
			s.Follow(attempt, 0).Wait()
			started += fmt.Sprintln(attempt)
		}
	}
	text, err := os.ReadFile(counter)
	require.NoError(t, err)
	require.Equal(t, started, string(text))
}

func TestProbeAndLaunchOfTwoProcessesAgree(t *testing.T) {
	notForRaces(t, "it is about processes")
	s := newSession(t, local.Options{})
	again := s.again()
	for attempt := uint64(1); attempt <= 30; attempt++ {
		var launched error
		var seen exec.Observation
		var both sync.WaitGroup
		both.Go(func() {
			launched = s.Runner.Launch(t.Context(), exec.Launch{Attempt: attempt, Commands: []string{"true"}})
		})
		both.Go(func() { seen = again.Runner.Probe(attempt) })
		both.Wait()
		if seen.State == exec.Absent {
			require.Error(t, launched, "absent is for ever")
			require.Equal(t, exec.Absent, s.Runner.Probe(attempt).State)
		} else {
			require.NoError(t, launched)
			s.Follow(attempt, 0).Wait()
		}
	}
}
