package steps

import (
	"cmp"
	"slices"
	"time"

	"gatewalk/runbook"
)

// Decide says what becomes true because of a message, or refuses with a *Refusal. It changes nothing:
// facts become true when they are on disk and Apply has seen them. A refused message writes nothing.
func Decide(s State, m Message) ([]Fact, error) {
	if r := s.admit(m); r != nil {
		return nil, r
	}
	d := decision{s: s, m: m}
	facts, r := d.decide()
	if r != nil {
		return nil, r
	}
	return facts, nil
}

// decision is one message being decided.
type decision struct {
	s State
	m Message
}

func (d decision) decide() ([]Fact, *Refusal) {
	switch in := d.m.Input.(type) {
	case Begin:
		return d.begin(in)
	case Reopened:
		return d.reopened(in)
	case Bind:
		return d.bind(in)
	case Set:
		return d.set(in)
	case Choose:
		return d.choose(in)
	case Run:
		return d.run(in)
	case Edit:
		return d.edit(in)
	case Confirm:
		return d.confirm(in)
	case Refuse:
		return d.noGo(in)
	case Verdict:
		return d.verdict(in)
	case Done:
		return d.done(in)
	case Skip:
		return d.skip(in)
	case Overrule:
		return d.overrule(in)
	case Jump:
		return d.jump(in)
	case Note:
		return d.note(in)
	case Attach:
		return d.attach(in)
	case Poll:
		return d.poll(in)
	case Hold:
		return d.hold(in)
	case Abort:
		return d.abort(in)
	case Drive:
		return d.drive(in)
	case Yield:
		return d.yield(in)
	case Park:
		return []Fact{DriverChanged{From: d.s.driver, Reason: in.Note}}, nil
	case Resolve:
		return d.resolve(in)
	case Carry:
		return d.carry(in)
	case Orphan:
		return d.orphan(in)
	case Continue:
		return d.continued(in)
	case Move:
		return d.move(in)
	case Close:
		return []Fact{Closed(in)}, nil
	case Exited:
		return d.exited(in.Finished)
	case Observed:
		return d.observed(in)
	case Probed:
		return d.probed(in)
	case LaunchFailed:
		return d.exited(Finished{Attempt: in.Attempt, Code: 127, Error: in.Error})
	case Tick:
		return d.tick(in)
	case ClockJumped:
		return []Fact{in}, nil
	}
	panic("steps: an input outside the closed set")
}

// admit refuses what cannot be said at all now: before the beginning, after the end, or about a place that has changed since.
func (s State) admit(m Message) *Refusal {
	if _, begin := m.Input.(Begin); begin {
		if s.opened != nil {
			return &Refusal{Why: RefusedClosed, Text: "the session has begun already"}
		}
		return nil
	}
	if s.opened == nil {
		return &Refusal{Why: RefusedClosed, Text: "the session has not begun"}
	}
	if s.closed != nil && !afterClose(m.Input) {
		return &Refusal{Why: RefusedClosed, Text: "the session is closed", Next: "its record can still be read: gatewalk export"}
	}
	if r := s.sealed(m.Input); r != nil {
		return r
	}
	if r := s.takingOver(m.Input); r != nil {
		return r
	}
	if m.By.Via == Machine {
		return nil
	}
	if r := s.wheel(m); r != nil {
		return r
	}
	p, ok := s.speaksOf(m.Input)
	if !ok {
		return nil
	}
	if s.Step(p) == nil && s.Block(p) == nil {
		return s.refuse(p, RefusedNot, "look at the outline", "the plan has no such place")
	}
	if m.Seen < s.Spot(p).Changed {
		return s.refuse(p, RefusedStale, "look again, then decide", "this has changed since it was on screen")
	}
	return s.orphanFirst(p, m.Input)
}

// afterClose says what may still be written down once a session is closed: the ends of what was running.
func afterClose(in Input) bool {
	switch in.(type) {
	case Exited, Probed, Observed, Reopened, LaunchFailed:
		return true
	}
	return false
}

// speaksOf is the place an operator's input decides about. A note decides about none.
func (s State) speaksOf(in Input) (Place, bool) {
	switch in := in.(type) {
	case Set:
		return in.Place, true
	case Choose:
		return in.Place, true
	case Run:
		return in.Place, true
	case Edit:
		return in.Place, true
	case Confirm:
		return in.Place, true
	case Refuse:
		return in.Place, true
	case Done:
		return in.Place, true
	case Skip:
		return in.Place, true
	case Overrule:
		return in.Place, true
	case Jump:
		return in.To, true
	case Attach:
		return in.Place, true
	case Poll:
		return in.Place, true
	case Bind:
		if in.Place != nil {
			return *in.Place, true
		}
	case Verdict:
		if a := s.Attempt(in.Attempt); a != nil {
			return a.Started.Place.Outside(), true
		}
	case Resolve:
		if a := s.Attempt(in.Attempt); a != nil {
			return a.Started.Place.Outside(), true
		}
	}
	return Place{}, false
}

func (d decision) begin(in Begin) ([]Fact, *Refusal) {
	return []Fact{in.Opened, DriverChanged{To: d.m.By.Label()}}, nil
}

func (d decision) reopened(in Reopened) ([]Fact, *Refusal) {
	opened := *d.s.opened
	opened.Resumed, opened.Machine, opened.Boot, opened.Arrived = true, in.Machine, in.Boot, in.Arrived
	opened.User, opened.Copied = cmp.Or(in.User, opened.User), in.Copied
	opened.Build, opened.Terminal, opened.Keeper, opened.Unattended = in.Build, in.Terminal, in.Keeper, in.Unattended
	facts := []Fact{opened}
	if in.Dropped > 0 {
		facts = append(facts, TailDropped{Bytes: in.Dropped})
	}
	if len(in.Secrets) > 0 {
		facts = append(facts, SecretsForgotten{Names: in.Secrets})
	}
	if who := d.m.By.Label(); d.s.driver != who {
		facts = append(facts, DriverChanged{From: d.s.driver, To: who})
	}
	return facts, nil
}

func (d decision) set(in Set) ([]Fact, *Refusal) {
	p := in.Place
	if in.Name == "" {
		return nil, d.s.refuse(p, RefusedNot, "name what it is the value of", "a value without a name")
	}
	if in.Value == "" && in.Commitment == "" {
		return nil, d.s.refuse(p, RefusedMissing, "type its value", "%s would be empty", in.Name)
	}
	if d.s.Block(p) == nil {
		return d.setItems(in)
	}
	if !d.s.fills(p, in.Name) && d.s.Prepare(p).Binding == nil {
		return nil, d.askHost(p)
	}
	return []Fact{in}, nil
}

// placeholder says whether a name cannot be that of a shell variable.
func placeholder(name string) bool {
	for _, r := range name {
		if r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return true
		}
	}
	return false
}

func (d decision) choose(in Choose) ([]Fact, *Refusal) {
	step := d.s.Step(in.Place)
	if step.Choice == nil || in.Place.Block != step.ID {
		return nil, d.s.refuse(in.Place, RefusedNot, "", "there is nothing to choose here")
	}
	options := d.s.plan.Choices[*step.Choice].Options
	if in.Option < 0 || in.Option >= len(options) {
		return nil, d.s.refuse(in.Place, RefusedNot, "take one of those on screen", "there is no option %d", in.Option+1)
	}
	return []Fact{Chosen{Place: in.Place, Option: in.Option, Title: options[in.Option].Title}}, nil
}

func (d decision) edit(in Edit) ([]Fact, *Refusal) {
	b := d.s.Block(in.Place)
	if b == nil {
		return nil, d.s.refuse(in.Place, RefusedNot, "write a note instead", "there is no command here to edit")
	}
	if d.runningAt(in.Place) != 0 {
		return nil, d.s.refuse(in.Place, RefusedBusy, "wait for it to end", "it is running")
	}
	spot := d.s.Spot(in.Place)
	was := joined(b)
	if spot.Edited != nil {
		was = *spot.Edited
	}
	if in.Text == was {
		return nil, d.s.refuse(in.Place, RefusedNot, "", "nothing was changed")
	}
	return []Fact{Edited{Place: in.Place, Text: in.Text, Was: was, Reason: in.Reason}}, nil
}

func (d decision) done(in Done) ([]Fact, *Refusal) {
	if in.Who == "" {
		return nil, d.s.refuse(in.Place, RefusedReason, "say who did it", "nobody is named")
	}
	if in.Result != Passed && in.Note == "" {
		return nil, d.s.refuse(in.Place, RefusedReason, "say why in a note", "%s without a note", in.Result)
	}
	if in.Result != Passed && in.Result != Failed && in.Result != NotApplicable {
		return nil, d.s.refuse(in.Place, RefusedNot, "passed, failed or not applicable", "%q is no result", in.Result)
	}
	if d.runningAt(in.Place) != 0 {
		return nil, d.s.refuse(in.Place, RefusedBusy, "wait for it to end", "it is running here")
	}
	if in.Result == Passed {
		if r := d.mayPassByHand(in.Place); r != nil {
			return nil, r
		}
	}
	return d.leaving(in.Place, DoneByHand(in)), nil
}

// mayPassByHand refuses what is out of order, and a gated command that a file says was done: that, too, is a person's word.
func (d decision) mayPassByHand(p Place) *Refusal {
	if gated := d.s.Prepare(p).Gate; gated != "" && gated != runbook.NoGate && d.m.By.Via != Terminal && !d.s.fileMayPass() {
		return d.s.refuse(p, RefusedPerson, "record it at a terminal, or start the walk with --unattended", "a %s gate stands before it, which is not passed by %s", gated, d.m.By.Via)
	}
	return d.inOrder(p)
}

func (d decision) skip(in Skip) ([]Fact, *Refusal) {
	if in.Reason == "" {
		return nil, d.s.refuse(in.Place, RefusedReason, "say why it is skipped", "a reason is wanted")
	}
	if d.runningAt(in.Place) != 0 {
		return nil, d.s.refuse(in.Place, RefusedBusy, "wait for it to end, or abort it", "it is running")
	}
	return d.leaving(in.Place, Skipped(in)), nil
}

func (d decision) overrule(in Overrule) ([]Fact, *Refusal) {
	b := d.s.Block(in.Place)
	if b == nil {
		return nil, d.s.refuse(in.Place, RefusedNot, "", "there is no block here to read otherwise")
	}
	if in.Reason == "" {
		return nil, d.s.refuse(in.Place, RefusedReason, "say why it is read otherwise", "a reason is wanted")
	}
	if d.m.By.Via != Terminal && !d.s.fileMayPass() {
		return nil, d.s.refuse(in.Place, RefusedPerson, "do it at a terminal", "a reading is overruled by a person, not by %s", d.m.By.Via)
	}
	was, ok := reading(b, in.Property)
	if !ok {
		return nil, d.s.refuse(in.Place, RefusedNot, "kind, host, gate, weight, check or verify", "%q cannot be overruled", in.Property)
	}
	if now, ok := d.s.Spot(in.Place).Read[in.Property]; ok {
		was = now
	}
	return []Fact{Overruled{Place: in.Place, Property: in.Property, Value: in.Value, Was: was, Reason: in.Reason}}, nil
}

func (d decision) jump(in Jump) ([]Fact, *Refusal) {
	if in.Reason == "" {
		return nil, d.s.refuse(in.To, RefusedReason, "say why what lies between is left open", "a reason is wanted")
	}
	from, ok := d.s.Next()
	if !ok || from.Key() == in.To.Key() {
		return nil, d.s.refuse(in.To, RefusedNot, "", "the walk is there already")
	}
	if !d.s.before(from, in.To) {
		return nil, d.s.refuse(in.To, RefusedNot, "run it again there, if that is meant", "it lies behind, or is not on this way")
	}
	return []Fact{Noted{Place: &in.To, Text: in.Reason, Jump: &from}}, nil
}

// before says whether a place comes before another on the way.
func (s State) before(a, b Place) bool {
	first, second := false, false
	s.walk(func(l Line) bool {
		key := l.Place.Key()
		first = first || key == a.Key()
		second = first && key == b.Key() && l.Status != StatusElsewhere
		return !second
	})
	return second
}

func (d decision) note(in Note) ([]Fact, *Refusal) {
	if in.Text == "" {
		return nil, &Refusal{Why: RefusedNot, Text: "an empty note", Next: "type something"}
	}
	return []Fact{Noted{Place: in.Place, Text: in.Text}}, nil
}

func (d decision) attach(in Attach) ([]Fact, *Refusal) {
	return []Fact{Attached(in)}, nil
}

func (d decision) hold(in Hold) ([]Fact, *Refusal) {
	if in.On && in.Reason == "" {
		return nil, &Refusal{Why: RefusedReason, Text: "a hold without a reason", Next: "say why"}
	}
	return []Fact{Held(in)}, nil
}

func (d decision) abort(in Abort) ([]Fact, *Refusal) {
	if !slices.Contains(d.s.running, in.Attempt) {
		return nil, &Refusal{Why: RefusedNot, Text: "attempt is not running", Next: "look at the outline"}
	}
	if !slices.Contains([]string{"INT", "TERM", "KILL", "HUP", "QUIT"}, in.Signal) {
		return nil, &Refusal{Why: RefusedNot, Text: "signal " + in.Signal + " is not sent from here", Next: "INT, TERM or KILL"}
	}
	p := d.s.Attempt(in.Attempt).Started.Place
	return []Fact{Noted{Place: &p, Attempt: in.Attempt, Signal: in.Signal, Text: cmp.Or(in.Reason, "sent SIG"+in.Signal)}}, nil
}

// leaving puts the returns from calls that a place is no longer inside of before a fact about that place.
func (d decision) leaving(p Place, f ...Fact) []Fact {
	var facts []Fact
	d.s.walk(func(l Line) bool {
		if l.Place.Key() == p.Key() {
			return false
		}
		if l.Status == StatusCalled && !calling(p.Frames, l.Place.Block) {
			facts = append(facts, Returned{Place: l.Place})
		}
		return true
	})
	return append(facts, f...)
}

// runningAt is the attempt that runs at a place, 0 if none does.
func (d decision) runningAt(p Place) uint64 {
	for _, id := range d.s.running {
		if a := d.s.Attempt(id); a.Started.Place.Outside().Key() == p.Outside().Key() && !a.Started.OffScript {
			return id
		}
	}
	return 0
}

// duration reads a Go duration, with a fallback for what is empty or unreadable.
func duration(text string, fallback time.Duration) time.Duration {
	if v, err := time.ParseDuration(text); err == nil && v > 0 {
		return v
	}
	return fallback
}
