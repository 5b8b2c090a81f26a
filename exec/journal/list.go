package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Entry is a session in the list of sessions.
type Entry struct {
	ID     string
	Dir    string
	Holder *Holder // who holds it now; nil if nobody does
	Err    error   // why it cannot be looked at
}

// List names the sessions under a root, sorted by id. A session that cannot be looked at is in the list with the reason.
// A root that is not there has no sessions.
func List(root string) ([]Entry, error) {
	found, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &Problem{root, fmt.Sprintf("cannot be listed (%s)", errno(err)), "set XDG_STATE_HOME to a directory you may read", err}
	}
	entries := make([]Entry, 0, len(found))
	for _, f := range found {
		if f.Name() != witnessDir {
			entries = append(entries, entry(filepath.Join(root, f.Name())))
		}
	}
	return entries, nil
}

func entry(dir string) Entry {
	e := Entry{ID: filepath.Base(dir), Dir: dir}
	folder, err := openFolder(dir)
	if err != nil {
		e.Err = err
		return e
	}
	defer folder.close()
	_, err = folder.look(journalFile)
	if err != nil {
		e.Err = (&Reader{dir: dir, disk: folder}).cannotOpen(err)
		return e
	}
	e.Holder, e.Err = holderOf(folder)
	return e
}
