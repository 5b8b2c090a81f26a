// Package markdown reads GitHub-flavoured Markdown into a neutral document.
//
// Its promise: every node carries the line of the original file it came from, whatever line endings, tabs, front
// matter or byte order mark that file has, and no word of it is lost: what cannot be understood is kept as it stands
// and named in Problems. Hostile input is refused or kept plain within a bounded time.
package markdown

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"gatewalk/runbook/doc"
)

// MaxDepth is how deep lists, quotes and notes may stand inside each other.
const MaxDepth = 64

// Read makes a document of a Markdown file. The name goes into the document and into errors, nothing is opened.
// It fails on structure nested deeper than MaxDepth.
func Read(name string, source []byte) (*doc.Document, error) {
	body, front, problems := splitFront(unify(source))
	if line := tooDeep(body); line > 0 {
		return nil, depthError(name, line)
	}
	plain, kept := calm(body)
	r := &reader{source: body, anchors: anchors{}, problems: append(problems, kept...)}
	nodes := r.parse(plain)
	if r.deepest > 0 {
		return nil, depthError(name, r.deepest)
	}
	d := &doc.Document{Source: name, Format: "markdown", Front: front, Values: substitutions(front), Nodes: r.reindent(nodes, 0), Problems: r.problems}
	d.Title = title(d)
	return d, nil
}

func depthError(name string, line int) error {
	return fmt.Errorf("%s:%d: lists and quotes stand more than %d deep; flatten them, or split the document", name, line, MaxDepth)
}

// unify takes off what differs between editors but says nothing: the byte order mark and the carriage returns.
func unify(source []byte) []byte {
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	if bytes.IndexByte(source, '\r') < 0 {
		return source
	}
	return lineEnds().ReplaceAll(source, []byte("\n"))
}

// lineEnds are those with carriage returns. The last line may have nothing else at its end.
var lineEnds = doc.Pattern(`\r+(?:\n|$)`)

// address is a mail address in words. To goldmark a back-tick may stand in one, which is where code begins. What stands
// before its sign is bounded, for it is asked again at each mark in there.
var address = doc.Pattern(`^[A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)

// syntax is made, like a pattern, when something is read.
var syntax = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.NewLinkify(extension.WithLinkifyEmailRegexp(address())), extension.Table, extension.Strikethrough, extension.TaskList),
		goldmark.WithParserOptions(parser.WithHeadingAttribute()),
	)
})

// reader turns goldmark's tree into nodes. Positions are offsets into source; first is the line of its first byte, less one.
type reader struct {
	source   []byte
	lines    *lines
	first    int
	depth    int
	deepest  int // the line where MaxDepth was passed, 0 if nowhere
	anchors  anchors
	plain    []byte      // what goldmark reads: source, in which bytes were hidden
	tags     map[int]tag // by the line they stand in, counted in source
	tagged   map[*doc.Node]tag
	bodies   map[int]directive // by the line they begin at, counted in source
	problems []doc.Problem
}

// parse reads a text of the same length as the source, in which bytes may have been hidden from goldmark.
func (r *reader) parse(plain []byte) []*doc.Node {
	plain, r.bodies = hideDirectives(plain)
	r.plain, r.tags = hideTags(plain)
	r.tagged = map[*doc.Node]tag{}
	r.lines = indexLines(r.source)
	return r.children(syntax().Parser().Parse(text.NewReader(r.plain)))
}

func (r *reader) line(offset int) int { return r.first + r.lines.at(offset) }

func (r *reader) children(parent ast.Node) []*doc.Node {
	r.depth++
	defer func() { r.depth-- }()
	nodes := make([]*doc.Node, 0, parent.ChildCount())
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if r.depth > 2*MaxDepth { // a list and its item are two
			r.deepest = r.line(max(n.Pos(), 0))
			return nodes
		}
		nodes = append(nodes, r.block(n)...)
	}
	return doc.GatherTabs(r.within(nodes))
}

func title(d *doc.Document) string {
	if t, ok := d.Front["title"].(string); ok {
		return t
	}
	best := ""
	for _, n := range d.Nodes {
		if n.Kind != doc.Heading {
			continue
		}
		if n.Level == 1 {
			return strings.TrimSpace(doc.Words(n.Spans))
		}
		if best == "" {
			best = strings.TrimSpace(doc.Words(n.Spans))
		}
	}
	return best
}
