package doc

import (
	"fmt"
	"strings"
	"unicode"
)

// Printable is text that may go to a terminal: newline and tab live, every other control character and every character
// that turns the direction of text or cannot be seen is written as its code point.
func Printable(text string) string {
	if strings.IndexFunc(text, unsafe) < 0 {
		return text
	}
	var b strings.Builder
	for _, c := range text {
		if unsafe(c) {
			fmt.Fprintf(&b, "\\u{%x}", c)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

func unsafe(c rune) bool {
	return c != '\n' && c != '\t' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == '\u2028' || c == '\u2029')
}
