package markdown

import (
	"strings"
	"unicode"
)

// Slug is the fragment GitHub gives a heading: lower case, spaces to hyphens, punctuation dropped.
func Slug(words string) string {
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
