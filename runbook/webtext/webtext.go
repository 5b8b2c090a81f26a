// Package webtext reads text that was copied from a web page, or written as plain text, into a neutral document.
//
// Such text has lost its markup: what is a heading, an item, a note or code must be told by indentation, by marks and by
// how sentences end. The promise: every node carries its line of the original file, no word is lost, and code keeps its
// bytes, save that a terminal session run together on one line is laid out in lines again. In doubt a line is words, which
// never run.
package webtext

import (
	"fmt"

	"gatewalk/runbook/doc"
)

// MaxDepth is how deep items may stand inside each other.
const MaxDepth = 64

// Read makes a document of a text. The name goes into the document and into errors, nothing is opened.
// It fails on items nested deeper than MaxDepth.
func Read(name string, source []byte) (*doc.Document, error) {
	rows := split(source)
	known := taught(rows)
	rows = known.parted(rows)
	r := &reader{programs: known, wrapped: known.wrapWidth(rows), flat: flat(rows), hyphened: hyphened(rows), spaced: spaced(rows), repeated: repeated(rows), numbered: numberedHeadings(rows)}
	nodes := r.blocks(rows, 0)
	if r.deepest > 0 {
		return nil, fmt.Errorf("%s:%d: items stand more than %d deep; flatten them, or split the document", name, r.deepest, MaxDepth)
	}
	d := &doc.Document{Source: name, Format: "text", Nodes: nodes}
	for _, n := range nodes {
		if n.Kind == doc.Heading {
			d.Title = doc.Words(n.Spans)
			break
		}
	}
	return d, nil
}

// reader turns rows into nodes.
type reader struct {
	programs
	wrapped  int          // the width at which lines were wrapped, 0 if they were not
	flat     bool         // its indentation is lost
	hyphened bool         // items begin with a hyphen
	spaced   bool         // a blank row stands before each paragraph
	repeated []string     // the words that head parts in several places
	numbered map[int]bool // the lines of numbered headings
	titled   bool         // the title has been read
	depth    int
	deepest  int // the line where MaxDepth was passed, 0 if nowhere
}

// blocks reads the rows of one container, whose words begin at column base.
func (r *reader) blocks(rows []row, base int) []*doc.Node {
	r.depth++
	defer func() { r.depth-- }()
	if r.deepest > 0 {
		return nil
	}
	if r.depth > MaxDepth+1 {
		r.deepest = rows[0].line
		return nil
	}
	p := &passage{reader: r, rows: rows, base: base}
	for p.at < len(rows) {
		if rows[p.at].blank() {
			p.at++
			continue
		}
		p.next()
	}
	return doc.Adopt(p.nodes)
}

// passage is the rows of one container and what was made of those before at.
type passage struct {
	*reader
	rows  []row
	at    int
	base  int
	chunk int // the index after the rows at hand that no blank row parts
	nodes []*doc.Node
	// language is what a label says of the code that follows.
	language string
}

// next reads what begins at a row that is not blank.
func (p *passage) next() {
	switch {
	case p.fence(), p.marked(), p.residue(), p.remarked(), p.heading(), p.loneNote(), p.list(), p.session(), p.code(), p.printed(), p.flatList():
	default:
		p.words()
	}
}

func (p *passage) row() row { return p.rows[p.at] }

func (p *passage) add(n *doc.Node) { p.nodes = append(p.nodes, n) }

// last is the node before, nil if there is none.
func (p *passage) last() *doc.Node {
	if len(p.nodes) == 0 {
		return nil
	}
	return p.nodes[len(p.nodes)-1]
}

// lastShown is the node before that is no comment, nil if there is none.
func (p *passage) lastShown() *doc.Node {
	for i := len(p.nodes) - 1; i >= 0; i-- {
		if p.nodes[i].Kind != doc.Comment {
			return p.nodes[i]
		}
	}
	return nil
}

// before is the row before the one at hand that is not blank, if there is one.
func (p *passage) before() (row, bool) {
	for i := p.at - 1; i >= 0; i-- {
		if !p.rows[i].blank() {
			return p.rows[i], true
		}
	}
	return row{}, false
}
