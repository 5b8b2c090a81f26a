package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

var (
	skipForm  = newForm(`\b(?:is |are )?optional\b[^.]*\b(?:if|when|unless)\b|\b(?:can|may|should) be skipped\b|\bskip (?:this|the|these)\b|\b(?:only )?(?:necessary|needed|required|mandatory|applicable|applies)(?: only)? (?:if|when|for|on)\b|\bonly (?:be (?:done|performed|run|executed|used|followed|taken) )?(?:if|when|necessary|needed|required|for)\b`)
	sideForm  = newForm(`\b(?:\w+ing|\w+ed|and|or) (?:(?:[\w-]+ ){1,5})?if (?:needed|necessary|required|desired)\b|\b(?:and|or) optionally\b|\b(?:what|which)\b[^.]*\boptional\b`)
	lastForm  = newForm(`, (?:but )?(?:only )?(?:if|when|unless) [^,]+:?$|\((?:only )?(?:if|unless) [^()]+\)[.:]?$|\bif (?:it is|they are) still\b[^,:]*$|\bif you (?:are|were|have) (?:\w+ )?(?:using|upgrading|running)\b[^,:]*$`).where(holdsAlways)
	onlyEnd   = newForm(`([\w'’]+ )?(?:only )?\b(?:if|unless) (?:the|there|it|they|no|any|all|one|some|an?|this|that|these|your|you|its|their|only) [^,:;()]+[.:]?$`).where(endsInCondition)
	backForm  = newForm(`^(?:roll(?:ing)?[- ]?back|revert(?:ing)?|back(?:ing)?[- ]?out|fall(?:ing)?[- ]?back|downgrad(?:e|ing)|undo(?:ing)?)\b`)
	maybeForm = newForm(`^(?:[^.,]*, )?it (?:may|might)(?: also| however|, however,)? be (?:desirable|advisable|useful|prudent|necessary|helpful|worthwhile) to\b`)
	needForm  = newForm(`\b(?:if (?:needed|necessary|required|desired|applicable|not (?:already|yet) \w+ed|not (?:already|yet) (?:set|done|present|running))|optional(?:ly)?)\b`)
	ofForm    = newForm(`^for ((?:[\w|-]+ ){1,3})(?:systems?|clusters?|deployments?|environments?|installations?|setups?|restores?)[,:]`)
	elseForm  = newForm(`^otherwise[,:]?$`)
	whenForm  = newForm(`^(?:(?:otherwise|alternatively|for example|however|and|or),? )?(?:if |only if |only when |in case |in (?:the |any |some |rare )?(?:cases?|events?|situations?|scenarios?|environments?|setups?|deployments?|clusters?|installations?|systems?) (?:of|that|when|where|with|in which|using|without) |should you |provided (?:that )?|unless |when (?:using|upgrading from|migrating from|working with|running (?:on|with|under|in)|deploying (?:on|with|in)|you use|you are using) |for [^,:]*?\b(?:except|other than|apart from|excluding) |(?:for|on) (?:systems?|clusters?|deployments?|environments?|sites?|users?|servers?|nodes?|hosts?|machines?|installations?|distributions?) (?:that|with|using|where|which|running)\b)([^:]*?(?:, (?:and|or) (?:only )?(?:if|when|unless)\b[^:]*?)*)(?:, |:|$)`)
)

// holdsAlways says whether what is said in brackets is no condition of the whole: "(if possible, as before)".
func holdsAlways(s *sentence, found []string) bool { return !ifPossible.MatchString(found[0]) }

var ifPossible = newForm(`^[(]?(?:, )?(?:only )?if (?:possible|any|so)\b`)

// endsInCondition says whether an order ends in a condition of it, and not in what is asked: "see if it is up".
func endsInCondition(_ *sentence, found []string) bool {
	return !asked().MatchString(found[1]) && !strings.HasSuffix(strings.TrimRight(found[0], ".:"), " or not")
}

// explainsEnd is a reason that ends in a condition, which is the reason's: "…, as it only goes on if none is left".
var explainsEnd = newForm(`, (?:as|because|since|so|which|where|but|this|it|they|the|for)\b[^,]* (?:if|unless)\b`)

var asked = doc.Pattern(`(?i)^(?:check|checks|checking|see|verify|determine|confirm|know|ask|asks|test|out|tell|tells|show|shows|even|as|indicates?|learn|sure|wonder|validate|fails?|or|and|but|what|especially|particularly|happens|matter|ok|okay|fine|works|needed|necessary|required) $`)

// onOffer says what may be done with something, and orders nothing.
var onOffer = newForm(`^(?:also,? )?you (?:can|may|might|could) (?:also |then |later )?(?:use|see|find|refer|consult|view|look|read|adjust|change|modify|customi[sz]e|tune|keep|reuse)\b`)

// beforeBlock is the rule by which the words before a block give it its condition, and to those that follow it without a word.
const beforeBlock = "condition before the block"

// options says what need not be done always, with its condition: what a step or its note says of itself, a condition
// right before a block, and the way of a choice it belongs to.
func (b *book) options() {
	for i := range b.Steps {
		if condition, line := b.stepCondition(i); condition != "" && b.Steps[i].Differs == nil {
			b.Steps[i].Optional = condition
			b.Steps[i].because("optional", "condition of the step", line)
		}
	}
	for i := range b.Steps {
		b.listConditions(b.sources[i].inside)
	}
	ways := b.ways()
	b.each(func(block *Block, p *place) {
		if line, ok := b.repeatsAsExample(p); ok {
			block.Optional = "an example of the command before it"
			block.because("optional", "shows a command in use", line)
			return
		}
		if s, ok := b.blockCondition(p); ok {
			block.Optional = strings.TrimRight(s.plain, ".:")
			block.because("optional", beforeBlock, s.line)
			return
		}
		if i := b.indexOf(p) - 1; i >= 0 && b.Blocks[i].Why["optional"].Rule == beforeBlock && !maybeForm.MatchString(b.Blocks[i].Optional) && b.places[i].at+1 == p.at && b.places[i].step == p.step {
			block.Optional = b.Blocks[i].Optional
			block.because("optional", beforeBlock, b.Blocks[i].Why["optional"].Line)
			return
		}
		for step := p.step; step >= 0; step = b.Steps[step].Parent {
			if title, ok := ways[step]; ok {
				block.Optional = title
				block.because("optional", "one of several ways", b.Steps[step].Line)
				return
			}
			if b.Steps[step].Optional != "" {
				block.Optional = b.Steps[step].Optional
				block.because("optional", "condition of the step", b.Steps[step].Why["optional"].Line)
				return
			}
		}
	})
}

// ways are the steps that are options of a choice made inside a list, by index. Sections are chosen as a whole and not marked block by block.
func (b *book) ways() map[int]string {
	ways := map[int]string{}
	for _, c := range b.Choices {
		for k, o := range c.Options {
			if o.Step >= 0 && !b.sources[o.Step].section && (k > 0 || !b.sources[o.Step].unlisted || !plainOrder(o.Title)) {
				ways[o.Step] = o.Title
			}
		}
	}
	return ways
}

// plainOrder says whether the title of a way only says what is done: where it is the first, it is the usual one, and only
// what is told beside it is left to choice.
func plainOrder(title string) bool {
	s := newSentence(title, 0)
	return commanded(s) && !leadClause.in(s) || usualForm.in(s)
}

var usualForm = newForm(`^(?:to (?:` + actions + `|` + checks + `)\b[^,]*(?:, (?:run|use|execute|issue)\b|$)|you (?:can|may)\b|the [\w -]+ (?:is|are|will|can)\b)`)

// stepCondition reads it from a heading or an item's first sentence, or from a note or sentence that says when to skip the step.
func (b *book) stepCondition(i int) (string, int) {
	title := b.Steps[i].Title
	if b.sources[i].section && backForm.MatchString(title) && !backForm.MatchString(b.Title) {
		return title, b.Steps[i].Line
	}
	if needForm.MatchString(title) && !sideForm.MatchString(title) {
		if said, line := b.skipSaid(i); said != "" && b.sources[i].section {
			return said, line
		}
		return title, b.Steps[i].Line
	}
	if m := whenForm.FindString(title); m != "" && (!b.sources[i].toggles || b.sources[i].node.Kind == doc.Note) && !b.sources[i].unlisted {
		return strings.TrimRight(m, ",: "), b.Steps[i].Line
	}
	if m := ofForm.FindString(title); m != "" && !b.sources[i].unlisted && ofSome(newSentence(title, 0)) {
		return strings.TrimRight(m, ",: "), b.Steps[i].Line
	}
	if b.sources[i].section {
		if s, ok := find(first(b.opening(i)), maybeForm); ok {
			return strings.TrimSuffix(s.text, "."), s.line
		}
	}
	return b.skipSaid(i)
}

// skipSaid is the sentence at the head of a step that says when to skip it, with the one before it that says in which case.
func (b *book) skipSaid(i int) (string, int) {
	for _, n := range b.sources[i].inside {
		if n.Kind == doc.Code || n.Kind == doc.List {
			break
		}
		all := b.sentences(n)
		for k, s := range all {
			if !skipForm.in(s) || !aboutStep.in(s) || usedLater.in(s) {
				continue
			}
			said := strings.TrimSuffix(s.text, ".")
			if k > 0 && skipCase.in(s) {
				said = all[k-1].text + " " + said
			}
			return said, s.line
		}
	}
	return "", 0
}

// usedLater says what something is needed for, and not when.
var usedLater = newForm(`\b(?:these|those|this|the) (?:\w+ ){0,2}(?:values?|names?|ids?|variables?|information|numbers?|outputs?|addresses|results?|files?)\b[^.]*\b(?:needed|required|necessary|used)\b[^.]*\b(?:in|by) (?:the|a) (?:following|next|later|subsequent)\b`)

// ofSome says whether a sentence begins by saying for which kind of systems it speaks.
func ofSome(s *sentence) bool {
	if !ofForm.in(s) {
		return false
	}
	m := ofForm.FindStringSubmatch(s.plain)
	return !slices.Contains([]string{"each", "all", "every", "the", "these", "this", "both", "your", "any"}, strings.ToLower(strings.Fields(m[1])[0]))
}

// condNode is where a condition of a block stands: right before it, or before words that only say what to replace in it.
func (b *book) condNode(p *place) *doc.Node {
	n := b.leadNode(p)
	if at := p.before(n) - 1; n != nil && n.Kind == doc.Paragraph && at >= 0 && p.among[at].Kind == doc.Paragraph {
		if _, ok := find(first(b.sentences(n)), replaceForm); ok {
			return p.among[at]
		}
	}
	return n
}

// repeatsAsExample says whether a block only shows, "for example", the command before it in use: the same, or one that has
// the form of its synopsis. Run in turn, they would do the same thing twice.
func (b *book) repeatsAsExample(p *place) (line int, ok bool) {
	n := b.introNode(p)
	before := b.indexOf(p) - 1
	for before >= 0 && !b.Blocks[before].Runs() {
		before--
	}
	if n == nil || n.Kind != doc.Paragraph || before < 0 || b.headed(b.places[before].step) != b.headed(p.step) {
		return 0, false
	}
	all := b.sentences(n)
	if last := all[max(0, len(all)-1):]; len(last) == 0 || !exampleOnly.in(last[0]) && !exampleOf.in(last[0]) {
		return 0, false
	}
	other := b.places[before].text
	if strings.TrimSpace(p.text) == strings.TrimSpace(other) || hasOptional(b.places[before].snippet.Placeholders) && synopsis(other, p.text) {
		return b.Blocks[before].Line, true
	}
	return 0, false
}

func hasOptional(all []shell.Placeholder) bool {
	return slices.ContainsFunc(all, func(p shell.Placeholder) bool { return p.Kind == shell.Optional })
}

// synopsis says whether a command begins with the words of another up to its first placeholder.
func synopsis(form, command string) bool {
	for i, word := range strings.Fields(form) {
		if strings.ContainsAny(word, `[<\`) {
			return i > 1
		}
		if fields := strings.Fields(command); i >= len(fields) || fields[i] != word {
			return false
		}
	}
	return false
}

// listConditions makes the steps of a list optional that a condition leads to: "If it is down, then it is mended by these steps:".
func (b *book) listConditions(nodes []*doc.Node) {
	for at := 1; at < len(nodes); at++ {
		if nodes[at].Kind != doc.List || nodes[at-1].Kind != doc.Paragraph || b.choiceBefore(nodes, at) {
			continue
		}
		all := b.sentences(nodes[at-1])
		s := all[max(0, len(all)-1):]
		if len(s) == 0 || !whenForm.in(s[0]) || !strings.HasSuffix(s[0].plain, ":") {
			continue
		}
		for _, item := range nodes[at].Children {
			if step := b.stepOf(item); step >= 0 && b.Steps[step].Optional == "" {
				b.Steps[step].Optional = strings.TrimSuffix(s[0].plain, ":")
				b.Steps[step].because("optional", "condition before the steps", s[0].line)
			}
		}
	}
}

var aboutStep = newForm(`\b(?:this|these|the following) (?:sub)?(?:section|step|steps|stage|procedure|task|command)s?\b`)

// blockCondition is a condition in the words right before a block.
func (b *book) blockCondition(p *place) (*sentence, bool) {
	n := b.condNode(p)
	if n == nil || n.Kind == doc.Note && b.noteWorks(n) || n.Kind == doc.Quote && doc.HoldCode(n.Children...) {
		return nil, false
	}
	all := b.sentences(n)
	for i := len(all) - 1; i >= max(0, len(all)-3); i-- {
		s := all[i]
		if i > 0 && sameEitherWay(all[i-1], s) {
			return nil, false
		}
		if elseForm.in(s) || ofSome(s) || maybeForm.in(s) || lastForm.in(s) && i == len(all)-1 && !afterwards.in(s) && !needForm.in(s) && !strings.Contains(s.lower, "already") {
			return s, true
		}
		if whenForm.in(s) && !caution.in(s) && !statesOutcome.in(s) && (!afterwards.in(s) || usesCommand.in(s) || i == len(all)-1 && mends(s)) && !strings.Contains(s.plain, " return to ") {
			return s, true
		}
		if i > 0 && skipCase.in(s) {
			return newSentence(all[i-1].plain+" "+s.plain, s.line), true
		}
		if i == len(all)-1 && onlyEnd.in(s) && (commanded(s) || orders(s)) && !explainsEnd.in(s) && !strings.Contains(s.lower, "already") {
			return s, true
		}
		if needForm.in(s) && !sideForm.in(s) && !onOffer.in(s) || skipForm.in(s) && aboutStep.in(s) && !usedLater.in(s) {
			return s, true
		}
	}
	return nil, false
}

// sameEitherWay says whether two conditions lead to the same order: "If it is new, then set its name to A. If it is old, then
// set its name to B." One of them holds, so what follows is done in any case.
func sameEitherWay(a, c *sentence) bool {
	x, y := orderBehind(a), orderBehind(c)
	return len(x) > 2 && len(y) > 2 && slices.Equal(x[:3], y[:3]) && whenForm.in(a) && whenForm.in(c)
}

// orderBehind is the words of what a sentence orders, behind its condition.
func orderBehind(s *sentence) []string {
	_, order, _ := strings.Cut(s.lower, ", then ")
	return strings.Fields(order)
}

// mends says whether a sentence leads, with a colon, to what is done about an outcome: "If it shows that it is down, set it up:".
func mends(s *sentence) bool {
	_, order, ok := strings.Cut(s.plain, ", ")
	return ok && strings.HasSuffix(order, ":") && commandsForm.MatchString(order) && !leadsOn.MatchString(order)
}

var leadsOn = newForm(`^(?:then )?(?:continue|proceed|see|refer|contact|note|change|replace|adjust|substitute|specify|repeat|look|return)\b`)

// usesCommand is an order to run what follows.
var usesCommand = newForm(`, (?:then )?(?:use|run|execute|issue|enter)(?: (?:the )?(?:following|this|these|next)\b|[^.,]*:$)`)

// caution is advice for a case, behind which the work goes on in any.
var caution = newForm(`, (?:please )?(?:ensure|make sure|be sure|take care|remember|consider|note)\b[^:]*$`)

// statesOutcome says what is so in a case, and orders nothing.
var statesOutcome = newForm(`^if [^,]*, (?:then )?(?:the|this|it|there|they|that|these|those) (?:[\w/-]+ ){0,3}(?:will|would|may|might|is|are|has|have|does|do)\b[^:]*[^:]$`).where(func(s *sentence, _ []string) bool {
	return !aboutStep.in(s) && !usesCommand.in(s)
})

// afterwards is a sentence about what the outcome means, not about whether to run.
var afterwards = newForm(`^if (?:the|this|that|any|an?|all|everything|it|no|not) [^,]*\b(?:fails?|succeeds?|errors?|returns?|reports?|shows?|is successful|is not successful|output|command)\b|^if (?:we|you) (?:now |then |do )?(?:run|look|check|execute|try)\b|\bcontinue\b|\bproceed\b|, (?:then )?(?:simply |just |also )?(?:adjust|change|replace|use|substitute|see|refer|contact|specify|note)\b`)
