package move

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// staging is where an archive is unpacked: beside the sessions, so on the same disk, and in no list of them. It is locked
// as long as its process lives.
type staging struct {
	dir  string
	lock *os.File
}

const stagingName = ".arriving-"

// newStaging makes an empty one, and clears away what an arrival that was killed has left.
func newStaging(beside string) (*staging, error) {
	left, err := filepath.Glob(filepath.Join(beside, stagingName+"*"))
	if err != nil {
		panic("move: the pattern is no pattern: " + err.Error())
	}
	for _, dir := range left {
		if s, err := lockStaging(dir); err == nil {
			s.remove()
		}
	}
	dir, err := os.MkdirTemp(beside, stagingName)
	if err != nil {
		return nil, err
	}
	return lockStaging(dir)
}

func lockStaging(dir string) (*staging, error) {
	opened, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(opened.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		opened.Close()
		return nil, err
	}
	return &staging{dir, opened}, nil
}

// remove takes it away with all that is left in it.
func (s *staging) remove() {
	_ = os.RemoveAll(s.dir) // what stays is cleared away by the next arrival
	s.lock.Close()
}
