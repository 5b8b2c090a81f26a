package webtext

import (
	"strings"

	"gatewalk/runbook/doc"
)

// words reads a paragraph: the row, and those that go on with its sentence.
func (p *passage) words() {
	end := p.at + 1
	for end < len(p.rows) && p.goesOn(p.rows[end-1], p.rows[end]) && !p.breaksOff(end) && !p.commandAt(end) {
		end++
	}
	rows := p.rows[p.at:end]
	p.at = end
	spans := p.spans(rows)
	for _, part := range parts(spans) {
		p.paragraph(part)
	}
}

// goesOn says whether a row goes on with the sentence of the one before it.
func (p *passage) goesOn(before, after row) bool {
	if after.blank() || before.blank() {
		return false
	}
	words, next := before.words(), after.words()
	switch {
	case promptAt(words) >= 0 || residueForm().MatchString(next):
		return false
	case p.hasPrompt(next) || noteNamed(next) != "" || customary().MatchString(next):
		return false
	case strings.ContainsAny(next[:1], ",.;)]") || startsLower(next) && !strings.HasSuffix(words, ":") && !(ends(words) && p.typed(next, false)):
		return true
	case p.wrapped > 0 && fills(before, after, p.wrapped) && !strings.HasSuffix(words, ":"):
		return true
	}
	return !ends(words) || strings.HasSuffix(words, "(")
}

// commandAt says whether a row is a command below words that are whole, and not one in the middle of a sentence: in a text with a paragraph
// a line, what is set apart in a sentence stands on a row of its own, too.
func (p *passage) commandAt(at int) bool {
	before := p.rows[at-1].words()
	if p.wrapped > 0 || p.remark(at-1, false) || p.typed(before, false) || p.setInSentence(at) {
		return false
	}
	belief := p.believe(p.rows[at].words())
	return belief == certain || belief >= possible && p.betweenNames(at) || belief == likely && (ends(before) || leadsTo(before) || or().MatchString(before))
}

func firstWord(words string) string {
	word, _, _ := strings.Cut(words, " ")
	return word
}

// breaksOff says whether a row begins something else, though the sentence before it is not finished.
func (p *passage) breaksOff(at int) bool {
	r := p.rows[at]
	return markerOf(r).width > 0 && (markerOf(r).ordered || r.indent >= p.rows[at-1].indent) || strings.HasPrefix(r.words(), "```") || p.remark(at, false) || p.depth == 1 && p.numbered[r.line]
}

// spans are the words of rows, one a line.
func (p *passage) spans(rows []row) []doc.Span {
	spans := make([]doc.Span, 0, len(rows))
	for i, r := range rows {
		words := r.words()
		if i+1 < len(rows) && !strings.ContainsAny(rows[i+1].words()[:1], ",.;)]") && !strings.HasSuffix(words, "(") {
			words += " "
		}
		spans = append(spans, doc.Span{Text: words, Line: r.line})
	}
	return spans
}

// fused is where two paragraphs were run together: a sentence ends and the next begins without a space.
var fused = doc.Pattern(`[a-z)\]”"][.!?]([A-Z][a-z]+[ ,])`)

// shortWords is the most bytes of words that only announce.
const shortWords = 24

// parts splits words where paragraphs, or words and a terminal session, were run together. "For example:" and its like stay
// with the sentence before them.
func parts(spans []doc.Span) [][]doc.Span {
	var out [][]doc.Span
	var open []doc.Span
	for _, s := range spans {
		from := 0
		for _, at := range seams(s.Text) {
			rest := strings.TrimSpace(s.Text[at:min(len(s.Text), at+2*shortWords)])
			if len(rest) <= shortWords && strings.HasSuffix(rest, ":") {
				open = append(open, doc.Span{Text: s.Text[from:at] + " ", Line: s.Line})
			} else {
				out, open = append(out, append(open, doc.Span{Text: s.Text[from:at], Line: s.Line})), nil
			}
			from = at
		}
		open = append(open, doc.Span{Text: s.Text[from:], Line: s.Line})
	}
	return append(out, open)
}

// seams are the offsets where words were run together, in order. What was typed and printed in a session has none.
func seams(text string) []int {
	session := len(text)
	if at := promptAt(text); at >= 0 {
		session = at
	}
	var found []int
	for _, m := range fused().FindAllStringSubmatchIndex(text[:session], -1) {
		found = append(found, m[2])
	}
	if session > 0 && session < len(text) {
		found = append(found, session)
	}
	return found
}

// paragraph adds words: as a terminal session if they begin with a prompt, as a note if they name one, and with the command
// they end in as code of its own.
func (p *passage) paragraph(spans []doc.Span) {
	spans = doc.Trim(spans)
	if len(spans) == 0 {
		return
	}
	first, last := spans[0].Line, spans[len(spans)-1].Line
	text := doc.Words(spans)
	if p.hasPrompt(text) {
		p.console([]row{{text: text, line: first}})
		return
	}
	n := doc.SplitNote(&doc.Node{Kind: doc.Paragraph, Line: first, End: last, Spans: spans})
	if n.Kind == doc.Note && len(n.Children) == 0 {
		p.noteOf(n)
		return
	}
	p.add(n)
	for _, s := range spans {
		if command := endingCommand(s.Text); command != "" {
			p.add(&doc.Node{Kind: doc.Code, Line: s.Line, End: s.Line, Text: command + "\n"})
		}
	}
}

// rootEnd is a command with the rights of root at the end of a sentence, which needs no further word to be believed: "run sudo x".
var rootEnd = doc.Pattern(`(?i)\b(?:run|running|execute|executing|issue|enter|type) (sudo [\w./-]+(?: [\w./=:"'<>{}\[\]*@$-]+)*)$`)

var commandEnd = doc.Pattern(`(?i)\b(?:run|use|using|execute|issue|enter|type|invoke)\b[^.:]{0,60}?\bthe (?:following )?command:? ([a-z][\w./-]*(?: [\w./=:"'<>\[\]*-]+)+)\.?$`)

// endingCommand is the command at the end of a sentence such as "To see it, run the command show x.".
func endingCommand(text string) string {
	if !strings.Contains(text, "command") && !strings.Contains(text, " sudo ") {
		return ""
	}
	for sentence := range strings.SplitSeq(text, ". ") {
		m := commandEnd().FindStringSubmatch(sentence)
		if m == nil {
			m = rootEnd().FindStringSubmatch(strings.TrimRight(sentence, "."))
		}
		if m != nil && small(m[1]) == 0 && !links(m[1]) {
			return strings.TrimRight(m[1], ".")
		}
	}
	return ""
}

// loneNote reads a row that is nothing but the name of a note. What follows is its words.
func (p *passage) loneNote() bool {
	name := noteNamed(p.row().words())
	if name == "" {
		return false
	}
	n := &doc.Node{Kind: doc.Note, Name: name, Line: p.row().line, End: p.row().line}
	p.at++
	p.noteOf(n)
	return true
}

func (p *passage) isHead() bool {
	_, level := p.headed()
	return level > 0
}

// noteOf gives a note the next paragraph or list for its words.
func (p *passage) noteOf(n *doc.Node) {
	for p.at < len(p.rows) && p.rows[p.at].blank() {
		p.at++
	}
	p.add(n)
	if p.at == len(p.rows) || p.row().indent < p.base || markerOf(p.row()).ordered || p.isHead() {
		return
	}
	from := len(p.nodes)
	if !p.list() {
		p.words()
	}
	n.Children = []*doc.Node{p.nodes[from]}
	n.End = max(n.End, p.nodes[from].End)
	p.nodes = append(p.nodes[:from], p.nodes[from+1:]...)
}
