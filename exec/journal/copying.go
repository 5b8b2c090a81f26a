package journal

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path"
	"regexp"
	"slices"

	"gatewalk/runbook/doc"
	"gatewalk/steps"
)

// bring copies in the order in which the original was written.
func (m *Mirror) bring(ctx context.Context, events []steps.Event) error {
	if err := m.documents(ctx); err != nil {
		return err
	}
	var lines []steps.Event
	for _, e := range events {
		if ended := endedBy(e); len(ended) > 0 {
			if err := m.ended(ctx, lines, ended); err != nil {
				return err
			}
			lines = nil
		}
		m.check(e)
		lines = append(lines, e)
	}
	if err := m.lines(ctx, lines); err != nil {
		return err
	}
	return m.running(ctx)
}

func endedBy(e steps.Event) []steps.Finished {
	var ended []steps.Finished
	for _, f := range e.Facts {
		if f, ok := f.(steps.Finished); ok {
			ended = append(ended, f)
		}
	}
	return ended
}

// documents copies what is written once, and the note of which context is the latest.
func (m *Mirror) documents(ctx context.Context) error {
	if err := m.missing(ctx, ".", onceName()); err != nil {
		return err
	}
	for _, dir := range []string{sources, attachments} {
		if err := m.missing(ctx, dir, storedName()); err != nil {
			return err
		}
	}
	if err := m.missing(ctx, contexts, contextName()); err != nil {
		return err
	}
	return m.latest(ctx)
}

// latest copies the one file that is written again and again: of a rehearsal, the digest of its newest context.
func (m *Mirror) latest(ctx context.Context) error {
	err := m.whole(ctx, contexts+"/latest")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// What a directory of a record may hold for good. Other names are drafts.
var (
	onceName    = doc.Pattern(`^(plan\.json|home)$`)
	storedName  = doc.Pattern(`^[^.]`)
	contextName = doc.Pattern(`^[0-9a-f]+$`)
	launchName  = doc.Pattern(`^(cmd|pid)$`)
	endName     = doc.Pattern(`^(exit|times)$`)
)

// missing copies those files of a directory that the copy has not got.
func (m *Mirror) missing(ctx context.Context, dir string, wanted *regexp.Regexp) error {
	names, err := m.from.disk.names(dir)
	if err != nil {
		return err
	}
	have, err := m.to.disk.names(dir)
	if err != nil {
		return err
	}
	if len(names) > 0 {
		if err := m.to.ensure(dir); err != nil {
			return err
		}
	}
	for _, name := range names {
		if wanted.MatchString(name) && !slices.Contains(have, name) {
			if err := m.whole(ctx, path.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// whole copies a file, in place of what the copy may have of it.
func (m *Mirror) whole(ctx context.Context, name string) error {
	opened, err := m.from.disk.open(name, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer opened.Close()
	stored, err := m.to.store(name, interruptible{ctx, opened})
	m.wrote += stored.Bytes
	return err
}

// lines appends events to the copy.
func (m *Mirror) lines(ctx context.Context, events []steps.Event) error {
	for _, e := range events {
		before := m.to.head
		if err := m.to.Append(ctx, before.seq, e.Epoch, e); err != nil {
			return err
		}
		m.wrote += m.to.head.end - before.end
		m.open.learn(e)
	}
	return nil
}

// ended copies the attempts that the next event ends, once the lines are there that started them.
func (m *Mirror) ended(ctx context.Context, lines []steps.Event, ended []steps.Finished) error {
	if err := m.lines(ctx, lines); err != nil {
		return err
	}
	for _, f := range ended {
		if err := m.attempt(ctx, f.Attempt); err != nil {
			return err
		}
		// A copy that was cut off by a power cut may have another output, of the same length.
		if have, err := m.to.digestOf(outputOf(f.Attempt)); err == nil && have != f.Output {
			if err := m.whole(ctx, outputOf(f.Attempt)); err != nil {
				return err
			}
		}
	}
	return nil
}

// check compares what the copy has got with what an event says of it.
func (m *Mirror) check(e steps.Event) {
	v := verification{Reader: m.to.Reader}
	v.event(e)
	m.problems = append(m.problems, v.report.Problems...)
}

// running copies what has come of the attempts without an end.
func (m *Mirror) running(ctx context.Context) error {
	for _, attempt := range slices.Sorted(maps.Keys(m.open)) {
		if err := m.attempt(ctx, attempt); err != nil {
			return err
		}
	}
	return nil
}

// attempt copies the files that an attempt keeps for good, its end last.
func (m *Mirror) attempt(ctx context.Context, attempt uint64) error {
	dir := attemptDir(attempt)
	names, err := m.from.disk.names(dir)
	if err != nil || len(names) == 0 {
		return err
	}
	if err := m.to.ensure(dir); err != nil {
		return err
	}
	if err := m.missing(ctx, dir, launchName()); err != nil {
		return err
	}
	if slices.Contains(names, "out") {
		if err := m.extend(ctx, outputOf(attempt)); err != nil {
			return err
		}
	}
	if !slices.Contains(names, "exit") {
		return nil // also where it has one by now: its output may have grown since
	}
	return m.missing(ctx, dir, endName())
}

// extend copies what a growing file has more than its copy.
func (m *Mirror) extend(ctx context.Context, name string) error {
	opened, err := m.from.disk.open(name, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer opened.Close()
	grown, err := m.to.grow(name, func(from int64) io.Reader {
		return interruptible{ctx, io.NewSectionReader(opened, from, math.MaxInt64-from)}
	})
	m.wrote += grown
	return err
}

// interruptible stops reading when its context is done.
type interruptible struct {
	ctx context.Context
	io.Reader
}

func (i interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.Reader.Read(p)
}
