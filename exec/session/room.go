package session

import (
	"errors"
	"fmt"
	"math"
	"time"

	"golang.org/x/sys/unix"

	"gatewalk/exec/journal"
	"gatewalk/steps"
)

// lookAgain is how often a full disk is looked at.
const lookAgain = time.Second

// pressing says whether an input must be written down even on a full disk: how something went that was begun before, and
// what stops it, hands it over or seals it.
func pressing(by steps.Actor, input steps.Input) bool {
	switch input.(type) {
	case steps.Abort, steps.Hold, steps.Park, steps.Drive, steps.Yield, steps.Move, steps.Close:
		return true
	case steps.Tick:
		return false // a round of a poll is a command
	}
	return by.Via == steps.Machine
}

// fromReserve gives up the reserve of room, if need be, for what is pressing.
func (s *Session) fromReserve(by steps.Actor, input steps.Input, seen uint64) ([]steps.Effect, error) {
	effects, err := s.inTime(by, input, seen)
	if !errors.Is(err, journal.ErrFull) {
		return effects, err
	}
	if err := s.journal.UseReserve(); err != nil {
		return nil, err
	}
	effects, err = s.inTime(by, input, seen)
	if err == nil {
		s.full(true)
	}
	return effects, err
}

// full tells, once, that the disk is, and once that it no longer is.
func (s *Session) full(is bool) {
	if is == s.short {
		return
	}
	s.short = is
	if is {
		s.tell(fmt.Sprintf("%s: %v", s.journal.Dir(), journal.ErrFull))
	} else {
		s.tell(s.roomAgain())
	}
}

func (s *Session) roomAgain() string { return s.journal.Dir() + ": there is room on the disk again" }

// tell writes down what the operator must know of the disk, at once: who is refused for it may leave with the answer.
func (s *Session) tell(trouble string) {
	_, _ = s.fromReserve(s.machine(), steps.Note{Text: "gatewalk: " + trouble}, math.MaxUint64)
}

// spare is how much room must be left before a command is started: what it prints and how it ends must find a place.
const spare = 1 << 20

// room sets the reserve aside again before anything new is begun, and refuses where the disk is all but full.
func (s *Session) room() error {
	err := s.journal.Replenish()
	if err == nil && s.tight() {
		err = fmt.Errorf("%s: %w", s.journal.Dir(), journal.ErrFull)
	}
	return err
}

// tight says whether less is left than a command needs to be started.
func (s *Session) tight() bool {
	var disk unix.Statfs_t
	return unix.Statfs(s.journal.Dir(), &disk) == nil && disk.Bavail*uint64(disk.Bsize) < spare
}

// watchRoom looks at the disk until something has ended that runs.
func (s *Session) watchRoom(ended <-chan struct{}) {
	look := time.NewTicker(lookAgain)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			s.lookAtRoom()
		case <-ended:
			return
		case <-s.context.Done():
			return
		}
	}
}

// lookAtRoom writes down that the disk fills up under what runs, or no longer does. The reserve is not for that: it is for how it ends.
func (s *Session) lookAtRoom() {
	s.mu.Lock()
	defer s.mu.Unlock()
	tight := s.tight()
	if tight == s.short || s.broken != nil {
		return
	}
	text := s.roomAgain()
	if tight {
		text = fmt.Sprintf("%s: %v; what runs goes on, and what it prints from now on may be lost", s.journal.Dir(), journal.ErrFull)
	}
	if _, err := s.inTime(s.machine(), steps.Note{Text: "gatewalk: " + text}, math.MaxUint64); err == nil {
		s.short = tight
	}
}
