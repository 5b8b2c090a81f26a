package runbook

import (
	"regexp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// sample is a word of a command that only shows the form, as the words around it say.
type sample struct {
	name string
	rule string
	line int
}

// samples finds the values of a block that are not meant as they stand: the operator supplies their own.
func (b *book) samples(p *place) []sample {
	var found []sample
	add := func(name, rule string, line int) {
		if name != "" {
			found = append(found, sample{name, rule, line})
		}
	}
	name, line := b.sampleValue(p)
	add(name, "sample value to be replaced", line)
	name, line = b.exampleHost(p)
	add(name, "an example in the words before it", line)
	for _, n := range b.beside(p) {
		for _, s := range b.sentences(n) {
			for _, word := range toReplace(s, n, p.text) {
				add(word, "said to be replaced", s.line)
			}
			add(explained(s, n, p.text), "explained beside it", s.line)
		}
	}
	return found
}

// beside are the words right before a block, and those behind it up to the next code.
func (b *book) beside(p *place) []*doc.Node {
	var nodes []*doc.Node
	if n := b.introNode(p); n != nil {
		nodes = append(nodes, n)
	}
	for i := p.at + 1; i < len(p.among) && i <= p.at+2; i++ {
		leadsOn := i+1 < len(p.among) && b.runsAt(p.among[i+1])
		if n := p.among[i]; n.Kind != doc.Paragraph && n.Kind != doc.Note || leadsOn {
			break
		}
		nodes = append(nodes, p.among[i])
	}
	return nodes
}

var (
	replaceForm = newForm(`\b(?:replac(?:e|ing)|substitut(?:e|ing)|chang(?:e|ing))\b(.*?)\b(?:with|by|to(?: match)?) (?:the|your|an?|its|one|appropriate|actual|correct|desired|real|whatever|this)\b`)
	belowForm   = newForm(`\b(?:following|example|above|below|sample)\b`)
	namedForm   = newForm(`\b(?:name|number|version|id|identifier|address|xname|hostname|node|host)\b`)
	wishForm    = newForm(`^(?:to|if|when|optionally) [^,]*,`)
	explainForm = newForm(`^(?:(?:where|here|and|in (?:this|the) (?:command|example)),? )?["'“]?([A-Za-z][\w.-]*)["'”]? (?:is|are|represents|denotes|stands for|refers to|should be|must be) (?:the|your|an?|one of)\b`)
)

var addressForm = regexp.MustCompile(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b`)

// toReplace are the words that a sentence tells to replace by a value of one's own, where they stand in the command.
func toReplace(s *sentence, n *doc.Node, text string) []string {
	if !replaceForm.in(s) || wishForm.in(s) {
		return nil
	}
	var found []string
	for _, m := range replaceForm.compile().FindAllStringSubmatch(s.plain, -1) {
		clause, _, below := strings.Cut(m[1], " in ")
		words := inClause(clause, n, text)
		if len(words) == 0 && (below || belowForm.MatchString(s.plain)) {
			words = shownWord(clause, text)
		}
		for _, word := range words {
			found = appendOnce(found, word)
		}
	}
	return found
}

// inClause are the words of a clause that stand in the command, or that a longer word there begins with.
func inClause(clause string, n *doc.Node, text string) []string {
	var found []string
	for _, word := range strings.Fields(clause) {
		word = strings.Trim(word, `.,;:()"'“”`)
		switch {
		case standsFor(word, n) && standsAlone(text, word):
			found = append(found, word)
		case writtenAsCode(word, n):
			found = append(found, longer(text, word)...)
		}
	}
	return found
}

// longer are the words of a command that begin with one and a hyphen.
func longer(text, word string) []string {
	var found []string
	for _, field := range strings.Fields(text) {
		if field = strings.Trim(field, `"'`); strings.HasPrefix(field, word+"-") {
			found = appendOnce(found, field)
		}
	}
	return found
}

// shownWord is the word of a command that is meant by a name, a number or an address "in the command below": an address,
// else the last word with a digit.
func shownWord(clause, text string) []string {
	if address := addressForm.FindString(text); address != "" && (strings.HasSuffix(clause, " IP") || strings.HasSuffix(clause, "address")) {
		return []string{address}
	}
	fields := strings.Fields(text)
	if last := strings.Trim(fields[len(fields)-1], `"'`); strings.ContainsAny(last, "0123456789") && !strings.HasPrefix(last, "-") && namedForm.MatchString(clause) {
		return []string{last}
	}
	return nil
}

// explained is a word of the command of which a sentence says what it is: "where N is the number of the machine".
func explained(s *sentence, n *doc.Node, text string) string {
	if !explainForm.in(s) {
		return ""
	}
	m := explainForm.FindStringSubmatch(s.plain)
	if word := strings.TrimRight(m[1], "."); standsFor(word, n) && standsAlone(text, word) && !strings.HasPrefix(strings.TrimSpace(text), word) {
		return word
	}
	return ""
}

// standsFor says whether a word is written as one that stands for a value: in capitals, or as code and with a digit or a hyphen.
func standsFor(word string, n *doc.Node) bool {
	if word == "" || strings.ContainsAny(word, "/=<>${}") || strings.HasPrefix(word, "-") {
		return false
	}
	if strings.ToUpper(word) == word && strings.ToLower(word) != word {
		return true
	}
	return strings.ContainsAny(word, "0123456789-_") && writtenAsCode(word, n)
}

func writtenAsCode(word string, n *doc.Node) bool {
	found := false
	doc.Walk([]*doc.Node{n}, func(n *doc.Node) bool {
		for _, span := range n.Spans {
			found = found || span.Style == doc.Literal && strings.TrimSpace(span.Text) == word
		}
		return !found
	})
	return found
}

// standsAlone says whether a word stands in a command as a word of its own, or as the whole value of an option.
func standsAlone(text, word string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(word)
		if edge(text, from-1) && edge(text, to) {
			return true
		}
		at = to
	}
}

func edge(text string, i int) bool {
	return i < 0 || i >= len(text) || strings.IndexByte(" \t\n\"'=,;:/@", text[i]) >= 0
}

var inThisExample = newForm(`\b(?:in|for) this example\b|\bthis example (?:uses|shows|assumes)\b`)

// exampleHost is a machine that stands in a command only as an example, as the words before it say.
func (b *book) exampleHost(p *place) (string, int) {
	n := b.introNode(p)
	if n == nil {
		return "", 0
	}
	for _, s := range b.sentences(n) {
		if !inThisExample.in(s) {
			continue
		}
		for _, word := range strings.Fields(s.plain) {
			word = strings.Trim(word, ".,;:()")
			if hostForm.MatchString(word) && slices.Contains(strings.Fields(p.text), word) {
				return word, s.line
			}
		}
	}
	return "", 0
}

var (
	soleAssignment = regexp.MustCompile(`^(?:export )?([A-Za-z_]\w*)=([^\s$` + "`" + `]+)$`)
	deriveForm     = newForm(`^set (?:an?|the) (?:environment |shell )?variable\b[^.]*\b(?:based on|according to|depending on|to match)\b`)
	setsForm       = newForm(`^(?:set|specify|define|enter|export|choose)\b`)
	exampleEnd     = newForm(`\b(?:for )?example:$|\be\.g\.?:$`)
	setForm        = newForm(`(?:^|, then |, )set (?:the |an? )?(?:value of )?(?:the )?(\w+)(?: (?:environment |shell )?variable)? to\b`)
)

// sampleValue is a variable given a value that only shows the form: "Set NAME to the address of …" before NAME=10.0.0.1.
func (b *book) sampleValue(p *place) (string, int) {
	if !strings.Contains(p.text, "=") || len(p.snippet.Placeholders) > 0 {
		return "", 0
	}
	line, rest, _ := strings.Cut(strings.TrimSpace(p.text), "\n")
	m := soleAssignment.FindStringSubmatch(line)
	if m == nil || len(p.snippet.Sets) > 1 {
		return "", 0
	}
	for i := p.at - 1; i >= 0 && p.among[i].Kind == doc.Paragraph; i-- {
		all := b.sentences(p.among[i])
		for _, s := range all {
			if setsSample(s, all, m[1], rest == "") && !strings.Contains(s.text, m[2]) {
				return m[1], s.line
			}
		}
	}
	return "", 0
}

// setsSample says whether a sentence tells to set a variable to a value of one's own.
func setsSample(s *sentence, all []*sentence, name string, sole bool) bool {
	if said := setForm.FindStringSubmatch(s.plain); said != nil && said[1] == name {
		return sole
	}
	if deriveForm.in(s) {
		return true
	}
	last := all[len(all)-1]
	return sole && setsForm.in(s) && (exampleOnly.in(last) || exampleEnd.in(last))
}
