package keeper

import (
	"fmt"
	"os"

	"gatewalk/exec/hook"
	"gatewalk/exec/mirror"
	"gatewalk/exec/session"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// Beside begins what goes on beside a session, wherever it is held: the site's hooks, and a copy of the record elsewhere.
// What goes wrong with its end is said on standard error.
func Beside(s *session.Session, order Order) (end func()) {
	by := session.Operator()
	by.Via = steps.Machine
	machine := s.As(by)
	var ends []func() error
	if hooks := order.Hooks; len(hooks) > 0 && (!s.State().Opened().Simulated || order.HooksInRehearsal) {
		ends = append(ends, hook.Watch(machine, hooks).Close)
	}
	place, err := mirror.Settle(s.Dir(), order.Mirror)
	complain(err)
	if place != "" {
		ends = append(ends, mirror.Keep(machine, place).Close)
	}
	return func() {
		for _, end := range ends { // what the hooks say at last is still copied
			complain(end())
		}
	}
}

func complain(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "gatewalk:", safe.Of(err.Error()).Plain())
	}
}
