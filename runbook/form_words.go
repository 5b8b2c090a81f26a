package runbook

import "slices"

// beginning is the number of the first three letters of a word, in any case. What is no letter counts as one more, and so
// does all behind it.
type beginning uint16

const (
	letters  = 27
	noLetter = letters - 1
)

func beginningOf(text string) beginning {
	var number, letter beginning
	for i := range 3 {
		if letter != noLetter {
			letter = letterAt(text, i)
		}
		number = number*letters + letter
	}
	return number
}

func letterAt(text string, i int) beginning {
	if i < len(text) {
		if c := text[i] | 0x20; c >= 'a' && c <= 'z' {
			return beginning(c - 'a')
		}
	}
	return noLetter
}

// beginnings are those of every word in a text.
func beginnings(text string) []beginning {
	all := make([]beginning, 0, len(text)/6+1)
	before := byte(' ')
	for i := range len(text) {
		if word(text[i]) && !word(before) {
			all = append(all, beginningOf(text[i:]))
		}
		before = text[i]
	}
	return all
}

func word(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// need is a set of word beginnings, in order, of which a sentence must have one.
type need []beginning

// isMet says whether one of some words begins so.
func (n need) isMet(words []beginning) bool {
	return slices.ContainsFunc(words, func(w beginning) bool {
		_, found := slices.BinarySearch(n, w)
		return found
	})
}

// holds says whether all of another need is in this one, which then asks for nothing more.
func (n need) holds(other need) bool {
	return !slices.ContainsFunc(other, func(w beginning) bool { return !slices.Contains(n, w) })
}

// everyday are words of which most sentences have some.
var everyday = beginnings("the and for are that this with from will has have been not all can any you step command run node is to of in on at it be as if a an")

// weight is the greater the more sentences meet a need.
func (n need) weight() int {
	weight := len(n)
	for _, w := range everyday {
		if slices.Contains(n, w) {
			weight += 100
		}
	}
	return weight
}

// lighter orders needs by how few sentences meet them.
func lighter(a, b need) int { return a.weight() - b.weight() }

// either is met where one of some needs is.
func either(all ...need) need {
	together := slices.Concat(all...)
	slices.Sort(together)
	return slices.Compact(together)
}
