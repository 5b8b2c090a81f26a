package runbook

import (
	"cmp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

const (
	// machine is how a text names one machine: by its name written as code, or as node 1, the second node.
	machine = `([a-z][\w.-]*\d[\w.-]*(?:\([\d/]+\))?(?:/\d+)*|(?i:node|server|host|controller|member) (?:\d+|[A-Z]\b))`
	// role is how it names one by what it does: the backup server, each storage node. The words before the noun are its name.
	role = `(?:the |an? |any |your )?((?:(?:each|every|all|only one|one|both) )?(?:of )?(?:the |your )?(?:[\w-]+ ){1,2}(?:nodes?|servers?|hosts?|machines?|workstations?|vms?|controllers?)|(?:(?:current|old|new|former) )?(?:leader|primary|standby|master)(?: (?-i:[A-Z]{2,5}\b))?)`
	// errands are what is run: the following commands, this script.
	errands = `(?: (?:the|this|these|those|all|both|following|below|above|next|same|commands?|command[- ]lines?|statements?|quer(?:y|ies)|sql|cql|code|functions?|tools?|utility|client|steps?|scripts?|procedures?|playbooks?|block|section|it|them|of|in|from|rest|actions?|tasks?|only|once))*`
)

var (
	commentOn  = newForm(`^#+\s*(?:on|from) (?-i:` + machine + `)\s*:?\s*$`)
	remarkOn   = newForm(`^#+\s*(?:(?:run|execute|do)(?: this| these| the following)? )?(?:on|from) (.*)$`)
	runOn      = newForm(`\b(?:run|executed?|performed?|issued?|done|entered|commands?|must be (?:run|executed|performed))\b[^.]*?\b(?:on|from) (?:the )?(?-i:` + machine + `)`)
	onRun      = newForm(`\b(?:on|from) (?:the )?(?-i:` + machine + `), (?:then )?(?:run|execute|issue|enter|type|use|perform|do)\b`)
	headDo     = newForm(`^(?:then |next |now )?(?:on|from) (?:the )?(?-i:` + machine + `), (?:then )?(?:check|verify|see|look|list|show|display|stop|start|restart|reboot|create|delete|remove|edit|copy|set|get|ensure|confirm|monitor|wait|ping|update|upgrade|install|enable|disable|apply|add|make|open|back up|restore)\b`)
	runOnRole  = newForm(`\b(?:run|use|(?:by |before )(?:running|executing|using|issuing|performing|entering|typing)|executed?|performe?d?|issued?|entered?|typed?|done)` + errands + ` (?:on|from|in) ` + role + `\b`).where(whole)
	runningOn  = newForm(`\((?:run|running|executed|executing|issued)` + errands + ` (?:on|from) (?:the )?(?-i:` + machine + `)\)`)
	runEnd     = newForm(`^(?:` + leadWords + `)*(?:run|execute|issue|enter|type)\b[^.,]*? (?:on|from) ` + role + `[:.]?$`).where(whole)
	atHead     = newForm(`^(?:then |next |and |now )?(?:on|from) (?:the )?(?-i:` + machine + `):$`)
	stepOn     = newForm(`\b(?:commands?|steps?|scripts?|procedures?|tasks?|actions?) (?:is|are|must be|should be|has to be|have to be|need to be|needs to be|can only be) (?:run|executed|performed|done|issued|carried out) (?:only )?(?:on|from) (?:the |an? |your )?((?:[\w|-]+ ){0,2}[\w|-]+)(?: (?:that|which|where|you)\b|[.,:;]|$)`)
	madeOn     = newForm(`\b(?:for|on|from) ((?:each|every|all)(?: of)?(?: the| your)? (?:[\w-]+ ){0,2}(?:nodes?|servers?|hosts?|machines?|members?|controllers?))\b`)
	shellOn    = newForm(`\b(?:from|in|at|open|using|start) (?:the |a )?(?:[\w-]+ )?(?:shell|terminal|console|client|command line|command prompt)(?: session)? (?:on|of) (?:the |an? )?((?:each |every )?(?:[\w-]+ ){0,2}(?:node|server|host|system|machine|controller)|(?:each |every )?[\w-]+)\b`)
	loginTo    = newForm(`^(?:[^.,]*, )?(?:then )?\b(?:log ?in|login|log ?on|ssh|connect)(?: via ssh| as (?:the )?\S+(?: user)?)* ?(?:in|on)?to (?:the )?(?:.* address of )?(?:first |second |other )?(?:[\w ]+ \()?(?-i:` + machine + `)`)
	loginOn    = newForm(`^(?:[^.,]*, )?\blog ?in as \S+ on (?:the )?(?:[\w ]+ \()?(?-i:` + machine + `)`)
	loginRole  = newForm(`^(?:then )?(?:log ?in|login|log ?on|ssh|connect)(?: via ssh| as (?:the )?\S+(?: user)?)* ?(?:in|on)?to ` + role + `\b`).where(whole)
	possibly   = newForm(`\b(?:(?:could|may|might)(?: also)?|can also) be (?:run|executed|performed|issued)\b`)
	loginOther = newForm(`^(?:[^.,]*, )?(?:then )?(?:log ?in|login|log ?on|ssh)\b[^.]*\b(?:in|on)?to (?:the|an?|one of|any) [^.]*\b(?:node|server|host|machine)s?\b`)
	loginRun   = newForm(`\b(?:log ?in|login|log ?on|ssh|connect|switch)(?:in|on)? ?(?:in|on)?to (?:the )?(?-i:` + machine + `) (?:to|and|before you|in order to) (?:run|running|execute|issue|enter|do)\b`)
	windowForm = newForm(`^in (?:the |a )?((?:first|second|third|other|new|original|same) (?:window|terminal|shell|session|tab))\b`)
)

// notByName are words that tell a machine from others only by where the operator is in the work, so that they name none.
var notByName = strings.Fields(`same other another new target given current affected following remote this that all one first second third next last
	previous upgraded updated local specific single respective corresponding appropriate relevant desired selected chosen particular different old original
	to on or and in with for from a an the your its their healthy failed faulty rebooted running remaining nominated more most both such is be
	linux windows ubuntu debian fedora rhel centos macos of you are correct right wrong only same-named multiple each-other`)

// eras tell one of two machines with the same part in the work: the new front server, where there is an old one.
var eras = strings.Fields("new old previous original first second")

// roleName is a role without its article, "" when its words name nobody.
func roleName(words string) string {
	name := strings.TrimPrefix(strings.ToLower(words), "only ")
	switch quantity, of, _ := strings.Cut(name, " "); quantity {
	case "each", "every":
		return "each " + strings.Replace(of, "of the ", "", 1)
	case "all", "both":
		return quantity + " " + strings.TrimPrefix(strings.TrimPrefix(of, "of "), "the ")
	case "one":
		if strings.Contains(of, " ") {
			return name
		}
	}
	fields, plural := strings.Fields(words), strings.HasSuffix(words, "s")
	for len(fields) > 2 && !plural && contained(notByName, fields[0]) && !contained(eras, fields[0]) {
		fields = fields[1:]
	}
	kept := fields[:len(fields)-1]
	if len(kept) > 1 && (plural || contained(eras, kept[0])) {
		kept = kept[1:]
	}
	if slices.ContainsFunc(kept, func(word string) bool { return contained(notByName, word) }) {
		return ""
	}
	return strings.Join(fields, " ")
}

func contained(all []string, word string) bool {
	for _, one := range all {
		if strings.EqualFold(one, word) {
			return true
		}
	}
	return false
}

// commentHost is the machine that a block's first remark names as where it is run, unless a later one names another.
func (b *book) commentHost(text string) string {
	first, more, _ := strings.Cut(strings.TrimSpace(text), "\n")
	host := b.remarkedHost(first)
	if host == "" || slices.ContainsFunc(strings.Split(more, "\n"), func(line string) bool { return b.remarkedHost(line) != "" }) {
		return ""
	}
	return host
}

func (b *book) remarkedHost(line string) string {
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "#") {
		return ""
	}
	if m := commentOn.FindStringSubmatch(line); m != nil {
		return m[1]
	}
	if m := remarkOn.FindStringSubmatch(line); m != nil {
		if where, ok := b.locate(m[1], kinds); ok && strings.Trim(where.rest, ":.; ") == "" {
			return where.host
		}
	}
	return ""
}

// saidHost looks for "must be run on NAME" in the words right before a block and at the head of the items around it, and
// for "log in to NAME to run it" right behind it.
func (b *book) saidHost(p *place) (string, int) {
	if n := b.introNode(p); n != nil {
		if host, line := b.runsOn(n, p); host != "" {
			return host, line
		}
		for _, s := range b.beforeExample(p, n) {
			if host := b.placedBy(s, p); host != "" {
				return host, s.line
			}
		}
	}
	if host, line := b.saidBehind(p); host != "" {
		return host, line
	}
	if host, line := b.saidOfRow(p); host != "" {
		return host, line
	}
	for step := p.step; step >= 0 && !b.sources[step].section; step = b.Steps[step].Parent {
		for _, n := range nearby(b.sources[step].inside) {
			if n.Line >= p.node.Line {
				break
			}
			if n.Kind != doc.Paragraph {
				continue
			}
			if host, line := b.runsOn(n, p); host != "" {
				return host, line
			}
		}
	}
	return "", 0
}

// saidBehind reads the note or paragraph right behind a block.
func (b *book) saidBehind(p *place) (string, int) {
	if p.at+1 >= len(p.among) {
		return "", 0
	}
	for _, s := range b.sentences(p.among[p.at+1]) {
		if loginRun.in(s) {
			return strings.TrimRight(loginRun.FindStringSubmatch(s.plain)[1], ".,"), s.line
		}
	}
	return "", 0
}

// runsOn is where a paragraph says that what follows is run.
func (b *book) runsOn(n *doc.Node, p *place) (string, int) {
	for _, s := range b.sentences(n) {
		if host := b.placedBy(s, p); host != "" {
			return host, s.line
		}
		if n == b.introNode(p) && madeOn.in(s) && commanded(s) && len(p.snippet.Placeholders) == 0 && len(p.snippet.Reads) == 0 && p.snippet.ActsHere() {
			return roleName(madeOn.FindStringSubmatch(s.plain)[1]), s.line
		}
	}
	return "", 0
}

// saidOfRow is where the words before a row of blocks say that all of it is run: nothing but code, and names of the systems
// that each is for, stands between them.
func (b *book) saidOfRow(p *place) (string, int) {
	passed := false
	for at := p.at - 1; at >= 0; at-- {
		n := p.among[at]
		switch {
		case n.Kind == doc.Code:
			passed = true
			continue
		case n.Kind == doc.Paragraph && namesSystem.MatchString(b.words(n)):
			continue
		case n.Kind != doc.Paragraph || !passed:
			return "", 0
		}
		all := b.sentences(n)
		for _, s := range all[max(0, len(all)-1):] {
			if host := b.placeOf(s); host != "" {
				return host, s.line
			}
		}
		return "", 0
	}
	return "", 0
}

// namesSystem is no more than the name of the system that what follows is for: "Debian/Ubuntu:".
var namesSystem = newForm(`^(?:(?:on|for|or,?) )?(?:[\w/, -]*\b(?:centos|rhel|red hat|debian|ubuntu|fedora|suse|sles|rocky|alma|oracle|linux|systemd|sysv\w*|upstart|docker|podman)\b[\w/, .-]*)(?: systems| users| hosts)?:?$`)

// placedBy is the machine on which a sentence says that the block it leads to is run.
func (b *book) placedBy(s *sentence, p *place) string {
	if host := b.placeOf(s); host != "" && !(ofMany(host) && p.snippet.Fans()) {
		return host
	}
	return cmp.Or(b.orderedOn(s, p), b.atEndOf(s, p))
}

// placeOf is the machine on which a sentence says that something is run, whatever that is.
func (b *book) placeOf(s *sentence) string { return cmp.Or(b.atHeadOf(s), saidIn(s), b.opposed(s)) }

// saidIn is the machine on which a sentence tells to run something.
func saidIn(s *sentence) string {
	if strings.Contains(s.text, "not running") || forbidden.in(s) {
		return ""
	}
	if !strings.HasPrefix(s.text, "If ") {
		for _, form := range []*form{runningOn, runOn, onRun, headDo, atHead} {
			if !form.in(s) {
				continue
			}
			if m := form.FindStringSubmatch(s.plain); !strings.Contains(m[0], " to ") && !supposed(s.plain, m[0]) && !system().MatchString(m[1]) { // what is run to do something there may run elsewhere
				return strings.TrimRight(m[1], ".,")
			}
		}
		for _, form := range []*form{runOnRole, runEnd} {
			if form.in(s) && !possibly.in(s) {
				m := form.FindStringSubmatch(s.plain)
				if name := roleName(m[1]); name != "" && (form != runEnd || !strings.Contains(m[0], " to ")) {
					return name
				}
			}
		}
	}
	if stepOn.in(s) {
		if words := stepOn.FindStringSubmatch(s.plain)[1]; !noMachine.MatchString(words) && roleName(words) != "" {
			return roleName(words)
		}
	}
	if shellOn.in(s) {
		words := shellOn.FindStringSubmatch(s.plain)[1]
		if fields := strings.Fields(words); len(fields) > 1 || !contained(notByName, words) && !contained(bareNouns, words) {
			return words
		}
	}
	return ""
}

// system is the name of an operating system and its version, or of a version alone, which looks like that of a machine.
var system = doc.Pattern(`^(?:rhel|centos|el|ol|ubuntu|debian|fedora|sles|rocky|alma|alpine|windows|macos|v)[\d.]+$`)

// forbidden says where something is not run.
var forbidden = newForm(`\b(?:cannot|can't|can not|must not|mustn't|should not|shouldn't|may not|do not|don't|never) (?:be )?(?:run|executed?|performe?d?|done|issued?|used?)\b`)

// supposed says whether a part of a sentence stands in a clause that begins with "if" or "when".
func supposed(text, part string) bool {
	before := strings.ToLower(text[:strings.Index(text, part)])
	at := max(strings.LastIndex(before, "if "), strings.LastIndex(before, "when "))
	return at >= 0 && !strings.Contains(before[at:], ",")
}

// whole says whether a role of one word is no part of a longer name: "the primary", not "the primary balancer".
func whole(s *sentence, found []string) bool {
	role := found[1]
	_, rest, _ := strings.Cut(s.plain, role)
	word, _, _ := strings.Cut(strings.TrimPrefix(rest, " "), " ")
	return strings.Contains(role, " ") || !strings.HasPrefix(rest, " ") || contained(besideRole, strings.Trim(word, ".,;:()"))
}

// besideRole are words that go on behind who is meant.
var besideRole = strings.Fields("and or to as using with via first then before again that which you we in of at by on for only so until once after while if")

// statesHow begins like a statement: "traffic is", "services run".
var statesHow = doc.Pattern(`^\S+ (?:is|are|was|were|has|have|had|will|can|could|should|would|may|might|must|does|do|did|looks?|shows?|runs?) `)

func startsBig(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// noMachine are the last words of where something is done that is no machine.
var noMachine = newForm(`\b(?:clusters?|systems?|lines?|prompts?|terminals?|shells?|consoles?|files?|data|databases?|pages?|screens?|following|same|fly|side|hand|basis|own)$`)

// bareNouns name no machine by themselves.
var bareNouns = strings.Fields("node server host machine system computer cluster")

// keeper is a machine that a sentence says some files are on.
type keeper struct {
	host  string
	paths []string
	line  int
}

var (
	keptOn   = newForm(`\b(?:saved|stored|written|placed|found|located|created|kept|copied|generated)\b[^.]*\bon ` + role + `\b`)
	pathForm = doc.Pattern(`(?:~|/)[\w.-]*(?:/[\w.-]+)+`)
)

// keepers finds where files are said to be, by section.
func (b *book) keepers() map[int][]keeper {
	all := map[int][]keeper{}
	for i := range b.Steps {
		for _, n := range b.sources[i].inside {
			if n.Kind != doc.Paragraph {
				continue
			}
			for _, s := range b.sentences(n) {
				if !keptOn.in(s) {
					continue
				}
				paths := pathForm().FindAllString(s.plain, -1)
				if host := roleName(keptOn.FindStringSubmatch(s.plain)[1]); host != "" && len(paths) > 0 {
					section := b.sectionOf(i)
					all[section] = append(all[section], keeper{host, paths, s.line})
				}
			}
		}
	}
	return all
}

// keeperOf is the machine that holds the files a later block of the same section works on.
func (b *book) keeperOf(kept map[int][]keeper, p *place) (string, int) {
	all := kept[b.sectionOf(p.step)]
	for i := len(all) - 1; i >= 0; i-- {
		k := all[i]
		if k.line > p.node.Line {
			continue
		}
		for _, path := range k.paths {
			if strings.Contains(p.text, path) || strings.Contains(p.text, path[:strings.LastIndexByte(path, '/')+1]+"{") {
				return k.host, k.line
			}
		}
	}
	return "", 0
}

// sectionOf is the innermost section a step stands in, -1 at the top.
func (b *book) sectionOf(step int) int {
	for step >= 0 && !b.sources[step].section {
		step = b.Steps[step].Parent
	}
	return step
}

// sectionEnd is the last line of the innermost section a step stands in, 0 at the top.
func (b *book) sectionEnd(step int) int {
	if section := b.sectionOf(step); section >= 0 {
		return b.Steps[section].End
	}
	return 0
}

var topicForm = newForm(`^(?:the )((?:[\w-]+ ){1,2}(?:server|host|machine|node)) (?:upgrade|update|migration|installation|configuration|backup|setup|replacement|preparation) (?:can|is|will|must|should|may|has|does|needs)\b`)

// topics are the sections whose first words say that the work of the section is that of one machine.
func (b *book) topics() map[int]*sentence {
	topics := map[int]*sentence{}
	for i := range b.Steps {
		if !b.sources[i].section {
			continue
		}
		if s, ok := find(b.opening(i), topicForm); ok {
			topics[i] = s
		}
	}
	return topics
}

// opening is what a section says before its first code or list, notes left out.
func (b *book) opening(i int) []*sentence {
	nodes := b.sources[i].inside
	if body := b.Steps[i].Body; len(body) > 0 && body[0].Kind == StepItem && b.sources[body[0].Index].unlisted {
		nodes = b.sources[body[0].Index].inside
	}
	var all []*sentence
	for _, n := range nodes {
		if n.Kind == doc.Note {
			continue
		}
		if n.Kind != doc.Paragraph {
			break
		}
		all = append(all, b.sentences(n)...)
	}
	return all
}

// topicOf is the machine that the sections around a block are about.
func (b *book) topicOf(topics map[int]*sentence, p *place) (string, int) {
	for step := p.step; step >= 0 && len(topics) > 0; step = b.Steps[step].Parent {
		if s, ok := topics[step]; ok {
			return roleName(topicForm.FindStringSubmatch(s.plain)[1]), s.line
		}
	}
	return "", 0
}
