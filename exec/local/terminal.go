package local

import (
	"errors"
	"os"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"gatewalk/exec"
)

// terminal is a new one for each attempt, so that no command finds it as an earlier one has left it.
type terminal struct {
	near   *os.File // the shim's end
	far    *os.File // the command's end
	typed  chan []byte
	buffer []byte // for what is read
}

// mostRead is more than a terminal hands over at once, in bytes.
const mostRead = 16 * 1024

const unaskedColumns, unaskedRows = 80, 24

func openTerminal(size exec.Size) (*terminal, error) {
	near, far, err := pty.Open()
	if err != nil {
		return nil, err
	}
	if near, err = unblocked(near); err != nil {
		far.Close()
		return nil, err
	}
	t := &terminal{near: near, far: far, typed: make(chan []byte, 256), buffer: make([]byte, mostRead)}
	t.resize(size)
	if err := t.disableSuspend(); err != nil {
		return nil, err
	}
	go t.typeOn()
	return t, nil
}

// unblocked is the same file so that a read of it can be given up. As it comes from the package pty it cannot.
func unblocked(file *os.File) (*os.File, error) {
	defer file.Close()
	descriptor, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.SetNonblock(descriptor, true); err != nil {
		unix.Close(descriptor)
		return nil, err
	}
	return os.NewFile(uintptr(descriptor), file.Name()), nil
}

// disableSuspend makes ctrl-z an ordinary key: there is no shell to come back to, and what follows the stopped command would run.
func (t *terminal) disableSuspend() error {
	settings, err := t.settings()
	if err != nil {
		return err
	}
	settings.Cc[unix.VSUSP] = 0 // _POSIX_VDISABLE
	settings.Iflag |= unix.IUTF8
	return t.control(func(descriptor int) error { return unix.IoctlSetTermios(descriptor, unix.TCSETS, settings) })
}

// control reaches the near end, whose settings are the far end's.
func (t *terminal) control(do func(descriptor int) error) error {
	raw, err := t.near.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(descriptor uintptr) { failed = do(int(descriptor)) })
	return errors.Join(err, failed)
}

func (t *terminal) settings() (settings *unix.Termios, err error) {
	err = t.control(func(descriptor int) error {
		settings, err = unix.IoctlGetTermios(descriptor, unix.TCGETS)
		return err
	})
	return settings, err
}

// hidesTyping says whether a line is read and not shown: a password is asked. A full-screen program reads keys and not lines.
func (t *terminal) hidesTyping() bool {
	settings, err := t.settings()
	return err == nil && settings.Lflag&unix.ECHO == 0 && settings.Lflag&unix.ICANON != 0
}

func (t *terminal) resize(size exec.Size) {
	if size.Columns <= 0 || size.Rows <= 0 {
		size = exec.Size{Columns: unaskedColumns, Rows: unaskedRows}
	}
	_ = t.control(func(descriptor int) error {
		return unix.IoctlSetWinsize(descriptor, unix.TIOCSWINSZ, &unix.Winsize{Row: uint16(size.Rows), Col: uint16(size.Columns)})
	})
}

// signal goes to the foreground process group.
func (t *terminal) signal(number unix.Signal) {
	_ = t.control(func(descriptor int) error {
		group, err := unix.IoctlGetInt(descriptor, unix.TIOCGPGRP)
		if err != nil || group <= 1 { // to kill(2), -1 is everybody
			return err
		}
		return unix.Kill(-group, number)
	})
}

// typeIn queues keys. A command that reads nothing must not keep a signal from reaching it; when very much is queued, keys are lost, as
// on any terminal.
func (t *terminal) typeIn(keys []byte) {
	select {
	case t.typed <- keys:
	default:
	}
}

func (t *terminal) typeOn() {
	for keys := range t.typed {
		_, _ = t.near.Write(keys)
	}
}

// How long the terminal is read after the shell has ended.
const (
	quiet  = 100 * time.Millisecond // without output, while background processes hold it open
	atMost = time.Second            // with output
	poll   = 2 * time.Millisecond
	own    = 1 << 20 // bytes: more than a terminal can hold of what the shell itself has printed
)

// copyUntil hands on what is printed, until nobody holds the terminal any more or, once the shell has ended, only background
// processes do. It says whether such were left.
func (t *terminal) copyUntil(ended <-chan struct{}, take func([]byte)) (left bool) {
	defer t.near.Close()
	closed := make(chan struct{})
	go func() {
		t.copyAll(take)
		close(closed)
	}()
	select {
	case <-closed:
		return false
	case <-ended:
	}
	_ = t.near.SetReadDeadline(time.Now())
	<-closed
	_ = t.near.SetReadDeadline(time.Time{})
	return t.drain(take)
}

func (t *terminal) copyAll(take func([]byte)) {
	for {
		n, err := t.near.Read(t.buffer)
		if n > 0 {
			take(t.buffer[:n])
		}
		if err != nil {
			return
		}
	}
}

// drain reads what is left of a shell that has ended. Its own output comes before that of processes it has left behind.
func (t *terminal) drain(take func([]byte)) (left bool) {
	began, heard, taken := time.Now(), time.Now(), 0
	for {
		n, err := t.readNow(t.buffer)
		switch {
		case n > 0:
			take(t.buffer[:n])
			heard, taken = time.Now(), taken+n
			if taken > own && time.Since(began) > atMost {
				return true
			}
		case !errors.Is(err, unix.EAGAIN):
			return false
		case time.Since(heard) > quiet || time.Since(began) > atMost:
			return true
		default:
			time.Sleep(poll)
		}
	}
}

// readNow reads without waiting.
func (t *terminal) readNow(buffer []byte) (n int, err error) {
	raw, failed := t.near.SyscallConn()
	if failed != nil {
		return 0, failed
	}
	failed = raw.Read(func(descriptor uintptr) bool {
		n, err = unix.Read(int(descriptor), buffer)
		return true
	})
	return n, errors.Join(failed, err)
}
