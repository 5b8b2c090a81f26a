package markdown

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/html"
)

// block makes nodes of one of goldmark's blocks.
func (r *reader) block(n ast.Node) []*doc.Node {
	switch n := n.(type) {
	case *ast.Heading:
		return []*doc.Node{r.heading(n)}
	case *ast.Paragraph, *ast.TextBlock:
		return r.paragraph(n)
	case *ast.List:
		return []*doc.Node{r.list(n)}
	case *ast.Blockquote:
		return []*doc.Node{noteOrQuote(r.container(doc.Quote, n))}
	case *ast.FencedCodeBlock:
		return r.named(r.fenced(n))
	case *ast.CodeBlock:
		return []*doc.Node{r.indented(n)}
	case *ast.HTMLBlock:
		return r.html(n)
	case *ast.ThematicBreak:
		return []*doc.Node{r.rule(r.line(n.Pos()))}
	case *extension.Table:
		return []*doc.Node{r.table(n)}
	case *ast.LinkReferenceDefinition:
		return nil
	default:
		panic(fmt.Sprintf("markdown: no such block: %s", n.Kind()))
	}
}

// rule is a rule, or the tag in whose place it was put.
func (r *reader) rule(line int) *doc.Node {
	t, ok := r.tags[line-r.first]
	if !ok {
		return &doc.Node{Kind: doc.Rule, Line: line, End: line}
	}
	c := &doc.Node{Kind: doc.Comment, Line: line, End: line, Text: t.text}
	r.tagged[c] = t
	return c
}

func (r *reader) heading(n *ast.Heading) *doc.Node {
	spans := r.inline(n)
	h := &doc.Node{Kind: doc.Heading, Level: n.Level, Line: r.line(n.Pos()), Spans: spans}
	h.End = h.Line
	if len(spans) > 0 {
		h.Line = min(h.Line, spans[0].Line)
	}
	h.Anchor = r.anchor(n, doc.Words(spans))
	return h
}

func (r *reader) anchor(n *ast.Heading, words string) string {
	if id, ok := n.AttributeString("id"); ok {
		if id, ok := id.([]byte); ok {
			return string(id)
		}
	}
	return r.anchors.take(words)
}

func (r *reader) paragraph(n ast.Node) []*doc.Node {
	spans := doc.Trim(r.inline(n))
	if len(spans) == 0 {
		return nil
	}
	first, last := r.extent(n)
	return doc.SplitNotes(&doc.Node{Kind: doc.Paragraph, Line: first, End: last, Spans: spans})
}

// extent is the first and last line of a block that holds words.
func (r *reader) extent(n ast.Node) (first, last int) {
	segments := n.Lines()
	if segments.Len() == 0 {
		line := r.line(max(n.Pos(), 0))
		return line, line
	}
	end := segments.At(segments.Len() - 1)
	return r.line(segments.At(0).Start), r.line(max(end.Start, end.Stop-1))
}

func (r *reader) list(n *ast.List) *doc.Node {
	l := r.container(doc.List, n)
	l.Ordered = n.IsOrdered()
	for i, item := range l.Children {
		if l.Ordered {
			item.Number = n.Start + i
		}
	}
	return l
}

func (r *reader) container(kind doc.Kind, n ast.Node) *doc.Node {
	c := &doc.Node{Kind: kind, Line: r.line(max(n.Pos(), 0))}
	if kind == doc.List {
		c.Children = make([]*doc.Node, 0, n.ChildCount())
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			c.Children = append(c.Children, r.container(doc.Item, item))
		}
	} else {
		c.Children = r.children(n)
	}
	c.End = c.Line
	if last := len(c.Children); last > 0 {
		c.End = max(c.Line, c.Children[last-1].End)
	}
	return c
}

func (r *reader) table(n *extension.Table) *doc.Node {
	t := &doc.Node{Kind: doc.Table, Line: r.line(max(n.Pos(), 0))}
	t.End = t.Line
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		line := r.line(max(row.Pos(), 0))
		cells := &doc.Node{Kind: doc.Row, Line: line, End: line}
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells.Children = append(cells.Children, &doc.Node{Kind: doc.Paragraph, Line: line, End: line, Spans: r.inline(cell)})
		}
		t.Children = append(t.Children, cells)
		t.End = line
	}
	return t
}

var (
	commentForm = doc.Pattern(`(?s)^\s*<!--(.*?)-->`)
	tagForm     = doc.Pattern(`(?s)</?[A-Za-z][^<>]*>`)
	pre         = doc.Pattern(`(?is)^\s*<pre\b[^>]*>\s*(?:<code\b[^>]*>)?(.*?)(?:</code>)?\s*</pre>\s*$`)
)

// html keeps a comment as a comment, <pre> as code, and of anything else the words between its tags.
func (r *reader) html(n *ast.HTMLBlock) []*doc.Node {
	segments := n.Lines()
	var b bytes.Buffer
	for i := range segments.Len() {
		segment := segments.At(i)
		b.Write(segment.Value(r.source))
	}
	first, last := r.extent(n)
	if n.HasClosure() {
		b.Write(n.ClosureLine.Value(r.source))
		last = r.line(n.ClosureLine.Start)
		first = min(first, last)
	}
	if d, ok := r.bodies[first-r.first]; ok {
		return r.directive(d)
	}
	return markup(b.String(), first, last)
}

func markup(text string, first, last int) []*doc.Node {
	var nodes []*doc.Node
	if m := commentForm().FindStringSubmatch(text); m != nil {
		if strings.TrimSpace(m[1]) != "" {
			nodes = append(nodes, &doc.Node{Kind: doc.Comment, Line: first, End: last, Text: m[1]})
		}
		first += strings.Count(m[0], "\n")
		text = text[len(m[0]):]
	} else if m := pre().FindStringSubmatch(text); m != nil {
		code := strings.TrimPrefix(m[1], "\n")
		skipped := strings.Count(text[:strings.Index(text, m[1])], "\n") + len(m[1]) - len(code)
		return []*doc.Node{{Kind: doc.Code, Line: first + skipped, End: last, Text: strings.TrimRight(html.Preformatted(code), "\n") + "\n"}}
	}
	words := strings.Join(strings.Fields(tagForm().ReplaceAllString(text, " ")), " ")
	if words == "" {
		return nodes
	}
	p := &doc.Node{Kind: doc.Paragraph, Line: first, End: last, Spans: []doc.Span{{Text: words, Line: first}}}
	return append(nodes, doc.SplitNote(p))
}
