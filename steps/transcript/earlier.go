package transcript

import (
	"time"

	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// What a session took over from an earlier one.

func (b *builder) carried(e steps.Event, f steps.Carried) {
	text := say("%s in session %s, where the same stood; carried over", f.Status, f.From)
	if f.Claimed {
		text = say("%s, as claimed by the damaged record of session %s", f.Status, f.From)
	}
	b.deviate(&f.Place, because(entry(e, "carried", text), f.Reason))
}

// orphaned puts an attempt of a damaged record beside this session's own. Where its place cannot be told, the record says
// only where it was asked about.
func (b *builder) orphaned(e steps.Event, f steps.Orphaned) {
	a := &Attempt{
		Host: safe.Line(f.Host), User: safe.Line(f.User), OffScript: f.Unplaced, Started: e.At.UTC(), Unknown: true, Evidence: safe.Of(f.Evidence),
		id: e.Seq, place: f.Place,
	}
	if began, err := time.Parse(time.RFC3339, f.Began); err == nil {
		a.Started = began.UTC()
	}
	for _, text := range f.Commands {
		a.Commands = append(a.Commands, Command{Text: safe.Exact(text)})
	}
	b.attempts[e.Seq] = a
	text := say("UNKNOWN: the damaged record of session %s knows no end of its attempt %d, which is %d here", f.From, f.Attempt, e.Seq)
	if f.Attempt == 0 {
		text = say("UNKNOWN: the damaged record of session %s has lost lines; what ran in them is asked about as attempt %d", f.From, e.Seq)
	}
	lost := because(entry(e, "orphaned", text), f.Evidence)
	b.list(&f.Place, lost)
	lost.Attempt = a
	b.add(&f.Place, lost)
}

func (b *builder) continued(e steps.Event, f steps.Continued) {
	if f.Damage != "" {
		b.deviate(nil, because(entry(e, "continued", say("goes on from session %s, whose record is damaged: what stands as claimed is that record's word", f.From)), f.Damage))
		return
	}
	b.add(nil, entry(e, "continued", say("goes on from session %s", f.From)))
}
