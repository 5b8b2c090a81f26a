package doc

import "strings"

// WordSet is the words of a text, which blanks and ends of lines part.
func WordSet(text string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		set[word] = true
	}
	return set
}
