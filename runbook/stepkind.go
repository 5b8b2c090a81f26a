package runbook

import (
	"slices"

	"gatewalk/runbook/doc"
)

var (
	verifyStart = newForm(`^(?:then |next,? |now |finally,? )?(?:verify|check|confirm|validate|make sure|monitor|watch|wait (?:for|until))\b`)
	verifyAim   = newForm(`\bto (?:verify|confirm|check|ensure|validate) (?:that|if|whether)\b`)
	ensureStart = newForm(`^ensure\b`)
	repeatStart = newForm(`^(?:repeat|re-?do)\b`)
	verifyThen  = newForm(`\b(?:and|then) (?:verify|check|confirm|validate)\b`)
)

// stepKinds says what each step asks for: by its blocks, else by what is inside it, else by its words.
func (b *book) stepKinds() {
	for i := range b.Steps {
		kind, rule := b.stepKind(i)
		b.Steps[i].Kind = kind
		b.Steps[i].because("kind", rule, b.Steps[i].Line)
	}
}

func (b *book) stepKind(i int) (StepKind, string) {
	step := &b.Steps[i]
	runs := 0
	for _, block := range step.Blocks {
		if b.Blocks[block].Runs() {
			runs++
		}
	}
	switch {
	case step.Differs != nil && runs == 0 && step.Differs.Kind == LeftOut:
		return InfoStep, "leaves out a part of another procedure"
	case runs > 0 && b.eachOf(i) != nil:
		return LoopStep, "its commands are run for each"
	case runs > 0 && b.verifying(i):
		return VerifyStep, "begins with a verb of checking"
	case runs > 0:
		return CommandStep, "has commands"
	case b.sendsWithDifferences(i) != nil:
		return RefStep, "sends elsewhere, with differences"
	case b.loopHead(i) != nil:
		return LoopStep, "its steps are done for each"
	case b.hasSteps(i) && b.leadsElsewhere(i):
		return RefStep, "sends elsewhere"
	case b.hasSteps(i):
		return InfoStep, "holds other steps"
	case b.sources[i].node.Kind == doc.Note:
		return ManualStep, "a note that carries work"
	case b.repeats(i):
		return LoopStep, "repeats other steps"
	case b.refersOn(i):
		return RefStep, "sends elsewhere"
	case b.ordersCheck(i) || b.says(i, verifyThen):
		return VerifyStep, "begins with a verb of checking"
	case b.saidFirst(i):
		return ManualStep, "words tell what has to be done"
	case b.sources[i].toggles && b.says(i, insteadForm):
		return ManualStep, "another way, in words"
	case !commanded(b.titled(i)) && !b.ordersItem(i) && !b.acts(i) && !b.hasFile(step):
		return InfoStep, "orders nothing"
	}
	return ManualStep, "no command"
}

// ordersCheck says whether a step's title begins with a verb of checking, be it behind a condition.
func (b *book) ordersCheck(i int) bool {
	title := b.Steps[i].Title
	if leadClause.MatchString(title) {
		title = leadClause.ReplaceAllString(title, "")
	}
	return verifyStart.MatchString(title) || ensureStart.MatchString(title)
}

// ordersItem says whether an item of a list begins with an order by its shape. (A heading that looks like one may be a name.)
func (b *book) ordersItem(i int) bool {
	lead := b.lead(i)
	return !b.sources[i].section && len(lead) > 0 && orders(lead[0])
}

// leadsElsewhere says whether an item with steps inside begins by sending the operator through another procedure.
func (b *book) leadsElsewhere(i int) bool {
	lead := b.lead(i)
	return !b.sources[i].section && len(lead) > 0 && followForm.in(lead[0]) && b.linked(i, lead[0])
}

var followForm = newForm(`^(?:follow|perform|complete|execute|carry out) (?:all )?(?:of )?(?:the )?(?:steps?|procedures?|instructions?)\b`)

func (b *book) hasSteps(i int) bool {
	for _, item := range b.Steps[i].Body {
		if item.Kind == StepItem && !b.sources[item.Index].toggles {
			return true
		}
	}
	return false
}

// hasFile says whether a step shows what is to be placed in a file.
func (b *book) hasFile(step *Step) bool {
	return slices.ContainsFunc(step.Blocks, func(i int) bool { return b.Blocks[i].Kind == File })
}

// verifying says whether a step with commands is there to look.
func (b *book) verifying(i int) bool {
	lead := b.lead(i)
	if len(lead) == 0 {
		return false
	}
	first := lead[0]
	if verifyStart.in(first) || verifyAim.in(first) {
		return true
	}
	return ensureStart.in(first) && b.onlyLooks(i)
}

func (b *book) onlyLooks(i int) bool {
	for _, block := range b.Steps[i].Blocks {
		if b.Blocks[block].Runs() && !b.places[block].snippet.Looks() {
			return false
		}
	}
	return true
}

// titled is a step's title as a sentence.
func (b *book) titled(i int) *sentence { return b.title(i)[0] }

func (b *book) title(i int) []*sentence {
	o := &b.sources[i]
	if o.title == nil {
		o.title = []*sentence{newSentence(b.Steps[i].Title, b.Steps[i].Line)}
	}
	return o.title
}

// lead is what a step says first: an item's first paragraph, a section's title.
func (b *book) lead(i int) []*sentence {
	o := &b.sources[i]
	if o.section {
		return b.title(i)
	}
	for _, n := range o.inside {
		if n.Kind == doc.Paragraph {
			return b.sentences(n)
		}
		if n.Kind == doc.Code {
			break
		}
	}
	return nil
}

// ownWords is all that a step says in its own words, its title included, but not what the steps inside it say.
func (b *book) ownWords(i int) []*sentence {
	o := &b.sources[i]
	var all []*sentence
	if o.section {
		all = b.title(i)
	}
	for _, n := range o.inside {
		if n.Kind == doc.Paragraph || n.Kind == doc.Note || n.Kind == doc.Quote {
			all = with(all, b.sentences(n))
		}
	}
	return all
}

func (b *book) says(i int, form *form) bool {
	_, ok := find(b.ownWords(i), form)
	return ok
}

func (b *book) acts(i int) bool {
	for _, s := range b.ownWords(i) {
		if commanded(s) || mustForm.in(s) || obliged.in(s) {
			return true
		}
	}
	return false
}

// repeats says whether a step without commands orders others done again, or something done for each of many.
func (b *book) repeats(i int) bool {
	if len(b.Steps[i].Blocks) > 0 {
		return false
	}
	return repeatStart.MatchString(b.Steps[i].Title) || b.sources[i].toggles && b.says(i, forMany)
}

var forMany = newForm(`\b(?:for|on) (?:each|every|all)(?: of)?(?: the)?(?: other| remaining)? [\w-]+(?: [\w-]+)? (?:where|that|which|whose)\b`)
