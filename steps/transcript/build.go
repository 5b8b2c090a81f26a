package transcript

import (
	"slices"
	"time"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// New makes the record of a session from its plan and its events. Journal.Head is left to the caller, who knows the lines.
func New(plan *runbook.Plan, events []steps.Event) Record {
	b := &builder{
		state:    steps.New(plan),
		places:   map[string]*place{},
		attempts: map[uint64]*Attempt{},
		wrong:    map[string]int{},
		record: Record{
			Schema: Schema, Title: safe.Line(plan.Title), Runbook: source(plan), Outcome: say("never opened"),
			Sittings: []Sitting{}, People: []Person{}, Hosts: []Host{}, Deviations: []Entry{}, Debts: []Debt{}, Walk: []Section{}, Events: []Entry{},
		},
	}
	for _, e := range events {
		b.event(e)
	}
	b.finish()
	return b.record
}

func source(plan *runbook.Plan) Runbook {
	return Runbook{Source: safe.Line(plan.Source), Format: safe.Line(plan.Format), Digest: safe.Line(plan.Digest)}
}

// builder goes through the events once, from the first to the last.
type builder struct {
	state    steps.State // before the event at hand
	record   Record
	places   map[string]*place
	order    []string // of the places, as they were first spoken of
	attempts map[uint64]*Attempt
	wrong    map[string]int // place -> its deviation about wrong phrases
}

// place is what happened at one place.
type place struct {
	at      steps.Place
	entries []Entry
	round   *Attempt // the last round of a poll
}

func (b *builder) event(e steps.Event) {
	b.record.Journal.Last = e.Seq
	b.meet(e)
	for _, fact := range e.Facts {
		b.fact(e, fact)
	}
	b.state = steps.Apply(b.state, e)
}

// meet remembers whose word the event is.
func (b *builder) meet(e steps.Event) {
	if e.By.Via == steps.Machine {
		return
	}
	name := actor(e.By)
	i := slices.IndexFunc(b.record.People, func(p Person) bool { return p.Name == name })
	if i < 0 {
		i = len(b.record.People)
		b.record.People = append(b.record.People, Person{Name: name, First: e.At.UTC()})
	}
	b.record.People[i].Last = e.At.UTC()
}

// place is where what happened at a place is gathered. The rounds of a poll belong to the poll.
func (b *builder) place(p steps.Place) *place {
	p = p.Outside()
	key := p.Key()
	if b.places[key] == nil {
		b.places[key] = &place{at: p}
		b.order = append(b.order, key)
	}
	return b.places[key]
}

// entry begins an entry with its envelope.
func entry(e steps.Event, kind string, text safe.Text) Entry {
	return Entry{Seq: e.Seq, At: e.At.UTC(), By: actor(e.By), Kind: kind, Text: text}
}

// add puts an entry where it belongs: to its place, or to the session where it has none.
func (b *builder) add(p *steps.Place, entry Entry) {
	if p == nil {
		b.record.Events = append(b.record.Events, entry)
		return
	}
	at := b.place(*p)
	at.entries = append(at.entries, entry)
}

// deviate adds an entry and lists it among the deviations.
func (b *builder) deviate(p *steps.Place, entry Entry) {
	b.add(p, entry)
	b.list(p, entry)
}

// list puts an entry among the deviations only.
func (b *builder) list(p *steps.Place, entry Entry) {
	if p != nil {
		entry.Where = b.name(*p)
	}
	b.record.Deviations = append(b.record.Deviations, entry)
}

// name is a place as people find it: path and title of its step, and the line of its block.
func (b *builder) name(p steps.Place) safe.Text {
	p = p.Outside()
	name := ""
	if step := b.state.Step(p); step != nil {
		name = step.Path + " " + step.Title
	}
	if block := b.state.Block(p); block != nil {
		name += say(", line %d", block.Line).Plain()
	}
	if inside := b.within(p.Frames).Plain(); inside != "" {
		name += " (" + inside + ")"
	}
	if name == "" {
		name = p.Block
	}
	return safe.Line(name)
}

// finish adds what only the last state can tell.
func (b *builder) finish() {
	r := &b.record
	if opened := b.state.Opened(); opened != nil && r.Closed.IsZero() {
		r.Outcome = say("not closed")
		if _, open := b.state.Next(); !open {
			r.Outcome = say("not closed, everything is settled")
		}
	}
	for _, d := range b.state.Debts() {
		r.Debts = append(r.Debts, Debt{Name: safe.Line(d.Name), Since: d.At.UTC(), Where: b.name(d.Place)})
	}
	b.walk()
}

// elapsed is how long something took, as people say it.
func elapsed(seconds float64) string {
	return time.Duration(seconds * float64(time.Second)).Round(time.Millisecond).String()
}
