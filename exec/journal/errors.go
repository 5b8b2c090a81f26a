package journal

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
)

// What a caller acts upon. All come wrapped: ask with errors.Is.
var (
	// ErrMoved: the journal does not end where the caller thinks, or a newer epoch has begun. Nothing was written.
	ErrMoved = errors.New("the journal has moved on: load it again before deciding")
	// ErrFull: there is no room. Nothing was written, and the journal takes the next line as soon as there is some.
	ErrFull = errors.New("the disk is full: make room, or take the record elsewhere with gatewalk move; until then no new command starts")
	// ErrInDoubt: the line may be on disk or not. The journal is dead; to close it and open it anew tells.
	ErrInDoubt = errors.New("whether the last line is on disk is not known: resume the session, which looks")
	// ErrDead: an earlier write was in doubt, so that nothing more is acknowledged on this file.
	ErrDead = errors.New("this journal takes no more lines after a failed write: resume the session")
	// ErrLocked: another process holds the session. It comes as a *Locked, which names it.
	ErrLocked = errors.New("the session is held by another process")
	// ErrVersion: the journal is written in another format.
	ErrVersion = errors.New("the journal has another format")
	// ErrOtherSession: the journal is another session's.
	ErrOtherSession = errors.New("the journal is another session's")
)

// Problem is what is wrong with a session's directory, or with a file in it. Its text is "place: what: next act".
type Problem struct {
	Place string
	What  string
	Next  string // what the operator can do
	Cause error  // what errors.Is finds; nil if there is nothing to branch on
}

func (p *Problem) Error() string { return p.Place + ": " + p.What + ": " + p.Next }

// Unwrap is the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// Damage says that a journal was changed after it was written. The events before it hold; such a journal can be opened
// read-only, and nothing is ever appended to it.
type Damage struct {
	File     string // path of the file, or of the attempt's directory
	Line     int    // counted from 1; 0 where it is not about a line
	Seq      uint64 // that line's number as it should be
	Reason   string
	LastGood uint64 // the number of the last event before the damage; 0 if there is none
}

func (d *Damage) Error() string {
	place := d.File
	if d.Line > 0 {
		place = fmt.Sprintf("%s:%d", d.File, d.Line)
	}
	if d.LastGood == 0 {
		return fmt.Sprintf("%s: %s: nothing before that holds; keep the directory, see what ran by its attempts, and begin a new session", place, d.Reason)
	}
	return fmt.Sprintf("%s: %s: gatewalk export and log show it up to event %d; gatewalk resume %s says what was lost, and with --accept goes on in a new session", place, d.Reason, d.LastGood, d.session())
}

// Traceless says that lines are gone of which the record itself shows nothing: it was put back from an older copy.
func (d *Damage) Traceless() bool { return d.Line == 0 && filepath.Base(d.File) == journalFile }

// session is the id of the session that is damaged.
func (d *Damage) session() string {
	dir := filepath.Dir(d.File)
	if filepath.Base(dir) == attempts {
		dir = filepath.Dir(dir)
	}
	return filepath.Base(dir)
}

func (r *Reader) cannotWrite(name string, err error) error {
	var problem *Problem
	if errors.As(err, &problem) {
		return err
	}
	return fmt.Errorf("%s: %w", r.path(name), failedWrite(err))
}

// failedWrite is what to tell of a write that left nothing behind.
func failedWrite(err error) error {
	if isFull(err) {
		return ErrFull
	}
	return fmt.Errorf("cannot be written (%s), nothing was: see to the disk, then try again: %w", errno(err), err)
}

// errno is an error without the path it was met on, for messages that begin with the place already.
func errno(err error) string {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number.Error()
	}
	return strings.TrimSpace(err.Error())
}

// isFull says whether an error means that there is no room, on the disk or in the user's quota.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
