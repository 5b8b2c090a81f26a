package local

import (
	"os"
	"path/filepath"
)

// writeSynced writes a new file and waits for the disk. Its name is not durable until its directory is synced.
func writeSynced(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(content); err != nil {
		return err
	}
	return file.Sync()
}

// replace gives a path new content, whole or not at all. Its name is not durable until its directory is synced.
func replace(path string, content []byte) error {
	draft := path + ".new"
	if err := writeSynced(draft, content); err != nil {
		return err
	}
	return os.Rename(draft, path)
}

// replaceDurably is replace, and the name is durable too.
func replaceDurably(path string, content []byte) error {
	if err := replace(path, content); err != nil {
		return err
	}
	return syncDirectory(filepath.Dir(path))
}

func syncDirectory(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
