package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/form"
)

// drives says whether this screen drives. The others watch: they may write notes, hold the next command and reach for the wheel.
func (m Model) drives() bool { return !m.lost && m.state.Driver() == m.options.Label }

// watching is why a key of the driver's is dead here, "" while this screen drives.
func (m Model) watching() string {
	switch {
	case m.lost:
		return m.outOfReach()
	case m.drives() || m.state.Closed() != nil:
		return ""
	case m.state.Driver() == "":
		return "nobody drives: w takes the wheel"
	}
	return m.driver() + " drives, you watch: w asks for the wheel"
}

// approves says whether the selected place waits for a second person's word, which is not the driver's.
func (m Model) approves() bool {
	spot := m.spot()
	return spot.Status == steps.StatusWaiting && spot.Gate.Gate == runbook.Approval && !m.drives() && !m.lost
}

func (m Model) driver() string { return safe.Line(m.state.Driver()).String() }

// driving says who drives, for the status line: "" where it goes without saying.
func (m Model) driving() string {
	switch {
	case m.lost, m.drives(), m.state.Closed() != nil:
		return ""
	case m.state.Driver() == "":
		return "nobody drives"
	}
	return m.driver() + " drives, you watch"
}

// wheelAsked is what stands on both screens while somebody asks for the wheel, "" otherwise.
func (m Model) wheelAsked() string {
	asking := m.state.Asking()
	switch {
	case asking == nil:
		return ""
	case asking.By == m.options.Label:
		return "you have asked for the wheel; " + m.driver() + " has not answered yet"
	}
	text := safe.Line(asking.By).String() + " asks for the wheel" + because(asking.Reason)
	if m.drives() {
		text += ": w answers"
	}
	return text
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ", because: " + safe.Line(reason).String()
}

// reaching is what the wheel's key does here, for the help line.
func (m Model) reaching() string {
	switch {
	case m.drives():
		return "give or keep the wheel"
	case m.state.Driver() == "":
		return "take the wheel"
	}
	return "ask for the wheel"
}

func (m Model) nothingAboutTheWheel() string {
	switch {
	case m.lost:
		return m.outOfReach()
	case m.state.Closed() != nil:
		return "the session is closed: nobody drives it any more"
	case m.drives() && m.state.Asking() == nil:
		return "you drive, and nobody asks for the wheel"
	}
	return ""
}

// wheel answers who asks, or shows how the session stands before it is asked for or taken.
func (m Model) wheel() (Model, tea.Cmd) {
	if m.drives() {
		return m.open(m.yieldQuestion(*m.state.Asking())), nil
	}
	return m.leaf(Model.handover).leadsTo(m.KeyMap.Go, "go on", Model.askWheel, true), nil
}

// yieldQuestion asks the driver whether the wheel is given away.
func (m Model) yieldQuestion(asking steps.DriveAsked) question {
	about := []string{safe.Line(asking.By).String() + " asks for the wheel" + because(asking.Reason) + "."}
	return m.newQuestion(m.place(), "The wheel", "answer", about, func(a form.Answers) answer {
		return says(steps.Yield{To: asking.By, Refused: a["answer"] == "keep", Reason: a["reason"]})
	},
		form.Choice("answer", "You drive",
			form.Option{Key: "g", Value: "give", Label: "give it: they drive, and you watch"},
			form.Option{Key: "k", Value: "keep", Label: "keep it for now"}),
		form.Line("reason", "A word to them (may be left empty)", ""))
}

// askWheel asks for the wheel, or takes it.
func (m Model) askWheel() (Model, tea.Cmd) {
	if m.state.Driver() == "" {
		return m.open(m.newQuestion(m.place(), "Take the wheel", "take it", []string{"Nobody drives."}, func(a form.Answers) answer {
			return says(steps.Drive{Reason: a["reason"]})
		}, form.Line("reason", "A word for the record (may be left empty)", ""))), nil
	}
	about := []string{m.driver() + " drives."}
	if asked := m.wheelAsked(); asked != "" {
		about = append(about, asked+".")
	}
	return m.open(m.newQuestion(m.place(), "The wheel", "do that", about, func(a form.Answers) answer {
		return says(steps.Drive{Forced: a["way"] == "force", Reason: a["reason"]})
	},
		form.Choice("way", "You",
			form.Option{Key: "a", Value: "ask", Label: "ask for it: the driver gives or keeps it"},
			form.Option{Key: "f", Value: "force", Label: "take it by force; it is listed on the first page of the record"}),
		form.Line("reason", "Why", "").Wanted("a reason is wanted"))), nil
}

// handover is how the session stands, for who is about to drive it.
func (m Model) handover(width int) []string {
	who := "Nobody drives this session."
	if m.state.Driver() != "" {
		who = m.driver() + " drives this session."
	}
	lines := append(m.item(who+" This is how it stands:", width), "")
	for _, part := range []struct {
		title string
		items []string
	}{
		{"Runs now", m.underWay()},
		{"Gates that are open", m.listed(steps.StatusWaiting)},
		{"Stops the walk", m.listed(steps.StatusFailed, steps.StatusAsking, steps.StatusUnknown, steps.StatusRefused)},
		{"Owed", m.owed()},
		{"Skipped or left open", m.listed(steps.StatusSkipped, steps.StatusPassed)},
	} {
		lines = append(lines, m.section(part.title, part.items, width)...)
	}
	if held := m.state.Held(); held != nil {
		lines = append(lines, m.section("Held: nothing starts", []string{safe.Of(held.Reason).Plain()}, width)...)
	}
	return lines
}

// underWay are the commands that run and the polls that go on.
func (m Model) underWay() (all []string) {
	for _, id := range m.state.Running() {
		a := m.state.Attempt(id)
		all = append(all, fmt.Sprintf("%s, attempt %d on %s since %s", m.name(a.Started.Place), id, safe.Line(a.Started.Host), a.At.Format("15:04")))
	}
	for _, p := range m.state.Polling() {
		all = append(all, m.name(p)+", a poll")
	}
	return all
}

// listed are the places that stand at one of some statuses.
func (m Model) listed(statuses ...steps.Status) (all []string) {
	for _, line := range m.state.Outline() {
		for _, status := range statuses {
			if line.Unit && line.Status == status {
				all = append(all, fmt.Sprintf("%s: %s%s", m.name(line.Place), status, because(m.state.Spot(line.Place).Reason)))
			}
		}
	}
	return all
}

func (m Model) owed() (all []string) {
	for _, d := range m.state.Debts() {
		all = append(all, safe.Of(d.Name).Plain()+", taken on at "+m.name(d.Place))
	}
	return all
}

// hold keeps the next command from starting, or lets it go.
func (m Model) hold() (Model, tea.Cmd) {
	if held := m.state.Held(); held != nil {
		about := []string{"Held" + because(held.Reason) + "."}
		return m.open(m.newQuestion(m.place(), "Lift the hold", "lift it", about, func(a form.Answers) answer {
			return says(steps.Hold{Reason: a["reason"]})
		}, form.Line("reason", "A word for the record (may be left empty)", ""))), nil
	}
	about := []string{"No command starts until somebody lifts it. What runs goes on."}
	return m.open(m.newQuestion(m.place(), "Hold the next command", "hold", about, func(a form.Answers) answer {
		return says(steps.Hold{On: true, Reason: a["reason"]})
	}, form.Line("reason", "Why", "").Wanted("a hold has a reason"))), nil
}
