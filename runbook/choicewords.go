package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	considerForm = newForm(`^(?:consider|decide|choose) (?:whether|which|if|between)\b.* or `)
	eitherForm   = newForm(`\beither (?:as )?([^.;:()]+?),? or (?:as )?([^.;:,()]+)`)
	directs      = newForm(`\b(?:you|operators?|administrators?) (?:can|may|must|should|need to|have to) (?:also )?either\b|\b(?:should|must|can|may|needs? to|has to) be (?:\w+ed (?:as|by|using|with|through|via|in) )?either\b`)
	fatesForm    = newForm(`^(?:if|when)\b[^.]*, (?:they|it|these|those|this|that) (?:can|may|must|should) be ((?:\w+ly |\w+ )?\w+ed) or ((?:\w+ly |\w+ )?\w+ed\b[^.,;:]*)`)
	verbsForm    = newForm(`^(\w+) or (\w+) (?:the|any|all|an?|your|each|every)\b`)
	bareVerb     = newForm(`^(?:` + actions + `)$`)
	meansForm    = newForm(`^(?:you|it|this|the \w+) (?:can|may|could)[^.:]*\b(?:configure|manage|create|perform|do|upgrade|deploy|install|update|run|apply|tell|start|stop|delete)\b[^.:]*\b(?:using|through|via|with|from|in) (?:either )?the ([^.,;:]+?) or the ([^.,;:]+)`)
	valuesForm   = doc.Pattern(`^([\w-]+) ?(?:\(default\))? or ([\w-]+) ?(?:\(default\))? ?[\x{2012}-\x{2015}-]+ ?(?:determines|specifies|sets|controls|selects|says|whether|if)\b`)
)

// idle are verbs that, behind another and "or", leave nothing to choose: install or upgrade it, whichever it takes.
var idle = strings.Fields("update upgrade restart modify edit verify confirm continue append overwrite")

// saidChoices finds ways said in one sentence: consider whether A or B, either A or B, remove or rename it, by way of A or B.
func (b *book) saidChoices(i int) {
	for _, s := range b.wordsOfItsOwn(i) {
		if !strings.Contains(s.lower, " or ") {
			continue
		}
		one, other := twoWays(s)
		if one == "" {
			continue
		}
		line := s.line
		if verbsForm.in(s) && len(b.Steps[i].Blocks) > 0 {
			line = b.Blocks[b.Steps[i].Blocks[0]].Line
		}
		ways := []Option{option(s.line, one, -1), option(line, other, -1)}
		b.described(i, ways)
		b.addChoice(Choice{Line: s.line, Step: i, Text: strings.TrimRight(s.text, ".:"), Options: ways})
	}
}

// wordsOfItsOwn is what a step says that no step inside it says as well, with the lists that are no steps.
func (b *book) wordsOfItsOwn(i int) []*sentence {
	var all []*sentence
	doc.Walk(b.sources[i].inside, func(n *doc.Node) bool {
		if step := b.stepOf(n); step >= 0 && step != i {
			return false
		}
		if n.Kind == doc.Paragraph {
			all = with(all, b.split(n))
		}
		return n.Kind != doc.Table
	})
	return all
}

// twoWays are the two ways a sentence leaves to the operator, empty if it leaves none.
func twoWays(s *sentence) (one, other string) {
	if considerForm.in(s) {
		before, after, _ := strings.Cut(strings.TrimRight(s.plain, ".:"), " or ")
		return firstOfTwo(before, after), after
	}
	if m := eitherForm.FindStringSubmatch(s.plain); m != nil && eitherForm.in(s) && (directs.in(s) || commanded(s)) && !negation.in(s) && !strings.HasPrefix(m[1], "to ") {
		return m[1], m[2]
	}
	for _, form := range []*form{fatesForm, meansForm} {
		if form.in(s) {
			m := form.FindStringSubmatch(s.plain)
			return m[1], m[2]
		}
	}
	if m := verbsForm.FindStringSubmatch(s.plain); m != nil && bareVerb.MatchString(m[1]) && bareVerb.MatchString(m[2]) && !slices.Contains(idle, strings.ToLower(m[2])) {
		return m[1], m[2]
	}
	if m := valuesForm().FindStringSubmatch(s.plain); m != nil {
		return m[1], m[2]
	}
	return "", ""
}

var (
	whereForm   = newForm(`\b(within|inside|during|before|after|with|without|under|in|on|at|by|via|through|over)$`)
	otherForm   = newForm(`^(?:outside of|outside|before|after|without|with|under|in|on|at|by|via|through|over) (.+)$`)
	decidedForm = newForm(`^.*\b(?:to be|should be|is|are|to|should|must|will|can|can be) `)
)

// firstOfTwo is the first of two ways, of which a sentence says what both have in common only once: "run inside or outside
// of a window", "be done by hand or by the timer".
func firstOfTwo(before, after string) string {
	m, other := whereForm.FindStringSubmatch(before), otherForm.FindStringSubmatch(after)
	if m != nil && other != nil {
		return m[1] + " " + other[1]
	}
	if short := decidedForm.ReplaceAllString(before, ""); len(strings.Fields(short)) < 8 {
		return short
	}
	return lastWords(before, 3)
}

func lastWords(text string, n int) string {
	fields := strings.Fields(text)
	return strings.Join(fields[max(0, len(fields)-n):], " ")
}
