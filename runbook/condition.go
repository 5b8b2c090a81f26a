package runbook

import (
	"strings"

	"gatewalk/runbook/doc"
)

// outcome is what a document says must be so in what a block shows.
type outcome struct {
	text string
	line int
	rule string
	// makes says whether the words make a check of a block that only looks: they speak of what is shown, and of what it must be.
	makes bool
	// points says whether the words only point to the sample behind them.
	points bool
}

// stateWords end what is said of things that are as they should be.
const stateWords = `ready|healthy|complete\w*|done|finished|success\w*|up|running|ok|okay|fine|good|normal|in sync|synced|synchroni[sz]ed|active|available|operational|online|working|restored|joined|correct\w*|valid|in place|functional|mounted|passed|converged|caught up|empty|considered \w+`

var (
	conditionForm = newForm(`\b(?:should|must|will|expected|desired value|needs? to) (?:now |all |then |also )?(?:be|show|list|have|report|return|read|say|look|contain|display|equal|match|reflect|include|succeed|complete|exist|finish|pass|respond|answer|join|remain|disappear|see|indicate|appear|turn|become|change to|transition|go to)\b|\bthe desired value\b|\bthere should be\b|\b(?:is|are) expected\b|\bexpected (?:output|value|result)\b|^expect(?:ed|ation)?: |^require (?:that|every|each|all|both|the|no|at|exactly) |\bon success\b|\bif successful\b`)
	resultForm    = newForm(`\b(?:outputs?|results?|status|state|responses?|commands?|values?|it|all|each|every|nodes?|pods?|services?|packages?|types?|sizes?|versions?|columns?|lists?|tables?|counts?|members?|hosts?|volumes?|disks?|instances?|jobs?|replicas?|containers?|clusters?|entries|rows?)\b`)
	advice        = newForm(`\b(?:should|must) be (?:run|executed|performed|used|done|replaced|set|restored|restarted|changed|edited|followed|installed|left|kept|entered|taken)\b`)
	obligedForm   = newForm(`\b(?:should|must|expected)\b`)
	futureForm    = newForm(`\bwill\b`)
	shownWill     = newForm(`\b(?:outputs?|results?|responses?|status|state|columns?|fields?|values?|counts?|phase|health)\b[^.]*\bwill\b|^you will (?:see|get|find|notice)\b`)
	// noOutcome says what will happen besides, or what something will be called or used for.
	noOutcome = newForm(`^(?:this|that|these|it) (?:means?|indicates?)\b|\b(?:where|what|how|who) [^.,]*\b(?:should|must|will)\b|\bwill also\b|\b(?:will|would|may|might) (?:be )?(?:logs?|logged|need(?:ed)?|take|have to|used|called)\b|\bwill be (?:the|an?|our|your)\b|^(?:or[ ,]|alternatively)`)
	// tellsState says what is to be made of what is shown: "if both answer, the pair is healthy".
	tellsState = newForm(`^(?:when|once|as soon as|after) [^,]+, (?:then )?[^.]*\b(?:becomes?|turns?|changes? to|goes to|switches to)\b|^(?:if|when|once|as soon as|after) [^,]+, (?:then )?(?:[^,.]* )?(?:is|are|was|were|has|have|means|indicates)\b[^.]*\b(?:` + stateWords + `)\b|\b(?:indicates?|means|confirms|implies|refers? to|(?:is|are) (?:also )?an? (?:\w+ )?(?:indication|sign|proof))\b[^.]*\b(?:` + stateWords + `)\b|^(?:here,? )?(?:we|you) (?:can )?(?:now )?see [^.,]{0,40}\bthat\b|\b(?:is|are) (?:\w+ly |now |considered )*[^.,]* (?:if|when|once) (?:the|its|it|all|both|each|every|no) (?:outputs?|responses?|results?|status|state|commands?|[^.,]*\b(?:is|are|says?|shows?|includes?|reads?|equals?))\b`)
	// mayGoOn says when the work may go on.
	mayGoOn = newForm(`^(?:once|when|as soon as) [^,]*\b(?:is|are|has|have|shows?|says?|reports?)\b[^,]*,? (?:you|we) (?:can|may)\b|^(?:if|when|once|as soon as|after|only (?:if|when|once|after)) [^,]+, (?:then )?(?:(?:you|we) (?:can |may |are |should )?|it is |it['’]s )?(?:now |then |safe(?:ly)? |to |able to |ready to )*(?:proceed|continue|go on|move on|carry on|done|finished|good to go)\b|\b(?:proceed|continue|go on|move on)\b[^.]* (?:once|only (?:if|when|after)|as soon as|when|after) |\b(?:do not|don['’]t|never) (?:proceed|continue|go on|move on|start)\b[^.]*\b(?:until|before|unless|if|while)\b`)
	// pointsForm only points to a sample: "you should see something like this:".
	pointsForm = newForm(`\b(?:similar|like|follow\w*|this|below)(?: (?:the following|this|below|output|example|one|to|that))*:?$`)
)

// mustHold says whether a sentence says what must be so.
func mustHold(s *sentence) bool {
	return conditionForm.in(s) && !advice.in(s) && !commanded(s) && !noOutcome.in(s)
}

// binds says whether what must hold is more than a remark on what will come: it is obliged, or said of what is shown.
func binds(s *sentence) bool { return !futureForm.in(s) || obligedForm.in(s) || shownWill.in(s) }

// means says whether a sentence tells what to make of what is shown.
func means(s *sentence) bool {
	return mayGoOn.in(s) || tellsState.in(s) && !commanded(s) && !noOutcome.in(s)
}

// conditionAfter is what the words after a block, and after its sample output, say must be so.
func (b *book) conditionAfter(block *Block, p *place) outcome {
	pointer := outcome{}
	for i := p.at + 1; i < len(p.among); i++ {
		n := p.among[i]
		if n.Kind == doc.Code && !b.runsAt(n) {
			continue
		}
		if n.Kind != doc.Paragraph || b.leadsToLook(n) {
			break
		}
		shows := i+1 < len(p.among) && p.among[i+1].Kind == doc.Code
		c := b.conditionIn(b.saidOf(n, p.among[i+1:]), shows, block.Verify)
		c.rule = "condition after it"
		switch {
		case c.text == "" && (b.leadsOn(p.among[i+1:]) || block.Verify && !shows):
			return pointer
		case c.points && pointer.text == "":
			pointer = c
		case c.text != "" && !c.points:
			return c
		}
	}
	return pointer
}

// leadsOn says whether what comes next runs.
func (b *book) leadsOn(next []*doc.Node) bool {
	return len(next) > 0 && next[0].Kind == doc.Code && b.runsAt(next[0])
}

// saidOf are the sentences of a paragraph behind a block that may speak of it: not the one that leads to what runs next.
func (b *book) saidOf(n *doc.Node, next []*doc.Node) []*sentence {
	all := b.sentences(n)
	if !b.leadsOn(next) || len(all) == 0 {
		return all
	}
	if last := all[len(all)-1]; !mustHold(last) && (strings.HasSuffix(last.plain, ":") || commanded(last)) {
		return all[:len(all)-1]
	}
	return all
}

// exactForm says that what is shown is what must come.
var exactForm = newForm(`\bexpected (?:output|result|response) (?:is|should be|will be)\b|^expected (?:output|result|response):?$`)

// conditionIn is what sentences say must be so, from the first that does to the end. For a check, it may also be
// what is to be made of what is shown.
func (b *book) conditionIn(all []*sentence, shows, check bool) outcome {
	for i, s := range all {
		last := all[len(all)-1]
		if s == last && shows && (sampleIntro.in(s) || exactForm.in(s)) {
			break
		}
		if noOutcome.in(s) && loggedForm.in(s) {
			break
		}
		is := mustHold(s)
		if makes := is && resultForm.in(s); makes && !check || check && (is && binds(s) || means(s)) {
			return outcome{text: untilExample(all[i:]), line: s.line, makes: makes, points: s == last && shows && pointsForm.in(s)}
		}
	}
	return outcome{}
}

// untilExample is what sentences say, without the words that only lead to an example of it.
func untilExample(all []*sentence) string {
	if last := all[len(all)-1]; len(all) > 1 && (exampleOf.in(last) || sampleIntro.in(last)) {
		all = all[:len(all)-1]
	}
	return together(all)
}

// lookAhead leads to a command that shows what the words before it speak of: "use the following command to see its size:".
var lookAhead = newForm(`\b(?:use|run|execute|enter|issue)\b[^.]*\bto (?:view|see|show|check|verify|display|list|confirm|find out|determine)\b[^.]*\b(?:it|its|this|that|these|them|their)\b[^.]*:$`)

// leadsToLook says whether a paragraph speaks of what the block behind it shows, and of no block before it.
func (b *book) leadsToLook(n *doc.Node) bool {
	all := b.sentences(n)
	return len(all) > 1 && lookAhead.in(all[len(all)-1]) && !exampleOf.in(all[len(all)-1])
}

// conditionBefore is what the words that lead to a block say must be so in what it shows.
func (b *book) conditionBefore(block *Block, p *place) outcome {
	n := b.introNode(p)
	if n == nil || n.Kind != doc.Paragraph || !block.Verify && !b.leadsToLook(n) {
		return outcome{}
	}
	all := b.sentences(n)
	for i, s := range all {
		is := mustHold(s) && !b.claimed[s.line]
		if makes := is && resultForm.in(s) && b.leadsToLook(n); makes && !block.Verify || block.Verify && (is && binds(s) || means(s)) {
			return outcome{text: untilOrder(all[i:]), line: s.line, rule: "condition before it", makes: makes}
		}
	}
	return outcome{}
}

// untilOrder is what sentences say, without the last where that only leads to a command.
func untilOrder(all []*sentence) string {
	if last := all[len(all)-1]; len(all) > 1 && !mustHold(last) && !means(last) && strings.HasSuffix(last.plain, ":") {
		all = all[:len(all)-1]
	}
	return together(all)
}

// together is what sentences say.
func together(all []*sentence) string {
	parts := make([]string, len(all))
	for i, s := range all {
		parts[i] = s.plain
	}
	return strings.TrimSuffix(strings.Join(parts, " "), ":")
}
