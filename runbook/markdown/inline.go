package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"

	"gatewalk/runbook/doc"
)

// inline is the words of a block, in order, each run with its style and line.
func (r *reader) inline(n ast.Node) []doc.Span {
	line := r.line(max(n.Pos(), 0))
	if s := n.Lines(); n.Type() == ast.TypeBlock && s != nil && s.Len() > 0 {
		line = r.line(s.At(0).Start)
	}
	w := &writer{reader: r, line: line, spans: make([]doc.Span, 0, n.ChildCount())}
	w.children(n, doc.Span{})
	return w.spans
}

type writer struct {
	*reader
	spans []doc.Span
	line  int
}

func (w *writer) children(n ast.Node, style doc.Span) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.write(c, style)
	}
}

func (w *writer) write(n ast.Node, style doc.Span) {
	switch n := n.(type) {
	case *ast.Text:
		w.text(n, style)
	case *ast.String:
		w.add(style, string(n.Value))
	case *ast.CodeSpan:
		style.Style, style.Bold = doc.Literal, style.Bold || style.Style == doc.Strong
		w.add(style, w.raw(n))
	case *ast.Emphasis:
		w.children(n, emphasised(style, n.Level))
	case *ast.Link:
		w.link(n, unescape(n.Destination), style)
	case *ast.AutoLink:
		style.Style, style.Target = doc.Link, string(n.URL(w.source))
		w.add(style, string(n.Label(w.source)))
	case *ast.Image:
		w.children(n, style)
	case *ast.RawHTML:
		w.html(n, style)
	case *extension.Strikethrough:
		w.children(n, style)
	case *extension.TaskCheckBox:
	default:
		panic("markdown: no such span: " + n.Kind().String())
	}
}

func emphasised(style doc.Span, level int) doc.Span {
	switch {
	case style.Style == doc.Link:
		style.Bold = style.Bold || level == 2
	case level == 2:
		style.Style = doc.Strong
	case style.Style == doc.Plain:
		style.Style = doc.Emphasis
	}
	return style
}

func (w *writer) text(n *ast.Text, style doc.Span) {
	w.line = w.reader.line(n.Segment.Start)
	if words := n.Segment.Value(w.source); n.IsRaw() {
		w.add(style, string(words))
	} else {
		w.add(style, unescape(words))
	}
	switch {
	case n.HardLineBreak():
		w.spans = append(w.spans, doc.Span{Text: "\n", Style: doc.Break, Line: w.line})
	case n.SoftLineBreak():
		w.add(style, " ")
	}
}

// raw is the text of a code span, whose line breaks are spaces.
func (w *writer) raw(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			if b.Len() == 0 {
				w.line = w.reader.line(t.Segment.Start)
			}
			b.Write(t.Segment.Value(w.source))
		}
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}

func (w *writer) link(n ast.Node, target string, style doc.Span) {
	style.Bold = style.Bold || style.Style == doc.Strong
	style.Style, style.Target = doc.Link, target
	inner := &writer{reader: w.reader, line: w.line}
	inner.children(n, style)
	w.line = inner.line
	if len(inner.spans) == 0 {
		return
	}
	style.Line, style.Text = inner.spans[0].Line, strings.ReplaceAll(doc.Words(inner.spans), "\n", " ")
	w.spans = append(w.spans, style)
}

// html keeps a tag as words, for "<node name>" is a tag to Markdown and a placeholder to an author.
func (w *writer) html(n *ast.RawHTML, style doc.Span) {
	var b strings.Builder
	for i := range n.Segments.Len() {
		segment := n.Segments.At(i)
		b.Write(segment.Value(w.source))
	}
	switch text := b.String(); {
	case strings.HasPrefix(text, "<!--"):
		if strings.HasPrefix(strings.TrimSpace(text[4:]), "gatewalk") {
			w.problems = append(w.problems, doc.Problem{Line: w.line, Text: "an annotation inside a line of words is not read; give it a line of its own"})
		}
	case strings.HasPrefix(strings.ToLower(text), "<br"):
		w.spans = append(w.spans, doc.Span{Text: "\n", Style: doc.Break, Line: w.line})
	default:
		w.add(style, text)
	}
}

// add joins words to the span before them where style and line are the same.
func (w *writer) add(style doc.Span, words string) {
	if words == "" {
		return
	}
	style.Text, style.Line = words, w.line
	if last := len(w.spans) - 1; last >= 0 && style.Style != doc.Literal {
		before := w.spans[last]
		if before.Style == style.Style && before.Bold == style.Bold && before.Target == style.Target && before.Line == style.Line {
			w.spans[last].Text += words
			return
		}
	}
	w.spans = append(w.spans, style)
}
