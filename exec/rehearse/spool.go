package rehearse

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"sync"

	"gatewalk/exec"
)

// spool is an attempt's output: on disk before anyone is told of it.
type spool struct {
	name string
	file *os.File

	mutex   sync.Mutex
	digest  hash.Hash
	size    int64
	problem error
	sealed  bool          // no more output is taken
	over    bool          // and the end is on disk
	changed chan struct{} // closed at the next change
}

func newSpool(name string) (*spool, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	return &spool{name: name, file: file, digest: sha256.New(), changed: make(chan struct{})}, nil
}

// Write never fails its caller: a rehearsed command does not end because our disk is full. The problem is told at the end.
func (s *spool) Write(p []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.sealed || s.problem != nil {
		return len(p), nil
	}
	n, err := s.file.Write(p)
	s.digest.Write(p[:n])
	s.size += int64(n)
	s.problem = err
	s.wake()
	return len(p), nil
}

func (s *spool) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// seal takes no more output and makes what came durable.
func (s *spool) seal() (size int64, digest string, err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.sealed = true
	return s.size, fmt.Sprintf("sha256:%x", s.digest.Sum(nil)), errors.Join(s.problem, s.file.Sync())
}

// release lets the followers go: the end is on disk.
func (s *spool) release() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.over = true
	s.problem = errors.Join(s.problem, s.file.Close())
	s.wake()
}

func (s *spool) state() (size int64, over bool, changed <-chan struct{}) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.size, s.over, s.changed
}

// follow hands over output from an offset until the attempt's end is on disk.
func (s *spool) follow(ctx context.Context, from int64, sink exec.Sink) error {
	file, err := os.Open(s.name)
	if err != nil {
		return err
	}
	defer file.Close()
	for {
		size, over, changed := s.state()
		if from, err = handOver(ctx, file, from, size, sink); err != nil || over {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// followFile hands over what is left of an attempt that has ended.
func followFile(ctx context.Context, name string, from int64, sink exec.Sink) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("there is no output to follow: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	_, err = handOver(ctx, file, from, info.Size(), sink)
	return err
}

func handOver(ctx context.Context, file io.ReaderAt, from, to int64, sink exec.Sink) (int64, error) {
	chunk := make([]byte, 32<<10)
	for from < to {
		if err := ctx.Err(); err != nil {
			return from, err
		}
		n, err := file.ReadAt(chunk[:min(int64(len(chunk)), to-from)], from)
		if n == 0 && err != nil {
			return from, err
		}
		sink.Output(from, append([]byte(nil), chunk[:n]...))
		from += int64(n)
	}
	return from, nil
}
