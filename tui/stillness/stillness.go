// Package stillness tells hands at rest from keys that were already under way.
//
// Its promise: what opens by itself hears no key that was pressed before it could be read. It knows time only from the
// messages it asked for, so that it can be tested without a clock.
package stillness

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// How long hands must rest, and how long keys are passed over at most.
const (
	Quiet   = 425 * time.Millisecond
	Longest = 1500 * time.Millisecond
)

// Timer answers with a message after some time: tea.Tick in a program, a list in a test.
type Timer func(after time.Duration, msg tea.Msg) tea.Cmd

// Sleep is the Timer of a program.
func Sleep(after time.Duration, msg tea.Msg) tea.Cmd {
	return tea.Tick(after, func(time.Time) tea.Msg { return msg })
}

// QuietMsg says that the time to rest is over, if no key came since.
type QuietMsg struct{ id, keys int }

// LongestMsg says that keys have been passed over for long enough.
type LongestMsg struct{ id int }

// Watch watches the hands from the moment something opens. Messages of an earlier opening do not concern it.
type Watch struct {
	Quiet, Longest time.Duration
	Timer          Timer

	id, keys        int
	rested, patient bool
}

// Open begins to watch. No two openings share an id.
func (w Watch) Open(id int) (Watch, tea.Cmd) {
	w.id, w.keys, w.rested, w.patient = id, 0, false, false
	return w, tea.Batch(w.Timer(w.Quiet, QuietMsg{id, 0}), w.Timer(w.Longest, LongestMsg{id}))
}

// Key notes that a key, or anything else from the terminal, came.
func (w Watch) Key() (Watch, tea.Cmd) {
	w.keys++
	if w.rested {
		return w, nil
	}
	return w, w.Timer(w.Quiet, QuietMsg{w.id, w.keys})
}

// Update takes the messages that Open and Key asked for; the rest leave it as it is.
func (w Watch) Update(msg tea.Msg) Watch {
	switch msg := msg.(type) {
	case QuietMsg:
		w.rested = w.rested || msg.id == w.id && msg.keys == w.keys
	case LongestMsg:
		w.patient = w.patient || msg.id == w.id
	}
	return w
}

// Rested says that the hands have been still once since it opened: what comes now was meant for it.
func (w Watch) Rested() bool { return w.rested }

// Awake says that keys may be heard again: the hands were still, or it took too long. It is too little for a gate.
func (w Watch) Awake() bool { return w.rested || w.patient }
