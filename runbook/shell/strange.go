package shell

import (
	"fmt"
	"strings"
	"unicode"
)

// Strange is a character that does not do what it looks like: a typographic dash or quote, a space that is none, one
// that cannot be seen or turns the direction of what follows.
type Strange struct {
	Offset  int // in bytes
	Line    int // 1-based, within the text
	Rune    rune
	Meaning string
}

func (s Strange) String() string { return fmt.Sprintf("U+%04X %s", s.Rune, s.Meaning) }

// StrangeCharacters finds them all, in order.
func StrangeCharacters(text string) []Strange {
	var found []Strange
	line := 1
	for i, c := range text {
		if c == '\n' {
			line++
		}
		if meaning := strange(c); meaning != "" {
			found = append(found, Strange{i, line, c, meaning})
		}
	}
	return found
}

func strange(c rune) string {
	switch {
	case c < 0x80:
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return "control character"
		}
		return ""
	case c >= 0x2010 && c <= 0x2015 || c == 0x2212:
		return "typographic dash, not a hyphen"
	case strings.ContainsRune("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u00b4", c):
		return "typographic quote, which quotes nothing"
	case c == 0x00a0 || c == 0x202f || c == 0x2007 || c == 0x3000 || c >= 0x2000 && c <= 0x200a:
		return "space that separates no words"
	case c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x200e || c == 0x200f || c == 0x061c:
		return "turns the direction of the text"
	case c >= 0x200b && c <= 0x200d || c == 0x2060 || c == 0xfeff || c == 0x00ad || c >= 0xe0000 && c <= 0xe007f:
		return "cannot be seen"
	case unicode.IsControl(c):
		return "control character"
	}
	return ""
}
