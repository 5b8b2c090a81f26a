package files

import (
	"io/fs"
	"path"
	"time"
)

// info describes an entry as it was when it was asked for.
type info struct {
	name     string
	mode     fs.FileMode
	size     int64
	modified time.Time
}

func describe(name string, entry *Entry) info {
	return info{path.Base(name), entry.Mode, int64(len(entry.Data)), entry.Modified}
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return i.mode }
func (i info) ModTime() time.Time { return i.modified }
func (i info) IsDir() bool        { return i.mode.IsDir() }
func (i info) Sys() any           { return nil }
