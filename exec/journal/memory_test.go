package journal

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"syscall"
	"time"
)

// memory is a disk that keeps apart what programs see and what a power cut leaves. Bytes are durable after their file's
// Sync, names after their directory's; of everything else a power cut may leave any part. It asks fault before every
// operation that changes something, and calls after behind it.
type memory struct {
	seen    map[string]*inode // what programs see, by path; directories, too
	durable map[string]*inode
	naming  []*naming // changes of names that durable does not have
	fault   func(operation, name string) error
	after   func(operation, name string)
}

// inode is a file or a directory.
type inode struct {
	dir     bool
	seen    []byte
	durable []byte
	writes  []*write // changes that durable does not have
}

// fate is what became of a write when it was synced.
type fate int

const (
	waiting fate = iota // for a sync
	synced              // it is durable
	failed              // the sync failed, and no later one will try again: it may be there or not
)

// naming is one change of names in a directory: from goes, to comes.
type naming struct {
	dir, from, to string
	inode         *inode
	synced        bool
}

func (n *naming) apply(names map[string]*inode) {
	delete(names, n.from)
	if n.to != "" {
		names[n.to] = n.inode
	}
}

// write is one change of a file: bytes from an offset on, or its end there.
type write struct {
	at   int
	data []byte
	cut  bool
	fate fate
}

// apply leaves those spans of the bytes that were written, and zeros where there was nothing.
func (w *write) apply(content []byte, kept [][2]int) []byte {
	if w.cut {
		return content[:min(w.at, len(content))]
	}
	for _, span := range kept {
		content = overwrite(content, w.at+span[0], w.data[span[0]:span[1]])
	}
	return content
}

func (w *write) whole() [][2]int { return [][2]int{{0, len(w.data)}} }

func overwrite(content []byte, at int, data []byte) []byte {
	if grow := at + len(data) - len(content); grow > 0 {
		content = append(content, make([]byte, grow)...)
	}
	copy(content[at:], data)
	return content
}

func newMemory() *memory {
	return &memory{
		seen: map[string]*inode{}, durable: map[string]*inode{},
		fault: func(string, string) error { return nil }, after: func(string, string) {},
	}
}

// put lays a durable file on the disk, in durable directories.
func (m *memory) put(name string, content []byte) {
	m.putInode(name, &inode{seen: content, durable: content})
}

func (m *memory) putInode(name string, i *inode) {
	m.seen[name], m.durable[name] = i, i
	if dir := path.Dir(name); dir != "." && m.seen[dir] == nil {
		m.putInode(dir, &inode{dir: true})
	}
}

// content is what programs see of a file.
func (m *memory) content(name string) string { return string(m.seen[name].seen) }

// change asks whether an operation may be done, does it, and says so.
func (m *memory) change(operation, name string, do func()) error {
	if err := m.fault(operation, name); err != nil {
		return err
	}
	do()
	m.after(operation, name)
	return nil
}

// record changes names, not yet durably.
func (m *memory) record(n *naming) {
	n.apply(m.seen)
	m.naming = append(m.naming, n)
}

func (m *memory) open(name string, flag int) (file, error) {
	i := m.seen[name]
	switch {
	case i != nil && i.dir:
		return nil, errors.New("is a directory")
	case i == nil && flag&os.O_CREATE == 0, !m.isDir(path.Dir(name)):
		return nil, fs.ErrNotExist
	case i != nil && flag&os.O_EXCL != 0:
		return nil, fs.ErrExist
	case i == nil:
		i = &inode{}
		if err := m.change("create", name, func() { m.record(&naming{dir: path.Dir(name), to: name, inode: i}) }); err != nil {
			return nil, err
		}
	}
	f := &memoryFile{Reader: bytes.NewReader(i.seen), memory: m, name: name, inode: i}
	if flag&os.O_TRUNC != 0 && len(i.seen) > 0 {
		return f, f.Truncate(0)
	}
	return f, nil
}

func (m *memory) isDir(name string) bool {
	return name == "." || m.seen[name] != nil && m.seen[name].dir
}

func (m *memory) mkdir(name string) error {
	if m.seen[name] != nil {
		return fs.ErrExist
	}
	return m.change("mkdir", name, func() {
		m.record(&naming{dir: path.Dir(name), to: name, inode: &inode{dir: true}})
	})
}

func (m *memory) rename(from, to string) error {
	return m.change("rename", to, func() {
		m.record(&naming{dir: path.Dir(to), from: from, to: to, inode: m.seen[from]})
	})
}

func (m *memory) remove(name string) error {
	if m.seen[name] == nil {
		return fs.ErrNotExist
	}
	return m.change("remove", name, func() { m.record(&naming{dir: path.Dir(name), from: name}) })
}

func (m *memory) names(dir string) ([]string, error) {
	var found []string
	for name := range m.seen {
		if path.Dir(name) == dir {
			found = append(found, path.Base(name))
		}
	}
	slices.Sort(found)
	return found, nil
}

// sync that fails leaves the names as they are: file systems do not forget a change of names as they forget a page. They
// abort their own journal instead, and nothing succeeds after that.
func (m *memory) sync(dir string) error {
	return m.change("sync directory", dir, func() {
		for _, n := range m.naming {
			n.synced = n.synced || n.dir == dir
		}
		for len(m.naming) > 0 && m.naming[0].synced {
			m.naming[0].apply(m.durable)
			m.naming = m.naming[1:]
		}
	})
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

func (f *memoryFile) change(w *write) {
	seen := slices.Clip(f.inode.seen)
	if w.cut || w.at < len(seen) {
		seen = slices.Clone(seen) // what stands there may be another disk's, too
	}
	f.inode.seen = w.apply(seen, w.whole())
	f.inode.writes = append(f.inode.writes, w)
}

// WriteAt leaves half of the bytes on the disk where it fails, as disks that fill up do.
func (f *memoryFile) WriteAt(p []byte, offset int64) (int, error) {
	written := p
	err := f.memory.fault("write", f.name)
	if err != nil {
		written = p[:len(p)/2]
	}
	f.change(&write{at: int(offset), data: slices.Clone(written)})
	f.memory.after("write", f.name)
	return len(written), err
}

func (f *memoryFile) Truncate(size int64) error {
	return f.memory.change("truncate", f.name, func() { f.change(&write{at: int(size), cut: true}) })
}

// Sync that fails forgets what was to be written, as kernels do: the next Sync succeeds, and the bytes may be gone for all
// that.
func (f *memoryFile) Sync() error {
	err := f.memory.change("sync", f.name, func() { f.inode.settle(synced) })
	if err != nil {
		f.inode.settle(failed)
	}
	return err
}

func (i *inode) settle(f fate) {
	for _, w := range i.writes {
		if w.fate == waiting {
			w.fate = f
		}
	}
	if f == synced && !slices.ContainsFunc(i.writes, func(w *write) bool { return w.fate == failed }) {
		i.durable, i.writes = slices.Clone(i.seen), nil
	}
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

// left is the disk after the power came back. Of what was not synced it keeps what the two functions say: whether a change
// of names, and which spans of what was written.
func (m *memory) left(named func(*naming) bool, kept func(*write) [][2]int) *memory {
	names := maps.Clone(m.durable)
	for _, n := range m.naming {
		if n.synced || named(n) {
			n.apply(names)
		}
	}
	after := newMemory()
	for name, i := range names {
		if reachable(name, names) {
			content := i.left(kept)
			after.seen[name] = &inode{dir: i.dir, seen: content, durable: content}
		}
	}
	after.durable = maps.Clone(after.seen)
	return after
}

// reachable says whether all directories above a name are there.
func reachable(name string, names map[string]*inode) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if names[dir] == nil {
			return false
		}
	}
	return true
}

func (i *inode) left(kept func(*write) [][2]int) []byte {
	if len(i.writes) == 0 {
		return i.durable
	}
	content := slices.Clone(i.durable)
	for _, w := range i.writes {
		switch {
		case w.fate == synced:
			content = w.apply(content, w.whole())
		default:
			if spans := kept(w); spans != nil {
				content = w.apply(content, spans)
			}
		}
	}
	return content
}

// unsynced are the writes of which a power cut may leave any part.
func (m *memory) unsynced() []*write {
	files := map[*inode]bool{}
	for _, names := range []map[string]*inode{m.seen, m.durable} {
		for _, i := range names {
			files[i] = true
		}
	}
	var found []*write
	for i := range files {
		for _, w := range i.writes {
			if w.fate != synced {
				found = append(found, w)
			}
		}
	}
	return found
}

// crash is the disk after one of the plainer power cuts: of names that were not synced it keeps all or none, and of bytes
// that were not, all, none, or the first half of each write.
func (m *memory) crash(names bool, kept string) *memory {
	return m.left(func(*naming) bool { return names }, func(w *write) [][2]int {
		switch kept {
		case "none":
			return nil
		case "half":
			return [][2]int{{0, len(w.data) / 2}}
		}
		return w.whole()
	})
}

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
