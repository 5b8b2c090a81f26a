package tui

import tea "charm.land/bubbletea/v2"

// told is the size of their terminals that running commands know.
type told struct {
	columns, rows int
	region        [2]int // of the output, when the screen last changed its size
	busy          bool
	again         bool // they are to draw everything anew, also in the same size
}

// toldMsg says that they know it.
type toldMsg struct{}

// tellSize tells running commands how large their terminal is, if they do not know: as large as the picture, or will be, or as the
// part of the screen that shows lines. One word at a time, so that the last one is the one that holds.
func (m Model) tellSize() (Model, tea.Cmd) {
	columns, rows := m.told.region[0], m.told.region[1]
	if b := m.block(); m.picture.terminal != nil || b != nil && b.Interactive {
		columns, rows = m.canvas()
	}
	if m.small() || m.told.busy || columns == m.told.columns && rows == m.told.rows {
		return m, nil
	}
	if m.picture.terminal != nil {
		m.picture.terminal.Resize(columns, rows)
	}
	cmd := m.link.resize(columns, rows, m.told.again)
	m.told = told{columns: columns, rows: rows, region: m.told.region, busy: true}
	return m, cmd
}

// resize tells running commands how large their terminal is. Who already has that size draws anew only for another one.
func (l link) resize(columns, rows int, again bool) tea.Cmd {
	return func() tea.Msg {
		if again {
			l.session.Resize(columns, rows-1)
		}
		l.session.Resize(columns, rows)
		return toldMsg{}
	}
}
