package steps

import (
	"strings"

	"gatewalk/runbook"
)

// Label is an actor as the others see them: by name, and by screen where one person has several.
func (a Actor) Label() string {
	if a.Screen == "" {
		return a.Name
	}
	return a.Name + " at " + a.Screen
}

// driverName is who drives, whichever screen they sit at: one person at two screens is one person.
func (s State) driverName() string {
	name, _, _ := strings.Cut(s.driver, " at ")
	return name
}

// Asking is who asks the driver for the wheel, nil if nobody does.
func (s State) Asking() *DriveAsked { return s.asking }

// wheel refuses what only the driver may say. Anybody may write a note, attach a file, hold the next command and reach for the wheel.
func (s State) wheel(m Message) *Refusal {
	switch in := m.Input.(type) {
	case Note, Attach, Hold, Drive:
		return nil
	case Confirm:
		if gate := s.Spot(in.Place).Gate; gate != nil && gate.Gate == runbook.Approval {
			return nil // that is what a second person is for
		}
	}
	switch s.driver {
	case m.By.Label():
		return nil
	case "":
		return &Refusal{Why: RefusedDriver, Text: "nobody drives", Next: "take the wheel"}
	}
	return &Refusal{Why: RefusedDriver, Text: s.driver + " drives", Next: "ask for the wheel, or hold the next command"}
}

// drive takes a wheel that is free, asks for one that is not, or takes it by force and says why.
func (d decision) drive(in Drive) ([]Fact, *Refusal) {
	who := d.m.By.Label()
	switch {
	case d.s.driver == who:
		return nil, &Refusal{Why: RefusedNot, Text: "you drive already"}
	case d.s.driver == "":
		return []Fact{DriverChanged{To: who, Reason: in.Reason}}, nil
	case in.Forced && in.Reason == "":
		return nil, &Refusal{Why: RefusedReason, Text: "the wheel is taken by force with a reason only", Next: "say why " + d.s.driver + " cannot be asked"}
	case in.Forced:
		return []Fact{DriverChanged{From: d.s.driver, To: who, Reason: in.Reason, Forced: true}}, nil
	case d.s.asking != nil:
		return nil, &Refusal{Why: RefusedBusy, Text: d.s.asking.By + " asks for the wheel already", Next: "wait for the answer"}
	}
	return []Fact{DriveAsked{By: who, Reason: in.Reason}}, nil
}

// yield answers who asks: gives the wheel, or keeps it.
func (d decision) yield(in Yield) ([]Fact, *Refusal) {
	if d.s.asking == nil || d.s.asking.By != in.To {
		return nil, &Refusal{Why: RefusedNot, Text: in.To + " does not ask for the wheel"}
	}
	if in.Refused {
		return []Fact{DriveRefused{To: in.To, Reason: in.Reason}}, nil
	}
	return []Fact{DriverChanged{From: d.s.driver, To: in.To, Reason: in.Reason}}, nil
}
