package tui

import (
	tea "charm.land/bubbletea/v2"
)

// The smallest terminal that shows a gate whole with its host, and from where on the outline stands beside the text.
const (
	leastWidth  = 60
	leastHeight = 20
	wideWidth   = 90
)

// leastOutput is how many lines of output a form about it leaves.
const leastOutput = 4

// frame is the status line above, and the message and the help line below.
const frame = 3

func (m Model) small() bool  { return m.width < leastWidth || m.height < leastHeight }
func (m Model) narrow() bool { return m.width < wideWidth }

// resize takes the size of the terminal. What was open at a size that could not show it is opened anew.
func (m Model) resize(width, height int) (Model, tea.Cmd) {
	was := m.small()
	if m.width == 0 {
		m.focus = startPane(width)
	}
	m.width, m.height = width, height
	m = m.arrange()
	if m.small() {
		return m, nil
	}
	m.told.region[0], m.told.region[1] = m.output.Size()
	if was && m.showing == atGate {
		return m.openGate(m.gate.Place())
	}
	return m, nil
}

// arrange gives every part its size.
func (m Model) arrange() Model {
	if m.small() {
		return m
	}
	body := m.height - frame
	left, right := m.columns()
	m.outline = m.outline.SetSize(left, body).SetFocused(m.focus == stepsPane && m.showing == walking)
	m.reader = m.reader.SetSize(right, body) // how many lines it has depends on its width
	text, out := m.rows(body)
	m.reader = m.reader.SetSize(right, text)
	if m.reader.Lines() > text {
		m.reader = m.reader.SetSize(right, text-1)
	}
	m.output = m.output.SetSize(right, out)
	m.gate = m.gate.SetSize(m.width, body)
	m = m.arrangeForm(body)
	return m.arrangePage(body)
}

// arrangeForm gives a form the whole screen, or what it needs of it above the output it is about.
func (m Model) arrangeForm(body int) Model {
	m.ask.form = m.ask.form.SetSize(m.width, body)
	if m.showing != asking || !m.ask.beside || !m.printing() {
		return m
	}
	height := min(m.ask.form.Lines(), body-leastOutput-1)
	m.ask.form = m.ask.form.SetSize(m.width, height)
	m.output = m.output.SetSize(m.width, body-height-1)
	return m
}

// startPane has the keys at first: the outline where it is in sight.
func startPane(width int) pane {
	if width < wideWidth {
		return textPane
	}
	return stepsPane
}

// columns are the widths of the outline and of what stands right of it.
func (m Model) columns() (left, right int) {
	if m.narrow() || m.zoomed {
		return m.width, m.width
	}
	left = max(32, min(m.width*35/100, 64))
	return left, m.width - left - 3
}

// rows are the heights of the text and of the output, whose heading takes a line of its own.
func (m Model) rows(body int) (text, out int) {
	switch {
	case !m.printing():
		return body, body - 1
	case m.zoomed && m.focus == outputPane:
		return body, body - 1
	case m.zoomed:
		return body, body - 1
	}
	text = max(5, min(m.reader.Lines()+1, body*9/20))
	return text, body - text - 1
}

// textInSight says whether the text of the selected place is on the screen, and not only another pane.
func (m Model) textInSight() bool {
	return m.focus == textPane || !m.zoomed && (m.focus == outputPane || !m.narrow())
}

// printing says whether the selected place has an output.
func (m Model) printing() bool { return m.shown() != 0 }

// nextPane goes to the next pane there is.
func (m Model) nextPane() (Model, tea.Cmd) {
	if m.narrow() { // where the outline takes the text's place, it is one key away
		return m.turnPane(len(panes) - 1), nil
	}
	return m.turnPane(1), nil
}

func (m Model) paneBefore() Model {
	if m.narrow() {
		return m.turnPane(1)
	}
	return m.turnPane(len(panes) - 1)
}

// panes are in the order they stand on a wide screen.
var panes = [...]pane{stepsPane, textPane, outputPane}

func (m Model) turnPane(by int) Model {
	m.focus = panes[(int(m.focus)+by)%len(panes)]
	if m.focus == outputPane && !m.printing() {
		m.focus = panes[(int(m.focus)+by)%len(panes)]
	}
	return m.arrange()
}

func (m Model) zoom() (Model, tea.Cmd) {
	m.zoomed = !m.zoomed
	return m.arrange(), nil
}

// keyWhileSmall hears only what leads out: nothing is decided on a screen that cannot show it.
func (m Model) keyWhileSmall(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	if name := msg.String(); name != "q" && name != "ctrl+c" {
		return m, nil
	}
	m.showing = walking
	return m.park()
}
