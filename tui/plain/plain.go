// Package plain walks a runbook as lines of text: for pipes, serial consoles, screen readers, scripts and tests.
//
// Its promise: the same inputs, gates and record as the screen, by words alone. Nothing that was written is repainted or
// moved, no colour of ours says anything, and every line can be understood by itself. A gate is passed by a line that was typed
// after the whole gate had been read out: what was typed, pasted or piped before it is dropped, and said to be.
//
// What a command prints is led by "| ", so that no output can be mistaken for a word of the walk. A command that draws, or
// wants single keys, is given the whole terminal where there is one, and shown there as a picture, beside the lines.
package plain

import (
	"context"
	"errors"
	"io"
	"time"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// Options are what a walk is given besides its session.
type Options struct {
	Plan     *runbook.Plan
	Operator string           // who records work done by hand, unless another name is given
	Label    string           // this walk as the session names who drives; the operator where it has no other name
	Now      func() time.Time // for the age of evidence
	Width    int              // columns that prose is wrapped to; 0 means 80

	// Answers speak for the operator where they have something to say. ByFile is the session as the file speaks to it, so
	// that the record says who spoke; nil means the session itself.
	Answers *Answers
	ByFile  steps.Session

	// Interactive says that lines come from a terminal. Then what was typed before a gate is dropped.
	Interactive bool
	// Code makes the short code that a person types after the word that passes a gate: another one each time, so that no
	// paste can hold it. Nil asks for none.
	Code func() string
	// Drain drops what the terminal holds unread (tcflush). It is called when a gate has been read out; nil drops nothing
	// that has not reached the walk yet. Bracketed paste may be on: a line with an escape in it never confirms.
	Drain func()
	// Echo turns the terminal's echo on and off, for secrets and for commands that ask for a password. (A second reader
	// of the terminal could not be used for that: the walk's own is waiting on it already.) Nil leaves it as it is.
	Echo func(on bool) error
	// Interrupts are the operator's ctrl-c: it goes to the running command.
	Interrupts <-chan struct{}
	// Terminal is what a command can be given whole. Nil where there is none that can be drawn on.
	Terminal *Terminal
}

// Terminal is the operator's own, as far as a command needs more of it than lines.
type Terminal struct {
	Keys    func() (back func() error, err error) // every key as it is pressed, shown by nobody, until back
	Size    func() (columns, rows int)
	Resized <-chan struct{} // it may have another size now
	Colours bool            // the command's own are shown
}

// The reasons why a walk ends before the session is closed as completed. Walk answers a *Stop that wraps one of them.
var (
	ErrParked     = errors.New("the session is parked")
	ErrStopped    = errors.New("the session was closed before its end")
	ErrNoGo       = errors.New("no-go")
	ErrFailed     = errors.New("a step failed")
	ErrUnanswered = errors.New("the answers file does not say")
)

// Stop is the end of a walk before its time: where it stands, why, and what the operator can do next.
type Stop struct {
	Reason error  // one of the errors of this package
	At     string // the place as people name it
	Text   string
	Next   string
}

func (s *Stop) Error() string {
	text := s.Text
	if text == "" {
		text = s.Reason.Error()
	}
	if s.At != "" {
		text = s.At + ": " + text
	}
	if s.Next != "" {
		text += "; " + s.Next
	}
	return text
}

func (s *Stop) Unwrap() error { return s.Reason }

// Walk walks a session until it is closed, left or stopped. It answers nil when the session was closed as completed, a
// *Stop when it ended before that, and any other error when the session, the reader or the writer failed.
// A reader goroutine waits on in beyond the end of the walk, until in answers it.
func Walk(ctx context.Context, session steps.Session, in io.Reader, out io.Writer, options Options) error {
	w := newWalk(ctx, session, out, options)
	w.lines = listen(in)
	defer w.lines.close()
	if err := w.begin(); err != nil {
		return err
	}
	return w.run()
}
