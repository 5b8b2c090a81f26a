package journal

import (
	"context"
	"errors"
	"fmt"

	"gatewalk/steps"
)

// Append writes an event after event number after, under an epoch, and returns when it is on disk: only then is it a
// fact. The event's own Seq and Epoch say the same. The first event of a session is its opening.
//
// It fails with ErrMoved if the journal ends elsewhere or a newer epoch has begun, and with ErrFull if there is no room;
// both leave the journal as it was. After a failed fsync the event goes into a new file, of which Warning tells. It fails
// with ErrInDoubt if that cannot be either, so that nobody knows whether the event is on disk, and from then on with ErrDead.
func (j *Journal) Append(ctx context.Context, after, epoch uint64, event steps.Event) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if j.dead != nil {
		return fmt.Errorf("%s: %w", j.path(journalFile), j.dead)
	}
	if err := j.accepts(after, epoch, event); err != nil {
		return err
	}
	raw, err := j.head.encode(event)
	if err != nil {
		return fmt.Errorf("%s:%d: %w", j.path(journalFile), event.Seq, err)
	}
	if err := j.write(append(raw, '\n')); err != nil {
		return fmt.Errorf("%s:%d: %w", j.path(journalFile), event.Seq, err)
	}
	j.head = j.head.after(raw, event)
	j.witness.see(j.head)
	j.loaded = nil
	close(j.news)
	j.news = make(chan struct{})
	return nil
}

// accepts compares what the caller thinks with where the journal ends.
func (j *Journal) accepts(after, epoch uint64, event steps.Event) error {
	place := j.path(journalFile)
	if after != j.head.seq {
		return fmt.Errorf("%s: it ends with event %d, not %d: %w", place, j.head.seq, after, ErrMoved)
	}
	if epoch < j.head.epoch {
		return fmt.Errorf("%s: epoch %d is over, it is epoch %d now: %w", place, epoch, j.head.epoch, ErrMoved)
	}
	if event.Seq != after+1 || event.Epoch != epoch {
		return fmt.Errorf("%s: event %d of epoch %d cannot be appended as event %d of epoch %d", place, event.Seq, event.Epoch, after+1, epoch)
	}
	if after == 0 && !opens(event, j.ID()) {
		return fmt.Errorf("%s: the first event must be the opening of session %s", place, j.ID())
	}
	return nil
}

func opens(event steps.Event, session string) bool {
	if len(event.Facts) == 0 {
		return false
	}
	opened, ok := event.Facts[0].(steps.Opened)
	return ok && opened.Session == session
}

// write puts a line on disk in one write and one fsync. A write that fails is undone; where that cannot be, or the fsync
// fails, the line goes into a new file.
func (j *Journal) write(line []byte) error {
	if err := j.alone(); err != nil {
		return err
	}
	if j.tail > 0 {
		if err := j.cut(); err != nil {
			return j.renew(line, err)
		}
		j.tail = 0
	}
	if _, err := j.file.WriteAt(line, j.head.end); err != nil {
		if undo := j.cut(); undo != nil {
			return j.renew(line, errors.Join(err, undo))
		}
		return failedWrite(err)
	}
	if err := j.file.Sync(); err != nil {
		return j.renew(line, err)
	}
	return nil
}

// alone sees to it that nobody else has written: a lock does not hold against a file system that forgets it.
func (j *Journal) alone() error {
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() != j.head.end+j.tail {
		return fmt.Errorf("another process has written here: %w", ErrMoved)
	}
	return nil
}

// cut takes away what stands after the last line, durably: what a power cut brought back would mix with the next line.
func (j *Journal) cut() error {
	if err := j.file.Truncate(j.head.end); err != nil {
		return err
	}
	return j.file.Sync()
}
