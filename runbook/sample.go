package runbook

import (
	"regexp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// sample is a word of a command that may only show the form, as the words around it say. Where they leave no doubt, it is
// asked for before the command starts.
type sample struct {
	Sample
	sure bool
}

func sampleOf(name, text, rule string, line int, sure bool) sample {
	return sample{Sample{shell.Sample{Name: name, Text: text}, Reason{rule, line}}, sure}
}

// samplesOf makes samples inputs of a block, and those that are sure and can be told from the rest of its text such that are asked for.
func (b *book) samplesOf(block *Block, p *place, all []sample) {
	for _, s := range all {
		block.input(s.Name, s.Rule, s.Line)
		if s.sure && !block.asks(s.Name) && ordinaryWord().MatchString(s.Text) && standsAsSample(p.text, s.Sample) {
			block.Samples = append(block.Samples, s.Sample)
			block.hides(s.Name)
		}
	}
}

// asks says whether an input of a block is one of its samples.
func (b *Block) asks(input string) bool {
	return slices.ContainsFunc(b.Samples, func(s Sample) bool { return s.Name == input })
}

// ordinaryWord is a word that the shell takes as it stands.
var ordinaryWord = doc.Pattern(`^[\w.:/@%+,~-]+$`)

// standsAsSample says whether a sample can be found in a text, and is not a placeholder by its looks.
func standsAsSample(text string, s Sample) bool {
	return slices.ContainsFunc(shell.Placeholders(text, s.Sample), func(p shell.Placeholder) bool { return p.Kind == shell.SampleWord })
}

// samples finds the values of a block that are not meant as they stand: the operator supplies their own.
func (b *book) samples(p *place) []sample {
	found := append(b.sampleValue(p), b.exampleHost(p)...)
	found = append(found, b.exampleWords(p)...)
	found = append(found, b.namedBefore(p)...)
	found = append(found, remarkedSamples(p)...)
	found = append(found, b.sought(p)...)
	found = append(found, b.listedValues(p)...)
	found = append(found, b.explainedValues(p)...)
	for _, n := range b.beside(p) {
		again := n.Line > p.node.Line
		for _, s := range b.sentences(n) {
			for _, word := range append(toReplace(s, n, p.text), toBeReplaced(s, n, p.text)...) {
				found = append(found, sampleOf(word, word, "said to be replaced", s.line, !stateForm.in(s) && !(again && againForm.in(s))))
			}
			found = append(found, inExample(s, p.text)...)
			for _, word := range toModify(s, p.text) {
				found = append(found, sampleOf(word, word, "said to be replaced", s.line, true))
			}
			if word := explained(s, n, p.text); word != "" {
				found = append(found, sampleOf(word, word, "explained beside it", s.line, ownForm.in(s) || inCapitals(word) && thingForm.in(s)))
			}
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

// isThe begins what a word is said to be, up to two words before the noun.
const isThe = `\b(?:is|are|represents|denotes|stands for|refers to|should be|must be) (?:the|an?) (?:\S+ ){0,2}`

var (
	replaceForm = newForm(`\b(?:replac(?:e|ing)|substitut(?:e|ing)|chang(?:e|ing))\b(.*?)\b(?:with|by|to(?: match)?) (?:the|your|an?|its|one|appropriate|actual|correct|desired|real|whatever|this|that|these|those|what)\b`)
	modifyForm  = newForm(`\b(?:modify|edit|adjust|update|customi[sz]e|adapt|alter)\b[^.]*?\bcommands?\b[^.]*? (?:to|and) (?:specify|use|match|reflect|include|name|give|target|contain|provide) (.*)`)
	belowForm   = newForm(`\b(?:following|example|above|below|sample)\b`)
	namedForm   = newForm(`\b(?:name|number|version|id|identifier|address|xname|hostname|node|host)\b`)
	wishForm    = newForm(`^(?:to|if|when|optionally) [^,]*,`)
	stateForm   = newForm(`\bchang(?:e|ing)\b.*? to (?:the|this|its) (?:\S+ )?\S*(?:state|status|mode|phase)\b`)
	againForm   = newForm(`\b(?:repeat|again|next|remaining)\b`)
	ownForm     = newForm(`^(?:where|in (?:this|the) (?:command|example),?) |\b(?:your|one of)\b|` + isThe + `(?:names?|numbers?|versions?|ids?|identifiers?|address|addresses|hostnames?|xnames?|ports?|paths?|values?|sizes?|urls?)\b`)
	thingForm   = newForm(isThe + `(?:nodes?|hosts?|machines?|servers?|devices?|disks?|pools?|clusters?|users?|files?)\b`)
	explainForm = newForm(`^(?:(?:where|here|and|in (?:this|the)(?: (?:following|above|below|previous|next))?(?: example)? (?:command|example)),? )?["'“]?([A-Za-z0-9][\w./-]*)["'”]? (?:is|are|represents|denotes|stands for|refers to|(?:should|must) be(?: set to)?) (?:the|your|an?|one of)\b|^where ["'“]?([A-Za-z][\w-]*)["'”]? (?:can|may|could|must|should) be\b`)
)

var addressForm = doc.Pattern(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b`)

// toReplace are the words that a sentence tells to replace by a value of one's own, where they stand in the command.
func toReplace(s *sentence, n *doc.Node, text string) []string {
	if !replaceForm.in(s) || wishForm.in(s) {
		return nil
	}
	var found []string
	for _, m := range replaceForm.compiled().FindAllStringSubmatch(s.plain, -1) {
		clause, _, below := strings.Cut(m[1], " in ")
		below = below || belowForm.MatchString(clause)
		words := append(inClause(clause, n, text), ofOptions(clause, text)...)
		if len(words) == 0 && (below || belowForm.MatchString(s.plain)) {
			words = shownWord(clause, text)
		}
		for _, word := range words {
			found = appendOnce(found, word)
		}
	}
	return found
}

// toModify is the word that a sentence tells to make one's own in the command below, by what it says that the word is.
func toModify(s *sentence, text string) []string {
	if !modifyForm.in(s) || wishForm.in(s) {
		return nil
	}
	if clause := modifyForm.FindStringSubmatch(s.plain)[1]; namedForm.MatchString(clause) {
		return soleIdentifier(text)
	}
	return nil
}

// soleIdentifier is the only word of a command that joins letters and digits into a name.
func soleIdentifier(text string) []string {
	var found []string
	for _, field := range strings.Fields(text) {
		field = strings.Trim(field, `"'`)
		if identifierForm().MatchString(field) && strings.ContainsAny(field, "0123456789") {
			found = appendOnce(found, field)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found
}

var identifierForm = doc.Pattern(`^[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)+$|^[A-Za-z]+\d+$`)

// inClause are the words of a clause that stand in the command, or that a longer word there begins with.
func inClause(clause string, n *doc.Node, text string) []string {
	var found []string
	below := belowForm.MatchString(clause)
	for _, word := range strings.Fields(clause) {
		word = strings.Trim(word, `.,;:()"'“”`)
		switch {
		case standsFor(word, n) && standsAlone(text, word):
			found = append(found, word)
		case below && onlyDigits().MatchString(word) && standsAlone(text, word):
			found = append(found, word)
		case writtenAsCode(word, n):
			found = append(found, longer(text, word)...)
		}
	}
	return found
}

var onlyDigits = doc.Pattern(`^\d{2,}$`)

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
	if address := addressForm().FindString(text); address != "" && (strings.HasSuffix(clause, " IP") || strings.HasSuffix(clause, "address")) {
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
	if word := strings.TrimRight(m[1]+m[2], "."); (standsFor(word, n) || standsAsPath(word, n) && !strings.Contains(text, "/"+word) || inHumps(word) && writtenAsCode(word, n)) && standsAlone(text, word) && !strings.HasPrefix(strings.TrimSpace(text), word) {
		return word
	}
	return ""
}

// standsFor says whether a word is written as one that stands for a value: in capitals, or as code and with a digit or a hyphen.
func standsFor(word string, n *doc.Node) bool {
	if word == "" || strings.ContainsAny(word, "/=<>${}") || strings.HasPrefix(word, "-") {
		return false
	}
	if inCapitals(word) {
		return true
	}
	return strings.ContainsAny(word, "0123456789-_") && writtenAsCode(word, n)
}

// standsAsPath says whether a word is code for a place that is not counted from the root, and has a number in it.
func standsAsPath(word string, n *doc.Node) bool {
	return strings.Contains(word, "/") && word[0] != '/' && strings.ContainsAny(word, "0123456789") && writtenAsCode(word, n)
}

func inCapitals(word string) bool {
	return strings.ToUpper(word) == word && strings.ToLower(word) != word
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

// namedBefore are the words in capitals that the words before a block write as code and that stand in its command: "wait for
// the job (`JOBNAME`)".
func (b *book) namedBefore(p *place) []sample {
	n := b.introNode(p)
	if n == nil || n.Kind != doc.Paragraph || strings.Contains(p.text, "grep ") {
		return nil
	}
	var found []sample
	for _, span := range n.Spans {
		word := strings.TrimSpace(span.Text)
		if span.Style == doc.Literal && longCapitals().MatchString(word) && argument(p.text, word) {
			found = append(found, sampleOf(word, word, "named in the words before it", span.Line, true))
		}
	}
	return found
}

var lookedFor = doc.Pattern(`\bgrep (?:-\w+ )*([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b`)

// sought are the names in capitals that a command looks for and that stand for a value: another block has them as such, or
// the words before it speak of the value.
func (b *book) sought(p *place) []sample {
	if !strings.Contains(p.text, "grep ") {
		return nil
	}
	m := lookedFor().FindStringSubmatch(p.text)
	if m == nil {
		return nil
	}
	if b.standIns()[m[1]] {
		return []sample{sampleOf(m[1], m[1], "a blank elsewhere", p.node.Line, true)}
	}
	spoken := strings.ToLower(strings.ReplaceAll(m[1], "_", " "))
	lead := []*sentence(nil)
	if p.step >= 0 {
		lead = b.lead(p.step)
	}
	for _, s := range lead {
		if strings.Contains(s.lower, spoken) {
			return []sample{sampleOf(m[1], m[1], "named in the words before it", s.line, true)}
		}
	}
	return nil
}

// standIns are the words in capitals that some block has as a blank, found once.
func (b *book) standIns() map[string]bool {
	if b.blanks == nil {
		b.blanks = map[string]bool{}
		for i := range b.places {
			for _, placeholder := range b.places[i].snippet.Placeholders {
				if placeholder.Kind == shell.StandIn {
					b.blanks[placeholder.Text] = true
				}
			}
		}
	}
	return b.blanks
}

// longCapitals is a word in capitals that is longer than the methods of a protocol and most states.
var longCapitals = doc.Pattern(`^[A-Z]{7,}$`)

// argument says whether a word stands in a command between spaces, and not at its front.
func argument(text, word string) bool {
	fields := strings.Fields(text)
	return len(fields) > 1 && slices.Contains(fields[1:], word)
}

// asExample is the rule of a machine that the words call an example, without a word of replacing it.
const asExample = "an example in the words before it"

// spokenOf is a word of the document and the line it stands in.
type spokenOf struct {
	word string
	line int
}

// calledExamples are the words that paragraphs call examples: the key (`K1` in this example).
func (b *book) calledExamples() []spokenOf {
	if b.examples != nil {
		return b.examples
	}
	b.examples = []spokenOf{}
	doc.Walk(b.document.Nodes, func(n *doc.Node) bool {
		for i := 0; i+1 < len(n.Spans); i++ {
			if n.Spans[i].Style == doc.Literal && calledExample.MatchString(doc.Words(n.Spans[i+1:min(i+3, len(n.Spans))])) {
				b.examples = append(b.examples, spokenOf{strings.TrimSpace(n.Spans[i].Text), n.Spans[i].Line})
			}
		}
		return true
	})
	return b.examples
}

// exampleWords are the words of a block that its section has called examples before it.
func (b *book) exampleWords(p *place) []sample {
	from := 0
	if section := b.sectionOf(p.step); section >= 0 {
		from = b.Steps[section].Line
	}
	var found []sample
	for _, s := range b.calledExamples() {
		if s.line >= from && s.line < p.node.Line && argument(p.text, s.word) {
			found = append(found, sampleOf(s.word, s.word, asExample, s.line, true))
		}
	}
	return found
}

// calledExample goes on behind a word that it calls an example.
var calledExample = newForm(`^\s*(?:in|for)\s+(?:this|the|our)\s+(?:above\s+|previous\s+)?example\b`)

var inThisExample = newForm(`\b(?:in|for) this example\b|\bthis example (?:uses|shows|assumes)\b`)

// exampleHost is a machine that stands in a command only as an example, as the words before it say.
func (b *book) exampleHost(p *place) []sample {
	n := b.introNode(p)
	if n == nil {
		return nil
	}
	for _, s := range b.sentences(n) {
		if !inThisExample.in(s) {
			continue
		}
		for _, word := range strings.Fields(s.plain) {
			word = strings.Trim(word, ".,;:()")
			if hostForm().MatchString(word) && slices.Contains(strings.Fields(p.text), word) {
				return []sample{sampleOf(word, word, asExample, s.line, true)}
			}
		}
	}
	return nil
}

var (
	soleAssignment = doc.Pattern(`^(?:export )?([A-Za-z_]\w*)=([^\s$` + "`" + `]+)$`)
	deriveForm     = newForm(`^set (?:an?|the) (?:environment |shell )?variable\b[^.]*\b(?:based on|according to|depending on|to match)\b`)
	setsForm       = newForm(`^(?:set|specify|define|enter|export|choose)\b`)
	exampleEnd     = newForm(`\b(?:for )?example:$|\be\.g\.?:$`)
	setForm        = newForm(`(?:^|, then |, )set (?:the |an? )?(?:value of )?(?:the )?(?:(?:environment |shell )?variable )?(\w+)(?: (?:environment |shell )?variable)? to\b(?: (the|your|an?|one|whichever|whatever|match)\b)?`)
)

// fixedValue is a value that is more often the true one than a sample, unless the words call it one: a file, a switch.
var fixedValue = doc.Pattern(`^(?:/.*|[01]|true|false|yes|no|on|off)$`)

// sampleValue is a variable given a value that only shows the form: "Set NAME to the address of …" before NAME=10.0.0.1.
func (b *book) sampleValue(p *place) []sample {
	if !strings.Contains(p.text, "=") || len(p.snippet.Placeholders) > 0 {
		return nil
	}
	name, value, rest := assignment(p.text)
	if name == "" || len(p.snippet.Sets) > 1 {
		return nil
	}
	var last *sentence // of the words that lead to it, which may call it an example of what the words before them order
	for i := p.at - 1; i >= 0 && p.among[i].Kind == doc.Paragraph; i-- {
		all := b.sentences(p.among[i])
		if last == nil || !exampleEnd.in(last) && !exampleOnly.in(last) {
			last = all[len(all)-1]
		}
		for _, s := range all {
			if is, sure := setsSample(s, last, name, value, rest == ""); is && !strings.Contains(s.text, value) {
				return []sample{sampleOf(name, strings.Trim(value, `"'`), "sample value to be replaced", s.line, sure)}
			}
		}
	}
	return nil
}

// remarked is an assignment whose remark tells to replace its value.
var remarked = doc.Pattern(`(?m)^\s*(?:export )?([A-Za-z_]\w*)=["']?([^\s"'$]+)["']?\s+#.*\b(?i:replace|change(?:_?me)?|substitute|adjust|edit|modify|update|customi[sz]e|fill in|your)\b`)

// remarkedAbove is an assignment below a remark that tells to replace its value.
var remarkedAbove = doc.Pattern(`(?m)^\s*#.*\b(?i:changeme|change (?:this|me|it)|replace (?:this|me|it|with)|substitute|adjust (?:this|it)|edit (?:this|me))\b.*\n(?:\s*#.*\n)*\s*(?:export )?([A-Za-z_]\w*)=["']?([^\s"'$]+)["']?\s*$`)

// remarkedSamples are the values of a block that remarks in it tell to replace.
func remarkedSamples(p *place) []sample {
	if !strings.Contains(p.text, "#") {
		return nil
	}
	var found []sample
	for _, form := range []func() *regexp.Regexp{remarked, remarkedAbove} {
		for _, m := range form().FindAllStringSubmatch(p.text, -1) {
			found = append(found, sampleOf(m[1], m[2], asRemarked, p.node.Line, true))
		}
	}
	return append(found, remarkedWords(p)...)
}

const asRemarked = "a remark tells to replace it"

var (
	remarkLines = doc.Pattern(`(?m)(?:^\s*#.*\n)+`)
	replaceWord = doc.Pattern(`\b(?i:replace|change|substitute|adjust|modify)\b`)
	quotedWord  = doc.Pattern(`['"` + "`" + `]([\w.:/@-]{2,})['"` + "`" + `]`)
)

// remarkedWords are the words that a remark quotes and tells to replace: # change 'web-1' to the name of your host.
func remarkedWords(p *place) []sample {
	var found []sample
	for _, span := range remarkLines().FindAllStringIndex(p.text, -1) {
		remark := p.text[span[0]:span[1]]
		if !replaceWord().MatchString(remark) {
			continue
		}
		for _, m := range quotedWord().FindAllStringSubmatch(remark, -1) {
			if standsAlone(p.text[span[1]:], m[1]) {
				found = append(found, sampleOf(m[1], m[1], asRemarked, p.node.Line, true))
			}
		}
	}
	return found
}

// assignment is the variable that the first line of a text only assigns, its value as it stands, and the lines after it.
func assignment(text string) (name, value, rest string) {
	line, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if m := soleAssignment().FindStringSubmatch(line); m != nil {
		return m[1], m[2], rest
	}
	return "", "", ""
}

// setsSample says whether a sentence tells to set a variable to a value of one's own, and whether it leaves no doubt.
func setsSample(s, last *sentence, name, value string, sole bool) (is, sure bool) {
	example := exampleOnly.in(last) || exampleEnd.in(last)
	if said := setForm.FindStringSubmatch(s.plain); said != nil && said[1] == name {
		return sole, example || said[2] == "your" || said[2] != "" && !fixedValue().MatchString(strings.Trim(value, `"'`))
	}
	return deriveForm.in(s) || sole && setsForm.in(s) && example, true
}

// annotatedSamples are the inputs that an annotation names and that stand in the command as words like any other.
func (b *book) annotatedSamples(block *Block, p *place) []sample {
	var found []sample
	name, value, _ := assignment(p.text)
	for _, input := range block.Inputs {
		switch {
		case input == name:
			found = append(found, sampleOf(name, strings.Trim(value, `"'`), "annotation", block.Why["inputs"].Line, true))
		case !slices.Contains(block.Reads, input) && !slices.Contains(block.Sets, input):
			found = append(found, sampleOf(input, input, "annotation", block.Why["inputs"].Line, true))
		}
	}
	return found
}
