package runbook

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// needed finds a set of word beginnings of which every match of the pattern has one.
func needed(re *syntax.Regexp) (*mask, bool) {
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpAlternate:
		return neededByEach(re.Sub)
	case syntax.OpConcat:
		return neededByOne(re.Sub)
	}
	return nil, false
}

func neededByEach(subs []*syntax.Regexp) (*mask, bool) {
	all := &mask{}
	for _, sub := range subs {
		m, ok := needed(sub)
		if !ok {
			return nil, false
		}
		for i := range all {
			all[i] |= m[i]
		}
	}
	return all, true
}

// neededByOne looks through the parts of a sequence for those that must begin a word, right after a word boundary, what is
// part of no word or the start, and takes the one with the fewest words that every sentence has.
func neededByOne(subs []*syntax.Regexp) (*mask, bool) {
	var best *mask
	least := 0
	consider := func(m *mask, ok bool) {
		if ok && (best == nil || m.common() < least) {
			best, least = m, m.common()
		}
	}
	for i, sub := range subs {
		consider(needed(sub))
		if sub.Op == syntax.OpLiteral {
			consider(insideLiteral(string(sub.Rune)))
		}
		boundary := sub.Op == syntax.OpWordBoundary || sub.Op == syntax.OpBeginText || sub.Op == syntax.OpLiteral && endsWord(string(sub.Rune))
		if boundary && i+1 < len(subs) {
			consider(starts(subs[i+1:]))
		}
	}
	return best, best != nil
}

// endsWord says whether what comes behind a text begins a word.
func endsWord(text string) bool { return !word(text[len(text)-1]) }

// insideLiteral is the longest word that begins within a literal.
func insideLiteral(text string) (*mask, bool) {
	longest := ""
	_, rest, _ := strings.Cut(text, " ")
	for w := range strings.SplitAfterSeq(rest, " ") {
		if len(w) > max(2, len(longest)) && word(w[0]) { // three letters, or two and the end of their word
			longest = w
		}
	}
	if longest == "" {
		return nil, false
	}
	m := &mask{}
	m.add(beginningOf(longest))
	return m, true
}

var everyday = strings.Fields("the and for are that this with from will has have been not all can any you step command run node")

// common counts the words in a set that most sentences have.
func (m *mask) common() int {
	n := 0
	for _, w := range append([]string{"is ", "to ", "of ", "in ", "on ", "at ", "it ", "be ", "as ", "if ", "a  ", "an "}, everyday...) {
		if m.has(beginningOf(w)) {
			n++
		}
	}
	return n
}

// starts are the beginnings of all that a sequence can match. It fails where that cannot be said.
func starts(subs []*syntax.Regexp) (*mask, bool) {
	const n = 3
	texts, ok := heads(subs, n)
	if !ok {
		return nil, false
	}
	m := &mask{}
	for _, text := range texts {
		if len(text) < n || !word(text[0]) {
			return nil, false
		}
		m.add(beginningOf(text))
	}
	return m, true
}

// heads are the first n bytes of all that a sequence can match, shorter where it can end before.
func heads(subs []*syntax.Regexp, n int) ([]string, bool) {
	done := []string{""}
	for _, sub := range subs {
		var open, next []string
		for _, text := range done {
			if len(text) >= n {
				next = append(next, text)
			} else {
				open = append(open, text)
			}
		}
		if len(open) == 0 {
			return done, true
		}
		more, ok := headsOf(sub, n)
		if !ok {
			return nil, false
		}
		for _, text := range open {
			for _, m := range more {
				joined := text + m
				next = append(next, joined[:min(len(joined), n)])
			}
		}
		if len(next) > 4096 {
			return nil, false
		}
		done = next
	}
	return done, true
}

func headsOf(re *syntax.Regexp, n int) ([]string, bool) {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpWordBoundary, syntax.OpEndText, syntax.OpNoWordBoundary, syntax.OpBeginText, syntax.OpEndLine:
		return []string{""}, true
	case syntax.OpLiteral:
		text := strings.ToLower(string(re.Rune))
		return []string{text[:min(len(text), n)]}, true
	case syntax.OpCapture:
		return headsOf(re.Sub[0], n)
	case syntax.OpPlus:
		some, ok := headsOf(re.Sub[0], n)
		return some, ok && full(some, n)
	case syntax.OpQuest:
		some, ok := headsOf(re.Sub[0], n)
		return append([]string{""}, some...), ok
	case syntax.OpStar:
		some, ok := headsOf(re.Sub[0], n)
		return append([]string{""}, some...), ok && full(some, n)
	case syntax.OpConcat:
		return heads(re.Sub, n)
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			some, ok := headsOf(sub, n)
			if !ok {
				return nil, false
			}
			all = append(all, some...)
		}
		return all, true
	case syntax.OpCharClass:
		return headsOfClass(re)
	}
	return nil, false
}

// full says whether every head has its n bytes, so that what repeats it adds nothing.
func full(heads []string, n int) bool {
	return !slices.ContainsFunc(heads, func(head string) bool { return len(head) < n })
}

func headsOfClass(re *syntax.Regexp) ([]string, bool) {
	var all []string
	for i := 0; i+1 < len(re.Rune); i += 2 {
		if re.Rune[i+1]-re.Rune[i] > 26 || re.Rune[i+1] > 0x7f && re.Rune[i] < 0x80 {
			return nil, false
		}
		for c := re.Rune[i]; c <= re.Rune[i+1]; c++ {
			if c < 0x80 {
				all = append(all, strings.ToLower(string(c)))
			}
		}
	}
	return all, len(all) > 0
}
