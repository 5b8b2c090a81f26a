package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// annotate applies the keys of the vocabulary, as an annotation in the document would.
func (l *layer) annotate() error {
	if !slices.ContainsFunc(l.overlay.changes, func(c change) bool { return len(c.settings) > 0 }) {
		return nil
	}
	b := bookOf(l.Plan)
	n := named{ids: map[string]string{}, canaries: map[int]setting{}}
	err := l.each(func(c *change, s setting, at subject) error { return l.say(b, c, s, at, n) })
	if err != nil {
		return err
	}
	before := len(b.Problems)
	b.resolveCanaries(n)
	if len(b.Problems) > before {
		return l.refused(b, before)
	}
	b.settle()
	b.settleSteps()
	return l.each(func(c *change, s setting, at subject) error {
		l.credit(b, s, at)
		return nil
	})
}

// each visits every key of every change with what it speaks of. The title of an insertion was used when it was made.
func (l *layer) each(visit func(c *change, s setting, at subject) error) error {
	for n := range l.overlay.changes {
		c := &l.overlay.changes[n]
		for _, s := range c.settings {
			if c.insert != nil && s.key == "title" {
				continue
			}
			if err := visit(c, s, l.found[n]); err != nil {
				return err
			}
		}
	}
	return nil
}

// say makes one key true, or says why it cannot be.
func (l *layer) say(b *book, c *change, s setting, at subject, n named) error {
	key, _ := lookup(s.key)
	if c.insert == nil && key.Of == OfStep && at.block >= 0 {
		return l.wrong(s.line, "%s speaks of a step; name it with step: ID", s.key)
	}
	if err := l.once(s.key, at, s.line); err != nil {
		return err
	}
	l.names(s, n)
	before := len(b.Problems)
	b.apply(s, at.block, at.step, n)
	if len(b.Problems) > before {
		return l.refused(b, before)
	}
	if s.key == "gate" && s.value != string(NoGate) && !c.says("sentence") {
		for _, i := range b.blocksOf(s, at.block, at.step) {
			b.Blocks[i].wanted(s.line)
		}
	}
	return nil
}

// wanted makes a gate the site's: the sentence that made it is no sentence of the document.
func (b *Block) wanted(line int) {
	if b.GateDetail == nil {
		b.GateDetail = &GateDetail{}
	}
	b.GateDetail.Sentence, b.GateDetail.Line = "the site wants it confirmed", line
}

// says whether a change has a key.
func (c *change) says(key string) bool {
	return slices.ContainsFunc(c.settings, func(s setting) bool { return s.key == key })
}

// names lets canary_of and calls name what they mean by its id.
func (l *layer) names(s setting, n named) {
	kind := map[string]string{"canary_of": "block", "calls": "step"}[s.key]
	if kind == "" || n.ids[s.value] != "" {
		return
	}
	all := l.pinnable(kind)
	if found := called(all, l.now(s.value)); len(found) == 1 {
		n.ids[s.value] = all[found[0]].id
	}
}

// refused is the first of the problems that were found since there were so many.
func (l *layer) refused(b *book, since int) error {
	p := b.Problems[since]
	return l.wrong(p.Line, "%s", strings.TrimPrefix(p.Text, "annotation "))
}

// credit writes down that the site said so.
func (l *layer) credit(b *book, s setting, at subject) {
	key, _ := lookup(s.key)
	if key.Of != OfStep && !(key.Of == OfBoth && at.block < 0) {
		for _, i := range b.blocksOf(s, at.block, at.step) {
			b.Blocks[i].mark(property(s.key), s.line)
		}
		return
	}
	b.Steps[at.step].mark(property(s.key), s.line)
	for i := range b.Blocks {
		if s.key == "optional" && b.within(b.places[i].step, at.step) && b.Blocks[i].Runs() {
			b.Blocks[i].mark("optional", s.line)
		}
	}
}

// bookOf is a plan opened again for annotations: they need to know where each block stands and what its commands do.
func bookOf(p *Plan) *book {
	b := &book{Plan: p, anchors: map[string]int{}, places: make([]place, len(p.Blocks))}
	for i, step := range p.owners() {
		text := strings.Join(p.Blocks[i].Commands, "\n")
		b.places[i] = place{node: &doc.Node{Kind: doc.Code, Line: p.Blocks[i].Line}, step: step, text: text, snippet: shell.Analyze(text)}
	}
	for i := range p.Steps {
		if p.Steps[i].Anchor != "" {
			b.anchors["#"+strings.ToLower(p.Steps[i].Anchor)] = i
		}
	}
	return b
}
