package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// folder is the disk of a session's real directory. It is held by its descriptor: a directory moved or replaced while
// the session runs is still the one that was checked.
type folder struct{ root *os.Root }

// openFolder opens a session's directory, which must be a real one, owned by this user and closed to all others.
func openFolder(dir string) (folder, error) {
	f, err := openAnyFolder(dir)
	if err != nil {
		return folder{}, err
	}
	if err := f.checkPrivate(dir); err != nil {
		f.close()
		return folder{}, err
	}
	return f, nil
}

// openAnyFolder opens a session's directory whoever owns it: a record must be checkable by someone it does not belong to.
func openAnyFolder(dir string) (folder, error) {
	parent, err := os.OpenRoot(filepath.Dir(dir))
	if err != nil {
		return folder{}, noSession(dir, err)
	}
	defer parent.Close()
	named, err := parent.Lstat(filepath.Base(dir))
	if err != nil {
		return folder{}, noSession(dir, err)
	}
	if !named.IsDir() {
		return folder{}, &Problem{dir, "is " + kindOf(named.Mode()) + ", not a session's directory", "move it away and name a session that gatewalk made", nil}
	}
	root, err := parent.OpenRoot(filepath.Base(dir))
	if err != nil {
		return folder{}, noSession(dir, err)
	}
	opened, err := root.Stat(".")
	if err != nil || !os.SameFile(named, opened) {
		root.Close()
		return folder{}, &Problem{dir, "was replaced while it was opened", "see who else works in this directory, then try again", err}
	}
	return folder{root}, nil
}

func noSession(dir string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &Problem{dir, "there is no such session", "run gatewalk without arguments to list those there are", fs.ErrNotExist}
	}
	return &Problem{dir, fmt.Sprintf("cannot be opened (%v)", errno(err)), "resume it as the user who began it", err}
}

// checkPrivate asks the descriptor, not the path, who owns the directory and who may enter it.
func (f folder) checkPrivate(dir string) error {
	info, err := f.root.Stat(".")
	if err != nil {
		return err
	}
	if owner := ownerOf(info); owner != os.Geteuid() {
		return &Problem{dir, fmt.Sprintf("belongs to user %d, you are user %d", owner, os.Geteuid()), "resume it as that user, or check a copy with gatewalk verify", fs.ErrPermission}
	}
	if others := info.Mode().Perm() &^ 0o700; others != 0 {
		return &Problem{dir, fmt.Sprintf("is open to others (mode %04o)", info.Mode().Perm()), "see who has been there, then chmod 700 it", fs.ErrPermission}
	}
	return nil
}

// checkOurs keeps us from writing to a file that is somebody else's, or somewhere else, too.
func (f folder) checkOurs(name string, info fs.FileInfo) error {
	stat := statOf(info)
	if int(stat.Uid) != os.Geteuid() {
		return &Problem{f.path(name), fmt.Sprintf("belongs to user %d, you are user %d", stat.Uid, os.Geteuid()), "find out who put it there; gatewalk did not", fs.ErrPermission}
	}
	if stat.Nlink != 1 {
		return &Problem{f.path(name), "has another name elsewhere (a hard link)", "put a copy of it in its place; gatewalk would change both", fs.ErrPermission}
	}
	return nil
}

func ownerOf(info fs.FileInfo) int { return int(statOf(info).Uid) }

func statOf(info fs.FileInfo) *syscall.Stat_t {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		panic(fmt.Sprintf("journal: a file of this machine has no owner: %T", info.Sys()))
	}
	return stat
}

func (f folder) open(name string, flag int) (file, error) {
	before, err := f.look(name)
	if err != nil && (flag&os.O_CREATE == 0 || !errors.Is(err, fs.ErrNotExist)) {
		return nil, err
	}
	// Not to block: should a FIFO take the name's place just now, opening it must not wait for its other end.
	opened, err := f.root.OpenFile(name, flag|syscall.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, err
	}
	after, err := opened.Stat()
	if err == nil && !after.Mode().IsRegular() || before != nil && !os.SameFile(before, after) {
		err = &Problem{f.path(name), "was replaced while it was opened", "see who else works in this directory, then try again", nil}
	}
	if err == nil && flag&(os.O_WRONLY|os.O_RDWR) != 0 {
		err = f.checkOurs(name, after)
	}
	if err != nil {
		opened.Close()
		return nil, err
	}
	return opened, nil
}

// look sees to it that a name leads through real directories, the outermost first, to a regular file.
func (f folder) look(name string) (fs.FileInfo, error) {
	for i, c := range name {
		if c != '/' {
			continue
		}
		dir := name[:i]
		info, err := f.root.Lstat(dir)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			return nil, f.notThe(dir, info, "a directory")
		}
	}
	info, err := f.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, f.notThe(name, info, "a regular file")
	}
	return info, nil
}

func (f folder) notThe(name string, info fs.FileInfo, wanted string) error {
	return &Problem{f.path(name), "is " + kindOf(info.Mode()) + ", not " + wanted, "find out who put it there; gatewalk did not", nil}
}

func kindOf(mode fs.FileMode) string {
	switch mode.Type() {
	case 0:
		return "a regular file"
	case fs.ModeDir:
		return "a directory"
	case fs.ModeSymlink:
		return "a symbolic link"
	case fs.ModeNamedPipe:
		return "a FIFO"
	case fs.ModeSocket:
		return "a socket"
	default:
		return "a device"
	}
}

func (f folder) path(name string) string { return filepath.Join(f.root.Name(), name) }

func (f folder) mkdir(name string) error      { return f.root.Mkdir(name, 0o700) }
func (f folder) rename(from, to string) error { return f.root.Rename(from, to) }
func (f folder) remove(name string) error     { return f.root.Remove(name) }
func (f folder) close() error                 { return f.root.Close() }

func (f folder) names(dir string) ([]string, error) {
	info, err := f.root.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, f.cannotList(dir, err)
	}
	if !info.IsDir() {
		return nil, f.notThe(dir, info, "a directory")
	}
	opened, err := f.root.Open(dir)
	if err != nil {
		return nil, f.cannotList(dir, err)
	}
	defer opened.Close()
	names, err := opened.Readdirnames(-1)
	if err != nil {
		return nil, f.cannotList(dir, err)
	}
	slices.Sort(names)
	return names, nil
}

func (f folder) cannotList(dir string, err error) error {
	return &Problem{f.path(dir), fmt.Sprintf("cannot be listed (%s)", errno(err)), "see to the disk, then try again", err}
}

func (f folder) sync(dir string) error {
	opened, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	defer opened.Close()
	return opened.Sync()
}
