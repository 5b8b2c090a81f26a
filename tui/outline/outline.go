// Package outline lists the walk: every step and block in order, with how it stands.
//
// Its promise: what it costs to draw depends on the lines that are seen, not on the length of the procedure.
package outline

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/scroll"
	"gatewalk/tui/theme"
)

// Model is the list with its cursor. The cursor belongs to the screen; the session knows none.
type Model struct {
	KeyMap scroll.KeyMap
	Styles theme.Styles

	plan           *runbook.Plan
	rows           []Row
	cursor, first  int
	settled, units int
	width, height  int
	focused        bool
}

// New is an empty outline.
func New(styles theme.Styles) Model { return Model{KeyMap: scroll.DefaultKeyMap(), Styles: styles} }

// SetState lists a state. The cursor stays at its place.
func (m Model) SetState(s steps.State) Model {
	at, had := m.Selected()
	m.plan, m.rows = s.Plan(), rowsOf(s)
	m.settled, m.units = count(m.rows)
	m.cursor = min(m.cursor, max(0, len(m.rows)-1))
	if had {
		m = m.Select(at.Place)
	}
	return m.follow()
}

// SetSize says how many columns and lines there are.
func (m Model) SetSize(width, height int) Model {
	m.width, m.height = width, height
	return m.follow()
}

// SetFocused says whether keys come here.
func (m Model) SetFocused(focused bool) Model {
	m.focused = focused
	return m
}

// Selected is the row under the cursor; false when there are none.
func (m Model) Selected() (Row, bool) {
	if m.cursor >= len(m.rows) {
		return Row{}, false
	}
	return m.rows[m.cursor], true
}

// Progress is how many places are settled, of how many on the way.
func (m Model) Progress() (settled, all int) { return m.settled, m.units }

// Select moves the cursor to a place, if it is listed.
func (m Model) Select(p steps.Place) Model {
	wanted := p.Outside().Key()
	for i := range m.rows {
		if m.rows[i].key == wanted || m.rows[i].step == wanted {
			m.cursor = i
			break
		}
	}
	return m.follow()
}

// Move moves the cursor by so many rows.
func (m Model) Move(by int) Model {
	m.cursor = max(0, min(m.cursor+by, len(m.rows)-1))
	return m.follow()
}

// Search moves the cursor to the next row whose title, prose or commands hold the words, from the top again after the
// last. It answers false when there is none.
func (m Model) Search(words string) (Model, bool) {
	words = strings.ToLower(words)
	for n := range m.rows {
		i := (m.cursor + 1 + n) % len(m.rows)
		if strings.Contains(strings.ToLower(m.rows[i].text(m.plan)), words) {
			m.cursor = i
			return m.follow(), true
		}
	}
	return m, false
}

// follow keeps the cursor in sight.
func (m Model) follow() Model {
	margin := min(2, max(0, (m.height-1)/2))
	m.first = min(m.first, m.cursor-margin)
	m.first = max(m.first, m.cursor-m.height+1+margin)
	m.first = max(0, min(m.first, len(m.rows)-m.height))
	return m
}

// Update moves the cursor.
func (m Model) Update(msg tea.Msg) Model { return m.Move(m.KeyMap.By(msg, m.height, len(m.rows))) }

// View draws the rows in sight.
func (m Model) View() string {
	lines := make([]string, 0, m.height)
	for i := m.first; i < min(len(m.rows), m.first+m.height); i++ {
		lines = append(lines, m.line(i))
	}
	return strings.Join(theme.Frame(lines, m.width, m.height), "\n")
}

func (m Model) line(i int) string {
	row := m.rows[i]
	mark := Marks[row.Status]
	sign := mark.Sign
	if !row.Unit && row.Status == steps.StatusOpen {
		sign = " "
	}
	words := strings.Repeat("  ", min(row.Depth, 6)) + sign + " " + safe.Line(row.label(m.plan)).String()
	text := theme.Sides(words, row.word(), m.width)
	switch {
	case i == m.cursor && m.focused:
		return m.Styles.Selected.Render(text)
	case i == m.cursor:
		return m.Styles.Resting.Render(text)
	}
	return mark.look(m.Styles, row).Render(text)
}
