package diff

import (
	"slices"
	"strings"

	"gatewalk/runbook"
	"gatewalk/runbook/doc"
)

// step compares a step with what it was, then what stands in it.
func (c *comparison) step(was, now int) {
	old, new := &c.old.Steps[was], &c.new.Steps[now]
	before, after := stepPlace(c.old, was), stepPlace(c.new, now)
	if plain(old.Title) != plain(new.Title) {
		c.add(Change{Concern: Step, Kind: Changed, Property: "title", From: old.Title, To: new.Title, Was: before, Now: after})
	}
	c.placed(was, now, before, after)
	for _, p := range []struct {
		property
		from, to string
	}{
		{property{name: "left out", concern: Command}, old.Skip, new.Skip},
		{property{name: "kind", concern: Step}, string(old.Kind), string(new.Kind)},
		{property{name: "optional", concern: Step}, tidy(old.Optional), tidy(new.Optional)},
		{property{name: "only when called", concern: Step}, yes(old.Routine), yes(new.Routine)},
		{property{name: "any order", concern: Command}, yes(old.AnyOrder != 0), yes(new.AnyOrder != 0)},
		{property{name: "choice", concern: Step}, choiceWords(c.old, old), choiceWords(c.new, new)},
		{property{name: "repeats", concern: Step}, overWords(c.old, old), overWords(c.new, new)},
		{property{name: "repeats how", concern: Command, weaker: moreAtOnce}, modeWords(c.old, old), modeWords(c.new, new)},
		{property{name: "refers to", concern: Step}, refWords(c.old, old), refWords(c.new, new)},
		{property{name: "estimate", concern: Step}, old.Estimate, new.Estimate},
	} {
		c.property(p.property, p.from, p.to, before, after)
	}
	c.body(was, now)
}

// moreAtOnce is what takes the chance to stop after the first.
func moreAtOnce(from, to string) bool { return from == "serial" && to != "serial" && to != "" }

// placed tells of a step that stands elsewhere: in another order, or in another step that was there before.
func (c *comparison) placed(was, now int, before, after *Place) {
	from, to := c.old.Steps[was].Parent, c.new.Steps[now].Parent
	if c.movedSteps[was] && !c.movedAround(from) {
		concern := Step
		if runs(c.old, was) {
			concern = Command
		}
		c.add(Change{Concern: concern, Kind: Moved, Property: "step", Was: before, Now: after})
		return
	}
	stays := from == top && to == top || from != top && to != top && c.steps.forth[from] == to
	if stays || to != top && c.steps.back[to] < 0 || from != top && c.steps.forth[from] < 0 {
		return // what was put around it, or taken off, is told by itself
	}
	c.add(Change{Concern: Step, Kind: Changed, Property: "inside", From: titleOf(c.old, from), To: titleOf(c.new, to), Was: before, Now: after})
}

// movedAround says whether a step of the old version, or one around it, was moved: then so was all in it, and that is told once.
func (c *comparison) movedAround(step int) bool {
	for ; step != top; step = c.old.Steps[step].Parent {
		if c.movedSteps[step] {
			return true
		}
	}
	return false
}

func titleOf(p *runbook.Plan, step int) string {
	if step == top {
		return p.Title
	}
	return p.Steps[step].Title
}

// runs says whether anything in a step runs.
func runs(p *runbook.Plan, step int) bool {
	return slices.ContainsFunc(itemsOf(p, step), func(item runbook.Item) bool {
		return item.Kind == runbook.BlockItem && p.Blocks[item.Index].Runs() || item.Kind == runbook.StepItem && runs(p, item.Index)
	})
}

func choiceWords(p *runbook.Plan, s *runbook.Step) string {
	if s.Choice == nil {
		return ""
	}
	choice := &p.Choices[*s.Choice]
	ways := make([]string, len(choice.Options))
	for i, option := range choice.Options {
		ways[i] = tidy(option.Title)
	}
	return tidy(choice.Text) + ": " + strings.Join(ways, " | ")
}

func overWords(p *runbook.Plan, s *runbook.Step) string {
	if s.Loop == nil {
		return ""
	}
	return tidy(p.Loops[*s.Loop].Over)
}

func modeWords(p *runbook.Plan, s *runbook.Step) string {
	if s.Loop == nil {
		return ""
	}
	return p.Loops[*s.Loop].Mode
}

// refWords is where a step leads: the title of a step of the document, for its anchor may only have been renumbered.
func refWords(p *runbook.Plan, s *runbook.Step) string {
	if s.Ref == nil {
		return ""
	}
	ref := &p.Refs[*s.Ref]
	if ref.Step >= 0 {
		return p.Steps[ref.Step].Title
	}
	if ref.Internal {
		return tidy(ref.Text)
	}
	return strings.TrimSpace(tidy(ref.Text) + " " + ref.Target)
}

// notes compares the notes and warnings that stand directly in a step. One that has other words now is matched by its kind.
func (c *comparison) notes(old, new []*runbook.Admonition, before, after *Place) {
	m := newMatch(len(old), len(new))
	joinInOrder(m, noteTexts(old), noteTexts(new))
	joinAnywhere(m, noteTexts(old), noteTexts(new))
	same := m.forth
	m = match{slices.Clone(m.forth), slices.Clone(m.back)}
	joinAnywhere(m, noteKinds(old), noteKinds(new))
	for i, n := range old {
		switch j := m.forth[i]; {
		case j < 0:
			c.add(Change{Concern: warns(n), Kind: Removed, Property: n.Kind, Was: lineOf(before, n.Line), Now: after, Lines: compare(sentences(n.Text), nil)})
		case same[i] < 0:
			c.add(Change{Concern: warns(n), Kind: Changed, Property: n.Kind, Was: lineOf(before, n.Line), Now: lineOf(after, new[j].Line), Lines: compare(sentences(n.Text), sentences(new[j].Text))})
		}
	}
	for j, n := range new {
		if m.back[j] < 0 {
			c.add(Change{Concern: warns(n), Kind: Added, Property: n.Kind, Was: before, Now: lineOf(after, n.Line), Lines: compare(nil, sentences(n.Text))})
		}
	}
}

func noteKinds(notes []*runbook.Admonition) []string {
	all := make([]string, len(notes))
	for i, n := range notes {
		all[i] = n.Kind
	}
	return all
}

func lineOf(p *Place, line int) *Place {
	return &Place{Source: p.Source, Line: line, Path: p.Path, Title: p.Title}
}

func noteTexts(notes []*runbook.Admonition) []string {
	all := make([]string, len(notes))
	for i, n := range notes {
		all[i] = n.Kind + ": " + plain(n.Text)
	}
	return all
}

// warns is what a note matters for.
func warns(n *runbook.Admonition) Concern {
	if n.Kind == "note" {
		return Words
	}
	return Warning
}

// words compares what is said directly in a step, sentence by sentence, but for its title, which is told by itself.
func (c *comparison) words(was, now int, before, after *Place) {
	old, new := said(c.old, was), said(c.new, now)
	if slices.Equal(old, new) {
		return
	}
	if changed := compare(old, new); len(changed) > 0 {
		c.add(Change{Concern: Words, Kind: Changed, Property: "words", Was: before, Now: after, Lines: changed})
	}
}

// said are the sentences of a step's own prose.
func said(p *runbook.Plan, step int) []string {
	var all []string
	for _, item := range itemsOf(p, step) {
		if item.Kind == runbook.ProseItem {
			all = append(all, sentences(wordsIn(item.Prose))...)
		}
	}
	title := plain(titleOf(p, step))
	return slices.DeleteFunc(all, func(s string) bool { return plain(s) == title })
}

func wordsIn(n *doc.Node) string {
	var words strings.Builder
	doc.Walk([]*doc.Node{n}, func(n *doc.Node) bool {
		words.WriteString(doc.Words(n.Spans) + "\n")
		return true
	})
	return words.String()
}

var (
	sentenceEnd = doc.Pattern(`([^\d\s][.!?])\s+`)
	marker      = doc.Pattern(`^\([^()\s]+[#>$%]\)\s*`)
)

// sentences splits a text, wherever its lines are broken. The host marker before it is told as the host of a block.
func sentences(text string) []string {
	text = marker().ReplaceAllString(strings.Join(strings.Fields(text), " "), "")
	if text == "" {
		return nil
	}
	return strings.Split(sentenceEnd().ReplaceAllString(text, "$1\n"), "\n")
}
