package form

import (
	"slices"
	"strings"

	"gatewalk/steps/safe"
	"gatewalk/tui/theme"
)

// View draws the form; what does not fit is scrolled so that the field with the keys is in sight. What is wrong is always in
// sight, below everything else.
func (m Model) View() string {
	lines := m.lines()
	last := min(len(lines), m.first+m.room())
	shown := append(slices.Clone(lines[min(m.first, last):last]), m.objection()...)
	return strings.Join(theme.Frame(shown, m.width, m.height), "\n")
}

// Lines is how many lines it takes to draw all of it.
func (m Model) Lines() int { return len(m.lines()) + len(m.objection()) }

// objection is what is wrong with the answers, in lines.
func (m Model) objection() []string {
	if m.wrong == "" {
		return nil
	}
	return theme.Wrap(m.wrong, m.Styles.Bad, m.width)
}

// room is how many lines there are above what is wrong.
func (m Model) room() int { return max(1, m.height-len(m.objection())) }

func (m Model) lines() []string {
	lines, _, _ := m.draw()
	return lines
}

// draw is every line of the form, and which of them belong to the field with the keys.
func (m Model) draw() (lines []string, from, to int) {
	lines = theme.Wrap(safe.Line(m.title).String(), m.Styles.Heading, m.width)
	for _, paragraph := range m.about {
		lines = append(lines, theme.Wrap(safe.Exact(paragraph).String(), m.Styles.Plain, m.width)...)
	}
	lines = append(lines, "")
	for i, f := range m.fields {
		if !m.asked(f) {
			continue
		}
		piece := f.lines(m.Styles, m.width, i == m.at)
		if i == m.at {
			from, to = len(lines), len(lines)+len(piece)
		}
		lines = append(lines, piece...)
	}
	if m.at == len(m.fields) {
		from, to = len(lines), len(lines)+2
	}
	return append(lines, "", m.drawButton()), from, to
}

func (m Model) drawButton() string {
	text := "[ " + m.button + " ]"
	if m.at == len(m.fields) {
		return m.Styles.Selected.Render(text)
	}
	return m.Styles.Quiet.Render(text)
}

// follow keeps the field with the keys in sight.
func (m Model) follow() Model {
	lines, from, to := m.draw()
	m.first = max(m.first, to-m.room())
	m.first = min(m.first, from)
	if to <= m.room() {
		m.first = 0
	}
	m.first = max(0, min(m.first, len(lines)-m.room()))
	return m
}
