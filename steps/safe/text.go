// Package safe makes text that may be shown on a terminal or written into an export.
//
// Its promise: a Text holds visible characters, newlines, tabs and colours, and nothing else. What would move a cursor,
// answer a query, set a title, make a link, copy to a clipboard, turn text around or hide it is gone or has become
// visible. No other package removes or escapes anything: whoever holds a Text may print it.
package safe

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text may be shown and exported. It can be made in this package only; the zero value is empty.
//
// Of control sequences it holds SGR (ECMA-48 §8.3.117) alone, in the form ESC [ 0 ; … m. Every line of a Text stands
// for itself: it opens its colours and closes them.
type Text struct{ s string }

// Of makes a string safe to show: what a program printed, or what anyone wrote.
func Of(s string) Text { return Bytes([]byte(s)) }

// Bytes makes the whole of an output safe to show. For output that is still coming, use a Filter.
func Bytes(p []byte) Text {
	var f Filter
	f.write(p)
	return f.Flush()
}

// Exact shows every byte that is there: what Of drops becomes visible as well, <0x1B> for an escape. There are no
// colours in it. It is meant for what will run, where a hidden byte matters more than a pleasant look. Newlines and
// tabs stay.
func Exact(s string) Text { return exact(s, "\n\t") }

// Line is Exact for what belongs on one line, such as a host, a title or a variable: newlines and tabs become visible too.
func Line(s string) Text { return exact(s, "") }

func exact(s, keep string) Text {
	var b strings.Builder
	last, marks := rune(0), 0
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		class := classify(r, last, marks)
		switch {
		case r == utf8.RuneError && n == 1, r < ' ' && !strings.ContainsRune(keep, r), r == 0x7f:
			fmt.Fprintf(&b, "<0x%02X>", s[0])
			last, marks = '>', 0
		case r == '\n' || r == '\t':
			b.WriteRune(r)
			last, marks = r, 0
		case class == glyph && !(r > '~' && unicode.IsSpace(r)):
			b.WriteRune(r)
			last, marks = r, 0
		case class == mark && !isPresentation(r):
			b.WriteRune(r)
			last, marks = r, marks+1
		default:
			b.WriteString(reveal(r))
			last, marks = '>', 0
		}
		s = s[n:]
	}
	return Text{b.String()}
}

// String is the text with its colours.
func (t Text) String() string { return t.s }

// Plain is the text without its colours.
func (t Text) Plain() string {
	var b strings.Builder
	for rest := t.s; ; {
		before, after, found := strings.Cut(rest, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, rest, _ = strings.Cut(after, "m")
	}
}

// MarshalText is the text as a machine reads it, without colours.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.Plain()), nil }

// Fence is a Markdown code fence that nothing inside the text can close: a run of backticks, at least three, longer
// than any within (CommonMark §4.5).
func Fence(t Text) string {
	longest := 0
	for run := range strings.FieldsFuncSeq(t.Plain(), func(r rune) bool { return r != '`' }) {
		longest = max(longest, len(run))
	}
	return strings.Repeat("`", max(3, longest+1))
}
