package session

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"gatewalk/exec/journal"
	"gatewalk/steps"
)

// Do says an operator's input and answers once its facts are on disk. It is the Session of the screen.
func (s *Session) Do(input steps.Input, seen uint64) error { return s.by(s.options.Actor, input, seen) }

// As is the same session for another actor: what it says is stamped with that actor.
func (s *Session) As(actor steps.Actor) *Client { return &Client{Session: s, actor: actor} }

// Client is a session as one actor uses it.
type Client struct {
	*Session
	actor steps.Actor
}

// Do says an input for this client's actor.
func (c *Client) Do(input steps.Input, seen uint64) error { return c.by(c.actor, input, seen) }

// by is the way in for what a person or their file says: secrets go into the vault and files are copied before anything is decided.
func (s *Session) by(actor steps.Actor, input steps.Input, seen uint64) error {
	input, err := s.vault.take(input, s.State())
	if err != nil {
		return err
	}
	if attach, ok := input.(steps.Attach); ok {
		if input, err = s.copied(attach); err != nil {
			return err
		}
	}
	return s.decide(actor, input, seen)
}

// report is the way in for news of the machine.
func (s *Session) report(input steps.Input) error {
	return s.decide(s.machine(), input, math.MaxUint64)
}

// machine speaks for nobody, on behalf of who holds the session.
func (s *Session) machine() steps.Actor {
	return steps.Actor{Name: s.options.Actor.Name, UID: s.options.Actor.UID, Via: steps.Machine}
}

// insist reports what nobody will say again, as soon as there is room for it.
func (s *Session) insist(input steps.Input) {
	for errors.Is(s.report(input), journal.ErrFull) {
		select {
		case <-s.context.Done():
			return
		case <-time.After(lookAgain):
		}
	}
}

// decide is the one door: decide, write down, apply; then act.
func (s *Session) decide(by steps.Actor, input steps.Input, seen uint64) error {
	effects, err := s.commit(by, input, seen)
	for _, effect := range effects {
		s.act(effect)
	}
	return err
}

func (s *Session) commit(by steps.Actor, input steps.Input, seen uint64) ([]steps.Effect, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return nil, s.broken
	}
	if pressing(by, input) {
		return s.fromReserve(by, input, seen)
	}
	err := s.room()
	s.full(errors.Is(err, journal.ErrFull))
	if err != nil {
		return nil, err
	}
	return s.inTime(by, input, seen)
}

// inTime writes down first that the clock has jumped, if it has.
func (s *Session) inTime(by steps.Actor, input steps.Input, seen uint64) ([]steps.Effect, error) {
	if jump := s.clockJump(); jump != 0 {
		if _, err := s.append(by, steps.ClockJumped{Seconds: jump}, seen); err != nil {
			return nil, err
		}
	}
	return s.append(by, input, seen)
}

// append turns an input into the next event, if the core allows it and the disk takes it.
func (s *Session) append(by steps.Actor, input steps.Input, seen uint64) ([]steps.Effect, error) {
	now := time.Now()
	message := steps.Message{By: by, At: now, Mono: now.Sub(s.start), Seen: seen, Input: input}
	facts, err := steps.Decide(s.state, message)
	if err != nil {
		return nil, err
	}
	event := journal.AsWritten(steps.Event{
		Seq: s.state.Seq() + 1, Epoch: s.epoch, At: now, Mono: message.Mono, Boot: s.options.Boot, By: by, Facts: facts,
	})
	if err := s.journal.Append(context.Background(), s.state.Seq(), s.epoch, event); err != nil {
		if !errors.Is(err, journal.ErrFull) {
			s.broken = err
		}
		return nil, err
	}
	s.state = steps.Apply(s.state, event)
	s.events = append(s.events, event)
	close(s.news)
	s.news = make(chan struct{})
	effects := steps.Effects(s.state, event)
	if warning := s.journal.Warning(); warning != nil {
		s.tell(warning.Error())
	}
	return effects, nil
}

// clockJump is how far wall clock and monotonic clock have drifted apart since the last event of this sitting, in seconds; 0 below two.
func (s *Session) clockJump() float64 {
	if len(s.events) == 0 || s.state.Closed() != nil {
		return 0
	}
	last := s.events[len(s.events)-1]
	if last.Seq < s.state.Sitting() || last.Epoch != s.epoch {
		return 0
	}
	now := time.Now()
	drift := now.Round(0).Sub(last.At) - (now.Sub(s.start) - last.Mono)
	if drift.Abs() < 2*time.Second {
		return 0
	}
	return drift.Seconds()
}

// Facts are the events after a sequence number, and a channel that is closed when there are more.
func (s *Session) Facts(from uint64) ([]steps.Event, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from = min(from, uint64(len(s.events)))
	return s.events[from:len(s.events):len(s.events)], s.news
}

// copied stores a file beside the journal and names its digest; a link is kept as it is.
func (s *Session) copied(attach steps.Attach) (steps.Attach, error) {
	if strings.Contains(attach.Source, "://") {
		return attach, nil
	}
	file, err := os.Open(attach.Source)
	if err != nil {
		return attach, fmt.Errorf("%s: cannot be attached: %w; give another path or a link", attach.Source, errors.Unwrap(err))
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return attach, fmt.Errorf("%s: is not a plain file; give another path or a link", attach.Source)
	}
	stored, err := s.journal.StoreAttachment(attach.Source, file)
	attach.Stored, attach.Digest, attach.Bytes = stored.Name, stored.Digest, stored.Bytes
	return attach, err
}
