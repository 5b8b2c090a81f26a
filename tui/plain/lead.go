package plain

import (
	"strings"

	"gatewalk/runbook"
	"gatewalk/runbook/doc"
	"gatewalk/steps"
	"gatewalk/tui/prose"
)

// words are what the author wrote around one place: before it, from the place before on, and after it.
type words struct{ before, after []piece }

// piece is a heading passed on the way, or an item of a body.
type piece struct {
	heading *runbook.Step
	item    runbook.Item
}

// reading gives every piece of a plan to exactly one place, in document order: what leads up to a command belongs to it,
// and so do the sample outputs behind it and what its step ends with. The rest closes the document.
type reading struct {
	plan    *runbook.Plan
	units   map[string]bool
	of      map[string]*words
	waiting []piece
}

func read(c *contour) *reading {
	r := &reading{plan: c.state.Plan(), units: map[string]bool{}, of: map[string]*words{}}
	for _, l := range c.lines {
		r.units[l.Place.Block] = r.units[l.Place.Block] || l.Unit
	}
	r.body(r.plan.Root, nil)
	return r
}

// wordsAt are the words of a place, empty for one that is none.
func (r *reading) wordsAt(p steps.Place) words {
	if w := r.of[p.Block]; w != nil {
		return *w
	}
	return words{}
}

// body reads items in order. last is the place that what follows belongs to, if any.
func (r *reading) body(items []runbook.Item, last *words) {
	for _, item := range items {
		switch item.Kind {
		case runbook.StepItem:
			r.giveTo(last)
			last = nil
			r.step(&r.plan.Steps[item.Index])
		case runbook.BlockItem:
			if id := r.plan.Blocks[item.Index].ID; r.units[id] {
				last = r.open(id)
				continue
			}
			r.waiting = append(r.waiting, piece{item: item})
			r.giveTo(last)
		case runbook.NoteItem, runbook.ProseItem:
			r.waiting = append(r.waiting, piece{item: item})
		default:
			panic("plain: unknown item " + string(item.Kind))
		}
	}
	r.giveTo(last)
}

// step reads a step. A routine stands by itself: it is walked where it is called.
func (r *reading) step(step *runbook.Step) {
	outside := r.waiting
	if step.Routine {
		r.waiting = nil
	}
	r.waiting = append(r.waiting, piece{heading: step})
	var last *words
	if r.units[step.ID] {
		last = r.open(step.ID)
	}
	r.body(step.Body, last)
	if step.Routine {
		r.waiting = outside
	}
}

// open begins the words of a place with what has been waiting.
func (r *reading) open(id string) *words {
	w := &words{before: r.waiting}
	r.of[id], r.waiting = w, nil
	return w
}

// giveTo gives what has been waiting to a place, if there is one.
func (r *reading) giveTo(last *words) {
	if last != nil {
		last.after = append(last.after, r.waiting...)
		r.waiting = nil
	}
}

// lines are pieces as lines of text. The heading of the place itself, and a paragraph that says no more, are left out:
// they have been read out already.
func lines(plan *runbook.Plan, pieces []piece, own *runbook.Step, width int) []string {
	var lines []string
	above := own
	for _, p := range pieces {
		if p.heading != nil {
			above = p.heading
		}
		if p.repeats(own, above) {
			continue
		}
		more := p.lines(plan, width)
		if len(more) > 0 && len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, more...)
	}
	return lines
}

// repeats says whether a piece says what has been read out just before it.
func (p piece) repeats(own, above *runbook.Step) bool {
	if p.heading != nil {
		return p.heading == own
	}
	return p.item.Prose != nil && above != nil && strings.TrimRight(doc.Words(p.item.Prose.Spans), ".:") == above.Title
}

func (p piece) lines(plan *runbook.Plan, width int) []string {
	switch {
	case p.heading != nil:
		return asWords.Wrap("section "+p.heading.Path+": "+p.heading.Title, width)
	case p.item.Kind == runbook.BlockItem:
		b := &plan.Blocks[p.item.Index]
		return append([]string{sampleWord(b.Kind)}, indent("    ", splitLines(b.Text))...)
	case p.item.Kind == runbook.NoteItem:
		return admonition(&plan.Admonitions[p.item.Index], width)
	case p.item.Prose != nil:
		return asWords.Set(p.item.Prose, width)
	}
	return nil
}

// asWords is how the document is set here.
var asWords = prose.Words()

// indent leads lines; an empty one stays empty.
func indent(with string, lines []string) []string {
	for i := range lines {
		lines[i] = strings.TrimRight(with+lines[i], " ")
	}
	return lines
}

// sampleWord is what a block is that nobody runs.
func sampleWord(kind runbook.BlockKind) string {
	if kind == runbook.Output {
		return "sample output, not run:"
	}
	return string(kind) + ", not run:"
}

func admonition(a *runbook.Admonition, width int) []string {
	if a.Node != nil {
		return asWords.Set(a.Node, width)
	}
	return asWords.Wrap(a.Kind+": "+a.Text, width)
}
