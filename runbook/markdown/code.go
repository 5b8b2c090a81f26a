package markdown

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"

	"gatewalk/runbook/doc"
)

// fenced keeps a code block's bytes, dedented by the indentation of its fence and no more.
func (r *reader) fenced(n *ast.FencedCodeBlock) *doc.Node {
	fence := r.line(max(n.Pos(), 0))
	c := r.code(n, fence+1)
	if n.Info != nil {
		c.Info = strings.TrimSpace(string(n.Info.Value(r.source)))
		c.Lang = doc.Language(c.Info)
	} else if t, ok := r.tags[fence-r.first]; ok {
		c.Info = t.language()
		c.Lang = c.Info
	}
	if !r.closed(fence, c.End) {
		text := fmt.Sprintf("code fence is never closed; everything up to line %d was read as code: close it with %s", c.End, "```")
		r.problems = append(r.problems, doc.Problem{Line: fence, Rule: doc.Fences, Text: text})
	}
	return c
}

func (r *reader) indented(n *ast.CodeBlock) *doc.Node {
	c := r.code(n, r.line(max(n.Pos(), 0)))
	unfence(c)
	return c
}

// unfence takes the fences off code that was indented with them, as below an item that Markdown knows no number of.
func unfence(c *doc.Node) {
	lines := strings.Split(strings.TrimSuffix(c.Text, "\n"), "\n")
	open := strings.TrimLeft(lines[0], " ")
	info := strings.TrimLeft(open, "`")
	mark := open[:len(open)-len(info)]
	if last := len(lines) - 1; len(mark) < 3 || last == 0 || strings.TrimSpace(lines[last]) != mark || strings.Contains(info, "`") {
		return
	}
	indent := len(lines[0]) - len(open)
	var b strings.Builder
	for _, line := range lines[1 : len(lines)-1] {
		own := len(line) - len(strings.TrimLeft(line, " "))
		b.WriteString(line[min(indent, own):] + "\n")
	}
	c.Text, c.Info = b.String(), strings.TrimSpace(info)
	c.Lang = doc.Language(c.Info)
	c.Line, c.End = c.Line+1, c.End-1
}

func (r *reader) code(n ast.Node, line int) *doc.Node {
	var b strings.Builder
	segments := n.Lines()
	for i := range segments.Len() {
		segment := segments.At(i)
		b.Write(segment.Value(r.source))
	}
	if b.Len() > 0 && !strings.HasSuffix(b.String(), "\n") {
		b.WriteByte('\n')
	}
	c := &doc.Node{Kind: doc.Code, Line: line, End: line, Text: b.String()}
	if segments.Len() > 0 {
		c.Line, c.End = r.line(segments.At(0).Start), r.line(segments.At(segments.Len()-1).Start)
	}
	return c
}

// closed says whether the line after a fenced block's last one closes it.
func (r *reader) closed(fence, end int) bool {
	open := trimContainers(r.lines.text(r.plain, fence-r.first))
	mark := open[:len(open)-len(bytes.TrimLeft(open, string(open[:min(1, len(open))])))]
	for _, line := range []int{end + 1, end} { // an empty block ends where it would begin
		text := trimContainers(r.lines.text(r.plain, line-r.first))
		if line > fence && len(mark) > 2 && bytes.HasPrefix(text, mark) && len(bytes.Trim(text, string(mark[:1])+" \t")) == 0 {
			return true
		}
	}
	return false
}

// trimContainers takes the quote and list markers off the front of a line.
func trimContainers(text []byte) []byte {
	for {
		text = bytes.TrimLeft(text, " \t")
		digits := len(text) - len(bytes.TrimLeft(text, "0123456789"))
		switch {
		case bytes.HasPrefix(text, []byte(">")):
			text = text[1:]
		case digits < 10 && listMarker(text[digits:], digits > 0):
			text = text[digits+1:]
		default:
			return text
		}
	}
}
