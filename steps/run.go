package steps

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"gatewalk/runbook"
)

// run decides about starting a place: everything that must hold before a command may become a process is asked here.
func (d decision) run(in Run) ([]Fact, *Refusal) {
	if in.OffScript != "" {
		return d.offScript(in)
	}
	if d.s.held != nil {
		return nil, d.s.refuse(in.Place, RefusedHeld, "lift the hold first", "held: %s", d.s.held.Reason)
	}
	if r := d.inOrder(in.Place); r != nil {
		return nil, r
	}
	b := d.s.Block(in.Place)
	if b == nil {
		return d.enter(in.Place)
	}
	ready, r := d.ready(in.Place, b)
	if r != nil {
		return nil, r
	}
	if in.From < 0 || in.From >= max(1, len(ready.Commands)) {
		return nil, d.s.refuse(in.Place, RefusedNot, "run it from the beginning", "there is no command %d in it", in.From+1)
	}
	if ready.Gate != runbook.NoGate {
		return d.reachGate(in, b, ready)
	}
	return d.leaving(in.Place, d.start(in.Place, ready, in.From)...), nil
}

// enter is what running a step without a block means: a call, or a question for the operator.
func (d decision) enter(p Place) ([]Fact, *Refusal) {
	step := d.s.Step(p)
	if step.Choice != nil {
		return nil, d.s.refuse(p, RefusedChoice, "choose one", "one way must be taken")
	}
	if times, items, ok := d.s.Loop(p); ok {
		if len(items) > 0 {
			return nil, d.s.refuse(p, RefusedNot, "walk the steps inside", "its list is confirmed already")
		}
		return nil, d.missing(p, []Missing{{Name: Items, Is: "not confirmed: this is repeated " + times}})
	}
	if target := callee(d.s.plan, step); target != nil {
		if d.s.Spot(p).Status == StatusCalled {
			return nil, d.s.refuse(p, RefusedNot, "walk the steps inside", "it has been called already")
		}
		return d.leaving(p, Called{Place: p, Step: target.ID}), nil
	}
	return nil, d.s.refuse(p, RefusedByHand, "do it, then record how it went", "there is no command here")
}

// inOrder refuses a place while something stops the walk, or while something before it is open.
func (d decision) inOrder(p Place) *Refusal {
	if r := d.orphansFirst(p); r != nil {
		return r
	}
	if trouble, ok := d.s.Trouble(); ok && trouble.Key() != p.Key() && !d.s.before(p, trouble) {
		status := d.s.Spot(trouble).Status
		r := d.s.refuse(p, RefusedTrouble, wayOut(status), "%s stands at %q", d.s.Name(trouble), status)
		r.Other = &trouble
		return r
	}
	var open *Place
	found := false
	d.s.walk(func(l Line) bool {
		if l.Place.Key() == p.Key() {
			found = true
			return false
		}
		if l.Unit && !l.Status.Settled() && open == nil && !d.s.anyOrder(l.Place, p) {
			open = &l.Place
		}
		return true
	})
	if !found {
		return d.s.refuse(p, RefusedNot, "look at the outline", "it is not on the way that was taken")
	}
	if open != nil {
		r := d.s.refuse(p, RefusedOrder, "do it, skip it with a reason, or jump", "%s is still open", d.s.Name(*open))
		r.Other = open
		return r
	}
	return nil
}

// anyOrder says whether the text lets one place be taken before another that it names first: they stand in different steps
// of a group that is free among each other.
func (s State) anyOrder(first, p Place) bool {
	groups := map[int]string{}
	for step := range s.around(first) {
		if step.AnyOrder != 0 {
			groups[step.AnyOrder] = step.ID
		}
	}
	for step := range s.around(p) {
		if id, ok := groups[step.AnyOrder]; ok && id != step.ID {
			return true
		}
	}
	return false
}

// around are the steps that a place stands in, innermost first.
func (s State) around(p Place) iter.Seq[*runbook.Step] {
	return func(yield func(*runbook.Step) bool) {
		for step := s.Step(p); step != nil && yield(step); {
			if step.Parent < 0 {
				return
			}
			step = &s.plan.Steps[step.Parent]
		}
	}
}

// wayOut is what an operator can do about a place that stops the walk.
func wayOut(status Status) string {
	switch status {
	case StatusFailed:
		return "look at it, run it again, accept it with a reason, or stop"
	case StatusAsking:
		return "give your verdict on what it printed"
	case StatusUnknown:
		return "look at the evidence and say what became of it"
	case StatusRefused:
		return "run it again to come back to its gate, or skip it with a reason"
	}
	panic("steps: no trouble at " + string(status))
}

// ready says what would run at a place, or why nothing can.
func (d decision) ready(p Place, b *runbook.Block) (Prepared, *Refusal) {
	if r := d.runnable(p, b); r != nil {
		return Prepared{}, r
	}
	ready := d.s.Prepare(p)
	if ready.Binding == nil {
		return ready, d.askHost(p)
	}
	if ready.Binding.Kind != Here {
		return ready, d.s.refuse(p, RefusedByHand, "do it there, then record how it went", "%s is not this machine", cmp.Or(ready.Host, "its host"))
	}
	if len(ready.Missing) > 0 {
		return ready, d.missing(p, ready.Missing)
	}
	return ready, d.busy(p, ready)
}

// runnable refuses what was read as output or a file, and what is already running.
func (d decision) runnable(p Place, b *runbook.Block) *Refusal {
	spot := d.s.Spot(p)
	kind := b.Kind
	if read, ok := spot.Read[KindProperty]; ok {
		kind = runbook.BlockKind(read)
	}
	if kind != runbook.Command && kind != runbook.Session {
		return d.s.refuse(p, RefusedByHand, "overrule its kind with a reason if it is a command", "it was read as %s and is never run", kind)
	}
	switch spot.Status {
	case StatusRunning, StatusPolling, StatusJudging:
		return d.s.refuse(p, RefusedBusy, "wait for it to end, or abort it", "it is %s", spot.Status)
	case StatusUnknown:
		return d.s.refuse(p, RefusedTrouble, wayOut(spot.Status), "nobody knows what became of its last run")
	case StatusAsking:
		if _, poll := d.m.Input.(Poll); !poll { // a poll looks again, and rules for itself
			return d.s.refuse(p, RefusedVerdict, wayOut(spot.Status), "its last run has no verdict")
		}
	}
	return nil
}

func (d decision) askHost(p Place) *Refusal {
	host := d.s.Prepare(p).Host
	text := "the text does not say where this runs"
	if host != "" {
		text = fmt.Sprintf("nobody has said where %s is, and this machine is %s", host, d.s.opened.Machine)
	}
	r := d.s.refuse(p, RefusedHost, "say that it is this machine, or that it is done there by hand, or skip it", "%s", text)
	r.Host = host
	return r
}

func (d decision) missing(p Place, missing []Missing) *Refusal {
	words := make([]string, len(missing))
	for i, m := range missing {
		words[i] = m.String()
	}
	r := d.s.refuse(p, RefusedMissing, "give the value, or run the step that sets it", "%s", strings.Join(words, "; "))
	r.Missing = missing
	return r
}

// busy refuses a second writer of one context. Scratch attempts write none.
func (d decision) busy(p Place, ready Prepared) *Refusal {
	for _, id := range d.s.running {
		if a := d.s.Attempt(id); !a.Started.Scratch {
			r := d.s.refuse(p, RefusedBusy, "wait for it to end, or abort it", "attempt %d is still running on %s", id, a.Started.Host)
			r.Other = &a.Started.Place
			return r
		}
	}
	return nil
}

// start is the facts that begin an attempt: its host if it is this machine by name, and the attempt itself.
func (d decision) start(p Place, ready Prepared, from int) []Fact {
	var facts []Fact
	if ready.Itself {
		facts = append(facts, Bound{Host: ready.Host, To: *ready.Binding, Itself: true})
	}
	host, user := d.s.Target(*ready.Binding)
	context := d.s.Context(host, user)
	spot := d.s.Spot(p.Outside())
	return append(facts, Started{
		Place: p, Host: boundName(*ready.Binding, host), User: user,
		Text: ready.Text, Digest: ready.Digest, Commands: ready.Commands, From: from,
		Context: context.Digest, Assign: maps.Clone(context.Assign), Secrets: slices.Compact(slices.Sorted(slices.Values(ready.Secrets))),
		Edited: spot.Edited != nil, Again: spot.Last != 0,
	})
}

// boundName is the host as the operator knows it: the name it was bound to, else the machine's own.
func boundName(b Binding, machine string) string {
	if len(b.Names) == 0 {
		return machine
	}
	return strings.Join(b.Names, " ")
}

func (d decision) offScript(in Run) ([]Fact, *Refusal) {
	ready := d.s.prepareText(in.Place, in.OffScript)
	if ready.Binding == nil {
		ready.Binding = &Binding{Kind: Here, Names: []string{d.s.opened.Machine}, User: d.s.opened.User}
	}
	if ready.Binding.Kind != Here {
		return nil, d.s.refuse(in.Place, RefusedByHand, "do it there and write a note", "%s is not this machine", ready.Host)
	}
	if d.s.held != nil {
		return nil, d.s.refuse(in.Place, RefusedHeld, "lift the hold first", "held: %s", d.s.held.Reason)
	}
	if r := d.busy(in.Place, ready); r != nil && in.Keep {
		return nil, r
	}
	facts := d.start(in.Place, ready, 0)
	started := facts[len(facts)-1].(Started)
	started.OffScript, started.Scratch, started.Again, started.Edited = true, !in.Keep, false, false
	return []Fact{started}, nil
}

// reachGate opens the gate before a block. While it is open with the same text there is nothing to open again.
func (d decision) reachGate(in Run, b *runbook.Block, ready Prepared) ([]Fact, *Refusal) {
	gate := d.s.reach(in.Place, b, ready, in.From)
	if spot := d.s.Spot(in.Place); spot.Status == StatusWaiting && spot.Gate != nil && spot.Gate.Digest == gate.Digest && spot.Gate.From == in.From {
		return nil, d.s.refuse(in.Place, RefusedGate, "confirm it, or say no-go with a reason", "its gate is open")
	}
	return d.leaving(in.Place, gate), nil
}

// confirm passes a gate: a person read it, and what would run is still what they read.
func (d decision) confirm(in Confirm) ([]Fact, *Refusal) {
	spot := d.s.Spot(in.Place)
	if spot.Status != StatusWaiting || spot.Gate == nil {
		return nil, d.s.refuse(in.Place, RefusedNot, "run the step to come to its gate", "no gate is open here")
	}
	if d.m.By.Via != Terminal && !d.s.fileMayPass() {
		return nil, d.s.refuse(in.Place, RefusedPerson, "walk it at a terminal, or start it with --unattended", "a gate is passed by a person, not by %s", d.m.By.Via)
	}
	if spot.Gate.Gate == runbook.Approval && d.m.By.Name == d.s.driverName() {
		return nil, d.s.refuse(in.Place, RefusedPerson, "have someone else confirm", "an approval needs a second person")
	}
	if d.s.held != nil {
		return nil, d.s.refuse(in.Place, RefusedHeld, "lift the hold first", "held: %s", d.s.held.Reason)
	}
	b := d.s.Block(in.Place)
	ready := d.s.Prepare(in.Place)
	if ready.Digest != spot.Gate.Digest || !slices.Equal(ready.Targets, spot.Gate.Targets) {
		return nil, d.s.refuse(in.Place, RefusedStale, "run it again to see its gate as it is now", "what would run has changed since the gate was shown")
	}
	if ready.Binding == nil || ready.Binding.Kind != Here || len(ready.Missing) > 0 {
		_, r := d.ready(in.Place, b)
		return nil, r
	}
	if r := d.busy(in.Place, ready); r != nil {
		return nil, r
	}
	if spot.Gate.Weight == runbook.Typed && in.Phrase != spot.Gate.Phrase {
		return []Fact{GateRefused{Place: in.Place, Length: len(in.Phrase)}}, nil
	}
	passed := GatePassed(in)
	return append([]Fact{passed}, d.start(in.Place, ready, spot.Gate.From)...), nil
}

// fileMayPass says whether an answers file may stand in for a person: in a rehearsal, or where the operator said so.
func (s State) fileMayPass() bool { return s.opened.Simulated || s.opened.Unattended }

func (d decision) noGo(in Refuse) ([]Fact, *Refusal) {
	if in.Reason == "" {
		return nil, d.s.refuse(in.Place, RefusedReason, "say why", "a no-go has a reason")
	}
	switch d.s.Spot(in.Place).Status {
	case StatusWaiting, StatusFailed, StatusAsking:
		return []Fact{GateRefused{Place: in.Place, NoGo: true, Reason: in.Reason}}, nil
	}
	return nil, d.s.refuse(in.Place, RefusedNot, "", "nothing here waits for a go")
}

// joined is the text of a block as it is run.
func joined(b *runbook.Block) string { return strings.Join(b.Commands, "\n") }

// reading is what was read of a block, as a word.
func reading(b *runbook.Block, property Property) (string, bool) {
	switch property {
	case KindProperty:
		return string(b.Kind), true
	case HostProperty:
		return b.Host, true
	case GateProperty:
		return string(b.Gate), true
	case WeightProperty:
		if b.GateDetail == nil {
			return string(runbook.OneKey), true
		}
		return string(b.GateDetail.Weight), true
	case CheckProperty:
		if b.Check == nil {
			return "none", true
		}
		if b.Check.Proposed {
			return "proposed", true
		}
		return "adopt", true
	case VerifyProperty:
		return fmt.Sprint(b.Verify), true
	}
	return "", false
}
