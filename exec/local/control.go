package local

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"gatewalk/exec"
)

// frame is one control on its way. One field is set.
type frame struct {
	Stdin  []byte     `json:"stdin,omitempty"`
	Resize *exec.Size `json:"resize,omitempty"`
	Signal string     `json:"signal,omitempty"`
	Cancel bool       `json:"cancel,omitempty"`
}

// framesOf are the frames that say a control: several for many keys.
func framesOf(control exec.Control) ([]frame, error) {
	switch control := control.(type) {
	case exec.Stdin:
		var frames []frame
		for keys := range slices.Chunk(control.Bytes, portion) {
			frames = append(frames, frame{Stdin: keys})
		}
		return frames, nil
	case exec.Resize:
		return []frame{{Resize: &control.Size}}, nil
	case exec.Signal:
		if signals[control.Name] == 0 {
			return nil, fmt.Errorf("signal %q cannot be sent: use INT, TERM, KILL, HUP or QUIT", control.Name)
		}
		return []frame{{Signal: control.Name}}, nil
	case exec.Cancel:
		return []frame{{Cancel: true}}, nil
	default:
		panic(fmt.Sprintf("local: unknown control %T", control))
	}
}

var signals = map[string]unix.Signal{
	"HUP": unix.SIGHUP, "INT": unix.SIGINT, "QUIT": unix.SIGQUIT, "KILL": unix.SIGKILL, "TERM": unix.SIGTERM,
}

// Control is exec.Runner's. It reaches an attempt whichever process has launched it.
func (r *Runner) Control(attempt uint64, control exec.Control) error {
	frames, err := framesOf(control)
	if err != nil {
		return err
	}
	if _, cancel := control.(exec.Cancel); cancel {
		return r.cancel(attempt, frames)
	}
	return r.send(attempt, frames)
}

// cancel buries what was not started, and ends what was. What has ended needs no more.
func (r *Runner) cancel(attempt uint64, frames []frame) error {
	r.lock(attempt).Lock()
	defer r.lock(attempt).Unlock()
	if err := r.bury(attempt); err != nil {
		return err
	}
	if err := r.send(attempt, frames); !errors.Is(err, errNotRunning) {
		return err
	}
	return nil
}

var errNotRunning = errors.New("it is not running")

func (r *Runner) send(attempt uint64, frames []frame) error {
	l, failed := r.reach(attempt)
	for _, frame := range frames {
		if failed == nil {
			failed = l.send(frame)
		}
	}
	if failed == nil {
		return nil
	}
	if seen := r.look(attempt); seen.State != exec.Running {
		return fmt.Errorf("attempt %d: %w: %s", attempt, errNotRunning, seen.Evidence)
	}
	return fmt.Errorf("attempt %d runs, but cannot be reached: %w", attempt, failed)
}
