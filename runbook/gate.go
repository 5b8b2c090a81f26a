package runbook

import (
	"cmp"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	remainingForm = newForm(`\b(?:remaining( (?:on|in|at|to|for|until)\b)?|rest of the|(?:all|each|every)(?: of)?(?: the)? other|the other (?:\w+ ){0,2}(?:nodes|hosts|servers|members|instances|machines|pools|systems|replicas|workers|controllers))\b`).where(notOneOf)
	oneOfForm     = newForm(`\b(?:one|any|some)(?: of)?(?: the)? (?:remaining|other)\b`)
	leftOver      = newForm(`\bremaining (?:[\w-]+ ){0,2}(?:files?|data|director(?:y|ies)|entries|references|settings|configuration|steps|instructions|commands|space|time|traces)\b`)
	firstForm     = newForm(`\b(?:canary|canaries|pilot)\b|\b(?:a |one |the )?(?:single|first|one|initial|test)\b[^.]{0,40}\b(?:node|host|server|member|resource|instance|machine|worker|controller|hypervisor|pool|system|replica|pod|batch|shard|region|zone)s?\b|\b(?:update|upgrade|change|migrate|move|apply|try|test)\w* (?:only )?(?:one|a single) (?:\w+ )?first\b`)
	everyoneForm  = newForm(`\b(?:to|on|across) (?:all|every|each)(?: of)?(?: the)?(?: \w+)? (?:nodes?|hosts?|servers?|members?|instances?|machines?|pools?|systems?|replicas?|workers?|clusters?|sites?)\b`)
	fewForm       = newForm(`\b(?:start|begin|try|test)\w*\b[^.]*\b(?:small (?:number|set|group|batch)|(?:limited |small )?subset|few|handful|single|canary)\b`)
	provedForm    = newForm(`^(?:once|after|when)\b[^.]*\b(?:tested|verified|validated|proved|proven)\b[^.]*\b(?:promoted?|rolled out|roll out|released?|production)\b`)
	beforeAllForm = newForm(`^before (?:rolling|applying|deploying|upgrading|updating|going|moving|doing)\b[^.]*\b(?:all|every|each|rest|remaining|others)\b[^.]*\b(?:test|try|tried|check|verify)\b[^.]*\b(?:subset|single|one|few|small)\b`)
	stopForm      = newForm(`^(?:stop|halt)\b(?: here| now|[.!]|:| and (?:wait|return|do not))|\bdo not (?:continue|proceed|go on|move on|run (?:this|the))\b|\bbefore (?:continuing|proceeding)\b[^.]*\b(?:verify|confirm|ensure|make sure|must|obtain|get)\b|\b(?:must|should) not (?:continue|proceed)\b|(?:^|[,;] |\b(?:and|then) |\byou (?:can|may|should|must) )only (?:continue|proceed) (?:if|when|once|after)\b`)
	tellingForm   = newForm(`\b(?:we|they|it|which|that) do not (?:continue|proceed|go on|move on)\b`)
	finalForm     = newForm(`\b(?:data loss|irreversibl\w+|cannot be (?:undone|reverted|recovered)|not possible to (?:undo|revert|downgrade|roll back)|point of no return|all data\b[^.]*\b(?:lost|erased|destroyed|deleted))\b`)
)

// notOneOf says whether all the others are meant: not one of them, not what is left over, and not what is remaining somewhere.
func notOneOf(s *sentence, found []string) bool {
	return found[1] == "" && !oneOfForm.in(s) && !leftOver.in(s)
}

// gates decides where a person must confirm before a block runs, and by which sentence. A gate too many beats one too
// few as long as it takes only a key: canary, failover, stop and what cannot be undone are typed.
func (b *book) gates() {
	stops := b.stopNotes()
	b.each(func(block *Block, p *place) {
		kind, s, rule := b.gateOf(block, p)
		if kind == NoGate || kind == Disruptive {
			if note, ok := stops[p.node]; ok {
				kind, s, rule = Stop, note, "the text says stop"
			}
		}
		if kind == NoGate {
			return
		}
		block.Gate = kind
		block.because("gate", rule, s.line)
		block.GateDetail = &GateDetail{Weight: weightOf(kind, p, s), Sentence: s.plain, Line: s.line}
		block.Targets = targets(p.snippet)
		if kind == Canary {
			block.GateDetail.CanaryOf = b.provedBy(block, p)
		}
	})
}

func weightOf(kind GateKind, p *place, s *sentence) Weight {
	if kind == Disruptive && p.snippet.Irreversible() == "" && (s == nil || !finalForm.in(s)) {
		return OneKey
	}
	return Typed
}

// gateOf judges by the command first, then by what is said of it.
func (b *book) gateOf(block *Block, p *place) (GateKind, *sentence, string) {
	moved, disrupted := p.snippet.Moves(), b.disrupted(p)
	about := b.ordersAround(p)
	said, byWords := b.disruptiveWords(p)
	handed, over := b.ordersHandover(p)
	if s, ok := b.firstProved(p); ok {
		return Canary, s, "to be tried on a few first"
	}
	acts := moved != "" || disrupted != "" || byWords || over
	if !acts {
		if s, ok := b.repeatsUnknown(p, about); ok {
			return Canary, s, "something unknown, on the rest after one was proved"
		}
		return NoGate, nil, ""
	}
	if s, ok := b.restAfterOne(block, p, about); ok {
		return Canary, s, "the rest after one was proved"
	}
	if s, ok := b.sameOnAnother(block, p); ok {
		return Canary, s, "the same on another, after the first was verified"
	}
	switch {
	case moved != "":
		return Failover, orderOr(about, block), "command " + firstWords(moved)
	case over:
		return Failover, handed, "said to move what runs there"
	case disrupted != "":
		return Disruptive, orderOr(about, block), "command " + firstWords(disrupted)
	default:
		return Disruptive, said, "said to disrupt"
	}
}

// disrupted is the command by which a block disrupts. To upgrade one's own tools, as the words right before it say, disturbs nobody.
func (b *book) disrupted(p *place) string {
	why := p.snippet.Disrupts()
	if why == "" || p.snippet.Drops() != "" || p.snippet.Irreversible() != "" || !strings.HasSuffix(why, "upgrade") {
		return why
	}
	if _, ok := find(b.nearby(p), toolsForm); ok {
		return ""
	}
	return why
}

// ordersAround is what is ordered right before a block and at the head of the items around it, the nearest first.
func (b *book) ordersAround(p *place) []*sentence {
	var all []*sentence
	if n := b.introNode(p); n != nil && n.Kind == doc.Paragraph {
		all = b.sentences(n)
	}
	for step := p.step; step >= 0; step = b.Steps[step].Parent {
		if lead := b.lead(step); len(all) == 0 || lead == nil || all[0].line != lead[0].line {
			all = with(all, lead)
		}
		if b.sources[step].section {
			break
		}
	}
	return all
}

// restAfterOne is an order to go on to all the others, where the document has spoken of a first one; or to all, where the
// same section has spoken of starting with a few.
func (b *book) restAfterOne(block *Block, p *place, about []*sentence) (*sentence, bool) {
	for _, s := range about {
		if remainingForm.in(s) && (commanded(s) || onceForm.in(s)) && !takesAway.in(s) && b.provesOne(s.line) && (p.snippet.Irreversible() == "" || b.provedBy(block, p) != "") {
			return s, true
		}
	}
	if s, ok := find(about, everyoneForm); ok && b.startsSmall(p) {
		return s, true
	}
	return nil, false
}

// takesAway orders to remove something: the last of them is no roll-out.
var takesAway = newForm(`^(?:` + leadWords + `)*(?:remove|delete|destroy|drop|decommission|wipe|purge|uninstall|erase|terminate|retire)\b`)

// repeatsUnknown is an order to do on all the others what nothing is known of, after one was proved.
func (b *book) repeatsUnknown(p *place, about []*sentence) (*sentence, bool) {
	for _, s := range about {
		if remainingForm.in(s) && commanded(s) && !strongForm.in(s) && b.provesOne(s.line) {
			return s, !b.onlyPrepares(p) && p.snippet.Changes() == "" && p.snippet.Checks() == "" && !b.verifies(p)
		}
	}
	return nil, false
}

// verifies says whether a block is a check.
func (b *book) verifies(p *place) bool { return b.Blocks[b.indexOf(p)].Verify }

// startsSmall says whether a paragraph before a block, in its section, advises to begin with a few.
func (b *book) startsSmall(p *place) bool {
	for i := p.at - 1; i >= 0; i-- {
		n := p.among[i]
		if n.Kind == doc.Heading {
			return false
		}
		if n.Kind == doc.Paragraph {
			if _, ok := find(b.sentences(n), fewForm); ok {
				return true
			}
		}
	}
	return false
}

// firstProved is a sentence around a block that changes something, by which it is to be tried elsewhere or on a few first.
func (b *book) firstProved(p *place) (*sentence, bool) {
	if b.onlyPrepares(p) {
		return nil, false
	}
	for _, s := range b.about(p) {
		if provedForm.in(s) || beforeAllForm.in(s) {
			return s, true
		}
	}
	return nil, false
}

var onceForm = newForm(`^(?:once|after|when)\b`)

// provesOne says whether, before a line, the document speaks of trying a single one first.
func (b *book) provesOne(line int) bool {
	if b.firstOne == 0 {
		b.firstOne = -1
		for i := range b.Steps {
			for _, s := range b.ownWords(i) {
				if firstForm.in(s) && (b.firstOne < 0 || s.line < b.firstOne) {
					b.firstOne = s.line
				}
			}
		}
	}
	return b.firstOne > 0 && b.firstOne <= line
}

// sameOnAnother finds an earlier gated block with the same command but for its target, and a check in between.
func (b *book) sameOnAnother(block *Block, p *place) (*sentence, bool) {
	if p.step < 0 || b.Steps[p.step].Parent < 0 && b.sources[p.step].section {
		return nil, false
	}
	verified := false // by the check right before
	for j := b.indexOf(p) - 1; j >= 0 && j >= b.indexOf(p)-12; j-- {
		other, q := &b.Blocks[j], &b.places[j]
		if !other.Runs() {
			continue
		}
		if other.Verify {
			verified = true
			continue
		}
		if !verified {
			return nil, false
		}
		if other.Gate != NoGate && q.step >= 0 && b.Steps[q.step].Parent == b.Steps[p.step].Parent && differInTarget(other.Text, block.Text) {
			return orderOr(b.ordersAround(p), block), true
		}
	}
	return nil, false
}

func (b *book) indexOf(p *place) int { return b.blockOf(p.node) }

// differInTarget says whether two texts are the same words but for one that names a machine.
func differInTarget(a, c string) bool {
	x, y := strings.Fields(a), strings.Fields(c)
	if len(x) != len(y) || len(x) < 2 {
		return false
	}
	different := 0
	for i := range x {
		if x[i] != y[i] {
			different++
			if !hostForm().MatchString(x[i]) || !hostForm().MatchString(y[i]) {
				return false
			}
		}
	}
	return different == 1
}

// provedBy is the id of the block that did the same for a single one, before.
func (b *book) provedBy(block *Block, p *place) string {
	words := strings.Fields(p.text)
	for j := b.indexOf(p) - 1; j >= 0; j-- {
		other := strings.Fields(b.places[j].text)
		if b.Blocks[j].Runs() && b.Blocks[j].Gate != NoGate && len(words) > 0 && len(other) > 0 && words[0] == other[0] {
			return b.Blocks[j].ID
		}
	}
	return ""
}

// orderOr is the first order said of a block, or that something has to be done, or its own first line.
func orderOr(about []*sentence, block *Block) *sentence {
	return cmp.Or(orderAmong(about), newSentence(block.First, block.Line))
}

// announcement is what the text says of a block whose gate only an annotation gives: an order, else the first words about it.
func (b *book) announcement(block *Block, p *place) *sentence {
	about := b.about(p)
	if orderAmong(about) == nil && len(about) > 0 {
		return about[0]
	}
	return orderOr(about, block)
}

func orderAmong(about []*sentence) *sentence {
	for _, s := range about {
		if commanded(s) || workParticiple.in(s) {
			return s
		}
	}
	return nil
}

// stopNotes finds, for each order to stop, the block that follows it.
func (b *book) stopNotes() map[*doc.Node]*sentence {
	stops := map[*doc.Node]*sentence{}
	note := func(n *doc.Node, s *sentence) {
		for j := range b.Blocks {
			if b.Blocks[j].Runs() && b.Blocks[j].Line > n.Line {
				stops[b.places[j].node] = s
				return
			}
		}
	}
	doc.Walk(b.document.Nodes, func(n *doc.Node) bool {
		if n.Kind == doc.Note && n.Name == "stop" {
			note(n, newSentence("Stop "+b.words(n.Children...), n.Line))
			return false
		}
		if n.Kind == doc.Paragraph {
			if s, ok := find(b.sentences(n), stopForm); ok && !tellingForm.in(s) {
				note(n, s)
			}
		}
		return true
	})
	return stops
}
