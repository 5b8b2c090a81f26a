package runbook

import (
	"regexp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	strongForm = newForm(`^(?:` + leadWords + `)*(?:(?:re-?|double[- ])?(?:verify|check)|confirm|validate)\b|\b(?:and|then|,|;) (?:verify|check|confirm|validate) (?:that |if |whether |they |it |the |all )|\bto (?:verify|confirm|check|validate) (?:that|if|whether)\b|^to (?:verify|confirm|validate|double-check)\b|\b(?:commands?|scripts?|steps?|quer(?:y|ies))\b[^.]*\b(?:to|that|which) (?:verify|check|confirm|validate)\b|\b(?:verify|confirm|check|validate) that\b|\b(?:easy|quick|simple) check\b|\b(?:one|another) (?:test|check|indication) (?:of|that|for|whether)\b|^(?:` + leadWords + `)*(?:find|see|observe) that\b|^consider (?:checking|verifying|confirming)\b|, to (?:verify|check|confirm|validate)(?: (?:this|that|it|so))?,? (?:use|run)\b` +
		`|^(?:query|list|inspect|look at|view|show|display|read)\b[^.]* to (?:make sure|ensure|verify|confirm)\b|^(?:verifying|verification|health checks?)(?: (?:the|of|that) [\w -]+)?$` +
		`|\b(?:can|may|should|could|must) (?:be able to )?(?:now |also |then |\w+ly )?(?:verify|check|confirm|validate)\b|\bway to (?:find|see|tell|check|know|verify)\b[^.]*\b(?:if|whether|that)\b` +
		`|\b(?:perform|run|do|execute|carry out)\b[^.]*\b(?:health|status|sanity|smoke) (?:checks?|tests?)\b|\b(?:verifying|checking|confirming|validating) (?:that|if|whether)\b[^,]*\b(?:as follows|by \w+ing)\b`)
	trialForm  = newForm(`\b(?:check|dry[- ]run|simulat\w+|preview|no-?op)["'”]? mode\b|\bdry[- ]run\b|\bsee what (?:\w+ )?would (?:be|change|happen)\b|\bwithout (?:changing|applying) anything\b`)
	shownForm  = newForm(`\b(?:verify|check|confirm|make sure)\b[^.]*\b(?:in|from) (?:the|its|this) output\b|\bin (?:the|its|this) output\b[^.]*\b(?:verify|check|confirm|make sure)\b`)
	soughtForm = newForm(`^(?:` + leadWords + `)*(?:get|see|view|show|display|query|look at) (?:the |its |their )?(?:current |overall )?(?:status|state|health|progress)\b|^to (?:see|show|view|display|identify|find out|tell|determine)\b[^.]*\b(?:which|whether|if|status|state|details|progress|settings|being|will be)\b` +
		`|^you(?:'ll| will| should| can)(?: now| then| also)? see (?:that |the |all |each |both |your )[^.]*:?$` +
		`|\b(?:types?|sizes?|versions?|outputs?|values?|status|state|nodes?|pods?|services?)\b[^.,;]{0,40} (?:must|should) (?:all |both )?(?:be|equal|match)\b|\bcommands?\b[^.]* to (?:ensure|make sure)\b|^the (?:[\w|-]+ ){1,4}should (?:now |then |also )?(?:display|show|list|report|contain|include)\b|\b(?:run|use|execute|issue)\b[^.]*,? to (?:display|show|see|view|follow|track) (?:the |its |their )?[^.]*\b(?:progress|percentage|status|state)\b|\bcan be (?:observed|seen) that\b|\b(?:is|are) now (?:running|up|ready|online|healthy)\b|\b(?:not yet|yet to) (?:be|reach|reached|become)\b|\bshould (?:now|also now|then) (?:be|show|have|list|report|contain|appear|see|find)\b|\bshould (?:be|become) (?:visible|listed|shown|present|available|ready|online)\b[^.]*:$|\bwill (?:then |now )?(?:show|have|be in) (?:an? |the )?["'” “]?\w+["'”“]? (?:status|state)\b`)
	waitsForm     = newForm(`^(?:` + leadWords + `)*(?:ensure|make sure|monitor|watch|wait (?:for|until|till|while))\b|\bneed to (?:ensure|make sure|wait|check|verify)\b|\b(?:you can|to) (?:find out|see|tell|determine|track|observe)\b[^.]*\b(?:which|whether|if|when|progress|status|number)\b`)
	careForm      = newForm(`\b(?:make|be) sure (?:not )?to\b|\b(?:correct|right|appropriate)\b|\b(?:is|are) (?:used|set|replaced|specified|included|followed|chosen)\b`)
	provesForm    = newForm(`^(?:this|that|it) (?:confirms|verifies|proves|shows|indicates) that\b`)
	endsForm      = newForm(`^to (?:verify|confirm|check|validate|ensure|see) (?:that|if|whether|the)\b`)
	orForm        = newForm(`^(?:or|alternatively|or else|or alternatively)[,:]?$`)
	weakForm      = newForm(`^(?:` + leadWords + `)*(?:ensure|make sure|monitor|watch|review|test|compare|wait (?:for|until)|(?:show|display|view|query) (?:the |its |their )?[^.,]*\b(?:status|state|health|progress))\b|^(?:is |are |does |has |have |did ).*\?$`)
	conditionForm = newForm(`\b(?:should|must|will|expected|desired value|needs? to) (?:now |all |then |also )?(?:be|show|list|have|report|return|read|say|look|contain|display|equal|match|see|indicate|appear|turn|become|change to|transition|go to)\b|\bthe desired value\b|\bthere should be\b|\b(?:is|are) expected\b|\bexpected (?:output|value|result)\b|\bon success\b|\bif successful\b`)
	resultForm    = newForm(`\b(?:outputs?|results?|status|state|responses?|commands?|values?|it|all|each|every|nodes?|pods?|services?|packages?|types?|sizes?|versions?)\b`)
	advice        = newForm(`\b(?:should|must) be (?:run|executed|performed|used|done|replaced|set|restored|restarted|changed|edited|followed|installed|left|kept|entered|taken)\b`)
)

const leadWords = `please |let['’]s |let us |now |then |next,? |finally,? |also |again,? |once [^,]*, |after [^,]*, |when [^,]*, |from [^,]*, |on [^,]*, |in [^,]*, `

// verifications finds what only looks whether something is so, and the condition in the document's words.
func (b *book) verifications() {
	checked := map[string]int{}
	b.each(func(block *Block, p *place) {
		condition, conditionLine := b.condition(p)
		if condition == "" {
			condition, conditionLine = b.conditionBefore(p)
		}
		if s, ok := b.orderToCheck(p); ok && p.snippet.Disrupts() == "" && p.snippet.Moves() == "" {
			block.Verify = true
			block.because("verify", "told to check", s.line)
			block.Expect = s.plain
			block.because("expect", "what is to be checked", s.line)
		} else if condition != "" && p.snippet.Looks() && len(p.snippet.Sets) == 0 && !onlyAssigns(p) {
			block.Verify = true
			block.because("verify", "condition after it", conditionLine)
		} else if line, ok := b.otherCheck(p); ok {
			block.Verify = true
			block.because("verify", "another way to check", line)
		} else if line, ok := checked[p.text]; ok && mayLook(p) && !b.collects(b.introNode(p)) {
			block.Verify = true
			block.because("verify", "checked so before", line)
		}
		if block.Verify {
			checked[p.text] = block.Line
		}
		if condition != "" {
			block.Expect = condition
			block.because("expect", "condition after it", conditionLine)
		}
		b.propose(block, p)
	})
}

// orderToCheck is a sentence that tells the operator to check, in the words before the block or at the head of its step.
func (b *book) orderToCheck(p *place) (*sentence, bool) {
	intro := b.introNode(p)
	if intro != nil {
		said := b.sentences(intro)
		if s, ok := find(said, strongForm); ok && (s == said[len(said)-1] || !changesLast.in(said[len(said)-1])) {
			return s, true
		}
		if s, ok := b.orderToLook(p, intro); ok {
			return s, true
		}
	}
	if s, ok := b.checkedInOutput(p); ok {
		return s, true
	}
	if why := p.snippet.Checks(); why != "" && p.snippet.Looks() && !b.collects(intro) {
		return newSentence("command "+firstWords(why), p.node.Line), true
	}
	if p.step < 0 || b.laterBlock(p) || strings.HasPrefix(p.snippet.Asks(), "ssh ") {
		return nil, false
	}
	head := b.headed(p.step)
	lead := b.lead(head)
	if s, ok := find(first(lead), weakForm); ok && p.snippet.Looks() {
		return s, true
	}
	if s, ok := find(first(lead), waitsForm); ok && mayLook(p) && !careForm.in(s) {
		return s, true
	}
	if b.sources[head].section && intro != nil && !p.snippet.Looks() {
		return nil, false
	}
	if s, ok := find(lead[:min(len(lead), 4)], strongForm); ok {
		return s, true
	}
	return b.checkAround(head, lead, p)
}

// checkAround is an order to check at the head of the item around a step that itself orders no more than a run.
func (b *book) checkAround(head int, lead []*sentence, p *place) (*sentence, bool) {
	around := b.Steps[head].Parent
	if around < 0 || b.sources[head].section || b.sources[around].section || len(lead) == 0 || !p.snippet.Looks() || (commanded(lead[0]) || orders(lead[0])) && !onlyRuns(lead) {
		return nil, false
	}
	for _, s := range first(b.lead(around)) {
		if strongForm.in(s) || waitsForm.in(s) || soughtForm.in(s) {
			return s, true
		}
	}
	return nil, false
}

// changesLast orders a change, whatever was to be checked before.
var changesLast = newForm(`^(?:` + leadWords + `)*(?:update|upgrade|delete|remove|restart|reboot|install|apply|stop|deploy|drain|migrate|move|switch|promote|relocate)\b`)

// collectForm orders to find out what later commands need.
var collectForm = newForm(`^(?:` + leadWords + `)*(?:identify|find|get|gather|list|note|obtain|record|collect|retrieve|look up)\b`)

// collects says whether the words right before a block want it for what it prints, not for whether all is well.
func (b *book) collects(intro *doc.Node) bool {
	if intro == nil {
		return false
	}
	_, ok := find(b.sentences(intro), collectForm)
	return ok
}

// orderToLook is a milder sentence before a block: it makes a check of what looks, or only tries.
func (b *book) orderToLook(p *place, intro *doc.Node) (*sentence, bool) {
	said := b.sentences(intro)
	if s, ok := find(said, trialForm); ok && b.orderedTrial(p) {
		return s, true
	}
	if s, ok := find(slices.Concat(said, b.beforeLabel(p, intro)), waitsForm); ok && mayLook(p) && !careForm.in(s) {
		return s, true
	}
	if !p.snippet.Looks() {
		return nil, false
	}
	if s, ok := find(first(said), weakForm); ok {
		return s, true
	}
	if len(p.snippet.Sets) > 0 || onlyAssigns(p) {
		return nil, false
	}
	last := said[max(0, len(said)-1):]
	if s, ok := find(last, outcomeForm); ok {
		return s, true
	} else if _, ok := find(last, bringsAbout); ok && !soughtForm.in(last[0]) {
		return nil, false
	}
	return find(slices.Concat(b.beforeExample(p, intro), said), soughtForm)
}

// bringsAbout says what a block is run for, where that is to bring something about.
var bringsAbout = newForm(`^to (?:trigger|start|begin|initiate|` + actions + `)\b`)

// outcomeForm says, right before a look, what should be so by now: "every door should close again:".
var outcomeForm = newForm(`\b(?:the|its|their|this|all|each|every|these|both|any|no|your) (?:[\w/|-]+ ){1,4}(?:should|must) (?:\w+ly |now |then |also |all |not |no longer )*(\w+)`).where(func(s *sentence, _ []string) bool {
	return !advice.in(s) && !actorForm.in(s)
})

// actorForm says what people should do.
var actorForm = newForm(`\b(?:you|we|users?|administrators?|admins?|operators?|engineers?|team) (?:should|must)\b|\b(?:should|must) be (?:\w+ly )?(?:\w+ed|run|done|set|taken|given|kept)\b`)

// mayLook says whether nothing is known of a block by which it does more than look.
func mayLook(p *place) bool {
	return p.snippet.Parsed && p.snippet.Changes() == "" && len(p.snippet.Sets) == 0 && !onlyAssigns(p)
}

// otherCheck says whether a block is only given as another way, "or", of the check before it, or as more of it with no word between them.
func (b *book) otherCheck(p *place) (int, bool) {
	before := b.indexOf(p) - 1
	n := b.introNode(p)
	if n == nil && before >= 0 && p.at > 0 && b.places[before].node == p.among[p.at-1] {
		return b.Blocks[before].Line, b.Blocks[before].Verify && p.snippet.Looks() && len(p.snippet.Sets) == 0 && !onlyAssigns(p)
	}
	if n == nil || n.Kind != doc.Paragraph || !orForm.MatchString(b.words(n)) {
		return 0, false
	}
	return n.Line, before >= 0 && b.Blocks[before].Verify && b.headed(b.places[before].step) == b.headed(p.step)
}

// beforeExample is what stands before an introduction that is no more than "For example".
func (b *book) beforeExample(p *place, intro *doc.Node) []*sentence {
	at := slices.Index(p.among, intro) - 1
	if at < 0 || !exampleOnly.MatchString(b.words(intro)) || p.among[at].Kind != doc.Paragraph {
		return nil
	}
	return b.sentences(p.among[at])
}

// labelForm is no sentence but a name for what follows: "Pool status:".
var labelForm = newForm(`^(?:[\w-]+ ){0,2}[\w-]+:$`)

// beforeLabel is what stands before an introduction that only names what follows.
func (b *book) beforeLabel(p *place, intro *doc.Node) []*sentence {
	at := slices.Index(p.among, intro) - 1
	if at < 0 || !labelForm.MatchString(b.words(intro)) || p.among[at].Kind != doc.Paragraph && p.among[at].Kind != doc.Note {
		return nil
	}
	return b.sentences(p.among[at])
}

// orderedTrial says whether a block is told to be a trial run, and its command asks for one.
func (b *book) orderedTrial(p *place) bool {
	n := b.introNode(p)
	if n == nil || !strings.Contains(p.text, " -") || !trialFlag().MatchString(p.text) {
		return false
	}
	_, ok := find(b.sentences(n), trialForm)
	return ok
}

var trialFlag = doc.Pattern(`\s--?(?:check|dry-?run|diff|simulate|noop|no-act|preview|what-?if)\b`)

// checkedInOutput is an order, right after a block, to check something in what it printed.
func (b *book) checkedInOutput(p *place) (*sentence, bool) {
	behind := b.behind(p)
	if s, ok := find(first(behind), provesForm); ok && mayLook(p) {
		return s, true
	}
	if s, ok := find(first(behind), endsForm); ok && p.among[p.at+1].Kind == doc.Paragraph && strings.HasPrefix(s.plain, "to ") { // the end of the sentence before the block
		return s, true
	}
	return find(behind, shownForm)
}

// behind is what is said right after a block, or after its sample output.
func (b *book) behind(p *place) []*sentence {
	for _, n := range p.among[p.at+1:] {
		if n.Kind == doc.Code && !b.runsAt(n) || n.Kind == doc.Paragraph && sampleIntro.MatchString(b.words(n)) {
			continue
		}
		if n.Kind == doc.Paragraph {
			return b.sentences(n)
		}
		break
	}
	return nil
}

// laterBlock says whether other commands stand before this one in its container: what the step said first was for them.
func (b *book) laterBlock(p *place) bool {
	for i := range p.at {
		if b.runsAt(p.among[i]) {
			return true
		}
	}
	return false
}

// runsAt says whether a node is a block that runs.
func (b *book) runsAt(n *doc.Node) bool {
	at, ok := b.blockAt[n]
	return ok && b.Blocks[at].Runs()
}

// condition is what the words after a block, and after its sample output, say must be so.
func (b *book) condition(p *place) (string, int) {
	for i := p.at + 1; i < len(p.among); i++ {
		n := p.among[i]
		if n.Kind == doc.Code {
			if b.runsAt(n) {
				return "", 0
			}
			continue
		}
		if n.Kind != doc.Paragraph || i+1 < len(p.among) && p.among[i+1].Kind == doc.Code && b.runsAt(p.among[i+1]) && !conditionForm.MatchString(b.words(n)) {
			return "", 0
		}
		if b.leadsToLook(n) {
			return "", 0
		}
		shows := i+1 < len(p.among) && p.among[i+1].Kind == doc.Code
		for _, s := range b.sentences(n) {
			if shows && (sampleIntro.in(s) || exactForm.in(s)) {
				continue
			}
			if conditionForm.in(s) && resultForm.in(s) && !advice.in(s) && !commanded(s) {
				return b.untilExample(n), s.line
			}
		}
	}
	return "", 0
}

// untilExample is what a paragraph says, without the words that only lead to an example of it.
func (b *book) untilExample(n *doc.Node) string {
	text := b.words(n)
	all := b.sentences(n)
	if last := all[len(all)-1]; len(all) > 1 && exampleOf.in(last) {
		text = strings.TrimSpace(strings.TrimSuffix(text, last.text))
	}
	return strings.TrimSuffix(text, ":")
}

// lookAhead leads to a command that shows what the words before it speak of: "use the following command to see its size:".
var lookAhead = newForm(`\b(?:use|run|execute|enter|issue)\b[^.]*\bto (?:view|see|show|check|verify|display|list|confirm|find out|determine)\b[^.]*\b(?:it|its|this|that|these|them|their)\b[^.]*:$`)

// leadsToLook says whether a paragraph speaks of what the block behind it shows, and of no block before it.
func (b *book) leadsToLook(n *doc.Node) bool {
	all := b.sentences(n)
	return len(all) > 1 && lookAhead.in(all[len(all)-1]) && !exampleOf.in(all[len(all)-1])
}

// conditionBefore is what the words that lead to a block say must be so in what it shows.
func (b *book) conditionBefore(p *place) (string, int) {
	n := b.introNode(p)
	if n == nil || n.Kind != doc.Paragraph || !b.leadsToLook(n) {
		return "", 0
	}
	for _, s := range b.sentences(n) {
		if conditionForm.in(s) && resultForm.in(s) && !advice.in(s) && !commanded(s) {
			return strings.TrimSuffix(s.plain, ":"), s.line
		}
	}
	return "", 0
}

// propose makes an expectation of what is shown, for the operator to adopt: a sample output only ever raises a flag.
func (b *book) propose(block *Block, p *place) {
	sample, exact := b.sampleOf(p)
	state := b.statedValue(block, p)
	if sample == "" && state == "" {
		return
	}
	block.Check = &Check{Sample: unpointed(sample), Regexp: state, Proposed: true}
	if line := strings.TrimSpace(unpointed(sample)); exact && !strings.Contains(line, "\n") {
		block.Check.Regexp = "^" + regexp.QuoteMeta(line) + "$"
		if block.Expect == "" {
			block.Expect = line
			block.because("expect", "expected output", p.node.Line)
		}
	}
}

// pointer is an arrow that an author drew behind a line of an output, with what is said of that line.
var pointer = doc.Pattern(`(?m)[ \t]+(?:<(?:-+|=+)|\x{2190}|\x{27F5}|\x{21D0})(?:[ \t].*)?$`)

// unpointed is an output without its author's arrows.
func unpointed(sample string) string { return pointer().ReplaceAllString(sample, "") }

var stateIs = newForm(`^\s*(?:\w+ )?(?:is|are|should be|must be|to be|=|equals|reads)\s*$`)

// statedValue makes a pattern of a condition that names a field and its value: "`state` should be `ready`".
func (b *book) statedValue(block *Block, p *place) string {
	if !block.Verify {
		return ""
	}
	for i := p.at + 1; i < len(p.among) && p.among[i].Kind == doc.Paragraph; i++ {
		spans := p.among[i].Spans
		for k := 2; k < len(spans); k++ {
			if spans[k].Style == doc.Literal && spans[k-2].Style == doc.Literal && stateIs.MatchString(spans[k-1].Text) {
				return regexp.QuoteMeta(spans[k-2].Text) + `["']?\s*[:=]\s*["']?` + regexp.QuoteMeta(spans[k].Text) + `\b`
			}
		}
	}
	return ""
}

var exactForm = newForm(`\bexpected (?:output|result|response) (?:is|should be|will be)\b|^expected (?:output|result|response):?$`)

// sampleOf is the output shown for a block, and whether the text says that this is what must come.
func (b *book) sampleOf(p *place) (string, bool) {
	for i := p.at + 1; i < len(p.among); i++ {
		n := p.among[i]
		if n.Kind != doc.Code {
			continue
		}
		at, ok := b.blockAt[n]
		if !ok || b.Blocks[at].Kind != Output {
			return "", false
		}
		intro := b.introNode(&b.places[at])
		return n.Text, intro != nil && exactForm.MatchString(b.words(intro))
	}
	return "", false
}
