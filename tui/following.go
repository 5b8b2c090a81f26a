package tui

import (
	"bytes"
	"maps"

	tea "charm.land/bubbletea/v2"

	"gatewalk/steps"
)

// following is the output on screen: of which attempt, how far, and whether a piece of it is being waited for.
type following struct {
	attempt uint64
	offset  int64
	over    bool // there is no more of it
	ended   bool // its attempt has ended: what is there now is all
	partial bool // its beginning was passed over
	waiting map[uint64]bool
	echo    bool // what is typed is shown
}

// tail is how many bytes of a finished output are shown; all of it is in the record.
const tail = 4 << 20

// watch waits for the next piece of what is on screen, one piece at a time.
func (m Model) watch() (Model, tea.Cmd) {
	wanted := m.shown()
	if wanted != m.follow.attempt {
		m = m.turn(wanted)
	}
	if ended := m.ended(wanted); ended && !m.follow.ended {
		m.follow.ended, m.follow.over = true, false
	}
	if wanted == 0 || m.follow.over || m.follow.waiting[wanted] {
		return m, nil
	}
	m.follow.waiting = withKey(m.follow.waiting, wanted)
	return m, m.link.output(wanted, m.follow.offset, m.ended(wanted))
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
	return a == nil || a.End != nil || a.Unknown != "" || a.Taken != nil && a.Taken.As != steps.OutcomeRunning
}

// turn shows another attempt's output: of a long one that has ended, the end.
func (m Model) turn(attempt uint64) Model {
	m.output = m.output.Clear()
	m.follow = following{attempt: attempt, waiting: m.follow.waiting, echo: true}
	if a := m.state.Attempt(attempt); a != nil && a.End != nil && a.End.Bytes > tail {
		m.follow.offset, m.follow.partial = a.End.Bytes-tail, true
	}
	if m.focus == outputPane && attempt == 0 {
		m.focus = textPane
	}
	return m.arrange()
}

// printed shows a piece of output, if it is the next one of what is on screen.
func (m Model) printed(msg outputMsg) Model {
	m.follow.waiting = maps.Clone(m.follow.waiting)
	delete(m.follow.waiting, msg.attempt)
	if msg.attempt != m.follow.attempt || msg.offset != m.follow.offset {
		return m
	}
	m.follow.echo = msg.echo
	if msg.err != nil {
		m.follow.over = true
		return m.warn("its output cannot be read: " + msg.err.Error())
	}
	m.follow.offset += int64(len(msg.bytes))
	m.follow.over = len(msg.bytes) == 0
	piece := msg.bytes
	if m.follow.partial && len(piece) > 0 {
		_, piece, _ = bytes.Cut(piece, []byte("\n"))
		m.follow.partial = false
	}
	before := m.output.Len()
	m.output = m.output.Write(piece)
	if before == 0 && m.output.Len() > 0 {
		return m.arrange()
	}
	return m
}
