package runbook

import (
	"strings"

	"gatewalk/runbook/doc"
)

var asksForm = newForm(`\b(?:will|may|might) (?:prompt|ask|pause for)\b|\bprompts? (?:for|you)\b|\b(?:when|if|once|as) (?:you are |you['’]re )?(?:prompted|asked)\b|\b(?:is|are|be|you['’]re|you['’]ll be) prompted\b|\b(?:be|you are|you['’]re|you['’]ll be) asked (?:for|to|whether|if|what|which|several|some|a)\b|\basks (?:you|for (?:the|a|your|confirmation))\b|\bat the prompt\b|\banswer (?:yes|y|no)\b|\b(?:enter|type|specify|provide) (?:the |a |your )*(?:(?:old|new|current|same) (?:and (?:the )?)?)+(?:password|passphrase)s?\b|\bmanual interaction\b|(?:^|[^-\w])interactive(?:ly\b| (?:[\w-]+ )?(?:shell|session|prompt|mode|setup|wizard|installer|process|menu|editor|console|terminal|ui|command|script|program|tool|client|upgrade|installation)\b)|\bpress (?:enter|ctrl|any key)\b|(?:^|[^-\w])run the (?:installer|setup (?:program|wizard)|installation (?:program|script|wizard))\b`)

// opensForm leads to what opens a shell or the like, or tells what it has opened, and goes on to nothing else.
var opensForm = newForm(`\b(?:get|gets you|get you|gives? you|opens?|starts?|enter|launch|obtain|spawn|drops? (?:you )?(?:in)?to|takes? you (?:in)?to|puts? you (?:in)?to) (?:an? |the |into |a new )?(?:[\w-]+ ){0,3}(?:shell|console|prompt|repl|editor)\b[^,;]*[.:]?$`).where(func(s *sentence, _ []string) bool {
	return !doesMore.in(s)
})

var doesMore = newForm(`\b(?:and|then) (?:then )?(?:run|execute|type|check|use|issue|enter|look|verify|change|copy|edit|create)\b|\b(?:in|from|at|on) (?:an?|the|another|your) (?:new |separate |second )?(?:[\w-]+ )?(?:shell|console|prompt|terminal)[.:]?$`)

// questionForm is a question that a command printed: "Go on? [yes/no]".
var questionForm = doc.Pattern(`(?im)\?? ?[\[(](?:y|yes)(?: ?[/,|] ?| or )(?:n|no)[\])]|\bare you sure\b[^\n]*\?|\btype ["']?yes\b|^\? [A-Z][\w ]+`)

// A shell just opened has no standing leave for sudo, which then asks for the password.
var (
	newShellForm = newForm(`\b(?:from (?:the|a) shell (?:on|of)|(?:log|logged|logging) ?in(?:to)?|ssh (?:to|into))\b`)
	asksLeave    = doc.Pattern(`^\s*sudo [^-]`)
)

// terminals finds what needs a person at the terminal, and what takes the terminal away.
func (b *book) terminals() {
	b.each(func(block *Block, p *place) {
		if why := p.snippet.Asks(); why != "" {
			block.Interactive = true
			block.because("interactive", "command "+firstWords(why), block.Line)
		} else if s, ok := find(b.about(p), asksForm); ok {
			block.Interactive = true
			block.because("interactive", "said to ask", s.line)
		}
		if s, ok := b.opensShell(p); ok && !block.Interactive {
			block.Interactive = true
			block.because("interactive", "said to open a shell", s.line)
		}
		if sample, _ := b.sampleOf(p); !block.Interactive && (questionForm().MatchString(sample) || block.Kind == Session && questionForm().MatchString(block.Text)) {
			block.Interactive = true
			block.because("interactive", "asks in its sample output", block.Line)
		}
		if s, ok := find(b.about(p), newShellForm); ok && !block.Interactive && asksLeave().MatchString(p.text) {
			block.Interactive = true
			block.because("interactive", "sudo in a new shell", s.line)
		}
		if why := p.snippet.Drops(); why != "" {
			block.DropsConnection = true
			block.because("drops_connection", "command "+firstWords(why), block.Line)
		}
	})
}

// opensShell is a sentence before or right behind a block by which it opens a shell, where nothing is known of its command.
func (b *book) opensShell(p *place) (*sentence, bool) {
	if !p.snippet.Parsed || len(p.snippet.Calls) != 1 || p.snippet.Looks() || p.snippet.Changes() != "" || p.snippet.Calls[0].Piped {
		return nil, false
	}
	if n := b.introNode(p); n != nil {
		all := b.sentences(n)
		if last := all[max(0, len(all)-1):]; len(last) == 1 && opensForm.in(last[0]) {
			return last[0], true
		}
	}
	s, ok := b.aftermath(p, opensForm)
	return s, ok && !strings.HasSuffix(s.plain, ":")
}
