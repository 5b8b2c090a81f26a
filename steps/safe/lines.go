package safe

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

// Lines is what an output looks like on a terminal: the last lines of it, with carriage return, backspace and
// erase-in-line carried out (progress bars), tabs at every eighth column, and each line with the colours it needs. What
// would move the cursor elsewhere is dropped. It is fed raw bytes and holds a bounded part of them.
type Lines struct {
	scanner scanner
	limit   int
	done    []Text // finished lines, a ring once it is full
	first   int    // the oldest of them
	bytes   int
	dropped int

	plain    []byte // the line being written, while it is ASCII without colours
	cells    []cell // the same as soon as it is more than that
	column   int
	now      style
	rendered []byte // used again for every line
}

// cell is one column of the line being written. The second column of a wide character holds no rune.
type cell struct {
	rune  rune
	marks [maxMarks]rune
	style style
}

const (
	maxColumns = 4096     // a longer line is wrapped
	maxBytes   = 16 << 20 // of all finished lines together
	tabStop    = 8
)

// New is a Lines that holds at most so many finished lines, and at most 16 MiB of them.
func New(lines int) *Lines { return &Lines{limit: max(1, lines)} }

// Write takes the next piece of raw output.
func (l *Lines) Write(p []byte) { l.scanner.write(p, l) }

// Len is how many lines are held. A line that has no newline yet counts as soon as something is on it.
func (l *Lines) Len() int {
	if len(l.plain)+len(l.cells) > 0 {
		return len(l.done) + 1
	}
	return len(l.done)
}

// Line is one of the lines held, the oldest first, without its newline.
func (l *Lines) Line(i int) Text {
	if i == len(l.done) {
		return l.current()
	}
	return l.done[(l.first+i)%len(l.done)]
}

// Dropped is how many lines came before the first one held.
func (l *Lines) Dropped() int { return l.dropped }

// current is the line being written.
func (l *Lines) current() Text {
	if len(l.cells) == 0 {
		return Text{string(l.plain)}
	}
	return l.render()
}

// finish moves the line being written to the finished ones.
func (l *Lines) finish() {
	line := l.current()
	l.plain, l.cells, l.column = l.plain[:0], l.cells[:0], 0
	if len(l.done) == l.limit {
		l.replaceOldest(line)
	} else {
		l.done = append(l.done, line)
	}
	l.bytes += len(line.s)
	if l.bytes > maxBytes {
		l.shed()
	}
}

func (l *Lines) replaceOldest(line Text) {
	l.bytes -= len(l.done[l.first].s)
	l.done[l.first] = line
	l.first = (l.first + 1) % len(l.done)
	l.dropped++
}

// shed forgets the older half: rarely done, so that it may cost something.
func (l *Lines) shed() {
	kept := make([]Text, 0, len(l.done))
	l.bytes = 0
	for i := (len(l.done) + 1) / 2; i < len(l.done); i++ {
		line := l.Line(i)
		kept = append(kept, line)
		l.bytes += len(line.s)
	}
	l.dropped += len(l.done) - len(kept)
	l.done, l.first = kept, 0
}

// render writes the cells as text.
func (l *Lines) render() Text {
	out, shown := l.rendered[:0], style{}
	for _, c := range l.cells {
		if c.rune == 0 {
			continue
		}
		if c.style != shown {
			shown = c.style
			out = shown.open(out)
		}
		out = utf8.AppendRune(out, c.rune)
		for i := 0; i < maxMarks && c.marks[i] != 0; i++ {
			out = utf8.AppendRune(out, c.marks[i])
		}
	}
	if shown != (style{}) {
		out = style{}.open(out)
	}
	l.rendered = out
	return Text{string(out)}
}

func (l *Lines) text(p []byte) {
	for len(p) > 0 {
		if l.column == maxColumns {
			l.finish()
		}
		n := min(len(p), maxColumns-l.column)
		if l.isPlain() {
			l.plain = append(l.plain, p[:n]...)
			l.column += n
		} else {
			l.spread()
			for _, b := range p[:n] {
				l.put(cell{rune: rune(b), style: l.now})
			}
		}
		p = p[n:]
	}
}

// isPlain reports that what comes next needs no cells.
func (l *Lines) isPlain() bool {
	return len(l.cells) == 0 && l.column == len(l.plain) && l.now == style{}
}

// spread lays the plain line out in cells.
func (l *Lines) spread() {
	for _, b := range l.plain {
		l.cells = append(l.cells, cell{rune: rune(b)})
	}
	l.plain = l.plain[:0]
}

func (l *Lines) glyph(r rune) {
	width := 1
	if r >= utf8.RuneSelf {
		width = displaywidth.Rune(r)
	}
	if l.column+width > maxColumns {
		l.finish()
	}
	l.spread()
	l.put(cell{rune: r, style: l.now})
	if width == 2 {
		l.put(cell{style: l.now})
	}
}

// put writes one column. A cell without a rune is the second half of the one just put.
func (l *Lines) put(c cell) {
	if c.rune != 0 {
		l.split(l.column)
	}
	l.split(l.column + 1)
	if l.column == len(l.cells) {
		l.cells = append(l.cells, c)
	} else {
		l.cells[l.column] = c
	}
	l.column++
}

// split makes spaces of a wide character that would be cut in two before this column.
func (l *Lines) split(column int) {
	if column < len(l.cells) && l.cells[column].rune == 0 {
		l.cells[column-1] = cell{rune: ' '}
		l.cells[column] = cell{rune: ' '}
	}
}

func (l *Lines) mark(r rune) {
	l.spread()
	at := l.column - 1
	if at > 0 && l.cells[at].rune == 0 {
		at--
	}
	if free := slices.Index(l.cells[at].marks[:], 0); free >= 0 {
		l.cells[at].marks[free] = r
	}
}

func (l *Lines) control(c rune) {
	switch c {
	case '\n':
		l.finish()
	case '\r':
		l.column = 0
	case '\b':
		l.column = max(0, l.column-1)
	case '\t':
		l.text(tab[l.column%tabStop:])
	default:
		panic("safe: no such control")
	}
}

func (l *Lines) sequence(final rune, parameters string) {
	switch {
	case final == 'm':
		l.now = l.now.apply(parameters)
	case final == 'K':
		l.erase(parameters)
	}
}

// tab is as many spaces as a tab can be.
var tab = bytes.Repeat([]byte(" "), tabStop)

// erase is EL: from the cursor to the end, from the beginning to the cursor, or all of the line.
func (l *Lines) erase(parameters string) {
	l.spread()
	switch parameters {
	case "", "0":
		l.split(l.column)
		l.cells = l.cells[:l.column]
	case "1":
		l.split(l.column + 1)
		l.blank(min(l.column+1, len(l.cells)))
	case "2":
		l.cells = l.cells[:l.column]
		l.blank(l.column)
	}
}

func (l *Lines) blank(columns int) {
	for i := range columns {
		l.cells[i] = cell{rune: ' '}
	}
}
