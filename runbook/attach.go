package runbook

import (
	"regexp"
	"strings"

	"gatewalk/runbook/doc"
)

// attach says which command an output shows the output of: the last before it, if that stands in the same step or near it
// and the words between them do not speak of what something else prints.
func (b *book) attach(i, last int) {
	if last < 0 || b.printedElsewhere(i, last) {
		return
	}
	if b.places[last].step == b.places[i].step || b.near(last, i) {
		b.Blocks[i].OutputOf = &last
		b.Blocks[i].because("output_of", "follows a command", b.Blocks[last].Line)
	}
}

var (
	// loggedForm speaks of what a program writes on its own, and not of what a command prints.
	loggedForm = newForm(`\b(?:log|logs|logged|logging|publish(?:es|ed)?)\b|\b(?:in|to) (?:the|its|their) (?:\w+ )?logs?\b`)
	// messageForm supposes that something is said somewhere.
	messageForm = newForm(`^(?:if|when)\b[^.]*\b(?:messages?|warnings?|errors?|exceptions?)\b[^.]*:$`)
)

// readsLogs is a command that shows what was logged.
var readsLogs = doc.Pattern(`(?i)log|\b(?:tail|less|grep|dmesg|cat|events?)\b`)

// printedElsewhere says whether the words right before an output say that something else than the command before it prints
// it: a log, or nothing that is spoken of as printed where that command has its output already.
func (b *book) printedElsewhere(i, last int) bool {
	n := b.introNode(&b.places[i])
	if n == nil {
		return false
	}
	all := b.sentences(n)
	if len(all) == 0 || exampleOnly.in(all[len(all)-1]) {
		return false
	}
	said := all[len(all)-1]
	_, logged := find(all[max(0, len(all)-2):], loggedForm)
	switch {
	case sampleIntro.in(said):
		return false
	case logged:
		return !readsLogs().MatchString(b.Blocks[last].Text)
	case b.places[last].among[0] != b.places[i].among[0] && messageForm.in(said):
		return true
	}
	return b.Blocks[last].Kind == Session && !outputIntro.in(said) && !printedForm.in(said) && !seenForm.in(said)
}

// near says whether two blocks stand in sibling steps, or one in a step around the other's.
func (b *book) near(j, i int) bool {
	a, c := b.places[j].step, b.places[i].step
	if a < 0 || c < 0 {
		return false
	}
	return b.Steps[a].Parent == c || b.Steps[c].Parent == a || b.Steps[a].Parent == b.Steps[c].Parent && b.Steps[a].Parent >= 0 && !b.sources[c].section
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

// sampleOf is the output shown for a block, and whether the text says that this is what must come.
func (b *book) sampleOf(p *place) (string, bool) {
	for i := p.at + 1; i < len(p.among); i++ {
		n := p.among[i]
		if n.Kind != doc.Code {
			continue
		}
		at := b.blockOf(n)
		if at < 0 || b.Blocks[at].Kind != Output || b.Blocks[at].OutputOf == nil || *b.Blocks[at].OutputOf != b.indexOf(p) {
			return "", false
		}
		intro := b.introNode(&b.places[at])
		return n.Text, intro != nil && exactForm.MatchString(b.words(intro))
	}
	return "", false
}
