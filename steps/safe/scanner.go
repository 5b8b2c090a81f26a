package safe

import (
	"fmt"
	"unicode/utf8"
)

// receiver takes what a scanner lets through.
type receiver interface {
	text(p []byte)                          // printable ASCII
	glyph(r rune)                           // a character with cells of its own
	mark(r rune)                            // a mark on the last cell
	control(c rune)                         // one of \n \r \t \b
	sequence(final rune, parameters string) // a control sequence without private or intermediate bytes
}

// state is where in an escape sequence a scanner stands.
type state int

const (
	ground          state = iota
	escape                // after ESC
	controlSequence       // after ESC [
	controlString         // in a title, a link, a device control, an application command
)

// How long a sequence may be before what follows counts as text again. A string also ends with its line, so that one
// that is never terminated takes no more than that with it.
const (
	maxEscape     = 8
	maxParameters = 128
	maxString     = 4096
)

// scanner tells text from control functions, after the state machine for DEC terminals by Paul Williams
// (vt100.net/emu/dec_ansi_parser), with 7-bit and UTF-8 encoded C1. It is the same for every way the bytes are cut into chunks.
type scanner struct {
	state      state
	length     int    // of the sequence so far, in characters
	parameters []byte // of a control sequence
	pending    []byte // the beginning of a character
	last       rune
	marks      int
}

func (s *scanner) write(p []byte, to receiver) {
	for len(s.pending) > 0 && len(p) > 0 {
		s.pending, p = append(s.pending, p[0]), p[1:]
		taken := s.scan(s.pending, to)
		s.pending = s.pending[:copy(s.pending, s.pending[taken:])]
	}
	taken := s.scan(p, to)
	s.pending = append(s.pending, p[taken:]...)
}

// flush shows the beginning of a character that never went on. A sequence that never ended is forgotten.
func (s *scanner) flush(to receiver) {
	for _, b := range s.pending {
		s.invalid(b, to)
	}
	*s = scanner{}
}

// scan takes whole characters and says how many bytes they were.
func (s *scanner) scan(p []byte, to receiver) int {
	taken := 0
	for taken < len(p) {
		n := s.next(p[taken:], to)
		if n == 0 {
			break
		}
		taken += n
	}
	return taken
}

// next takes one character, or a run of plain ones, and says how many bytes it was: 0 for the mere beginning of one.
func (s *scanner) next(p []byte, to receiver) int {
	if s.state == ground && isPrintable(p[0]) {
		n := printable(p)
		s.last, s.marks = rune(p[n-1]), 0
		to.text(p[:n])
		return n
	}
	if !utf8.FullRune(p) {
		return 0
	}
	r, n := utf8.DecodeRune(p)
	if r == utf8.RuneError && n == 1 {
		s.invalid(p[0], to)
	} else {
		s.take(r, to)
	}
	return n
}

// printable is the length of the printable ASCII that p begins with.
func printable(p []byte) int {
	for i, b := range p {
		if !isPrintable(b) {
			return i
		}
	}
	return len(p)
}

func isPrintable(b byte) bool { return b >= ' ' && b <= '~' }

func (s *scanner) take(r rune, to receiver) {
	switch s.state {
	case ground:
		s.takeGround(r, to)
	case escape:
		s.takeEscape(r, to)
	case controlSequence:
		s.takeControlSequence(r, to)
	case controlString:
		s.takeControlString(r, to)
	default:
		panic("safe: no such state")
	}
}

func (s *scanner) takeGround(r rune, to receiver) {
	switch {
	case r >= ' ' && r <= '~': // the end of a sequence that was broken off
		s.last, s.marks = r, 0
		to.glyph(r)
	case r == '\n' || r == '\r' || r == '\t' || r == '\b':
		s.last, s.marks = r, 0
		to.control(r)
	case r == 0x1b:
		s.begin(escape)
	case r >= 0x80 && r <= 0x9f: // C1: what ESC and a letter say in 7 bits
		s.begin(escape)
		s.takeEscape(r-0x40, to)
	case r < ' ' || r == 0x7f:
	default:
		s.takeUnicode(r, to)
	}
}

func (s *scanner) takeUnicode(r rune, to receiver) {
	switch classify(r, s.last, s.marks) {
	case glyph:
		s.last, s.marks = r, 0
		to.glyph(r)
	case mark:
		s.last = r
		s.marks++
		to.mark(r)
	case surplus:
	case hidden:
		s.spell(reveal(r), to)
	default:
		panic("safe: no such class")
	}
}

func (s *scanner) takeEscape(r rune, to receiver) {
	switch {
	case r >= 0x20 && r <= 0x2f && s.length < maxEscape:
		s.length++
	case r < 0x20 || r > 0x7e || s.length == maxEscape:
		s.abandon(r, to)
	case s.length > 0:
		s.state = ground
	case r == '[':
		s.begin(controlSequence)
	case r == ']', r == 'P', r == 'X', r == '^', r == '_', r == 'k': // OSC, DCS, SOS, PM, APC; screen and tmux take ESC k for a title
		s.begin(controlString)
	default:
		s.state = ground
	}
}

func (s *scanner) takeControlSequence(r rune, to receiver) {
	switch {
	case r >= 0x20 && r <= 0x3f && len(s.parameters) < maxParameters:
		s.parameters = append(s.parameters, byte(r))
	case r < 0x40 || r > 0x7e:
		s.abandon(r, to)
	default:
		s.state = ground
		if isPublic(s.parameters) {
			to.sequence(r, string(s.parameters))
		}
	}
}

// isPublic reports parameters without private or intermediate bytes.
func isPublic(parameters []byte) bool {
	for _, b := range parameters {
		if b < '0' || b > ';' {
			return false
		}
	}
	return true
}

func (s *scanner) takeControlString(r rune, to receiver) {
	s.length++
	switch {
	case r == 0x1b:
		s.begin(escape) // of the terminator ESC \, or of something new
	case r == '\n':
		s.abandon(r, to)
	case r == 0x07, r == 0x18, r == 0x1a, r == 0x9c, s.length >= maxString:
		s.state = ground
	}
}

// abandon ends a sequence that this character does not belong to.
func (s *scanner) abandon(r rune, to receiver) {
	s.state = ground
	s.takeGround(r, to)
}

func (s *scanner) begin(next state) {
	s.state, s.length, s.parameters = next, 0, s.parameters[:0]
}

// invalid shows a byte that is no part of any character.
func (s *scanner) invalid(b byte, to receiver) {
	if s.state == controlString && s.length < maxString {
		s.length++
		return
	}
	s.state = ground
	s.spell(fmt.Sprintf("<0x%02X>", b), to)
}

// spell writes a word of our own.
func (s *scanner) spell(word string, to receiver) {
	s.last, s.marks = '>', 0
	to.text([]byte(word))
}
