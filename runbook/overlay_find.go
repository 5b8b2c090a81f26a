package runbook

import (
	"slices"
	"strings"
)

// shortest is how much of an id a change must give.
const shortest = 5

// find resolves what every change speaks of.
func (l *layer) find() error {
	for _, c := range l.overlay.changes {
		at, err := l.pinned(&c)
		if err != nil {
			return err
		}
		l.found = append(l.found, at)
	}
	return nil
}

// pinned is the one block or step whose id a change gives, whole or by its beginning.
func (l *layer) pinned(c *change) (subject, error) {
	all := l.pinnable(c.pin.key)
	found := called(all, c.pin.value)
	switch len(found) {
	case 0:
		return subject{}, l.stale(c, all)
	case 1:
	default:
		return subject{}, l.wrong(c.pin.line, "%s %s is the beginning of %d ids, such as %s and %s; write more of it", c.pin.key, c.pin.value, len(found), all[found[0]].id, all[found[1]].id)
	}
	if c.pin.key == "step" {
		return subject{-1, found[0]}, nil
	}
	return subject{found[0], l.owner(found[0])}, nil
}

// pinnable is a block or a step as a change gives it: by its id.
type pinnable struct {
	id, text string
	line     int
}

// pinnable are all blocks or all steps, by their index.
func (l *layer) pinnable(key string) []pinnable {
	var all []pinnable
	if key == "step" {
		for i := range l.Steps {
			all = append(all, pinnable{l.Steps[i].ID, l.Steps[i].Title, l.Steps[i].Line})
		}
		return all
	}
	for i := range l.Blocks {
		all = append(all, pinnable{l.Blocks[i].ID, l.Blocks[i].Text, l.Blocks[i].Line})
	}
	return all
}

// called are the indices of those that an id may mean. The whole id means one, also where others begin like it.
func called(all []pinnable, id string) []int {
	var found []int
	for i, p := range all {
		if p.id == id {
			return []int{i}
		}
		if len(id) >= shortest && strings.HasPrefix(p.id, id) {
			found = append(found, i)
		}
	}
	return found
}

// owners are the steps that blocks stand in, -1 for none.
func (p *Plan) owners() []int {
	owners := make([]int, len(p.Blocks))
	for i := range owners {
		owners[i] = -1
	}
	for i := range p.Steps {
		for _, block := range p.Steps[i].Blocks {
			owners[block] = i
		}
	}
	return owners
}

// owner is the step that a block stands in, -1 for none.
func (p *Plan) owner(block int) int {
	for i := range p.Steps {
		if slices.Contains(p.Steps[i].Blocks, block) {
			return i
		}
	}
	return -1
}

// stale is the error of a change whose block or step is not among all that there are, or not any more.
func (l *layer) stale(c *change, all []pinnable) error {
	if len(all) == 0 {
		return l.wrong(c.pin.line, "%s has no %s at all; name the document that the overlay was made for", l.Source, c.pin.key)
	}
	nearest, most := all[0], -1.0
	for _, p := range all {
		if near := c.likeness(p); near > most {
			nearest, most = p, near
		}
	}
	return l.wrong(c.pin.line, "%s has no %s %s (any more); the nearest is %s on line %d: %s; read it, and give its id if it is what you mean",
		l.Source, c.pin.key, c.pin.value, nearest.id, nearest.line, firstLine(strings.TrimSpace(nearest.text)))
}

// likeness is how likely a change means it: its id mistyped by a letter or two, else words in common. 0 is none, 1 all.
func (c *change) likeness(p pinnable) float64 {
	if len(c.pin.value) > shortest && different(p.id, c.pin.value) <= 2 {
		return 2
	}
	return common(strings.Fields(c.hint()), strings.Fields(p.text))
}

// hint is what a change says of the text that it means.
func (c *change) hint() string {
	for _, said := range []*setting{{value: c.was}, c.replace, c.command, {value: c.title}, c.byHand} {
		if said != nil && said.value != "" {
			return said.value
		}
	}
	var all []string
	for _, s := range append(append([]setting{}, c.set...), c.settings...) {
		all = append(all, s.key, s.value)
	}
	return strings.Join(all, " ")
}

// common is the share of words that two texts have in common.
func common(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	left := map[string]int{}
	for _, word := range a {
		left[word]++
	}
	both := 0
	for _, word := range b {
		if left[word] > 0 {
			left[word]--
			both++
		}
	}
	return 2 * float64(both) / float64(len(a)+len(b))
}

// different is in how many letters the beginning of an id is not what was given.
func different(id, given string) int {
	n := max(0, len(given)-len(id))
	for i := range min(len(id), len(given)) {
		if id[i] != given[i] {
			n++
		}
	}
	return n
}
