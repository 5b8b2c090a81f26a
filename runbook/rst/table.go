package rst

import (
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	gridBorder   = doc.Pattern(`^\+(?:[-=]+\+)+\s*$`)
	simpleBorder = doc.Pattern(`^=+(?: +=+)+\s*$`)
	simpleColumn = doc.Pattern(`=+`)
)

// tableRow is one row of a table, each cell with what stands in it.
type tableRow struct {
	line, end int
	cells     [][]*doc.Node
}

// table makes a table of rows that hold words. Where a cell holds code it is a list, an item a row, so that the code is found.
func table(rows []tableRow) []*doc.Node {
	if len(rows) == 0 {
		return nil
	}
	n := &doc.Node{Kind: doc.Table, Line: rows[0].line, End: rows[len(rows)-1].end}
	for _, row := range rows {
		for _, cell := range row.cells {
			if doc.HoldCode(cell...) {
				return []*doc.Node{listOf(rows, n)}
			}
		}
	}
	for _, row := range rows {
		line := &doc.Node{Kind: doc.Row, Line: row.line, End: row.end}
		for _, cell := range row.cells {
			words := &doc.Node{Kind: doc.Paragraph, Line: row.line, End: row.end}
			doc.Walk(cell, func(n *doc.Node) bool {
				words.Spans = append(words.Spans, n.Spans...)
				return true
			})
			line.Children = append(line.Children, words)
		}
		n.Children = append(n.Children, line)
	}
	return []*doc.Node{n}
}

func listOf(rows []tableRow, like *doc.Node) *doc.Node {
	list := &doc.Node{Kind: doc.List, Line: like.Line, End: like.End}
	for _, row := range rows {
		item := &doc.Node{Kind: doc.Item, Line: row.line, End: row.end}
		for _, cell := range row.cells {
			for _, n := range cell {
				if n.Kind == doc.Paragraph {
					n = doc.SplitNote(n)
				}
				item.Children = append(item.Children, n)
			}
		}
		list.Children = append(list.Children, item)
	}
	return list
}

// columns are where the cells of a drawn table begin and end, in characters.
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

// grid reads a table drawn with +---+. A cell may take up several lines.
func (r *reader) grid(rows []row, at int) ([]*doc.Node, int) {
	var cuts columns
	border := strings.TrimSpace(rows[at].text)
	for from := 1; from < len(border); {
		width := strings.IndexByte(border[from:], '+')
		cuts = append(cuts, [2]int{from, from + width})
		from += width + 1
	}
	var found []tableRow
	var open []row
	end := at + 1
	for ; end < len(rows) && rows[end].text != "" && strings.Contains("+|", rows[end].text[:1]); end++ {
		if rows[end].text[0] == '|' {
			open = append(open, rows[end])
			continue
		}
		found = append(found, r.rowOf(cuts, open)...)
		open = nil
	}
	return table(append(found, r.rowOf(cuts, open)...)), end
}

// rowOf makes a row of a table of the lines it takes up.
func (r *reader) rowOf(cuts columns, lines []row) []tableRow {
	if len(lines) == 0 {
		return nil
	}
	parts := make([][]row, len(cuts))
	for _, line := range lines {
		for i, text := range cuts.cells(line.text) {
			parts[i] = append(parts[i], row{text: text, line: line.line})
		}
	}
	made := tableRow{line: lines[0].line, end: lines[len(lines)-1].line}
	for _, part := range parts {
		made.cells = append(made.cells, r.cell(part))
	}
	return []tableRow{made}
}

// cell reads the lines of a cell: as blocks where they announce code, else as words.
func (r *reader) cell(lines []row) []*doc.Node {
	lines = dedent(trimBlank(lines))
	if strings.Contains(join(lines), "::") {
		if nodes := r.blocks(lines); doc.HoldCode(nodes...) {
			return nodes
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return []*doc.Node{{Kind: doc.Paragraph, Line: lines[0].line, End: lines[len(lines)-1].line, Spans: doc.Trim(r.inline(lines))}}
}

// simple reads a table drawn with ==== ====. A line whose first cell is empty goes on with the row before it.
func (r *reader) simple(rows []row, at int) ([]*doc.Node, int) {
	var cuts columns
	for _, span := range simpleColumn().FindAllStringIndex(rows[at].text, -1) {
		if last := len(cuts) - 1; last >= 0 {
			cuts[last][1] = span[0]
		}
		cuts = append(cuts, [2]int{span[0], span[1]})
	}
	end := simpleEnd(rows, at)
	var found []tableRow
	var open []row
	for _, line := range rows[at+1 : end] {
		border := strings.Trim(line.text, "=- ") == ""
		if border || strings.TrimSpace(cuts.cells(line.text)[0]) != "" {
			found = append(found, r.rowOf(cuts, open)...)
			open = nil
		}
		if !border {
			open = append(open, line)
		}
	}
	return table(append(found, r.rowOf(cuts, open)...)), end
}

// simpleEnd is the index after the border that closes a table, which a blank row follows. Without one the table ends at the first blank row.
func simpleEnd(rows []row, at int) int {
	blank := 0
	for i := at + 1; i < len(rows); i++ {
		if simpleBorder().MatchString(rows[i].text) && (i+1 == len(rows) || rows[i+1].blank()) {
			return i + 1
		}
		if rows[i].blank() && blank == 0 {
			blank = i
		}
	}
	if blank == 0 {
		return len(rows)
	}
	return blank
}

// listTable makes a table of a list of lists.
func listTable(nodes []*doc.Node) []*doc.Node {
	var found []tableRow
	for _, list := range nodes {
		for _, item := range list.Children {
			made := tableRow{line: item.Line, end: item.End}
			for _, inner := range item.Children {
				if inner.Kind != doc.List {
					return nodes
				}
				for _, cell := range inner.Children {
					made.cells = append(made.cells, cell.Children)
				}
			}
			found = append(found, made)
		}
	}
	return table(found)
}

// csvTable makes a table of comma-separated rows. Where they are not, they are kept as words.
func (r *reader) csvTable(d directive) []*doc.Node {
	if source := d.options["file"] + d.options["url"]; source != "" {
		r.problem(d.head.line, "csv-table of %s: what it holds is not in this file and was not read", source)
	}
	var found []tableRow
	content := d.content
	if header := d.options["header"]; header != "" {
		content = append([]row{{text: header, line: d.head.line}}, content...)
	}
	records := csv.NewReader(strings.NewReader(join(content)))
	records.FieldsPerRecord, records.LazyQuotes, records.TrimLeadingSpace = -1, true, true
	for {
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			return table(found)
		}
		if err != nil {
			return r.blocks(d.content)
		}
		made := tableRow{}
		for i, text := range record {
			at, _ := records.FieldPos(i)
			var lines []row
			for k, part := range strings.Split(text, "\n") {
				lines = append(lines, row{text: part, line: content[min(at+k, len(content))-1].line})
			}
			made.cells = append(made.cells, r.cell(lines))
			made.line, made.end = cmp.Or(made.line, lines[0].line), lines[len(lines)-1].line
		}
		found = append(found, made)
	}
}
