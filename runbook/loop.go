package runbook

import (
	"strings"

	"gatewalk/runbook/doc"
)

var (
	overForm     = newForm(`\b(?:for|on|onto|to|from|of) (?:each|every|all)(?: of)?\b ?[^.,:;]*|\b(?:all|each) (?:of )?(?:the )?(?:remaining|other)\b[^.,:;]*|\bone (?:\w+ )?at a time\b[^.,:;]*|\bserially\b|\b(?:in|to|on|for) (?:a |the |small |next |limited )*(?:batch|group|subset|next)(?:es|s)?\b[^.,:;]*`)
	repeatForm   = newForm(`\brepeat(?:ed)?\b[^.]*\b(?:for|on|until|with)\b[^.]*\b(?:each|every|all|other|remaining|next)\b|\brepeat (?:this|the|these)\b`)
	parallelForm = newForm(`\b(?:in parallel|simultaneously|at the same time|concurrently)\b`)
	batchForm    = newForm(`\b(?:batch(?:es)?|groups? of|a group|in groups|at most \d|no more than|(?:limited|small) (?:subset|number))\b`)
	serialForm   = newForm(`\b(?:one (?:\w+ )?at a time|serially|one by one|sequentially)\b|\b(?:each|every|one)\b[^.]*\bin turn\b`)
	groupsForm   = newForm(`\b(?:on|over|for) (?:a )?(?:group|batch)(?:es)? of\b|\bin (?:small(?:er)? )?(?:batches|groups)\b`)
	eachForm     = newForm(`\b(?:for|on|onto|to|from) (?:each|every)(?: of the| of your)? \w`)
	perForm      = newForm(`\b(?:needs? to|must|should|has to|have to|is to) (?:now |then |also )?(?:be )?\w+[^.]*\b(?:for|on|onto|to|from) (?:each|every)(?: of the)? \w|\bof (?:each|every) \w+ (?:must|should|has to) be\b`)
	nextForm     = newForm(`\b(?:move|go|proceed|continue) (?:on )?(?:onto|to|with) the next (?:\w+ ){0,3}?(?:host|node|server|machine|member|pair|batch|instance|pool|cluster|system|site|region|zone)\b`)
	subsetForm   = newForm(`\bbefore (?:rolling|applying|deploying|upgrading|updating|doing)\b[^.]*\ball\b[^.]*\b(?:subset|few|single|small number)\b`)
	stagesForm   = newForm(`\bat (?:various|several|regular) (?:stages|points|intervals)\b`)
	purposeForm  = newForm(`^(?:in order )?to [^,]*, `)
	shownEach    = newForm(`\b(?:outputs?|commands?|results?|lists?|it) should (?:now |also |then )?(?:list|show|contain|display|report|print|include|look)\b|\b(?:determines?|specif(?:y|ies)|controls?|defines?|sets?) (?:whether|how|if)\b`)
	ofEach       = newForm(`\b(?:each|every) [\w-]+['’]s\b`)
	ofTheText    = newForm(`\b(?:each|every) (?:\d+|hours?|minutes?|days?|weeks?|of the following|step|command|time|section|line|of these|other)\b`)
)

// loops finds what is done for each of many: steps that repeat others, and what is said to be done for each, one at a
// time, in batches, or in parallel. What a command does for all of them by itself is none.
func (b *book) loops() {
	for i := range b.Steps {
		if b.sources[i].sentence {
			continue // its paragraph is asked where it stands
		}
		head := b.loopHead(i)
		if head != nil && head == b.titled(i) {
			b.addLoop(i, head, true)
		}
		if b.Steps[i].Kind == LoopStep && len(b.Steps[i].Blocks) > 0 && head == nil {
			head = b.eachOf(i)
		}
		for _, s := range b.wordsOfItsOwn(i) {
			if s == head || b.manyTimes(i, s) {
				b.addLoop(i, s, s == head)
			}
		}
	}
}

// manyTimes says whether a sentence of a step orders something for each of many.
func (b *book) manyTimes(i int, s *sentence) bool {
	switch {
	case shownEach.in(s):
		return false
	case repeatForm.in(s), serialForm.in(s), groupsForm.in(s), nextForm.in(s), subsetForm.in(s), stagesForm.in(s):
		return true
	case b.Steps[i].Kind == LoopStep && overForm.in(s):
		return true
	case ofTheText.in(s) || ofEach.in(s) || strongForm.in(s):
		return false
	case perForm.in(s):
		return true
	}
	return eachForm.in(s) && orderedForEach(s)
}

// orderedForEach says whether a sentence orders work for each of many, and not to look at all of them at once.
func orderedForEach(s *sentence) bool {
	rest := s.plain
	if purposeForm.in(s) {
		rest = purposeForm.ReplaceAllString(rest, "")
	}
	if !eachForm.MatchString(rest) {
		return false
	}
	for range 3 {
		if commandsForm.MatchString(rest) {
			return true
		}
		rest = leadClause.ReplaceAllString(rest, "")
	}
	return false
}

func (b *book) addLoop(i int, s *sentence, head bool) {
	loop := Loop{Line: s.line, Over: overOf(s), Mode: modeOf(s), Body: b.Steps[i].Path}
	for j := len(b.Loops) - 1; j >= 0 && b.Loops[j].Body == loop.Body; j-- {
		if near(b.Loops[j].Line, loop.Line, 3) && b.Loops[j].Mode == loop.Mode {
			return
		}
	}
	if b.Steps[i].Kind == LoopStep {
		loop.Again = b.again(i, s)
	}
	index := len(b.Loops)
	b.Loops = append(b.Loops, loop)
	if b.Steps[i].Loop == nil || head {
		b.Steps[i].Loop = &index
		b.Steps[i].because("loop", "said to repeat", s.line)
	}
}

// overOf is what a sentence says something is repeated over, and no more of it. Where it only says how, it is all there is to show.
func overOf(s *sentence) string {
	over := strings.TrimSpace(overForm.FindString(s.plain))
	if at := verdictForm.compiled().FindStringIndex(over); at != nil && !clauseForm.MatchString(over[:at[0]]) {
		over = over[:at[0]]
	}
	if before, after, ok := strings.Cut(over, " ("); ok && !strings.Contains(after, ")") {
		over = before
	}
	if len(strings.Fields(over)) < 3 {
		return strings.TrimRight(s.plain, ".:")
	}
	return over
}

// verdictForm is where a sentence goes on from what it speaks of to what it says.
var verdictForm = newForm(` (?:must|should|is|are|was|were|will|has|have|can|needs?) `)

// clauseForm is what it speaks of where a clause says which of them: "all cows that", "all cows where the bell".
var clauseForm = newForm(` (?:that|which)$| (?:where|whose) `)

func modeOf(s *sentence) string {
	switch {
	case serialForm.in(s):
		return "serial"
	case parallelForm.in(s):
		return "parallel"
	case batchForm.in(s):
		return "batch"
	}
	return "serial"
}

// bodyForm leads to what is done for each of many, right behind it.
var bodyForm = newForm(`^(?:then,? |next,? |now |finally,? )?(?:for|on|with) (?:each|every|all)\b[^.]*(?::$|, (?:then )?(?:perform|do|run|complete|execute|follow|repeat|carry out)\b)|\b(?:perform|do|run|complete|execute|repeat|follow|apply|carry out|performed|done|completed|executed|repeated|applied|carried out)\b[^.]*\b(?:steps?|procedures?|actions?|tasks?|instructions|commands|following|sub-?steps)\b[^.]*\b(?:for|on) (?:each|every|all)\b|\b(?:following|these|this) (?:steps?|procedures?|section|tasks?|actions?|commands?)\b[^.]*\b(?:must|should|needs? to|has to|have to) be\b[^.]*\b(?:for|on) (?:each|every|all)\b`)

// loopHead is the sentence that makes a step with steps inside a loop over them: it stands before the first of them, and
// says for each of what they are done. nil if the step is none.
func (b *book) loopHead(i int) *sentence {
	if !b.hasSteps(i) {
		return nil
	}
	if s := b.titled(i); b.sources[i].section && titleLoop.in(s) {
		return s
	}
	for _, n := range b.beforeSteps(i) {
		if n.Kind != doc.Paragraph {
			continue
		}
		if s := b.loopLead(n); s != nil {
			return s
		}
	}
	return nil
}

// loopLead is the sentence of a paragraph that leads to what is done for each of many, nil if none does.
func (b *book) loopLead(n *doc.Node) *sentence {
	for _, s := range b.sentences(n) {
		if bodyForm.in(s) && !leaving.in(s) && !repeatsBefore.in(s) {
			return s
		}
	}
	return nil
}

func (b *book) leadsLoop(n *doc.Node) bool { return n.Kind == doc.Paragraph && b.loopLead(n) != nil }

var (
	titleLoop     = newForm(`^(?:for|on) (?:each|every)\b|\b(?:for|on) (?:each|every) [\w ]+$`)
	repeatsBefore = newForm(`^(?:then |next,? )?(?:repeat|re-?do)\b|(?:^|\b(?:perform|do|run|complete|execute|follow|apply|carry out) )(?:all (?:of )?)?(?:the |these )?(?:previous|above|preceding) (?:[\w-]+ )?(?:steps?|procedures?|section)\b`)
)

// beforeSteps are the nodes of a step that stand before the first step inside it.
func (b *book) beforeSteps(i int) []*doc.Node {
	var nodes []*doc.Node
	for _, item := range b.Steps[i].Body {
		switch {
		case item.Kind == StepItem && !b.sources[item.Index].toggles:
			return nodes
		case item.Kind == ProseItem:
			nodes = append(nodes, item.Prose)
		}
	}
	return nil
}
