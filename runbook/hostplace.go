package runbook

import (
	"cmp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// locality is where a part of a sentence says that something is done: "the new build server, ", "each node that you drained".
type locality struct {
	host string // its name, "" where it is told by nothing that others know it by
	rest string // what the sentence goes on with
}

// kinds are the nouns for what commands are run on, and inner for what they are run in. A word before them, or a clause behind, says which.
var (
	kinds = machineNouns(`node server host machine workstation vm controller system computer box laptop instance hypervisor member client replica peer
		worker master slave leader follower primary secondary standby console bastion gateway proxy broker seed undercloud director coordinator
		manager minion agent deployer jumphost jumpbox appliance frontend headnode`)
	inner = machineNouns("container pod vm zone chroot jail")
	// parts are kinds that name a machine by themselves, as there is one of it.
	parts = machineNouns("minion controller workstation hypervisor master leader primary secondary standby bastion proxy seed undercloud director coordinator deployer jumphost jumpbox headnode")
)

func machineNouns(words string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(words) {
		all[word], all[word+"s"] = true, true
		if last := word[len(word)-1]; last == 'x' {
			all[word+"es"] = true
		} else if last == 'y' {
			all[word[:len(word)-1]+"ies"] = true
		}
	}
	return all
}

// quantities begin a locality by how many are meant; articles say nothing.
var (
	quantities = doc.Pattern(`^(?i)(?:(each|every|all|both|either|another|(?:any |only |exactly )?one of|(?:any |only |exactly )?one|any(?: one)? of|any(?: one)?|a single)(?: one)?(?: of)?(?: the| your| our| these| those)?|(the|an?|your|our|this|that|these|those|its|their|some|only)) `)
	openers    = doc.Pattern(`^(?i)(?:that|which|where|whose|you|we|they|running|being|hosting|holding|containing|having|acting|used|with|in|of|to be|about to be|listed|selected|chosen|identified|going to be|currently|previously) `)
	breaks     = doc.WordSet(`to that which where with for if is are was were be has have had will can should must run execute using by from on in at as of you we it they this via
		when while then because but so than not no into onto over under per following between among across against without behind`)
	asWhom = doc.Pattern(`^(?i)(?:as|with|using) [^,:]{1,40}(?:, | (run|execute|issue|enter|type|do)\b)`)
)

// locate reads where something is done at the front of a text, up to the comma, the colon or the order behind it.
func (b *book) locate(text string, known map[string]bool) (where locality, ok bool) {
	quantity := ""
	if m := quantities().FindStringSubmatch(text); m != nil {
		quantity, text = strings.ToLower(m[1]+m[2]), text[len(m[0]):]
	}
	end := nounEnd(text, known)
	if end < 0 {
		return locality{}, false
	}
	words, rest := strings.Fields(strings.NewReplacer(",", "", "`", "").Replace(text[:end])), text[end:]
	clause := ""
	if trimmed := strings.TrimLeft(rest, " "); len(trimmed) < len(rest) && openers().MatchString(trimmed) {
		stop := clauseEnd(trimmed)
		clause, rest = trimmed[:stop], trimmed[stop:]
	}
	return locality{b.calledBy(quantity, words, clause), strings.TrimLeft(rest, " ")}, true
}

// clauseEnd is where a clause behind a noun ends: at a comma, a colon, or the order to run something.
func clauseEnd(text string) int {
	if at := clauseStop().FindStringIndex(text); at != nil {
		return at[0]
	}
	return len(strings.TrimRight(text, ". "))
}

var clauseStop = doc.Pattern(`[,:(—–]|\. | (?i:run|execute|issue|enter|type|do)(?: |:|$)`)

// nounEnd is where the noun for a machine ends that a text begins with, up to four words before it; -1 if there is none.
func nounEnd(text string, known map[string]bool) int {
	found, at, odd := -1, 0, false
	for n := 0; n < 7 && at < len(text); n++ {
		stop := strings.IndexByte(text[at:], ' ')
		if stop < 0 {
			stop = len(text) - at
		}
		word := strings.ToLower(strings.Trim(text[at:at+stop], "`*\"'“”"))
		bare := strings.TrimRight(strings.TrimSuffix(word, "(s)"), ",:.)")
		switch {
		case known[bare]:
			found = at + len(strings.TrimRight(text[at:at+stop], ",:.)"))
		case breaks[bare] || strings.ContainsAny(bare, "(<=;"), found >= 0 && (odd || commandsForm.MatchString(text[at:])):
			return found
		default:
			odd = found >= 0 // one more word may stand between two nouns: the leader front-end machine
		}
		if bare != word && !strings.HasSuffix(word, "(s)") {
			return found
		}
		at += stop + 1
	}
	return found
}

// calledBy is the name of a machine by how many are meant, the words up to its noun, and a clause that says which.
func (b *book) calledBy(quantity string, words []string, clause string) string {
	name, alone := strings.Join(words, " "), len(words) == 1
	switch {
	case slices.ContainsFunc(words, isSystem) || numbers[strings.ToLower(words[0])]:
		return ""
	case alone && (quantity == "each" || quantity == "every") && tellsWhich().MatchString(clause) && !plainUse().MatchString(clause):
		return quantity + " " + name + " " + clause
	case quantity == "each" || quantity == "every":
		return "each " + name
	case slices.Contains(severalOf, quantity):
		return quantity + " " + name
	case strings.HasPrefix(quantity, "any of"):
		return "any " + strings.TrimSuffix(name, "s")
	case strings.HasSuffix(quantity, "one of"):
		return "one of the " + name
	case quantity != "" && !slices.Contains(articles, quantity):
		return "one " + name
	case alone && clause != "" && !plainUse().MatchString(clause) && (quantity != "" || !strings.HasSuffix(name, "s")):
		return name + " " + clause
	case alone && !parts[strings.ToLower(name)]:
		return ""
	case alone || strings.EqualFold(words[0], "local") && len(words) == 2 || byRank[strings.ToLower(words[0])]:
		return name
	}
	return cmp.Or(roleName(name), b.toldApart(name))
}

var (
	severalOf = strings.Fields("all both any either another")
	numbers   = doc.WordSet("two three four five six several multiple many few more")
	byRank    = doc.WordSet("first second third fourth last most least")
	articles  = strings.Fields("the a an your our this that these those its their some only")
)

// tellsWhich is a clause that tells some of a kind from the others.
var tellsWhich = doc.Pattern(`^(?i)(?:running|hosting|holding|containing|having|that|which|where|with|you) `)

// plainUse is a clause that does not tell one machine from the others.
var plainUse = doc.Pattern(`^(?i)(?:in question|of (?:the|your) choice|where you (?:want|wish)|you (?:want|wish|are using|use)|in (?:the|this|your) (?:cluster|example|environment)|to be|with (?:the )?following)`)

var systemWord = doc.Pattern(`(?i)^(?:linux|unix|windows|macos|mac|ubuntu|debian|fedora|rhel|centos|sles|suse|opensuse|rocky|alma|almalinux|oracle|red|hat|amazon|systemd|arm64|.*linux.*|x86_64|64-bit|32-bit|.*-based|.*-like|(?:ubuntu|debian|rhel|centos|sles|el|fedora).*[/\d].*)$`)

func isSystem(word string) bool { return systemWord().MatchString(word) }

// headOn begins with a place: "Then, on the …", "To look at it, from the …".
var headOn = newForm(`^(?:(?:then|next|now|and|also|again|finally|afterwards|lastly|similarly|likewise|optionally|first|second|third),? )*(?:(?:as|to|once|after|when|before|in order to|for) [^,:]{1,90}, (?:then )?)?(on|from|in|inside|within) `)

// atHeadOf is the machine that a sentence begins with before its order, or that is all it says.
func (b *book) atHeadOf(s *sentence) string {
	if !headOn.in(s) {
		return ""
	}
	m := headOn.FindStringSubmatch(s.plain)
	known := kinds
	if strings.HasPrefix(strings.ToLower(m[1]), "in") {
		known = inner
	}
	where, ok := b.locate(s.plain[len(m[0]):], known)
	if !ok || where.host == "" {
		return ""
	}
	rest := strings.TrimLeft(where.rest, ",: ")
	if m := asWhom().FindStringSubmatch(rest); m != nil {
		rest = rest[len(m[0])-len(m[1]):]
	}
	rest = youMust().ReplaceAllString(rest, "")
	if strings.Trim(rest, ". ") == "" && strings.HasSuffix(s.plain, ":") || rest != "" && goesOnWith(rest, s, strings.HasPrefix(where.rest, ",")) {
		return where.host
	}
	return ""
}

// goesOnWith says whether a sentence that begins with a place goes on with an order: by its verb, or by its shape where the
// sentence leads to what is typed.
func goesOnWith(rest string, s *sentence, apart bool) bool {
	if order := newSentence(startsBig(rest), s.line); commandsForm.in(order) || orders(order) {
		return true
	}
	return apart && strings.HasSuffix(s.plain, ":") && !noOrder().MatchString(startsBig(rest)) && !statesHow().MatchString(rest)
}

var youMust = doc.Pattern(`^(?i)(?:(?:then|you|we|can|must|should|will|need to|have to|now|also|may|please|directly|simply|just) )*`)

var (
	lookFrom  = newForm(`^(?:(?:[^.,]|,[^.,]*\b)*, (?:then )?)?(?:then |now |next |finally |again )?(?:re-?)?(?:check|verify|test|access|connect|confirm|ping|try|start|begin|initiate|launch|trigger|deploy|create|execute|perform|query|validate|monitor|issue|log ?in|authenticate)\b[^.,:]*? from (.*)$`)
	didObject = newForm(`\b(?:logs?|output|files?|data|metrics|events|values?|certificates?|passwords?|tokens?|credentials|address(?:es)?|snapshots?|backups?|images?|templates?)\b[^.,:]*? from `)
	toolOn    = newForm(`(?:(?:^|, |\b(?:then|and|to|can|should|must|you|now|please) )(?:re-?)?(?:(?:run|execute|invoke|issue) (?:[\w./=-]+ ){0,6}?|use (?:[\w./=-]+ ){0,4}?(?:commands?|scripts?|tools?|utility|program|playbook) )|\b(?:by|try) (?:re-?)?(?:running|executing|invoking|issuing|using) (?:[\w./=-]+ ){0,6}?)(?:on|from|inside) (.*)$`)
	loginAnd  = newForm(`(?:^|, |\b(?:then|and|to) )(?:log ?in|log ?on|login|logon|ssh|connect|switch|go|move)(?: back)?(?: via ssh)? ?(?:in|on)?(?:to)? (.*)$`)
	bracketOn = newForm(`\((?:(?:run|executed?|do this|only|performed|to be run) )?(?:on|from) ([^()]+)\)`)
	doneOn    = newForm(`^(?:[^.,]*, )?(?:then |now |next |finally )?[a-z-]+\b[^.,:]*? on (.*)$`)
	lookedOn  = newForm(`^(?:(?:please|then|now|next|also|again|finally),? )*(?:verify|check|ensure|confirm|make sure|validate|see|test) (?:that|if|whether)\b`)
	remainsOn = newForm(`\b\w+(?:ing|ed) on\b`)
	toDoOn    = newForm(`^to [^,:]*? on (.*)$`)
	aside     = newForm(`\b(?:suppose|if|when|that|which|where|as (?:it|they|this|these|if)|for each|for every|because|same)\b[^,]* (?:on|from) `)
)

// atEndOf is the machine that an order names behind what is done: "check the state from a reading node:".
func (b *book) atEndOf(s *sentence, p *place) string {
	if bracketOn.in(s) {
		if where, ok := b.locate(bracketOn.FindStringSubmatch(s.plain)[1], kinds); ok && where.rest == "" {
			return where.host
		}
	}
	if forbidden.in(s) || possibly.in(s) || aside.in(s) && !lookedOn.in(s) {
		return ""
	}
	for _, form := range []*form{toolOn, loginAnd, lookFrom, doneOn, toDoOn} {
		if !form.in(s) || form == lookFrom && didObject.in(s) || (form == doneOn || form == toDoOn) && !(ordersSo(s) && worksHere(p, s)) {
			continue
		}
		where, ok := b.locate(form.FindStringSubmatch(s.plain)[1], kinds)
		if inside, on, _ := strings.Cut(where.rest, "on "); ok && inside == "" && on != "" { // the client on one of the nodes
			where, ok = b.locate(on, kinds)
		}
		if ok && endsSo(form, where.rest) && !reachedFromElsewhere(p, where.host) {
			return where.host
		}
	}
	return ""
}

// ordersSo says whether a sentence orders something, whatever the verb, or says by doing what.
func ordersSo(s *sentence) bool {
	return commanded(s) || orders(newSentence(startsBig(leadClause.ReplaceAllString(s.plain, "")), s.line)) || byDoing.in(s)
}

var byDoing = newForm(`\bby \w+ing (?:the|a|an|all|any|its|your)\b`)

// endsSo says whether a sentence ends behind a place, or goes on as one of its form may.
func endsSo(form *form, rest string) bool {
	switch form {
	case loginAnd:
		return andRun().MatchString(rest) && commandsForm.MatchString(andRun().ReplaceAllString(rest, ""))
	case toDoOn:
		return runsIt().MatchString(rest)
	case toolOn, doneOn:
		return strings.Trim(rest, ".: ") == "" || purpose().MatchString(rest)
	}
	return strings.Trim(rest, ".: ") == ""
}

var (
	andRun  = doc.Pattern(`^(?i)(?:, |as [^,]{1,30} )?(?:and|to|then) (?:then )?`)
	runsIt  = doc.Pattern(`^(?i), (?:you can |you must |please |then )?(?:re-?)?(?:run|execute|issue|enter|type|use|do|invoke|proceed)\b`)
	purpose = doc.Pattern(`^(?i)(?:to |, |as |and |so that |in order |before |after |by (?:running|executing|using|issuing|entering|typing)\b|(?:with|using) (?:the following|this|these)\b|while |until |[\x60]?[a-z][\w.-]*\d[\w.-]*[\x60]?(?:,| and |[.:]?$))`)
)

// reachedFromElsewhere says whether a block goes to a machine by itself: it begins with a log-in, it reaches many, or it has the
// machine as an argument.
func reachedFromElsewhere(p *place, host string) bool {
	return opensShell().MatchString(p.text) || p.snippet.Fans() && ofMany(host) || strings.Contains(host, " ") && strings.Contains(strings.ToLower(p.text), strings.ToLower(host))
}

// opensShell begins a block with what opens a shell on another machine.
var opensShell = doc.Pattern(`^\s*(?:[$#>] )?(?:sudo )?(?:[\w-]+ )?(?:ssh|debug node/\S+|debug)\s`)

// ofMany says whether a name is that of several machines.
func ofMany(name string) bool {
	return strings.HasPrefix(name, "each ") || strings.HasPrefix(name, "all ") || strings.HasPrefix(name, "both ") || strings.HasSuffix(name, "s") && !strings.HasPrefix(name, "one of ")
}

// worksHere says whether a block plainly works on the machine it is started on.
func worksHere(p *place, s *sentence) bool {
	return p.snippet.ActsHere() || strings.HasPrefix(p.text, "sudo ") || strings.HasPrefix(p.text, "/") || shell.Statements(p.text) && !remainsOn.in(s)
}

var (
	headingOn   = newForm(`^(?:[\d.]+ )?(?:(?:.* )?(?:(?:to be|must be|be|are|is) (?:run|executed|performed|done)|executed|performed|done|steps|commands|tasks|actions|work|procedure) )?(?:only )?(?:on|from) (.*)$`)
	headingMark = newForm(`\((?:on|from) ([^()]+)\)$`)
)

// titledOn is the machine that the heading of a section says its work is done on: "Steps to be run on all nodes".
func (b *book) titledOn(title string) string {
	s := newSentence(title, 0)
	for _, form := range []*form{headingMark, headingOn} {
		if form.in(s) {
			if where, ok := b.locate(form.FindStringSubmatch(s.plain)[1], kinds); ok && where.rest == "" {
				return where.host
			}
		}
	}
	return ""
}

// boldPlace is the machine whose name in bold print leads a paragraph: **On the store server** stop it.
func (b *book) boldPlace(spans []doc.Span) string {
	if len(spans) == 0 || spans[0].Style != doc.Strong {
		return ""
	}
	preposition, text, _ := strings.Cut(strings.TrimSpace(spans[0].Text), " ")
	if !strings.EqualFold(preposition, "on") && !strings.EqualFold(preposition, "from") {
		return ""
	}
	if where, ok := b.locate(text, kinds); ok && strings.Trim(where.rest, ":., ") == "" {
		return where.host
	}
	return ""
}
