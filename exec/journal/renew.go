package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"gatewalk/steps"
)

// renew goes on in a new file where nobody knows what of the last write has reached the disk, and appends the line that
// was being written, if any, there. After a failed fsync a kernel takes for clean what it could not write, so that the
// next one succeeds and proves nothing (PostgreSQL met this in 2018): that file is dead.
func (j *Journal) renew(line []byte, cause error) error {
	err := j.rewrite(line)
	if isFull(err) {
		err = errors.Join(j.UseReserve(), j.rewrite(line))
	}
	if err == nil {
		err = j.swap()
	}
	if err != nil {
		j.dead = ErrDead
		return fmt.Errorf("%w (%s; in a new file: %s)", ErrInDoubt, errno(cause), errno(err))
	}
	j.warning = fmt.Errorf("%s: a write failed (%s), and the journal goes on in a new file: nothing is lost, but see to the disk", j.path(journalFile), errno(cause))
	return nil
}

// rewrite puts a new file in the journal's place, whole or not at all: every line that was acknowledged, and a new one.
func (j *Journal) rewrite(line []byte) error {
	content := io.MultiReader(io.NewSectionReader(j.file, 0, j.head.end), bytes.NewReader(line))
	_, err := j.spill(unfinishedFile, journalFile, content)
	if err == nil {
		err = j.holdsIn(unfinishedFile)
	}
	if err == nil {
		err = j.disk.rename(unfinishedFile, journalFile)
	}
	if err != nil {
		return errors.Join(err, j.forget(unfinishedFile))
	}
	return j.disk.sync(".")
}

// holdsIn reads back what was acknowledged: a disk that fails to write may fail to read, too.
func (j *Journal) holdsIn(name string) error {
	opened, err := j.disk.open(name, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer opened.Close()
	h, _, err := head{session: j.ID()}.follow(context.Background(), io.NewSectionReader(opened, 0, j.head.end), func(steps.Event) {})
	if err == nil && h != j.head {
		err = fmt.Errorf("only %d of %d lines could be read back", h.seq, j.head.seq)
	}
	return err
}

// swap appends to the new file from now on.
func (j *Journal) swap() error {
	renewed, err := j.disk.open(journalFile, os.O_RDWR)
	if err != nil {
		return err
	}
	dead := j.file
	j.file, j.tail = renewed, 0
	_ = dead.Close() // it can but report the same failure once more
	return nil
}

// Warning is what went wrong on the disk, and was made good, since it was last asked for; nil if nothing did.
func (j *Journal) Warning() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	warning := j.warning
	j.warning = nil
	return warning
}
