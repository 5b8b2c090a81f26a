package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// makeFolder makes a new session's directory and whatever directories are missing above it, durably.
func makeFolder(dir string) error {
	parent := filepath.Dir(dir)
	if err := makeParents(parent); err != nil {
		return err
	}
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return &Problem{dir, "is there already", "resume that session, or begin one under another name", fs.ErrExist}
	}
	if err != nil {
		return cannotMake(dir, err)
	}
	if err := syncFolder(parent); err != nil {
		return errors.Join(cannotMake(dir, err), os.Remove(dir))
	}
	return nil
}

func makeParents(dir string) error {
	_, err := os.Stat(dir)
	if err == nil {
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return cannotMake(dir, err)
	}
	parent := filepath.Dir(dir)
	if err := makeParents(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return cannotMake(dir, err)
	}
	if err := syncFolder(parent); err != nil {
		return cannotMake(dir, err)
	}
	return nil
}

func syncFolder(dir string) error {
	opened, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer opened.Close()
	return opened.Sync()
}

func cannotMake(dir string, err error) error {
	if isFull(err) {
		return fmt.Errorf("%s: cannot be made: %w", dir, ErrFull)
	}
	return &Problem{dir, fmt.Sprintf("cannot be made (%v)", errno(err)), "set XDG_STATE_HOME to a directory you may write to", err}
}
