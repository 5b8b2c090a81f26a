package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/form"
)

// askLeave says what happens when the screen closes, and asks.
func (m Model) askLeave() (Model, tea.Cmd) {
	about := []string{"The session stays on disk; gatewalk resume comes back to it.", m.keeping()}
	for _, id := range m.state.Running() {
		a := m.state.Attempt(id)
		about = append(about, fmt.Sprintf("Running: %s (attempt %d).", m.name(a.Started.Place), id))
	}
	if len(m.state.Running()) > 0 {
		about = append(about, "It goes on without this screen. Its output is recorded, and gatewalk resume picks it up.")
	}
	for _, p := range m.state.Polling() {
		about = append(about, "Polling: "+m.name(p)+". "+m.pollsOn())
	}
	q := m.newQuestion(m.place(), "Leave?", "do that", about, func(a form.Answers) answer {
		if a["leave"] == "no" {
			return answer{}
		}
		if m.state.Closed() != nil || !m.drives() {
			return answer{leave: true}
		}
		return answer{inputs: []steps.Input{steps.Park{Note: a["note"]}}, leave: true}
	},
		form.Choice("leave", "Leave",
			form.Option{Key: "y", Value: "yes", Label: "yes, leave"},
			form.Option{Key: "n", Value: "no", Label: "no, stay"}),
		form.Line("note", "A word for who comes next (may be left empty)", "").Only("leave", "yes"))
	return m.open(q), nil
}

// pollsOn says what becomes of a poll when the screen closes.
func (m Model) pollsOn() string {
	if m.options.Kept {
		return "Its rounds go on without this screen; gatewalk resume shows what came of them."
	}
	return "No round begins while nobody is here; gatewalk resume goes on with it."
}

// askClose ends the session when nothing is open any more.
func (m Model) askClose() (Model, tea.Cmd) {
	about := []string{"Nothing is open any more."}
	for _, debt := range m.state.Debts() {
		about = append(about, "Still owed: "+safe.Of(debt.Name).Plain()+", taken on at "+m.name(debt.Place))
	}
	q := m.newQuestion(m.place(), "The walk is at its end", "do that", about, func(a form.Answers) answer {
		switch a["end"] {
		case "stay":
			return answer{}
		case "completed", "stopped":
			return says(steps.Close{Outcome: a["end"], Reason: a["reason"]})
		}
		panic("tui: an end that was not offered")
	},
		form.Choice("end", "The session",
			form.Option{Key: "c", Value: "completed", Label: "is completed: close it"},
			form.Option{Key: "s", Value: "stopped", Label: "was stopped: close it, with a reason"},
			form.Option{Key: "o", Value: "stay", Label: "stays open"}),
		form.Line("reason", "Why", "").Only("end", "stopped").Wanted("a reason is wanted"))
	return m.open(q), nil
}
