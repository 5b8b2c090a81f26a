package session

import "time"

// Begin does work beside the session, as an effect does.
func (s *Session) Begin(work func()) { s.begin(work) }

// JumpClock lets the wall clock be set since the last event.
func (s *Session) JumpClock(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := &s.events[len(s.events)-1]
	last.At = last.At.Add(-by)
}
