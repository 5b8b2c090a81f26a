package runbook

import (
	"regexp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// way is one of the ways to say something that a form has: an alternative of its pattern. Most sentences lack a word that
// it needs, and are passed over without running it. One that can only begin with some words is tried where they stand.
type way struct {
	needs   []need
	first   need // nil where it may begin with anything, or has to begin the sentence
	pattern func() *regexp.Regexp
	exact   bool // it asks for small letters or capitals somewhere; the others are asked of text in lower case, which costs a third
}

func (w *way) in(s *sentence) bool {
	switch {
	case !w.mayBeAmong(s.words):
		return false
	case w.exact:
		return w.pattern().MatchString(s.plain)
	case w.first == nil:
		return w.pattern().MatchString(s.lower)
	}
	return slices.ContainsFunc(s.words, func(p wordPlace) bool { return w.first.has(p) && w.pattern().MatchString(s.lower[p.at:]) })
}

// mayBeAmong says whether some words are those that the way needs.
func (w *way) mayBeAmong(words []wordPlace) bool {
	return !slices.ContainsFunc(w.needs, func(n need) bool { return !n.isMet(words) })
}

// waysOf are the ways that a pattern has.
func waysOf(pattern string) []way {
	exact := strings.Contains(pattern, "(?-i:")
	if !exact {
		pattern = strings.ReplaceAll(pattern, "[A-Z]", "[a-z]")
	}
	var ways []way
	for _, text := range alternatives(pattern) {
		ways = append(ways, newWay(text, exact))
	}
	return ways
}

func newWay(pattern string, exact bool) way {
	if exact {
		pattern = `(?i)` + pattern
	}
	tree := parsed(pattern)
	w := way{needs: needs(tree), exact: exact}
	if !exact {
		w.first = firstWord(tree)
	}
	if w.first != nil {
		pattern = "^(?:" + strings.TrimPrefix(pattern, `\b`) + ")"
	}
	w.pattern = doc.Pattern(pattern)
	return w
}

// alternatives are what a pattern is one of, each with the anchors that stand around all of them. Those of a single word
// stay together, as they are asked for faster so.
func alternatives(pattern string) []string {
	parts := cutAtBars(pattern)
	if len(parts) == 1 {
		return alternativesInGroup(pattern)
	}
	var all, words []string
	for _, part := range parts {
		if phrase(part) {
			all = append(all, alternatives(part)...)
		} else {
			words = append(words, part)
		}
	}
	if len(words) > 0 {
		all = append(all, strings.Join(words, "|"))
	}
	return all
}

// phrase says whether a pattern may match more than one word.
func phrase(pattern string) bool {
	return strings.Contains(pattern, " ") || strings.Contains(pattern, "[^")
}

// alternativesInGroup are those of a pattern that is a single group between anchors. Any other is its only one.
func alternativesInGroup(pattern string) []string {
	before, rest, ok := strings.Cut(pattern, "(?:")
	if !ok || !anchors(before) {
		return []string{pattern}
	}
	end := groupEnd(rest)
	inside, behind := rest[:end], rest[end+1:]
	if !anchors(behind) {
		return []string{pattern}
	}
	all := alternatives(inside)
	for i, alternative := range all {
		all[i] = before + "(?:" + alternative + ")" + behind
	}
	return all
}

// anchors says whether a pattern is nothing but places, which have no letters of their own.
func anchors(pattern string) bool {
	return strings.Trim(strings.ReplaceAll(pattern, `\b`, ""), "^$") == ""
}

// cutAtBars cuts a pattern at the bars that stand in no group.
func cutAtBars(pattern string) []string {
	var parts []string
	from := 0
	walkPattern(pattern, func(at, depth int) bool {
		if depth == 0 && pattern[at] == '|' {
			parts = append(parts, pattern[from:at])
			from = at + 1
		}
		return true
	})
	return append(parts, pattern[from:])
}

// groupEnd is where the group ends that a text goes on from the inside of.
func groupEnd(text string) int {
	end := 0
	walkPattern(text, func(at, depth int) bool {
		end = at
		return depth >= 0
	})
	return end
}

// walkPattern visits the characters of a pattern that are neither escaped nor in a class, with how many groups each stands in.
func walkPattern(pattern string, visit func(at, depth int) bool) {
	depth := 0
	for at := 0; at < len(pattern); at++ {
		switch pattern[at] {
		case '\\':
			at++
			continue
		case '[':
			at += strings.IndexByte(pattern[at:], ']')
			continue
		case '(':
			depth++
		case ')':
			depth--
		}
		if !visit(at, depth) {
			return
		}
	}
}
