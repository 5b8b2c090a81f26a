package keeper

import (
	"context"
	"errors"

	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/runbook"
	"gatewalk/steps"
)

// Speaking is who speaks in a walk beside the person at its terminal.
type Speaking struct {
	File string // of answers
	Pipe string // what is said through standard input comes from there and from nobody; "" where a terminal is
}

// Reached is a session as a walk meets it, in a keeper or in this process.
type Reached struct {
	steps.Session
	ByFile steps.Session // the same, as the answers file speaks
	Plan   *runbook.Plan
	Label  string // who this walk is to the others
	Kept   Status // of the keeper; zero where there is none
	lost   <-chan struct{}
	why    func() error
	leave  func(cut bool) error
}

// Lost is closed when the session is out of reach; nil where it cannot be.
func (r Reached) Lost() <-chan struct{} { return r.lost }

// Why says what became of the keeper once it is lost.
func (r Reached) Why() error { return r.why() }

// Leave lets go of the session. Cut is to go without a word, as a terminal that is gone does.
func (r Reached) Leave(cut bool) error { return r.leave(cut) }

// State is what is true now.
func (r Reached) State() steps.State {
	events, _ := r.Facts(0)
	return steps.Replay(r.Plan, events)
}

// Reach attaches to a session's keeper, or starts one.
func Reach(ctx context.Context, dir string, order Order, who Speaking) (Reached, error) {
	client, err := Open(ctx, dir, session.Terminal(), order)
	if err != nil {
		return Reached{}, err
	}
	reached := Reached{
		Session: client, ByFile: client.ByFile(who.File), Plan: client.Plan(), Label: client.Label(), Kept: client.Status(),
		lost: client.Lost(), why: client.Err,
		leave: func(cut bool) error {
			if cut {
				return client.Drop()
			}
			return client.Close()
		},
	}
	if who.Pipe != "" {
		reached.Session = client.ByFile(who.Pipe)
	}
	return reached, nil
}

// Hold opens a session in this process. It ends with it; what runs goes on.
func Hold(ctx context.Context, dir string, order Order, runners Runners, who Speaking) (Reached, error) {
	if err := Free(ctx, dir); err != nil {
		return Reached{}, err
	}
	held, err := journal.Open(dir)
	if err != nil {
		return Reached{}, err
	}
	person := session.Operator()
	s, err := runners.open(held, order, session.Options{Actor: person, Terminal: session.Terminal()})
	if err != nil {
		return Reached{}, err
	}
	end := Beside(s, order)
	file := person
	file.Via, file.File = steps.Answers, who.File
	if who.Pipe != "" {
		person.Via, person.File = steps.Answers, who.Pipe
	}
	return Reached{
		Session: s.As(person), ByFile: s.As(file), Plan: s.State().Plan(), Label: person.Label(),
		leave: func(bool) error {
			end()
			return s.Close()
		},
	}, nil
}

// Free sees to it that no keeper holds a session. One that is needed stays, and the error says by whom.
func Free(ctx context.Context, dir string) error {
	if err := End(ctx, dir); !errors.Is(err, ErrNone) {
		return err
	}
	return nil
}
