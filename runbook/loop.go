package runbook

import (
	"strings"
)

var (
	overForm     = newForm(`\b(?:for|on) (?:each|every|all)(?: of)?\b ?[^.,:;]*|\b(?:all|each) (?:of )?(?:the )?(?:remaining|other)\b[^.,:;]*|\bone (?:\w+ )?at a time\b[^.,:;]*|\bserially\b`)
	repeatForm   = newForm(`\brepeat(?:ed)?\b[^.]*\b(?:for|on|until|with)\b[^.]*\b(?:each|every|all|other|remaining|next)\b|\brepeat (?:this|the|these)\b`)
	parallelForm = newForm(`\b(?:in parallel|simultaneously|at the same time|concurrently)\b`)
	batchForm    = newForm(`\b(?:batch(?:es)?|groups? of|a group|at most \d|no more than)\b`)
	serialForm   = newForm(`\b(?:one (?:\w+ )?at a time|serially|one by one|sequentially|in turn)\b`)
)

// loops finds steps that are done for each of many: those that repeat others, and those that say one at a time.
func (b *book) loops() {
	for i := range b.Steps {
		for _, s := range b.ownWords(i) {
			repeats := repeatForm.in(s)
			serial := serialForm.in(s) || b.Steps[i].Kind == LoopStep && overForm.in(s)
			if !repeats && !serial && !(batchForm.in(s) && overList.in(s)) {
				continue
			}
			b.addLoop(i, s)
			break
		}
	}
}

var overList = newForm(`\b(?:on|over|for) (?:a )?(?:group|batch)(?:es)? of\b`)

func (b *book) addLoop(i int, s *sentence) {
	over := strings.TrimSpace(overForm.FindString(s.plain))
	if over == "" {
		over = strings.TrimSuffix(s.plain, ".")
	}
	mode := "serial"
	switch {
	case serialForm.in(s):
	case parallelForm.in(s):
		mode = "parallel"
	case batchForm.in(s):
		mode = "batch"
	}
	index := len(b.Loops)
	b.Loops = append(b.Loops, Loop{Line: s.line, Over: over, Mode: mode, Body: b.Steps[i].Path})
	b.Steps[i].Loop = &index
	b.Steps[i].because("loop", "said to repeat", s.line)
}
