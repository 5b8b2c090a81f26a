package move

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Extension is what the name of an archive ends in.
const Extension = ".gatewalk"

// IsFile says whether a word names a file, not a host: it has a slash in it, or the extension of an archive.
func IsFile(word string) bool {
	return strings.ContainsRune(word, filepath.Separator) || strings.HasSuffix(word, Extension)
}

// ToFile seals a session and leaves its archive in a new file, whole or not at all.
func (l *Leaving) ToFile(name, reason string) error {
	name, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: is there already; name a new file", name)
	}
	if _, err := l.sealing(name, reason); err != nil {
		return err
	}
	draft := name + ".unfinished"
	if err := l.draft(draft, name, reason); err != nil {
		return errors.Join(fmt.Errorf("%s: cannot be written: %w", name, err), gone(draft), l.advice(name))
	}
	if err := os.Rename(draft, name); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}

// advice is what there is to do after an archive could not be written.
func (l *Leaving) advice(to string) error {
	if moved := l.Moved(); moved == nil || moved.To != to {
		return nil
	}
	return errors.New("the session is sealed already: do the same again once the file can be written")
}

func gone(name string) error {
	if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (l *Leaving) draft(draft, name, reason string) error {
	file, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := l.Write(file, name, reason); err != nil {
		return err
	}
	return file.Sync()
}
