package steps

import (
	"fmt"
	"strings"

	"gatewalk/steps/safe"
)

// Refused says why an input was rejected, so that a screen can offer what is missing. The set is closed.
type Refused string

// The reasons for a rejection.
const (
	RefusedStale    Refused = "stale"    // the place has changed since it was on the sender's screen
	RefusedClosed   Refused = "closed"   // the session has ended, or has not begun
	RefusedOrder    Refused = "order"    // something before it is open
	RefusedTrouble  Refused = "trouble"  // something stops the walk until it is decided
	RefusedBusy     Refused = "busy"     // a command is running there
	RefusedHeld     Refused = "held"     // someone holds the next command
	RefusedHost     Refused = "host"     // nobody has said where its host is
	RefusedByHand   Refused = "by hand"  // its host is not this machine, or it is no command
	RefusedMissing  Refused = "missing"  // it reads what has no value
	RefusedGate     Refused = "gate"     // its gate is open: confirm or refuse
	RefusedChoice   Refused = "choice"   // a way must be chosen
	RefusedVerdict  Refused = "verdict"  // a person must say how it went
	RefusedReason   Refused = "reason"   // a reason is wanted
	RefusedDriver   Refused = "driver"   // somebody else drives, or nobody does
	RefusedPerson   Refused = "person"   // a file or a pipe cannot say this
	RefusedMistyped Refused = "mistyped" // what was typed is not what was asked for
	RefusedNot      Refused = "not"      // it makes no sense here
)

// Refusal is a rejected input: nothing was written. Next is what the operator can do.
type Refusal struct {
	Why     Refused
	Place   Place
	At      string // the place as people name it: file:line or a path
	Text    string
	Next    string
	Missing []Missing
	Other   *Place // the place that is in the way
	Host    string // the host nobody has placed
}

func (r *Refusal) Error() string {
	var b strings.Builder
	if r.At != "" {
		b.WriteString(r.At + ": ")
	}
	b.WriteString(r.Text)
	if r.Next != "" {
		b.WriteString("; " + r.Next)
	}
	return b.String()
}

// refuse is a refusal at a place.
func (s State) refuse(p Place, why Refused, next, format string, args ...any) *Refusal {
	return &Refusal{Why: why, Place: p, At: s.Name(p), Text: fmt.Sprintf(format, args...), Next: next}
}

// Name is a place as people name it: the source's line and the step's path. It is safe to show, whatever a file, a step or an item is called.
func (s State) Name(p Place) string {
	line, path := 0, ""
	if step := s.Step(p); step != nil {
		line, path = step.Line, step.Path
	}
	if b := s.Block(p); b != nil {
		line = b.Line
	}
	if line == 0 {
		return ""
	}
	name := fmt.Sprintf("%s:%d", s.Source(p), line)
	if item := p.Item(); item != "" {
		path = strings.TrimSpace(path + " for " + item)
	}
	if path != "" {
		name += " (" + path + ")"
	}
	return safe.Line(name).Plain()
}
