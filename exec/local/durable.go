package local

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// openRegular opens a file to read, and nothing that has been put in its place: a link may lead anywhere, a pipe would wait for ever.
func openRegular(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: is no regular file: see who put it there", path)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func readRegular(path string) ([]byte, error) {
	file, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// draft writes content for a path beside it, under a name of its own, and waits for the disk.
func draft(path string, content []byte) (name string, err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return "", err
	}
	defer file.Close()
	if _, err = file.Write(content); err == nil {
		err = file.Sync()
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return file.Name(), err
}

// replace gives a path new content, whole or not at all. Its name is not durable until its directory is synced.
func replace(path string, content []byte) error {
	name, err := draft(path, content)
	if err != nil {
		return err
	}
	return os.Rename(name, path)
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
