package steps

import "gatewalk/runbook"

// Effect is what must be done because of a fact. The set is closed; without a fact there is no work.
type Effect interface{ effect() }

// The effects.
type (
	// Launch makes a process of an attempt. It is idempotent per attempt.
	Launch struct {
		Attempt uint64
		Started Started
	}
	// Follow takes up the output of an attempt that is still running.
	Follow struct{ Attempt uint64 }
	// Observe has a finished attempt judged. Check is nil where only the exit code speaks. Poll: this is a round, so what does not hold is pending.
	Observe struct {
		Attempt uint64
		Check   *runbook.Check
		Poll    bool
	}
	// Probe asks what became of an attempt.
	Probe struct{ Attempt uint64 }
	// Signal is sent to a running attempt.
	Signal struct {
		Attempt uint64
		Name    string
	}
	// Cancel makes sure that an attempt which was never seen to start never will.
	Cancel struct{ Attempt uint64 }
	// Wake asks for a Tick after so many seconds.
	Wake struct {
		Place   Place
		Seconds float64
	}
)

func (Launch) effect()  {}
func (Follow) effect()  {}
func (Observe) effect() {}
func (Probe) effect()   {}
func (Signal) effect()  {}
func (Cancel) effect()  {}
func (Wake) effect()    {}
