package local_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/local"
	"gatewalk/exec/socket"
)

// dialShim connects as any program of the operator could.
func (s session) dialShim(attempt string) *net.UnixConn {
	s.Helper()
	connection, _, err := socket.Dial(filepath.Dir(s.file(attempt, "socket")), "socket")
	require.NoError(s, err)
	s.Cleanup(func() { connection.Close() })
	return connection
}

func TestAnOrphanIsTypedIntoAndFollowedLikeAnyOther(t *testing.T) {
	s := newSession(t, local.Options{})
	kill(t, startParent(s, []string{
		`read -p 'Name: ' name; echo "hello $name"`,
		`read -s -p 'PIN: ' PIN; echo " ${#PIN} digits"`,
		`read -p 'Go: ' go; stty size`,
	}))
	for _, late := range []session{s, s.again()} {
		following := late.Follow(1, 0)
		following.Await("Name: ")
		require.Empty(t, following.Echoes())
	}
	running := s.Follow(1, 0)
	running.Type("orphan\r")
	running.Await("hello orphan\n")
	running.AwaitEcho(false)
	late := s.again().Follow(1, 0)
	late.AwaitEcho(false)
	running.Type("271828\r")
	running.Await("6 digits\n")
	late.AwaitEcho(true)
	require.NoError(t, s.Runner.Control(1, exec.Resize{Size: exec.Size{Columns: 61, Rows: 17}}))
	running.Type("\r")
	result := running.Wait()
	require.Contains(t, result.Text, "17 61\n")
	require.Equal(t, result.Raw, late.Wait().Raw)
	s.requireNowhere("271828")
}

func TestSeveralProcessesReachOneCommandAtOnce(t *testing.T) {
	s := newSession(t, local.Options{})
	const typists, lines = 5, 40
	running := s.Start(launch(fmt.Sprintf("for i in {1..%d}; do read -r line; echo \"<$line>\"; done", typists*lines)))
	var all sync.WaitGroup
	for typist := range typists {
		other := s.again()
		all.Go(func() {
			for line := range lines {
				keys := exec.Stdin{Bytes: fmt.Appendf(nil, "typist %d line %d\r", typist, line)}
				if err := other.Runner.Control(running.Attempt, keys); err != nil {
					t.Error(err)
				}
			}
		})
	}
	follower := s.again().Follow(running.Attempt, 0)
	all.Wait()
	result := running.Wait()
	require.Equal(t, result.Raw, follower.Wait().Raw)
	for typist := range typists {
		last := -1
		for line := range lines {
			at := strings.Index(result.Text, fmt.Sprintf("<typist %d line %d>", typist, line))
			require.Greater(t, at, last, "what one types arrives whole and in order")
			last = at
		}
	}
}

func TestALongPasteArrivesWhole(t *testing.T) {
	s := newSession(t, local.Options{})
	copied := filepath.Join(t.TempDir(), "copied")
	running := s.Start(launch("echo ready; head -n 5000 >" + copied))
	running.Await("ready\n")
	var pasted strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&pasted, "line %d of a long paste, such as a certificate or a manifest\n", i)
	}
	running.Type(pasted.String())
	running.Wait()
	arrived, err := os.ReadFile(copied)
	require.NoError(t, err)
	require.Equal(t, digestOf([]byte(pasted.String())), digestOf(arrived))
}

func TestNobodyAtTheSocketHoldsUpACommand(t *testing.T) {
	s := newSession(t, local.Options{})
	gate := filepath.Join(t.TempDir(), "gate")
	running := s.Start(launch("until [ -e " + gate + " ]; do sleep 0.01; done; for i in {1..20000}; do echo \"line $i\"; done"))
	deaf := s.dialShim("1")
	require.NoError(t, deaf.SetReadBuffer(1))
	gone := s.dialShim("1")
	gone.Close()
	babbler := s.dialShim("1")
	_, err := babbler.Write([]byte("this is no frame\n"))
	require.NoError(t, err)
	endless := s.dialShim("1")
	_, _ = endless.Write(bytes.Repeat([]byte("x"), 1<<20))
	require.NoError(t, os.WriteFile(gate, nil, 0o600))
	require.Contains(t, running.Wait().Text, "line 20000\n")
}

func TestWhoComesTooManyIsHungUpOnAndCanStillFollow(t *testing.T) {
	s := newSession(t, local.Options{})
	gate := filepath.Join(t.TempDir(), "gate")
	running := s.Start(launch("echo ready; until [ -e " + gate + " ]; do sleep 0.01; done; echo done"))
	running.Await("ready")
	for range 100 {
		s.dialShim("1")
	}
	late := s.again().Follow(running.Attempt, 0)
	late.Await("ready")
	require.NoError(t, os.WriteFile(gate, nil, 0o600))
	require.Equal(t, "ready\ndone\n", late.Wait().Text)
	require.Equal(t, "ready\ndone\n", running.Wait().Text)
}

func TestWhatStandsInASocketsPlaceIsNotTyped(t *testing.T) {
	for name, plant := range map[string]func(path string) error{
		"a symbolic link": func(path string) error { return os.Symlink(path+".moved", path) },
		"a named pipe":    func(path string) error { return unix.Mkfifo(path, 0o600) },
		"a file":          func(path string) error { return os.WriteFile(path, nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSession(t, local.Options{})
			running := s.Start(launch("read -p ready line; echo \"<$line>\""))
			running.Await("ready")
			path := s.file("1", "socket")
			require.NoError(t, os.Rename(path, path+".moved"))
			require.NoError(t, plant(path))
			other := s.again()
			err := other.Runner.Control(1, exec.Stdin{Bytes: []byte("secret\r")})
			require.ErrorContains(t, err, "cannot be reached: "+path+": "+name+" stands where a socket should be")
			following := other.Follow(1, 0)
			following.Await("ready")
			running.Type("fine\r")
			require.Contains(t, following.Wait().Text, "<fine>\n", "files say enough to follow it")
			running.Wait()
		})
	}
}

func TestAnImpostorIsNotTypedTo(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("read -p ready line"))
	running.Await("ready")
	require.NoError(t, os.Remove(s.file("1", "socket")))
	impostor, err := socket.Listen(filepath.Dir(s.file("1", "socket")), "socket")
	require.NoError(t, err)
	defer impostor.Close()
	err = s.again().Runner.Control(1, exec.Stdin{Bytes: []byte("secret\r")})
	require.ErrorContains(t, err, fmt.Sprintf("process %d listens there, and not %d", os.Getpid(), s.shimOf("1")))
	running.Type("\r")
	running.Wait()
}

func TestAShimThatIsStoppedIsNotWaitedFor(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("echo ready; sleep 600"))
	running.Await("ready")
	require.NoError(t, unix.Kill(s.shimOf("1"), unix.SIGSTOP))
	err := s.Runner.Control(1, exec.Stdin{Bytes: make([]byte, 8<<20)})
	require.ErrorContains(t, err, "runs, but cannot be reached")
	require.NoError(t, unix.Kill(s.shimOf("1"), unix.SIGCONT))
	require.NoError(t, s.again().Runner.Control(1, exec.Cancel{}))
	running.Wait()
}

func TestASignalThatCanBeCaughtEndsNoShim(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("read -p ready line; echo \"<$line>\""))
	running.Await("ready")
	uncaught := []unix.Signal{unix.SIGKILL, unix.SIGSTOP, 32, 34} // the last two a Go program leaves to a C library
	for number := unix.Signal(1); number <= 64; number++ {
		if !slices.Contains(uncaught, number) {
			require.NoError(t, unix.Kill(s.shimOf("1"), number))
		}
	}
	running.Type("alive\r")
	require.Contains(t, running.Wait().Text, "<alive>\n")
}

func TestASocketGoesWithItsShim(t *testing.T) {
	s := newSession(t, local.Options{})
	running := s.Start(launch("read -p ready line"))
	running.Await("ready")
	info, err := os.Lstat(s.file("1", "socket"))
	require.NoError(t, err)
	require.Equal(t, os.ModeSocket|0o600, info.Mode())
	running.Type("\r")
	running.Wait()
	require.NoFileExists(t, s.file("1", "socket"))
}

func TestADeepDirectoryIsNoHindrance(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("deep/", 40))
	require.NoError(t, os.MkdirAll(dir, 0o700))
	s := session{Bench: &exectest.Bench{T: t, Runner: local.New(dir, local.Options{})}, dir: dir}
	running := s.Start(launch("read -p ready line; echo \"<$line>\""))
	running.Await("ready")
	running.Type("far\r")
	require.Contains(t, running.Wait().Text, "<far>\n")
}

func TestAClaimThatCannotBeReadIsNoProofThatNothingRan(t *testing.T) {
	for name, plant := range map[string]func(path string) error{
		"a pipe": func(path string) error { return unix.Mkfifo(path, 0o600) },
		"a link": func(path string) error { return os.Symlink("/etc/hostname", path) },
		"empty":  func(path string) error { return os.WriteFile(path, nil, 0o600) },
	} {
		s := newSession(t, local.Options{})
		s.Do("echo ran")
		require.NoError(t, os.Remove(s.file("1", "exit")))
		require.NoError(t, os.Remove(s.file("1", "pid")))
		require.NoError(t, plant(s.file("1", "pid")))
		seen := s.Runner.Probe(1)
		require.Equal(t, exec.Lost, seen.State, name)
		require.Contains(t, seen.Evidence, s.file("1", "pid"), name)
		require.NoError(t, s.Runner.Launch(t.Context(), exec.Launch{Attempt: 1, Commands: []string{"echo again"}}))
		require.Equal(t, "ran\r\n", s.read("1", "out"), name)
	}
}
