package plain

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"gatewalk/steps"
)

var errQuit = errors.New("quit")

// deviations counts what departs from the document, as the record's first page will.
type deviations struct {
	edits, skips, overrules, jumps, offScript, accepted, takeOvers, byFile, unseen, warnings int
}

func (d *deviations) count(e steps.Event) {
	for _, fact := range e.Facts {
		switch f := fact.(type) {
		case steps.Edited:
			d.edits++
		case steps.Skipped:
			d.skips++
		case steps.Overruled:
			d.overrules++
		case steps.Noted:
			d.jumps += one(f.Jump != nil)
		case steps.Started:
			d.offScript += one(f.OffScript)
		case steps.Judged:
			d.accepted += one(f.Accepted)
		case steps.Unknown:
			d.unseen++
		case steps.Finished:
			d.warnings += one(f.Warning != "")
		case steps.DriverChanged:
			d.takeOvers += one(f.Forced)
		case steps.GatePassed:
			d.byFile += one(e.By.Via == steps.Answers)
		}
	}
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

func (d *deviations) String() string {
	var words []string
	for _, kind := range []struct {
		n         int
		one, many string
	}{
		{d.edits, "edit", "edits"},
		{d.skips, "skip", "skips"},
		{d.overrules, "overruling", "overrulings"},
		{d.jumps, "jump", "jumps"},
		{d.offScript, "off-script command", "off-script commands"},
		{d.accepted, "failure accepted", "failures accepted"},
		{d.takeOvers, "forced take-over", "forced take-overs"},
		{d.unseen, "end nobody saw", "ends nobody saw"},
		{d.warnings, "warning", "warnings"},
		{d.byFile, "gate passed by file", "gates passed by file"},
	} {
		if kind.n > 0 {
			words = append(words, fmt.Sprintf("%d %s", kind.n, plural(kind.n, kind.one, kind.many)))
		}
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}

// finish offers to close the session once nothing asks for anything any more.
func (w *walk) finish() error {
	if w.view != (view{would: "the end"}) {
		w.view = view{would: "the end"}
		w.end()
	}
	if w.drives() && w.fileDrives() {
		return w.byFile("close", steps.Close{Outcome: "completed"})
	}
	line, err := w.ask("end> ")
	if err != nil {
		return err
	}
	return w.obey(steps.Place{}, line.text)
}

// end sums the walk up.
func (w *walk) end() {
	w.blank()
	w.say("=== the end of %s", w.state.Plan().Title)
	w.paragraph(lines(w.state.Plan(), read(w.outline()).waiting, nil, w.width))
	w.say("all is settled: %s", w.settled())
	w.say("deviations: %s", w.marks.String())
	w.debts()
	w.say("words: close, at PLACE, list, note TEXT, quit")
}

// closed is how a walk ends whose session is closed.
func (w *walk) closed() error {
	closed := w.state.Closed()
	if closed.Outcome == "completed" {
		return nil
	}
	return &Stop{Reason: w.reason(ErrStopped), At: w.where(), Text: "the session was closed as " + closed.Outcome + reasonWords(closed.Reason), Next: "gatewalk export has its record"}
}

// leave ends a walk whose session goes on: it is parked, and whoever resumes it drives.
func (w *walk) leave(why error) error {
	var stop *Stop
	switch {
	case errors.As(why, &stop):
	case errors.Is(why, io.EOF), errors.Is(why, errQuit):
		stop = &Stop{Reason: w.reason(ErrParked), At: w.where(), Text: "left here", Next: "gatewalk resume goes on from here"}
	default:
		return why
	}
	if running := w.state.Running(); len(running) > 0 {
		w.say("attempt %d goes on running; resume says what became of it", running[len(running)-1])
	}
	if !w.drives() {
		return stop
	}
	if err := w.session.Do(steps.Park{Note: stop.Text}, w.state.Seq()); err != nil {
		return errors.Join(stop, err)
	}
	return errors.Join(stop, w.catchUp())
}

// reason is why a walk ends where it stands: trouble has the first word.
func (w *walk) reason(otherwise error) error {
	place, ok := w.state.Trouble()
	if !ok {
		return otherwise
	}
	switch w.state.Spot(place).Status {
	case steps.StatusRefused:
		return ErrNoGo
	case steps.StatusFailed:
		return ErrFailed
	}
	return otherwise
}

func (w *walk) where() string {
	if place, ok := w.place(); ok {
		return w.state.Name(place)
	}
	return ""
}
