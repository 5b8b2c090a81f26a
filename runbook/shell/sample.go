package shell

import (
	"slices"
	"strings"
)

// Sample is a word of a text that only shows the form: what stands around the text says so, the text itself does not.
// Where its name is not the word itself, it is the variable that the word is given to, and the word is meant only there.
type Sample struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// withSamples adds the samples that a text holds to what else must be filled in, in order and without overlap.
func withSamples(text string, found []Placeholder, samples []Sample) []Placeholder {
	for _, s := range samples {
		for _, start := range s.in(text) {
			p := Placeholder{Text: s.Text, Kind: SampleWord, Start: start, End: start + len(s.Text), name: s.Name}
			if !slices.ContainsFunc(found, func(other Placeholder) bool { return p.Start < other.End && other.Start < p.End }) {
				found = append(found, p)
			}
		}
	}
	slices.SortFunc(found, func(a, b Placeholder) int { return a.Start - b.Start })
	quoteAll(text, found)
	return slices.DeleteFunc(found, func(p Placeholder) bool { return p.Kind == SampleWord && p.quoting == comment })
}

// in is where a sample begins in a text: as a whole word, or as the whole of a part between slashes, colons and the like.
func (s Sample) in(text string) []int {
	var starts []int
	for at := 0; s.Text != ""; {
		i := strings.Index(text[at:], s.Text)
		if i < 0 {
			break
		}
		start, end := at+i, at+i+len(s.Text)
		if partEnds(text, start-1) && partEnds(text, end) && (s.Name == s.Text || assigned(text[:start], s.Name)) {
			starts = append(starts, start)
		}
		at = end
	}
	return starts
}

func partEnds(text string, i int) bool {
	return i < 0 || i >= len(text) || strings.IndexByte(" \t\n\"'=,;:/@()|&<>`", text[i]) >= 0
}

// assigned says whether a text ends where the value of a variable begins.
func assigned(before, name string) bool {
	before = strings.TrimSuffix(strings.TrimSuffix(before, `"`), `'`)
	before, ok := strings.CutSuffix(before, name+"=")
	return ok && (before == "" || !wordByte(before[len(before)-1]))
}
