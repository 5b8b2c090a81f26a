package webtext

import (
	"bytes"
	"strings"
	"unicode"
)

// tab is how many columns apart the stops are.
const tab = 8

// row is one line of the source. Tabs before its first word are spaces.
type row struct {
	text   string // without its line end
	line   int    // 1-based
	indent int    // columns before the first word
}

// split makes rows of a source. What says nothing is taken off: byte order mark, carriage returns, and the no-break spaces
// that pages indent with.
func split(source []byte) []row {
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	rows := make([]row, 0, bytes.Count(source, []byte("\n"))+1)
	for line := range bytes.Lines(source) {
		line = bytes.TrimRight(line, "\r\n")
		rows = append(rows, newRow(string(line), len(rows)+1))
	}
	return rows
}

func newRow(text string, line int) row {
	column := 0
	for i, c := range text {
		switch {
		case c == '\t':
			column += tab - column%tab
		case unicode.IsSpace(c):
			column++
		default:
			return row{strings.Repeat(" ", column) + text[i:], line, column}
		}
	}
	return row{strings.Repeat(" ", column), line, column}
}

func (r row) blank() bool { return r.indent == len(r.text) }

// words is the row without the space around it.
func (r row) words() string { return strings.TrimSpace(r.text) }

// dedent takes the indentation that all rows share off each.
func dedent(rows []row) []row {
	least := -1
	for _, r := range rows {
		if !r.blank() && (least < 0 || r.indent < least) {
			least = r.indent
		}
	}
	out := make([]row, len(rows))
	for i, r := range rows {
		cut := min(max(least, 0), len(r.text))
		out[i] = row{r.text[cut:], r.line, r.indent - cut}
	}
	return out
}

// flat says whether a text has lost its indentation: hardly a sentence is indented.
func flat(rows []row) bool {
	count := func(wanted func(row) bool) int {
		n := 0
		for _, r := range rows {
			if wanted(r) && prose(r.words()) {
				n++
			}
		}
		return n
	}
	indented := count(func(r row) bool { return r.indent > 0 && !r.blank() })
	return indented == 0 || count(func(r row) bool { return r.indent == 0 }) >= flatness*indented
}

// flatness is how many sentences at the margin of a text that lost its indentation come to one that what it shows has by chance.
const flatness = 10

// hyphened says whether several items at the margin of a text begin with a hyphen, before a whole sentence.
func hyphened(rows []row) bool {
	count := 0
	for _, r := range rows {
		if item, ok := strings.CutPrefix(r.text, "- "); ok && startsUpper(item) && prose(item) {
			count++
		}
	}
	return count >= severalItems
}

// severalItems is how many items show how a text writes them.
const severalItems = 3

// spaced says whether a blank row stands before each sentence of a text that begins a row, or nearly so.
func spaced(rows []row) bool {
	apart, close := 0, 0
	for i, r := range rows {
		if words := r.words(); i == 0 || words == "" || !startsUpper(words) || !prose(words) {
			continue
		}
		if rows[i-1].blank() {
			apart++
		} else {
			close++
		}
	}
	return apart > 4*close
}

func trimBlank(rows []row) []row {
	for len(rows) > 0 && rows[0].blank() {
		rows = rows[1:]
	}
	for len(rows) > 0 && rows[len(rows)-1].blank() {
		rows = rows[:len(rows)-1]
	}
	return rows
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
