package webtext

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gatewalk/runbook/doc"
)

// marker is what an item begins with.
type marker struct {
	width   int    // bytes up to the item's words, its indentation included; 0 if there is no marker
	kind    string // items of one list have the same
	ordered bool
	number  int
}

var (
	bulletForm = doc.Pattern(`^\s*([•◦▪●○‣⁃∙·□■☆★◎◆◇–*+-])\s+(?:\S|$)`)
	orderForm  = doc.Pattern(`^\s*\(?(\d{1,3}|[a-z]|[ivx]{2,4})([.)])\s+\S`)
)

// markerOf reads the marker of an item.
func markerOf(r row) marker {
	if m := bulletForm().FindStringSubmatch(r.text); m != nil {
		return marker{width: len(r.text) - len(strings.TrimLeft(r.text[r.indent+len(m[1]):], " ")), kind: m[1]}
	}
	m := orderForm().FindStringSubmatch(r.text)
	if m == nil {
		return marker{}
	}
	width := len(m[0]) - 1
	if number, err := strconv.Atoi(m[1]); err == nil {
		return marker{width, "1" + m[2], true, number}
	}
	return marker{width, "a" + m[2], true, int(m[1][0]-'a') + 1}
}

// list reads the items of one list. What is indented further than its marker belongs to an item.
func (p *passage) list() bool {
	first, indent := markerOf(p.row()), p.row().indent
	if first.width == 0 {
		return false
	}
	l := &doc.Node{Kind: doc.List, Ordered: first.ordered, Line: p.row().line}
	number := 0
	for p.at < len(p.rows) {
		if p.row().blank() {
			p.at++
			continue
		}
		m := markerOf(p.row())
		if m.kind != first.kind || p.row().indent != indent || m.number > number+1 && len(l.Children) > 0 || p.depth == 1 && p.numbered[p.row().line] {
			break
		}
		item := p.item(m, number)
		number = item.Number
		l.Children = append(l.Children, item)
	}
	l.End = l.Children[len(l.Children)-1].End
	p.add(l)
	return true
}

// item reads an item. It has the number that is written, if that is more than the one before it has.
func (p *passage) item(m marker, before int) *doc.Node {
	head := p.row()
	item := &doc.Node{Kind: doc.Item, Line: head.line, End: head.line}
	if m.ordered {
		item.Number = max(before+1, m.number)
	}
	end := p.itemEnd(head)
	base := column(m.width, p.rows[p.at+1:end])
	words := row{strings.Repeat(" ", base) + strings.TrimLeftFunc(head.text[m.width:], unicode.IsSpace), head.line, base}
	body := append([]row{words}, p.rows[p.at+1:end]...)
	p.at = end
	body = append(body, p.announcedCode(body)...)
	item.Children = p.blocks(body, base)
	for _, n := range item.Children {
		item.End = max(item.End, n.End)
	}
	return item
}

// column is where the words of an item begin: behind its marker, or where the rows below it stand. A tab may set these further in than the marker
// does; then words or items stand there, not code alone.
func column(width int, below []row) int {
	least := -1
	for _, r := range below {
		if !r.blank() && (least < 0 || r.indent < least) {
			least = r.indent
		}
	}
	inWords := func(r row) bool {
		return r.indent == least && !r.blank() && (prose(r.words()) || markerOf(r).width > 0)
	}
	if least < 0 || least > width && !slices.ContainsFunc(below, inWords) {
		return width
	}
	return least
}

// itemEnd is the index after an item's rows: those that are indented further than its marker, and those right below it that go on with its sentence.
func (p *passage) itemEnd(head row) int {
	end := p.at + 1
	for end < len(p.rows) && p.goesOn(p.rows[end-1], p.rows[end]) && markerOf(p.rows[end]).width == 0 && !p.commandAt(end) {
		end++
	}
	if next := p.nextBullet(end, head); next > 0 {
		return next
	}
	for i := end; i < len(p.rows); i++ {
		if p.rows[i].blank() {
			if p.rows[i].indent > head.indent && i == end {
				end = i + 1 // the mark that the rows before it are code
			}
			continue
		}
		if p.rows[i].indent <= head.indent {
			break
		}
		end = i + 1
		if end < len(p.rows) && p.rows[end].blank() && p.rows[end].indent > head.indent {
			end++
		}
	}
	return end
}

// between is how many rows of words may stand between two bullets of one list that has lost its indentation.
const between = 4

// nextBullet is the index of the next bullet of the same list, where only words stand before it and the text has lost its
// indentation; 0 if there is none.
func (p *passage) nextBullet(from int, head row) int {
	kind := markerOf(head)
	if !p.flat || kind.ordered {
		return 0
	}
	for i := from; i < len(p.rows) && i < from+between; i++ {
		if markerOf(p.rows[i]).kind == kind.kind {
			return i
		}
		if !prose(p.rows[i].words()) || noteNamed(p.rows[i].words()) != "" {
			return 0
		}
	}
	return 0
}

// flatList reads items that have lost their marks: after words that announce them, rows that begin alike and end like no sentence.
func (p *passage) flatList() bool {
	end := p.at
	for end < len(p.rows) && p.flatItem(p.rows[end]) && startsLower(p.rows[end].words()) == startsLower(p.row().words()) {
		end++
	}
	if p.wrapped > 0 || !p.announced() || end-p.at < 2 || end < len(p.rows) && startsLower(p.rows[end].words()) {
		return false
	}
	l := &doc.Node{Kind: doc.List, Line: p.row().line, End: p.rows[end-1].line}
	for _, r := range p.rows[p.at:end] {
		words := &doc.Node{Kind: doc.Paragraph, Line: r.line, End: r.line, Spans: []doc.Span{{Text: r.words(), Line: r.line}}}
		l.Children = append(l.Children, &doc.Node{Kind: doc.Item, Line: r.line, End: r.line, Children: []*doc.Node{doc.SplitNote(words)}})
	}
	p.add(l)
	p.at = end
	return true
}

func (p *passage) flatItem(r row) bool {
	words := r.words()
	return !r.blank() && !ends(words) && !strings.ContainsAny(words[:1], ",)]") && noteNamed(words) == "" && !customary().MatchString(words) && !p.hasPrompt(words)
}

// announcedCode takes the code right after an item whose last words announce it, or, where a command stands right below, whose sentence it
// carries out, where the text has lost its indentation.
func (p *passage) announcedCode(body []row) []row {
	body = trimBlank(body)
	if len(body) == 0 {
		return nil
	}
	last := body[len(body)-1].words()
	at := p.shown(p.at)
	if at == len(p.rows) || !p.isTyped(p.rows[at].words()) {
		return nil
	}
	if !strings.HasSuffix(last, ":") && !(p.flat && p.hyphened && at == p.at && markerOf(p.rows[at]).width == 0 && (p.hasPrompt(p.rows[at].words()) || p.commandAt(at))) {
		return nil
	}
	end := p.codeEnd(at)
	rows := append([]row{{line: p.rows[at].line - 1}}, p.rows[at:end]...)
	p.at = end
	return rows
}
