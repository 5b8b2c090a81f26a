package markdown

import (
	"bytes"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// directive is a block of MkDocs: a line "!!! note" with a body indented by four. Markdown would take the body for code.
type directive struct {
	line  int  // counted in the text it stands in
	tab   bool // it is one of several ways to do one thing: === "Way"
	again bool // the first of several others: ===! "Way"
	name  string
	title string
	body  []byte
	at    int // the line of the body's first byte
	end   int
}

var directiveLine = doc.Pattern(`^([ \t]*)(!!!|\?\?\?\+?|===[+!]?)[ \t]+(?:([A-Za-z]+)(?:[ \t]+[a-z]+)*)?[ \t]*("[^"]*")?[ \t]*$`)

// hideDirectives puts an HTML comment of the same length in the place of each directive. Their bodies are read on their own.
func hideDirectives(source []byte) ([]byte, map[int]directive) {
	if !bytes.Contains(source, []byte("!!!")) && !bytes.Contains(source, []byte("???")) && !bytes.Contains(source, []byte("===")) {
		return source, nil
	}
	found := map[int]directive{}
	plain := source
	rows := bytes.SplitAfter(source, []byte("\n"))
	var code state
	at := 0
	for i := 0; i < len(rows); i++ {
		m := directiveLine().FindSubmatch(bytes.TrimRight(rows[i], "\n"))
		last, body := 0, []byte(nil)
		if code.plain() && m != nil && (len(m[3]) > 0 || len(m[4]) > 0) {
			last, body = directiveBody(rows, i, width(m[1])+4)
		}
		if last == 0 {
			code.after(rows[i])
			at += len(rows[i])
			continue
		}
		found[i+1] = directive{
			line: i + 1, tab: m[2][0] == '=', again: string(m[2]) == "===!", name: strings.ToLower(string(m[3])), title: strings.Trim(string(m[4]), `"`), body: body, at: i + 2, end: last + 1,
		}
		if &plain[0] == &source[0] {
			plain = slices.Clone(source)
		}
		at += overwrite(plain[at:], rows[i:last+1], len(m[1]))
		i = last
	}
	return plain, found
}

// directiveBody is the last row of the body and its text without the indentation; blank rows belong to it, the first row decides.
func directiveBody(rows [][]byte, i, indent int) (last int, body []byte) {
	for j := i + 1; j < len(rows); j++ {
		row := rows[j]
		lead := row[:len(row)-len(bytes.TrimLeft(row, " \t"))]
		if len(bytes.TrimSpace(row)) == 0 {
			body = append(body, '\n')
			continue
		}
		if width(lead) < indent {
			break
		}
		body = append(body, cut(row, indent)...)
		last = j
	}
	return last, body
}

// cut takes columns of leading space off a row. What is left of a tab becomes spaces; those behind it stay tabs.
func cut(row []byte, columns int) []byte {
	at := 0
	for at < len(row) && width(row[:at]) < columns {
		at++
	}
	return append(bytes.Repeat([]byte(" "), width(row[:at])-columns), row[at:]...)
}

// overwrite hides rows behind a comment and spaces, and says how many bytes it has gone over.
func overwrite(plain []byte, rows [][]byte, lead int) int {
	n := 0
	for i, row := range rows {
		width := len(bytes.TrimRight(row, "\n"))
		for k := range width {
			plain[n+k] = ' '
		}
		if i == 0 {
			copy(plain[n+lead:n+width], "<!-->") // the shortest comment, for the shortest directive
		}
		n += len(row)
	}
	return n
}

func width(space []byte) int {
	columns := 0
	for _, b := range space {
		if b == '\t' {
			columns += 4 - columns%4
		} else {
			columns++
		}
	}
	return columns
}

// directive reads a directive's body as a text of its own.
func (r *reader) directive(d directive) []*doc.Node {
	line := r.first + d.line
	inner := &reader{source: d.body, first: r.first + d.at - 1, depth: r.depth + 1, anchors: r.anchors}
	nodes := inner.parse(d.body)
	r.problems = append(r.problems, inner.problems...)
	r.deepest = max(r.deepest, inner.deepest)
	title := &doc.Node{Kind: doc.Paragraph, Line: line, End: line, Spans: []doc.Span{{Text: d.title, Style: doc.Strong, Line: line}}}
	note := slices.Contains(doc.NoteNames, d.name)
	switch {
	case d.title == "":
	case note:
		nodes = doc.EntitleNote(title, nodes)
	default:
		nodes = doc.Entitle(title, nodes)
	}
	switch end := r.first + d.end; {
	case d.tab:
		item := &doc.Node{Kind: doc.Item, Line: line, End: end, Children: nodes}
		if d.again {
			item.Name = doc.Tabs
		}
		return []*doc.Node{item}
	case note:
		return []*doc.Node{{Kind: doc.Note, Name: d.name, Line: line, End: end, Children: nodes}}
	}
	return nodes
}
