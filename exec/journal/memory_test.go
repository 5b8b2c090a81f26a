package journal

import (
	"bytes"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"
)

// memory is a disk that keeps apart what programs see and what a power cut leaves: bytes are durable after their file's
// Sync, names after their directory's. It asks fault before every operation that changes something.
type memory struct {
	names_, durable map[string]*inode
	fault           func(operation, name string) error
}

// inode is a file: what programs see, what a power cut leaves, and the spans that the next Sync will make durable.
type inode struct {
	seen, durable []byte
	dirty         [][2]int
}

func newMemory() *memory {
	return &memory{names_: map[string]*inode{}, durable: map[string]*inode{}, fault: func(string, string) error { return nil }}
}

// put lays a durable file on the disk.
func (m *memory) put(name string, content []byte) {
	m.names_[name] = &inode{seen: slices.Clone(content), durable: slices.Clone(content)}
	m.durable[name] = m.names_[name]
}

// crash is the disk after the power came back. Of names and of bytes that were not synced it keeps all or none, or of
// what was appended to a file half.
func (m *memory) crash(names bool, bytes string) *memory {
	after := newMemory()
	kept := m.durable
	if names {
		kept = m.names_
	}
	for name, i := range kept {
		content := i.durable
		switch bytes {
		case "none":
		case "all":
			content = i.seen
		case "half":
			if len(i.seen) > len(i.durable) {
				content = i.seen[:(len(i.seen)+len(i.durable)+1)/2]
			}
		}
		after.put(name, content)
	}
	return after
}

func (m *memory) open(name string, flag int) (file, error) {
	i, ok := m.names_[name]
	switch {
	case !ok && flag&os.O_CREATE == 0:
		return nil, fs.ErrNotExist
	case ok && flag&os.O_EXCL != 0:
		return nil, fs.ErrExist
	case !ok:
		if err := m.fault("create", name); err != nil {
			return nil, err
		}
		i = &inode{}
		m.names_[name] = i
	case flag&os.O_TRUNC != 0:
		i.seen = nil
	}
	return &memoryFile{Reader: bytes.NewReader(i.seen), memory: m, name: name, inode: i}, nil
}

// mkdir is always durable: what is made with it is asked for by the files in it.
func (m *memory) mkdir(name string) error { return m.fault("mkdir", name) }

func (m *memory) rename(from, to string) error {
	if err := m.fault("rename", to); err != nil {
		return err
	}
	m.names_[to] = m.names_[from]
	delete(m.names_, from)
	return nil
}

func (m *memory) remove(name string) error {
	if err := m.fault("remove", name); err != nil {
		return err
	}
	if m.names_[name] == nil {
		return fs.ErrNotExist
	}
	delete(m.names_, name)
	return nil
}

func (m *memory) names(dir string) ([]string, error) {
	var found []string
	for name := range m.names_ {
		if path.Dir(name) == dir {
			found = append(found, path.Base(name))
		} else if first, _, nested := strings.Cut(name, "/"); nested && dir == "." {
			found = append(found, first)
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

func (m *memory) sync(dir string) error {
	if err := m.fault("sync directory", dir); err != nil {
		return err
	}
	maps.DeleteFunc(m.durable, func(name string, _ *inode) bool { return path.Dir(name) == dir })
	for name, i := range m.names_ {
		if path.Dir(name) == dir {
			m.durable[name] = i
		}
	}
	return nil
}

func (m *memory) close() error { return nil }

type memoryFile struct {
	*bytes.Reader
	memory *memory
	name   string
	inode  *inode
}

func (f *memoryFile) ReadAt(p []byte, offset int64) (int, error) {
	return bytes.NewReader(f.inode.seen).ReadAt(p, offset)
}

// WriteAt leaves half of the bytes on the disk where it fails, as disks that fill up do.
func (f *memoryFile) WriteAt(p []byte, offset int64) (int, error) {
	err := f.memory.fault("write", f.name)
	if err != nil {
		p = p[:len(p)/2]
	}
	if grow := int(offset) + len(p) - len(f.inode.seen); grow > 0 {
		f.inode.seen = append(f.inode.seen, make([]byte, grow)...)
	}
	copy(f.inode.seen[offset:], p)
	f.inode.dirty = append(f.inode.dirty, [2]int{int(offset), int(offset) + len(p)})
	return len(p), err
}

func (f *memoryFile) Truncate(size int64) error {
	if err := f.memory.fault("truncate", f.name); err != nil {
		return err
	}
	f.inode.seen = f.inode.seen[:min(int(size), len(f.inode.seen))]
	return nil
}

// Sync that fails forgets what was to be written, as kernels do: the next Sync succeeds, and the bytes are gone for all that.
func (f *memoryFile) Sync() error {
	i := f.inode
	dirty := i.dirty
	i.dirty = nil
	if err := f.memory.fault("sync", f.name); err != nil {
		return err
	}
	durable := make([]byte, len(i.seen))
	copy(durable, i.durable)
	for _, span := range dirty {
		to := min(span[1], len(i.seen))
		copy(durable[min(span[0], to):to], i.seen[min(span[0], to):to])
	}
	i.durable = durable
	return nil
}

func (f *memoryFile) Close() error               { return nil }
func (f *memoryFile) Stat() (fs.FileInfo, error) { return memoryInfo{f}, nil }

type memoryInfo struct{ file *memoryFile }

func (i memoryInfo) Name() string       { return path.Base(i.file.name) }
func (i memoryInfo) Size() int64        { return int64(len(i.file.inode.seen)) }
func (i memoryInfo) Mode() fs.FileMode  { return 0o600 }
func (i memoryInfo) ModTime() time.Time { return noon }
func (i memoryInfo) IsDir() bool        { return false }
func (i memoryInfo) Sys() any           { return nil }

// failing lets the nth operation that matches fail, and counts.
type failing struct {
	operation, name string
	nth             int
	err             error
	seen            int
}

func (f *failing) fault(operation, name string) error {
	if operation != f.operation || f.name != "" && f.name != name {
		return nil
	}
	f.seen++
	if f.seen == f.nth {
		return f.err
	}
	return nil
}

var (
	errNoSpace = &fs.PathError{Op: "write", Path: "journal.jsonl", Err: syscall.ENOSPC}
	errDisk    = &fs.PathError{Op: "write", Path: "journal.jsonl", Err: syscall.EIO}
	errShort   = io.ErrShortWrite
)
