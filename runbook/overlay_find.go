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
	found := l.called(c.pin)
	switch len(found) {
	case 0:
		return subject{}, l.stale(c)
	case 1:
	default:
		return subject{}, l.wrong(c.pin.line, "%s %s is the beginning of %d ids, such as %s and %s; write more of it", c.pin.key, c.pin.value, len(found), l.id(c, found[0]), l.id(c, found[1]))
	}
	if c.pin.key == "step" {
		return subject{-1, found[0]}, nil
	}
	return subject{found[0], l.owner(found[0])}, nil
}

// called are the indices of the blocks or steps that an id may mean. The whole id means one, also where others begin like it.
func (l *layer) called(pin setting) []int {
	var found []int
	for i, id := range l.idsOf(pin.key) {
		if id == pin.value {
			return []int{i}
		}
		if len(pin.value) >= shortest && strings.HasPrefix(id, pin.value) {
			found = append(found, i)
		}
	}
	return found
}

func (l *layer) idsOf(key string) []string {
	var ids []string
	if key == "step" {
		for i := range l.Steps {
			ids = append(ids, l.Steps[i].ID)
		}
		return ids
	}
	for i := range l.Blocks {
		ids = append(ids, l.Blocks[i].ID)
	}
	return ids
}

func (l *layer) id(c *change, i int) string { return l.idsOf(c.pin.key)[i] }

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

// stale is the error of a change whose block the document does not have, or not any more.
func (l *layer) stale(c *change) error {
	ids, texts, lines := l.idsOf(c.pin.key), l.texts(c.pin.key), l.linesOf(c.pin.key)
	if len(ids) == 0 {
		return l.wrong(c.pin.line, "%s has no %s at all; name the document that the overlay was made for", l.Source, c.pin.key)
	}
	best, most := 0, -1.0
	for i := range ids {
		if near := c.likeness(ids[i], texts[i]); near > most {
			best, most = i, near
		}
	}
	return l.wrong(c.pin.line, "%s has no %s %s (any more); the nearest is %s on line %d: %s; read it, and give its id if it is what you mean",
		l.Source, c.pin.key, c.pin.value, ids[best], lines[best], firstLine(strings.TrimSpace(texts[best])))
}

func (l *layer) texts(key string) []string {
	var texts []string
	if key == "step" {
		for i := range l.Steps {
			texts = append(texts, l.Steps[i].Title)
		}
		return texts
	}
	for i := range l.Blocks {
		texts = append(texts, l.Blocks[i].Text)
	}
	return texts
}

func (l *layer) linesOf(key string) []int {
	var lines []int
	if key == "step" {
		for i := range l.Steps {
			lines = append(lines, l.Steps[i].Line)
		}
		return lines
	}
	for i := range l.Blocks {
		lines = append(lines, l.Blocks[i].Line)
	}
	return lines
}

// likeness is how likely a change means a text: its id mistyped by a letter or two, else words in common. 0 is none, 1 all.
func (c *change) likeness(id, text string) float64 {
	if len(c.pin.value) > shortest && different(id, c.pin.value) <= 2 {
		return 2
	}
	return common(strings.Fields(c.hint()), strings.Fields(text))
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
