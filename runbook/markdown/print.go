package markdown

import (
	"fmt"
	"maps"
	"strings"

	"go.yaml.in/yaml/v4"

	"gatewalk/runbook/doc"
)

// Print writes a document as Markdown, from whatever syntax it was read. Read reads the same in it: the same blocks and
// words in the same order, styles, links and notes, names and values. What Markdown has no sign for is written as MkDocs
// writes it (tabs) or stands in the front matter (a title that is no heading, values of the document).
func Print(d *doc.Document) []byte {
	p := &printer{anchors: anchors{}}
	lines := append(front(d), p.blocks(d.Nodes)...)
	return []byte(strings.Join(lines, "\n") + "\n")
}

// printer writes nodes as lines, and counts headings as a reader of the result will.
type printer struct{ anchors anchors }

// front is the front matter: what the document had, and what its nodes do not say of themselves.
func front(d *doc.Document) []string {
	matter := maps.Clone(d.Front)
	if matter == nil {
		matter = map[string]any{}
	}
	if len(d.Values) > 0 {
		matter["substitutions"] = d.Values
	}
	if title(&doc.Document{Front: matter, Nodes: d.Nodes}) != d.Title {
		matter["title"] = d.Title
	}
	if len(matter) == 0 {
		return nil
	}
	text, err := yaml.Marshal(matter)
	if err != nil {
		panic(fmt.Sprintf("markdown: front matter that was read cannot be written: %v", err))
	}
	return append(append([]string{"---"}, codeLines(string(text))...), "---", "")
}

// blocks writes the nodes of one container, a blank line between them.
func (p *printer) blocks(nodes []*doc.Node) []string {
	var lines []string
	before := &doc.Node{}
	changed := false // the list before has other marks than usual: of two neighbours one has, or both would be one
	for _, n := range nodes {
		other := n.Kind == doc.List && before.Kind == doc.List && before.Name == n.Name && (n.Name == doc.Tabs || !changed)
		own := p.block(n, other)
		if len(own) == 0 {
			continue
		}
		changed = other
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines, before = append(lines, own...), n
	}
	return lines
}

func (p *printer) block(n *doc.Node, other bool) []string {
	switch n.Kind {
	case doc.Heading:
		return []string{p.heading(n)}
	case doc.Paragraph:
		return paragraph(n.Spans)
	case doc.List:
		if n.Name == doc.Tabs {
			return p.tabs(n, other)
		}
		return p.list(n, other)
	case doc.Code:
		return code(n)
	case doc.Note:
		return p.note(n)
	case doc.Quote:
		return quoted(p.blocks(n.Children))
	case doc.Table:
		return table(n)
	case doc.Comment:
		return comment(n)
	case doc.Rule:
		return []string{"***"}
	default:
		panic("markdown: no such block: " + string(n.Kind))
	}
}

// plainName is what may follow the "#" of a heading's name.
var plainName = doc.Pattern(`^[\pL\pN_.:-]+$`)

// heading writes a heading, with its name where that is not the one its words give it.
func (p *printer) heading(n *doc.Node) string {
	line := strings.TrimRight(strings.Repeat("#", n.Level)+" "+spell(n.Spans, inHeading), " ")
	switch words := doc.Words(n.Spans); {
	case p.anchors.next(words) == n.Anchor:
		p.anchors.take(words)
		return line
	case plainName().MatchString(n.Anchor):
		return line + " {#" + n.Anchor + "}"
	default:
		return line + ` {id="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(n.Anchor) + `"}`
	}
}

func comment(n *doc.Node) []string {
	text := strings.TrimSpace(n.Text)
	if text == "" {
		return nil
	}
	return strings.Split("<!-- "+strings.ReplaceAll(text, "-->", "-- >")+" -->", "\n")
}

// code writes code between fences that are longer than any in it.
func code(n *doc.Node) []string {
	info := strings.TrimSpace(n.Info)
	if doc.Language(info) != n.Lang {
		info = n.Lang
	}
	mark := "`"
	if strings.Contains(info, mark) {
		mark = "~"
	}
	fence := strings.Repeat(mark, max(3, longest(n.Text, mark)+1))
	lines := append([]string{fence + info}, codeLines(n.Text)...)
	return append(lines, fence)
}

func codeLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// longest is the length of the longest run of a mark.
func longest(text, mark string) int {
	n := 0
	for strings.Contains(text, strings.Repeat(mark, n+1)) {
		n++
	}
	return n
}
