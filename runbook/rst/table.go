package rst

import (
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	gridBorder   = regexp.MustCompile(`^\+(?:[-=]+\+)+\s*$`)
	simpleBorder = regexp.MustCompile(`^=+(?: +=+)+\s*$`)
)

// columns are where the cells of a table begin and end, in characters.
type columns [][2]int

// cells cuts a row at the columns; the last one goes on to the row's end.
func (c columns) cells(text string) []string {
	letters := []rune(text)
	out := make([]string, len(c))
	for i, column := range c {
		from, to := min(column[0], len(letters)), min(column[1], len(letters))
		if i == len(c)-1 {
			to = len(letters)
		}
		out[i] = strings.TrimRight(string(letters[from:to]), " |")
	}
	return out
}

// grid reads a table drawn with +---+. A cell of several rows is one paragraph.
func (r *reader) grid(rows []row, at int) ([]*doc.Node, int) {
	var cuts columns
	border := strings.TrimSpace(rows[at].text)
	for from := 1; from < len(border); {
		width := strings.IndexByte(border[from:], '+')
		cuts = append(cuts, [2]int{from, from + width})
		from += width + 1
	}
	table := &doc.Node{Kind: doc.Table, Line: rows[at].line}
	end := at + 1
	var open []row
	for ; end < len(rows) && strings.HasPrefix(rows[end].text, "+") || end < len(rows) && strings.HasPrefix(rows[end].text, "|"); end++ {
		if strings.HasPrefix(rows[end].text, "|") {
			open = append(open, rows[end])
			continue
		}
		table.Children = append(table.Children, r.rowOf(cuts, open)...)
		open = nil
	}
	table.Children = append(table.Children, r.rowOf(cuts, open)...)
	table.End = rows[end-1].line
	return []*doc.Node{table}, end
}

// rowOf makes a row of a table of the lines it takes up.
func (r *reader) rowOf(cuts columns, lines []row) []*doc.Node {
	if len(lines) == 0 {
		return nil
	}
	n := &doc.Node{Kind: doc.Row, Line: lines[0].line, End: lines[len(lines)-1].line}
	parts := make([][]row, len(cuts))
	for _, line := range lines {
		for i, text := range cuts.cells(line.text) {
			if strings.TrimSpace(text) != "" {
				parts[i] = append(parts[i], row{text: text, line: line.line})
			}
		}
	}
	for _, part := range parts {
		n.Children = append(n.Children, r.cell(part, n))
	}
	return []*doc.Node{n}
}

func (r *reader) cell(lines []row, in *doc.Node) *doc.Node {
	return &doc.Node{Kind: doc.Paragraph, Line: in.Line, End: in.End, Spans: doc.Trim(r.inline(lines))}
}

// simple reads a table drawn with ==== ====. A row whose first cell is empty goes on with the row before it.
func (r *reader) simple(rows []row, at int) ([]*doc.Node, int) {
	var cuts columns
	for _, span := range regexp.MustCompile(`=+`).FindAllStringIndex(rows[at].text, -1) {
		if last := len(cuts) - 1; last >= 0 {
			cuts[last][1] = span[0]
		}
		cuts = append(cuts, [2]int{span[0], span[1]})
	}
	end := simpleEnd(rows, at)
	table := &doc.Node{Kind: doc.Table, Line: rows[at].line, End: rows[end-1].line}
	var open []row
	for _, line := range rows[at+1 : end] {
		border := strings.Trim(line.text, "=- ") == ""
		if border || strings.TrimSpace(cuts.cells(line.text)[0]) != "" {
			table.Children = append(table.Children, r.rowOf(cuts, open)...)
			open = nil
		}
		if !border {
			open = append(open, line)
		}
	}
	table.Children = append(table.Children, r.rowOf(cuts, open)...)
	return []*doc.Node{table}, end
}

// simpleEnd is the index after the border that closes a table: the last one before a blank row, or the next blank row.
func simpleEnd(rows []row, at int) int {
	borders := 0
	for i := at + 1; i < len(rows); i++ {
		if simpleBorder.MatchString(rows[i].text) {
			borders++
			if i+1 == len(rows) || rows[i+1].blank() {
				return i + 1
			}
		}
		if rows[i].blank() && borders == 0 && i+1 < len(rows) && rows[i+1].blank() {
			return i
		}
	}
	return len(rows)
}

// listTable makes a table of a list of lists. Where a cell holds more than words it stays a list, so that no code is lost.
func listTable(nodes []*doc.Node) []*doc.Node {
	if len(nodes) != 1 || nodes[0].Kind != doc.List {
		return nodes
	}
	table := &doc.Node{Kind: doc.Table, Line: nodes[0].Line, End: nodes[0].End}
	for _, item := range nodes[0].Children {
		if len(item.Children) != 1 || item.Children[0].Kind != doc.List {
			return nodes
		}
		line := &doc.Node{Kind: doc.Row, Line: item.Line, End: item.End}
		for _, cell := range item.Children[0].Children {
			words := &doc.Node{Kind: doc.Paragraph, Line: cell.Line, End: cell.End}
			for _, n := range cell.Children {
				if n.Kind != doc.Paragraph {
					return nodes
				}
				words.Spans = append(words.Spans, n.Spans...)
			}
			line.Children = append(line.Children, words)
		}
		table.Children = append(table.Children, line)
	}
	return []*doc.Node{table}
}

// csvTable makes a table of comma-separated rows. Where they are not, they are kept as words.
func (r *reader) csvTable(d directive) []*doc.Node {
	if d.options["file"] != "" || d.options["url"] != "" {
		r.problem(d.head.line, "csv-table of %s: what it holds is not in this file and was not read", d.options["file"]+d.options["url"])
	}
	if len(d.content) == 0 {
		return nil
	}
	table := &doc.Node{Kind: doc.Table, Line: d.content[0].line, End: d.end}
	records := csv.NewReader(strings.NewReader(join(d.content)))
	records.FieldsPerRecord, records.LazyQuotes, records.TrimLeadingSpace = -1, true, true
	for {
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			return []*doc.Node{table}
		}
		if err != nil {
			return r.blocks(d.content)
		}
		at, _ := records.FieldPos(0)
		line := d.content[min(at, len(d.content))-1].line
		n := &doc.Node{Kind: doc.Row, Line: line, End: line}
		for _, text := range record {
			n.Children = append(n.Children, r.cell([]row{{text: text, line: line}}, n))
		}
		table.Children = append(table.Children, n)
	}
}
