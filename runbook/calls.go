package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

var (
	callLine   = doc.Pattern(`^[a-z]\w*(?:[.:]\w+)*\(.*$`)
	useLine    = doc.Pattern(`^(?:use|show) [\w-]+;?$`)
	setLine    = doc.Pattern(`^(?:(?:var|let|const) )?[a-z][\w.]*(?:\[\w+\][\w.]*)* = \S.*$`)
	remarkLine = doc.Pattern(`^(?://|#|%|--)`)
)

// declared are words that begin the parts of a program which are kept in a file, and not typed.
var declared = strings.Fields("function def class module require import from package public private static async export return if for while")

// shellNamed speaks of a place where a language other than the shell's is typed.
var shellNamed = newForm(`\b(?:shell|console|repl|client|prompt|interpreter|session)\b`)

// turningTo is an order by its shape, with what it turns to behind its verb: "Look at the gates".
var turningTo = doc.Pattern(`^[A-Z][a-z]{1,11} (?:at|into|in|for|from|with|to|through) `)

// typedCalls says whether a block is nothing but calls of a language that has a shell of its own, which the words before it order or
// place there: "Look at the members:" before set.status().
func (b *book) typedCalls(p *place, text string, said saying) bool {
	if said == saysFile || said == saysOutput || !onlyCalls(text) {
		return false
	}
	if said == saysCommand {
		return true
	}
	n := b.introNode(p)
	if n == nil {
		return false
	}
	all := b.sentences(n)
	last := all[len(all)-1]
	return commanded(last) || orders(last) || shellNamed.in(last) || turningTo().MatchString(last.plain) && !noOrder().MatchString(last.plain)
}

// onlyCalls says whether every line of a text calls something, or prepares a call, or goes on with one. At least one calls.
func onlyCalls(text string) bool {
	open, calls := "", 0
	for line := range strings.Lines(text) {
		said := strings.TrimSpace(line)
		switch {
		case said == "" || open == "" && remarkLine().MatchString(said):
			continue
		case open != "":
			open += said
		case callLine().MatchString(said):
			first, _, _ := strings.Cut(said, "(")
			if slices.Contains(declared, first) {
				return false
			}
			calls++
			open = said
		case useLine().MatchString(said):
			calls++
		case setLine().MatchString(said):
			open = said
		default:
			return false
		}
		if !shell.Unclosed(open) {
			open = ""
		}
	}
	return calls > 0 && open == ""
}
