package markdown

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/util"

	"gatewalk/runbook/doc"
)

var sign = doc.Pattern(`\\[!-/:-@\[-` + "`" + `{-~]|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);`)

// unescape reads the words of a text: a mark after a backslash is itself, a name or number after an ampersand its letter.
func unescape(text []byte) string {
	if !strings.ContainsAny(string(text), `\&`) {
		return string(text)
	}
	return string(sign().ReplaceAllFunc(text, func(m []byte) []byte {
		if m[0] == '\\' {
			return m[1:]
		}
		return util.ResolveEntityNames(util.ResolveNumericReferences(m))
	}))
}

// escape writes words so that no mark in them is read as a sign.
func escape(text string, where stand) string {
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ' && c != '\t' && c != '\n':
			fmt.Fprintf(&b, "&#%d;", c)
			continue
		case c == '&' && (byteAt(text, i+1) == '#' || isLetter(byteAt(text, i+1))):
			b.WriteString("&amp;")
			continue
		case c == '|' && where&inCell != 0:
			b.WriteString("&#124;")
			continue
		case isSign(text, i, where):
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// isSign says whether a mark at an offset may be read as a sign.
func isSign(text string, at int, where stand) bool {
	before, after := byteAt(text, at-1), byteAt(text, at+1)
	switch text[at] {
	case '\\', '`', '*', '[', '~':
		return true
	case ']':
		return where&inLink != 0
	case '{', '#':
		return where&inHeading != 0
	case '<':
		return isLetter(after) || strings.IndexByte("/!?", after) >= 0
	case '_':
		return !isWord(before) || !isWord(after)
	case '@':
		return isWord(after)
	case ':':
		return strings.HasSuffix(text[:at], "http") || strings.HasSuffix(text[:at], "https") || strings.HasSuffix(text[:at], "ftp")
	case '.':
		return strings.HasSuffix(text[:at], "www")
	}
	return false
}

func byteAt(text string, at int) byte {
	if at < 0 || at >= len(text) {
		return 0
	}
	return text[at]
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isWord(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' }

var startSign = doc.Pattern(`^(?:[#>+=-]|!!!|\?\?\?|:::|\{[%{])`)

var startNumber = doc.Pattern(`^[0-9]{1,9}[.)](?:\s|$)`)

// guard keeps the first mark of a paragraph from beginning something else.
func guard(text string) string {
	if startSign().MatchString(text) {
		return `\` + text
	}
	if startNumber().MatchString(text) {
		at := strings.IndexAny(text, ".)")
		return text[:at] + `\` + text[at:]
	}
	return text
}
