package socket_test

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/exec/exectest"
	"gatewalk/exec/socket"
)

// private is a directory such as sockets lie in.
func private(t *testing.T) string {
	dir := filepath.Join(t.TempDir(), "private")
	require.NoError(t, os.Mkdir(dir, 0o700))
	return dir
}

// listening hands over what it accepts.
func listening(t *testing.T, dir string) <-chan accepted {
	l, err := socket.Listen(dir, "s")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	all := make(chan accepted)
	go func() {
		defer close(all)
		for {
			connection, peer, err := l.Accept()
			if err != nil {
				return
			}
			all <- accepted{connection, peer}
		}
	}()
	return all
}

type accepted struct {
	connection *net.UnixConn
	peer       socket.Peer
}

func TestBothEndsKnowEachOther(t *testing.T) {
	dir := private(t)
	all := listening(t, dir)
	near, peer, err := socket.Dial(dir, "s")
	require.NoError(t, err)
	defer near.Close()
	far := <-all
	require.Equal(t, socket.Peer{PID: os.Getpid(), UID: os.Geteuid()}, peer)
	require.Equal(t, peer, far.peer)
	_, err = near.Write([]byte("hello"))
	require.NoError(t, err)
	require.NoError(t, near.CloseWrite())
	heard, err := io.ReadAll(far.connection)
	require.NoError(t, err)
	require.Equal(t, "hello", string(heard))
}

func TestASocketIsItsUsersOnly(t *testing.T) {
	old := unix.Umask(0)
	defer unix.Umask(old)
	dir := private(t)
	listening(t, dir)
	info, err := os.Lstat(filepath.Join(dir, "s"))
	require.NoError(t, err)
	require.Equal(t, fs.ModeSocket|0o600, info.Mode())
}

func TestAPathMayBeLong(t *testing.T) {
	dir := private(t)
	for range 4 {
		dir = filepath.Join(dir, strings.Repeat("deep", 50))
		require.NoError(t, os.Mkdir(dir, 0o700))
	}
	all := listening(t, dir)
	connection, _, err := socket.Dial(dir, "s")
	require.NoError(t, err)
	connection.Close()
	<-all
}

func TestWhatIsNoSocketIsRefusedAndLeftAlone(t *testing.T) {
	for kind, plant := range map[string]func(path string) error{
		"a symbolic link": func(path string) error { return os.Symlink("elsewhere", path) },
		"a named pipe":    func(path string) error { return unix.Mkfifo(path, 0o600) },
		"a file":          func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"a directory":     func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		dir := private(t)
		listening(t, dir)
		require.NoError(t, os.Rename(filepath.Join(dir, "s"), filepath.Join(dir, "elsewhere")))
		require.NoError(t, plant(filepath.Join(dir, "s")))
		before, err := os.Lstat(filepath.Join(dir, "s"))
		require.NoError(t, err)
		_, _, err = socket.Dial(dir, "s")
		require.ErrorContains(t, err, kind+" stands where a socket should be")
		_, err = socket.Listen(dir, "s")
		require.ErrorIs(t, err, syscall.EADDRINUSE)
		after, err := os.Lstat(filepath.Join(dir, "s"))
		require.NoError(t, err)
		require.True(t, os.SameFile(before, after))
	}
}

func TestADirectoryThatOthersMayEnterIsRefused(t *testing.T) {
	dir := private(t)
	listening(t, dir)
	link := filepath.Join(filepath.Dir(dir), "link")
	require.NoError(t, os.Symlink(dir, link))
	_, _, err := socket.Dial(link, "s")
	require.Error(t, err, "a link leads anywhere")
	require.NoError(t, os.Chmod(dir, 0o750))
	_, _, err = socket.Dial(dir, "s")
	require.ErrorContains(t, err, "mode 0750, and must be yours")
	_, err = socket.Listen(dir, "other")
	require.ErrorContains(t, err, "chmod 700")
}

func TestWhatIsMissingAndWhatIsDeafAreToldApart(t *testing.T) {
	dir := private(t)
	_, _, err := socket.Dial(dir, "s")
	require.ErrorIs(t, err, fs.ErrNotExist)
	l, err := socket.Listen(dir, "s")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	_, _, err = socket.Dial(dir, "s")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	_, err = socket.Listen(dir, "s")
	require.ErrorIs(t, err, syscall.EADDRINUSE, "only who knows that it is stale may remove it")
}

const nobody = 65534

func TestAnotherUserIsHungUpOn(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: becoming another user needs root")
	}
	dir := private(t)
	all := listening(t, dir)
	// Every other guard is taken away, so that the peer's user is all that is left.
	exectest.LetOthersInto(t, dir)
	path := filepath.Join(dir, "s")
	require.NoError(t, os.Chmod(path, 0o666))
	require.NoError(t, asNobody(func() error {
		// The thread goes there by itself: the path may be longer than an address.
		if err := errors.Join(unix.Unshare(unix.CLONE_FS), unix.Chdir(dir)); err != nil {
			return err
		}
		theirs, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		defer unix.Close(theirs)
		if err := unix.SetsockoptTimeval(theirs, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 10}); err != nil {
			return err
		}
		if err := unix.Connect(theirs, &unix.SockaddrUnix{Name: "s"}); err != nil {
			return err
		}
		n, err := unix.Read(theirs, make([]byte, 1))
		if n > 0 {
			panic("heard something")
		}
		return err
	}))
	select {
	case <-all:
		require.Fail(t, "another user's connection was accepted")
	default:
	}
}

func TestAnotherUsersSocketIsRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: giving a socket to another user needs root")
	}
	dir := private(t)
	listening(t, dir)
	require.NoError(t, os.Chown(filepath.Join(dir, "s"), nobody, nobody))
	_, _, err := socket.Dial(dir, "s")
	require.ErrorContains(t, err, "belongs to user 65534")

	dir = private(t)
	require.NoError(t, os.Chown(dir, nobody, nobody))
	_, _, err = socket.Dial(dir, "s")
	require.ErrorContains(t, err, "belongs to user 65534")
}

// A socket may be ours by its name, and somebody else may hear what is said there.
func TestWhereAnotherUserListensNothingIsSaid(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: becoming another user needs root")
	}
	dir := private(t)
	exectest.LetOthersInto(t, dir)
	require.NoError(t, os.Chmod(dir, 0o777))
	listener := -1
	require.NoError(t, asNobody(func() (err error) {
		if err := errors.Join(unix.Unshare(unix.CLONE_FS), unix.Chdir(dir)); err != nil {
			return err
		}
		if listener, err = unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
			return err
		}
		return errors.Join(unix.Bind(listener, &unix.SockaddrUnix{Name: "s"}), unix.Listen(listener, 1))
	}))
	defer unix.Close(listener)
	require.NoError(t, os.Chown(filepath.Join(dir, "s"), 0, 0))
	require.NoError(t, os.Chmod(dir, 0o700))
	_, _, err := socket.Dial(dir, "s")
	require.ErrorContains(t, err, "user 65534 listens there, you are user 0")
}

// asNobody does something in a thread of another user, which ends with it.
func asNobody(do func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocks: the thread goes with the goroutine
		if _, _, failed := unix.RawSyscall(unix.SYS_SETRESUID, nobody, nobody, nobody); failed != 0 {
			done <- failed
			return
		}
		done <- do()
	}()
	return <-done
}
