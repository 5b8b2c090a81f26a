// Package form asks an operator for a few things at once: values, a name, a verdict, a reason.
//
// Its promise: it proposes answers and does nothing with them. Nothing is chosen beforehand that would be recorded by
// pressing enter alone, a secret is never drawn, and plain keys are enough to fill it in.
package form

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"gatewalk/tui/scroll"
	"gatewalk/tui/theme"
)

// KeyMap is what a form listens to beside typing.
type KeyMap struct{ Next, Back, Submit, Finish, Cancel, Take, PageUp, PageDown key.Binding }

// DefaultKeyMap needs no key that a serial console or tmux does not send.
func DefaultKeyMap() KeyMap {
	page := scroll.DefaultKeyMap()
	return KeyMap{
		Next:     key.NewBinding(key.WithKeys("tab", "down"), key.WithHelp("tab", "next field")),
		Back:     key.NewBinding(key.WithKeys("shift+tab", "up"), key.WithHelp("↑", "field before")),
		Submit:   key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "next")),
		Finish:   key.NewBinding(key.WithKeys("ctrl+o"), key.WithHelp("ctrl+o", "record now")),
		Cancel:   key.NewBinding(key.WithKeys("esc"), key.WithHelp("esc", "leave")),
		Take:     key.NewBinding(key.WithKeys("right"), key.WithHelp("→", "take what is offered")),
		PageUp:   key.NewBinding(key.WithKeys("pgup"), key.WithHelp("pgup", page.PageUp.Help().Desc)),
		PageDown: key.NewBinding(key.WithKeys("pgdown"), key.WithHelp("pgdn", page.PageDown.Help().Desc)),
	}
}

// Proposal is what an operator wants of a form. The set is closed.
type Proposal int

// The proposals.
const (
	Nothing Proposal = iota
	Record           // the answers, as they are
	Leave
)

// Answers are what was filled in, by field. An empty field has no answer.
type Answers map[string]string

// Model is a form: a title, an explanation, fields, and a button.
type Model struct {
	KeyMap KeyMap
	Styles theme.Styles

	title  string
	about  []string
	button string
	fields []Field
	at     int // len(fields) is the button
	wrong  string

	first         int // of the lines in sight
	width, height int
}

// New is a form. About explains, a paragraph each; the button says what recording means.
func New(styles theme.Styles, title, button string, about []string, fields ...Field) Model {
	return Model{KeyMap: DefaultKeyMap(), Styles: styles, title: title, about: about, button: button, fields: fields}
}

// Keys are those that do something now, the most wanted first. What enter does depends on where it is pressed.
func (m Model) Keys() []key.Binding {
	enter := m.KeyMap.Submit
	switch {
	case m.at < len(m.fields) && m.fields[m.at].editor.Many:
		enter.SetHelp("enter", "new line")
	case m.at == len(m.fields) || m.last():
		enter.SetHelp("enter", m.button)
	}
	return []key.Binding{enter, m.KeyMap.Next, m.KeyMap.Back, m.KeyMap.Finish, m.KeyMap.Cancel}
}

// SetSize says how many columns and lines there are.
func (m Model) SetSize(width, height int) Model {
	m.width, m.height = width, height
	return m.follow()
}

// Say shows what is wrong with the answers; they stay.
func (m Model) Say(wrong string) Model {
	m.wrong = wrong
	return m.follow()
}

// Answers are what is filled in now.
func (m Model) Answers() Answers {
	answers := Answers{}
	for _, f := range m.fields {
		if value := f.value(); value != "" && m.asked(f) {
			answers[f.Name] = value
		}
	}
	return answers
}

// Update takes a key or a paste.
func (m Model) Update(msg tea.Msg) (Model, Proposal) {
	press, isKey := msg.(tea.KeyPressMsg)
	if isKey && key.Matches(press, m.KeyMap.Cancel) {
		return m, Leave
	}
	if isKey && (key.Matches(press, m.KeyMap.Finish) || m.at == len(m.fields) && key.Matches(press, m.KeyMap.Submit)) {
		return m.submit()
	}
	if m.at < len(m.fields) {
		if field, used := m.fields[m.at].update(msg, m.KeyMap); used {
			fields := append([]Field(nil), m.fields...)
			fields[m.at] = field
			m.fields, m.wrong = fields, ""
			return m.follow(), Nothing
		}
	}
	if !isKey {
		return m, Nothing
	}
	return m.move(press)
}

func (m Model) move(press tea.KeyPressMsg) (Model, Proposal) {
	switch {
	case key.Matches(press, m.KeyMap.Next):
		return m.step(1), Nothing
	case key.Matches(press, m.KeyMap.Back):
		return m.step(-1), Nothing
	case key.Matches(press, m.KeyMap.PageUp):
		m.first = max(0, m.first-m.height/2)
	case key.Matches(press, m.KeyMap.PageDown):
		m.first = max(0, min(m.first+m.height/2, len(m.lines())-m.room()))
	case key.Matches(press, m.KeyMap.Submit):
		if wrong := m.fields[m.at].wrong(); wrong != "" {
			return m.Say(wrong), Nothing
		}
		if m.last() {
			return m.submit()
		}
		return m.step(1), Nothing
	}
	return m, Nothing
}

// last says whether no field comes after this one. A form that ends in a field of many lines ends with its button.
func (m Model) last() bool {
	for _, f := range m.fields[m.at+1:] {
		if m.asked(f) {
			return false
		}
	}
	return true
}

// step goes to the next field that is asked for, or to the button.
func (m Model) step(by int) Model {
	for at := m.at + by; at >= 0 && at <= len(m.fields); at += by {
		if at == len(m.fields) || m.asked(m.fields[at]) {
			m.at, m.wrong = at, ""
			break
		}
	}
	return m.follow()
}

// asked says whether a field matters with what was chosen so far.
func (m Model) asked(f Field) bool {
	if f.When == nil {
		return true
	}
	for _, other := range m.fields {
		if values, ok := f.When[other.Name]; ok && !slices.Contains(values, other.value()) {
			return false
		}
	}
	return true
}

func (m Model) submit() (Model, Proposal) {
	for i, f := range m.fields {
		if !m.asked(f) {
			continue
		}
		if wrong := f.wrong(); wrong != "" {
			m.at = i
			return m.Say(wrong).follow(), Nothing
		}
	}
	return m, Record
}
