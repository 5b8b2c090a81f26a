package plain

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/steps"
)

// tell reads one fact out.
func (w *walk) tell(e steps.Event, fact steps.Fact) {
	switch f := fact.(type) {
	case steps.Opened:
		w.say("session opened on %s by %s", f.Machine, f.User)
	case steps.Bound:
		w.tellBound(f)
	case steps.Set:
		w.tellSet(f)
	case steps.Chosen:
		w.say("chosen at %s: option %d, %s", w.name(f.Place), f.Option+1, f.Title)
	case steps.Started:
		w.tellStarted(e, f)
	case steps.Edited:
		w.say("edited at %s: its text is another now", w.name(f.Place))
	case steps.Finished:
		w.tellFinished(f)
	case steps.Judged:
		w.tellJudged(f)
	case steps.GateReached:
		w.say("gate reached at %s", w.name(f.Place))
	case steps.GatePassed:
		w.say("gate passed at %s by %s", w.name(f.Place), actorWords(e.By))
	case steps.GateRefused:
		w.tellRefused(f)
	case steps.DoneByHand:
		w.say("by hand at %s: %s, by %s%s", w.name(f.Place), f.Result, f.Who, reasonWords(f.Note))
	case steps.Skipped:
		w.say("skipped at %s: %s", w.name(f.Place), f.Reason)
	case steps.Overruled:
		w.say("overruled at %s: %s is %s, was %s: %s", w.name(f.Place), f.Property, f.Value, f.Was, f.Reason)
	case steps.Called:
		w.say("called from %s: %s", w.name(f.Place), w.name(steps.Place{Block: f.Step}))
	case steps.Returned:
		w.say("returned to %s", w.name(f.Place))
	case steps.PollStarted:
		w.say("polling at %s: every %s for up to %s", w.name(f.Place), f.Every, f.Timeout)
	case steps.PollEnded:
		w.tellPollEnded(f)
	case steps.Unknown:
		w.say("unknown: nobody saw the end of attempt %d: %s", f.Attempt, f.Evidence)
	case steps.Resolved:
		w.say("attempt %d is taken as %s%s", f.Attempt, f.As, reasonWords(f.Reason))
	case steps.Noted:
		w.tellNoted(f)
	case steps.Attached:
		w.say("attached at %s: %s, %d bytes", w.name(f.Place), f.Source, f.Bytes)
	case steps.Held:
		w.tellHeld(e, f)
	case steps.DriveAsked:
		w.tellAsked(f)
	case steps.DriveRefused:
		w.tellKept(f)
	case steps.DriverChanged:
		w.tellDriver(f)
	case steps.SecretsForgotten:
		w.say("secrets to be given again: %v", f.Names)
	case steps.ClockJumped:
		w.say("the clock jumped by %.0f seconds", f.Seconds)
	case steps.TailDropped:
		w.say("the journal ended in %d bytes of an unfinished line; they were dropped", f.Bytes)
	case steps.Moved:
		w.say("sealed here: the session goes on at %s%s", f.To, reasonWords(f.Reason))
	case steps.Carried:
		w.tellCarried(f)
	case steps.Orphaned:
		w.say("unknown: %s", f.Evidence)
	case steps.Continued:
		w.tellContinued(f)
	case steps.Closed:
		w.say("closed: %s%s", f.Outcome, reasonWords(f.Reason))
	default:
		panic(fmt.Sprintf("plain: %T is not in the closed set", fact))
	}
}

// name is what a place is called. Names hardly ever change, and then what was read out before still stands.
func (w *walk) name(p steps.Place) string {
	if w.contour == nil {
		return w.outline().name(p)
	}
	if name, ok := w.contour.names[p.Outside().Key()]; ok {
		return name
	}
	return w.outline().name(p)
}

// actorWords is who said something, and how if not at a terminal.
func actorWords(by steps.Actor) string {
	if by.Via == steps.Answers {
		return by.Name + " by file"
	}
	return by.Name
}

func (w *walk) tellBound(f steps.Bound) {
	host := f.Host
	if host == "" && f.Place != nil {
		host = "the host at " + w.name(*f.Place)
	} else if f.Place != nil {
		host += " for " + f.Place.Item()
	}
	switch f.To.Kind {
	case steps.ByHand:
		w.say("bound: %s is done by hand, as %v", host, f.To.Names)
	case steps.Here:
		w.say("bound: %s is this machine", host)
	default:
		panic("plain: unknown binding " + string(f.To.Kind))
	}
}

func (w *walk) tellSet(f steps.Set) {
	if f.Secret || f.Commitment != "" {
		w.say("set at %s: %s, a secret", w.name(f.Place), f.Name)
		return
	}
	w.say("set at %s: %s = %q", w.name(f.Place), f.Name, f.Value)
}

func (w *walk) tellStarted(e steps.Event, f steps.Started) {
	if round := roundOf(f.Place); round != "" {
		return
	}
	how := ""
	switch {
	case f.OffScript:
		how = ", off-script"
	case f.From > 0:
		how = fmt.Sprintf(", from its command %d on", f.From+1)
	case f.Again:
		how = ", again"
	}
	w.say("started at %s: attempt %d on %s%s", w.name(f.Place), e.Seq, f.Host, how)
	if f.OffScript {
		w.code(f.Text)
	}
}

func (w *walk) tellFinished(f steps.Finished) {
	a := w.state.Attempt(f.Attempt)
	if roundOf(a.Started.Place) != "" {
		return
	}
	w.say("ended: %s", endWords(f, len(a.Started.Commands)))
	if f.Warning != "" {
		w.say("warning: %s", f.Warning)
	}
}

// endWords is how an attempt ended, and at which of its commands if it has several.
func endWords(f steps.Finished, commands int) string {
	words := fmt.Sprintf("exit %d", f.Code)
	if f.Signal != "" {
		words = "killed by SIG" + f.Signal
	}
	if f.Error != "" {
		words = "not started: " + f.Error
	}
	words += fmt.Sprintf(" in %.1fs", f.Took)
	if n := len(f.Exits); n > 0 && commands > 1 && f.Exits[n-1].Code != 0 {
		words += fmt.Sprintf(", at command %d of %d", f.Exits[n-1].Command+1, commands)
	}
	if f.Late {
		words += ", seen only afterwards"
	}
	return words
}

func (w *walk) tellJudged(f steps.Judged) {
	if round := roundOf(f.Place); round != "" {
		found, _, _ := strings.Cut(f.Judgment.Evidence, "\n")
		w.say("round %s at %s: %s%s", round, w.name(f.Place), roundWords(f.Judgment.Ruling), reasonWords(found))
		return
	}
	switch {
	case f.Accepted:
		w.say("accepted though it failed%s", reasonWords(f.Note))
	case f.Note != "":
		w.say("verdict: %s: %s", f.Judgment.Ruling, f.Note)
	case f.Judgment.Ruling != steps.RulingAsk:
		w.say("judged: %s", f.Judgment.Ruling)
		w.tellEvidence(f.Judgment.Evidence)
	}
	for _, flag := range f.Judgment.Flags {
		w.say("look: %s", flag)
	}
}

// tellEvidence reads out what a check found, line by line.
func (w *walk) tellEvidence(evidence string) {
	for line := range strings.Lines(evidence) {
		w.say("found: %s", strings.TrimRight(line, "\n"))
	}
}

func roundWords(ruling steps.Ruling) string {
	if ruling == steps.RulingPending {
		return "not yet"
	}
	return string(ruling)
}

// roundOf is the number of a poll's round, "" for a place that is none.
func roundOf(p steps.Place) string {
	if i := slices.IndexFunc(p.Frames, func(f steps.Frame) bool { return f.Kind == steps.RoundFrame }); i >= 0 {
		return p.Frames[i].Name
	}
	return ""
}

func (w *walk) tellRefused(f steps.GateRefused) {
	if f.NoGo {
		w.say("no-go at %s: %s", w.name(f.Place), f.Reason)
		return
	}
	w.say("wrong phrase at %s: the gate stays closed", w.name(f.Place))
}

func (w *walk) tellPollEnded(f steps.PollEnded) {
	w.say("poll ended at %s after %d %s: %s", w.name(f.Place), f.Rounds, plural(f.Rounds, "round", "rounds"), f.How)
	if last := w.state.Spot(f.Place).Last; last != 0 && f.How != steps.PollStopped {
		w.say("what its last round printed:")
		w.lastWords(last, lookLines)
	}
}

func (w *walk) tellNoted(f steps.Noted) {
	switch {
	case f.Jump != nil:
		w.say("jumped from %s to %s: %s", w.name(*f.Jump), w.name(*f.Place), f.Text)
	case f.Signal != "":
		w.say("SIG%s to attempt %d", f.Signal, f.Attempt)
	default:
		w.say("noted: %s", f.Text)
	}
}

func (w *walk) tellHeld(e steps.Event, f steps.Held) {
	by := ""
	if label := e.By.Label(); label != w.options.Label {
		by = " by " + label
	}
	if f.On {
		w.say("held%s: nothing starts: %s; lift lets it go", by, f.Reason)
		return
	}
	w.say("the hold is lifted%s", by)
}

func (w *walk) tellDriver(f steps.DriverChanged) {
	if f.To == "" {
		w.say("nobody drives now%s", reasonWords(f.Reason))
		return
	}
	w.say("%s drives now%s", f.To, reasonWords(f.Reason))
}
