package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/sys/unix"

	"gatewalk/exec"
)

// A shim is reached through a pipe by the process that started it, and told back through another:
//
//	to the shim     one order, then frames, as JSON
//	from the shim   bytes: started, or refused and why; then news of output and echo
//
// A socket can take the place of both pipes without a change to what is said. Until then any other process reaches a shim by signals only.

// frame is one control on its way. One field is set.
type frame struct {
	Stdin  []byte     `json:"stdin,omitempty"`
	Resize *exec.Size `json:"resize,omitempty"`
	Signal string     `json:"signal,omitempty"`
	Cancel bool       `json:"cancel,omitempty"`
}

func frameOf(control exec.Control) (frame, error) {
	switch control := control.(type) {
	case exec.Stdin:
		return frame{Stdin: control.Bytes}, nil
	case exec.Resize:
		return frame{Resize: &control.Size}, nil
	case exec.Signal:
		if signals[control.Name] == 0 {
			return frame{}, fmt.Errorf("signal %q cannot be sent: use INT, TERM, KILL, HUP or QUIT", control.Name)
		}
		return frame{Signal: control.Name}, nil
	case exec.Cancel:
		return frame{Cancel: true}, nil
	default:
		panic(fmt.Sprintf("local: unknown control %T", control))
	}
}

var signals = map[string]unix.Signal{
	"HUP": unix.SIGHUP, "INT": unix.SIGINT, "QUIT": unix.SIGQUIT, "KILL": unix.SIGKILL, "TERM": unix.SIGTERM,
}

// What a shim tells.
const (
	toldStarted = 's'
	toldRefused = '!' // the rest is the reason
	toldNews    = 'n' // of output, or of the end
	toldEchoOff = 'e'
	toldEchoOn  = 'E'
)

// link is the near end of the pipes.
type link struct {
	mutex   sync.Mutex
	pipe    io.WriteCloser
	echo    bool
	changed chan struct{}
}

func newLink(pipe io.WriteCloser) *link {
	return &link{pipe: pipe, echo: true, changed: make(chan struct{})}
}

func (l *link) send(message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	_, err = l.pipe.Write(append(text, '\n'))
	return err
}

// now is the state of echo, and a channel that is closed at the next news.
func (l *link) now() (echo bool, changed <-chan struct{}) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.echo, l.changed
}

// listen takes in what the shim tells until the shim is gone.
func (l *link) listen(told io.Reader) {
	buffer := make([]byte, 4096)
	for {
		n, err := told.Read(buffer)
		l.take(buffer[:n])
		if err != nil {
			return
		}
	}
}

func (l *link) take(told []byte) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, word := range told {
		switch word {
		case toldEchoOff, toldEchoOn:
			l.echo = word == toldEchoOn
		case toldNews:
		default:
			panic(fmt.Sprintf("local: a shim told %q", word))
		}
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

// Control is exec.Runner's.
func (r *Runner) Control(attempt uint64, control exec.Control) error {
	frame, err := frameOf(control)
	if err != nil {
		return err
	}
	if frame.Cancel {
		return r.cancel(attempt, frame)
	}
	if seen := r.look(attempt); seen.State != exec.Running {
		return fmt.Errorf("attempt %d is not running: %s", attempt, seen.Evidence)
	}
	return r.reach(attempt, frame)
}

// cancel buries what was not started, and ends what was.
func (r *Runner) cancel(attempt uint64, frame frame) error {
	r.lock(attempt).Lock()
	defer r.lock(attempt).Unlock()
	if err := r.bury(attempt); err != nil {
		return err
	}
	if r.look(attempt).State != exec.Running {
		return nil
	}
	return r.reach(attempt, frame)
}

func (r *Runner) reach(attempt uint64, frame frame) error {
	if l := r.link(attempt); l != nil {
		return l.send(frame)
	}
	who, err := parseIdentity(r.layout.attempt(attempt).claimant())
	if err != nil {
		return err
	}
	number := frame.asSignal()
	if number == 0 {
		return errors.New("the process that started this command is gone, and its keyboard with it: it can be followed, interrupted and cancelled only")
	}
	return unix.Kill(who.pid, number)
}

// asSignal says a frame in the one way in which a shim can be reached by a process that did not start it. 0: it cannot be said.
func (f frame) asSignal() unix.Signal {
	switch {
	case f.Cancel:
		return unix.SIGUSR1
	case f.Signal == "KILL":
		return unix.SIGUSR2
	default:
		return signals[f.Signal]
	}
}

// fromSignal is its inverse; an empty frame means nothing.
func fromSignal(number os.Signal) frame {
	switch number {
	case unix.SIGUSR1:
		return frame{Cancel: true}
	case unix.SIGUSR2:
		return frame{Signal: "KILL"}
	}
	for name, signal := range signals {
		if signal == number {
			return frame{Signal: name}
		}
	}
	return frame{}
}
