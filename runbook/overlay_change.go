package runbook

import (
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// hosts gives hosts of the document the names that they have at the site.
func (l *layer) hosts() error {
	for _, s := range l.overlay.hosts {
		used := false
		for i := range l.Blocks {
			if b := &l.Blocks[i]; b.Host == s.key && b.Why["host"].Rule != site {
				b.Host, used = s.value, true
				b.mark("host", s.line)
			}
		}
		if !used {
			return l.wrong(s.line, "no block of %s runs on %s; the nearest is %q", l.Source, s.key, doc.Nearest(s.key, l.hostNames()))
		}
	}
	return nil
}

func (l *layer) hostNames() []string {
	var names []string
	for i := range l.Blocks {
		if host := l.Blocks[i].Host; host != "" {
			names = appendOnce(names, host)
		}
	}
	return names
}

// replace gives blocks another text. What the document says around them still holds: its host, its check, its gate. A
// gate that the new command needs by itself is added.
func (l *layer) replace() error {
	for n, c := range l.overlay.changes {
		if c.replace == nil {
			continue
		}
		b := &l.Blocks[l.found[n].block]
		if err := l.once("replace", l.found[n], c.replace.line); err != nil {
			return err
		}
		switch {
		case b.Runs():
			l.lose(b.Sets, c.replace.line)
			b.become(&l.fragment(&c, c.replace).Blocks[0])
		case b.Kind == File:
			b.Text = withNewline(c.replace.value)
		default:
			return l.wrong(c.replace.line, "%s is a sample output, which nobody runs; replace a command, or annotate this with kind: command", b.ID)
		}
		b.First = firstLine(strings.TrimSpace(b.Text))
		b.mark("text", c.replace.line)
		l.rename(l.found[n].block)
	}
	return nil
}

// become takes over what another block runs.
func (b *Block) become(other *Block) {
	b.Kind, b.Text, b.Commands, b.Dashed, b.Inside = other.Kind, other.Text, other.Commands, other.Dashed, other.Inside
	b.Inputs, b.Samples, b.Sets, b.Reads, b.Secrets = other.Inputs, other.Samples, other.Sets, other.Reads, other.Secrets
	b.Interactive, b.DropsConnection, b.Long = other.Interactive, other.DropsConnection, other.Long || b.Long
	switch {
	case b.Gate == NoGate:
		b.Gate, b.GateDetail = other.Gate, other.GateDetail
	case other.GateDetail != nil && other.GateDetail.Weight == Typed:
		b.GateDetail.Weight = Typed
	}
	b.Targets = nil
	if b.Gate != NoGate {
		b.Targets = targets(shell.Analyze(strings.Join(b.Commands, "\n")))
	}
}

// rename gives a block whose text has changed the id of what it is now: no mark made on the old command speaks of it.
func (l *layer) rename(i int) {
	old := l.Blocks[i].ID
	l.Blocks[i].ID = free(identity("b", l.Blocks[i].Text, map[string]int{}), l.taken)
	l.renamed[old] = l.Blocks[i].ID
}

// canaries lets gates name the blocks that proved their canary by what these are called now.
func (l *layer) canaries() {
	for i := range l.Blocks {
		d := l.Blocks[i].GateDetail
		if d == nil {
			continue
		}
		d.CanaryOf = l.now(d.CanaryOf)
	}
}

// now is what a block is called after all that happened to its text.
func (l *layer) now(id string) string {
	for range l.renamed {
		next, ok := l.renamed[id]
		if !ok {
			break
		}
		id = next
	}
	return id
}

// fragment is a command of the overlay read by the same rules as any document's, with its title as its words.
func (l *layer) fragment(c *change, command *setting) *Plan {
	text := withNewline(command.value)
	code := &doc.Node{Kind: doc.Code, Lang: "bash", Info: "bash {kind=command}", Line: command.line, End: command.line + strings.Count(text, "\n") - 1, Text: text}
	item := &doc.Node{Kind: doc.Item, Number: 1, Line: c.line, End: code.End, Children: []*doc.Node{code}}
	if c.title != "" {
		words := &doc.Node{Kind: doc.Paragraph, Line: c.line, End: c.line, Spans: []doc.Span{{Text: c.title, Line: c.line}}}
		item.Children = []*doc.Node{words, code}
	}
	list := &doc.Node{Kind: doc.List, Ordered: true, Line: c.line, End: code.End, Children: []*doc.Node{item}}
	return newPlan(&doc.Document{Source: l.overlay.Name, Format: "yaml", Nodes: []*doc.Node{list}})
}

func withNewline(text string) string { return strings.TrimRight(text, "\n") + "\n" }

// skip leaves out what the site does not do.
func (l *layer) skip() error {
	for n, c := range l.overlay.changes {
		if c.skip == nil {
			continue
		}
		if err := l.once("skip", l.found[n], c.skip.line); err != nil {
			return err
		}
		if at := l.found[n]; at.block >= 0 {
			l.Blocks[at.block].Skip = c.skip.value
			l.Blocks[at.block].mark("skip", c.skip.line)
		} else {
			l.Steps[at.step].Skip = c.skip.value
			l.Steps[at.step].mark("skip", c.skip.line)
		}
	}
	for i, step := range l.owners() {
		if b := &l.Blocks[i]; b.Skip != "" || l.leftOut(step) {
			l.lose(b.Sets, b.Why["skip"].Line)
		}
	}
	return nil
}
