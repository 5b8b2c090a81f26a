package procedure

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"syscall"

	"gatewalk/exec/session"
	"gatewalk/runbook"
)

// follow reads what the document calls, and nothing outside of a folder.
func (p *Procedure) follow(name, folder string) error {
	document, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	if folder == "" {
		folder = workTree(filepath.Dir(document))
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return err
	}
	at, err := filepath.Rel(folder, document)
	if err != nil || !filepath.IsLocal(at) {
		return fmt.Errorf("%s: it does not lie in %s; give a folder around it with --root", name, folder)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	p.folder = folder
	p.Plan, err = runbook.Follow(p.Plan, filepath.ToSlash(at), func(target string) ([]byte, error) {
		source, err := readInside(root, target)
		if err == nil {
			p.Beside = append(p.Beside, session.Document{Name: target, Source: source})
			p.called = append(p.called, called{target, source})
		}
		return source, err
	})
	return err
}

// readInside reads a file that lies in a folder, also by its links: what leads out of the folder is refused, and so is what
// is no file.
func readInside(root *os.Root, target string) ([]byte, error) {
	name, err := url.PathUnescape(target)
	if err != nil {
		return nil, errors.New("it is no path")
	}
	file, err := root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fs.ErrNotExist
	case err != nil:
		return nil, fmt.Errorf("it is not read from %s (%w); --root says how far files may be read", root.Name(), errors.Unwrap(err))
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("it is no file")
	}
	return io.ReadAll(io.LimitReader(file, runbook.MaxSize+1))
}

// workTree is the git work tree around a folder, else the folder. A home directory that is one holds more than procedures.
func workTree(folder string) string {
	home, _ := os.UserHomeDir()
	for up := folder; up != filepath.Dir(up) && up != home; up = filepath.Dir(up) {
		if _, err := os.Lstat(filepath.Join(up, ".git")); err == nil {
			return up
		}
	}
	return folder
}
