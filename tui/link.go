package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"gatewalk/steps"
	"gatewalk/tui/output"
)

// link is the way to the session and the clock: everything that waits is one of its commands.
type link struct {
	session steps.Session
	done    <-chan struct{} // the screen is going away
	lost    <-chan struct{} // the session is; nil for one in this process
	now     func() time.Time
	frame   time.Duration // while output floods, it is read once a frame
}

type (
	// factsMsg are events that came; the screen may have some of them already.
	factsMsg []steps.Event

	// saidMsg is the answer to an input, with the events that came of it.
	saidMsg struct {
		input  steps.Input
		events []steps.Event
		err    error
	}

	// outputMsg is the next piece of an attempt's output, empty when there is no more. It begins at an offset; further on
	// than was asked for where the screen was far behind.
	outputMsg struct {
		attempt       uint64
		asked, offset int64
		bytes         []byte
		last          bool // nothing comes after it
		mute          bool // what is typed is not shown: it asks for a password
		err           error
	}

	// partMsg is another part of an attempt's output than its end.
	partMsg struct {
		attempt uint64
		part    output.Part
		by      int  // how far to scroll from its mark
		last    bool // it goes to the end
		err     error
	}

	// typedMsg says that keys were passed through.
	typedMsg struct {
		attempt uint64
		echo    bool
		err     error
	}

	// lostMsg says that the session cannot be reached any more.
	lostMsg struct{}

	// clockMsg is the time.
	clockMsg time.Time
)

// facts waits for events after a sequence number.
func (l link) facts(from uint64) tea.Cmd {
	return func() tea.Msg {
		for {
			events, more := l.session.Facts(from)
			if len(events) > 0 {
				return factsMsg(events)
			}
			if !l.wait(more) {
				return nil
			}
		}
	}
}

// away waits for the session to go away.
func (l link) away() tea.Cmd {
	if l.lost == nil {
		return nil
	}
	return func() tea.Msg {
		select {
		case <-l.lost:
			return lostMsg{}
		case <-l.done:
			return nil
		}
	}
}

// wait answers false when the screen or the session is going away.
func (l link) wait(more <-chan struct{}) bool {
	select {
	case <-more:
		return true
	default:
	}
	select {
	case <-more:
		return true
	case <-l.lost:
		return false
	case <-l.done:
		return false
	}
}

// say says one input, and reads what came of it.
func (l link) say(input steps.Input, seen, from uint64) tea.Cmd {
	return func() tea.Msg {
		err := l.session.Do(input, seen)
		events, _ := l.session.Facts(from)
		return saidMsg{input, events, err}
	}
}

// keys passes keys through to an attempt.
func (l link) keys(attempt uint64, keys []byte) tea.Cmd {
	return func() tea.Msg {
		err := l.session.Type(attempt, keys)
		return typedMsg{attempt, l.session.Echo(attempt), err}
	}
}

// clock tells the time after a while.
func (l link) clock(after time.Duration) tea.Cmd {
	return tea.Tick(after, func(time.Time) tea.Msg { return clockMsg(l.now()) })
}
