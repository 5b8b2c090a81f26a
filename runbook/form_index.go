package runbook

import "sync"

// formIndex says which patterns a sentence may have, by the words in it.
type formIndex struct {
	with   [letters * letters * letters]uint16 // for each word beginning, which of the answers
	answer []answers                           // which patterns need a word that begins so; the first of them is for words that none needs
	always answers                             // which patterns need none
}

// index takes up all patterns, once.
var index = sync.OnceValue(func() *formIndex {
	all := &formIndex{answer: make([]answers, 1)}
	for _, f := range forms {
		f.ways = waysOf(f.pattern)
		for _, w := range f.ways {
			all.take(f, w)
		}
	}
	return all
})

func (x *formIndex) take(f *form, w way) {
	if len(w.needs) == 0 {
		x.always.add(f)
		return
	}
	for _, word := range w.needs[0] {
		if x.with[word] == 0 {
			x.with[word] = uint16(len(x.answer))
			x.answer = append(x.answer, answers{})
		}
		x.answer[x.with[word]].add(f)
	}
}

// among are the patterns that a sentence of some words may have: all others need a word that is not there.
func (x *formIndex) among(words []wordPlace) answers {
	all := x.always
	for _, word := range words {
		if at := x.with[word.begins]; at > 0 {
			for i, some := range x.answer[at] {
				all[i] |= some
			}
		}
	}
	return all
}
