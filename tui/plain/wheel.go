package plain

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// drives says whether this walk drives. The others watch: they may write notes, hold the next command and reach for the wheel.
func (w *walk) drives() bool {
	return w.state.Driver() == w.options.Label || w.state.Closed() != nil
}

// approves says whether a place waits for a second person's word, which is not the driver's.
func (w *walk) approves(p steps.Place) bool {
	gate := w.state.Spot(p).Gate
	return gate != nil && gate.Gate == runbook.Approval && !w.drives()
}

// watching says who drives instead, and what can be done about it.
func (w *walk) watching() string {
	if w.state.Driver() == "" {
		return "nobody drives: drive takes the wheel"
	}
	return w.state.Driver() + " drives, you watch: drive REASON asks for the wheel"
}

// drive takes a wheel that is free, asks for one that is not, or takes it by force. How the session stands is read out first.
func (w *walk) drive(_ steps.Place, rest string) error {
	if w.drives() {
		w.say("you drive already")
		return nil
	}
	w.handover()
	if w.state.Driver() == "" {
		return w.plainly(steps.Drive{Reason: rest})
	}
	reason, forced := after(rest, "by force")
	if !forced {
		reason = rest
	}
	return w.withReason(reason, func(reason string) error {
		if forced && w.options.Interactive {
			if sure, err := w.question("type force to take the wheel from " + w.state.Driver() + ": "); err != nil || sure != "force" {
				w.say("the wheel stays where it is")
				return err
			}
		}
		return w.plainly(steps.Drive{Forced: forced, Reason: reason})
	})
}

// handover reads out how the session stands, for who is about to drive it.
func (w *walk) handover() {
	w.say("how it stands:")
	for _, id := range w.state.Running() {
		a := w.state.Attempt(id)
		w.say("running: %s, attempt %d on %s since %s", w.name(a.Started.Place), id, a.Started.Host, a.At.Format("15:04"))
	}
	for _, p := range w.state.Polling() {
		w.say("polling: %s", w.name(p))
	}
	for _, l := range w.outline().lines {
		if l.Unit && (l.Status == steps.StatusWaiting || l.Status.Trouble()) {
			w.say("%s: %s%s", l.Status, w.name(l.Place), reasonWords(w.state.Spot(l.Place).Reason))
		}
	}
	w.debts()
	for _, l := range w.outline().lines {
		if l.Unit && slices.Contains([]steps.Status{steps.StatusSkipped, steps.StatusPassed}, l.Status) {
			w.say("%s: %s%s", l.Status, w.name(l.Place), reasonWords(w.state.Spot(l.Place).Reason))
		}
	}
	if held := w.state.Held(); held != nil {
		w.say("held: nothing starts: %s", held.Reason)
	}
}

func (w *walk) give(_ steps.Place, reason string) error { return w.yield(reason, false) }
func (w *walk) keep(_ steps.Place, reason string) error { return w.yield(reason, true) }

// yield answers who asks for the wheel.
func (w *walk) yield(reason string, refused bool) error {
	asking := w.state.Asking()
	switch {
	case !w.drives():
		w.say("%s", w.watching())
		return nil
	case asking == nil:
		w.say("nobody asks for the wheel")
		return nil
	}
	return w.plainly(steps.Yield{To: asking.By, Refused: refused, Reason: reason})
}

// tellAsked reads out that somebody asks for the wheel.
func (w *walk) tellAsked(f steps.DriveAsked) {
	words := fmt.Sprintf("%s asks for the wheel%s", f.By, reasonWords(f.Reason))
	if w.drives() {
		words += "; give, or keep REASON"
	}
	w.say("%s", words)
}

func (w *walk) tellKept(f steps.DriveRefused) {
	w.say("%s keeps the wheel, asked by %s%s", w.state.Driver(), f.To, reasonWords(strings.TrimSpace(f.Reason)))
}
