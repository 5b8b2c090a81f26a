package runbook

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// section is a heading with what stands below it.
type section struct {
	head    *doc.Node
	remarks []*doc.Node // the comments that stand straight before the heading, which speak of the section
	nodes   []*doc.Node
	subs    []*section
	path    string
}

// outline makes the tree: sections, their numbered items, and the blocks and words inside them, in document order.
func (b *book) outline() {
	b.makeRoom()
	top := sections(b.document.Nodes)
	if title := b.soleWork(top); title != nil {
		top = &section{subs: append([]*section{{head: title, nodes: top.nodes, path: "1"}}, top.subs...)}
	}
	b.top = top.nodes
	b.Root = b.contents(top.nodes, -1, "", "")
	for _, s := range top.subs {
		b.Root = append(b.Root, b.section(s, -1)...)
	}
	b.moveFirst()
}

// soleWork is the title of a document in which no section carries work and no list counts it: what stands below the title is the procedure
// then, and its paragraphs begin steps as those of a section do. It is nil for all others.
func (b *book) soleWork(top *section) *doc.Node {
	listed := func(n *doc.Node) bool {
		return n.Kind == doc.List && b.isStepList(top.nodes, slices.Index(top.nodes, n), "")
	}
	if len(b.parts(top.nodes)) < 2 || !hasBlock(top.nodes) || slices.ContainsFunc(top.nodes, listed) || slices.ContainsFunc(top.subs, b.works) {
		return nil
	}
	for i, n := range b.document.Nodes {
		if n.Kind == doc.Heading && n.Level == 1 && isTitle(b.document.Nodes, i) {
			return n
		}
	}
	return nil
}

// makeRoom numbers the nodes and counts what may become blocks and steps, so that long documents are not copied as they grow.
func (b *book) makeRoom() {
	blocks, steps, nodes := 0, 0, 0
	doc.Walk(b.document.Nodes, func(n *doc.Node) bool {
		nodes++
		n.Order = nodes
		switch n.Kind {
		case doc.Code:
			blocks++
		case doc.Heading, doc.Item, doc.Note:
			steps++
		}
		return true
	})
	b.Blocks, b.places = make([]Block, 0, blocks), make([]place, 0, blocks)
	b.Steps, b.sources = make([]Step, 0, steps), make([]origin, 0, steps)
	b.known = slices.Repeat([]known{{step: -1, block: -1}}, nodes+1)
}

// sections nests headings by level. The title of the document is no section: what follows it stands at the top.
func sections(nodes []*doc.Node) *section {
	top := &section{}
	open := []*section{top}
	for i, n := range nodes {
		if n.Kind != doc.Heading {
			last := open[len(open)-1]
			last.nodes = append(last.nodes, n)
			continue
		}
		if n.Level == 1 && isTitle(nodes, i) {
			continue
		}
		s := &section{head: n, remarks: takeRemarks(open[len(open)-1])}
		for len(open) > 1 && open[len(open)-1].head.Level >= n.Level {
			open = open[:len(open)-1]
		}
		up := open[len(open)-1]
		up.subs = append(up.subs, s)
		open = append(open, s)
	}
	number(top.subs, "")
	return top
}

// takeRemarks takes the comments off the end of a section: what stands straight before the next heading speaks of that.
func takeRemarks(s *section) []*doc.Node {
	end := len(s.nodes)
	for end > 0 && s.nodes[end-1].Kind == doc.Comment {
		end--
	}
	remarks := s.nodes[end:]
	s.nodes = s.nodes[:end:end]
	return remarks
}

// isTitle says whether a first-level heading is the document's title: the first heading, and the only one of its level.
func isTitle(nodes []*doc.Node, at int) bool {
	for i, n := range nodes {
		if n.Kind == doc.Heading && i != at && (i < at || n.Level == 1) {
			return false
		}
	}
	return true
}

var numberForm = doc.Pattern(`^(\d+(?:\.\d+)*)[.):]?\s`)

// number gives each section its path: the number it is written with, else counted among its siblings.
func number(subs []*section, up string) {
	for i, s := range subs {
		s.path = fmt.Sprint(i + 1)
		if up != "" {
			s.path = up + "." + s.path
		}
		if m := numberForm().FindStringSubmatch(doc.Words(s.head.Spans)); m != nil {
			s.path = m[1]
			if up != "" && !strings.Contains(m[1], ".") {
				s.path = up + "." + m[1]
			}
		}
		number(s.subs, s.path)
	}
}

// section makes a step of a section that carries work, with its subsections inside; one without is only words.
func (b *book) section(s *section, parent int) []Item {
	told := b.told(s)
	b.requirements(s)
	if !b.works(s) {
		return b.prose(s)
	}
	b.headingRemarks(s, parent)
	index := b.step(parent, s.head, s.path, sectionTitle(s.head))
	b.sources[index] = origin{node: s.head, inside: s.nodes, section: true}
	if s.head.Anchor != "" {
		b.Steps[index].Anchor = s.head.Anchor
		b.anchors["#"+strings.ToLower(s.head.Anchor)] = index
	}
	var body []Item
	if len(told) > 0 {
		body = b.toldOf(s, told, index)
	} else {
		body = b.unlisted(s, index)
	}
	for _, sub := range s.subs {
		body = append(body, b.section(sub, index)...)
	}
	b.Steps[index].Body = body
	b.Steps[index].End = max(b.Steps[index].End, lastLine(s))
	return []Item{{Kind: StepItem, Index: index}}
}

func lastLine(s *section) int {
	end := s.head.End
	for _, n := range s.nodes {
		end = max(end, n.End)
	}
	for _, sub := range s.subs {
		end = max(end, lastLine(sub))
	}
	return end
}

var headingNumber = doc.Pattern(`^(?:\d+(?:\.\d+)*[.):]?|Step \d+\s*[:.-])\s+`)

func sectionTitle(head *doc.Node) string {
	return strings.TrimSpace(headingNumber().ReplaceAllString(doc.Words(head.Spans), ""))
}

// prose keeps a section without work as prose, its heading included. Notes in it are still notes.
func (b *book) prose(s *section) []Item {
	b.headingRemarks(s, -1)
	items := []Item{{Kind: ProseItem, Prose: s.head}}
	items = append(items, b.contents(s.nodes, -1, s.path, sectionTitle(s.head))...)
	for _, sub := range s.subs {
		items = append(items, b.prose(sub)...)
	}
	return items
}

// works says whether a section, or one inside it, asks anything of the operator.
func (b *book) works(s *section) bool {
	if b.holdsWork(s) || len(b.told(s)) > 0 {
		return true
	}
	return slices.ContainsFunc(s.subs, b.works)
}

// holdsWork says whether a section asks for more than words tell.
func (b *book) holdsWork(s *section) bool {
	if doc.HoldCode(s.nodes...) {
		return true
	}
	for i, n := range s.nodes {
		if n.Kind == doc.List && (b.isStepList(s.nodes, i, sectionTitle(s.head)) || b.choiceBefore(s.nodes, i)) {
			return true
		}
		if n.Kind == doc.Paragraph && !background(sectionTitle(s.head)) && b.paragraphWorks(s.nodes, i) {
			return true
		}
		if n.Kind == doc.Note && b.noteWorks(n) {
			return true
		}
	}
	return false
}

// step adds a step; what it is made of and its kind follow.
func (b *book) step(parent int, n *doc.Node, path, title string) int {
	b.Steps = append(b.Steps, Step{Line: n.Line, End: max(n.Line, n.End), Path: path, Title: title, Parent: parent, Blocks: []int{}, Body: []Item{}})
	b.sources = append(b.sources, origin{node: n, inside: n.Children})
	if known := b.of(n); known != nil {
		known.step = len(b.Steps) - 1
	}
	return len(b.Steps) - 1
}
