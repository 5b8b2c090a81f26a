package tui

import (
	"fmt"
	"time"

	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// hear says aloud what an operator must know at once, though nothing on this screen asked for it. All else shows where it stands.
func (m Model) hear(e steps.Event) Model {
	for _, fact := range e.Facts {
		switch f := fact.(type) {
		case steps.Finished:
			if f.Attempt == m.spot().Last && !m.say.loud {
				m.say = notice{} // it was of a command that runs
			}
		case steps.DriverChanged:
			m = m.hearDriver(f)
		case steps.DriveAsked:
			m.say = notice{} // the question stands there until it is answered
		case steps.DriveRefused:
			if f.To == m.options.Label {
				m = m.warn(m.driver() + " keeps the wheel" + because(f.Reason))
			}
		case steps.Held:
			m = m.hearHeld(e, f)
		case steps.ClockJumped:
			jump := time.Duration(f.Seconds * float64(time.Second)).Round(time.Second)
			m = m.warn(fmt.Sprintf("the clock of this machine jumped by %s: times before and after it do not compare, the order of the record holds", jump))
		}
	}
	return m.hearBeginning(e)
}

// hearBeginning says what a sitting begins with: most of it has happened before there is a screen.
func (m Model) hearBeginning(e steps.Event) Model {
	for _, fact := range e.Facts {
		switch f := fact.(type) {
		case steps.Opened:
			m.say = notice{text: m.keeping(), loud: m.options.EndsAtLogout, last: !m.options.EndsAtLogout}
			if f.Copied {
				m = m.warn("this was taken up from a copy of the record: what stands open here may have been done where the copy comes from")
			}
		case steps.Continued:
			if f.Damage != "" {
				m = m.warn("the record of session " + safe.Line(f.From).String() + " is damaged: what stands as claimed is its word")
			}
		case steps.TailDropped:
			m = m.warn(fmt.Sprintf("the record ended in %d bytes of an unfinished line, which nobody was told had been written: they were dropped", f.Bytes))
		}
	}
	return m
}

func (m Model) hearDriver(f steps.DriverChanged) Model {
	me := m.options.Label
	switch {
	case f.To == me && f.From != me:
		return m.tell("you drive now")
	case f.From == me && f.Forced:
		return m.warn(safe.Line(f.To).String() + " has taken the wheel by force" + because(f.Reason))
	case f.To == "":
		return m.tell("nobody drives now" + because(f.Reason))
	case f.To != me:
		return m.tell(safe.Line(f.To).String() + " drives now" + because(f.Reason))
	}
	return m
}

func (m Model) hearHeld(e steps.Event, f steps.Held) Model {
	who := safe.Line(e.By.Label()).String()
	if f.On {
		return m.warn(who + " holds the next command" + because(f.Reason))
	}
	return m.tell(who + " has lifted the hold")
}
