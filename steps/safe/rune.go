package safe

import (
	"fmt"
	"unicode"

	"github.com/clipperhouse/displaywidth"
)

// class says what becomes of a character.
type class int

const (
	glyph   class = iota // takes cells of its own
	mark                 // joins the cell before it
	surplus              // one mark too many for its cell: dropped
	hidden               // cannot be seen, or turns others around: shown by its number
)

// maxMarks is how many marks a cell may carry. Written languages need up to four; more is there to deface the lines around it.
const maxMarks = 4

// classify judges a character beyond the control characters by its Unicode properties. last is the character before
// it, 0 or a control character at the beginning of a line; marks is how many marks the last cell carries.
func classify(r, last rune, marks int) class {
	switch {
	case r >= ' ' && r <= '~':
		return glyph
	case isPresentation(r):
		if marks == 0 && (unicode.IsSymbol(last) || last == 'ℹ') {
			return mark
		}
		return hidden
	case !isVisible(r):
		return hidden
	case displaywidth.Rune(r) > 0:
		return glyph
	case last < ' ': // the beginning of a line: there is no cell to join
		return hidden
	case marks >= maxMarks:
		return surplus
	}
	return mark
}

// isPresentation reports the two variation selectors that ask for a symbol as text or as an emoji. Once, behind a
// symbol, they do no harm and are everywhere.
func isPresentation(r rune) bool { return r == '\uFE0E' || r == '\uFE0F' }

// isVisible is an allow-list: letters, marks, numbers, punctuation, symbols, spaces and the private use characters of
// terminal fonts, less those that Unicode tells programs to render as nothing (UAX #44, Default_Ignorable_Code_Point).
// All bidirectional controls (UAX #9) and tags are in the category Cf, which is not among the allowed.
func isVisible(r rune) bool {
	if unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
		return false
	}
	return unicode.IsGraphic(r) || unicode.Is(unicode.Co, r)
}

// reveal shows a character by its number.
func reveal(r rune) string { return fmt.Sprintf("<U+%04X>", r) }
