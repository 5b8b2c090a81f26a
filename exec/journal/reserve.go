package journal

import (
	"errors"
	"io"
	"math/rand/v2"
	"slices"
)

const (
	reserveFile = "reserve"
	reserveSize = 1 << 20
)

// UseReserve gives the reserved room back to the disk, so that what is still running can be recorded. Start nothing new
// before Replenish has it again.
func (j *Journal) UseReserve() error {
	if err := errors.Join(j.forget(reserveFile), j.disk.sync(".")); err != nil {
		return j.cannotWrite(reserveFile, err)
	}
	return nil
}

// Replenish sets the reserve aside if it is not there. It fails with ErrFull while there is no room for it.
func (j *Journal) Replenish() error {
	names, err := j.disk.names(".")
	if err != nil || slices.Contains(names, reserveFile) {
		return err
	}
	// Noise, because a file system that compresses would reserve nothing for zeros.
	_, err = j.store(reserveFile, io.LimitReader(rand.NewChaCha8([32]byte{}), reserveSize))
	return err
}
