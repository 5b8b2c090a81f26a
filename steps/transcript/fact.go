package transcript

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// fact puts one fact into the record. What departs from the procedure, or weakens the record, is a deviation.
func (b *builder) fact(e steps.Event, fact steps.Fact) {
	switch f := fact.(type) {
	case steps.Opened:
		b.opened(e, f)
	case steps.Closed:
		b.record.Closed, b.record.Outcome, b.record.Reason = e.At.UTC(), safe.Line(f.Outcome), safe.Line(f.Reason)
	case steps.Bound:
		b.bound(e, f)
	case steps.Set:
		b.add(&f.Place, entry(e, "set", say("%s is %s", f.Name, value(f))))
	case steps.Chosen:
		b.add(&f.Place, entry(e, "chosen", say("chosen: %s", f.Title)))
	case steps.Started:
		b.started(e, f)
	case steps.Finished:
		b.finished(e, f)
	case steps.Judged:
		b.judged(e, f)
	case steps.Unknown:
		b.unknown(e, f)
	case steps.Resolved:
		b.resolved(e, f)
	case steps.Edited:
		entry := entry(e, "edited", say("the text was changed"))
		entry.Reason, entry.Was, entry.Is = safe.Line(f.Reason), safe.Exact(f.Was), safe.Exact(f.Text)
		b.deviate(&f.Place, entry)
	case steps.GateReached:
		b.gateReached(e, f)
	case steps.GatePassed:
		b.gatePassed(e, f)
	case steps.GateRefused:
		b.gateRefused(e, f)
	case steps.DoneByHand:
		b.doneByHand(e, f)
	case steps.Skipped:
		b.deviate(&f.Place, because(entry(e, "skipped", say("skipped")), f.Reason))
	case steps.Overruled:
		text := say("%s is %s, was read as %s", f.Property, cmp.Or(f.Value, "nothing"), cmp.Or(f.Was, "nothing"))
		b.deviate(&f.Place, because(entry(e, "overruled", text), f.Reason))
	case steps.Called:
		b.add(&f.Place, entry(e, "called", say("called %s", b.caller(f.Step))))
	case steps.Returned:
		b.add(&f.Place, entry(e, "returned", say("came back")))
	case steps.PollStarted:
		b.add(&f.Place, entry(e, "poll_started", say("polls every %s, for at most %s", f.Every, f.Timeout)))
	case steps.PollEnded:
		b.add(&f.Place, entry(e, "poll_ended", say("the poll ended after %d rounds: %s", f.Rounds, f.How)))
	case steps.Noted:
		b.noted(e, f)
	case steps.Attached:
		entry := entry(e, "attached", say("attached %s, %d bytes, stored as %s", f.Source, f.Bytes, cmp.Or(f.Stored, "a link only")))
		entry.Digest = safe.Line(f.Digest)
		b.add(&f.Place, entry)
	case steps.Held:
		text := say("the hold was lifted")
		if f.On {
			text = say("held: nothing may start")
		}
		b.deviate(nil, because(entry(e, "held", text), f.Reason))
	case steps.DriveAsked:
		b.add(nil, because(entry(e, "drive_asked", say("%s asked for the wheel", f.By)), f.Reason))
	case steps.DriveRefused:
		b.add(nil, because(entry(e, "drive_refused", say("%s was refused the wheel", f.To)), f.Reason))
	case steps.DriverChanged:
		b.driverChanged(e, f)
	case steps.SecretsForgotten:
		b.deviate(nil, entry(e, "secrets_forgotten", say("the values of these secrets were lost, and must be given again: %s", strings.Join(f.Names, ", "))))
	case steps.ClockJumped:
		b.deviate(nil, entry(e, "clock_jumped", say("the clock jumped by %s: times before and after do not compare", elapsed(f.Seconds))))
	case steps.TailDropped:
		b.deviate(nil, entry(e, "tail_dropped", say("the journal ended in an unfinished line: %d bytes, never acknowledged, were dropped", f.Bytes)))
	case steps.Moved:
		b.deviate(nil, because(entry(e, "moved", say("sealed here: it goes on at %s", f.To)), f.Reason))
	case steps.Carried:
		b.carried(e, f)
	case steps.Orphaned:
		b.orphaned(e, f)
	case steps.Continued:
		b.continued(e, f)
	default:
		panic(fmt.Sprintf("transcript: %T is not in the closed set", fact))
	}
}

func because(entry Entry, reason string) Entry {
	entry.Reason = safe.Line(reason)
	return entry
}

// value is what may be told of a value that was given.
func value(f steps.Set) string {
	switch {
	case f.Commitment != "":
		return "a secret, committed to as " + f.Commitment
	case f.Secret:
		return "a secret"
	}
	return f.Value
}

func (b *builder) opened(e steps.Event, f steps.Opened) {
	r := &b.record
	r.Sittings = append(r.Sittings, Sitting{
		Seq: e.Seq, At: e.At.UTC(), By: actor(e.By), Machine: safe.Line(f.Machine), Boot: safe.Line(f.Boot), User: safe.Line(f.User), Build: safe.Line(f.Build), Terminal: safe.Line(f.Terminal),
	})
	if f.Arrived {
		b.deviate(nil, entry(e, "arrived", say("goes on on %s, as %s: what was this machine before is asked for again", f.Machine, f.User)))
	}
	if f.Copied {
		b.deviate(nil, entry(e, "copied", say("taken up from a copy of the record: where that comes from, more may have happened")))
	}
	if f.Resumed {
		return
	}
	r.Session, r.Opened = safe.Line(f.Session), e.At.UTC()
	r.Runbook.Sources, r.Runbook.Plan, r.Inherited = table(f.Sources), safe.Line(f.Plan), table(f.Inherited)
	if f.Simulated {
		r.Simulated = true
		b.deviate(nil, entry(e, "simulated", say("a rehearsal on a simulated site: nothing real was touched")))
	}
}

func (b *builder) bound(e steps.Event, f steps.Bound) {
	is := binding(f.To)
	if f.Itself {
		is = say("%s, by its own name", is.Plain())
	}
	name := safe.Line(f.Host)
	switch {
	case f.Place != nil && f.Host != "":
		name = safe.Line(f.Host + " for " + f.Place.Item())
	case f.Place != nil:
		b.add(f.Place, entry(e, "bound", say("the host is %s", is.Plain())))
		return
	}
	b.record.Hosts = append(b.record.Hosts, Host{Name: name, Is: is, Seq: e.Seq, By: actor(e.By)})
}

func (b *builder) doneByHand(e steps.Event, f steps.DoneByHand) {
	entry := because(entry(e, "done_by_hand", say("done by hand by %s: %s", f.Who, f.Result)), f.Note)
	entry.Pasted = safe.Of(f.Pasted)
	if f.Result == steps.Passed && !b.gated(f.Place) {
		b.add(&f.Place, entry)
		return
	}
	b.deviate(&f.Place, entry)
}

// gated says whether a gate stands before a place: done by hand, it was never opened here.
func (b *builder) gated(p steps.Place) bool {
	block := b.state.Block(p)
	return block != nil && block.Gate != "" && block.Gate != runbook.NoGate
}

func (b *builder) noted(e steps.Event, f steps.Noted) {
	switch {
	case f.Jump != nil:
		text := say("jumped here from %s; what lies between stays open", b.name(*f.Jump).Plain())
		b.deviate(f.Place, because(entry(e, "jumped", text), f.Text))
	case f.Signal != "":
		b.deviate(f.Place, because(entry(e, "signal", say("sent SIG%s to attempt %d", f.Signal, f.Attempt)), f.Text))
	default:
		noted := entry(e, "noted", say("note"))
		noted.Pasted = safe.Of(f.Text)
		b.add(f.Place, noted)
	}
}

// driverChanged is a deviation unless it only says who began, or who came back to their own session.
func (b *builder) driverChanged(e steps.Event, f steps.DriverChanged) {
	text := say("%s drives, after %s", cmp.Or(f.To, "nobody"), cmp.Or(f.From, "nobody"))
	if f.Forced {
		text = say("%s, taken by force", text.Plain())
	}
	change := because(entry(e, "driver", text), f.Reason)
	if began := f.From == "" && b.state.Opened() == nil; !f.Forced && (began || f.From == f.To) {
		b.add(nil, change)
		return
	}
	b.deviate(nil, change)
}

func (b *builder) gateReached(e steps.Event, f steps.GateReached) {
	reached := entry(e, "gate_reached", say("the gate %s (%s) opened", f.Gate, f.Weight))
	reached.Gate = &Gate{
		Kind: string(f.Gate), Weight: string(f.Weight), Sentence: safe.Line(f.Sentence), Line: f.Line, Host: safe.Line(f.Host),
		Targets: texts(f.Targets), Canary: texts(f.Canary), Phrase: safe.Line(f.Phrase), Digest: safe.Line(f.Digest), Shown: b.shown(f.Place, e.At),
	}
	b.add(&f.Place, reached)
}

// shown is what a gate shows of the verifications before it.
func (b *builder) shown(p steps.Place, now time.Time) []safe.Text {
	shown := []safe.Text{}
	for _, v := range b.state.Evidence(p, now) {
		how := "done by hand"
		if v.Verdict != nil {
			how = string(v.Verdict.Judgment.Ruling)
		}
		if v.Stale {
			how += ", stale"
		}
		shown = append(shown, say("%s %s: %s, %s before", v.Path, v.Title, how, v.Age.Round(time.Second)))
	}
	return shown
}

func (b *builder) gatePassed(e steps.Event, f steps.GatePassed) {
	text := say("GO: the gate was passed with one key")
	if f.Phrase != "" {
		text = say("GO: the gate was passed, typed: %s", f.Phrase)
	}
	if e.By.Via == steps.Answers {
		b.deviate(&f.Place, entry(e, "passed_by_file", say("GO by the file %s, not by a person at the gate; phrase: %s", e.By.File, f.Phrase)))
		return
	}
	b.add(&f.Place, entry(e, "gate_passed", text))
}

// gateRefused: every NO-GO is a deviation; wrong phrases are one per gate, with their number.
func (b *builder) gateRefused(e steps.Event, f steps.GateRefused) {
	if f.NoGo {
		b.deviate(&f.Place, because(entry(e, "no_go", say("NO-GO")), f.Reason))
		return
	}
	b.add(&f.Place, entry(e, "wrong_phrase", say("a wrong phrase of %d characters", f.Length)))
	key := f.Place.Key()
	i, known := b.wrong[key]
	if !known {
		i = len(b.record.Deviations)
		b.wrong[key] = i
		b.list(&f.Place, entry(e, "wrong_phrases", safe.Text{}))
	}
	d := &b.record.Deviations[i]
	d.Count++
	d.Text = say("wrong phrases at the gate: %d", d.Count)
}
