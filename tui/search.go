package tui

import (
	tea "charm.land/bubbletea/v2"

	"gatewalk/steps/safe"
	"gatewalk/tui/form"
)

// startSearch asks for words; those of the last search are still there.
func (m Model) startSearch() (Model, tea.Cmd) {
	m.showing = searching
	m.search = form.NewEditor(m.search.Value(), false)
	return m.arrange(), nil
}

func (m Model) keyInSearch(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	switch msg.String() {
	case "esc":
		m.showing = walking
		return m.arrange(), nil
	case "enter":
		return m.find(m.search.Value())
	}
	m.search, _ = m.search.Update(msg)
	return m, nil
}

// find goes to the next match, in the output if that pane has the keys.
func (m Model) find(words string) (Model, tea.Cmd) {
	m.showing = walking
	m = m.arrange()
	if words == "" {
		return m, nil
	}
	found := false
	if m.focus == outputPane {
		m.output, found = m.output.Search(words)
	} else {
		m.outline, found = m.outline.Search(words)
		m = m.refresh()
	}
	switch {
	case !found && m.focus == outputPane && m.output.Oldest() > 0:
		return m.tell("nowhere in the part that is held: " + safe.Line(words).String() + " (home shows the beginning)"), nil
	case !found:
		return m.tell("nowhere: " + safe.Line(words).String()), nil
	}
	return m, nil
}
