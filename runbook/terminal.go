package runbook

import "gatewalk/runbook/doc"

var asksForm = newForm(`\b(?:will|may|might) (?:prompt|ask|pause for)\b|\bprompts? (?:for|you)\b|\bwhen prompted\b|\b(?:is|are|be|you['’]re|you['’]ll be) prompted\b|\bat the prompt\b|\banswer (?:yes|y|no)\b|\b(?:enter|type|specify|provide) (?:the |a |your )*(?:(?:old|new|current|same) (?:and (?:the )?)?)+(?:password|passphrase)s?\b|\bmanual interaction\b|\binteractive(?:ly)?\b|\bpress (?:enter|ctrl|any key)\b|\brun the (?:installer|setup (?:program|wizard)|installation (?:program|script|wizard))\b`)

// questionForm is a question that a command printed: "Go on? [yes/no]".
var questionForm = doc.Pattern(`(?im)\?? ?[\[(](?:y|yes)(?: ?[/,|] ?| or )(?:n|no)[\])]|\bare you sure\b[^\n]*\?|\btype ["']?yes\b`)

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
