package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"gatewalk/steps"
)

// Journal is a session that this process holds. It is safe for concurrent use.
type Journal struct {
	*Reader
	lock    *lock
	dropped int64
	copied  bool

	mu      sync.Mutex
	file    file
	head    head
	tail    int64         // bytes after head that are still to be cut off
	loaded  []steps.Event // what Open read, for the first Load
	dead    error         // why nothing more is acknowledged
	warning error         // what Warning will tell
	news    chan struct{} // closed by the next append
}

// Create makes the directory of a new session, takes its lock and reserves its room. The directory's name is the
// session's id: see Dir. Store the sources and the plan, then append the opening.
func Create(dir string) (*Journal, error) {
	return begin(absolute(dir), true)
}

func begin(dir string, witnessed bool) (*Journal, error) {
	if err := checkID(filepath.Base(dir)); err != nil {
		return nil, err
	}
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	j, err := hold(dir, witnessed, create)
	if err == nil && witnessed {
		err = j.Settle(dir)
	}
	if err != nil {
		return nil, errors.Join(err, j.discard(), os.RemoveAll(dir))
	}
	return j, nil
}

// Open takes up a session where its journal ends. It fails with a *Locked if another process holds it, and with a
// *Damage if something in it was changed: what can still be read, OpenReadOnly shows.
func Open(dir string) (*Journal, error) {
	j, err := hold(absolute(dir), true, resume)
	if err != nil {
		return nil, err
	}
	if err := j.recognize(); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// hold locks a session's directory and opens its journal.
func hold(dir string, witnessed bool, open func(*Reader) (*Journal, error)) (*Journal, error) {
	folder, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	locked, err := acquire(folder, dir)
	if err != nil {
		folder.close()
		return nil, err
	}
	r := &Reader{dir: dir, disk: folder}
	if witnessed {
		r.witness = openWitness(dir, os.O_RDWR|os.O_CREATE)
	}
	j, err := open(r)
	if err != nil {
		locked.release()
		r.Close()
		return nil, err
	}
	j.lock = locked
	return j, nil
}

// create lays out an empty session.
func create(r *Reader) (*Journal, error) {
	r.witness.forget()
	for _, dir := range []string{sources, attachments, attempts} {
		if err := r.disk.mkdir(dir); err != nil {
			return nil, r.cannotWrite(dir, err)
		}
	}
	opened, err := r.disk.open(journalFile, os.O_RDWR|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return nil, r.cannotWrite(journalFile, err)
	}
	j := &Journal{Reader: r, file: opened, head: head{session: r.ID()}, news: make(chan struct{})}
	if err := j.furnish(); err != nil {
		opened.Close()
		return nil, err
	}
	return j, nil
}

// furnish reserves room and makes durable what was laid out.
func (j *Journal) furnish() error {
	if err := j.Replenish(); err != nil {
		return err
	}
	if err := j.disk.sync("."); err != nil {
		return j.cannotWrite(".", err)
	}
	return nil
}

// resume reads a session and makes durable what it read, so that nothing is decided upon what a crash could still undo.
func resume(r *Reader) (*Journal, error) {
	names, err := r.disk.names(attempts)
	if err != nil {
		return nil, err
	}
	events, h, end, err := r.load(context.Background())
	if err != nil {
		return nil, err
	}
	if orphans := r.unknown(names, events); len(orphans) > 0 {
		return nil, orphaned(orphans[0], h.seq)
	}
	opened, err := r.disk.open(journalFile, os.O_RDWR)
	if err != nil {
		return nil, r.cannotOpen(err)
	}
	j := &Journal{Reader: r, file: opened, head: h, tail: end.dropped, dropped: end.dropped, loaded: events, news: make(chan struct{})}
	err = j.settle()
	if errors.Is(err, ErrFull) {
		err = errors.Join(j.UseReserve(), j.settle())
	}
	if err != nil {
		opened.Close()
		return nil, err
	}
	return j, nil
}

// settle writes the last line once more where it stands, with its newline, and syncs. After a failed fsync the kernel
// takes what it could not write for clean: only what is written again is sure to reach the disk.
func (j *Journal) settle() error {
	last := make([]byte, j.head.end-j.head.start)
	if len(last) > 0 {
		last[len(last)-1] = '\n'
		if _, err := j.file.ReadAt(last[:len(last)-1], j.head.start); err != nil {
			return j.cannotWrite(journalFile, err)
		}
		if _, err := j.file.WriteAt(last, j.head.start); err != nil {
			return j.cannotWrite(journalFile, err)
		}
	}
	if err := j.file.Sync(); err != nil {
		return j.renew(nil, err)
	}
	if err := j.disk.sync("."); err != nil {
		return j.cannotWrite(journalFile, err)
	}
	return nil
}

// Dropped is how many bytes of an unfinished last line Open left out. They were never acknowledged; the session records
// them as a TailDropped.
func (j *Journal) Dropped() int { return int(j.dropped) }

// Head is the number and the epoch of the last event; 0, 0 before the first.
func (j *Journal) Head() (seq, epoch uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.head.seq, j.head.epoch
}

// Sum is the sha256 of the last line, as the next line would name it. Whoever signs it signs the whole journal.
func (j *Journal) Sum() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.head.prev
}

// Load reads every event that was acknowledged.
func (j *Journal) Load(ctx context.Context) ([]steps.Event, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if events := j.loaded; events != nil {
		j.loaded = nil
		return events, nil
	}
	events, err := j.Reader.Load(ctx)
	return events[:min(uint64(len(events)), j.head.seq)], err
}

// Watch returns a channel that is closed by the next append, or by Close. Ask for it before Load.
func (j *Journal) Watch(context.Context) <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.news
}

// discard lets go of what could not be begun.
func (j *Journal) discard() error {
	if j == nil {
		return nil
	}
	return j.Close()
}

// Close gives the session back.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if errors.Is(j.dead, errClosed) {
		return nil
	}
	j.dead = errClosed
	close(j.news)
	return errors.Join(j.file.Close(), j.lock.release(), j.Reader.Close())
}

var errClosed = fmt.Errorf("it is closed: %w", ErrDead)
