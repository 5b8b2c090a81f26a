package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// verifications finds what only looks whether something is so, and the condition in the document's words.
func (b *book) verifications() {
	checked := map[string]int{}
	b.claimed = map[int]bool{}
	b.each(func(block *Block, p *place) {
		b.verification(block, p, checked)
		if block.Verify {
			checked[p.text] = b.indexOf(p)
		}
		b.expectation(block, p)
		b.propose(block, p)
	})
}

// verification says whether a block checks, and why. checked are the blocks that did before, by their commands.
func (b *book) verification(block *Block, p *place, checked map[string]int) {
	rule, line := "", 0
	if s, ok := b.orderToCheck(p); ok && p.snippet.Disrupts() == "" && p.snippet.Moves() == "" {
		rule, line = "told to check", s.line
		block.Expect = strings.TrimSuffix(s.plain, ":")
		block.because("expect", "what is to be checked", s.line)
	} else if c := b.madeCheck(block, p); c.makes {
		rule, line = "condition after it", c.line
	} else if before, ok := b.otherCheck(p); ok {
		rule, line = "another way to check", before
		block.expectAs(&b.Blocks[b.indexOf(p)-1])
	} else if before, ok := checked[p.text]; ok && mayLook(p) && !b.collects(b.introNode(p)) {
		rule, line = "checked so before", b.Blocks[before].Line
		block.expectAs(&b.Blocks[before])
	}
	if rule != "" {
		block.Verify = true
		block.because("verify", rule, line)
	}
}

// expectAs has a block meet what another must.
func (b *Block) expectAs(other *Block) {
	if why, ok := other.Why["expect"]; ok {
		b.Expect = other.Expect
		b.because("expect", why.Rule, why.Line)
	}
}

// madeCheck is a condition by which a block that only looks is a check.
func (b *book) madeCheck(block *Block, p *place) outcome {
	if !p.snippet.Looks() && !(b.inCheck(p) && mayLook(p)) || len(p.snippet.Sets) > 0 || onlyAssigns(p) {
		return outcome{}
	}
	if c := b.conditionAfter(block, p); c.text != "" {
		return c
	}
	return b.conditionBefore(block, p)
}

// inCheck says whether a block stands in a section that is called a check.
func (b *book) inCheck(p *place) bool {
	section := b.sectionOf(p.step)
	return section >= 0 && strongForm.in(b.titled(section))
}

// expectation is the condition a block must meet: what the document says must be so, else what it tells to check.
func (b *book) expectation(block *Block, p *place) {
	c := b.conditionAfter(block, p)
	if before := b.conditionBefore(block, p); before.text != "" && (c.text == "" || c.points || before.makes && !c.makes) {
		c = before
	}
	if c.text != "" && (block.Expect == "" || !c.points) && (block.Verify || speaksOfOutput(c.text)) {
		b.claimed[c.line] = true
		block.Expect = c.text
		block.because("expect", c.rule, c.line)
	}
}

// speaksOfOutput says whether words behind a block that is no check speak of what it must print or bring about.
func speaksOfOutput(text string) bool {
	return obligedForm.MatchString(text) || printedForm.MatchString(text) || seenForm.MatchString(text)
}

// orderToCheck is a sentence that tells the operator to check, in the words before the block or at the head of its step.
func (b *book) orderToCheck(p *place) (*sentence, bool) {
	intro := b.introNode(p)
	if n := b.beforeTabs(p); n != nil {
		intro = n
	}
	if intro != nil {
		said := with(b.beforeExample(p, intro), b.sentences(intro))
		if s, ok := toldToCheck(said); ok && !b.workBehind(p, s, said[len(said)-1]) && (!onTrouble.in(s) || p.snippet.Looks()) {
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
		return b.wordsFor(why, intro, p), true
	}
	if s, ok := remarkedCheck(p); ok {
		return s, true
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
	if s, ok := find(lead[:min(len(lead), 4)], strongForm); ok && !b.workBehind(p, s, lead[len(lead)-1]) {
		return s, true
	}
	return b.checkAround(head, lead, p)
}

// onTrouble tells what to look at should something go wrong, which commands that change something do not do.
var onTrouble = newForm(`^(?:if|in case|should|when(?:ever)?)\b[^,]*\b(?:errors?|fails?|failed|failures?|problems?|issues?|warnings?|wrong)\b[^,]*,`)

// gotBy says what something else is got by: "you can save time by folding the sail".
var gotBy = newForm(`^(?:if [^,]*, )?(?:you|we) (?:can|could|may|should)\b[^.]*\bby \S`)

// toldToCheck is the last sentence that orders to check, one that only orders to run something for it left aside.
func toldToCheck(said []*sentence) (*sentence, bool) {
	s, ok := find(said, strongForm)
	for _, later := range said {
		if ok && strongForm.in(later) && !commandIntro.in(later) {
			s = later
		}
	}
	return s, ok
}

// wordsFor is what the document says of a command that checks by itself: its step's order to wait or check, or what leads to it.
func (b *book) wordsFor(command string, intro *doc.Node, p *place) *sentence {
	if p.step >= 0 && !b.laterBlock(p) {
		if lead := first(b.lead(b.headed(p.step))); len(lead) > 0 && (strongForm.in(lead[0]) || waitsForm.in(lead[0])) {
			return lead[0]
		}
	}
	if intro != nil {
		if s, ok := find(b.sentences(intro), ofStateForm); ok {
			return s
		}
	}
	return newSentence("command "+firstWords(command), p.node.Line)
}

// ofStateForm speaks of how something is.
var ofStateForm = newForm(`\b(?:status|state|health\w*|check|progress)\b`)

// remarkedCheck is a remark in the first line of a block that orders to check, where all of the block only looks.
func remarkedCheck(p *place) (*sentence, bool) {
	first, rest, _ := strings.Cut(p.text, "\n")
	remark, ok := strings.CutPrefix(first, "# ")
	if !ok || rest == "" || !p.snippet.Looks() || len(p.snippet.Sets) > 0 {
		return nil, false
	}
	s := newSentence(strings.TrimSpace(remark), p.node.Line)
	return s, strongForm.in(s) || waitsForm.in(s)
}

// workBehind says whether the last words before a block order work, or say what its commands bring about, whatever was to be
// checked before.
func (b *book) workBehind(p *place, checked, last *sentence) bool {
	if checked == last || runsHere.in(last) || commandIntro.in(last) {
		return false
	}
	return changesLast.in(last) || weDo.in(last) && p.snippet.Changes() != "" || gotBy.in(last) && !p.snippet.Looks()
}

// weDo says what is done, and by whom: "we also create a user:".
var weDo = newForm(`^(?:then |next |finally |now )?(?:we|you)(?: will| shall|['’]ll| can| must| should| need to| have to| also| then| now)* (?:` + actions + `)\b`)

// checkAround is an order to check at the head of the item around a step that itself orders no more than a run, or right
// before the list that it stands in.
func (b *book) checkAround(head int, lead []*sentence, p *place) (*sentence, bool) {
	around := b.Steps[head].Parent
	if around < 0 || b.sources[head].section || len(lead) == 0 || !p.snippet.Looks() || (commanded(lead[0]) || orders(lead[0])) && !(len(lead) == 1 && runsHere.in(lead[0])) {
		return nil, false
	}
	said := first(b.lead(around))
	if b.sources[around].section {
		said = b.beforeList(around, b.Steps[head].Line)
	}
	for _, s := range said {
		if strongForm.in(s) || waitsForm.in(s) || soughtForm.in(s) {
			return s, true
		}
	}
	return nil, false
}

// runsHere orders no more than a run, wherever.
var runsHere = newForm(`^(?:(?:on|from|in|as) [^.,]*, )?(?:then |next,? |first,? |finally,? |also |now )?(?:invoke|run|issue|execute|enter|type)\b[^.,]*:?$`)

// beforeList is what stands right before the list of a step's section that has an item at a line, and leads to it.
func (b *book) beforeList(section, line int) []*sentence {
	inside := nearby(b.sources[section].inside)
	for i, n := range inside {
		if n.Kind != doc.List || n.Line > line || n.End < line {
			continue
		}
		if i == 0 || inside[i-1].Kind != doc.Paragraph {
			return nil
		}
		if all := b.sentences(inside[i-1]); len(all) > 0 && strings.HasSuffix(all[len(all)-1].plain, ":") {
			return all[len(all)-1:]
		}
	}
	return nil
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
	if s, ok := find(with(said, b.beforeLabel(p, intro)), waitsForm); ok && mayLook(p) && !careForm.in(s) {
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

// beforeTabs is what leads to the tabs of which a block is the first thing in one, behind its name: a list may stand between.
func (b *book) beforeTabs(p *place) *doc.Node {
	if b.tabbed == nil {
		b.tabbed = map[*doc.Node]*doc.Node{}
		b.gatherTabbed(b.document.Nodes)
	}
	return b.tabbed[p.node]
}

func (b *book) gatherTabbed(nodes []*doc.Node) {
	var lead *doc.Node // the last paragraph, as long as nothing but a list stands behind it
	for _, n := range nodes {
		switch {
		case n.Kind == doc.List && n.Name == doc.Tabs:
			for _, item := range n.Children {
				if lead != nil && len(item.Children) > 1 && item.Children[0].Kind == doc.Paragraph {
					b.tabbed[item.Children[1]] = lead
				}
			}
		case n.Kind == doc.Paragraph:
			lead = n
		case n.Kind != doc.List && n.Kind != doc.Comment:
			lead = nil
		}
		b.gatherTabbed(n.Children)
	}
}

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
	at := b.blockOf(n)
	return at >= 0 && b.Blocks[at].Runs()
}
