// Package terminal is the operator's own terminal, as far as it is more than bytes: its echo, its keys, what waits in it
// unread, its size, its state.
//
// Its promise: what it changes it can put back, and where it cannot it says what to type.
package terminal

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// Is says whether a file is a terminal.
func Is(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }

// Size is a terminal's columns and rows; 80 and 24 where it does not say.
func Size(file *os.File) (columns, rows int) {
	columns, rows, err := term.GetSize(int(file.Fd()))
	if err != nil || columns <= 0 || rows <= 0 {
		return 80, 24
	}
	return columns, rows
}

// Drain drops what was typed and not yet read.
func Drain(file *os.File) {
	// Nothing can be dropped from what is no terminal, and nothing typed waits there.
	_ = unix.IoctlSetInt(int(file.Fd()), unix.TCFLSH, unix.TCIFLUSH)
}

// Echo has a terminal show what is typed, or not.
func Echo(file *os.File, on bool) error {
	state, err := unix.IoctlGetTermios(int(file.Fd()), unix.TCGETS)
	if err != nil {
		return err
	}
	state.Lflag &^= unix.ECHO
	if on {
		state.Lflag |= unix.ECHO
	}
	return unix.IoctlSetTermios(int(file.Fd()), unix.TCSETS, state)
}

// Kept is the state a terminal was in.
type Kept struct {
	file  *os.File
	state *term.State
}

// Keep remembers a terminal's state. What is no terminal has none.
func Keep(file *os.File) Kept {
	state, err := term.GetState(int(file.Fd()))
	if err != nil {
		return Kept{}
	}
	return Kept{file, state}
}

// Restore puts the state back.
func (k Kept) Restore() error {
	if k.state == nil {
		return nil
	}
	return term.Restore(int(k.file.Fd()), k.state)
}

// Broken says whether a terminal was left without echo or line editing, as by a screen that was killed. Type `reset` there.
func Broken(file *os.File) bool {
	state, err := unix.IoctlGetTermios(int(file.Fd()), unix.TCGETS)
	return err == nil && (state.Lflag&unix.ECHO == 0 || state.Lflag&unix.ICANON == 0)
}

// Sane makes a terminal usable that a killed screen left behind: it shows what is typed, edits lines, and is out of the
// alternate screen.
func Sane(file, screen *os.File) {
	state, err := unix.IoctlGetTermios(int(file.Fd()), unix.TCGETS)
	if err != nil {
		return
	}
	state.Lflag |= unix.ECHO | unix.ECHOE | unix.ICANON | unix.ISIG | unix.IEXTEN
	state.Iflag |= unix.ICRNL | unix.IXON
	state.Oflag |= unix.OPOST | unix.ONLCR
	if unix.IoctlSetTermios(int(file.Fd()), unix.TCSETS, state) == nil && Is(screen) {
		_, _ = screen.WriteString("\x1b[?1049l\x1b[?25h\x1b[0m\r\n")
	}
}

// Draws says whether a terminal can be drawn on: that the cursor goes where it is sent ($TERM says which kind it is).
func Draws(file *os.File) bool {
	kind := os.Getenv("TERM")
	return Is(file) && kind != "" && kind != "dumb"
}

// Keys hands over every key as it is pressed: the terminal shows none and takes none for itself. back ends that. What was
// typed before either, and not yet read, is dropped.
func Keys(file *os.File) (back func() error, err error) {
	before, err := term.MakeRaw(int(file.Fd()))
	if err != nil {
		return nil, err
	}
	Drain(file)
	return func() error {
		Drain(file)
		defer Drain(file) // a key pressed meanwhile is no line
		return term.Restore(int(file.Fd()), before)
	}, nil
}

// Interrupts are the operator's ctrl-c, which no longer ends the program until stop is called.
func Interrupts() (interrupts <-chan struct{}, stop func()) { return heard(os.Interrupt) }

// Resized says that a terminal may have another size now, until stop is called.
func Resized() (resized <-chan struct{}, stop func()) { return heard(unix.SIGWINCH) }

// heard takes a signal of the terminal for this program, until stop is called.
func heard(sign os.Signal) (heard <-chan struct{}, stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, sign)
	news := make(chan struct{}, 1)
	go func() {
		for range signals {
			select {
			case news <- struct{}{}:
			default: // one that nobody has seen yet says as much as two
			}
		}
	}()
	return news, func() {
		signal.Stop(signals)
		close(signals)
	}
}
