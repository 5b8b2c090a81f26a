package exectest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"gatewalk/exec"
)

// Answer is what a scripted attempt does. The zero Answer prints nothing and exits 0.
type Answer struct {
	Refuse    error             // the launch fails with this, and nothing was started
	Output    string            // printed at once
	Waits     bool              // the attempt runs on after its output until Finish, a Cancel or a Signal
	Code      int               // of the last command run; the ones before it exit 0
	Signal    string            // it was ended by this signal
	Fails     int               // with a Code that is not 0: index of the command that ends so
	Fate      exec.State        // Lost, Rebooted or Unreachable instead of an end
	Context   string            // digest of the context it leaves
	Variables map[string]string // its public table
	Warning   string
}

// Scripted is a Runner that starts nothing: a function answers its launches. It keeps the promises of a Runner
// that can be kept without processes: at most once, absent for ever, output by offset.
type Scripted struct {
	mutex    sync.Mutex
	answer   func(exec.Launch) Answer
	attempts map[uint64]*scriptedAttempt
	launches []exec.Launch
	launched chan struct{} // closed at the next launch
	caps     exec.Caps
}

// NewScripted answers every launch by a function.
func NewScripted(answer func(exec.Launch) Answer) *Scripted {
	return &Scripted{
		answer:   answer,
		attempts: map[uint64]*scriptedAttempt{},
		launched: make(chan struct{}),
		caps:     exec.Caps{Terminal: true, Survives: true, Contexts: true},
	}
}

// InOrder answers the first launch with the first answer and so on; what comes after the last gets the zero Answer.
func InOrder(answers ...Answer) func(exec.Launch) Answer {
	return func(exec.Launch) Answer {
		if len(answers) == 0 {
			return Answer{}
		}
		next := answers[0]
		answers = answers[1:]
		return next
	}
}

// Launches are the launches that started something, in order.
func (s *Scripted) Launches() []exec.Launch {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]exec.Launch(nil), s.launches...)
}

// awaitLaunch waits for an attempt: what is written down is answered at once, and launched beside that.
func (s *Scripted) awaitLaunch(attempt uint64) {
	const patience = time.Minute
	for deadline := time.After(patience); ; {
		known, launched := s.knows(attempt)
		if known {
			return
		}
		select {
		case <-launched:
		case <-deadline:
			panic(fmt.Sprintf("exectest: attempt %d was never launched", attempt))
		}
	}
}

func (s *Scripted) knows(attempt uint64) (known bool, launched <-chan struct{}) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.attempts[attempt] != nil, s.launched
}

// Finish ends an attempt that waits, with another answer, as soon as it is launched. Output is added to what it has printed.
func (s *Scripted) Finish(attempt uint64, answer Answer) {
	s.awaitLaunch(attempt)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	a := s.attempts[attempt]
	if a == nil || a.state != exec.Running {
		panic(fmt.Sprintf("exectest: attempt %d is not running", attempt))
	}
	a.finish(answer)
}

// Print adds output to an attempt that waits, as soon as it is launched.
func (s *Scripted) Print(attempt uint64, output string) {
	s.awaitLaunch(attempt)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	a := s.attempts[attempt]
	a.output = append(a.output, output...)
	a.wake()
}

// SetEcho has an attempt that waits turn its terminal's echo off or on, as soon as it is launched.
func (s *Scripted) SetEcho(attempt uint64, on bool) {
	s.awaitLaunch(attempt)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	a := s.attempts[attempt]
	a.silent = !on
	a.wake()
}

// Controls are what reached an attempt, in order.
func (s *Scripted) Controls(attempt uint64) []exec.Control {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if a := s.attempts[attempt]; a != nil {
		return append([]exec.Control(nil), a.controls...)
	}
	return nil
}

// Launch is exec.Runner's.
func (s *Scripted) Launch(_ context.Context, launch exec.Launch) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if a := s.attempts[launch.Attempt]; a != nil {
		return a.launchedAgain()
	}
	a := &scriptedAttempt{launch: launch, state: exec.Running, changed: make(chan struct{})}
	s.attempts[launch.Attempt] = a
	close(s.launched)
	s.launched = make(chan struct{})
	answer := s.answer(launch)
	if answer.Refuse != nil {
		a.state = exec.Absent
		return answer.Refuse
	}
	s.launches = append(s.launches, launch)
	if answer.Waits {
		a.output = append(a.output, answer.Output...)
		return nil
	}
	a.finish(answer)
	return nil
}

// Probe is exec.Runner's.
func (s *Scripted) Probe(attempt uint64) exec.Observation {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	a := s.known(attempt)
	return exec.Observation{State: a.state, Evidence: "the script says " + string(a.state), End: a.end}
}

// known makes a tombstone of an attempt that was never launched.
func (s *Scripted) known(attempt uint64) *scriptedAttempt {
	if s.attempts[attempt] == nil {
		s.attempts[attempt] = &scriptedAttempt{state: exec.Absent, changed: make(chan struct{})}
	}
	return s.attempts[attempt]
}

// Follow is exec.Runner's.
func (s *Scripted) Follow(ctx context.Context, attempt uint64, from int64, sink exec.Sink) error {
	echo := true
	for {
		now, err := s.look(attempt, from)
		if err != nil {
			return err
		}
		if len(now.output) > 0 {
			sink.Output(from, now.output)
			from += int64(len(now.output))
		}
		if now.silent == echo {
			echo = !now.silent
			sink.Echo(echo)
		}
		if now.ended {
			return nil
		}
		select {
		case <-now.changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

type scriptedLook struct {
	output  []byte
	silent  bool
	ended   bool
	changed <-chan struct{}
}

func (s *Scripted) look(attempt uint64, from int64) (scriptedLook, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	a := s.attempts[attempt]
	if a == nil || a.state == exec.Absent {
		return scriptedLook{}, fmt.Errorf("attempt %d was never started", attempt)
	}
	rest := append([]byte(nil), a.output[min(from, int64(len(a.output))):]...)
	return scriptedLook{output: rest, silent: a.silent, ended: a.state != exec.Running, changed: a.changed}, nil
}

// Control is exec.Runner's. A Cancel and a Signal end an attempt that waits.
func (s *Scripted) Control(attempt uint64, control exec.Control) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if _, cancel := control.(exec.Cancel); cancel && s.attempts[attempt] == nil {
		s.known(attempt)
		return nil
	}
	a := s.attempts[attempt]
	if a == nil || a.state != exec.Running {
		return fmt.Errorf("attempt %d is not running", attempt)
	}
	a.controls = append(a.controls, control)
	switch control := control.(type) {
	case exec.Stdin, exec.Resize:
	case exec.Signal:
		a.finish(Answer{Signal: control.Name, Code: signalCodes[control.Name]})
	case exec.Cancel:
		a.finish(Answer{Signal: "TERM", Code: signalCodes["TERM"]})
	default:
		panic(fmt.Sprintf("exectest: unknown control %T", control))
	}
	return nil
}

var signalCodes = map[string]int{"HUP": 129, "INT": 130, "QUIT": 131, "KILL": 137, "TERM": 143}

// Release is exec.Runner's.
func (s *Scripted) Release(attempt uint64) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if a := s.attempts[attempt]; a != nil && a.state == exec.Running {
		return fmt.Errorf("attempt %d is still running", attempt)
	}
	return nil
}

// Caps is exec.Runner's.
func (s *Scripted) Caps() exec.Caps { return s.caps }

type scriptedAttempt struct {
	launch   exec.Launch
	state    exec.State
	output   []byte
	silent   bool
	end      *exec.End
	controls []exec.Control
	changed  chan struct{}
}

var errCancelled = errors.New("it was cancelled before it started")

func (a *scriptedAttempt) launchedAgain() error {
	if a.state == exec.Absent {
		return errCancelled
	}
	return nil
}

func (a *scriptedAttempt) finish(answer Answer) {
	a.output = append(a.output, answer.Output...)
	a.state = exec.Done
	if answer.Fate != "" {
		a.state = answer.Fate
	} else {
		a.end = a.ending(answer)
	}
	a.wake()
}

func (a *scriptedAttempt) ending(answer Answer) *exec.End {
	return &exec.End{
		Code: answer.Code, Signal: answer.Signal, Exits: a.exits(answer),
		Context: answer.Context, Variables: answer.Variables, Warning: answer.Warning,
		Bytes: int64(len(a.output)), Digest: fmt.Sprintf("sha256:%x", sha256.Sum256(a.output)),
	}
}

func (a *scriptedAttempt) exits(answer Answer) []exec.CommandExit {
	last := len(a.launch.Commands) - 1
	if answer.Code != 0 {
		last = max(answer.Fails, a.launch.From)
	}
	var exits []exec.CommandExit
	for command := a.launch.From; command <= last; command++ {
		exits = append(exits, exec.CommandExit{Command: command})
	}
	if len(exits) > 0 {
		exits[len(exits)-1].Code = answer.Code
	}
	return exits
}

func (a *scriptedAttempt) wake() {
	close(a.changed)
	a.changed = make(chan struct{})
}
