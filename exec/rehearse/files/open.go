package files

import (
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"syscall"
)

// Open opens a file with the flags of os.OpenFile.
func (s *System) Open(name string, flag int, perm fs.FileMode) (io.ReadWriteCloser, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	entry, err := s.openEntry(name, flag, perm)
	if err != nil {
		return nil, err
	}
	if flag&os.O_TRUNC != 0 {
		s.size -= len(entry.Data)
		entry.Data, entry.Modified = nil, s.now()
	}
	return &handle{system: s, entry: entry, name: name, flag: flag}, nil
}

func (s *System) openEntry(name string, flag int, perm fs.FileMode) (*Entry, error) {
	entry, err := s.lookup("open", name)
	writing := flag&(os.O_WRONLY|os.O_RDWR) != 0
	switch {
	case err == nil && flag&os.O_EXCL != 0:
		return nil, problem("open", name, syscall.EEXIST)
	case err == nil && entry.Mode.IsDir() && writing:
		return nil, problem("open", name, syscall.EISDIR)
	case err == nil:
		return entry, nil
	case flag&os.O_CREATE == 0:
		return nil, err
	}
	if err := s.parentIsDir("open", name); err != nil {
		return nil, err
	}
	entry = &Entry{Mode: perm & fs.ModePerm, Modified: s.now()}
	s.entries[path.Clean(name)] = entry
	return entry, nil
}

// ReadFile returns the content of a file.
func (s *System) ReadFile(name string) ([]byte, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	entry, err := s.lookup("open", name)
	if err != nil {
		return nil, err
	}
	if entry.Mode.IsDir() {
		return nil, problem("read", name, syscall.EISDIR)
	}
	return slices.Clone(entry.Data), nil
}

// WriteFile replaces the content of a file, or makes it.
func (s *System) WriteFile(name string, data []byte, perm fs.FileMode) error {
	file, err := s.Open(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.Write(data)
	return err
}

// handle is an open file. What is written stands at the end or at the handle's own offset, as the flags say.
type handle struct {
	system *System
	entry  *Entry
	name   string
	flag   int
	offset int
	closed bool
}

func (h *handle) Read(p []byte) (int, error) {
	h.system.mutex.Lock()
	defer h.system.mutex.Unlock()
	if err := h.refuse("read", h.flag&os.O_WRONLY != 0); err != nil {
		return 0, err
	}
	if h.entry.Mode.IsDir() {
		return 0, problem("read", h.name, syscall.EISDIR)
	}
	if h.offset >= len(h.entry.Data) {
		return 0, io.EOF
	}
	n := copy(p, h.entry.Data[h.offset:])
	h.offset += n
	return n, nil
}

func (h *handle) Write(p []byte) (int, error) {
	h.system.mutex.Lock()
	defer h.system.mutex.Unlock()
	if err := h.refuse("write", h.flag&(os.O_WRONLY|os.O_RDWR) == 0); err != nil {
		return 0, err
	}
	if h.entry.Mode&fs.ModeDevice != 0 {
		return len(p), nil
	}
	if h.flag&os.O_APPEND != 0 {
		h.offset = len(h.entry.Data)
	}
	grow := max(0, h.offset+len(p)-len(h.entry.Data))
	if h.system.size+grow > Limit {
		return 0, problem("write", h.name, syscall.ENOSPC)
	}
	h.entry.Data = append(h.entry.Data, make([]byte, grow)...)
	copy(h.entry.Data[h.offset:], p)
	h.system.size += grow
	h.offset += len(p)
	h.entry.Modified = h.system.now()
	return len(p), nil
}

func (h *handle) Close() error {
	h.system.mutex.Lock()
	defer h.system.mutex.Unlock()
	h.closed = true
	return nil
}

func (h *handle) refuse(op string, wrongFlag bool) error {
	if h.closed {
		return problem(op, h.name, syscall.EBADF)
	}
	if wrongFlag {
		return problem(op, h.name, syscall.EBADF)
	}
	return nil
}
