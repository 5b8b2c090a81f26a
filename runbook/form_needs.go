package runbook

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// rarest is how many needs are asked of a sentence at the most: more of them keep out little.
const rarest = 3

// needs finds what words every match of a pattern has, those first that the fewest sentences have.
func needs(tree *syntax.Regexp) []need {
	all := needsOf(tree, false)
	slices.SortStableFunc(all, lighter)
	var kept []need
	for _, n := range all {
		if len(kept) < rarest && !slices.ContainsFunc(kept, n.holds) {
			kept = append(kept, n)
		}
	}
	return kept
}

// firstWord is how all that a pattern matches begins, if that is with a word, wherever it stands; else nil.
func firstWord(tree *syntax.Regexp) need {
	if tree.Op == syntax.OpConcat && tree.Sub[0].Op == syntax.OpWordBoundary && !beginsText(tree) {
		return starts(tree.Sub[1:])
	}
	return nil
}

// beginsText says whether something in a pattern asks for the beginning of the text.
func beginsText(re *syntax.Regexp) bool {
	return re.Op == syntax.OpBeginText || slices.ContainsFunc(re.Sub, beginsText)
}

func parsed(pattern string) *syntax.Regexp {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic("runbook: form does not compile: " + err.Error())
	}
	return tree
}

// needsOf finds the needs of a part of a pattern. begins says that the part stands where only a word can begin.
func needsOf(re *syntax.Regexp, begins bool) []need {
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return needsOf(re.Sub[0], begins)
	case syntax.OpAlternate:
		return needsOfEach(re.Sub, begins)
	case syntax.OpConcat:
		return needsOfAll(re.Sub, begins)
	case syntax.OpLiteral:
		return needsOfAll([]*syntax.Regexp{re}, begins)
	}
	return nil
}

// needsOfEach finds one need that all of some alternatives have.
func needsOfEach(subs []*syntax.Regexp, begins bool) []need {
	var lightest []need
	for _, sub := range subs {
		found := needsOf(sub, begins)
		if len(found) == 0 {
			return nil
		}
		lightest = append(lightest, slices.MinFunc(found, lighter))
	}
	return []need{either(lightest...)}
}

// needsOfAll goes through a sequence, and looks at each place where only a word can begin.
func needsOfAll(subs []*syntax.Regexp, begins bool) []need {
	var found []need
	for i, sub := range subs {
		if sub.Op == syntax.OpLiteral {
			found = append(found, needsOfLiteral(sub.Rune, subs[i+1:], begins)...)
		} else if inside := needsOf(sub, begins); inside != nil || !begins {
			found = append(found, inside...)
		} else if n := starts(subs[i:]); n != nil {
			found = append(found, n)
		}
		begins = beginsBehind(sub, begins)
	}
	return found
}

// needsOfLiteral looks at each word that begins within a literal. The last may go on behind it.
func needsOfLiteral(text []rune, rest []*syntax.Regexp, begins bool) []need {
	var found []need
	for i, c := range text {
		if begins && inWord(c) {
			tail := &syntax.Regexp{Op: syntax.OpLiteral, Rune: text[i:]}
			if n := starts(append([]*syntax.Regexp{tail}, rest...)); n != nil {
				found = append(found, n)
			}
		}
		begins = !inWord(c)
	}
	return found
}

func inWord(c rune) bool { return c < 0x80 && word(byte(c)) }

// beginsBehind says whether only a word can begin behind a part, where begins says so of the part's own place.
func beginsBehind(re *syntax.Regexp, begins bool) bool {
	switch re.Op {
	case syntax.OpWordBoundary, syntax.OpBeginText:
		return true
	case syntax.OpEmptyMatch, syntax.OpEndText, syntax.OpNoWordBoundary:
		return begins
	case syntax.OpLiteral:
		return !inWord(re.Rune[len(re.Rune)-1])
	case syntax.OpCharClass:
		return !hasWords(re)
	case syntax.OpCapture, syntax.OpPlus:
		return beginsBehind(re.Sub[0], begins)
	case syntax.OpStar, syntax.OpQuest, syntax.OpRepeat:
		return begins && beginsBehind(re.Sub[0], begins)
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !beginsBehind(sub, begins) })
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			begins = beginsBehind(sub, begins)
		}
		return begins
	}
	return false
}

// hasWords says whether a class has a character of which words are made.
func hasWords(class *syntax.Regexp) bool {
	for c := range rune(0x80) {
		if inWord(c) && inClass(class, c) {
			return true
		}
	}
	return false
}

func inClass(class *syntax.Regexp, c rune) bool {
	for i := 0; i+1 < len(class.Rune); i += 2 {
		if class.Rune[i] <= c && c <= class.Rune[i+1] {
			return true
		}
	}
	return false
}

// headLength is how many bytes of a word make its beginning.
const headLength = 3

// starts is the need for a word at the start of a sequence, nil where not all that it can begin with is known.
func starts(subs []*syntax.Regexp) need {
	texts, ok := heads(subs)
	if !ok {
		return nil
	}
	var all need
	for _, text := range texts {
		if len(text) < headLength || !word(text[0]) {
			return nil
		}
		all = append(all, beginningOf(text))
	}
	return either(all)
}

// most is how many heads are followed at the most.
const most = 4096

// heads are the first bytes of all that a sequence can match, fewer where it can end before.
func heads(subs []*syntax.Regexp) ([]string, bool) {
	done := []string{""}
	for _, sub := range subs {
		if full(done) {
			return done, true
		}
		more, ok := headsOf(sub)
		if !ok || len(done)*len(more) > most {
			return nil, false
		}
		done = lengthened(done, more, sub)
	}
	return done, true
}

// lengthened puts heads behind those that are not full.
func lengthened(done, more []string, sub *syntax.Regexp) []string {
	var all []string
	for _, text := range done {
		switch {
		case len(text) >= headLength:
			all = append(all, text)
		case text != "" && word(text[len(text)-1]) && (sub.Op == syntax.OpWordBoundary || sub.Op == syntax.OpEndText):
			all = append(all, (text + "   ")[:headLength]) // the word ends here
		default:
			for _, m := range more {
				all = append(all, (text + m)[:min(len(text)+len(m), headLength)])
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func headsOf(re *syntax.Regexp) ([]string, bool) {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpWordBoundary, syntax.OpEndText, syntax.OpNoWordBoundary, syntax.OpBeginText, syntax.OpEndLine:
		return []string{""}, true
	case syntax.OpLiteral:
		text := strings.ToLower(string(re.Rune))
		return []string{text[:min(len(text), headLength)]}, true
	case syntax.OpCapture:
		return headsOf(re.Sub[0])
	case syntax.OpPlus:
		some, ok := headsOf(re.Sub[0])
		return some, ok && full(some)
	case syntax.OpQuest:
		some, ok := headsOf(re.Sub[0])
		return append([]string{""}, some...), ok
	case syntax.OpStar:
		some, ok := headsOf(re.Sub[0])
		return append([]string{""}, some...), ok && full(some)
	case syntax.OpConcat:
		return heads(re.Sub)
	case syntax.OpAlternate:
		return headsOfEach(re.Sub)
	case syntax.OpCharClass:
		return headsOfClass(re)
	}
	return nil, false
}

// full says whether every head has its bytes, so that what follows adds nothing.
func full(heads []string) bool {
	return !slices.ContainsFunc(heads, func(head string) bool { return len(head) < headLength })
}

func headsOfEach(subs []*syntax.Regexp) ([]string, bool) {
	var all []string
	for _, sub := range subs {
		some, ok := headsOf(sub)
		if !ok {
			return nil, false
		}
		all = append(all, some...)
	}
	return all, true
}

func headsOfClass(class *syntax.Regexp) ([]string, bool) {
	var all []string
	for i := 0; i+1 < len(class.Rune); i += 2 {
		if class.Rune[i+1]-class.Rune[i] > 26 {
			return nil, false
		}
		for c := class.Rune[i]; c <= class.Rune[i+1]; c++ {
			all = append(all, strings.ToLower(string(c)))
		}
	}
	return all, len(all) > 0
}
