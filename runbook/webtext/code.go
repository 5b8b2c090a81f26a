package webtext

import (
	"cmp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// block adds code, dedented by its own indentation.
func (p *passage) block(rows []row, info string) {
	rows = dedent(trimBlank(rows))
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
	return isTyped(p.rows[at-1].words()) && isTyped(p.rows[at+1].words()) && markerOf(p.rows[at+1]).width == 0
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
			return isTyped(words) || data(words)
		}
	}
	return false
}

// prompted are the forms of a prompt before a command. Those of strong stand out even in the middle of a line.
var (
	strong   = doc.Pattern(`(?:\[[\w.-]+@[\w.-]+[^\[\]\n]{0,60}\](?:\([^()\n]{1,40}\))?|\[?[\w-]*~?\([\w.-]+\)\]|~\([\w.-]+\)\]?|[\w.-]+@[\w.-]+:[~/][^\s$#]{0,80})\s?[$#]\s+\S`)
	prompted = doc.Pattern(`^(?:\$|\([\w.-]+\)\s?[$#]|[\w.-]+@[\w.-]+(?::\S*)?\s?[$#>]|[a-z][\w-]*\d[\w-]*(?:\([\w/-]+\))?[#>]|(?:[a-z][\w.-]*=?|MariaDB \[[^\]]*\])[#$>]|[\w-]*::[\w*-]*>|\*>)\s+\S|^#\s+(?:sudo |[a-z./][\w./+-]*(?:\s+[-/$"\w]|$))`)
)

// userForm and plainHead are what stands before and behind the sign of a prompt that names its user: "tux > sudo ls".
var (
	userForm  = doc.Pattern(`^[a-z]+$`)
	plainHead = doc.Pattern(`^[a-z][\w-]* \S`)
)

// strongAt is the offset of the first strong prompt, -1 if there is none.
func strongAt(text string) int {
	if !strings.Contains(text, "$ ") && !strings.Contains(text, "# ") {
		return -1
	}
	if span := strong().FindStringIndex(text); span != nil {
		return span[0]
	}
	return -1
}

// announcedPrompt is a bare prompt in the middle of a line, right behind the colon of the words that announce its command.
var announcedPrompt = doc.Pattern(`:\s(\$\s+[a-z./~]\S*)`)

// promptAt is the offset of the prompt at which a session was run together with the words before it, -1 if there is none.
func promptAt(text string) int {
	if at := strongAt(text); at >= 0 {
		return at
	}
	if !strings.Contains(text, ": $ ") {
		return -1
	}
	if span := announcedPrompt().FindStringSubmatchIndex(text); span != nil {
		return span[2]
	}
	return -1
}

// isTyped says whether a row begins with a prompt, or reads as a command.
func isTyped(words string) bool { return hasPrompt(words) || typed(words, true) }

func hasPrompt(words string) bool {
	if at := strongAt(words); at == 0 {
		return true
	}
	if quoted, ok := strings.CutPrefix(words, "> "); ok {
		return typed(quoted, false)
	}
	if user, command, ok := strings.Cut(words, " > "); ok && userForm().MatchString(user) {
		return bare(command) || typed(command, true) && strings.Contains(command, " ") && plainHead().MatchString(command)
	}
	return prompted().MatchString(words) && !(strings.HasPrefix(words, "#") && small(words) > 0)
}

// session reads what begins with a prompt: the command, and what was printed after it.
func (p *passage) session() bool {
	words := p.row().words()
	if !hasPrompt(words) {
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
		b.WriteString(layOut(r.text))
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

// codeEnd is the index after the code that begins at a row: up to a blank row, or one that is the author's words again.
func (p *passage) codeEnd(at int) int {
	end := unitEnd(p.rows, at)
	open, answered := continues(p.rows[at].text), hasPrompt(p.rows[at].words())
	for end < len(p.rows) && !p.rows[end].blank() {
		words := unremarked(p.rows[end].words())
		if !open && (prose(words) && !(p.spaced && answered) || residueForm().MatchString(words) || noteNamed(words) != "" || customary().MatchString(words) || p.rows[end].indent <= p.rows[at].indent && p.startsItem(p.rows[end]) || p.between(at, end) || p.wordsBelow(at, end, words)) {
			break
		}
		open, end = continues(words), unitEnd(p.rows, end)
	}
	return end
}

// between says whether a row below a command without a prompt only names something: what the next one does, or the columns of what follows.
func (p *passage) between(from, at int) bool {
	words := p.rows[at].words()
	return p.wrapped == 0 && !hasPrompt(p.rows[from].words()) && p.rows[at].indent <= p.rows[from].indent && named().MatchString(words) && titled(words) && !commandSign().MatchString(words)
}

// wordsBelow says whether a row below a command goes on with the author's words: in the middle of a sentence, or as an item of a list that
// lost its indentation.
func (p *passage) wordsBelow(from, at int, words string) bool {
	if item, ok := strings.CutPrefix(words, "- "); ok {
		return isTyped(p.rows[from].words()) && startsUpper(item) && ends(item) && strings.Count(item, " ") >= minimalOrder && p.rows[at].indent <= p.rows[from].indent
	}
	return p.wrapped == 0 && !hasPrompt(p.rows[from].words()) && startsLower(words) && (strings.HasSuffix(words, ".") || small(words) > 0) && strings.Contains(words, " ") && !typed(words, true)
}

// named is two words or more that begin as a sentence does.
var named = doc.Pattern(`^[A-Z][a-z]+ \S`)

// unremarked is a row without the comment behind its command.
func unremarked(words string) string {
	if command, _, ok := strings.Cut(words, " # "); ok && typed(command, true) {
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
	if !strings.HasPrefix(words, "# ") || hasPrompt(words) || at+1 >= len(p.rows) {
		return false
	}
	next := p.rows[at+1]
	return !next.blank() && next.indent == p.rows[at].indent && typed(next.words(), announced)
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
	words := r.words()[1:]
	return p.flat && startsUpper(strings.TrimSpace(words)) && ends(words) && strings.Count(words, " ") > minimalOrder
}

// minimalOrder is how many words an order has at least.
const minimalOrder = 2

func continues(text string) bool { return strings.HasSuffix(strings.TrimRight(text, " "), `\`) }

// code reads what stands as it is typed or printed: rows that are indented further than the words around them, and rows that
// read as commands or data.
func (p *passage) code() bool {
	words := p.row().words()
	announced := p.announced()
	switch {
	case p.row().indent >= p.base+2 && !prose(words) && (announced || p.clearBefore()):
		p.indented()
		return true
	case typed(words, announced && p.announces(words)) && !p.defines() && (announced || p.begins()), announced && (data(words) || statement().MatchString(words)), p.answers(words), p.standsAlone(words), p.clearBefore() && bodyEnd(p.rows, p.at) > 0:
		end := p.codeEnd(p.at)
		rows := p.rows[p.at:end]
		p.at = end
		p.block(rows, "")
		return true
	}
	return false
}

// begins says whether a row begins something: after a blank row, after code, or right below what cannot go on with it, in a text with a
// paragraph a line.
func (p *passage) begins() bool {
	before, ok := p.before()
	return p.clearBefore() || p.after(doc.Code) || p.wrapped == 0 && ok && closed(before.words())
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

// statement is what a database is asked or told.
var statement = doc.Pattern(`^(?:SELECT|SHOW|SET|ALTER|CREATE|DROP|UPDATE|INSERT|DELETE|GRANT|REVOKE|FLUSH|START|STOP|CHANGE|RESET|EXPLAIN|TRUNCATE|LOCK|UNLOCK|CALL|KILL)\b[^a-z]*\b.*;$`)

// defines says whether a row of one word is said below to mean something, as the first of several that are.
func (p *passage) defines() bool {
	if strings.Contains(p.row().words(), " ") || p.at+2 >= len(p.rows) {
		return false
	}
	meaning, next := p.rows[p.at+1].words(), p.rows[p.at+2].words()
	return startsUpper(meaning) && strings.HasSuffix(meaning, ".") && startsLower(next) && !strings.Contains(next, " ")
}

// standsAlone says whether a row with blank ones around its like is a command, though nothing in it is a sign of one: it reads as nothing
// else, and begins as another command of this text does, or with a name that no word of a sentence has.
func (p *passage) standsAlone(words string) bool {
	if !p.spaced || p.wrapped > 0 || !p.clearBefore() || !bare(words) || joinsWords(words) {
		return false
	}
	program := firstWord(words)
	return p.programs[program] || strings.ContainsAny(program, "-_./") && strings.Contains(words, " ")
}

// programs are the first words of rows that are commands beyond doubt: behind a prompt, or by their signs after a blank row.
func programs(rows []row) map[string]bool {
	found := map[string]bool{}
	for i, r := range rows {
		words := r.words()
		if hasPrompt(words) {
			_, command, _ := strings.Cut(words[strings.IndexAny(words, "$#>"):], " ")
			words = strings.TrimSpace(command)
		} else if i == 0 || !rows[i-1].blank() || !typed(words, false) || !strings.Contains(words, " ") {
			continue
		}
		if program := firstWord(strings.TrimPrefix(words, "sudo ")); startsLower(program) {
			found[program] = true
		}
	}
	return found
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

// announced says whether the words before end in a colon.
func (p *passage) announced() bool { return strings.HasSuffix(p.lead(), ":") }

// announces says whether the words before, which end in a colon, announce a row as a command: one that joins its words as a title does only
// where they speak of running something.
func (p *passage) announces(words string) bool {
	return !joinsWords(words) || runForm().MatchString(p.lead())
}

var runForm = doc.Pattern(`(?i)\b(?:commands?|run|running|execute|executing|issue|enter|type|invoke|prompt|shell|console)\b`)

// joinsWords says whether a word of a row joins others, as in titles: "with", "for", "from".
func joinsWords(words string) bool {
	return slices.ContainsFunc(strings.Fields(unremarked(words)), func(word string) bool { return slices.Contains(joining, word) })
}

var joining = strings.Fields("with without for from in into between during via per")

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
