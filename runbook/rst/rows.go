package rst

import (
	"bytes"
	"strings"
)

// tab is how many columns apart the stops are, as docutils has it.
const tab = 8

// row is one line of the source, or what is left of it inside a list or a directive.
type row struct {
	text   string // without its line end
	line   int    // 1-based
	column int    // where the text begins in the source, from which tabs are counted
}

// split makes rows of a source. What differs between editors but says nothing is taken off: byte order mark and carriage returns.
func split(source []byte) []row {
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	rows := make([]row, 0, bytes.Count(source, []byte("\n"))+1)
	for line := range bytes.Lines(source) {
		line = bytes.TrimRight(line, "\r\n")
		rows = append(rows, row{text: string(line), line: len(rows) + 1})
	}
	return rows
}

func (r row) blank() bool { return strings.TrimSpace(r.text) == "" }

// indent is the columns of space before the first word.
func (r row) indent() int {
	at := r.column
	for i := range len(r.text) {
		switch r.text[i] {
		case ' ':
			at++
		case '\t':
			at += tab - at%tab
		default:
			return at - r.column
		}
	}
	return at - r.column
}

// cut takes columns of leading space off, as many as there are at most. What is left of a tab becomes spaces.
func (r row) cut(columns int) row {
	at, end := r.column, r.column+columns
	i := 0
	for ; i < len(r.text) && at < end; i++ {
		switch r.text[i] {
		case ' ':
			at++
		case '\t':
			at += tab - at%tab
		default:
			return row{r.text[i:], r.line, at}
		}
	}
	if at > end {
		return row{strings.Repeat(" ", at-end) + r.text[i:], r.line, end}
	}
	return row{r.text[i:], r.line, at}
}

// after is what follows the first n bytes, which hold no tab.
func (r row) after(n int) row { return row{r.text[n:], r.line, r.column + n} }

// dedent takes the indentation that all rows share off each.
func dedent(rows []row) []row {
	least := -1
	for _, r := range rows {
		if !r.blank() && (least < 0 || r.indent() < least) {
			least = r.indent()
		}
	}
	return cutAll(rows, least)
}

func cutAll(rows []row, columns int) []row {
	out := make([]row, len(rows))
	for i, r := range rows {
		out[i] = r.cut(columns)
	}
	return out
}

// trimBlank drops blank rows at both ends.
func trimBlank(rows []row) []row {
	for len(rows) > 0 && rows[0].blank() {
		rows = rows[1:]
	}
	for len(rows) > 0 && rows[len(rows)-1].blank() {
		rows = rows[:len(rows)-1]
	}
	return rows
}

// bodyEnd is the index after the last of the rows from at on that are indented, blank ones between them included.
func bodyEnd(rows []row, at int) int {
	end := at
	for i := at; i < len(rows); i++ {
		if rows[i].blank() {
			continue
		}
		if rows[i].indent() == 0 {
			break
		}
		end = i + 1
	}
	return end
}

// join makes a text of rows. Of a blank one no space is kept, as Markdown keeps none in an item.
func join(rows []row) string {
	var b strings.Builder
	for _, r := range rows {
		if !r.blank() {
			b.WriteString(r.text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
