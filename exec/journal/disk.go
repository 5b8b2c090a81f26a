package journal

import (
	"io"
	"io/fs"
)

// disk is what the journal needs of a file system: one directory and the names in it, slash separated. It opens regular
// files only and follows no link, so that nothing outside the directory is ever read or written. Tests put a disk in
// its place that loses what was not synced and fails where it is told to.
type disk interface {
	// open opens a regular file, with the flags of os.OpenFile. A new file is its owner's alone.
	open(name string, flag int) (file, error)
	// mkdir makes a directory; one that is there already is an error that is fs.ErrExist.
	mkdir(name string) error
	rename(from, to string) error
	remove(name string) error
	// names lists a directory, sorted. One that is not there is empty.
	names(dir string) ([]string, error)
	// sync makes the names in a directory durable.
	sync(dir string) error
	close() error
}

// file is an open file of a disk.
type file interface {
	io.Reader
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Stat() (fs.FileInfo, error)
	Close() error
}
