package webtext

import (
	"cmp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// block adds code, dedented by its own indentation.
func (p *passage) block(rows []row, info string) {
	rows = dedent(trimBlank(rows))
	if len(rows) == 1 && p.flat {
		rows[0].text = p.layOut(rows[0].text, true)
	}
	info = cmp.Or(info, p.language)
	p.language = ""
	if len(rows) > 0 {
		p.add(&doc.Node{Kind: doc.Code, Lang: doc.Language(info), Info: info, Line: rows[0].line, End: rows[len(rows)-1].line, Text: join(rows)})
	}
}

// fence reads code between lines of back-ticks, which some pages keep.
func (p *passage) fence() bool {
	words := p.row().words()
	if !strings.HasPrefix(words, "```") || strings.Contains(words[3:], "`") {
		return false
	}
	end := p.at + 1
	for end < len(p.rows) && p.rows[end].words() != "```" {
		end++
	}
	p.block(p.rows[p.at+1:end], strings.TrimSpace(strings.Trim(words, "`")))
	p.at = min(end+1, len(p.rows))
	return true
}

// marked reads code by the mark that renderers leave after it: a row of nothing but the code's own indentation.
func (p *passage) marked() bool {
	for p.chunk < p.at || p.chunk < len(p.rows) && (!p.rows[p.chunk].blank() || p.insideCode(p.chunk)) {
		p.chunk++
	}
	indent, words := p.row().indent, p.row().words()
	if p.chunk == len(p.rows) || indent == 0 || p.rows[p.chunk].indent != indent || prose(words) && ends(words) {
		return false
	}
	p.block(p.rows[p.at:p.chunk], "")
	p.at = p.chunk + 1
	return true
}

// insideCode says whether a row of nothing but indentation stands between two commands and not behind the last one.
func (p *passage) insideCode(at int) bool {
	if at+1 >= len(p.rows) || p.rows[at].indent == 0 || p.rows[at+1].blank() || p.rows[at+1].indent != p.rows[at].indent || p.rows[at-1].indent < p.rows[at].indent {
		return false
	}
	return p.isTyped(p.rows[at-1].words()) && p.isTyped(p.rows[at+1].words()) && markerOf(p.rows[at+1]).width == 0
}

var (
	residueForm  = doc.Pattern(`^(?i:copy|copied!?|copy code|copy to clipboard|copy snippet|permalink|edit this page|expand|collapse|¶|#)$`)
	languageForm = doc.Pattern(`^(?i:bash|shell|sh|zsh|console|terminal|shell session|powershell|yaml|json|xml|ini|toml|text|plaintext|sql|python)$`)
)

// residue drops to a comment what the buttons and labels of a page leave in its text. The label of a code block is its language.
func (p *passage) residue() bool {
	words := p.row().words()
	label := languageForm().MatchString(words) && p.labels()
	if !residueForm().MatchString(words) && !label {
		return false
	}
	if label {
		p.language = strings.ReplaceAll(strings.ToLower(words), " ", "-")
	}
	p.add(&doc.Node{Kind: doc.Comment, Line: p.row().line, End: p.row().line, Text: words + "\n"})
	p.at++
	return true
}

// labels says whether what follows the row at hand, buttons aside, is code.
func (p *passage) labels() bool {
	for _, r := range p.rows[p.at+1:] {
		switch words := r.words(); {
		case words == "" || residueForm().MatchString(words):
			continue
		default:
			return p.isTyped(words) || data(words)
		}
	}
	return false
}

// session reads what begins with a prompt: the command, and what was printed after it.
func (p *passage) session() bool {
	words := p.row().words()
	if !p.hasPrompt(words) {
		return false
	}
	end := p.codeEnd(p.at)
	rows := p.rows[p.at:end]
	p.at = end
	p.console(rows)
	return true
}

// console adds a terminal session. One that was run together is laid out in lines again.
func (p *passage) console(rows []row) {
	rows = dedent(trimBlank(rows))
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(p.layOut(r.text, len(rows) == 1))
		b.WriteByte('\n')
	}
	lang := terminal(b.String())
	p.add(&doc.Node{Kind: doc.Code, Lang: lang, Info: lang, Line: rows[0].line, End: rows[len(rows)-1].line, Text: b.String()})
}

// terminal is the language of a copied terminal: a prompt that says where it stood was copied from one; a bare sign may have been written.
func terminal(text string) string {
	if line, _, _ := strings.Cut(text, "\n"); strongAt(line) == 0 {
		return "session"
	}
	return "console"
}

// code reads what stands as it is typed or printed: rows that are indented further than the words around them, and rows that
// read as commands or data.
func (p *passage) code() bool {
	words := p.row().words()
	announced := p.announced()
	switch {
	case p.row().indent >= p.base+2 && !prose(words) && (announced || p.clearBefore()):
		p.indented()
		return true
	case p.command(words, announced), announced && data(words) && !p.heads(words), p.states() && (announced || p.begins()), p.answers(words), p.clearBefore() && bodyEnd(p.rows, p.at) > 0:
		end := p.codeEnd(p.at)
		rows := p.rows[p.at:end]
		p.at = end
		p.block(rows, "")
		return true
	}
	return false
}

// command says whether a row is one, as far as it is believed where it stands: below words that announce it, where something begins, or alone
// below a sentence that is finished.
func (p *passage) command(words string, announced bool) bool {
	switch belief := p.believe(words); {
	case belief == none || p.defines():
		return false
	case belief == joined:
		return announced && startsLower(words) && runForm().MatchString(p.lead())
	case announced:
		return true
	case belief == certain:
		return p.begins() && (len(p.nodes) > 0 || p.depth > 1 || signed(words))
	case belief == likely:
		return p.begins() && p.finished() || p.betweenNames(p.at)
	}
	if !p.alone() {
		return p.betweenNames(p.at)
	}
	return p.finished() && bare(words) && !twoWords().MatchString(words) && !shell.Verb(firstWord(words))
}

// betweenNames says whether a row of some words in small letters stands alone below one that names what it does, in a text that parts nothing.
func (p *passage) betweenNames(at int) bool {
	if at == 0 || p.wrapped > 0 || p.spaced || p.rows[at-1].blank() {
		return false
	}
	before, words := p.rows[at-1].words(), p.rows[at].words()
	if !bare(words) || strings.Count(words, " ") < minimalOrder && !p.programs[firstWord(words)] || !closed(before) || !titled(before) {
		return false
	}
	return at+1 == len(p.rows) || startsUpper(p.rows[at+1].words())
}

// runForm says to run something.
var runForm = doc.Pattern(`(?i)\b(?:commands?|run|running|execute|executing|issue|enter|type|invoke)\b`)

// finished says whether what stands before a row are words, and finished ones.
func (p *passage) finished() bool {
	n := p.lastShown()
	if n == nil || n.Kind == doc.Code {
		return false
	}
	before, ok := p.before()
	return ok && (p.alone() || ends(before.words()) || leadsTo(before.words()) || n.Kind != doc.Heading && p.alone() && closed(before.words()) && len(before.words()) > titleBytes)
}

// heads says whether a row is nothing but a word that names what stands below a blank row.
func (p *passage) heads(words string) bool {
	return startsUpper(words) && p.clearAfter() && !strings.Contains(words, " ")
}

// begins says whether a row begins something: after a blank row, after code, or right below what cannot go on with it, in a text with a
// paragraph a line.
func (p *passage) begins() bool {
	return p.clearBefore() || p.after(doc.Code) || p.wrapped == 0 && !p.setInSentence(p.at)
}

// setInSentence says whether what is below a row goes on with a sentence, of which the row is a part that was set apart.
func (p *passage) setInSentence(at int) bool {
	if at+1 >= len(p.rows) || p.rows[at+1].blank() {
		return false
	}
	next := p.rows[at+1].words()
	if data(next) || or().MatchString(next) || continues(p.rows[at].text) || hereEnd(p.rows, at) > 0 {
		return false
	}
	return strings.ContainsAny(next[:1], ",.;)]") || startsLower(next) && !p.typed(next, false) && (small(next) > 0 || ends(next))
}

// printedForm announces what is shown as it stands.
var printedForm = doc.Pattern(`(?i)\b(?:outputs?|results?|responses?|messages?|prompts?|lines?)\b[^.]*:$|\b(?:shows?|displays?|prints?|returns?|reports?) [^.]*:$`)

// printed reads what was announced as printed, whatever its shape, in a text that parts its paragraphs by blank rows.
func (p *passage) printed() bool {
	if !p.spaced || !p.announced() || !p.clearBefore() || noteNamed(p.row().words()) != "" || !printedForm().MatchString(p.lead()) {
		return false
	}
	end := p.at
	for end < len(p.rows) && !p.rows[end].blank() {
		end++
	}
	if last := p.rows[end-1].words(); strings.HasSuffix(last, ":") {
		return false
	}
	p.block(p.rows[p.at:end], "")
	p.at = end
	return true
}

// statement begins what a database is asked or told, and remarkOfIt a remark on that.
var (
	statement  = doc.Pattern(`^(?:SELECT|SHOW|SET|ALTER|CREATE|DROP|UPDATE|INSERT|DELETE|GRANT|REVOKE|FLUSH|START|STOP|CHANGE|RESET|EXPLAIN|TRUNCATE|LOCK|UNLOCK|CALL|KILL|RENAME|ATTACH|DETACH|SYSTEM|OPTIMIZE|VACUUM|ANALYZE|USE|BEGIN|COMMIT|WITH)\b`)
	remarkOfIt = doc.Pattern(`^-- \S`)
)

// statementRows is the most rows that a statement may have up to its semicolon.
const statementRows = 12

// states says whether a row begins a statement, which goes up to a semicolon, or remarks on one.
func (p *passage) states() bool {
	at := p.at
	for at < len(p.rows) && remarkOfIt().MatchString(p.rows[at].words()) {
		at++
	}
	if at == len(p.rows) || !statement().MatchString(p.rows[at].words()) {
		return false
	}
	for _, r := range p.rows[at:min(len(p.rows), at+statementRows)] {
		switch words := r.words(); {
		case strings.HasSuffix(words, ";"):
			return true
		case words == "" || small(words) > 2:
			return false
		}
	}
	return false
}

// defines says whether a row of one word is said below to mean something, as the first of several that are.
func (p *passage) defines() bool {
	if strings.Contains(p.row().words(), " ") || p.at+2 >= len(p.rows) {
		return false
	}
	meaning, next := p.rows[p.at+1].words(), p.rows[p.at+2].words()
	return startsUpper(meaning) && strings.HasSuffix(meaning, ".") && startsLower(next) && !strings.Contains(next, " ")
}

// answers says whether a row is the command of the item that it is right below the first sentence of.
func (p *passage) answers(words string) bool {
	return p.depth > 1 && len(p.nodes) == 1 && p.wrapped == 0 && bare(words) && p.after(doc.Paragraph) && ends(doc.Words(p.last().Spans))
}

// indented reads rows that are indented further than the words around them, blank ones between them included.
func (p *passage) indented() {
	end := p.at
	for i := p.at; i < len(p.rows); i++ {
		if p.rows[i].blank() {
			continue
		}
		if p.rows[i].indent < p.base+2 || i > p.at && p.rows[i-1].blank() && (prose(p.rows[i].words()) || p.startsItem(p.rows[i])) {
			break
		}
		end = i + 1
	}
	rows := p.rows[p.at:end]
	p.at = end
	p.block(rows, "")
}

func (p *passage) after(kind doc.Kind) bool { return p.last() != nil && p.last().Kind == kind }

// announced says whether the words before end in a colon, or in a word that leads on to a command, and a comma.
func (p *passage) announced() bool {
	lead := p.lead()
	return strings.HasSuffix(lead, ":") && !meanings().MatchString(lead) || strings.HasSuffix(lead, ",") && leadsTo(lead)
}

// meanings leads to what the parts of a command mean.
var meanings = doc.Pattern(`(?i)^where\b[^.]*:$|\b(?:options|parameters?|arguments|attributes|fields|variables)\b[^.]*\b(?:are|is|available|supported|apply)\b[^.]*:$`)

// leadsTo says whether the last word of a row leads on to what is missing behind it.
func leadsTo(words string) bool {
	return slices.Contains(leading, strings.TrimRight(lastWord(words), ",:"))
}

// lead is the paragraph before, "" if something else stands there.
func (p *passage) lead() string {
	n := p.lastShown()
	for n != nil && n.Kind == doc.Note && len(n.Children) > 0 {
		n = n.Children[len(n.Children)-1]
	}
	if n == nil || n.Kind != doc.Paragraph {
		return ""
	}
	return strings.TrimSpace(doc.Words(n.Spans))
}
