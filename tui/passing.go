package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"gatewalk/tui/form"
)

// passing are keys on their way to a running command: one piece at a time, so that they arrive in order. What the
// command does not show as it is typed is asked in a form first.
type passing struct {
	attempt uint64
	waiting []byte
	busy    bool
	asked   bool // the form is open
	form    form.Model
}

// typeThrough gives the keys to the running command, and it the screen.
func (m Model) typeThrough() (Model, tea.Cmd) {
	m.showing = typing
	m.keys.attempt = m.runningHere()
	m = m.to(m.state.Attempt(m.keys.attempt).Started.Place)
	if m.shown() != m.follow.attempt {
		m = m.turn(m.shown())
	}
	return m.picturing(m.keys.attempt, m.output.Next()-lead).arrange(), nil
}

// keyThrough passes a key to the running command, but for the one that comes back.
func (m Model) keyThrough(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	m.say = notice{}
	switch {
	case key.Matches(msg, m.KeyMap.Escape):
		return m.walkOn(), nil
	case m.ended(m.keys.attempt):
		return m.walkOn().tell("it has ended: the keys work here again"), nil
	case m.keys.asked && msg.String() != "ctrl+c":
		return m.fillHidden(msg)
	}
	return m.pass(m.keys.attempt, m.picture.terminal.Key(msg))
}

func (m Model) walkOn() Model {
	m.showing, m.keys.asked, m.keys.form = walking, false, form.Model{}
	return m.arrange()
}

// pasteThrough passes pasted text.
func (m Model) pasteThrough(msg tea.PasteMsg) (Model, tea.Cmd) {
	switch {
	case m.ended(m.keys.attempt):
		return m.walkOn().tell("it has ended: the keys work here again"), nil
	case m.keys.asked:
		return m.fillHidden(msg)
	}
	return m.pass(m.keys.attempt, m.picture.terminal.Paste(msg.Content))
}

// invitation says that a command waits for keys, while the screen has them.
func (m Model) invitation() string {
	pictured := m.picture.terminal != nil && m.picture.attempt == m.shown()
	switch {
	case m.showing == typing:
		return ""
	case pictured && m.picture.mute, !pictured && m.follow.mute && m.follow.attempt == m.shown() && !m.ended(m.shown()):
		return "it waits for something that it does not show: t answers"
	case !pictured:
		return ""
	}
	return "it takes keys: t goes in, ctrl+] comes back"
}

// pass sends keys, or keeps them until those before have arrived.
func (m Model) pass(attempt uint64, keys []byte) (Model, tea.Cmd) {
	if len(keys) == 0 {
		return m, nil
	}
	if m.keys.busy && m.keys.attempt == attempt {
		m.keys.waiting = append(append([]byte(nil), m.keys.waiting...), keys...)
		return m, nil
	}
	m.keys.attempt, m.keys.waiting, m.keys.busy = attempt, nil, true
	return m, m.link.keys(attempt, keys)
}

// passed sends what was typed meanwhile.
func (m Model) passed(msg typedMsg) (Model, tea.Cmd) {
	waiting := m.keys.waiting
	m.keys.waiting, m.keys.busy = nil, false
	if msg.attempt == m.picture.attempt {
		m.picture.mute = !msg.echo
	}
	if msg.err != nil {
		return m.warn("it did not get the keys: " + msg.err.Error()), nil
	}
	return m.pass(m.keys.attempt, waiting)
}

// askHidden opens a form for what the command does not show as it is typed, and closes it when the command shows it
// again. What is in it then is dropped: it may be a password, and would be seen.
func (m Model) askHidden() Model {
	if m.showing != typing || m.picture.attempt != m.keys.attempt || m.picture.mute == m.keys.asked {
		return m
	}
	m.keys.asked, m.keys.form = m.picture.mute, form.Model{}
	if m.keys.asked {
		m.keys.form = m.hiddenForm()
	}
	return m
}

func (m Model) hiddenForm() form.Model {
	about := []string{"It is sent to the command when you press enter. It is never shown and never written down; only that something was typed is counted."}
	f := form.New(m.styles, "The command asks for something it does not show", "send", about, form.Secret("hidden", m.prompt()))
	return f.SetSize(m.width, f.SetSize(m.width, 1).Lines())
}

// fillHidden gives a key or a paste to the form, and what was filled in to the command and to nothing else.
func (m Model) fillHidden(msg tea.Msg) (Model, tea.Cmd) {
	filled, proposal := m.keys.form.Update(msg)
	m.keys.form = filled
	switch proposal {
	case form.Nothing:
		return m, nil
	case form.Leave:
		return m.walkOn(), nil
	case form.Record:
		m.keys.form = m.hiddenForm()
		return m.pass(m.keys.attempt, lineOf(filled.Answers()["hidden"]))
	}
	panic("tui: a form proposes what it cannot")
}

// lineOf is a text as the enter key ends it, without the characters that a terminal would take for keys.
func lineOf(text string) []byte {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, text)
	return []byte(text + "\r")
}
