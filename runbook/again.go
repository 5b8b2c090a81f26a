package runbook

import (
	"slices"
	"strconv"
	"strings"
)

var (
	manyForm      = newForm(`\b(?:for|on|onto|with|to|in)\b[^.]*\b(?:each|every|all|other|others|remaining|rest|next)\b`)
	stepNumbers   = newForm(`\brepeat(?:ing)? (?:the )?(?:above |previous )?steps? (\d+)(?: ?(?:-|–|to|through|thru|until|and) ?(?:steps? )?(\d+))?\b`)
	stepsBefore   = newForm(`\b(?:previous|above|preceding|foregoing|these) (?:\w+ )?steps\b|\bsteps (?:above|before)\b`)
	oneStepBefore = newForm(`\b(?:previous|preceding|above) step\b`)
	ofSection     = newForm(`\b(?:steps|instructions|procedure|everything|commands) (?:in|of|from) this section\b|\brepeat(?:ing)? this section\b`)
	ofProcedure   = newForm(`\brepeat(?:ing)? (?:all of |the whole |the entire )?(?:this|the|the above|this whole|this entire) (?:\w+ )?(?:procedure|process|sequence|workflow)\b`)
)

// again are the steps that a step which orders others done again for each of many sends back to, none where that cannot be
// told, or where a loop around both goes over them already.
func (b *book) again(i int, s *sentence) []int {
	if !manyForm.in(s) || len(b.Steps[i].Blocks) > 0 || b.hasSteps(i) || b.linked(i, s) {
		return nil
	}
	var back []int
	switch before := b.siblingsBefore(i); {
	case stepNumbers.in(s):
		back = b.numbered(before, stepNumbers.FindStringSubmatch(s.plain))
	case ofSection.in(s):
		back = b.endedBy(i, false)
	case ofProcedure.in(s):
		back = b.endedBy(i, true)
	case oneStepBefore.in(s):
		back = before[max(0, len(before)-1):]
	case stepsBefore.in(s):
		back = before
	}
	if slices.ContainsFunc(back, func(step int) bool { return !b.asksForWork(step) || b.loopAround(step) || b.Steps[step].Routine }) {
		return nil
	}
	return back
}

// siblingsBefore are the steps before one in the body it stands in; none where there are more than words send back to.
func (b *book) siblingsBefore(i int) []int {
	parent := b.Steps[i].Parent
	siblings, known := b.children[parent]
	if !known {
		body := b.Root
		if parent >= 0 {
			body = b.Steps[parent].Body
		}
		for _, item := range body {
			if item.Kind == StepItem {
				siblings = append(siblings, item.Index)
			}
		}
		b.children[parent] = siblings
	}
	if at := slices.Index(siblings[:min(len(siblings), reach)], i); at >= 0 {
		return siblings[:at]
	}
	return nil
}

// numbered are those of several steps that have the numbers of a match, all of them or none.
func (b *book) numbered(steps []int, m []string) []int {
	first, _ := strconv.Atoi(m[1])
	last := first
	if m[2] != "" {
		last, _ = strconv.Atoi(m[2])
	}
	var found []int
	for _, step := range steps {
		path := b.Steps[step].Path
		if n, err := strconv.Atoi(path[strings.LastIndexByte(path, '/')+1:]); err == nil && n >= first && n <= last {
			found = append(found, step)
		}
	}
	if len(found) != last-first+1 {
		return nil
	}
	return found
}

// endedBy is the section around a step that ends with it: the innermost, or the outermost.
func (b *book) endedBy(i int, outermost bool) []int {
	var found []int
	for step := i; ; step = b.Steps[step].Parent {
		parent := b.Steps[step].Parent
		if parent < 0 || b.lastStep(parent) != step {
			return found
		}
		if b.sources[parent].section {
			if found = []int{parent}; !outermost {
				return found
			}
		}
	}
}

// lastStep is the last step directly in another, -1 if there is none.
func (b *book) lastStep(i int) int {
	body := b.Steps[i].Body
	for at := len(body) - 1; at >= 0; at-- {
		if body[at].Kind == StepItem {
			return body[at].Index
		}
	}
	return -1
}

// loopAround says whether a step stands in a loop.
func (b *book) loopAround(i int) bool {
	for step := i; step >= 0; step = b.Steps[step].Parent {
		if b.Steps[step].Kind == LoopStep {
			return true
		}
	}
	return false
}

// asksForWork says whether a step, or one inside it, is more than words.
func (b *book) asksForWork(i int) bool {
	return b.Steps[i].Kind != InfoStep || slices.ContainsFunc(b.Steps[i].Body, func(item Item) bool { return item.Kind == StepItem && b.asksForWork(item.Index) })
}
