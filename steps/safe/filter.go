package safe

import "unicode/utf8"

// Filter makes a stream safe to show, piece by piece. However the stream is cut, the pieces together are the same.
// A carriage return that does not belong to a line ending becomes a newline, so that nothing is written over; a
// backspace is dropped. (Lines shows what such output looks like on a terminal.) The zero value is ready to use.
type Filter struct {
	scanner    scanner
	out        []byte
	now, shown style // what the stream asks for, and what was last written
	returned   bool  // a carriage return came, and nothing since
}

// Write takes the next piece of a stream and returns what can be shown of it. The beginning of a character or of a
// sequence is kept for the next piece.
func (f *Filter) Write(p []byte) Text {
	f.write(p)
	return f.take()
}

// Flush ends the stream and returns what was kept. The Filter is then as new.
func (f *Filter) Flush() Text {
	f.scanner.flush(f)
	f.close()
	last := f.take()
	*f = Filter{}
	return last
}

func (f *Filter) write(p []byte) { f.scanner.write(p, f) }

func (f *Filter) take() Text {
	t := Text{string(f.out)}
	f.out = f.out[:0]
	return t
}

// close ends the colours that are on, so that none leaks into the next line.
func (f *Filter) close() {
	if f.shown != (style{}) {
		f.shown = style{}
		f.out = f.shown.open(f.out)
	}
}

// open writes what must stand before the next visible character.
func (f *Filter) open() {
	if f.returned {
		f.newline()
	}
	if f.now != f.shown {
		f.shown = f.now
		f.out = f.now.open(f.out)
	}
}

func (f *Filter) newline() {
	f.close()
	f.returned = false
	f.out = append(f.out, '\n')
}

func (f *Filter) text(p []byte) {
	f.open()
	f.out = append(f.out, p...)
}

func (f *Filter) glyph(r rune) {
	f.open()
	f.out = utf8.AppendRune(f.out, r)
}

func (f *Filter) mark(r rune) { f.out = utf8.AppendRune(f.out, r) }

func (f *Filter) control(c rune) {
	switch c {
	case '\n':
		f.newline()
	case '\t':
		f.open()
		f.out = append(f.out, '\t')
	case '\r':
		f.returned = true
	case '\b':
	default:
		panic("safe: no such control")
	}
}

func (f *Filter) sequence(final rune, parameters string) {
	if final == 'm' {
		f.now = f.now.apply(parameters)
	}
}
