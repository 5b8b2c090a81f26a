package output

import (
	"bytes"

	"gatewalk/tui/tail"
)

// Part is a piece of a record around a place in it where a line begins. It is shown in the place of what is on screen.
type Part struct {
	Mark          int64 // where in the record the line begins
	Before, After []byte
}

// mark is where in the record a line begins. Lines count from 0, those that are held no more included.
type mark struct {
	line   int
	offset int64
}

const (
	maxPart = 8 << 20       // bytes that are held at most while something in them is being read
	sparse  = 32 << 10      // bytes between two marks, about
	around  = Held * 4 / 10 // lines of a part before its mark, and after it
)

// write takes bytes, and marks where a line begins now and then.
func (m Model) write(p []byte) Model {
	for len(p) > 0 {
		n := min(len(p), sparse)
		if begins := tail.Line(p[:n]); begins > 0 && m.next > m.marks[len(m.marks)-1].offset {
			m = m.take(p[:begins])
			m.marks = append(m.marks[:len(m.marks):len(m.marks)], mark{m.count(), m.next})
			p, n = p[begins:], n-begins
		}
		m, p = m.take(p[:n]), p[n:]
	}
	return m.forget()
}

func (m Model) take(p []byte) Model {
	m.lines.Write(p)
	m.next += int64(len(p))
	return m
}

// forget drops the marks of lines that are no longer held, but for the last of them.
func (m Model) forget() Model {
	for len(m.marks) > 1 && m.marks[1].line <= m.lines.Dropped() {
		m.marks = m.marks[1:]
	}
	m.from = m.marks[0].offset
	return m
}

// count is how many lines there were, held or not.
func (m Model) count() int { return m.lines.Len() + m.lines.Dropped() }

// Next is where in the record the part goes on.
func (m Model) Next() int64 { return m.next }

// Oldest is where in the record the first line held begins, or one shortly after it; 0 where nothing comes before it.
func (m Model) Oldest() int64 { return m.oldest().offset }

// oldest is the first mark of a line that is held; without one the last mark there is.
func (m Model) oldest() mark {
	for _, at := range m.marks {
		if at.line >= m.lines.Dropped() {
			return at
		}
	}
	return m.marks[len(m.marks)-1]
}

// Older shows a part around the oldest line held, scrolled from there by so many lines, up where by is negative.
func (m Model) Older(p Part, by int) Model {
	above := m.oldest().line - m.lines.Dropped() // lines that are held before that mark
	m, at := m.show(p)
	m.back = m.lines.Len() - (at - above + by) - m.height
	return m.clamp()
}

// Newer shows a part around the end of what is held, scrolled down from there by so many lines.
func (m Model) Newer(p Part, by int) Model {
	m, at := m.show(p)
	m.back = m.lines.Len() - at - by
	return m.clamp()
}

// show shows a part, and answers which line its mark is. Of very short lines it shows only some before and after it.
func (m Model) show(p Part) (Model, int) {
	before, after := lastLines(p.Before, around), firstLines(p.After, around)
	m = m.Begin(p.Mark - int64(len(before))).write(before)
	at := m.lines.Len()
	return m.write(after), at
}

// lastLines is the end of a text, so many lines of it.
func lastLines(text []byte, lines int) []byte {
	for i := len(text) - 1; i > 0; i-- {
		if text[i-1] != '\n' {
			continue
		}
		if lines--; lines == 0 {
			return text[i:]
		}
	}
	return text
}

// firstLines is the beginning of a text, so many lines of it.
func firstLines(text []byte, lines int) []byte {
	rest := text
	for ; lines > 0 && len(rest) > 0; lines-- {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return text
		}
		rest = rest[i+1:]
	}
	return text[:len(text)-len(rest)]
}
