package runbook

import (
	"regexp"
	"slices"
	"sync"
)

// form is a pattern of how people write. Nothing of it is parsed or compiled before a document is read: this program starts
// once beside every command it runs, and most starts read nothing.
type form struct {
	pattern string
	number  int
	ways    []way // to say it, of which a sentence must have one; known once there is an index
	once    sync.Once
	whole   *regexp.Regexp                         // in any case of letters
	further func(s *sentence, found []string) bool // what is asked of a match; nil asks nothing
}

// forms are all patterns, by their numbers.
var forms []*form

// answers has a bit for each pattern.
type answers [6]uint64

func (a *answers) add(f *form)      { a[f.number/64] |= 1 << (f.number % 64) }
func (a *answers) has(f *form) bool { return a[f.number/64]&(1<<(f.number%64)) != 0 }
func (a *answers) take(f *form)     { a[f.number/64] &^= 1 << (f.number % 64) }

// newForm is a pattern, which is written in lower case and holds in any.
func newForm(pattern string) *form {
	f := &form{pattern: pattern, number: len(forms)}
	if f.number >= 64*len(answers{}) {
		panic("runbook: more patterns than answers have bits")
	}
	forms = append(forms, f)
	return f
}

// where has a sentence hold a form only where something further is true of what was found.
func (f *form) where(further func(s *sentence, found []string) bool) *form {
	f.further = further
	return f
}

// in says whether a sentence, its host marker taken off, has the form. What was once found out is remembered by the sentence.
func (f *form) in(s *sentence) bool {
	if s.open.has(f) {
		s.open.take(f)
		if f.holds(s) {
			s.holds.add(f)
		}
	}
	return s.holds.has(f)
}

func (f *form) holds(s *sentence) bool {
	switch {
	case f.further == nil:
		return slices.ContainsFunc(f.ways, func(w way) bool { return w.in(s) })
	case !f.mayBeAmong(s.words):
		return false
	}
	found := f.compiled().FindStringSubmatch(s.plain)
	return found != nil && f.further(s, found)
}

// mayBeAmong says whether a text of some words may have the form.
func (f *form) mayBeAmong(words []wordPlace) bool {
	return slices.ContainsFunc(f.ways, func(w way) bool { return w.mayBeAmong(words) })
}

func (f *form) mayBeIn(text string) bool {
	index()
	var room [32]wordPlace
	return f.mayBeAmong(appendWords(room[:0], text))
}

func (f *form) compiled() *regexp.Regexp {
	f.once.Do(func() { f.whole = regexp.MustCompile(`(?i)` + f.pattern) })
	return f.whole
}

// MatchString and the rest are the pattern's, in any case of letters.
func (f *form) MatchString(text string) bool {
	return f.mayBeIn(text) && f.compiled().MatchString(text)
}

func (f *form) FindString(text string) string {
	if !f.mayBeIn(text) {
		return ""
	}
	return f.compiled().FindString(text)
}

func (f *form) FindStringSubmatch(text string) []string {
	if !f.mayBeIn(text) {
		return nil
	}
	return f.compiled().FindStringSubmatch(text)
}

func (f *form) ReplaceAllString(text, by string) string {
	if !f.mayBeIn(text) {
		return text
	}
	return f.compiled().ReplaceAllString(text, by)
}
