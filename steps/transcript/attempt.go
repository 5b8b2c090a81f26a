package transcript

import (
	"cmp"
	"fmt"

	"gatewalk/steps"
	"gatewalk/steps/safe"
)

func (b *builder) started(e steps.Event, f steps.Started) {
	a := &Attempt{
		Host: safe.Line(f.Host), User: safe.Line(f.User), Text: safe.Exact(f.Text), Digest: safe.Line(f.Digest), Commands: commands(f),
		Edited: f.Edited, OffScript: f.OffScript, Again: f.Again, Secrets: texts(f.Secrets), Started: e.At.UTC(), id: e.Seq, place: f.Place,
	}
	b.attempts[e.Seq] = a
	b.round(f.Place, a)
	text := say("attempt %d", e.Seq)
	if f.OffScript {
		text = say("attempt %d, off script", e.Seq)
		off := entry(e, "off_script", text)
		off.Is = a.Text
		b.list(&f.Place, off)
	}
	if f.From > 0 && !f.OffScript {
		b.list(&f.Place, entry(e, "went_on", say("went on with command %d, past one that failed", f.From+1)))
	}
	started := entry(e, "attempt", text)
	started.Attempt = a
	b.add(&f.Place, started)
}

// round marks a round of a poll. The one before it is now not the last.
func (b *builder) round(p steps.Place, a *Attempt) {
	if len(p.Frames) == 0 || p.Frames[len(p.Frames)-1].Kind != steps.RoundFrame {
		return
	}
	a.Round = safe.Line(p.Frames[len(p.Frames)-1].Name)
	at := b.place(p)
	if at.round != nil {
		at.round.brief = true
	}
	at.round = a
}

func commands(f steps.Started) []Command {
	list := make([]Command, len(f.Commands))
	for i, text := range f.Commands {
		list[i].Text = safe.Exact(text)
	}
	return list
}

// attempt is one that was started. The journal never ends what never began.
func (b *builder) attempt(id uint64) *Attempt {
	a := b.attempts[id]
	if a == nil {
		panic(fmt.Sprintf("transcript: a fact about attempt %d, which never started", id))
	}
	return a
}

func (b *builder) finished(e steps.Event, f steps.Finished) {
	a := b.attempt(f.Attempt)
	a.Ended, a.Took, a.Code, a.Late = e.At.UTC(), f.Took, &f.Code, f.Late
	a.Signal, a.Error, a.Warning = safe.Line(f.Signal), safe.Line(f.Error), safe.Line(f.Warning)
	a.Changed, a.Unset = table(f.Changed), texts(f.Unset)
	a.Output.Digest, a.Output.Bytes, a.Output.Redactions = safe.Line(f.Output), f.Bytes, f.Redactions
	a.Hidden = f.Hidden
	if f.Warning != "" {
		b.list(&a.place, because(entry(e, "warning", say("attempt %d ended with a warning", f.Attempt)), f.Warning))
	}
	for _, exit := range f.Exits {
		if exit.Command >= 0 && exit.Command < len(a.Commands) {
			a.Commands[exit.Command].Exit = &exit.Code
		}
	}
}

func (b *builder) judged(e steps.Event, f steps.Judged) {
	a := b.attempt(f.Attempt)
	a.Judged = append(a.Judged, Judged{
		At: e.At.UTC(), By: actor(e.By), Ruling: string(f.Judgment.Ruling), Evidence: safe.Of(f.Judgment.Evidence), Flags: texts(f.Judgment.Flags),
		Accepted: f.Accepted, Note: safe.Line(f.Note),
	})
	if f.Accepted {
		b.deviate(&f.Place, because(entry(e, "accepted_failure", say("the failure of attempt %d was accepted", f.Attempt)), f.Note))
	}
}

func (b *builder) unknown(e steps.Event, f steps.Unknown) {
	a := b.attempt(f.Attempt)
	a.Unknown, a.Evidence = true, safe.Of(f.Evidence)
	b.deviate(&a.place, because(entry(e, "unknown", say("UNKNOWN: attempt %d was started, and nobody saw its end", f.Attempt)), f.Evidence))
}

func (b *builder) resolved(e steps.Event, f steps.Resolved) {
	a := b.attempt(f.Attempt)
	a.Resolved = &Resolved{At: e.At.UTC(), By: actor(e.By), As: string(f.As), Reason: safe.Line(f.Reason)}
	if a.Evidence == (safe.Text{}) {
		a.Evidence = safe.Of(f.Evidence)
	}
	text := say("attempt %d, without a recorded end, was taken for: %s", f.Attempt, f.As)
	b.deviate(&a.place, because(entry(e, "resolved", text), cmp.Or(f.Reason, f.Evidence)))
}
