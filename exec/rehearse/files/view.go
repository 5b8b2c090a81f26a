package files

import (
	"io"
	"io/fs"
	"path"
	"strings"
)

// View is the System as one machine sees it: its own root, and directories that all machines share.
type View struct {
	System *System
	Root   string   // the directory of the System that is this machine's root
	Shared []string // directories that are the same on every machine
}

// Path translates a path of the machine into one of the System.
func (v View) Path(name string) string {
	name = path.Clean("/" + name)
	for _, shared := range v.Shared {
		if name == shared || strings.HasPrefix(name, shared+"/") {
			return name
		}
	}
	return path.Join(v.Root, name)
}

// Stat is System.Stat.
func (v View) Stat(name string) (fs.FileInfo, error) {
	info, err := v.System.Stat(v.Path(name))
	return info, v.asSeen(name, err)
}

// ReadDir is System.ReadDir.
func (v View) ReadDir(name string) ([]fs.DirEntry, error) {
	listed, err := v.System.ReadDir(v.Path(name))
	return listed, v.asSeen(name, err)
}

// Open is System.Open.
func (v View) Open(name string, flag int, perm fs.FileMode) (io.ReadWriteCloser, error) {
	file, err := v.System.Open(v.Path(name), flag, perm)
	return file, v.asSeen(name, err)
}

// ReadFile is System.ReadFile.
func (v View) ReadFile(name string) ([]byte, error) {
	data, err := v.System.ReadFile(v.Path(name))
	return data, v.asSeen(name, err)
}

// WriteFile is System.WriteFile.
func (v View) WriteFile(name string, data []byte, perm fs.FileMode) error {
	return v.asSeen(name, v.System.WriteFile(v.Path(name), data, perm))
}

// Mkdir is System.Mkdir.
func (v View) Mkdir(name string) error { return v.asSeen(name, v.System.Mkdir(v.Path(name))) }

// MkdirAll is System.MkdirAll.
func (v View) MkdirAll(name string) error { return v.asSeen(name, v.System.MkdirAll(v.Path(name))) }

// Remove is System.Remove.
func (v View) Remove(name string) error { return v.asSeen(name, v.System.Remove(v.Path(name))) }

// RemoveAll removes a path with all that is in it; of a machine's root only what is in it.
func (v View) RemoveAll(name string) {
	v.System.RemoveAll(v.Path(name))
	_ = v.System.MkdirAll(v.Path("/"))
}

// Rename is System.Rename.
func (v View) Rename(from, to string) error {
	return v.asSeen(from, v.System.Rename(v.Path(from), v.Path(to)))
}

// Chmod is System.Chmod.
func (v View) Chmod(name string, perm fs.FileMode) error {
	return v.asSeen(name, v.System.Chmod(v.Path(name), perm))
}

// asSeen puts the machine's own path into an error.
func (v View) asSeen(name string, err error) error {
	if problem, ok := err.(*fs.PathError); ok {
		return &fs.PathError{Op: problem.Op, Path: name, Err: problem.Err}
	}
	return err
}
