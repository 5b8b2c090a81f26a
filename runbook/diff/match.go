package diff

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"gatewalk/runbook"
)

// match says what of one version is what of the other, by index, -1 for none.
type match struct{ forth, back []int }

func newMatch(old, new int) match {
	return match{slices.Repeat([]int{-1}, old), slices.Repeat([]int{-1}, new)}
}

func (m match) join(old, new int) { m.forth[old], m.back[new] = new, old }

func (m match) free(old, new int) bool { return m.forth[old] < 0 && m.back[new] < 0 }

// match finds what is the same by its content first, then steps by their titles, then by where they stand.
func (c *comparison) match() {
	oldTexts, newTexts := texts(c.old), texts(c.new)
	joinInOrder(c.blocks, oldTexts, newTexts)
	c.stepsByBlocks()
	joinInOrder(c.steps, titles(c.old, true), titles(c.new, true))
	joinInOrder(c.steps, titles(c.old, false), titles(c.new, false))
	joinAnywhere(c.steps, titles(c.old, false), titles(c.new, false))
	joinAnywhere(c.blocks, oldTexts, newTexts)
	c.stepsByBlocks()
	c.byPosition()
}

// texts are what blocks are matched by.
func texts(p *runbook.Plan) []string {
	all := make([]string, len(p.Blocks))
	for i := range p.Blocks {
		all[i] = strings.TrimSpace(p.Blocks[i].Text)
	}
	return all
}

// titles are what steps are matched by, each with those of the steps around it or alone.
func titles(p *runbook.Plan, around bool) []string {
	all := make([]string, len(p.Steps))
	for i := range p.Steps {
		all[i] = plain(p.Steps[i].Title)
		if parent := p.Steps[i].Parent; around && parent >= 0 {
			all[i] = all[parent] + "\n" + all[i]
		}
	}
	return all
}

// tidy is a text as line breaks and the last full stop do not change it.
func tidy(text string) string {
	return strings.TrimRight(strings.Join(strings.Fields(text), " "), ".:")
}

// plain is a text as capitals do not change it either.
func plain(text string) string { return strings.ToLower(tidy(text)) }

// joinInOrder joins what is still free, the same, and in the same order.
func joinInOrder(m match, old, new []string) {
	free := func(found []int, keys []string) (at []int, left []string) {
		for i, other := range found {
			if other < 0 {
				at, left = append(at, i), append(left, keys[i])
			}
		}
		return at, left
	}
	oldAt, oldLeft := free(m.forth, old)
	newAt, newLeft := free(m.back, new)
	for i, j := range pair(oldLeft, newLeft) {
		if j >= 0 {
			m.join(oldAt[i], newAt[j])
		}
	}
}

// joinAnywhere joins what is still free and the same: it was moved.
func joinAnywhere(m match, old, new []string) {
	waiting := map[string][]int{}
	for i, key := range old {
		if m.forth[i] < 0 && key != "" {
			waiting[key] = append(waiting[key], i)
		}
	}
	for j, key := range new {
		if at := waiting[key]; m.back[j] < 0 && len(at) > 0 {
			m.join(at[0], j)
			waiting[key] = at[1:]
		}
	}
}

// stepsByBlocks joins the steps that share the most blocks; of two that share as many, the one whose title stayed.
func (c *comparison) stepsByBlocks() {
	type bond struct{ old, new int }
	shared := map[bond]int{}
	owners := stepOf(c.new)
	for was := range c.old.Steps {
		for _, b := range blocksOf(c.old, was) {
			if other := c.blocks.forth[b]; other >= 0 && owners[other] != top {
				shared[bond{was, owners[other]}]++
			}
		}
	}
	bonds := make([]bond, 0, len(shared))
	for b := range shared {
		bonds = append(bonds, b)
	}
	renamed := func(b bond) int {
		if plain(c.old.Steps[b.old].Title) == plain(c.new.Steps[b.new].Title) {
			return 0
		}
		return 1
	}
	slices.SortFunc(bonds, func(a, b bond) int {
		return cmp.Or(shared[b]-shared[a], renamed(a)-renamed(b), a.old-b.old, a.new-b.new)
	})
	for _, b := range bonds {
		if c.steps.free(b.old, b.new) {
			c.steps.join(b.old, b.new)
		}
	}
}

// stepOf is the step each block stands in, top for none.
func stepOf(p *runbook.Plan) []int {
	owners := slices.Repeat([]int{top}, len(p.Blocks))
	for s := range p.Steps {
		for _, b := range blocksOf(p, s) {
			owners[b] = s
		}
	}
	return owners
}

// byPosition joins what stands in the same place of the same step, from the outside in.
func (c *comparison) byPosition() {
	c.inside(top, top)
	for was := range c.old.Steps {
		if now := c.steps.forth[was]; now >= 0 {
			c.inside(was, now)
		}
	}
}

func (c *comparison) inside(was, now int) {
	gaps(c.steps, indices(c.old, was, runbook.StepItem), indices(c.new, now, runbook.StepItem), func(i, j int) float64 {
		return c.likeness(c.old.Steps[i].Title, c.new.Steps[j].Title)
	})
	for _, run := range []bool{true, false} {
		gaps(c.blocks, running(c.old, was, run), running(c.new, now, run), func(i, j int) float64 {
			return c.likeness(c.old.Blocks[i].Text, c.new.Blocks[j].Text)
		})
	}
}

// running are the blocks of a step that run, or those that do not.
func running(p *runbook.Plan, step int, run bool) []int {
	return slices.DeleteFunc(blocksOf(p, step), func(b int) bool { return p.Blocks[b].Runs() != run })
}

// gaps joins what is free behind the same neighbour that stayed: what is alone there on both sides, and what is alike.
func gaps(m match, old, new []int, like func(old, new int) float64) {
	stayed := kept(m, old, new)
	left := between(old, stayed, func(i int) (int, bool) { return m.forth[i], m.forth[i] < 0 })
	waiting := between(new, stayed, func(j int) (int, bool) { return j, m.back[j] < 0 })
	for behind, olds := range left {
		joinAlike(m, olds, waiting[behind], like)
	}
}

// kept are those of the new neighbours that were neighbours before, in the same order.
func kept(m match, old, new []int) map[int]bool {
	here := map[int]bool{}
	for _, j := range new {
		here[j] = true
	}
	var order []int
	for _, i := range old {
		if j := m.forth[i]; j >= 0 && here[j] {
			order = append(order, j)
		}
	}
	stayed := map[int]bool{}
	for k, rises := range rising(order) {
		stayed[order[k]] = rises
	}
	return stayed
}

// between groups what is free by the neighbour that it stands behind.
func between(all []int, stayed map[int]bool, look func(i int) (neighbour int, free bool)) map[int][]int {
	groups := map[int][]int{}
	behind := top
	for _, i := range all {
		neighbour, free := look(i)
		switch {
		case free:
			groups[behind] = append(groups[behind], i)
		case stayed[neighbour]:
			behind = neighbour
		}
	}
	return groups
}

const (
	alike = 0.5 // of their words, two texts share so many
	reach = 50  // that far from its place a likeness is looked for
)

func joinAlike(m match, old, new []int, like func(old, new int) float64) {
	if len(old) == 1 && len(new) == 1 {
		m.join(old[0], new[0])
		return
	}
	for at, i := range old {
		best, most := -1, alike
		for k := max(0, at-reach); k < min(len(new), at+reach); k++ {
			if m.back[new[k]] < 0 {
				if l := like(i, new[k]); l > most || l == most && best < 0 {
					best, most = new[k], l
				}
			}
		}
		if best >= 0 {
			m.join(i, best)
		}
	}
}

// likeness is the share of words that two texts have in common, from 0 to 1.
func (c *comparison) likeness(a, b string) float64 {
	inA, inB := c.wordsOf(a), c.wordsOf(b)
	both := 0
	for word := range inA {
		if inB[word] {
			both++
		}
	}
	if all := len(inA) + len(inB) - both; all > 0 {
		return float64(both) / float64(all)
	}
	return 0
}

// wordsOf are the words of a text, kept for the next comparison with it.
func (c *comparison) wordsOf(text string) map[string]bool {
	if all, known := c.vocabulary[text]; known {
		return all
	}
	all := map[string]bool{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		all[word] = true
	}
	c.vocabulary[text] = all
	return all
}

// moved says which of what is in both no longer stands in its order among the rest.
func moved(forth []int) []bool {
	var at, order []int
	for i, j := range forth {
		if j >= 0 {
			at, order = append(at, i), append(order, j)
		}
	}
	all := make([]bool, len(forth))
	for k, stayed := range rising(order) {
		all[at[k]] = !stayed
	}
	return all
}
