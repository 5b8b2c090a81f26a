package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

const machines = `nodes?|servers?|hosts?|machines?|controllers?|workers?|masters?|members?|hypervisors?|instances?|vms?|switch(?:es)?|consoles?`

var (
	eachMachine = newForm(`\b(?:for|on|from|onto) (?:each|every)(?: one)?(?: of)?(?: the| your)? (?:[\w*/®™-]+ ){0,3}?(?:` + machines + `)\b`)
	eachThing   = doc.Pattern(`(?i)\b(?:for|on|from|onto) (?:each|every)(?: one)?(?: of)?(?: the| your)? ((?:[\w*/®™-]+ ){0,3}?[\w-]+)`)
	runOnEach   = newForm(`^(?:then |next,? )?(?:for|on) (?:each|every)(?: one)?(?: of)?(?: the| your)? (?:[\w*/®™-]+ ){0,3}?(?:` + machines + `)\b[^.,]*, (?:then |please )?(?:run|execute|do|perform|issue|enter)\b|^(?:then |next,? )?(?:run|execute|issue|enter) (?:the|these|this) (?:following )?(?:commands?|steps?|scripts?)? ?(?:below )?on (?:each|every)(?: of the)? (?:[\w*/®™-]+ ){0,3}?(?:` + machines + `)\b`)
	inBatches   = newForm(`\bin (?:small )?(?:batches|groups)\b`)
	listed      = newForm(`\b(?:for|on|from) (?:each|every) (?:[\w*/®™-]+ ){0,3}?(?:listed|in the (?:list|output|table)|shown|returned|in turn)\b`)
)

// eachOf is the sentence that has a step's commands run once for each of many, each time on another machine or with
// another name filled in; nil where the commands do it for all by themselves, or nothing says that they do not.
func (b *book) eachOf(i int) *sentence {
	if b.hasSteps(i) || b.loopAround(i) {
		return nil
	}
	for _, s := range b.leading(i) {
		if b.runsFor(i, func(block int) bool { return b.oneOfMany(block, s) }) && !speaksOfEach(s) {
			return s
		}
	}
	return nil
}

// speaksOfEach says that a sentence speaks of many without having anything repeated.
func speaksOfEach(s *sentence) bool {
	return ofTheText.in(s) || ofEach.in(s) || shownEach.in(s) || strongForm.in(s) || listed.in(s)
}

// leading are the sentences that lead to the first block of a step, and those the step begins with.
func (b *book) leading(i int) []*sentence {
	var all []*sentence
	for _, n := range b.sources[i].inside {
		switch n.Kind {
		case doc.Paragraph:
			all = with(all, b.split(n))
		case doc.Code:
			return all
		}
	}
	return all
}

// runsFor says whether a step runs something, and all of it is such.
func (b *book) runsFor(i int, such func(block int) bool) bool {
	found := false
	for _, block := range b.Steps[i].Blocks {
		if b.Blocks[block].Runs() {
			if found = such(block); !found {
				return false
			}
		}
	}
	return found
}

// oneOfMany says whether a block acts on one of what a sentence says it is run for each of.
func (b *book) oneOfMany(i int, s *sentence) bool {
	block, p := &b.Blocks[i], &b.places[i]
	rule := block.Why["host"].Rule
	switch {
	case strings.HasPrefix(block.Host, "each ") || strings.HasPrefix(block.Host, "every "):
		return eachForm.in(s) && !p.snippet.PointsElsewhere()
	case inBatches.in(s):
		return slices.ContainsFunc(nouns(s.plain), func(noun string) bool { return b.asksFor(p, noun) })
	case eachForm.in(s) && slices.ContainsFunc(things(s), func(noun string) bool { return b.asksFor(p, noun) }):
		return true
	}
	unmarked := rule != MarkedHost && rule != PromptHost && (block.Host == "" || machineRole.MatchString(block.Host))
	return unmarked && (eachMachine.in(s) && p.snippet.ActsHere() || runOnEach.in(s) && !p.snippet.PointsElsewhere())
}

// machineRole is a host that is no more than a word for a machine: "node", "worker nodes".
var machineRole = newForm(`^(?:[a-z]+ )?(?:` + machines + `)$`)

// things are the last words of what a sentence says something is done for each of.
func things(s *sentence) []string {
	var all []string
	for _, m := range eachThing().FindAllStringSubmatch(s.plain, -1) {
		all = append(all, nouns(m[1])...)
	}
	return all
}

// nouns are the words of a text that may name what a placeholder stands for.
func nouns(text string) []string {
	var all []string
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if word = strings.TrimSuffix(word, "s"); len(word) > 2 {
			all = append(all, word)
		}
	}
	return all
}

// asksFor says whether a block has a placeholder for one of what a noun names: <host>, <node-name>, NODE.
func (b *book) asksFor(p *place, noun string) bool {
	for _, placeholder := range p.snippet.Placeholders {
		words := nouns(placeholder.Name())
		if len(words) > 0 && (words[0] == noun || words[len(words)-1] == noun) {
			return true
		}
	}
	return false
}
