package rehearse

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

	"mvdan.cc/sh/v3/interp"
)

// open is the door for redirections, sourced files and $(<file).
func (p *process) open(ctx context.Context, name string, flag int, perm fs.FileMode) (io.ReadWriteCloser, error) {
	hc := interp.HandlerCtx(ctx)
	switch name = strings.TrimPrefix(name, sourceMark); name {
	case "/dev/stdin", "/dev/fd/0":
		return stream{Reader: hc.Stdin}, nil
	case "/dev/stdout", "/dev/fd/1", "/dev/tty":
		return stream{Writer: hc.Stdout, Reader: hc.Stdin}, nil
	case "/dev/stderr", "/dev/fd/2":
		return stream{Writer: hc.Stderr}, nil
	}
	return p.world.files(p.host).Open(absolute(hc.Dir, name), flag, perm)
}

// stream is one of the process's own streams, opened by name. Closing it leaves the stream open.
type stream struct {
	io.Reader
	io.Writer
}

func (s stream) Read(p []byte) (int, error) {
	if s.Reader == nil {
		return 0, io.EOF
	}
	return s.Reader.Read(p)
}

func (s stream) Write(p []byte) (int, error) {
	if s.Writer == nil {
		return 0, syscall.EBADF
	}
	return s.Writer.Write(p)
}

func (s stream) Close() error { return nil }

// stat is the door for file tests and cd. The site's commands are found where programs are.
func (p *process) stat(_ context.Context, name string, _ bool) (fs.FileInfo, error) {
	info, err := p.world.files(p.host).Stat(name)
	if err != nil && p.provides(name) {
		return programInfo(path.Base(name)), nil
	}
	return info, err
}

// access is the door for -r, -w, -x and cd. Whoever rehearses is root.
func (p *process) access(ctx context.Context, name string, mode interp.AccessMode) error {
	info, err := p.stat(ctx, name, true)
	if err != nil {
		return err
	}
	if mode&interp.AccessExec != 0 && !info.IsDir() && info.Mode()&0o111 == 0 {
		return &os.PathError{Op: "access", Path: name, Err: syscall.EACCES}
	}
	return nil
}

// readDir is the door for patterns such as /etc/*.
func (p *process) readDir(_ context.Context, name string) ([]fs.DirEntry, error) {
	return p.world.files(p.host).ReadDir(name)
}
