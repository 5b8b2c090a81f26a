package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// asListed is the rule of a word that a list beside a block explains, below words that tell to put in one's own.
const asListed = "listed as a value to put in"

var (
	putInForm = newForm(`\b(?:substitut|replac|chang|adjust)\w*\b|\bvalues? (?:for|of)\b|\bfill(?:ing)? in\b|\bset (?:the following|these)\b`)
	thereForm = newForm(`^(?:where|here|with|in (?:this|the)(?: (?:above|previous))? (?:command|example))\b[^.]*:?$`)
	meaning   = doc.Pattern(`^\s*(?:=|:|-|–|—|is\b|are\b|stands for\b)`)
)

// listedValues are the values that a list beside a block explains one by one: "`size`: the size of the pool".
func (b *book) listedValues(p *place) []sample {
	var found []sample
	if i := p.at - 1; i > 0 && p.among[i].Kind == doc.List && b.endsWith(p.among[i-1], putInForm) {
		found = b.explainedIn(p.among[i], p.text, false)
	}
	if i := p.at + 1; i+1 < len(p.among) && p.among[i+1].Kind == doc.List && b.endsWith(p.among[i], thereForm) {
		found = append(found, b.explainedIn(p.among[i+1], p.text, true)...)
	}
	return found
}

// endsWith says whether the last sentence of a paragraph has a form.
func (b *book) endsWith(n *doc.Node, f *form) bool {
	if n.Kind != doc.Paragraph {
		return false
	}
	all := b.sentences(n)
	return len(all) > 0 && f.in(all[len(all)-1])
}

// explainedIn are the words of a command that the items of a list begin with, as code, and say the meaning of.
func (b *book) explainedIn(list *doc.Node, text string, strict bool) []sample {
	var found []sample
	for _, item := range list.Children {
		if len(item.Children) == 0 || len(item.Children[0].Spans) < 2 {
			continue
		}
		n := item.Children[0]
		word := strings.TrimSpace(n.Spans[0].Text)
		if n.Spans[0].Style != doc.Literal || strings.HasPrefix(word, "-") || !meaning().MatchString(n.Spans[1].Text) || !standsAlone(text, word) || strings.HasPrefix(text, word+" ") {
			continue
		}
		if !strict || standsFor(word, n) || inHumps(word) {
			found = append(found, sampleOf(word, word, asListed, n.Line, true))
		}
	}
	return found
}

var humps = doc.Pattern(`^[A-Za-z]*[a-z][A-Z]\w*$`)

// inHumps says whether a word joins several into one by their capitals, as names of values do: poolName.
func inHumps(word string) bool { return humps().MatchString(word) }

// repeatedSamples finds the values that one block was said to stand in for in others: in those of the same step as listed,
// and everywhere where they are joined of several words.
func (b *book) repeatedSamples() {
	type origin struct {
		sample sample
		step   int
	}
	var all []origin
	for i := range b.Blocks {
		for _, s := range b.Blocks[i].Samples {
			if s.Rule == asListed || inHumps(s.Text) {
				all = append(all, origin{sample{s, true}, b.places[i].step})
			}
		}
	}
	for i := 0; len(all) > 0 && i < len(b.Blocks); i++ {
		block, p := &b.Blocks[i], &b.places[i]
		for _, o := range all {
			if block.Runs() && (inHumps(o.sample.Text) || o.step == p.step) && standsAlone(p.text, o.sample.Text) && block.Why["inputs"].Rule != "annotation" {
				b.samplesOf(block, p, []sample{o.sample})
			}
		}
	}
}

var replacedForm = newForm(`^(?:note that )?(?:the |an? |any |each )?(.{3,80}?) (?:should|must|needs? to|has to|have to) be (?:replaced|substituted|changed|adjusted) (?:with|by|to|for)\b`)

// toBeReplaced are the words of a command that a sentence says should be replaced: "the number below should be replaced by yours".
func toBeReplaced(s *sentence, n *doc.Node, text string) []string {
	if !replacedForm.in(s) {
		return nil
	}
	clause := replacedForm.FindStringSubmatch(s.plain)[1]
	if words := inClause(clause, n, text); len(words) > 0 || !belowForm.MatchString(clause) {
		return words
	}
	name, _, _ := strings.Cut(clause, " in ")
	return shownWord(name, text)
}

var variableForm = doc.Pattern(`^(?:[Tt]he )?["'“]?([A-Z][A-Z0-9_]+)["'”]? (?:variable |value |parameter )?(?:is|should be|must be) (?:the|your|an?) `)

// explainedValues are the values that a block gives to variables of which the words before it say what they are.
func (b *book) explainedValues(p *place) []sample {
	if !strings.Contains(p.text, "=") {
		return nil
	}
	var found []sample
	for i := p.at - 1; i >= 0 && p.among[i].Kind == doc.Paragraph; i-- {
		for _, s := range b.sentences(p.among[i]) {
			m := variableForm().FindStringSubmatch(s.text)
			if m == nil {
				continue
			}
			for line := range strings.Lines(p.text) {
				if name, value, _ := assignment(line); name == m[1] && !fixedValue().MatchString(strings.Trim(value, `"'`)) {
					found = append(found, sampleOf(name, strings.Trim(value, `"'`), "sample value to be replaced", s.line, true))
				}
			}
		}
	}
	return found
}

var (
	withinExample = newForm(`\(([^\s()]+) in (?:the|this)(?: (?:above|previous|preceding|following))? examples?\)|\(in (?:the|this)(?: (?:above|following))? examples?,? ([^\s()]+)\)`)
	optionNouns   = doc.Pattern(`(?i)\b(?:options?|flags?|parameters?|arguments?|switches)\b`)
)

// inExample is a value that a sentence names, in brackets, as that of an example.
func inExample(s *sentence, text string) []sample {
	if !strings.Contains(s.plain, "(") || !strings.Contains(s.lower, "example") || !withinExample.in(s) {
		return nil
	}
	m := withinExample.FindStringSubmatch(s.plain)
	if word := m[1] + m[2]; standsAlone(text, word) {
		return []sample{sampleOf(word, word, asExample, s.line, true)}
	}
	return nil
}

// ofOptions are the values of the options that a clause names: "the size and type options".
func ofOptions(clause, text string) []string {
	if !optionNouns().MatchString(clause) {
		return nil
	}
	var found []string
	fields := strings.Fields(text)
	for _, word := range strings.Fields(clause) {
		option := "--" + strings.TrimLeft(strings.Trim(word, "`,.\"'"), "-")
		for i, field := range fields {
			if value, ok := strings.CutPrefix(field, option+"="); ok && value != "" {
				found = appendOnce(found, strings.Trim(value, `"'`))
			} else if field == option && i+1 < len(fields) && !strings.HasPrefix(fields[i+1], "-") {
				found = appendOnce(found, strings.Trim(fields[i+1], `"'`))
			}
		}
	}
	return found
}

var ownName = doc.Pattern(`^(?:YOUR|MY|CHANGE|REPLACE|INSERT|ENTER)_|^IPor[A-Z]|^[a-z]+Of[A-Z]|^X{4,}`)

// blankOfFile says whether what looks like a blank in the content of a file is one.
func blankOfFile(text string, p shell.Placeholder) bool {
	if p.Text[0] == '[' && slices.Contains(strings.Split(text, "\n"), p.Text) { // the name of a section
		return false
	}
	switch p.Kind {
	case shell.Optional:
		return true
	case shell.Angle:
		return p.Start == 0 || text[p.Start-1] != '#'
	case shell.StandIn:
		return ownName().MatchString(p.Text)
	}
	return false
}
