// Package move takes a session from one machine to another.
//
// Its promise: a session goes on in one place. Here it is sealed by a fact before the other side can have it, and is refused
// from then on with the place it went to; there nothing is taken up that does not hold, line by line and file by file. What
// was said to be this machine is asked for again there. A move that was cut off is finished by the same command.
//
//	Leave ──▶ Seal ──▶ archive ──▶ a file, or ssh HOST gatewalk move --receive ──▶ Arrive
//	 lock      fact     every file                                                  all digests, then the fact that it arrived
package move

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/steps"
)

// Leaving is a session that is held here to be moved.
type Leaving struct {
	held  *journal.Journal
	state steps.State
	here  session.Options
}

// Check says why a session cannot be moved, whoever holds it; nil if it can.
func Check(dir string, here session.Options) error {
	reader, err := journal.OpenReadOnly(dir)
	if err != nil {
		return err
	}
	defer reader.Close()
	plan, events, err := session.Load(reader)
	if err != nil {
		return err
	}
	return (&Leaving{state: steps.Replay(plan, events), here: here}).check(dir)
}

// check asks the core. What was sealed already may be sent once more.
func (l *Leaving) check(dir string) error {
	if l.state.Moved() != nil {
		return nil
	}
	if _, err := l.decide("somewhere", ""); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	return nil
}

// Leave takes hold of a session. It fails where something in it runs or has no end yet, and where it is over; nothing is changed.
func Leave(dir string, here session.Options) (*Leaving, error) {
	held, err := journal.Open(dir)
	if err != nil {
		return nil, err
	}
	l, err := leave(held, here)
	if err != nil {
		return nil, errors.Join(err, held.Close())
	}
	return l, nil
}

func leave(held *journal.Journal, here session.Options) (*Leaving, error) {
	state, err := load(held)
	if err != nil {
		return nil, err
	}
	l := &Leaving{held, state, here}
	return l, l.check(held.Dir())
}

// load is what is true in a session that is held.
func load(held *journal.Journal) (steps.State, error) {
	events, err := held.Load(context.Background())
	if err != nil {
		return steps.State{}, err
	}
	if len(events) == 0 {
		return steps.State{}, fmt.Errorf("%s: the session was never opened; begin a new one", held.Dir())
	}
	plan, err := session.StoredPlan(held.Reader, events)
	if err != nil {
		return steps.State{}, err
	}
	return steps.Replay(plan, events), nil
}

func (l *Leaving) decide(to, reason string) ([]steps.Fact, error) {
	return steps.Decide(l.state, message(l.here, steps.Move{To: to, Reason: reason}))
}

// message is an input that comes of the operator's command, with nobody at a screen.
func message(here session.Options, in steps.Input) steps.Message {
	by := here.Actor
	by.Via, by.File = steps.Machine, ""
	return steps.Message{By: by, At: time.Now(), Input: in}
}

// Moved is where the session went already, nil if it did not.
func (l *Leaving) Moved() *steps.Moved { return l.state.Moved() }

// Sum stands for the whole journal as it is now.
func (l *Leaving) Sum() string { return l.held.Sum() }

// Seal writes down where the session goes; nothing more happens in it here. A session that was sealed for that very place
// stays as it is. For another one a reason is wanted: it may have arrived at the first.
func (l *Leaving) Seal(to, reason string) error {
	facts, err := l.sealing(to, reason)
	if err != nil || facts == nil {
		return err
	}
	l.state, err = write(l.held, l.state, l.here, facts)
	return err
}

// sealing is what seals a session for a place, or why it may not go there; nil where it is sealed for that very place.
func (l *Leaving) sealing(to, reason string) ([]steps.Fact, error) {
	if moved := l.Moved(); moved != nil && moved.To == to {
		return nil, nil
	}
	facts, err := l.decide(to, reason)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.held.Dir(), err)
	}
	return facts, nil
}

// write puts facts on disk, from the reserve if it must be, and answers what is true then.
func write(held *journal.Journal, state steps.State, here session.Options, facts []steps.Fact) (steps.State, error) {
	m := message(here, nil)
	event := journal.AsWritten(steps.Event{Seq: state.Seq() + 1, Epoch: state.Epoch() + 1, At: m.At, Boot: here.Boot, By: m.By, Facts: facts})
	err := held.Append(context.Background(), state.Seq(), event.Epoch, event)
	if errors.Is(err, journal.ErrFull) {
		err = errors.Join(held.UseReserve(), held.Append(context.Background(), state.Seq(), event.Epoch, event))
	}
	if err != nil {
		return state, err
	}
	return steps.Apply(state, event), nil
}

// Write seals the session and writes its archive. What is large goes first and the sealed journal last, so that a disk that
// fills up or a line that breaks is mostly met before anything is sealed.
func (l *Leaving) Write(w io.Writer, to, reason string) error {
	a, err := newArchive(w, l.held.Dir(), l.held.ID())
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.files(); err != nil {
		return err
	}
	if err := l.Seal(to, reason); err != nil {
		return err
	}
	return a.finish()
}

// Close lets go of the session.
func (l *Leaving) Close() error { return l.held.Close() }

// ID is the session's name.
func (l *Leaving) ID() string { return l.held.ID() }
