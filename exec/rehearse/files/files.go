// Package files is a file system in memory: what a rehearsed command takes for the disks of its machines.
//
// Its promise: no path given to it ever reaches a real file, and what it holds can be taken down and set up again
// byte for byte.
package files

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Limit is how many bytes of content one System holds, so that a runaway rehearsal cannot eat the machine's memory.
const Limit = 16 << 20

// Entry is one file or directory.
type Entry struct {
	Mode     fs.FileMode `json:"mode"`
	Modified time.Time   `json:"modified"`
	Data     []byte      `json:"data,omitempty"`
}

// System holds entries by their absolute, clean path. It is safe for concurrent use.
type System struct {
	mutex   sync.Mutex
	entries map[string]*Entry
	size    int
	now     func() time.Time
}

// New returns a System with a root directory and /dev/null. Modification times come from now.
func New(now func() time.Time) *System {
	s := &System{now: now}
	s.Restore(map[string]Entry{"/": {Mode: fs.ModeDir | 0o755, Modified: now()}})
	s.addDevice("/dev/null")
	return s
}

func (s *System) addDevice(name string) {
	_ = s.MkdirAll(path.Dir(name))
	s.entries[name] = &Entry{Mode: fs.ModeDevice | fs.ModeCharDevice | 0o666, Modified: s.now()}
}

// Snapshot returns a copy of every entry.
func (s *System) Snapshot() map[string]Entry {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	all := make(map[string]Entry, len(s.entries))
	for name, entry := range s.entries {
		all[name] = Entry{entry.Mode, entry.Modified, slices.Clone(entry.Data)}
	}
	return all
}

// Restore replaces everything by the entries of a Snapshot.
func (s *System) Restore(entries map[string]Entry) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.entries, s.size = make(map[string]*Entry, len(entries)), 0
	for name, entry := range entries {
		s.entries[name] = &Entry{entry.Mode, entry.Modified, slices.Clone(entry.Data)}
		s.size += len(entry.Data)
	}
}

// Stat describes a file or directory.
func (s *System) Stat(name string) (fs.FileInfo, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	entry, err := s.lookup("stat", name)
	if err != nil {
		return nil, err
	}
	return describe(path.Clean(name), entry), nil
}

// ReadDir lists a directory in the order of the names.
func (s *System) ReadDir(name string) ([]fs.DirEntry, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	entry, err := s.lookup("open", name)
	if err != nil {
		return nil, err
	}
	if !entry.Mode.IsDir() {
		return nil, problem("readdirent", name, syscall.ENOTDIR)
	}
	var listed []fs.DirEntry
	for _, child := range s.children(path.Clean(name)) {
		listed = append(listed, fs.FileInfoToDirEntry(describe(child, s.entries[child])))
	}
	return listed, nil
}

// MkdirAll makes a directory and those above it that are missing.
func (s *System) MkdirAll(name string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	name = path.Clean(name)
	for _, above := range append(ancestors(name), name) {
		entry := s.entries[above]
		if entry != nil && !entry.Mode.IsDir() {
			return problem("mkdir", above, syscall.ENOTDIR)
		}
		if entry == nil {
			s.entries[above] = &Entry{Mode: fs.ModeDir | 0o755, Modified: s.now()}
		}
	}
	return nil
}

// Mkdir makes one directory in a directory that exists.
func (s *System) Mkdir(name string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if _, exists := s.entries[path.Clean(name)]; exists {
		return problem("mkdir", name, syscall.EEXIST)
	}
	if err := s.parentIsDir("mkdir", name); err != nil {
		return err
	}
	s.entries[path.Clean(name)] = &Entry{Mode: fs.ModeDir | 0o755, Modified: s.now()}
	return nil
}

// Remove removes a file or an empty directory.
func (s *System) Remove(name string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if _, err := s.lookup("remove", name); err != nil {
		return err
	}
	if len(s.children(path.Clean(name))) > 0 {
		return problem("remove", name, syscall.ENOTEMPTY)
	}
	s.drop(path.Clean(name))
	return nil
}

// RemoveAll removes a file, or a directory with all that is in it. The root itself stays.
func (s *System) RemoveAll(name string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	name = path.Clean(name)
	for other := range maps.Clone(s.entries) {
		if other == name || within(name, other) {
			s.drop(other)
		}
	}
}

// Rename moves a file over whatever file was there, or a directory with all that is in it to where nothing was.
func (s *System) Rename(from, to string) error {
	from, to = path.Clean(from), path.Clean(to)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if err := s.mayRename(from, to); err != nil {
		return err
	}
	for name, entry := range maps.Clone(s.entries) {
		if name == from || within(from, name) {
			delete(s.entries, name)
			s.drop(to + strings.TrimPrefix(name, from))
			s.entries[to+strings.TrimPrefix(name, from)] = entry
		}
	}
	return nil
}

func (s *System) mayRename(from, to string) error {
	moved, err := s.lookup("rename", from)
	if err != nil {
		return err
	}
	if err := s.parentIsDir("rename", to); err != nil {
		return err
	}
	there := s.entries[to]
	switch {
	case from == "/" || from == to || within(from, to):
		return problem("rename", to, syscall.EINVAL)
	case there != nil && there.Mode.IsDir():
		return problem("rename", to, syscall.EEXIST)
	case there != nil && moved.Mode.IsDir():
		return problem("rename", to, syscall.ENOTDIR)
	}
	return nil
}

// Chmod changes the permission bits of an entry.
func (s *System) Chmod(name string, perm fs.FileMode) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	entry, err := s.lookup("chmod", name)
	if err != nil {
		return err
	}
	entry.Mode = entry.Mode&^fs.ModePerm | perm&fs.ModePerm
	return nil
}

func (s *System) lookup(op, name string) (*Entry, error) {
	if entry := s.entries[path.Clean(name)]; entry != nil {
		return entry, nil
	}
	return nil, problem(op, name, syscall.ENOENT)
}

func (s *System) parentIsDir(op, name string) error {
	parent := s.entries[path.Dir(path.Clean(name))]
	switch {
	case parent == nil:
		return problem(op, name, syscall.ENOENT)
	case !parent.Mode.IsDir():
		return problem(op, name, syscall.ENOTDIR)
	}
	return nil
}

func (s *System) drop(name string) {
	if entry := s.entries[name]; entry != nil && name != "/" {
		s.size -= len(entry.Data)
		delete(s.entries, name)
	}
}

func (s *System) children(dir string) []string {
	var names []string
	for name := range s.entries {
		if name != "/" && path.Dir(name) == dir {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func within(dir, name string) bool {
	return name != dir && strings.HasPrefix(name, strings.TrimSuffix(dir, "/")+"/")
}

// ancestors lists the directories above a path, the root first.
func ancestors(name string) []string {
	if name == "/" {
		return nil
	}
	parent := path.Dir(name)
	return append(ancestors(parent), parent)
}

func problem(op, name string, err syscall.Errno) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}
