package runbook

import (
	"sort"
	"strings"

	"gatewalk/runbook/doc"
)

// trimmed is a sentence without the colon that led to what stood behind it.
func trimmed(sentence string) string { return strings.TrimRight(sentence, ": ") }

// prerequisites are what must be so before the first step. Those that are steps themselves are walked.
func (o *printer) prerequisites() {
	walked := map[int]bool{}
	for _, s := range o.plan.Steps {
		if s.Source == "" {
			walked[s.Line] = true
		}
	}
	for _, p := range o.plan.Prerequisites {
		if !walked[p.Line] {
			o.line(0, "before the first step: %s; line %d", strings.TrimRight(p.Text, "."), p.Line)
		}
	}
}

// note writes an admonition. Of one that is a step, the step's title has said the first sentence.
func (o *printer) note(a *Admonition, depth int, title string) {
	text := a.Text
	if a.Work {
		text = strings.TrimLeft(strings.TrimPrefix(text, title), ".: ")
	}
	if text != "" {
		o.line(depth, "%s: %s", a.Kind, text)
	}
}

// notesIn are the admonitions inside of what is only words.
func (o *printer) notesIn(prose *doc.Node, depth int) {
	doc.Walk([]*doc.Node{prose}, func(n *doc.Node) bool {
		if n.Kind != doc.Note {
			return true
		}
		for _, i := range o.notedAt(n.Line) {
			o.note(&o.plan.Admonitions[i], depth, "")
		}
		return false
	})
}

func (o *printer) notedAt(line int) []int {
	if o.noted == nil {
		o.noted = map[int][]int{}
		for i := range o.plan.Admonitions {
			a := &o.plan.Admonitions[i]
			o.noted[a.Line] = append(o.noted[a.Line], i)
		}
	}
	return o.noted[line]
}

// leaves are the choices that a step tells of beside the one it asks: those said before the end of its commands, and those behind.
func (o *printer) leaves(i int) (early, late []int) {
	if o.left == nil {
		o.left = map[int][]int{}
		for k, c := range o.plan.Choices {
			if asked := o.plan.Steps[c.Step].Choice; asked == nil || *asked != k {
				o.left[c.Step] = append(o.left[c.Step], k)
			}
		}
	}
	end := o.plan.Steps[i].End
	if blocks := o.plan.Steps[i].Blocks; len(blocks) > 0 {
		end = o.plan.Blocks[blocks[len(blocks)-1]].End
	}
	for _, k := range o.left[i] {
		if o.plan.Choices[k].Line <= end {
			early = append(early, k)
		} else {
			late = append(late, k)
		}
	}
	return early, late
}

func (o *printer) choices(which []int, depth int) {
	for _, k := range which {
		o.choice(&o.plan.Choices[k], depth)
	}
}

// see says where it is written how something is done by hand.
func (o *printer) see(s *Step, depth int) {
	if s.Ref != nil || s.Kind != ManualStep && s.Kind != VerifyStep && s.Kind != LoopStep || o.runs(s) {
		return
	}
	refs, end, last := o.plan.Refs, o.ownEnd(s), ""
	for i := sort.Search(len(refs), func(i int) bool { return refs[i].Line >= s.Line }); i < len(refs) && refs[i].Line <= end; i++ {
		if to := o.pointsTo(&refs[i]); to != last {
			o.line(depth, "see: %s", to)
			last = to
		}
	}
}

func (o *printer) runs(s *Step) bool {
	for _, i := range s.Blocks {
		if o.plan.Blocks[i].Runs() {
			return true
		}
	}
	return false
}

// ownEnd is the last line of a step before the steps inside of it.
func (o *printer) ownEnd(s *Step) int {
	for _, item := range s.Body {
		if item.Kind == StepItem {
			return o.plan.Steps[item.Index].Line - 1
		}
	}
	return s.End
}
