package runbook

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// differing are the steps directly inside a step that change the procedure it sends to.
func (p *Plan) differing(step int) []int {
	var all []int
	for _, item := range p.Steps[step].Body {
		if item.Kind == StepItem && p.Steps[item.Index].Differs != nil {
			all = append(all, item.Index)
		}
	}
	return all
}

// guess is the target of a reference that has none because the text was copied without its links: a file beside the
// document, named after the title of the page.
func (f *follower) guess(ref *Ref, in string) string {
	words := strings.Fields(ref.Text)
	for _, between := range []string{"_", "-"} {
		for _, extension := range []string{".md", ".rst", ".txt"} {
			for _, name := range []string{strings.Join(words, between), strings.ToLower(strings.Join(words, between))} {
				if _, err := f.document(path.Join(path.Dir(in), name+extension)); !errors.Is(err, fs.ErrNotExist) {
					return name + extension
				}
			}
		}
	}
	return ""
}

// differ works the differences of a call into the steps copied for it, which begin at first. Where a part cannot be
// found, the difference stays a step to be done by hand, and a problem names the part that is nearest.
func (f *follower) differ(step, first int) {
	for _, at := range f.differing(step) {
		d := f.Steps[at].Differs
		part := f.partNamed(d.Of, first)
		if part < 0 {
			f.Problems = append(f.Problems, doc.Problem{Line: f.lineOf(at), Rule: doc.References, Text: fmt.Sprintf(
				"%sno part of the other procedure is called %q; the nearest is %q; it stays a step to be done by hand", f.from(at), d.Of, doc.Nearest(d.Of, f.titles(first)))})
			continue
		}
		switch d.Kind {
		case LeftOut:
			f.Steps[part].Skip = f.saidAt(at)
			f.Steps[part].because("skip", "left out by the calling page", f.Steps[at].Line)
		case Changed:
			if !f.change(at, part) {
				continue
			}
		default:
			panic("runbook: no such difference: " + string(d.Kind))
		}
		f.Steps[at].Skip = "it is worked into " + f.Steps[part].Path
	}
}

// partNamed is the copied step that a title means, -1 for none.
func (f *follower) partNamed(title string, first int) int {
	for i := first; i < len(f.Steps); i++ {
		if plainly(f.Steps[i].Title) == plainly(title) {
			return i
		}
	}
	return -1
}

func (f *follower) titles(first int) []string {
	var all []string
	for i := first; i < len(f.Steps); i++ {
		all = append(all, f.Steps[i].Title)
	}
	return all
}

// saidAt is what a step says, and where.
func (f *follower) saidAt(step int) string {
	return fmt.Sprintf("line %d says: %s", f.Steps[step].Line, f.Steps[step].Title)
}

// change puts the commands of a difference in the place of what they change in a part: the block that begins with the
// same command, else the only one. Words alone are shown before the part. It answers whether the place was clear.
func (f *follower) change(from, part int) bool {
	var blocks []int
	for _, b := range f.Steps[from].Blocks {
		if f.Blocks[b].Runs() {
			blocks = append(blocks, b)
		}
	}
	if len(blocks) == 0 {
		f.Steps[part].Body = append(f.words(from), f.Steps[part].Body...)
		return true
	}
	if len(blocks) > 1 {
		f.unclear(from, part, "it has several commands")
		return false
	}
	holder, at := f.changed(blocks[0], part)
	if holder < 0 {
		f.unclear(from, part, "several commands there could be meant, or none")
		return false
	}
	f.exchange(from, blocks[0], holder, at)
	return true
}

func (f *follower) unclear(from, part int, why string) {
	f.Problems = append(f.Problems, doc.Problem{Line: f.lineOf(from), Rule: doc.References, Text: fmt.Sprintf("%swhat it changes in %s is not clear: %s; it stays a step to be done by hand", f.from(from), f.Steps[part].Path, why)})
}

// changed is where, in a part and the steps inside it, the block stands that a command takes the place of: the step and the
// index in its body.
func (f *follower) changed(block, part int) (holder, at int) {
	type spot struct{ step, at int }
	var all, alike []spot
	var visit func(step int)
	visit = func(step int) {
		for i, item := range f.Steps[step].Body {
			switch {
			case item.Kind == StepItem:
				visit(item.Index)
			case item.Kind == BlockItem && f.Blocks[item.Index].Runs():
				all = append(all, spot{step, i})
				if sameProgram(f.Blocks[item.Index].Text, f.Blocks[block].Text) {
					alike = append(alike, spot{step, i})
				}
			}
		}
	}
	visit(part)
	switch {
	case len(alike) == 1:
		return alike[0].step, alike[0].at
	case len(all) == 1:
		return all[0].step, all[0].at
	}
	return -1, 0
}

// exchange gives the block in a holder's body the text of another, and puts the words around that one before it. What was
// said of the block still holds: its host, if the other has none, its check and its gate.
func (f *follower) exchange(from, block, holder, at int) {
	body := f.Steps[holder].Body
	now, was := &f.Blocks[block], &f.Blocks[body[at].Index]
	was.become(now)
	was.First, was.Lang, was.Line, was.End, was.Source = now.First, now.Lang, now.Line, now.End, now.Source
	was.Host = cmp.Or(now.Host, was.Host)
	was.because("text", "changed by the calling page", now.Line)
	old := was.ID
	was.ID = free(identity("b", was.Text, map[string]int{}), f.ids())
	for i := range f.Blocks {
		if d := f.Blocks[i].GateDetail; d != nil && d.CanaryOf == old {
			d.CanaryOf = was.ID
		}
	}
	f.Steps[holder].Body = slices.Concat(body[:at], f.words(from), body[at:])
}

// words are the prose and the notes of a step.
func (f *follower) words(step int) []Item {
	var kept []Item
	for _, item := range f.Steps[step].Body {
		if item.Kind == ProseItem || item.Kind == NoteItem {
			kept = append(kept, item)
		}
	}
	return kept
}
