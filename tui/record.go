package tui

import (
	"fmt"

	"gatewalk/steps/safe"
)

// recorded is how the record stands, for the status line.
func (m Model) recorded() string {
	switch {
	case m.lost:
		return "NO LINK"
	case len(m.sending) > 0:
		return "recording …"
	case m.failed:
		return "NOT RECORDED"
	}
	return fmt.Sprintf("recorded #%d", m.state.Seq())
}

// cutOff goes back to the walk as it was last seen: nothing can be said to the session any more.
func (m Model) cutOff() Model {
	m.lost, m.sending, m.showing = true, nil, walking
	return m.arrange()
}

// outOfReach is why a key is dead that would say something to a session nobody reaches any more.
func (m Model) outOfReach() string {
	if m.lost {
		return "the session cannot be reached any more"
	}
	return ""
}

// keeping is what holds the session, and what would end that.
func (m Model) keeping() string {
	opened := m.state.Opened()
	switch {
	case opened == nil:
		return ""
	case opened.Keeper == "":
		return "No keeper: closing this terminal ends the sitting; what runs goes on, and gatewalk resume comes back."
	}
	return "A keeper holds the session (" + safe.Line(opened.Keeper).String() + ")."
}

// noLink is what stands on a screen whose session cannot be reached any more.
func (m Model) noLink() string {
	id := ""
	if opened := m.state.Opened(); opened != nil {
		id = " " + safe.Line(opened.Session).String()
	}
	return "The keeper of this session is gone; this is what was last seen. What runs goes on, what was recorded is safe. " +
		"q leaves, then: gatewalk resume" + id
}
