package move

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/steps"
)

// Arrived is a session that was taken up here.
type Arrived struct {
	ID     string
	Dir    string
	From   string // the machine that it comes from
	Sum    string // of the journal as it was sealed
	Before bool   // it had arrived already; nothing was done
}

// Arrive takes up a session from its archive under a root of sessions: all of it, or nothing. It is there when everything
// in it holds, and the fact that it arrived is on disk.
func Arrive(r io.Reader, root string, here session.Options, limits Limits) (Arrived, error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return Arrived{}, err
	}
	s, err := newStaging(filepath.Dir(root))
	if err != nil {
		return Arrived{}, fmt.Errorf("%s: %w; make room, or set XDG_STATE_HOME to a directory you may write to", root, err)
	}
	defer s.remove()
	id, err := unpack(r, s.dir, limits)
	if err != nil {
		return Arrived{}, err
	}
	return (&arriving{filepath.Join(s.dir, id), filepath.Join(root, id), here}).arrive()
}

// ArriveFile takes up a session from the file that ToFile wrote.
func ArriveFile(name, root string, here session.Options, limits Limits) (Arrived, error) {
	file, err := os.Open(name)
	if err != nil {
		return Arrived{}, fmt.Errorf("%s: cannot be read: %w; name the file that gatewalk move wrote", name, errors.Unwrap(err))
	}
	defer file.Close()
	arrived, err := Arrive(file, root, here, limits)
	if err != nil {
		return Arrived{}, fmt.Errorf("%s: %w", name, err)
	}
	return arrived, nil
}

// arriving is an unpacked session on its way to its place.
type arriving struct {
	from, to string
	here     session.Options
}

func (a *arriving) arrive() (Arrived, error) {
	report, err := journal.Verify(a.from)
	if err != nil {
		return Arrived{}, err
	}
	if !report.Holds() {
		return Arrived{}, fmt.Errorf("the session in the archive does not hold: %w", errors.Join(report.Problems...))
	}
	arrived := Arrived{ID: report.Session, Dir: a.to, Sum: report.Sum}
	old, before, err := a.earlier()
	if err != nil {
		return arrived, err
	}
	if old != nil {
		defer old.Close()
	}
	if before {
		arrived.Before = true
		return arrived, nil
	}
	if arrived.From, err = a.takeUp(); err != nil {
		return arrived, err
	}
	return arrived, a.place(old != nil)
}

// earlier looks at a session of the same name. One that was sealed here and has come back makes way, and is held until then;
// one that has arrived from this very archive stays; any other keeps its place.
func (a *arriving) earlier() (old *journal.Journal, before bool, err error) {
	if _, err := os.Lstat(a.to); errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	coming, err := os.ReadFile(filepath.Join(a.from, journalName))
	if err != nil {
		return nil, false, err
	}
	there, err := os.ReadFile(filepath.Join(a.to, journalName))
	if err == nil && len(there) > len(coming) && bytes.HasPrefix(there, coming) {
		return nil, true, nil
	}
	old, err = journal.Open(a.to)
	if err != nil {
		return nil, false, err
	}
	state, err := load(old)
	if err == nil && (state.Moved() == nil || !bytes.HasPrefix(coming, there)) {
		err = fmt.Errorf("%s: another session of that name is here; move that one away first", a.to)
	}
	if err != nil {
		return nil, false, errors.Join(err, old.Close())
	}
	return old, false, nil
}

// takeUp writes down that the session arrived, and answers where from.
func (a *arriving) takeUp() (from string, err error) {
	held, err := journal.Open(a.from)
	if err != nil {
		return "", err
	}
	defer held.Close()
	state, err := load(held)
	if err != nil {
		return "", err
	}
	if state.Moved() == nil {
		return "", errors.New("the session in the archive was not sealed where it comes from, and would go on in two places; move it with gatewalk move")
	}
	from = state.Opened().Machine
	machine := a.here.Machine
	if state.Opened().Simulated {
		machine = from
	}
	facts, err := steps.Decide(state, message(a.here, steps.Reopened{
		Machine: machine, Boot: a.here.Boot, User: a.here.Actor.Name, Build: a.here.Build, Terminal: a.here.Terminal, Secrets: state.Committed(), Arrived: true,
	}))
	if err != nil {
		return "", err
	}
	if err := held.Replenish(); err != nil {
		return "", err
	}
	if _, err = write(held, state, a.here, facts); err != nil {
		return from, err
	}
	return from, held.Settle(a.to)
}

// place moves the session where sessions are; what it was when it left is exchanged for it, and never missing.
func (a *arriving) place(exchange bool) error {
	if err := syncFolders(a.from); err != nil {
		return err
	}
	err := os.Rename(a.from, a.to) // never over a session: a directory in which something is cannot be replaced
	if exchange {
		err = unix.Renameat2(unix.AT_FDCWD, a.from, unix.AT_FDCWD, a.to, unix.RENAME_EXCHANGE)
	}
	if err != nil {
		return fmt.Errorf("%s: the session cannot be put there: %w; see to the disk, then do the same again", a.to, err)
	}
	return syncFolder(filepath.Dir(a.to))
}

// syncFolders makes the names of files durable, as their contents are.
func syncFolders(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return syncFolder(path)
	})
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
