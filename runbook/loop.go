package runbook

import (
	"regexp"
	"strings"
)

var (
	overForm     = regexp.MustCompile(`(?i)\b(?:for|on) (?:each|every|all)(?: of)?\b ?[^.,:;]*|\b(?:all|each) (?:of )?(?:the )?(?:remaining|other)\b[^.,:;]*|\bone (?:\w+ )?at a time\b[^.,:;]*|\bserially\b`)
	repeatForm   = regexp.MustCompile(`(?i)\brepeat(?:ed)?\b[^.]*\b(?:for|on|until|with)\b[^.]*\b(?:each|every|all|other|remaining|next)\b|\brepeat (?:this|the|these)\b`)
	parallelForm = regexp.MustCompile(`(?i)\b(?:in parallel|simultaneously|at the same time|concurrently)\b`)
	batchForm    = regexp.MustCompile(`(?i)\b(?:batch(?:es)?|groups? of|a group|at most \d|no more than)\b`)
	serialForm   = regexp.MustCompile(`(?i)\b(?:one (?:\w+ )?at a time|serially|one by one|sequentially|in turn)\b`)
)

// loops finds steps that are done for each of many: those that repeat others, and those that say one at a time.
func (b *book) loops() {
	for i := range b.Steps {
		for _, s := range b.said(i) {
			repeats := repeatForm.MatchString(s.text)
			serial := serialForm.MatchString(s.text) || b.Steps[i].Kind == LoopStep && overForm.MatchString(s.text)
			if !repeats && !serial && !(batchForm.MatchString(s.text) && overList.MatchString(s.text)) {
				continue
			}
			b.addLoop(i, s)
			break
		}
	}
}

var overList = regexp.MustCompile(`(?i)\b(?:on|over|for) (?:a )?(?:group|batch)(?:es)? of\b`)

func (b *book) addLoop(i int, s sentence) {
	over := strings.TrimSpace(overForm.FindString(s.text))
	if over == "" {
		over = strings.TrimSuffix(s.text, ".")
	}
	mode := "serial"
	switch {
	case serialForm.MatchString(s.text):
	case parallelForm.MatchString(s.text):
		mode = "parallel"
	case batchForm.MatchString(s.text):
		mode = "batch"
	}
	index := len(b.Loops)
	b.Loops = append(b.Loops, Loop{Line: s.line, Over: over, Mode: mode, Body: b.Steps[i].Path})
	b.Steps[i].Loop = &index
	b.Steps[i].because("loop", "said to repeat", s.line)
}
