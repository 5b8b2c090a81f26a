package runbook

import (
	"regexp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	disruptForm   = newForm(`\b(?:reboots?|rebooted|rebooting|power[- ]?(?:cycle|off|down)|shut ?down|wipes?|wiped|wiping|erases?|erased|destroys?|destroyed|reformat|data loss|overwrit(?:e|es|ing) (?:all|any|the|your|existing)|irreversibl\w+|cannot be undone|rebuilds?|rebuilt|rebuilding|outage|downtime|disrupt\w*|interrupt\w* (?:service|traffic)|will restart|rolling[- ](?:restart|update|upgrade|reboot)|(?:maintenance|change|downtime) window)\b`)
	upgradeForm   = newForm(`^(?:` + leadWords + `)*(?:upgrade|downgrade|rebuild|reboot|restart|perform (?:and \w+ )?(?:the |an? )?(?:actual )?(?:[\w-]+ ){0,3}(?:upgrade|downgrade|reboot)\b|wipe|erase|prune|purge|reset (?:the |all |each )*(?:[\w-]+ ){0,2}(?:state|cluster|database|data|node|host|server)s?\b|reinstall|re-?image|roll ?out|power cycle|shut down|decommission|pause|suspend|quiesce|halt|stop (?:the |all |any |every |your )*(?:[\w-]+ ){0,4}(?:services?|process(?:es)?|servers?|daemons?|clusters?|nodes?|instances?|applications?|workloads|containers?|pods?|databases?)|run the (?:installer|(?:[\w-]+ ){0,3}(?:installation|restore|upgrade|update|rollback|recovery|removal) (?:script|playbook|program))|(?:apply|activate) (?:the |an? )?(?:[\w-]+ ){0,3}(?:strategy|upgrade)\b|disable (?:the |all |any )*(?:[\w-]+ ){1,4}services\b|scale (?:(?:the |all |your |each )*(?:[\w-]+ ){1,4})?(?:down\b|to (?:zero|0)\b)|(?:flash|burn)\b|(?:install|apply|load|write) (?:the |all |any |each |every |new |latest |pending |available |required |software |security )*(?:[\w-]+ )?(?:firmware|updates?|patch(?:es)?)\b|lock (?:the |each |every )?(?:[\w-]+ )?(?:host|node|server|machine)\b|update (?:the |all |any |other |your )*(?:[\w-]+ ){0,3}(?:packages|services?|agents?|components|software|firmware|bios|bmc|uefi|instances|nodes|hosts|servers|daemons?|infrastructure|cluster|deployments?|daemon ?sets?|stateful ?sets?|operators?|controllers?|drivers?|plugins?))\b`)
	toolsForm     = newForm(`\b(?:upgrad|updat|reinstall)\w+ (?:the |your |all )*(?:[\w.-]+ ){0,3}(?:cli|utility|utilities|command[- ]line tools?|control host|workstation|virtual environments?|rbac|resource definitions|crds?|manifests?|repository|repositories)\b`)
	upgradingForm = newForm(`\bthe following (?:commands?|steps|scripts?) (?:will )?(?:removes?|deletes?|wipes?|stops?|reboots?|restarts?|upgrades?)\b|\b(?:to|must|need to|want to|have to)(?: be| additionally| also| then| now)? (?:upgraded?|downgraded?|rebooted?|reboot|rebuild|reinstall|reimage|wiped?|erased?|purged?|pruned?|decommission)\b`)
	changingForm  = newForm(`\bto (?:update|apply|remove|delete|clear|flash) [^.:]*\b(?:packages|services?|firmware|kernel|data|changes?|configuration|settings|strategy|plan|updates|patches)\b|\b(?:to|can|could|must|should) (?:update|upgrade) (?:the |all |only |a |an |any |each |single )*(?:[\w-]+ ){0,2}(?:hosts?|nodes?|servers?|infrastructure|cluster|databases?|control plane|agents?|services?|daemons?|software|packages?|instances?|operators?|controllers?|drivers?|kernel|firmware|platform|installation|process(?:es)?)(?:$|[^\w -]| [^\w]| (?:` + behindNoun + `)\b)`)
	deleteForm    = newForm(`(?:^(?:` + leadWords + `)*|\b(?:to|can) )\b(?:delete|remove|drop|destroy|format) (?:the |all |any |each |every |your |old |new |existing |affected |this |that |these |those )*((?:[\w/-]+ ){0,3}(?:files|data|metadata|databases?|nodes?|hosts?|servers?|volumes?|partitions?|disks?|file ?systems?|pods?|containers?|instances?|members?|deployments?|namespaces?|clusters?|pools?|services?|vms?|machines?|packages?|osds?|keys?))(?:$|[^\w -]| [^\w]| (?:` + behindNoun + `)\b)`).where(usedByOthers)
	besideForm    = newForm(`\b(?:from|of|on|in|for|to|with) `)
	returnForm    = newForm(`\b(?:from|out of) (?:the |its |your )?(?:[\w-]+ )?(?:maintenance|quarantine|standby|configuration|config|list|files?|inventory|templates?|dashboards?|monitoring)\b`)
	restoreForm   = newForm(`(?:^(?:` + leadWords + `)*|\bto )\brestore (?:the |a |an |your |all |any |each )*(?:[\w-]+ ){0,4}(?:databases?|data|backups?|clusters?|systems?|platform|controllers?)\b|\b(?:may|can|should|must|will)(?: now| then| safely)* be restored\b`)
	askingForm    = newForm(`\b(?:which|what|how|whether|where|when) (?:\w+ ){0,3}to (?:upgrade|downgrade|reboot|rebuild|reinstall|reimage)\b`)
	updatingForm  = newForm(`^(?:` + leadWords + `)*(?:to )?(?:run|invoke|execute|perform|start|begin|initiate|launch|trigger) (?:and \w+ )?(?:the |an? )?(?:[\w-]+ ){0,2}(?:updates?|upgrades?|rollbacks?|downgrades?)(?: procedures?| process(?:es)?)?(?: (?:on|of|across)\b|[.,:]?$|, (?:run|enter|use|execute|issue)\b)`)
	consistsForm  = newForm(`\b(?:steps?|commands?|procedures?|this)\b[^.,]*\b(?:consists? (?:in|of)|involves|means) (?:upgrad|updat|reboot|restart|stopp|remov|delet|wip|reinstall)ing\b`)
	readyForm     = newForm(`\b(?:when|once) (?:you are |you're |everything is )?ready to (?:apply|proceed|deploy|roll ?out|switch|upgrade|update|cut over)\b`)
	startupForm   = newForm(`^(?:` + leadWords + `)*(?:update|change|replace|set|modify)\b[^.]*\b(?:boot (?:parameters|order|options|image)|kernel parameters|boot ?loader|firmware)\b`)
	handoverForm  = newForm(`\b(?:drain|evacuate|fail over|fail back|switch over|migrate|relocate)\b[^.]*\b(?:nodes?|hosts?|hypervisors?|servers?|machines?|it|them|vms|instances|workloads?|services?|resources?|master|primary|leader)\b|\b(?:trigger|force|initiate|perform|execute|request|do|run|start|cause) (?:(?:the|an?|another|manual|controlled|graceful|planned|forced|automatic|live) )*(?:[\w-]+ )?(?:fail-?over|switch-?over|fail-?back|take-?over|give-?back|hand-?over|rescheduling|live[- ]migration|evacuation|eviction)\b|\b(?:transfer|hand over|give up|relinquish) (?:the |its )?(?:[\w-]+ ){0,2}(?:leadership|leader|primary role|master role|mastership)\b|\b(?:switch|shift|redirect|reroute|cut over) (?:over )?(?:the |all |your |any )*(?:[\w-]+ ){0,2}(?:traffic|reads|writes|requests|clients|connections)\b`)
	negation      = newForm(`\b(?:no|not|without|avoid|prevent\w*|never|already|n't|does not|will not|after|once|has been|have been|was|were|may need)\b`)
)

// behindNoun are words that may stand behind the last noun of what is told to be deleted: in "remove the node label" the
// node stays.
const behindNoun = `from|of|on|in|for|to|with|and|or|that|which|by|using|you|it|is|are|has|have|was|were|before|after|if|when|once|as|at|so|then|again|permanently|via|without|one|created|used|running|currently|now|first|completely|manually|during|until|through|under|within|whose|where|while|because`

// disruptiveWords finds a sentence that says the block disrupts, where the block does more than look.
func (b *book) disruptiveWords(p *place) (*sentence, bool) {
	if p.snippet.Parsed && b.onlyPrepares(p) { // of what is no shell only the words around it can tell
		return nil, false
	}
	if b.onlyToCheck(p) {
		return nil, false
	}
	nearby := b.nearby(p)
	for _, s := range nearby {
		if ordersChange(s) && (p.snippet.Installs() == "" || upgradingForm.in(s)) {
			return s, true
		}
	}
	if s, ok := b.titledOrder(p); ok {
		return s, true
	}
	for _, s := range with(with(nearby, b.warned(p)), b.warnedByName(p)) {
		if warns(s) {
			return s, true
		}
	}
	return b.aftermath(p, aftermathForm)
}

// checkFirst is an order to check, or gives that as the purpose.
var checkFirst = newForm(`^(?:` + leadWords + `)*(?:to )?(?:(?:re-?|double[- ])?check|verify|confirm|validate)\b`)

// onlyToCheck says whether the words right before a block end in an order to check, and nothing is known by which it changes anything.
func (b *book) onlyToCheck(p *place) bool {
	n := b.introNode(p)
	return n != nil && b.endsWith(n, checkFirst) && p.snippet.Changes() == ""
}

// discardForm orders to delete something, whatever it is, or to take down a file system or a machine.
var discardForm = newForm(`^(?:` + leadWords + `)*(?:(?:delete|destroy) (?:the |all |any |each |every |your |old |new |existing |affected |this |that |these |those )*([\w/.-]+)|u(?:n)?mount (?:the |all |any |each |every |your )*([\w/.-]+)|shutdown\b)`).where(func(_ *sentence, told []string) bool {
	return !harmlessNoun().MatchString(told[1])
})

// harmlessNoun is what may be deleted without anybody's loss.
var harmlessNoun = doc.Pattern(`(?i)^(?:labels?|annotations?|taints?|locks?|lines?|entr(?:y|ies)|comments?|flags?|aliases|tags?|temporary|test|caches?|cached|logs?|unused|empty|copies|copy|it|them|one)$`)

// maintenanceForm orders to take something out of use for work on it.
var maintenanceForm = newForm(`(?:^(?:` + leadWords + `)*|\bto )(?:put|place|set|switch|bring|enter|enable)\b[^.]*\bmaintenance(?: mode)?\b`)

// ordersChange says whether a sentence orders, or gives as the purpose of a command, what takes a machine or a service from its users.
func ordersChange(s *sentence) bool {
	if toolsForm.in(s) || askingForm.in(s) {
		return false
	}
	if upgradeForm.in(s) || maintenanceForm.in(s) || discardForm.in(s) || deleteForm.in(s) || restoreForm.in(s) || upgradingForm.in(s) || changingForm.in(s) || updatingForm.in(s) || consistsForm.in(s) || readyForm.in(s) || startupForm.in(s) {
		return true
	}
	return leadClause.in(s) && upgradeForm.MatchString(leadClause.ReplaceAllString(s.plain, ""))
}

// titledOrder is the title of a block's section where it orders what takes a machine or a service from its users, and the
// block is what carries it out.
func (b *book) titledOrder(p *place) (*sentence, bool) {
	section := b.sectionOf(p.step)
	if section < 0 || !p.snippet.CarriesOut() && !b.runsWhole(p) || b.ownOrder(p) {
		return nil, false
	}
	s := newSentence(numbering().ReplaceAllString(b.Steps[section].Title, ""), b.Steps[section].Line)
	return s, ordersChange(s)
}

// ownOrder says whether a block stands in one of several steps of its section and does what that step says: not all that
// the section is about.
func (b *book) ownOrder(p *place) bool {
	if p.step < 0 || b.sources[p.step].section || b.sources[p.step].unlisted {
		return false
	}
	lead := b.lead(p.step)
	return len(lead) > 0 && (commanded(lead[0]) || orders(lead[0])) && !onlyRuns(lead[:1]) && !carriesForm.in(lead[0])
}

// carriesForm orders what carries out all that was prepared.
var carriesForm = newForm(`^(?:` + leadWords + `)*(?:run|execute|apply|deploy|perform|start|launch|converge|invoke|activate)\b`)

var wholeForm = newForm(`\b(?:run|execute|launch|start) (?:the|this) (?:(?:following|below|above) )?(?:script|playbook)\b`)

// runsWhole says whether the words right before a block order to run a script that does all of what its section is about.
func (b *book) runsWhole(p *place) bool {
	n := b.introNode(p)
	if n == nil {
		return false
	}
	all := b.sentences(n)
	_, ok := find(all, wholeForm)
	return ok
}

// numbering is what stands before the words of a title: "1.2 ", "Step 3: ".
var numbering = doc.Pattern(`^(?:Step )?\d+(?:\.\d+)*[.:)]?\s+`)

// usedByOthers says whether what a sentence tells to delete is something that others use, not something on it or about it.
func usedByOthers(s *sentence, told []string) bool {
	return !returnForm.in(s) && !besideForm.MatchString(told[1])
}

// sparing speaks of disruption that is made less.
var sparing = newForm(`\b(?:(?:reduc|minimi[sz]|mitigat)\w+|depending on)\b`)

// beforehandForm says only when something is done: before what disrupts, which is not done here, or whenever it happens.
var beforehandForm = doc.Pattern(`(?i)\b(?:(?:if|when|whenever|each time|every time|next time) (?:[\w-]+ ){1,4}(?:reboots|restarts|is rebooted|are rebooted|reboot|shuts down)\b|(?:before|prior to|after|on|upon|across|during|between|until|at|survives?|following|since) (?:(?:the|a|an|any|your|its|each|every|next|subsequent|boot and) )*(?:[\w-]+ )?(?:reboots?|rebooting|power[- ]?(?:cycle|off|down)|powering (?:off|down)|shut ?down|shutting down|wiping|erasing|destroying|rebuild(?:ing)?|upgrades?|upgrading|restart(?:ing)?|outage|downtime)\b)`)

// doneForm names a machine by what was done to it, plannedForm by what is planned for it.
var (
	doneForm    = doc.Pattern(`(?i)\b(?:the|an?|newly|each|this|that|any|your) (?:newly )?(?:(?:rebuilt|rebooted|wiped|erased|destroyed) [\w-]+|rebuild (?:node|host|server|machine)s?)`)
	plannedForm = doc.Pattern(`(?i)\b(?:for|of|to|on|from|about) (?:the|an?|each|any) (?:[\w-]+ ){1,3}(?:to be|being) (?:rebooted|shut ?down|rebuilt|wiped|erased|destroyed|powered (?:off|down)|restarted)\b`)
)

// warns says whether a sentence speaks of disruption, not of its absence and not by what a file is called.
func warns(s *sentence) bool {
	if !disruptForm.in(s) || announcesForm.in(s) {
		return false
	}
	text := quotedWords().ReplaceAllString(names().ReplaceAllString(s.plain, " "), " ")
	for _, beside := range []func() *regexp.Regexp{beforehandForm, doneForm, plannedForm} {
		text = beside().ReplaceAllString(text, " ")
	}
	return disruptForm.MatchString(text) && !negation.MatchString(text) && !sparing.in(s)
}

// announcesForm only speaks of a disruption to somebody, or of one to come; quotedWords are what somebody else says.
var (
	announcesForm = newForm(`^(?:please )?(?:declare|announce|notify|inform|tell|communicate|advise|warn|book|agree)\b|\b(?:future|planned|upcoming|scheduled) (?:outage|downtime|maintenance|change|reboot)`)
	quotedWords   = doc.Pattern(`["“][^"”]*["”]`)
)

// ordersHandover finds an order to move what runs on a machine to another.
func (b *book) ordersHandover(p *place) (*sentence, bool) {
	if b.onlyPrepares(p) {
		return nil, false
	}
	if s, ok := b.aftermath(p, movingForm); ok {
		return s, true
	}
	for _, s := range b.nearby(p) {
		if handoverForm.in(s) && commanded(s) && !negation.MatchString(handoverForm.FindStringSubmatch(s.plain)[0]) {
			return s, true
		}
	}
	return nil, false
}

// onlyPrepares says whether a block looks, tries or fills variables, and changes nothing.
func (b *book) onlyPrepares(p *place) bool {
	if !p.judged {
		p.judged, p.prepares = true, p.snippet.OnlyEnters() || !p.snippet.Parsed || onlyAssigns(p) || b.orderedTrial(p)
	}
	return p.prepares
}

// names are words that are file names, paths or identifiers: what they are called says nothing of what is done.
var names = doc.Pattern(`\S*(?:[_/]|\.\w|-\w+-)\S*`)

// nearby is the step's own first words and those right before the block.
func (b *book) nearby(p *place) []*sentence {
	if p.close == nil {
		p.close = b.saidNearby(p)
	}
	return p.close
}

func (b *book) saidNearby(p *place) []*sentence {
	all := []*sentence{}
	n := b.leadNode(p)
	if n != nil && n.Kind == doc.Paragraph {
		all = with(all, b.sentences(n))
		if at := slices.Index(p.among, n); at > 0 && p.among[at-1].Kind == doc.Paragraph && len(all) > 0 && exampleOnly.in(all[len(all)-1]) {
			all = append(all, b.sentences(p.among[at-1])...)
		} else if onlyNames(all) {
			all = append(all, b.beforeNames(p.among[:max(at, 0)])...)
		}
	} else if section := b.sectionOf(p.step); n == nil && p.at == 0 && section >= 0 {
		all = append(all, b.titled(section))
	}
	if s := remarkIn(p); s != nil {
		all = append(all, s)
	}
	if p.step >= 0 && !b.sources[p.step].section && !b.laterBlock(p) {
		all = append(all, b.lead(p.step)...)
		if parent := b.Steps[p.step].Parent; parent >= 0 && !b.sources[parent].section && (onlyRuns(b.lead(p.step)) || onlyNames(b.lead(p.step))) {
			all = append(all, b.lead(parent)...)
		}
	}
	return all
}

// namesForm is words that only say for which system, place or case the next block is, each with a capital: "Debian, Ubuntu:".
var namesForm = doc.Pattern(`^(?:(?:[Oo]n|[Ff]or|[Uu]sing|[Ww]ith|[Ii]n|[Ii]f) [\w ./,+-]{2,40}|[A-Z0-9][\w.+-]*(?:[ ,/&|]+(?:and|or|[A-Z0-9][\w.+-]*)){0,5}):?$`)

// onlyNames says whether words are such a name and nothing else.
func onlyNames(all []*sentence) bool {
	return len(all) == 1 && !strings.HasSuffix(all[0].plain, ".") && namesForm().MatchString(all[0].plain) && !commanded(all[0])
}

// beforeNames is what was said before the first of several blocks that each have such a name.
func (b *book) beforeNames(before []*doc.Node) []*sentence {
	for _, n := range slices.Backward(before) {
		switch all := b.sentences(n); {
		case n.Kind == doc.Code || n.Kind == doc.Paragraph && onlyNames(all):
		case n.Kind == doc.Paragraph && len(all) > 0 && strings.HasSuffix(all[len(all)-1].plain, ":"):
			return all
		default:
			return nil
		}
	}
	return nil
}

var runsForm = newForm(`^(?:then )?(?:invoke|run|issue|execute|enter|type)\b[^.,]*:?$`)

// onlyRuns says whether a step says no more than that something is run: what for is said by the one around it.
func onlyRuns(lead []*sentence) bool { return len(lead) == 1 && runsForm.in(lead[0]) }

// remarkIn is the comment that a block begins with, where it is written as a sentence.
func remarkIn(p *place) *sentence {
	line := firstLine(strings.TrimSpace(p.text))
	if words, ok := strings.CutPrefix(line, "# "); ok && startsNew(words) {
		return newSentence(words, p.node.Line)
	}
	return nil
}

// aftermathForm says what a command does to machines or services beyond what it was run for.
var aftermathForm = newForm(`^(?:\w+ing (?:the |a |an )?[\w-]+|(?:this|the)(?: (?:command|action|step|operation|playbook|script|process|procedure|host|node|server|machine|controller|system|switch|service|cluster))?|it|they)\b[^.]*\b(?:(?:forces?|causes?|triggers?|initiates?|results? in|leads? to|involves?)\b[^.]*\b(?:reboot|restart|reset|reinstall\w*|outage|downtime|shutdown)|(?:is|are|will|will be|gets?)(?: then| now| automatically)? (?:reboot\w*|restart\w*|re-?install\w*|reset|re-?imaged?|shut down|powered off|taken offline|wiped|erased))\b`)

// movingForm says that by a command something changes its machine.
var movingForm = newForm(`^(?:this|it|the command)\b[^.]*\b(?:causes?|makes?|forces?)\b[^.]*\bto (?:move|fail ?over|relocate|migrate|switch)\b|^(?:this|it|the command) (?:moves|relocates|migrates|fails over)\b`)

// aftermath is a sentence right behind a block that says what it brings about.
func (b *book) aftermath(p *place, form *form) (*sentence, bool) {
	if p.at+1 >= len(p.among) || p.among[p.at+1].Kind != doc.Paragraph {
		return nil, false
	}
	s, ok := find(b.sentences(p.among[p.at+1]), form)
	return s, ok && !denied.in(s)
}

// denied says that something does not happen.
var denied = newForm(`\b(?:no|not|never|without|n't|avoid\w*|prevent\w*)\b`)

// warned is what the notes above a block say, back to the block or heading before it, and a warning right below it.
func (b *book) warned(p *place) []*sentence {
	var all []*sentence
	for i := p.at - 1; i >= 0; i-- {
		n := p.among[i]
		if n.Kind == doc.Heading || b.runsAt(n) {
			break
		}
		if n.Kind == doc.Note || n.Kind == doc.Quote {
			all = append(all, b.sentences(n)...)
		}
	}
	if p.at+1 < len(p.among) && p.among[p.at+1].Kind == doc.Note && slices.Contains([]string{"warning", "danger", "caution"}, p.among[p.at+1].Name) {
		all = append(all, b.sentences(p.among[p.at+1])...)
	}
	return all
}

// warnedByName is what the notes of a block's section, before it, say that speak of the block's command by its name.
func (b *book) warnedByName(p *place) []*sentence {
	section := b.sectionOf(p.step)
	if section < 0 || b.sources[p.step].section {
		return nil
	}
	for _, n := range b.sources[section].inside {
		if n.Line >= p.node.Line {
			break
		}
		if (n.Kind == doc.Note || n.Kind == doc.Quote) && b.namesCommand(n, p.text) {
			return b.sentences(n)
		}
	}
	return nil
}

// namesCommand says whether a node writes as code, or links, the words, two at least, that a text begins with.
func (b *book) namesCommand(n *doc.Node, text string) bool {
	found := false
	doc.Walk([]*doc.Node{n}, func(n *doc.Node) bool {
		for _, span := range n.Spans {
			name := strings.TrimSpace(span.Text)
			found = found || (span.Style == doc.Literal || span.Style == doc.Link) && strings.Contains(name, " ") && (text == name || strings.HasPrefix(text, name+" "))
		}
		return !found
	})
	return found
}

func onlyAssigns(p *place) bool {
	for _, c := range p.snippet.Calls {
		if !c.Piped {
			return false
		}
	}
	return true
}
