// Package local runs commands on this machine, each attempt under a shim of its own that owns its terminal.
//
// Its promise: an attempt is started at most once, even by two processes at a time; it goes on, and not a byte of its output is lost,
// when the process that started it is killed; what it printed is on disk before anyone is told; its result is on disk, or it is said
// to be lost. A secret reaches the command by its environment and is in no file and in no argument list.
//
//	gatewalk ──pipe────▶ gatewalk shim ──terminal──▶ bash      dir/attempts/42/cmd     what was asked for
//	   │ ◀───socket───▶─────┘ redacts, writes                                 pid     who runs it, or that nobody ever will
//	   └──reads files, follows, probes                                        out     what it printed, redacted
//	                                                                          times   when it was printed
//	                                                                          exit    how it ended
//	                                                                          socket  where its shim is reached while it runs
//	                                                          dir/contexts/…          what a shell left to the next, by its digest
//
// Only the order goes by the pipe: from then on any process of the operator may type, resize, interrupt, cancel and follow at the
// socket, several at a time, whether or not it has launched the attempt.
//
// A context holds variables, functions, aliases, options, traps, directory and umask. It does not hold jobs, open files and limits.
// A background job loses its terminal when its attempt ends, as by closing a window; nohup or setsid let it go on. An EXIT trap runs
// when its attempt ends. Linux only: identity and state of processes are read from /proc.
package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"gatewalk/exec"
)

// Options say who the operator is. The zero value takes everything from this process.
type Options struct {
	Environ   []string // the operator's environment; nil is this process's own
	Directory string   // where a fresh context begins; "" is HOME
	Umask     int      // of the operator's login; 0 is this process's own
}

// Runner starts commands on this machine. It is safe for concurrent use, in one process and in several.
type Runner struct {
	layout    layout
	options   Options
	launching [16]sync.Mutex // by attempt, so that nobody probes what is just being launched
	mutex     sync.Mutex
	links     map[uint64]*link // to shims that run
}

// New keeps attempts and contexts in a session's directory, which it makes if it must.
func New(dir string, options Options) *Runner {
	if absolute, err := filepath.Abs(dir); err == nil {
		dir = absolute
	}
	return &Runner{layout: layout(dir), options: options.complete(), links: map[uint64]*link{}}
}

// Caps is exec.Runner's.
func (r *Runner) Caps() exec.Caps { return exec.Caps{Terminal: true, Survives: true, Contexts: true} }

// Release is exec.Runner's. It keeps cmd, pid, out and exit.
func (r *Runner) Release(attempt uint64) error {
	if seen := r.look(attempt); seen.State == exec.Running {
		return fmt.Errorf("attempt %d is still running: wait for its end or cancel it", attempt)
	}
	var failed []error
	for _, name := range workingFiles {
		failed = append(failed, os.RemoveAll(r.layout.attempt(attempt).file(name)))
	}
	return errors.Join(failed...)
}

func (r *Runner) lock(attempt uint64) *sync.Mutex {
	return &r.launching[attempt%uint64(len(r.launching))]
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
