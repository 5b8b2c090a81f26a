// Package rst reads reStructuredText into a neutral document.
//
// Its promise: every node carries the line of the original file it came from, code keeps its bytes, and no word is lost:
// what stands in a directive that is not known is kept, comments stay comments, and what is pulled in from elsewhere or
// had to be repaired is named in Problems. The structure follows the docutils specification; where authors habitually
// break its rules and the meaning is plain, the meaning wins. Hostile input is refused or read within a bounded time.
package rst

import (
	"fmt"
	"strings"

	"gatewalk/runbook/doc"
)

// MaxDepth is how deep lists and directives may stand inside each other.
const MaxDepth = 64

// Read makes a document of a reStructuredText file. The name goes into the document and into errors, nothing is opened.
// It fails on structure nested deeper than MaxDepth.
func Read(name string, source []byte) (*doc.Document, error) {
	rows := split(source)
	r := &reader{names: scan(rows), named: map[string]*doc.Node{}, anchors: map[string]int{}, front: map[string]any{}}
	nodes := r.blocks(rows)
	if r.deepest > 0 {
		return nil, fmt.Errorf("%s:%d: lists and directives stand more than %d deep; flatten them, or split the document", name, r.deepest, MaxDepth)
	}
	r.resolve(nodes)
	d := &doc.Document{Source: name, Format: "rst", Nodes: nodes, Values: r.substitutions, Problems: r.problems}
	if len(r.front) > 0 {
		d.Front = r.front
	}
	d.Title = title(nodes)
	return d, nil
}

// reader turns rows into nodes and remembers what holds for the rest of the document.
type reader struct {
	names
	named       map[string]*doc.Node // the heading that each label and title names
	anchors     map[string]int       // how many headings have each
	waiting     []string             // labels that name what comes next
	section     *doc.Node            // the heading whose section this is
	titles      []string             // how titles are underlined, the highest level first
	language    string               // of code that names none
	front       map[string]any
	substituted int // bytes that substitutions have put in
	depth       int
	deepest     int // the line where MaxDepth was passed, 0 if nowhere
	problems    []doc.Problem
}

func (r *reader) problem(line int, format string, args ...any) {
	r.problems = append(r.problems, doc.Problem{Line: line, Text: fmt.Sprintf(format, args...)})
}

// blocks reads the rows of one container.
func (r *reader) blocks(rows []row) []*doc.Node {
	r.depth++
	defer func() { r.depth-- }()
	if r.deepest > 0 || len(rows) == 0 {
		return nil
	}
	if r.depth > MaxDepth+1 {
		r.deepest = rows[0].line
		return nil
	}
	var nodes []*doc.Node
	for at := 0; at < len(rows); {
		if rows[at].blank() {
			at++
			continue
		}
		found, next := r.block(rows, at)
		r.settle(found)
		nodes = append(nodes, found...)
		at = next
	}
	return doc.Adopt(doc.GatherTabs(nodes))
}

// block reads what begins at a row that is not blank, and says where the next begins.
func (r *reader) block(rows []row, at int) ([]*doc.Node, int) {
	text := rows[at].text
	switch {
	case rows[at].indent() > 0:
		return r.indented(rows, at)
	case isExplicit(text):
		return r.explicit(rows, at)
	case overlined(rows, at):
		return r.title(rows[at+1], rows[at].text[:1]+" above"), at + 3
	case underlined(rows, at):
		return r.title(rows[at], rows[at+1].text[:1]), at + 2
	case gridBorder().MatchString(text):
		return r.grid(rows, at)
	case simpleBorder().MatchString(text):
		return r.simple(rows, at)
	case isRule(rows, at):
		return []*doc.Node{{Kind: doc.Rule, Line: rows[at].line, End: rows[at].line}}, at + 1
	case markerAt(rows, at).width > 0:
		return r.list(rows, at)
	case fieldForm().MatchString(text):
		return r.field(rows, at)
	case strings.HasPrefix(text, ">>> "):
		return r.doctest(rows, at)
	case strings.HasPrefix(text, "| "):
		return r.lineBlock(rows, at)
	}
	return r.words(rows, at)
}

// indented reads what is indented for no reason that was seen. To docutils it is a quotation, in procedures it is nearly
// always an accident: what stands in it belongs to what is around it.
func (r *reader) indented(rows []row, at int) ([]*doc.Node, int) {
	end := bodyEnd(rows, at)
	if prompted(rows[at:end]) {
		r.problem(rows[at].line, "commands that no \"::\" announces; they were read as code all the same")
		return r.code(rows[at:end], "console", ""), end
	}
	return r.blocks(dedent(rows[at:end])), end
}

var promptForm = doc.Pattern(`^\s*(?:\([\w.-]+\) ?)?\$ \S`)

// prompted says whether every row begins with a prompt, or goes on from one that does.
func prompted(rows []row) bool {
	open := false
	for _, r := range rows {
		if !r.blank() && !open && !promptForm().MatchString(r.text) {
			return false
		}
		open = strings.HasSuffix(r.text, `\`)
	}
	return true
}

func title(nodes []*doc.Node) string {
	for _, n := range nodes {
		if n.Kind == doc.Heading {
			return strings.TrimSpace(doc.Words(n.Spans))
		}
	}
	return ""
}
