package markdown

import (
	"fmt"
	"strings"
	"unicode"
)

// anchors counts how many headings have had each fragment.
type anchors map[string]int

// next is the fragment that the next heading of these words gets.
func (a anchors) next(words string) string {
	name := fragment(words)
	if seen := a[name]; seen > 0 {
		return fmt.Sprintf("%s-%d", name, seen)
	}
	return name
}

// take is next, and gives it to a heading.
func (a anchors) take(words string) string {
	anchor := a.next(words)
	a[fragment(words)]++
	return anchor
}

// fragment is what GitHub gives a heading: lower case, spaces to hyphens, punctuation dropped.
func fragment(words string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(strings.TrimSpace(words)) {
		switch {
		case c == ' ':
			b.WriteByte('-')
		case c == '-' || c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.Is(unicode.Mn, c):
			b.WriteRune(c)
		}
	}
	return b.String()
}
