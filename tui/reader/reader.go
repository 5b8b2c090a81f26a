// Package reader shows a step as its author wrote it, with the command as it will run.
//
// Its promise: nothing that runs is hidden. Every byte of a command is visible, every value stands beside it with where
// it came from, and what does not fit can be scrolled to and says so.
package reader

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"gatewalk/steps"
	"gatewalk/tui/scroll"
	"gatewalk/tui/theme"
)

// Model is a page and how far it is scrolled.
type Model struct {
	KeyMap scroll.KeyMap
	Styles theme.Styles

	page          page
	key           string // of the place shown
	first         int
	moved         bool // by the operator: until then the command is kept in sight
	width, height int
	why           bool
}

// New is an empty reader.
func New(styles theme.Styles) Model { return Model{KeyMap: scroll.DefaultKeyMap(), Styles: styles} }

// Show shows a place. Another place is shown from where its command is in sight; the same one stays where it was.
func (m Model) Show(state steps.State, place steps.Place) Model {
	m.moved = m.moved && place.Key() == m.key
	m.key, m.page.state, m.page.place = place.Key(), state, place
	return m.set().clamp()
}

// SetSize says how many columns and lines there are.
func (m Model) SetSize(width, height int) Model {
	same := m.width == width
	m.width, m.height = width, height
	if !same {
		m = m.set()
	}
	return m.clamp()
}

// ToggleWhy shows or hides why everything was read as it was, and scrolls there.
func (m Model) ToggleWhy() Model {
	m.why = !m.why
	m = m.set()
	if m.why {
		m.first, m.moved = len(m.page.lines), true
	}
	return m.clamp()
}

// set writes the page again.
func (m Model) set() Model {
	if m.key == "" {
		return m
	}
	m.page = page{state: m.page.state, place: m.page.place, why: m.why, styles: m.Styles, width: max(1, m.width)}
	m.page.write()
	for n := len(m.page.lines); n > 0 && m.page.lines[n-1] == ""; n-- {
		m.page.lines = m.page.lines[:n-1]
	}
	return m
}

// clamp keeps the lines in sight within the page, and the command in sight.
func (m Model) clamp() Model {
	if !m.moved {
		m.first = max(0, min(m.page.command, m.page.tail-m.room()))
		for m.first > 0 && m.first < m.page.command && m.page.lines[m.first] == "" {
			m.first++
		}
	}
	m.first = max(0, min(m.first, len(m.page.lines)-m.room()))
	return m
}

// Lines is how many lines the page has.
func (m Model) Lines() int { return len(m.page.head) + len(m.page.lines) }

// room is how many lines there are under the head.
func (m Model) room() int { return max(0, m.height-len(m.page.head)) }

// Scroll moves by so many lines.
func (m Model) Scroll(by int) Model {
	if by != 0 {
		m.first, m.moved = m.first+by, true
	}
	return m.clamp()
}

// Update scrolls.
func (m Model) Update(msg tea.Msg) Model {
	return m.Scroll(m.KeyMap.By(msg, m.room(), len(m.page.lines)))
}

// Below is how many lines of the command, and of what belongs to it, are below what is in sight.
func (m Model) Below() int { return max(0, m.page.tail-m.first-m.room()) }

// PageDown moves on by what is in sight.
func (m Model) PageDown() Model { return m.Scroll(max(1, m.room()-1)) }

// Hidden says how many lines are above and below what is in sight, "" when there are none.
func (m Model) Hidden() string {
	above, below := m.first, max(0, len(m.page.lines)-m.first-m.room())
	switch {
	case above == 0 && below == 0:
		return ""
	case above == 0:
		return "▼ " + theme.Count(below, "more line")
	case below == 0:
		return "▲ " + theme.Count(above, "line")
	}
	return fmt.Sprintf("▲ %d ▼ %s", above, theme.Count(below, "more line"))
}

// View draws the lines in sight.
func (m Model) View() string {
	last := min(len(m.page.lines), m.first+m.room())
	lines := append(slices.Clone(m.page.head), m.page.lines[min(m.first, last):last]...)
	return strings.Join(theme.Frame(lines, m.width, m.height), "\n")
}
