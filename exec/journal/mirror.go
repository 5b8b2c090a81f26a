package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"gatewalk/steps"
)

// Mirror keeps a copy of a session's record in another directory, also while the session goes on. What the copy says
// holds at any moment, whenever the copying was cut off: no line stands in it before the files that the line speaks of,
// and no attempt's files before the line that started it. So a copy is opened, verified and resumed as a session is.
//
// It consists of the journal, the plan, the sources, the attachments, the contexts and the attempts; of an attempt
// without an end, of what it has printed so far. Whoever resumes a copy must not take an attempt without an end in it for
// one that never ran: it may have begun just after.
type Mirror struct {
	from     *Reader
	to       *Journal
	open     openAttempts
	wrote    int64
	problems []error
}

// openAttempts are those that the copy knows no end of.
type openAttempts map[uint64]bool

func (o openAttempts) learn(e steps.Event) {
	for _, f := range e.Facts {
		switch f := f.(type) {
		case steps.Started:
			o[e.Seq] = true
		case steps.Finished:
			delete(o, f.Attempt)
		}
	}
}

// Copied is what a copy holds.
type Copied struct {
	Seq   uint64 // the number of the last event; 0 if there is none yet
	Sum   string // sha256 of its line
	Wrote int64  // bytes written by this call
}

// Copy brings a copy of a session up to date once. See OpenMirror and Mirror.Sync.
func Copy(ctx context.Context, dir, to string) (Copied, error) {
	m, err := OpenMirror(ctx, dir, to)
	if err != nil {
		return Copied{}, err
	}
	copied, err := m.Sync(ctx)
	return copied, errors.Join(err, m.Close())
}

// OpenMirror begins a copy, or takes up one that was begun before. Its directory's name is the session's id, too. It
// holds the copy's lock until Close, and fails with a *Locked if another process does, with a *Damage if the copy was
// changed, and with a *Problem if the copy does not belong to the original.
func OpenMirror(ctx context.Context, dir, to string) (*Mirror, error) {
	from, err := OpenReadOnly(dir)
	if err != nil {
		return nil, err
	}
	held, err := holdCopy(from, absolute(to))
	if err != nil {
		return nil, errors.Join(err, from.Close())
	}
	return mirror(ctx, from, held)
}

func mirror(ctx context.Context, from *Reader, to *Journal) (*Mirror, error) {
	m := &Mirror{from: from, to: to, open: openAttempts{}}
	if err := m.meet(ctx); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

func holdCopy(from *Reader, to string) (*Journal, error) {
	if filepath.Base(to) != from.ID() {
		return nil, &Problem{to, "is no name for a copy of session " + from.ID(), "name it " + filepath.Join(to, from.ID()), nil}
	}
	if sameDirectory(from.dir, to) {
		return nil, &Problem{to, "is the session itself", "copy it to another directory", nil}
	}
	// It has no witness: one that is older than its original is what a copy may be.
	held, err := hold(to, false, resume)
	if errors.Is(err, fs.ErrNotExist) {
		return begin(to, false)
	}
	return held, err
}

func sameDirectory(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// meet reads the original as far as the copy goes. Where they differ, one of them went its own way, and nobody can say
// here which is right.
func (m *Mirror) meet(ctx context.Context) error {
	h, _, err := m.follow(ctx, head{session: m.from.ID()}, m.to.head.end, m.open.learn)
	if err != nil {
		return err
	}
	if h != m.to.head {
		return &Problem{m.to.path(journalFile), fmt.Sprintf("is no copy of %s: they differ after event %d", m.from.path(journalFile), h.seq), "keep both, and copy to another directory", nil}
	}
	return nil
}

// follow reads the original after h, up to a size.
func (m *Mirror) follow(ctx context.Context, h head, size int64, each func(steps.Event)) (head, ending, error) {
	opened, err := m.from.disk.open(journalFile, os.O_RDONLY)
	if err != nil {
		return h, ending{}, m.from.cannotOpen(err)
	}
	defer opened.Close()
	h, end, err := h.follow(ctx, io.NewSectionReader(opened, h.end, size-h.end), each)
	if err != nil {
		err = h.explain(m.from.path(journalFile), err)
	}
	return h, end, err
}

// Sync copies what is new. Its error holds, beside what kept it from copying, whatever the original's journal says of a
// file that is not so; what could be copied is copied then all the same. Nobody else may have changed the copy since.
func (m *Mirror) Sync(ctx context.Context) (Copied, error) {
	m.wrote, m.problems = 0, nil
	events, err := m.news(ctx)
	m.problem(err)
	m.problem(m.bring(ctx, events))
	seq, _ := m.to.Head()
	return Copied{seq, m.to.Sum(), m.wrote}, errors.Join(m.problems...)
}

func (m *Mirror) problem(err error) {
	if err != nil {
		m.problems = append(m.problems, err)
	}
}

// news are the events that the copy has not got. A line without its newline is still being written.
func (m *Mirror) news(ctx context.Context) ([]steps.Event, error) {
	var events []steps.Event
	_, end, err := m.follow(ctx, m.to.head, math.MaxInt64, func(e steps.Event) { events = append(events, e) })
	if end.open {
		events = events[:len(events)-1]
	}
	return events, err
}

// Close lets go of the copy.
func (m *Mirror) Close() error { return errors.Join(m.to.Close(), m.from.Close()) }
