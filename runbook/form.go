package runbook

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// form is a pattern of how people write, with the beginnings of words one of which every match has. Most sentences have
// none of them and are passed over without running the pattern.
type form struct {
	*regexp.Regexp
	lower  *regexp.Regexp // the same for text in lower case, which costs a third; nil where case matters
	need   *mask
	filter bool
}

// mask is a set of word beginnings: the first three letters of a word, in any case. What is no letter counts as one more.
type mask [letters*letters*letters/64 + 1]uint64

const letters = 27

func (m *mask) add(b beginning)      { m[b/64] |= 1 << (b % 64) }
func (m *mask) has(b beginning) bool { return m[b/64]&(1<<(b%64)) != 0 }

// beginning is the number of three letters.
type beginning uint16

func beginningOf(text string) beginning {
	return beginning((letterAt(text, 0)*letters+letterAt(text, 1))*letters + letterAt(text, 2))
}

func letterAt(text string, i int) int {
	if i >= len(text) {
		return letters - 1
	}
	switch c := text[i]; {
	case c >= 'a' && c <= 'z':
		return int(c - 'a')
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	}
	return letters - 1
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

// in says whether a sentence, its host marker taken off, has the form.
func (f *form) in(s *sentence) bool {
	switch {
	case f.filter && !f.meets(s.words):
		return false
	case f.lower == nil:
		return f.MatchString(s.plain)
	}
	return f.lower.MatchString(s.lower)
}

func (f *form) meets(words []beginning) bool {
	for _, w := range words {
		if f.need.has(w) {
			return true
		}
	}
	return false
}

// newForm compiles a pattern, which is written in lower case and holds in any, and finds out which word beginnings it needs.
func newForm(pattern string) *form {
	f := &form{Regexp: regexp.MustCompile(`(?i)` + pattern)}
	if !strings.Contains(pattern, "(?-i:") {
		f.lower = regexp.MustCompile(strings.ReplaceAll(pattern, "[A-Z]", "[a-z]"))
	}
	tree, err := syntax.Parse(`(?i)`+pattern, syntax.Perl)
	if err != nil {
		panic("runbook: form does not compile: " + err.Error())
	}
	f.need, f.filter = needed(tree)
	return f
}
