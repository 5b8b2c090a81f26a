package rst

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

func isExplicit(text string) bool {
	return strings.HasPrefix(text, ".. ") || strings.TrimRight(text, " \t") == ".." || strings.HasPrefix(text, "__ ")
}

var (
	directiveForm = doc.Pattern(`^([A-Za-z][\w+.:-]*?) ?::(?:\s+(.*))?$`)
	footnoteForm  = doc.Pattern(`^\[[^\]]+\]\s`)
	oneColon      = doc.Pattern(`^([a-z]+(?:-[a-z]+)*):(?:\s|$)`)
)

// explicit reads what begins with "..": a directive, a label, a footnote, the definition of a substitution, or else a comment.
func (r *reader) explicit(rows []row, at int) ([]*doc.Node, int) {
	head := rows[at]
	words := strings.TrimSpace(strings.TrimPrefix(head.text, ".."))
	if words == "" && (at+1 == len(rows) || rows[at+1].blank()) {
		return nil, at + 1
	}
	end := bodyEnd(rows, at+1)
	body := rows[at+1 : end]
	if m := targetForm().FindStringSubmatch(head.text); m != nil || strings.HasPrefix(words, "__") {
		return nil, r.target(m, rows, at)
	}
	if m := directiveForm().FindStringSubmatch(words); m != nil {
		return r.directive(newDirective(head, m, body)), end
	}
	if footnoteForm().MatchString(words) {
		return r.blocks(append([]row{head.after(strings.Index(head.text, words))}, dedent(body)...)), end
	}
	if m := oneColon().FindStringSubmatch(words); m != nil && known(m[1]) {
		r.problem(head.line, "\"%s:\" has one colon, which makes it a comment that nobody sees; with two it is a directive", m[1])
	}
	return []*doc.Node{comment(words, head, body)}, end
}

// target remembers the label of a place until it is known what stands there. Addresses were found before. It says where the next block begins.
func (r *reader) target(m []string, rows []row, at int) int {
	if m != nil && r.labels[nameOf(m[1])] {
		r.waiting = append(r.waiting, nameOf(m[1]))
		return at + 1
	}
	for at++; at < len(rows) && !rows[at].blank() && rows[at].indent() > 0; at++ {
	}
	return at
}

// comment keeps what is not shown, so that no line is lost and annotations are found.
func comment(words string, head row, body []row) *doc.Node {
	body = dedent(trimBlank(body))
	c := &doc.Node{Kind: doc.Comment, Line: head.line, End: head.line, Text: words + "\n" + join(body)}
	if len(body) > 0 {
		c.End = body[len(body)-1].line
	}
	return c
}

// directive is ".. name:: argument" with its options and what is indented below it.
type directive struct {
	name     string
	argument row   // the words after the name
	more     []row // the rows right below, up to an option or a blank row: they go on with the argument, or are content already
	options  map[string]string
	content  []row
	head     row
	body     []row
	end      int // its last line
}

var optionForm = doc.Pattern(`^:([A-Za-z][\w -]*):(?:\s+(.*))?$`)

func newDirective(head row, m []string, body []row) directive {
	d := directive{name: strings.ToLower(m[1]), head: head, body: body, end: head.line, options: map[string]string{}}
	d.argument = head.after(len(strings.TrimRight(head.text, " \t")) - len(m[2]))
	if body = trimEnd(body); len(body) > 0 {
		d.end = body[len(body)-1].line
	}
	rows := dedent(body)
	at := 0
	for at < len(rows) && !rows[at].blank() && !optionForm().MatchString(rows[at].text) {
		at++
	}
	d.more = rows[:at]
	for at < len(rows) && !rows[at].blank() {
		m := optionForm().FindStringSubmatch(rows[at].text)
		if m == nil {
			break
		}
		value := m[2] + continuation(rows[at], rows[at+1:], " ")
		d.options[strings.ToLower(m[1])] = strings.TrimSpace(value)
		for at++; at < len(rows) && !rows[at].blank() && rows[at].indent() > 0; at++ {
		}
	}
	d.content = trimBlank(rows[at:])
	return d
}

func trimEnd(rows []row) []row {
	for len(rows) > 0 && rows[len(rows)-1].blank() {
		rows = rows[:len(rows)-1]
	}
	return rows
}

// words is the argument, all its rows joined.
func (d directive) words() string {
	text := strings.TrimSpace(d.argument.text)
	for _, r := range d.more {
		text += " " + strings.TrimSpace(r.text)
	}
	return strings.TrimSpace(text)
}

// inside is the content of a directive whose argument is no content.
func (d directive) inside() []row { return append(slices.Clip(d.more), d.content...) }

// all is the argument and the content as one text, for directives that have no argument of their own.
func (d directive) all() []row {
	var rows []row
	if !d.argument.blank() {
		rows = append(rows, d.argument)
	}
	rows = append(rows, d.more...)
	if len(rows) > 0 && len(d.content) > 0 && d.content[0].line > rows[len(rows)-1].line+1 {
		rows = append(rows, row{line: d.content[0].line - 1})
	}
	return append(rows, d.content...)
}
