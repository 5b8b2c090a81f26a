package keeper

import (
	"context"
	"time"
)

// orderWait is how long a keeper waits to be told what to do: who started it is about to say so, or was killed. On a machine that is
// slow enough for the one to need its patience, the other needs as much.
const orderWait = patience

// How often a keeper without screens looks whether what goes on by itself has come to its end.
const (
	lookEvery  = time.Second
	closedEach = 10 * time.Millisecond // the session is closed: only ends are still to be written down
)

// lastUntilIdle returns when nothing would be lost by ending, or ctx is done. From then on nobody is taken in.
func (s *Server) lastUntilIdle(ctx context.Context) {
	var idle time.Time
	for {
		wait, over := s.rest(&idle)
		if over {
			return
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			s.mu.Lock()
			s.ending = true
			s.mu.Unlock()
		case <-s.changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// rest says whether the keeper is over, else how long it may rest until it asks again. idle is since when nothing has gone on; zero
// while something does.
func (s *Server) rest(idle *time.Time) (wait time.Duration, over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ending:
		return 0, true
	case len(s.screens) > 0:
		*idle = time.Time{}
		return time.Hour, false
	case s.session == nil:
		wait = orderWait - time.Since(s.status.Since)
		if s.held == nil {
			wait = 0 // what it was ordered could not be done
		}
	case s.session.Broken() != nil:
		wait = 0 // another keeper may do better; what runs goes on
	case s.session.Busy():
		*idle = time.Time{}
		return s.lookAgain(), false
	case s.session.State().Closed() != nil:
		wait = 0
	default:
		if idle.IsZero() {
			*idle = time.Now()
		}
		wait = s.order.lingers(s.session.Secrets()) - time.Since(*idle)
	}
	s.ending = wait <= 0
	return wait, s.ending
}

func (s *Server) lookAgain() time.Duration {
	if s.session.State().Closed() != nil {
		return closedEach
	}
	return lookEvery
}
