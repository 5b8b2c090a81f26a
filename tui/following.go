package tui

import (
	"maps"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"gatewalk/steps"
)

// following is the output on screen: of which attempt, and whether a piece of it is being waited for.
type following struct {
	attempt uint64
	over    bool // there is no more of it
	ended   bool // its attempt has ended: what is there now is all
	older   bool // an older part of it is on screen: what comes now is not
	reading bool // another part is being read
	calm    bool // the last piece was full, or empty
	mute    bool // what is typed to it is not shown, as when it asks for a password
	waiting map[uint64]bool
}

// watch waits for the next piece of what is on screen, one piece at a time. While somebody reads further up, nothing is
// passed over, and nothing more is read than can be held.
func (m Model) watch() (Model, tea.Cmd) {
	attempt := m.shown()
	if attempt != m.follow.attempt {
		m = m.turn(attempt)
	}
	if ended := m.ended(attempt); ended && !m.follow.ended {
		m.follow.ended, m.follow.over = true, false
	}
	if attempt == 0 || m.lost || m.follow.over || m.follow.older || m.follow.waiting[attempt] || !m.output.AtEnd() && m.output.Full() {
		return m, nil
	}
	m.follow.waiting = withKey(m.follow.waiting, attempt)
	return m, m.link.output(wanted{
		attempt: attempt, offset: m.output.Next(), ended: m.ended(attempt), all: !m.output.AtEnd(), calm: m.follow.calm, mute: m.follow.mute,
	})
}

// withKey is a set with one more member; the old one is left as it was.
func withKey(set map[uint64]bool, id uint64) map[uint64]bool {
	set = maps.Clone(set)
	if set == nil {
		set = map[uint64]bool{}
	}
	set[id] = true
	return set
}

// shown is the attempt whose output belongs to the selected place, 0 for none.
func (m Model) shown() uint64 {
	if attempts := m.spot().Attempts; len(attempts) > 0 {
		return attempts[len(attempts)-1]
	}
	return 0
}

func (m Model) ended(attempt uint64) bool {
	a := m.state.Attempt(attempt)
	return a == nil || a.End != nil || a.Unknown != "" || a.Resolved != nil && a.Resolved.As != steps.OutcomeRunning
}

// turn shows another attempt's output.
func (m Model) turn(attempt uint64) Model {
	m.output = m.output.Begin(0)
	m.follow = following{attempt: attempt, waiting: m.follow.waiting}
	if m.focus == outputPane && attempt == 0 {
		m.focus = textPane
	}
	return m.arrange()
}

// printed shows a piece of output, if it is the next one of what is on screen.
func (m Model) printed(msg outputMsg) Model {
	m.follow.waiting = maps.Clone(m.follow.waiting)
	delete(m.follow.waiting, msg.attempt)
	if msg.attempt != m.follow.attempt || msg.asked != m.output.Next() || m.follow.older {
		return m
	}
	if msg.err != nil {
		m.follow.over = true
		return m.warn("its output cannot be read: " + msg.err.Error())
	}
	m.follow.mute = msg.mute
	m.follow.over = msg.last && len(msg.bytes) == 0
	m.follow.calm = len(msg.bytes) == 0 || len(msg.bytes) >= outputPiece || msg.offset != msg.asked
	if msg.offset != msg.asked && !m.output.AtEnd() {
		return m // somebody has scrolled up meanwhile: it is asked for again, from where it is
	}
	before := m.output.Len()
	if msg.offset != msg.asked {
		m.output = m.output.Begin(msg.offset)
	}
	m.output = m.output.Write(msg.bytes)
	if before == 0 && m.output.Len() > 0 || m.showing == leafing {
		return m.arrange()
	}
	return m
}

// scrollOutput moves in the output. Where what is held ends, another part of the record is read.
func (m Model) scrollOutput(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	keys := m.output.KeyMap
	by := keys.By(msg, m.outputRows(), m.output.Len())
	switch {
	case m.follow.reading:
		return m, nil
	case key.Matches(msg, keys.Bottom) && m.follow.older:
		return m.newest(), nil
	case key.Matches(msg, keys.Top) && m.output.Oldest() > 0:
		return m.read(0, 0)
	case by < 0 && m.output.AtTop() && m.output.Oldest() > 0:
		return m.read(m.output.Oldest(), by)
	case by > 0 && m.output.AtEnd() && m.follow.older:
		return m.read(m.output.Next(), by)
	}
	m.output = m.output.Scroll(by)
	return m, nil
}

func (m Model) outputRows() int {
	_, rows := m.output.Size()
	return rows
}

// read reads the part of the output around a place in it.
func (m Model) read(mark int64, by int) (Model, tea.Cmd) {
	m.follow.reading, m.follow.older = true, true
	return m, m.link.part(m.follow.attempt, mark, by)
}

// turned shows the part that was read.
func (m Model) turned(msg partMsg) Model {
	if msg.attempt != m.follow.attempt {
		return m
	}
	m.follow.reading = false
	switch {
	case msg.err != nil:
		return m.warn("its output cannot be read: " + msg.err.Error())
	case msg.by > 0:
		m.output = m.output.Newer(msg.part, msg.by)
	default:
		m.output = m.output.Older(msg.part, msg.by)
	}
	m.follow.older, m.follow.over = !msg.last, false
	return m
}

// newest goes back to the end of the output, and follows it.
func (m Model) newest() Model {
	m.follow.older, m.follow.over, m.follow.calm = false, false, false
	m.output = m.output.Begin(0)
	return m
}
