package runbook

import (
	"regexp"
	"strings"

	"gatewalk/runbook/doc"
)

// sentence is one sentence of a paragraph and the line of its first word.
type sentence struct {
	text string
	line int
}

// sentences splits what a node says, and what is inside it, into sentences. What is written as code is never split.
func sentences(nodes ...*doc.Node) []sentence {
	var out []sentence
	doc.Walk(nodes, func(n *doc.Node) bool {
		out = append(out, splitSentences(n.Spans)...)
		return n.Kind != doc.Code
	})
	return out
}

func splitSentences(spans []doc.Span) []sentence {
	var out []sentence
	var b strings.Builder
	line := 0
	flush := func() {
		if text := strings.TrimSpace(b.String()); text != "" {
			out = append(out, sentence{strings.Join(strings.Fields(text), " "), line})
		}
		b.Reset()
		line = 0
	}
	for i, s := range spans {
		if line == 0 && strings.TrimSpace(s.Text) != "" {
			line = s.Line
		}
		if s.Style == doc.Literal {
			b.WriteString(s.Text)
			continue
		}
		rest := s.Text
		for end := sentenceEnd(rest, i == len(spans)-1, b.String()); end > 0; end = sentenceEnd(rest, i == len(spans)-1, b.String()) {
			b.WriteString(rest[:end])
			flush()
			rest = rest[end:]
			line = s.Line
		}
		b.WriteString(rest)
	}
	flush()
	return out
}

var (
	stops         = regexp.MustCompile(`[.!?]["')\]]*(?:\s+|$)|:\s+`)
	abbreviations = regexp.MustCompile(`(?i)(?:\b(?:e\.g|i\.e|etc|vs|cf|no|fig|approx|resp|incl)|(?:^|\s)[a-z0-9])\.$`)
)

// sentenceEnd is the index after the first full stop of a text, 0 if there is none.
func sentenceEnd(text string, last bool, before string) int {
	from := 0
	for {
		m := stops.FindStringIndex(text[from:])
		if m == nil {
			return 0
		}
		end := from + m[1]
		mark := text[from+m[0]]
		switch head := before + text[:from+m[0]+1]; {
		case abbreviations.MatchString(head):
		case end == len(text) && !last && mark == '.' && text[end-1] != ' ':
			return 0 // "ver." and the like goes on in the next span
		case mark == ':' && end < len(text) && !startsNew(text[end:]):
		default:
			return end
		}
		from = end
	}
}

func startsNew(text string) bool {
	return text != "" && text[0] >= 'A' && text[0] <= 'Z'
}

// words is what a node says in one line, without its host marker.
func words(nodes ...*doc.Node) string {
	var parts []string
	for _, s := range sentences(nodes...) {
		parts = append(parts, s.text)
	}
	return strings.Join(parts, " ")
}

// unmarked takes the host marker and the like off the front of a sentence.
func unmarked(text string) string {
	return strings.TrimSpace(markerForm.ReplaceAllString(text, ""))
}

// find is the first sentence that a pattern matches, its marker taken off.
func find(in []sentence, form *regexp.Regexp) (sentence, bool) {
	for _, s := range in {
		if text := unmarked(s.text); form.MatchString(text) {
			return sentence{text, s.line}, true
		}
	}
	return sentence{}, false
}

// actions are verbs that, at the start of a clause, tell the operator to do something.
const actions = `access|activate|add|adjust|allow|answer|append|apply|approve|assign|attach|authenticate|backup|back up|begin|boot|bring|build|cancel|change|choose|clean|clear|click|clone|close|collect|complete|compile|configure|connect|continue|convert|copy|cordon|create|deactivate|decompress|define|delete|deploy|destroy|determine|disable|disconnect|display|download|drain|edit|enable|enter|erase|establish|evacuate|evict|execute|exit|expand|export|extract|fail over|fetch|find|finish|fix|follow|force|format|gather|generate|get|grant|halt|identify|import|increase|initialize|initiate|insert|inspect|install|invoke|issue|kill|label|launch|leave|list|load|locate|lock|log|login|look up|make|manually|mark|merge|migrate|modify|mount|move|navigate|nominate|note down|obtain|open|patch|paste|pause|perform|place|point|power|prepare|press|print|promote|provide|provision|pull|push|put|quiesce|query|re-enable|re-initialize|re-run|read|rebalance|reboot|rebuild|record|recreate|redeploy|reduce|refresh|register|reinstall|reload|relocate|remove|rename|repeat|replace|request|rerun|reset|resize|resolve|restart|restore|resume|retrieve|retry|return|revert|roll back|rotate|run|save|scale|schedule|select|send|set|set up|setup|shut|shut down|shutdown|sign|skip|source|specify|ssh|stage|start|stop|store|submit|suspend|switch|sync|tag|take|terminate|test|transfer|trigger|turn|type|unload|unlock|unmount|unpack|untar|unzip|update|upgrade|upload|use|view|wait|wipe|write|zap`

// checks are verbs that tell the operator to look.
const checks = `verify|check|confirm|validate|ensure|make sure|monitor|watch|review|examine|inspect`

var (
	commandsForm = regexp.MustCompile(`(?i)^(?:(?:please|then|next|now|first|finally|also|optionally|again|optional|once more|carefully|manually)[,:]? )*(?:` + actions + `|` + checks + `|refer|see|consult)\b`)
	leadClause   = regexp.MustCompile(`(?i)^(?:if|when|once|after|before|for|on|in|from|to|as|using|with|at|while|prior to|otherwise)\b[^.]*?, (?:then )?`)
)

// commanded says whether a sentence tells the operator to do something, also after a clause such as "Once it is up, …".
func commanded(text string) bool {
	text = unmarked(text)
	return commandsForm.MatchString(text) || commandsForm.MatchString(leadClause.ReplaceAllString(text, ""))
}
