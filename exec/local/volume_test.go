package local_test

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"os"
	osexec "os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/local"
)

// digester is a Sink that keeps nothing.
type digester struct {
	digest hash.Hash
	bytes  int64
}

func (d *digester) Output(offset int64, p []byte) {
	if offset != d.bytes {
		panic(fmt.Sprintf("output came at offset %d, expected %d", offset, d.bytes))
	}
	d.digest.Write(p)
	d.bytes += int64(len(p))
}

func (d *digester) Echo(bool) {}

// floodLine is what a flood consists of.
const floodLine = "a line of output, as there are many\n"

// floodSize is how many bytes a flood has.
func floodSize() int {
	switch {
	case long():
		return 1 << 30
	case testing.Short():
		return 8 << 20
	}
	return 64 << 20
}

// flood prints so many bytes.
func flood(bytes int) string {
	return fmt.Sprintf("yes '%s' | head -c %d", strings.TrimSpace(floodLine), bytes)
}

// floodDigest is of what such a command prints.
func floodDigest(bytes int) string {
	digest := sha256.New()
	for lines := strings.Repeat(floodLine, 4096); bytes > 0; bytes -= len(lines) {
		digest.Write([]byte(lines[:min(bytes, len(lines))]))
	}
	return fmt.Sprintf("sha256:%x", digest.Sum(nil))
}

func TestMuchOutputInLittleMemory(t *testing.T) {
	const most = 80 << 20
	size := floodSize()
	s := newSession(t, local.Options{})
	before := memory(t, os.Getpid(), "VmHWM")
	launch := withSecret("", "stty -opost -echo; "+flood(size)+"; read -r go")
	launch.Attempt = 1
	require.NoError(t, s.Runner.Launch(t.Context(), launch))
	sink := &digester{digest: sha256.New()}
	ended := make(chan error, 1)
	go func() { ended <- s.Runner.Follow(t.Context(), 1, 0, sink) }()

	require.Eventually(t, func() bool {
		info, err := os.Stat(s.file("1", "out"))
		return err == nil && info.Size() == int64(size)
	}, 10*exectest.Patience, 5*time.Millisecond, "all is printed")
	require.Less(t, memory(t, s.shimOf("1"), "VmHWM"), most, "of the shim")
	require.NoError(t, s.Runner.Control(1, exec.Stdin{Bytes: []byte("\n")}))
	require.NoError(t, <-ended)
	require.Less(t, memory(t, os.Getpid(), "VmHWM")-before, most, "of the follower")
	end := s.Runner.Probe(1).End
	require.Equal(t, floodDigest(size), end.Digest, "nothing is dropped")
	require.Equal(t, end.Bytes, sink.bytes)
	require.Equal(t, end.Digest, fmt.Sprintf("sha256:%x", sink.digest.Sum(nil)))
	t.Logf("%d MiB in %s", size>>20, end.Took)
}

// TestAShimIsSmall compares a shim with a process of the same program that does nothing: what its packages take is not the shim's.
func TestAShimIsSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("memory is not measured with -short: the race detector takes more than a shim")
	}
	const most = 1536 << 10
	s := newSession(t, local.Options{})
	running := s.Start(launch("read -p ready line"))
	running.Await("ready")
	bare := idleMemory(t)
	var anonymous int
	eventually(t, "it gives back what only its beginning took", func() bool {
		anonymous = memory(t, s.shimOf("1"), "RssAnon")
		return anonymous < bare+most
	})
	t.Logf("%d KiB of anonymous memory, %d KiB of them for being this program", anonymous>>10, bare>>10)
	running.Type("\r")
	running.Wait()
}

// idleMemory is the anonymous memory of this program when it has begun and does nothing.
func idleMemory(t *testing.T) (bytes int) {
	executable, err := os.Executable()
	require.NoError(t, err)
	process := osexec.Command(executable, idle)
	stdin, err := process.StdinPipe()
	require.NoError(t, err)
	stdout, err := process.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, process.Start())
	_, err = io.ReadFull(stdout, make([]byte, len(begun)))
	require.NoError(t, err, "it has begun")
	bytes = memory(t, process.Process.Pid, "RssAnon")
	require.NoError(t, stdin.Close())
	require.NoError(t, process.Wait())
	return bytes
}

// memory is what /proc/PID/status says of a process, in bytes: the most it has had (VmHWM), or what is its alone (RssAnon).
func memory(t testing.TB, pid int, name string) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, name+":"); found {
			kilobytes, err := strconv.Atoi(strings.Fields(value)[0])
			require.NoError(t, err)
			return kilobytes << 10
		}
	}
	require.Fail(t, "no "+name)
	return 0
}

func TestEndingAndFollowingWhileOutputFlows(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("for i in {1..20000}; do echo \"line $i of a steady stream\"; done"))
	for range 100 {
		part := s.Follow(running.Attempt, int64(len(running.Bytes())))
		select {
		case <-part.Changed():
		case <-time.After(time.Millisecond):
		}
		require.Empty(t, part.Problem())
	}
	result := running.Wait()
	require.Equal(t, digestOf(result.Raw), result.Digest)
}

func TestManyAttemptsAtOnce(t *testing.T) {
	s := newSession(t, local.Options{})
	gate := t.TempDir() + "/gate"
	for attempt := uint64(1); attempt <= 24; attempt++ {
		command := fmt.Sprintf("until [ -e %s ]; do sleep 0.05; done; echo attempt %d", gate, attempt)
		require.NoError(t, s.Runner.Launch(t.Context(), exec.Launch{Attempt: attempt, Commands: []string{command}}))
	}
	require.NoError(t, os.WriteFile(gate, nil, 0o600))
	for attempt := uint64(1); attempt <= 24; attempt++ {
		require.Equal(t, fmt.Sprintf("attempt %d\n", attempt), s.Follow(attempt, 0).Wait().Text)
	}
}
