package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// passing are keys on their way to a running command: one piece at a time, so that they arrive in order.
type passing struct {
	attempt uint64
	waiting []byte
	busy    bool
}

// typeThrough gives the keys to the running command.
func (m Model) typeThrough() (Model, tea.Cmd) {
	m.showing = typing
	m.keys.attempt = m.runningHere()
	m = m.to(m.state.Attempt(m.keys.attempt).Started.Place)
	if m.output.Len() > 0 {
		m.focus = outputPane
	}
	return m.arrange(), nil
}

// keyThrough passes a key to the running command, but for the one that comes back.
func (m Model) keyThrough(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	m.say = notice{}
	if key.Matches(msg, m.KeyMap.Escape) {
		return m.walkOn(), nil
	}
	if m.ended(m.keys.attempt) {
		return m.walkOn().tell("it has ended: the keys work here again"), nil
	}
	return m.pass(m.keys.attempt, encode(msg))
}

func (m Model) walkOn() Model {
	m.showing = walking
	return m.arrange()
}

// pasteThrough passes pasted text: its line ends as the enter key would send them.
func (m Model) pasteThrough(msg tea.PasteMsg) (Model, tea.Cmd) {
	text := strings.ReplaceAll(strings.ReplaceAll(msg.Content, "\r\n", "\n"), "\n", "\r")
	return m.pass(m.keys.attempt, []byte(text))
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
	m.keys = passing{attempt: attempt, busy: true}
	return m, m.link.keys(attempt, keys)
}

// passed sends what was typed meanwhile.
func (m Model) passed(msg typedMsg) (Model, tea.Cmd) {
	waiting := m.keys.waiting
	m.keys.waiting, m.keys.busy = nil, false
	if msg.attempt == m.follow.attempt {
		m.follow.echo = msg.echo
	}
	if msg.err != nil {
		return m.warn("it did not get the keys: " + msg.err.Error()), nil
	}
	return m.pass(m.keys.attempt, waiting)
}

// sequences are what keys without a character send, as xterm does.
var sequences = map[rune]string{
	tea.KeyEnter: "\r", tea.KeyTab: "\t", tea.KeyBackspace: "\x7f", tea.KeyEscape: "\x1b",
	tea.KeyUp: "\x1b[A", tea.KeyDown: "\x1b[B", tea.KeyRight: "\x1b[C", tea.KeyLeft: "\x1b[D",
	tea.KeyHome: "\x1b[H", tea.KeyEnd: "\x1b[F", tea.KeyInsert: "\x1b[2~", tea.KeyDelete: "\x1b[3~",
	tea.KeyPgUp: "\x1b[5~", tea.KeyPgDown: "\x1b[6~",
	tea.KeyF1: "\x1bOP", tea.KeyF2: "\x1bOQ", tea.KeyF3: "\x1bOR", tea.KeyF4: "\x1bOS", tea.KeyF5: "\x1b[15~",
	tea.KeyF6: "\x1b[17~", tea.KeyF7: "\x1b[18~", tea.KeyF8: "\x1b[19~", tea.KeyF9: "\x1b[20~", tea.KeyF10: "\x1b[21~",
	tea.KeyF11: "\x1b[23~", tea.KeyF12: "\x1b[24~",
}

// encode is a key as a terminal sends it.
func encode(msg tea.KeyPressMsg) []byte {
	before := ""
	if msg.Mod.Contains(tea.ModAlt) {
		before = "\x1b"
	}
	if msg.Mod.Contains(tea.ModCtrl) {
		if c, ok := control(msg.Code); ok {
			return append([]byte(before), c)
		}
	}
	if msg.Code == tea.KeyTab && msg.Mod.Contains(tea.ModShift) {
		return []byte("\x1b[Z")
	}
	if sequence, ok := sequences[msg.Code]; ok {
		return []byte(before + sequence)
	}
	if msg.Text != "" {
		return []byte(msg.Text)
	}
	if before != "" && msg.Code > ' ' && msg.Code < 0x7f {
		return []byte(before + string(msg.Code))
	}
	return nil
}

// control is the byte a key gives with ctrl held.
func control(code rune) (byte, bool) {
	switch {
	case code >= 'a' && code <= 'z':
		return byte(code-'a') + 1, true
	case code == ' ' || code == '@':
		return 0, true
	case code >= '[' && code <= '_':
		return byte(code) & 0x1f, true
	}
	return 0, false
}
