package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// home is the directory that a session lives in. It stands in the session's own directory, so that a copy of that, however it
// was made, is known for one: its home is somewhere else, or it has none. A snapshot of a whole disk that is put back
// is the same directory, and not told from it.
type home struct {
	Path  string `json:"path"`
	Inode uint64 `json:"inode"`
	Born  int64  `json:"born,omitempty"` // nanoseconds since 1970; 0 where the file system does not keep it
}

const homeFile = "home"

// homeAt is a directory as a home.
func homeAt(dir string) (home, error) {
	var stat unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, dir, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_INO|unix.STATX_BTIME, &stat)
	if errors.Is(err, unix.ENOSYS) {
		var old unix.Stat_t
		err := unix.Lstat(dir, &old)
		return home{Path: dir, Inode: old.Ino}, err
	}
	h := home{Path: dir, Inode: stat.Ino}
	if stat.Mask&unix.STATX_BTIME != 0 {
		h.Born = stat.Btime.Sec*1e9 + int64(stat.Btime.Nsec)
	}
	return h, err
}

// is says whether two are one directory, wherever it has been moved to.
func (h home) is(other home) bool { return h.Inode == other.Inode && h.Born == other.Born }

// Settle makes a directory the session's home: what was in doubt because it is a copy is written down by now. To is where it
// will be called so.
func (j *Journal) Settle(to string) error {
	h, err := homeAt(j.dir)
	if err != nil {
		return j.cannotWrite(homeFile, err)
	}
	h.Path = absolute(to)
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if _, err := j.store(homeFile, bytes.NewReader(append(text, '\n'))); err != nil {
		return err
	}
	j.copied = false
	return nil
}

// Copied says that this directory is a copy of a session's. What its journal shows as not begun may have begun since, where
// it comes from.
func (j *Journal) Copied() bool { return j.copied }

// recognize finds out whether a session is at home. It refuses a copy while the one it was made from is walked on this machine.
func (j *Journal) recognize() error {
	named, known, err := j.home()
	if err != nil {
		return err
	}
	here, err := homeAt(j.dir)
	if err != nil {
		return err
	}
	j.copied = !known || !named.is(here)
	if !known || !j.copied {
		return nil
	}
	return j.unlessHeld(named)
}

// home is what a session's directory says is its home; false if it says nothing that can be understood.
func (j *Journal) home() (home, bool, error) {
	opened, err := j.disk.open(homeFile, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return home{}, false, nil
	}
	if err != nil {
		return home{}, false, err
	}
	defer opened.Close()
	text, err := io.ReadAll(io.LimitReader(opened, most))
	if err != nil {
		return home{}, false, err
	}
	var h home
	return h, json.Unmarshal(text, &h) == nil, nil
}

// unlessHeld refuses where the home is still there and somebody holds the session in it.
func (j *Journal) unlessHeld(named home) error {
	if there, err := homeAt(named.Path); err != nil || !there.is(named) {
		return nil
	}
	original, err := openFolder(named.Path)
	if err != nil {
		return nil // what cannot be entered is no session of this user's
	}
	defer original.close()
	holder, err := holderOf(original)
	if err != nil || holder == nil {
		return nil
	}
	return &Problem{j.dir, fmt.Sprintf("is a copy of %s, which %s holds", named.Path, holder), "go on there, or end that walk before this copy is taken up", ErrLocked}
}
