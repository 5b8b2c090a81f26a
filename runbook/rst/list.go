package rst

import (
	"strconv"
	"strings"

	"gatewalk/runbook/doc"
)

// marker is what an item begins with.
type marker struct {
	width   int    // bytes up to the item's words, 0 if there is no marker
	kind    string // items of one list have the same
	ordered bool
	number  int // as written; 0 if it is to be counted
}

var (
	bulletForm     = doc.Pattern(`^([-*+•‣⁃])(?:\s+|$)`)
	enumeratorForm = doc.Pattern(`^(\()?(#|\d{1,9}|[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+)([.)])(?:\s+|$)`)
)

// markerAt reads the marker of an item. Letters are only believed where the next row could not continue a sentence: "A. Nobody" is a name.
func markerAt(rows []row, at int) marker {
	text := rows[at].text
	if m := bulletForm().FindStringSubmatch(text); m != nil {
		return marker{width: len(m[0]), kind: m[1]}
	}
	m := enumeratorForm().FindStringSubmatch(text)
	if m == nil || m[1] != "" && m[3] != ")" {
		return marker{}
	}
	number, err := strconv.Atoi(m[2])
	if err == nil || m[2] == "#" {
		return marker{len(m[0]), "1" + m[3], true, number}
	}
	if at+1 < len(rows) && !rows[at+1].blank() && rows[at+1].indent() == 0 && !enumeratorForm().MatchString(rows[at+1].text) {
		return marker{}
	}
	if strings.ToUpper(m[2]) == m[2] {
		return marker{len(m[0]), "A" + m[3], true, 0}
	}
	return marker{len(m[0]), "a" + m[3], true, 0}
}

// list reads the items of one list. Blank rows may stand between them; a number that leaves some out begins another list.
func (r *reader) list(rows []row, at int) ([]*doc.Node, int) {
	first := markerAt(rows, at)
	l := &doc.Node{Kind: doc.List, Line: rows[at].line, Ordered: first.ordered}
	number, end := 0, at
	for next := at; next < len(rows); {
		if rows[next].blank() {
			next++
			continue
		}
		m := markerAt(rows, next)
		if m.width == 0 || m.kind != first.kind || m.number > number+1 && len(l.Children) > 0 {
			break
		}
		number = max(number+1, m.number)
		end = itemEnd(rows, next)
		l.Children = append(l.Children, r.item(rows[next:end], m.width, number, l.Ordered))
		next = end
	}
	l.End = l.Children[len(l.Children)-1].End
	return []*doc.Node{l}, end
}

// itemEnd is the index after an item: the rows that are indented, however far, and those that go on with its first paragraph without being so.
func itemEnd(rows []row, at int) int {
	next := at + 1
	for next < len(rows) && !rows[next].blank() && !startsBlock(rows, next) {
		next++
	}
	return max(next, bodyEnd(rows, next))
}

// startsBlock says whether a row that is not indented cannot go on with a paragraph.
func startsBlock(rows []row, at int) bool {
	return rows[at].indent() == 0 && (isExplicit(rows[at].text) || strings.TrimSpace(rows[at].text) == "::" || markerAt(rows, at).width > 0 || adornment(rows[at].text) || underlined(rows, at))
}

func (r *reader) item(rows []row, width, number int, ordered bool) *doc.Node {
	item := &doc.Node{Kind: doc.Item, Line: rows[0].line, End: rows[0].line}
	if ordered {
		item.Number = number
	}
	item.Children = r.blocks(itemBody(rows, width))
	for _, n := range item.Children {
		item.End = max(item.End, n.End)
	}
	return item
}

// itemBody takes the indentation off an item's rows. Those after its first paragraph may stand further out than its words,
// where authors count in fours or twos: they keep their place to each other, and code that "::" announces stays further in.
func itemBody(rows []row, width int) []row {
	own := 1
	for own < len(rows) && !rows[own].blank() {
		own++
	}
	cut := width
	for _, r := range rows[own:] {
		if !r.blank() {
			cut = min(cut, r.indent())
		}
	}
	if cut < width && announces(rows[:own]) {
		cut = max(cut-1, 0)
	}
	body := append(cutAll(rows[:own], width), cutAll(rows[own:], cut)...)
	body[0] = rows[0].after(width)
	return body
}
