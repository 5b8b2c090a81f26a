// Package socket connects processes of one user on one machine.
//
// Its promise: a socket lies in a directory that is its user's and closed to all others, is open to that user alone, and each end
// knows from the kernel that the other runs as that user. What stands in a socket's place, a link, a pipe, another user's socket, is
// refused and left alone. Paths may be as long as the file system allows, although a socket's address holds 108 bytes (unix(7)).
package socket

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// Peer is the process at the other end, as the kernel knows it: of the end that dialed the process that dialed, of the end that
// listens the process that began to listen.
type Peer struct{ PID, UID int }

// Listener takes connections of its own user.
type Listener struct{ listener *net.UnixListener }

// Listen makes a socket in a directory. Where the name is taken, by whatever it may be, it fails with syscall.EADDRINUSE: only who
// knows that nobody listens there any more may remove it.
func Listen(dir, name string) (*Listener, error) {
	opened, err := openPrivate(dir)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	listener, err := net.ListenUnix("unix", address(opened, name))
	if err != nil {
		return nil, inPlace(dir, name, err)
	}
	listener.SetUnlinkOnClose(false) // the address is good only while the directory is open
	// Until this is done the directory alone keeps others out.
	if err := unix.Fchmodat(int(opened.Fd()), name, 0o600, 0); err != nil {
		listener.Close()
		return nil, inPlace(dir, name, err)
	}
	return &Listener{listener}, nil
}

// Accept waits for the next connection of the same user. Others are hung up on, unheard. It fails when the listener is closed, or
// when this process can open no more files; after that it may be called again.
func (l *Listener) Accept() (*net.UnixConn, Peer, error) {
	for {
		connection, err := l.listener.AcceptUnix()
		if err != nil {
			return nil, Peer{}, err
		}
		if peer, err := peerOf(connection); err == nil && peer.UID == os.Geteuid() {
			return connection, peer, nil
		}
		connection.Close()
	}
}

// Close ends listening. The name stays.
func (l *Listener) Close() error { return l.listener.Close() }

// Dial connects to a socket of the same user. The error is fs.ErrNotExist where there is no such name, and syscall.ECONNREFUSED
// where nobody listens any more.
func Dial(dir, name string) (*net.UnixConn, Peer, error) {
	opened, err := openPrivate(dir)
	if err != nil {
		return nil, Peer{}, err
	}
	defer opened.Close()
	if err := checkSocket(opened, name); err != nil {
		return nil, Peer{}, inPlace(dir, name, err)
	}
	connection, err := net.DialUnix("unix", nil, address(opened, name))
	if err != nil {
		return nil, Peer{}, inPlace(dir, name, err)
	}
	peer, err := peerOf(connection)
	if err == nil && peer.UID != os.Geteuid() {
		err = fmt.Errorf("user %d listens there, you are user %d: see who has been here", peer.UID, os.Geteuid())
	}
	if err != nil {
		connection.Close()
		return nil, Peer{}, inPlace(dir, name, err)
	}
	return connection, peer, nil
}

func inPlace(dir, name string, err error) error {
	return fmt.Errorf("%s: %w", filepath.Join(dir, name), err)
}

// address leads through the open directory, so that neither its length nor what becomes of its path matters.
func address(dir *os.File, name string) *net.UnixAddr {
	return &net.UnixAddr{Net: "unix", Name: "/proc/self/fd/" + strconv.Itoa(int(dir.Fd())) + "/" + name}
}

// openPrivate opens a directory that is no link, and checks the open one: its path may have changed meanwhile.
func openPrivate(dir string) (*os.File, error) {
	opened, err := os.OpenFile(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	var found unix.Stat_t
	if err := unix.Fstat(int(opened.Fd()), &found); err != nil {
		opened.Close()
		return nil, err
	}
	if int(found.Uid) != os.Geteuid() || found.Mode&0o077 != 0 {
		opened.Close()
		return nil, fmt.Errorf("%s: belongs to user %d with mode %04o, and must be yours (%d) and closed to all others: see who has been there, then chmod 700 it",
			dir, found.Uid, found.Mode&0o7777, os.Geteuid())
	}
	return opened, nil
}

func checkSocket(dir *os.File, name string) error {
	var found unix.Stat_t
	if err := unix.Fstatat(int(dir.Fd()), name, &found, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return err
	}
	if kind := found.Mode & unix.S_IFMT; kind != unix.S_IFSOCK {
		return fmt.Errorf("%s stands where a socket should be: see who put it there, then remove it", kindOf(kind))
	}
	if int(found.Uid) != os.Geteuid() {
		return fmt.Errorf("this socket belongs to user %d, you are user %d: see who put it there", found.Uid, os.Geteuid())
	}
	return nil
}

func kindOf(kind uint32) string {
	switch kind {
	case unix.S_IFLNK:
		return "a symbolic link"
	case unix.S_IFIFO:
		return "a named pipe"
	case unix.S_IFDIR:
		return "a directory"
	case unix.S_IFREG:
		return "a file"
	default:
		return "a device"
	}
}

func peerOf(connection *net.UnixConn) (Peer, error) {
	raw, err := connection.SyscallConn()
	if err != nil {
		return Peer{}, err
	}
	var peer *unix.Ucred
	var failed error
	err = raw.Control(func(descriptor uintptr) {
		peer, failed = unix.GetsockoptUcred(int(descriptor), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return Peer{}, err
	}
	return Peer{PID: int(peer.Pid), UID: int(peer.Uid)}, nil
}
