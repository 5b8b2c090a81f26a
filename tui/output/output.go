// Package output shows what a command prints, while it prints.
//
// Its promise: it keeps up. It holds a bounded part of the record, made safe, draws only the lines in sight, and says how
// much comes before them; any other part can be shown in its place.
package output

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"gatewalk/steps/safe"
	"gatewalk/tui/scroll"
	"gatewalk/tui/theme"
)

// Held is how many lines are held; all of them are in the session's record.
const Held = 10_000

// Model is a part of an output and how far it is scrolled. While the last line is in sight, so are those that come.
type Model struct {
	KeyMap scroll.KeyMap
	Styles theme.Styles

	lines         *safe.Lines
	from, next    int64  // where in the record the part begins, and where it goes on
	marks         []mark // where in the record some of its lines begin, the first at least
	plain         bool   // without the command's own colours
	back          int    // how many lines the last one in sight is from the end
	found         string
	width, height int
}

// New is an output with nothing in it. Plain drops the colours that commands print.
func New(styles theme.Styles, plain bool) Model {
	return Model{KeyMap: scroll.DefaultKeyMap(), Styles: styles, plain: plain}.Begin(0)
}

// Begin empties it: the next byte written is the one at an offset of the record.
func (m Model) Begin(offset int64) Model {
	m.lines, m.back = safe.New(Held), 0
	m.from, m.next, m.marks = offset, offset, []mark{{0, offset}}
	return m
}

// Write takes the next piece of raw output. While the last line is out of sight, what is in sight stays, and of the piece
// only so much is taken as can be held with it: Next says where it goes on.
func (m Model) Write(p []byte) Model {
	if m.back == 0 {
		return m.write(p).clamp()
	}
	before := m.count()
	m = m.write(firstLines(p, Held-m.lines.Len()-1))
	m.back += m.count() - before
	return m.clamp()
}

// SetSize says how many columns and lines there are.
func (m Model) SetSize(width, height int) Model {
	m.width, m.height = width, height
	return m.clamp()
}

// Len is how many lines are held.
func (m Model) Len() int { return m.lines.Len() }

// Last are the last lines held, so many at most.
func (m Model) Last(n int) []string {
	var last []string
	for i := max(0, m.lines.Len()-n); i < m.lines.Len(); i++ {
		last = append(last, m.line(i))
	}
	return last
}

// line is one line held, with the command's own colours if they are wanted.
func (m Model) line(i int) string {
	if m.plain {
		return m.lines.Line(i).Plain()
	}
	return m.lines.Line(i).String()
}

// Size is how many columns and lines are drawn.
func (m Model) Size() (width, height int) { return m.width, m.height }

// Scroll moves by so many lines, up where by is negative.
func (m Model) Scroll(by int) Model {
	m.back -= by
	return m.clamp()
}

func (m Model) clamp() Model {
	m.back = max(0, m.back)
	if m.back > m.lines.Len()-m.height {
		m.back = max(0, min(m.back, m.lines.Len()-m.first()))
	}
	return m
}

// first is how many of the first lines fill the height.
func (m Model) first() int {
	lines, rows := 0, 0
	for lines < m.lines.Len() && rows < m.height {
		rows += len(m.wrap(lines))
		lines++
	}
	return lines
}

// AtTop says that the first line held is in sight, AtEnd that the last one is.
func (m Model) AtTop() bool { return m.back >= m.lines.Len()-m.first() }

// AtEnd says that the last line held is in sight.
func (m Model) AtEnd() bool { return m.back == 0 }

// Full says that a line more would cost one that is held.
func (m Model) Full() bool { return m.lines.Len() >= Held-1 || m.next-m.from > maxPart }

// Search scrolls up to the next line that holds the words, and from the end again after the first. It answers false
// when there is none.
func (m Model) Search(words string) (Model, bool) {
	lower, n := strings.ToLower(words), m.lines.Len()
	start := n - m.back
	if m.found == words {
		start--
	}
	m.found = words
	for i := range n {
		at := (start - 1 - i + 2*n) % n
		if strings.Contains(strings.ToLower(m.lines.Line(at).Plain()), lower) {
			m.back = n - 1 - at
			return m, true
		}
	}
	return m, false
}

// Update scrolls.
func (m Model) Update(msg tea.Msg) Model { return m.Scroll(m.KeyMap.By(msg, m.height, m.lines.Len())) }

// Hidden says what is not in sight, "" when all is.
func (m Model) Hidden() string {
	above := m.lines.Len() - m.back - m.height
	switch before := m.from; {
	case m.back > 0:
		return "▼ " + theme.Count(m.back, "newer line") + ", end follows"
	case before > 0:
		return fmt.Sprintf("▲ %s, %s before them", theme.Count(max(0, above), "line"), Size(before))
	case above > 0:
		return "▲ " + theme.Count(above, "line")
	}
	return ""
}

// Size is a number of bytes as a person says it.
func Size(n int64) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d bytes", n)
	case n < 10_000_000:
		return fmt.Sprintf("%d kB", n/1000)
	case n < 10_000_000_000:
		return fmt.Sprintf("%d MB", n/1_000_000)
	}
	return fmt.Sprintf("%d GB", n/1_000_000_000)
}

// View draws the lines in sight, from the last one upwards.
func (m Model) View() string {
	var rows []string
	for i := m.lines.Len() - 1 - m.back; i >= 0 && len(rows) < m.height; i-- {
		rows = append(m.wrap(i), rows...)
	}
	if over := len(rows) - m.height; over > 0 {
		rows = rows[over:]
	}
	return strings.Join(theme.Frame(rows, m.width, m.height), "\n")
}

// wrap is one line of output in rows of the width; only as many of its last rows as can be seen.
func (m Model) wrap(i int) []string {
	line := m.line(i)
	width := ansi.StringWidth(line)
	if width <= m.width || m.width < 2 {
		return []string{m.highlight(i, line)}
	}
	count := (width + m.width - 1) / m.width
	rows := make([]string, 0, min(count, m.height))
	for row := max(0, count-m.height); row < count; row++ {
		rows = append(rows, ansi.Cut(line, row*m.width, (row+1)*m.width))
	}
	return rows
}

// highlight shows where a search ended.
func (m Model) highlight(i int, line string) string {
	if m.found == "" || i != m.lines.Len()-1-m.back || m.back == 0 {
		return line
	}
	return m.Styles.Resting.Render(m.lines.Line(i).Plain())
}
