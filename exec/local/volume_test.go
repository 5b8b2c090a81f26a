package local_test

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
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

func TestMuchOutputInLittleMemory(t *testing.T) {
	const megabytes, most = 100, 80 << 20
	s := newSession(t, local.Options{})
	before := highWater(t, os.Getpid())
	launch := withSecret("", fmt.Sprintf("stty -opost; yes 'a line of output, as there are many' | head -c %d; echo ready; read -r go", megabytes<<20))
	launch.Attempt = 1
	require.NoError(t, s.Runner.Launch(t.Context(), launch))
	sink := &digester{digest: sha256.New()}
	ended := make(chan error, 1)
	go func() { ended <- s.Runner.Follow(t.Context(), 1, 0, sink) }()

	eventually(t, "all is printed", func() bool {
		info, err := os.Stat(s.file("1", "out"))
		return err == nil && info.Size() > megabytes<<20
	})
	require.Less(t, highWater(t, s.shimOf("1")), most, "of the shim")
	require.NoError(t, s.Runner.Control(1, exec.Stdin{Bytes: []byte("\n")}))
	require.NoError(t, <-ended)
	require.Less(t, highWater(t, os.Getpid())-before, most, "of the follower")
	end := s.Runner.Probe(1).End
	require.Equal(t, end.Bytes, sink.bytes)
	require.Equal(t, end.Digest, fmt.Sprintf("sha256:%x", sink.digest.Sum(nil)))
}

// highWater is the most memory a process has had, in bytes.
func highWater(t *testing.T, pid int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, "VmHWM:"); found {
			kilobytes, err := strconv.Atoi(strings.Fields(value)[0])
			require.NoError(t, err)
			return kilobytes << 10
		}
	}
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
