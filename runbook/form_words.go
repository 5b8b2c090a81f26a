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

// wordPlace is how a word of a text begins, and where.
type wordPlace struct {
	begins beginning
	at     int32
}

// wordsOf are the words of a text.
func wordsOf(text string) []wordPlace {
	return appendWords(make([]wordPlace, 0, len(text)/6+1), text)
}

func appendWords(all []wordPlace, text string) []wordPlace {
	before := byte(' ')
	for i := range len(text) {
		if word(text[i]) && !word(before) {
			all = append(all, wordPlace{beginningOf(text[i:]), int32(i)})
		}
		before = text[i]
	}
	return all
}

func word(c byte) bool { return wordBytes[c] }

// wordBytes are the bytes that words are made of.
var wordBytes = func() (is [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") {
		is[c] = true
	}
	return is
}()

// need is a set of word beginnings, in order, of which a sentence must have one.
type need []beginning

// has says whether a word begins so.
func (n need) has(w wordPlace) bool {
	_, found := slices.BinarySearch(n, w.begins)
	return found
}

// isMet says whether one of some words begins so.
func (n need) isMet(words []wordPlace) bool { return slices.ContainsFunc(words, n.has) }

// holds says whether all of another need is in this one, which then asks for nothing more.
func (n need) holds(other need) bool {
	return !slices.ContainsFunc(other, func(w beginning) bool { return !slices.Contains(n, w) })
}

// everyday are words of which most sentences have some.
var everyday = needOf("the and for are that this with from will has have been not all can any you step command run node is to of in on at it be as if a an")

// needOf is the need for one of some words.
func needOf(words string) need {
	var all need
	for _, w := range wordsOf(words) {
		all = append(all, w.begins)
	}
	return either(all)
}

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
