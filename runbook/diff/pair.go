package diff

import (
	"slices"
	"sort"
	"strings"
)

// pair finds what of two lists is the same and in the same order: for each of the old its index in the new, -1 for none.
// It is the patience diff: what both have once holds the lists together, and what lies between is looked at again.
func pair(old, new []string) []int {
	p := pairing{old, new, make([]int, len(old))}
	for i := range p.found {
		p.found[i] = -1
	}
	p.between(0, len(old), 0, len(new))
	return p.found
}

type pairing struct {
	old, new []string
	found    []int
}

func (p pairing) between(from, to, first, last int) {
	for from < to && first < last && p.old[from] == p.new[first] {
		p.found[from] = first
		from, first = from+1, first+1
	}
	for from < to && first < last && p.old[to-1] == p.new[last-1] {
		to, last = to-1, last-1
		p.found[to] = last
	}
	held := p.anchors(from, to, first, last)
	if len(held) == 0 {
		return
	}
	for _, a := range held {
		p.found[a.old] = a.new
		p.between(from, a.old, first, a.new)
		from, first = a.old+1, a.new+1
	}
	p.between(from, to, first, last)
}

type anchor struct{ old, new int }

// anchors are what stands once in each of two ranges, as many as keep their order.
func (p pairing) anchors(from, to, first, last int) []anchor {
	type count struct{ old, new, at, in int }
	counts := map[string]*count{}
	for i := from; i < to; i++ {
		c := counts[p.old[i]]
		if c == nil {
			c = &count{}
			counts[p.old[i]] = c
		}
		c.old, c.at = c.old+1, i
	}
	for i := first; i < last; i++ {
		if c := counts[p.new[i]]; c != nil {
			c.new, c.in = c.new+1, i
		}
	}
	var once []anchor
	for _, c := range counts {
		if c.old == 1 && c.new == 1 {
			once = append(once, anchor{c.at, c.in})
		}
	}
	slices.SortFunc(once, func(a, b anchor) int { return a.old - b.old })
	order := make([]int, len(once))
	for i, a := range once {
		order[i] = a.new
	}
	kept := rising(order)
	all := once[:0]
	for i, a := range once {
		if kept[i] {
			all = append(all, a)
		}
	}
	return all
}

// rising marks the longest run of numbers, gaps allowed, that goes up.
func rising(numbers []int) []bool {
	var ends []int // of the best run of each length, the index of its last number
	before := make([]int, len(numbers))
	for i, n := range numbers {
		at := sort.Search(len(ends), func(k int) bool { return numbers[ends[k]] >= n })
		before[i] = -1
		if at > 0 {
			before[i] = ends[at-1]
		}
		if at == len(ends) {
			ends = append(ends, i)
		}
		ends[at] = i
	}
	kept := make([]bool, len(numbers))
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			kept[i] = true
		}
	}
	return kept
}

// Line is a line of a text that changed: "-" was there, "+" is there now, " " stayed, "…" for lines that stayed and are left out.
type Line struct {
	Mark string `json:"mark"`
	Text string `json:"text"`
}

// around is how many lines that stayed are shown beside one that changed.
const around = 2

// lines compares two texts line by line.
func lines(old, new string) []Line {
	return compare(split(old), split(new))
}

func split(text string) []string {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// compare lists what went and what came, and a little of what stayed around it.
func compare(old, new []string) []Line { return shorten(edits(old, new)) }

// edits leads from one list to the other.
func edits(old, new []string) []Line {
	var all []Line
	next := 0
	for i, j := range pair(old, new) {
		if j < 0 {
			all = append(all, Line{"-", old[i]})
			continue
		}
		for ; next < j; next++ {
			all = append(all, Line{"+", new[next]})
		}
		all = append(all, Line{" ", old[i]})
		next++
	}
	for ; next < len(new); next++ {
		all = append(all, Line{"+", new[next]})
	}
	return all
}

// shorten leaves out what stayed far from any change.
func shorten(all []Line) []Line {
	near := make([]bool, len(all))
	for i, line := range all {
		if line.Mark != " " {
			for k := max(0, i-around); k < min(len(all), i+around+1); k++ {
				near[k] = true
			}
		}
	}
	var kept []Line
	for i, line := range all {
		switch {
		case near[i]:
			kept = append(kept, line)
		case len(kept) == 0 || kept[len(kept)-1].Mark != "…":
			kept = append(kept, Line{Mark: "…"})
		}
	}
	return kept
}
