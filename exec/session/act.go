package session

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"gatewalk/exec"
	"gatewalk/runbook/shell"
	"gatewalk/steps"
	"gatewalk/steps/check"
)

// act begins the work of an effect. News of it come back through report.
func (s *Session) act(effect steps.Effect) {
	switch e := effect.(type) {
	case steps.Launch:
		s.begin(func() { s.launch(e) })
	case steps.Follow:
		s.begin(func() { s.follow(e.Attempt) })
	case steps.Observe:
		s.begin(func() { s.observe(e) })
	case steps.Probe:
		s.begin(func() { s.probe(e.Attempt) })
	case steps.Signal:
		s.begin(func() { s.failing(s.runner.Control(e.Attempt, exec.Signal{Name: e.Name})) })
	case steps.Cancel:
		s.begin(func() { s.failing(s.runner.Control(e.Attempt, exec.Cancel{})) })
	case steps.Wake:
		s.wake(e)
	default:
		panic(fmt.Sprintf("session: %T is not in the closed set", effect))
	}
}

// begin does work beside the session; Close waits for it.
func (s *Session) begin(work func()) {
	s.work.Add(1)
	s.working.Add(1)
	go func() {
		defer s.work.Done()
		defer s.working.Add(-1)
		work()
	}()
}

// failing writes down that something could not be done, where no fact of its own says so.
func (s *Session) failing(err error) {
	if err != nil && s.context.Err() == nil {
		_ = s.report(steps.Note{Text: "gatewalk: " + err.Error()})
	}
}

// launch makes a process of an attempt that is on disk, and stays with it until it ends.
func (s *Session) launch(e steps.Launch) {
	s.output(e.Attempt)
	started := e.Started
	err := s.runner.Launch(s.context, exec.Launch{
		Attempt: e.Attempt, Host: started.Host, User: started.User, Commands: started.Commands, From: started.From,
		Context: started.Context, Assign: started.Assign, Secrets: s.vault.hand(started.Secrets), Scratch: started.Scratch, Size: s.terminal(),
	})
	if err != nil {
		s.insist(steps.LaunchFailed{Attempt: e.Attempt, Error: err.Error()})
		s.output(e.Attempt).end()
		return
	}
	s.follow(e.Attempt)
}

// follow hands an attempt's output on until it has ended, then records its end.
func (s *Session) follow(attempt uint64) {
	out, ended := s.output(attempt), make(chan struct{})
	defer close(ended)
	go s.watchRoom(ended)
	if err := s.runner.Follow(s.context, attempt, out.size(), out); err != nil && s.context.Err() != nil {
		return
	}
	s.probe(attempt)
}

// probe asks what became of an attempt and reports it.
func (s *Session) probe(attempt uint64) {
	found := s.runner.Probe(attempt)
	s.insist(s.probed(attempt, found))
	if found.State != exec.Running {
		s.output(attempt).end()
	}
	if found.State == exec.Done {
		s.failing(s.runner.Release(attempt))
	}
}

// probed is what a probe found, in the core's words. The end of an attempt of this sitting is no late news.
func (s *Session) probed(attempt uint64, found exec.Observation) steps.Input {
	a := s.State().Attempt(attempt)
	switch found.State {
	case exec.Absent:
		return steps.Probed{Attempt: attempt, Found: steps.OutcomeNotRun, Evidence: found.Evidence}
	case exec.Running:
		return steps.Probed{Attempt: attempt, Found: steps.OutcomeRunning, Evidence: found.Evidence}
	case exec.Done:
		end := s.finished(a, *found.End)
		if a.ID > s.State().Sitting() {
			return steps.Exited{Finished: end}
		}
		return steps.Probed{Attempt: attempt, Found: steps.OutcomeDone, Evidence: found.Evidence, End: &end}
	case exec.Rebooted:
		return steps.Probed{Attempt: attempt, Found: steps.OutcomeRebooted, Evidence: string(found.State) + ": " + found.Evidence, Exits: exitsOf(found.Exits)}
	case exec.Lost, exec.Unreachable:
		return steps.Probed{Attempt: attempt, Found: steps.OutcomeUnknown, Evidence: string(found.State) + ": " + found.Evidence}
	}
	panic("session: no such state: " + string(found.State))
}

// exitsOf are the ends of commands in the core's words.
func exitsOf(ended []exec.CommandExit) []steps.CommandExit {
	var exits []steps.CommandExit
	for _, exit := range ended {
		exits = append(exits, steps.CommandExit(exit))
	}
	return exits
}

// directory is the variable that says where a shell is. A change of it is told, so that the operator knows where the next
// command starts.
const directory = "PWD"

// finished is the end of an attempt as a fact: of its variables, those that are new or changed.
func (s *Session) finished(a *steps.Attempt, end exec.End) steps.Finished {
	f := steps.Finished{
		Attempt: a.ID, Code: end.Code, Signal: end.Signal, Exits: exitsOf(end.Exits), Context: end.Context, Bytes: end.Bytes, Output: end.Digest,
		Redactions: end.Redactions, Hidden: end.Hidden, Took: end.Took.Seconds(), Warning: end.Warning,
	}
	if a.Started.Scratch || end.Context == "" {
		return f
	}
	state := s.State()
	known := state.Context(state.Opened().Machine, a.Started.User).Table
	now := s.vault.public(end.Variables)
	f.Changed = map[string]string{}
	for name, value := range now {
		if shell.Standard(name) && name != directory {
			continue // a login has these by itself
		}
		if old, ok := known[name]; !ok || old.Commitment == "" && old.Value != value {
			f.Changed[name] = value
		}
	}
	for name, old := range known {
		if _, ok := now[name]; !ok && old.Commitment == "" {
			f.Unset = append(f.Unset, name)
		}
	}
	return f
}

// judging is how long a check may take.
const judging = 10 * time.Second

// observe judges an attempt's output, once.
func (s *Session) observe(e steps.Observe) {
	ctx, cancel := context.WithTimeout(s.context, judging)
	defer cancel()
	a := s.State().Attempt(e.Attempt)
	var output io.Reader = bytes.NewReader(nil)
	if file, err := s.journal.Output(e.Attempt); err == nil {
		defer file.Close()
		output = file
	}
	s.insist(steps.Observed{Attempt: e.Attempt, Judgment: check.Judge(ctx, e.Check, a.End.Code, output, e.Poll)})
}

// wake asks for a tick later; where the clock is simulated, waiting is a jump.
func (s *Session) wake(e steps.Wake) {
	after := time.Duration(e.Seconds * float64(time.Second))
	if simulated, ok := s.runner.(Advancer); ok {
		simulated.Advance(after)
		after = 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return
	}
	if old := s.wakes[e.Place.Key()]; old != nil {
		old.Stop()
	}
	s.wakes[e.Place.Key()] = time.AfterFunc(after, func() {
		if s.context.Err() == nil {
			s.insist(steps.Tick{Place: e.Place})
		}
	})
}
