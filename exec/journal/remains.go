package journal

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"gatewalk/steps"
)

// Inspect reads a session as Open would, without holding it: the events that hold, and the numbers of the attempts that stand
// for lines which have been lost. The error is a *Damage wherever Open would not take the session up.
func (r *Reader) Inspect(ctx context.Context) (events []steps.Event, orphans []uint64, err error) {
	names, err := r.disk.names(attempts) // before the events, as Orphans does
	if err != nil {
		return nil, nil, err
	}
	events, h, _, err := r.load(ctx)
	var damage *Damage
	if err != nil && !errors.As(err, &damage) {
		return nil, nil, err
	}
	dirs := r.unknown(names, events)
	for _, dir := range dirs {
		if number, err := strconv.ParseUint(filepath.Base(dir), 10, 64); err == nil {
			orphans = append(orphans, number)
		}
	}
	if err == nil && len(dirs) > 0 {
		err = orphaned(dirs[0], h.seq)
	}
	return events, orphans, err
}

// Remains are the files of an attempt as they are: what they say is claimed by nobody but them.
type Remains struct {
	Command []byte    // what was launched; nil if nothing tells
	Began   time.Time // when that was written; zero if nothing tells
	End     []byte    // how it ended; nil if nothing tells
	Bytes   int64     // that it printed
	Printed time.Time // when it last did
	Last    []byte    // at most the last 1,000 bytes of that
}

// most is how much is read of a file that nobody vouches for.
const most = 1 << 20

// Remains looks at what an attempt has left. What is not there, or cannot be read, is left out.
func (r *Reader) Remains(attempt uint64) Remains {
	var left Remains
	left.Command, left.Began = r.left(attempt, "cmd")
	left.End, _ = r.left(attempt, "exit")
	opened, err := r.disk.open(outputOf(attempt), os.O_RDONLY)
	if err != nil {
		return left
	}
	defer opened.Close()
	if info, err := opened.Stat(); err == nil {
		left.Bytes, left.Printed = info.Size(), info.ModTime()
		tail := min(left.Bytes, 1000)
		left.Last, _ = io.ReadAll(io.NewSectionReader(opened, left.Bytes-tail, tail))
	}
	return left
}

func (r *Reader) left(attempt uint64, name string) ([]byte, time.Time) {
	opened, err := r.disk.open(attemptDir(attempt)+"/"+name, os.O_RDONLY)
	if err != nil {
		return nil, time.Time{}
	}
	defer opened.Close()
	text, err := io.ReadAll(io.LimitReader(opened, most))
	info, unknown := opened.Stat()
	if err != nil || unknown != nil {
		return nil, time.Time{}
	}
	return text, info.ModTime()
}

// Shut keeps everybody else from a session that is damaged, without opening it, until it is closed. It fails with a *Locked
// if another process holds it.
func Shut(dir string) (io.Closer, error) {
	dir = absolute(dir)
	folder, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	locked, err := acquire(folder, dir)
	if err != nil {
		return nil, errors.Join(err, folder.close())
	}
	return closing(func() error { return errors.Join(locked.release(), folder.close()) }), nil
}

type closing func() error

func (c closing) Close() error { return c() }

// SourceName is the name under which a session's first document is stored.
func SourceName(name string) string { return tameName(name) }
