package runbook

import (
	"slices"
	"strings"
	"unicode"

	"gatewalk/runbook/doc"
)

// sentence is one sentence of a paragraph and the line of its first word.
type sentence struct {
	text  string
	plain string      // without the host marker it may begin with
	lower string      // plain, in lower case
	words []wordPlace // of lower
	line  int
	open  answers // the patterns it may have and was not asked for yet
	holds answers // those it has
}

func newSentence(text string, line int) *sentence {
	plain := unmarked(text)
	lower := strings.ToLower(plain)
	words := wordsOf(lower)
	return &sentence{text: text, plain: plain, lower: lower, words: words, line: line, open: index().among(words)}
}

// sentences splits what nodes say, and what is inside them, into sentences. What is written as code is never split.
func (b *book) sentences(nodes ...*doc.Node) []*sentence {
	if len(nodes) == 1 && len(nodes[0].Children) == 0 {
		return b.split(nodes[0])
	}
	var out []*sentence
	doc.Walk(nodes, func(n *doc.Node) bool {
		out = with(out, b.split(n))
		return true
	})
	return out
}

// with puts sentences behind others. Where there are no others they are not copied.
func with(all, more []*sentence) []*sentence {
	switch {
	case len(more) == 0:
		return all
	case len(all) == 0:
		return slices.Clip(more)
	}
	return append(all, more...)
}

// split splits a node's own words, once.
func (b *book) split(n *doc.Node) []*sentence {
	if len(n.Spans) == 0 {
		return nil
	}
	known := b.of(n)
	if known == nil {
		return splitSentences(n.Spans)
	}
	if known.said == nil {
		known.said = splitSentences(n.Spans)
	}
	return known.said
}

func splitSentences(spans []doc.Span) []*sentence {
	var out []*sentence
	text, place := doc.Words(spans), reading{spans: spans}
	from, at := 0, 0 // where the sentence begins, and where what may end it
	add := func(end int) {
		if one := oneLine(text[from:end]); one != "" {
			out = append(out, newSentence(one, place.line(from)))
		}
		from = end
	}
	for len(spans) > 0 {
		run, size := untilLiteral(spans)
		spans = spans[run:]
		words := text[at : at+size]
		at += size
		for end := sentenceEnd(words, len(spans) == 0); end > 0; end = sentenceEnd(words, len(spans) == 0) {
			words = words[end:]
			add(at - len(words))
		}
		if len(spans) > 0 { // what is written as code is never split
			at += len(spans[0].Text)
			spans = spans[1:]
		}
	}
	add(len(text))
	return slices.Clip(out) // who goes on with them shall not write over each other's
}

// oneLine is a text with one space for all that parts its words.
func oneLine(text string) string {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "  ") || strings.ContainsFunc(text, func(c rune) bool { return c != ' ' && unicode.IsSpace(c) }) {
		return strings.Join(strings.Fields(text), " ")
	}
	return text
}

// untilLiteral counts the spans before the first that is written as code, and their bytes.
func untilLiteral(spans []doc.Span) (run, size int) {
	for run < len(spans) && spans[run].Style != doc.Literal {
		size += len(spans[run].Text)
		run++
	}
	return run, size
}

// reading is where in spans a reader of their words has got to.
type reading struct {
	spans []doc.Span
	from  int // the offset of the first of them
}

// line is the line of the first word at or behind an offset, 0 if there is none. Offsets only grow.
func (w *reading) line(offset int) int {
	for ; len(w.spans) > 0; w.spans = w.spans[1:] {
		s := w.spans[0]
		if rest := s.Text[min(max(offset-w.from, 0), len(s.Text)):]; strings.TrimSpace(rest) != "" {
			return s.Line
		}
		w.from += len(s.Text)
	}
	return 0
}

// sentenceEnd is the index after the first full stop of a text with the space behind it, 0 if there is none.
func sentenceEnd(text string, last bool) int {
	for i := range len(text) {
		if strings.IndexByte(".!?:", text[i]) < 0 {
			continue
		}
		end := i + 1
		for end < len(text) && strings.IndexByte(`"')]`, text[end]) >= 0 {
			end++
		}
		space := end
		for space < len(text) && (text[space] == ' ' || text[space] == '\n') {
			space++
		}
		if (space > end || end == len(text) && last) && stops(text, i, space) {
			return space
		}
	}
	return 0
}

// stops says whether the mark at i ends a sentence: not in an abbreviation, and a colon only before a capital.
func stops(text string, i, next int) bool {
	switch text[i] {
	case '.':
		start := strings.LastIndexAny(text[:i], " (\n") + 1
		word := strings.ToLower(text[start:i])
		return len(word) != 1 && !slices.Contains(abbreviations, word)
	case ':':
		return next < len(text) && startsNew(text[next:])
	}
	return true
}

var abbreviations = strings.Fields("e.g i.e etc vs cf no fig approx resp incl ca")

func startsNew(text string) bool {
	return text != "" && text[0] >= 'A' && text[0] <= 'Z'
}

// words is what a node says in one line, without its host marker.
func (b *book) words(nodes ...*doc.Node) string {
	var parts []string
	for _, s := range b.sentences(nodes...) {
		parts = append(parts, s.text)
	}
	return strings.Join(parts, " ")
}

// unmarked takes the host marker and the like off the front of a sentence.
func unmarked(text string) string {
	text = unnumbered(text)
	if !strings.HasPrefix(text, "(") {
		return strings.TrimSpace(text)
	}
	if marker := markerForm().FindStringIndex(text); marker != nil {
		text = text[marker[1]:]
	}
	return strings.TrimSpace(text)
}

// unnumbered takes off the number of a step that was written into its words: "3. Stop it."
func unnumbered(text string) string {
	if text == "" || text[0] < '0' || text[0] > '9' {
		return text
	}
	rest := strings.TrimLeft(text, "0123456789")
	if len(text)-len(rest) < 3 && len(rest) > 2 && (rest[0] == '.' || rest[0] == ')') && rest[1] == ' ' && startsNew(rest[2:]) {
		return rest[2:]
	}
	return text
}

// find is the first sentence that has a form.
func find(in []*sentence, form *form) (*sentence, bool) {
	for _, s := range in {
		if form.in(s) {
			return s, true
		}
	}
	return nil, false
}

// actions are verbs that, at the start of a clause, tell the operator to do something.
const actions = `access|activate|add|adjust|allow|answer|append|apply|approve|assign|attach|authenticate|backup|back up|begin|boot|bring|build|cancel|change|choose|clean|clear|click|clone|close|collect|complete|compile|configure|connect|continue|convert|copy|cordon|create|deactivate|decompress|define|delete|deploy|destroy|determine|disable|disconnect|display|download|drain|edit|enable|enter|erase|establish|evacuate|evict|execute|exit|expand|export|extract|fail over|fetch|find|finish|fix|follow|force|format|gather|generate|get|grant|halt|identify|import|increase|initialize|initiate|insert|inspect|install|invoke|issue|kill|label|launch|leave|list|load|locate|lock|log|login|look up|make|manually|mark|merge|migrate|modify|mount|move|navigate|nominate|note down|obtain|open|patch|paste|pause|perform|place|point|power|prepare|press|print|promote|provide|provision|pull|push|put|quiesce|query|re-enable|re-initialize|re-run|read|rebalance|reboot|rebuild|record|recreate|redeploy|reduce|refresh|register|reinstall|reload|relocate|remove|rename|repeat|replace|request|rerun|reset|resize|resolve|restart|restore|resume|retrieve|retry|return|revert|roll back|rotate|run|save|scale|schedule|select|send|set|set up|setup|shut|shut down|shutdown|sign|skip|source|specify|ssh|stage|start|stop|store|submit|suspend|switch|sync|tag|take|terminate|test|transfer|trigger|turn|type|unload|unlock|unmount|unpack|untar|unzip|update|upgrade|upload|use|view|wait|wipe|write|zap`

// checks are verbs that tell the operator to look.
const checks = `verify|check|confirm|validate|ensure|make sure|monitor|watch|review|examine|inspect`

var (
	commandsForm = newForm(`^(?:(?:please|then|next|now|first|finally|also|optionally|again|optional|once more|carefully|manually|be sure to|make sure to|remember to|consider)[,:]? )*(?:` + actions + `|` + checks + `|refer|see|consult)\b`)
	leadClause   = newForm(`^(?:if |when |once |after |before |for |on |in |from |to |as |using |with |at |while |prior to |otherwise)(?:[^.]|\.[^ ]|\.[eg]\. )*?, (?:(?:e\.g\.|i\.e\.|for example|for instance|such as)[^,]*, (?:or [^,]*, )?)?(?:then )?`)
)

// commanded says whether a sentence tells the operator to do something, also after a clause such as "Once it is up, …".
func commanded(s *sentence) bool {
	if commandsForm.in(s) {
		return true
	}
	if !leadClause.in(s) {
		return false
	}
	return commandsForm.MatchString(leadClause.ReplaceAllString(s.plain, ""))
}

// ordering is an order by its shape alone, whatever the verb: a bare word with what it acts on behind it, "tie it up".
var ordering = doc.Pattern(`^[A-Z][a-z]{1,11} (?:the|a|an|it|them|your|all|each|every|any|this|that|these|those|both|one|another|up|down|out|off|on|back)\b`)

// noOrder are words that begin a statement, a condition or a name where an order would have its verb.
var noOrder = doc.Pattern(`^(?:\w+(?:ed|ing|ly|ion|ness|[^s]s)|The|This|That|These|Those|There|Here|It|They|We|You|He|She|If|When|Where|While|With|Without|From|For|In|On|At|By|To|As|Of|Or|And|But|Nor|Yet|So|Not|No|Now|Then|Once|After|Before|Until|Since|Because|Although|However|Only|Both|All|Any|Each|Every|Some|Most|Many|Few|One|Two|Three|Also|Just|Even|Is|Are|Was|Were|Can|Could|Will|Would|Should|May|Might|Must|Do|Does|Did|Has|Have|Had|What|Which|Who|Why|How|Like|Than|Over|Under|About|During|Between|Among|Per|Via|Either|Neither|Unlike) `)

// orders says whether a sentence is an order by its shape.
func orders(s *sentence) bool {
	return ordering().MatchString(s.plain) && !noOrder().MatchString(s.plain)
}

// first is the first sentence alone, if there is one.
func first(all []*sentence) []*sentence { return all[:min(len(all), 1)] }
