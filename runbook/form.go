package runbook

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// form is a pattern of how people write, with the beginnings of words one of which every match has. Most sentences have
// none of them and are passed over without running the pattern. It is compiled when it is first asked: this program starts
// once beside every command it runs, and most starts read nothing.
type form struct {
	pattern string
	number  int
	once    sync.Once
	any     *regexp.Regexp
	lower   *regexp.Regexp // the same for text in lower case, which costs a third; nil where case matters
	need    *mask
	filter  bool
	further func(s *sentence, found []string) bool // what is asked of a match; nil asks nothing
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

// in says whether a sentence, its host marker taken off, has the form. What was once found out is remembered by the sentence.
func (f *form) in(s *sentence) bool {
	word, bit := f.number/64, uint64(1)<<(f.number%64)
	if s.asked[word]&bit == 0 {
		s.asked[word] |= bit
		if f.holds(s) {
			s.holds[word] |= bit
		}
	}
	return s.holds[word]&bit != 0
}

func (f *form) holds(s *sentence) bool {
	f.compile()
	switch {
	case f.filter && !f.meets(s.words):
		return false
	case f.further != nil:
		found := f.any.FindStringSubmatch(s.plain)
		return found != nil && f.further(s, found)
	case f.lower == nil:
		return f.any.MatchString(s.plain)
	}
	return f.lower.MatchString(s.lower)
}

// where has a sentence hold a form only where something further is true of what was found.
func (f *form) where(further func(s *sentence, found []string) bool) *form {
	f.further = further
	return f
}

// MatchString and the rest are the pattern's, in any case of letters.
func (f *form) MatchString(text string) bool            { return f.compile().MatchString(text) }
func (f *form) FindString(text string) string           { return f.compile().FindString(text) }
func (f *form) FindStringSubmatch(text string) []string { return f.compile().FindStringSubmatch(text) }

func (f *form) ReplaceAllString(text, by string) string {
	return f.compile().ReplaceAllString(text, by)
}

func (f *form) meets(words []beginning) bool {
	for _, w := range words {
		if f.need.has(w) {
			return true
		}
	}
	return false
}

// forms are all patterns, by their numbers.
var forms []*form

// answers has a bit for each pattern.
type answers [6]uint64

// newForm is a pattern, which is written in lower case and holds in any.
func newForm(pattern string) *form {
	f := &form{pattern: pattern, number: len(forms)}
	if f.number >= 64*len(answers{}) {
		panic("runbook: more patterns than answers have bits")
	}
	forms = append(forms, f)
	return f
}

// compile compiles the pattern, once, and finds out which word beginnings it needs.
func (f *form) compile() *regexp.Regexp {
	f.once.Do(func() {
		f.any = regexp.MustCompile(`(?i)` + f.pattern)
		if !strings.Contains(f.pattern, "(?-i:") {
			f.lower = regexp.MustCompile(strings.ReplaceAll(f.pattern, "[A-Z]", "[a-z]"))
		}
		tree, err := syntax.Parse(`(?i)`+f.pattern, syntax.Perl)
		if err != nil {
			panic("runbook: form does not compile: " + err.Error())
		}
		f.need, f.filter = needed(tree)
	})
	return f.any
}
