package keeper

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"gatewalk/exec/socket"
)

// socketName is the socket in a session's directory.
const socketName = "socket"

// ErrNone says that no keeper listens in a session's directory.
var ErrNone = errors.New("no keeper holds this session")

// listen takes the socket's name. The caller holds the session's lock, so a socket where nobody listens is a dead keeper's.
func listen(dir string) (*socket.Listener, error) {
	conn, _, err := dial(dir)
	switch {
	case err == nil:
		conn.Close()
		return nil, fmt.Errorf("%s: somebody listens there who does not hold the session's lock: find out who", filepath.Join(dir, socketName))
	case !errors.Is(err, ErrNone):
		return nil, err
	}
	if err := removeSocket(dir); err != nil {
		return nil, err
	}
	return socket.Listen(dir, socketName)
}

// removeSocket takes the name away. Only the holder of the session's lock may.
func removeSocket(dir string) error {
	err := os.Remove(filepath.Join(dir, socketName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// dial reaches the keeper, and says which process it is.
func dial(dir string) (*net.UnixConn, int, error) {
	conn, peer, err := socket.Dial(dir, socketName)
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, fs.ErrNotExist) {
		return nil, 0, ErrNone
	}
	return conn, peer.PID, err
}

// hungUp says whether the other end is gone, though what it sent may be unread yet.
func hungUp(conn *net.UnixConn) bool {
	raw, err := conn.SyscallConn()
	if err != nil {
		return true
	}
	gone := false
	err = raw.Control(func(fd uintptr) {
		polled := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLRDHUP}}
		if _, err := unix.Poll(polled, 0); err == nil {
			gone = polled[0].Revents&(unix.POLLRDHUP|unix.POLLHUP|unix.POLLERR) != 0
		}
	})
	return gone || err != nil
}
