package webtext

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// codeEnd is the index after the code that begins at a row: its rows, and those behind a blank one that go on with it.
func (p *passage) codeEnd(at int) int {
	end := p.rowsEnd(at)
	for next := p.shown(end); next < len(p.rows) && p.goesOnAsCode(at, end, next); next = p.shown(end) {
		end = p.rowsEnd(next)
	}
	return end
}

// shown is the index of the first row from an index on that is not blank.
func (p *passage) shown(from int) int {
	for from < len(p.rows) && p.rows[from].blank() {
		from++
	}
	return from
}

// goesOnAsCode says whether a row behind a blank one, with nothing said in between, goes on with code. Where blank rows part paragraphs, a
// command does so by its indentation, below a remark of its own, or where a variable was set for it. Elsewhere a blank row is a part of code.
func (p *passage) goesOnAsCode(from, end, next int) bool {
	if next == end || p.rows[next].indent < p.rows[from].indent || markerOf(p.rows[next]).width > 0 {
		return false
	}
	for from+1 < end && strings.HasPrefix(p.rows[from].text[p.rows[from].indent:], "# ") {
		from++
	}
	first, last, words := p.rows[from].words(), p.rows[end-1].words(), p.rows[next].words()
	inside := p.rows[from].indent > 0 || !p.spaced
	switch {
	case p.hasPrompt(first):
		return p.remarkedPrompt(next) || p.hasPrompt(words) && inside || p.rows[next].indent > p.base && !prose(words)
	case !p.typed(first, true):
		return false
	}
	return inside && p.remark(next, false) || p.typed(words, false) && (inside || assignment().MatchString(last))
}

// remarkedPrompt says whether a row is a remark on the prompt below it.
func (p *passage) remarkedPrompt(at int) bool {
	return p.remark(at, false) && p.hasPrompt(p.rows[at+1].words())
}

// assignment sets a variable and does nothing else.
var assignment = doc.Pattern(`^(?:export )?[A-Za-z_]\w*=\S*$`)

// rowsEnd is the index after code without blank rows: up to a row that is the author's words again.
func (p *passage) rowsEnd(at int) int {
	end := unitEnd(p.rows, at)
	open, answered := continues(p.rows[at].text), p.hasPrompt(p.rows[at].words())
	for end < len(p.rows) && !p.rows[end].blank() {
		words := p.unremarked(p.rows[end].words())
		if !open && (prose(words) && !(answered && (p.spaced || failure().MatchString(words))) || residueForm().MatchString(words) || noteNamed(words) != "" || customary().MatchString(words) || p.rows[end].indent <= p.rows[at].indent && p.startsItem(p.rows[end]) || p.between(at, end) || p.wordsBelow(at, end, words) || p.leadsOn(end, answered)) {
			break
		}
		open, end = continues(words), unitEnd(p.rows, end)
	}
	return end
}

// failure is what a program says of one.
var failure = doc.Pattern(`^(?i:error|warning|warn|fatal|failed)\b.{0,40}[: ]`)

// leadsOn says whether a row begins words that announce a further command.
func (p *passage) leadsOn(at int, answered bool) bool {
	if p.spaced || signed(blank().ReplaceAllString(p.rows[at].words(), "X")) {
		return false
	}
	if !startsUpper(p.rows[at].words()) {
		return exampleBelow().MatchString(p.rows[at].words()) && at+1 < len(p.rows) && p.isTyped(p.rows[at+1].words())
	}
	for i := at; i+1 < len(p.rows) && i < at+announcing; i++ {
		if words := p.rows[i].words(); strings.HasSuffix(words, ":") {
			next := p.rows[i+1].words()
			return p.isTyped(next) && small(words) > 0 || !answered && p.believe(next) == certain
		}
	}
	return false
}

// exampleBelow ends in words that announce an example, or in a part of a sentence that announces something.
var exampleBelow = doc.Pattern(`(?i)(?:\. |^)(?:for example|e\.g\.|as follows|like this):$|\b(?:the|an?|to|is|of) [^:]*:$`)

// announcing is how many rows words have at most that announce a command.
const announcing = 3

// between says whether a row below a command without a prompt only names something: what the next one does, where that is run, or the columns
// of what follows.
func (p *passage) between(from, at int) bool {
	words := p.rows[at].words()
	if p.wrapped > 0 || p.hasPrompt(p.rows[from].words()) || p.rows[at].indent > p.rows[from].indent {
		return false
	}
	if or().MatchString(words) {
		return true
	}
	if !titled(words) || !startsUpper(words) || signed(words) {
		return false
	}
	if belief := p.believe(p.rows[at-1].words()); belief < certain && (belief == none || at+1 == len(p.rows) || p.believe(p.rows[at+1].words()) < likely) {
		return false
	}
	return words != strings.ToUpper(words) || at+1 < len(p.rows) && p.believe(p.rows[at+1].words()) == certain
}

// or joins what may be done instead, or next.
var or = doc.Pattern(`^(?i:or|and|then|otherwise|alternatively|followed by|and then)[,:]?$`)

// wordsBelow says whether a row below a command goes on with the author's words: in the middle of a sentence, or as an item of a list that
// lost its indentation.
func (p *passage) wordsBelow(from, at int, words string) bool {
	if item, ok := strings.CutPrefix(words, "- "); ok {
		return p.isTyped(p.rows[from].words()) && p.rows[at].indent <= p.rows[from].indent && p.orders(item)
	}
	if strings.HasPrefix(words, "(") && strings.HasSuffix(words, ")") && small(words) > 0 {
		return true
	}
	return p.wrapped == 0 && !p.hasPrompt(p.rows[from].words()) && startsLower(words) && (strings.HasSuffix(words, ".") || small(words) > 0) && strings.Contains(words, " ") && !p.typed(words, true)
}

// unremarked is a row without the comment behind its command.
func (p *passage) unremarked(words string) string {
	if command, _, ok := strings.Cut(words, " # "); ok && p.typed(command, true) {
		return command
	}
	return words
}

// remarked reads code that begins with a comment: a row with a "#" right above one that reads as a command.
func (p *passage) remarked() bool {
	if !p.remark(p.at, p.announced()) {
		return false
	}
	end := p.codeEnd(p.at)
	rows := p.rows[p.at:end]
	p.at = end
	p.block(rows, "")
	return true
}

// remark says whether a row is a comment on the command below it.
func (p *passage) remark(at int, announced bool) bool {
	words := p.rows[at].words()
	if !strings.HasPrefix(words, "# ") || p.hasPrompt(words) || at+1 >= len(p.rows) {
		return false
	}
	next := p.rows[at+1]
	return !next.blank() && next.indent == p.rows[at].indent && (p.hasPrompt(next.words()) || p.typed(next.words(), announced))
}

// unitEnd is the index after the command that begins at a row, with the here-document or the body that belong to it.
func unitEnd(rows []row, at int) int {
	return max(at+1, hereEnd(rows, at), bodyEnd(rows, at))
}

// opening and closing are the words that a loop, a branch or a function of the shell stands between.
var (
	opening = doc.Pattern(`^(?:(?:for|while|until)\s.*;\s*do\b|(?:for|while|until)\s[^;]*$|if\s.*(?:;\s*then\b|[\])]$)|case\s.*\sin$|(?:function\s+)?[A-Za-z_][\w-]*\s*\(\)\s*\{$)`)
	closing = doc.Pattern(`^(?:done|fi|esac|\})(?:[;\s|>)]|$)|[;\s](?:done|fi|esac)\s*[;)]?$`)
)

// bodyEnd is the index after the loop, branch or function that begins at a row, 0 if none does that ends before the text goes on otherwise.
func bodyEnd(rows []row, at int) int {
	if !opening().MatchString(rows[at].words()) {
		return 0
	}
	open := 0
	for i := at; i < min(len(rows), at+hereRows); i++ {
		words := rows[i].words()
		if opening().MatchString(words) {
			open++
		}
		if closing().MatchString(words) {
			open--
		}
		if open == 0 {
			return i + 1
		}
	}
	return 0
}

var hereForm = doc.Pattern(`<<-?\s*['"\\]?([A-Za-z_]\w*)['"]?`)

// hereEnd is the index after the here-document that a command opens, 0 if it opens none that is closed.
func hereEnd(rows []row, at int) int {
	if !strings.Contains(rows[at].text, "<<") {
		return 0
	}
	m := hereForm().FindStringSubmatch(rows[at].text)
	if m == nil {
		return 0
	}
	for i := at + 1; i < min(len(rows), at+hereRows); i++ {
		if r := rows[i]; len(r.text)-r.indent == len(m[1]) && r.text[r.indent:] == m[1] {
			return i + 1
		}
	}
	return 0
}

// hereRows is the most rows a here-document may have.
const hereRows = 300

// startsItem says whether a row below code begins an item. A hyphen does so before an order or a sentence, in a text that has lost its indentation.
func (p *passage) startsItem(r row) bool {
	m := markerOf(r)
	if m.ordered || m.width == 0 || !slices.Contains([]string{"-", "+", "*"}, m.kind) {
		return m.width > 0
	}
	return p.flat && p.orders(strings.TrimSpace(r.words()[1:]))
}

// orders says whether what stands behind a hyphen is an order or a sentence. Where many items of the text have one, it need not be whole.
func (p *passage) orders(item string) bool {
	if p.hyphened {
		return startsUpper(item) && strings.Contains(item, " ")
	}
	return startsUpper(item) && ends(item) && strings.Count(item, " ") >= minimalOrder
}

// minimalOrder is how many words an order has at least.
const minimalOrder = 2

func continues(text string) bool { return strings.HasSuffix(strings.TrimRight(text, " "), `\`) }
