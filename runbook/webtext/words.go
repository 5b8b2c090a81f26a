package webtext

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gatewalk/runbook/doc"
)

// words reads a paragraph: the row, and those that go on with its sentence.
func (p *passage) words() {
	end := p.at + 1
	for end < len(p.rows) && p.goesOn(p.rows[end-1], p.rows[end]) && !p.breaksOff(end) {
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
	case strong.MatchString(words):
		return false
	case hasPrompt(next) || noteNamed(next) != "" || customary.MatchString(next):
		return false
	case strings.ContainsAny(next[:1], ",.;)]") || startsLower(next) && !strings.HasSuffix(words, ":") && !(ends(words) && typed(next, false)):
		return true
	case p.wrapped > 0 && utf8.RuneCountInString(before.text)+1+len(firstWord(next)) > p.wrapped && !strings.HasSuffix(words, ":"):
		return true
	}
	return !ends(words) || strings.HasSuffix(words, "(")
}

func firstWord(words string) string {
	word, _, _ := strings.Cut(words, " ")
	return word
}

// breaksOff says whether a row begins something else, though the sentence before it is not finished.
func (p *passage) breaksOff(at int) bool {
	r := p.rows[at]
	return markerOf(r).width > 0 && (markerOf(r).ordered || r.indent >= p.rows[at-1].indent) || strings.HasPrefix(r.words(), "```") || p.depth == 1 && p.numbered[r.line]
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
var fused = regexp.MustCompile(`[a-z)\]”"][.!?]([A-Z][a-z]+[ ,])`)

// parts splits words where paragraphs, or words and a terminal session, were run together.
func parts(spans []doc.Span) [][]doc.Span {
	var out [][]doc.Span
	var open []doc.Span
	for _, s := range spans {
		for at := seam(s.Text); at > 0; at = seam(s.Text) {
			open = append(open, doc.Span{Text: s.Text[:at], Line: s.Line})
			s.Text = s.Text[at:]
			if len(s.Text) > shortWords || !strings.HasSuffix(strings.TrimSpace(s.Text), ":") {
				out, open = append(out, open), nil
				continue
			}
			open[len(open)-1].Text += " " // "For example:" and its like stay with the sentence before them
		}
		open = append(open, s)
	}
	return append(out, open)
}

// shortWords is the most bytes of words that only announce.
const shortWords = 24

// seam is the offset where words were run together, -1 if nowhere.
func seam(text string) int {
	at := -1
	if span := strong.FindStringIndex(text); span != nil && span[0] > 0 {
		at = span[0]
	}
	if m := fused.FindStringSubmatchIndex(text); m != nil && (at < 0 || m[2] < at) {
		at = m[2]
	}
	return at
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
	if hasPrompt(text) {
		p.console([]row{{text: text, line: first}})
		return
	}
	n := doc.SplitNote(&doc.Node{Kind: doc.Paragraph, Line: first, End: last, Spans: spans})
	if n.Kind == doc.Note && len(n.Children) == 0 {
		p.noteOf(n)
		return
	}
	p.add(n)
	if command := endingCommand(text); command != "" {
		p.add(&doc.Node{Kind: doc.Code, Line: last, End: last, Text: command + "\n"})
	}
}

var commandEnd = regexp.MustCompile(`(?i)\b(?:run|use|using|execute|issue|enter|type|invoke)\b[^.:]{0,60}?\bthe (?:following )?command:? ([a-z][\w./-]*(?: [\w./=:"'<>\[\]*-]+)+)\.?$`)

// endingCommand is the command at the end of a sentence such as "To see it, run the command show x.".
func endingCommand(text string) string {
	for sentence := range strings.SplitSeq(text, ". ") {
		m := commandEnd.FindStringSubmatch(sentence)
		if m != nil && small(m[1]) == 0 {
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
