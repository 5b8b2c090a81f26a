package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// layout is a session's directory.
type layout string

func (l layout) attempts() string { return filepath.Join(string(l), "attempts") }
func (l layout) contexts() string { return filepath.Join(string(l), "contexts") }
func (l layout) attempt(number uint64) folder {
	return folder(filepath.Join(l.attempts(), strconv.FormatUint(number, 10)))
}

// context is the file of a digest such as "sha256:8f43…". The digest is checked, so that it can name no other file.
func (l layout) context(digest string) (string, error) {
	name, found := strings.CutPrefix(digest, "sha256:")
	if !found || len(name) != 64 || strings.Trim(name, "0123456789abcdef") != "" {
		return "", fmt.Errorf("%q is no digest of a context", digest)
	}
	return filepath.Join(l.contexts(), name), nil
}

// prepare makes the directories that do not exist yet.
func (l layout) prepare() error {
	for _, dir := range []string{l.attempts(), l.contexts()} {
		if _, err := os.Stat(dir); err == nil {
			continue
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := syncDirectory(string(l)); err != nil {
			return err
		}
	}
	return nil
}

// reserve makes the folder of an attempt. Only one of all who try gets true.
func (l layout) reserve(number uint64) (first bool, err error) {
	if err := l.prepare(); err != nil {
		return false, err
	}
	err = os.Mkdir(string(l.attempt(number)), 0o700)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	return err == nil, err
}

// folder holds the files of one attempt.
type folder string

// What lies in a folder. The first five stay for good.
const (
	commandFile = "cmd"
	claimFile   = "pid"
	outputFile  = "out"
	timesFile   = "times" // when it was printed
	endFile     = "exit"
	socketFile  = "socket"
	scriptFile  = "run"
	commandsDir = "commands"
	exitsFile   = "exits"   // of top-level commands, as they happen
	stateFile   = "state"   // a pipe: the shell's state to the shim
	namesFile   = "names"   // of functions and variables, nothing else of them
	goneDir     = "gone"    // stands for a directory that is no longer there
	reserveFile = "reserve" // room for the end on a full disk
)

var workingFiles = []string{socketFile, scriptFile, commandsDir, exitsFile, stateFile, namesFile, goneDir, reserveFile}

func (f folder) file(name string) string { return filepath.Join(string(f), name) }

// cancelled is what a claim says when nobody will ever start the attempt.
const cancelled = "cancelled"

var errCancelled = errors.New("it was cancelled before it started, and will not start any more")

// claim decides for good who runs the attempt: a process, or nobody. Only the first claim holds; fs.ErrExist is for the others.
func (f folder) claim(who string) error {
	name, err := draft(f.file(claimFile), []byte(who+"\n"))
	if err != nil {
		return err
	}
	defer os.Remove(name)
	if err := os.Link(name, f.file(claimFile)); err != nil {
		return err
	}
	return syncDirectory(string(f))
}

// claimant is who runs the attempt; "" while nobody has claimed it. A claim that cannot be read is one all the same.
func (f folder) claimant() string {
	text, err := readRegular(f.file(claimFile))
	switch claim := strings.TrimSpace(string(text)); {
	case isMissing(err):
		return ""
	case err != nil:
		return err.Error()
	case claim == "":
		return "an empty claim"
	default:
		return claim
	}
}

// bury makes sure that an attempt that was not started never is.
func (f folder) bury() error {
	if err := f.claim(cancelled); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
