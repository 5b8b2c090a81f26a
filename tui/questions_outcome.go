package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/form"
	"gatewalk/tui/reader"
)

// verdictQuestion asks how the last run went, with the document's own condition.
func (m Model) verdictQuestion(p steps.Place) question {
	spot := m.state.Spot(p)
	about := append(m.condition(p), m.found(spot)...)
	note := form.Line("note", "Note (may be left empty)", "")
	if spot.Status != steps.StatusAsking {
		note = form.Line("note", "Why, against what was found", "").Wanted("a verdict against what was found wants a reason")
	}
	return m.newQuestion(p, "Your verdict on "+m.name(p), "record", about, func(a form.Answers) answer {
		return says(steps.Verdict{Attempt: spot.Last, Pass: a["verdict"] == "pass", Note: a["note"]})
	},
		form.Choice("verdict", "It",
			form.Option{Key: "p", Value: "pass", Label: "passed: the condition holds"},
			form.Option{Key: "f", Value: "fail", Label: "failed: the walk stops here"}),
		note).withOutput()
}

// condition is what the document says must hold.
func (m Model) condition(p steps.Place) []string {
	if b := m.state.Block(p); b != nil && b.Expect != "" {
		return []string{"The text says: " + safe.Of(b.Expect).Plain()}
	}
	return []string{"The text gives no condition for it: look at the output."}
}

// found is how the last run ended, and what a check made of it.
func (m Model) found(spot steps.Spot) []string {
	var lines []string
	if ended := reader.Ended(m.state.Attempt(spot.Last)); ended != "" {
		lines = append(lines, "Its last run: "+ended+".")
	}
	if v := spot.Verdict; v != nil {
		for _, flag := range v.Judgment.Flags {
			lines = append(lines, "Look: "+safe.Of(flag).Plain())
		}
		if v.Judgment.Evidence != "" {
			lines = append(lines, "Found: "+safe.Of(v.Judgment.Evidence).Plain())
		}
	}
	if spot.Reason != "" {
		lines = append(lines, "Because: "+safe.Of(spot.Reason).Plain())
	}
	return lines
}

// failedQuestion asks what to do about a failure: everything but going past it without a word.
func (m Model) failedQuestion(p steps.Place) question {
	spot := m.state.Spot(p)
	options := []form.Option{{Key: "r", Value: "again", Label: "run it again from the beginning"}}
	from, next := m.nextCommand(spot)
	if next != "" {
		label := fmt.Sprintf("go on from its command %d: %s", from+1, safe.Line(next))
		options = append(options, form.Option{Key: "g", Value: "on", Label: label})
	}
	if spot.Last != 0 {
		options = append(options, form.Option{Key: "a", Value: "accept", Label: "accept it as good enough, with a reason"})
	}
	options = append(options,
		form.Option{Key: "h", Value: "hand", Label: "it was put right by hand: record that"},
		form.Option{Key: "n", Value: "no-go", Label: "NO-GO: stop here, with a reason"})
	return m.newQuestion(p, "Failed: "+m.name(p), "do that", m.found(spot), func(a form.Answers) answer {
		switch a["way"] {
		case "again":
			return says(steps.Run{Place: p})
		case "on":
			return says(steps.Run{Place: p, From: from})
		case "accept":
			return says(steps.Verdict{Attempt: spot.Last, Pass: true, Note: a["reason"]})
		case "hand":
			return says(steps.Done{Place: p, Result: steps.Passed, Who: m.options.Operator, Note: a["reason"]})
		}
		return says(steps.Refuse{Place: p, Reason: a["reason"]})
	},
		form.Choice("way", "What now (esc looks again)", options...),
		form.Line("reason", "Why", "").Only("way", "accept", "hand", "no-go").Wanted("a reason is wanted")).withOutput()
}

// nextCommand is the command after the one that failed, "" when there is none.
func (m Model) nextCommand(spot steps.Spot) (index int, text string) {
	a := m.state.Attempt(spot.Last)
	if a == nil || a.End == nil || len(a.End.Exits) == 0 {
		return 0, ""
	}
	index = a.End.Exits[len(a.End.Exits)-1].Command + 1
	if index >= len(a.Started.Commands) {
		return 0, ""
	}
	return index, a.Started.Commands[index]
}

// refusedQuestion asks how to go on after a NO-GO.
func (m Model) refusedQuestion(p steps.Place) question {
	return m.newQuestion(p, "NO-GO at "+m.name(p), "do that", m.found(m.state.Spot(p)), func(a form.Answers) answer {
		if a["way"] == "again" {
			return says(steps.Run{Place: p})
		}
		return says(steps.Skip{Place: p, Reason: a["reason"]})
	},
		form.Choice("way", "What now (esc leaves it so)",
			form.Option{Key: "r", Value: "again", Label: "come back to it: run it, and pass its gate if it has one"},
			form.Option{Key: "s", Value: "skip", Label: "skip it, with a reason"}),
		form.Line("reason", "Why", "").Only("way", "skip").Wanted("a reason is wanted"))
}

// noGoQuestion asks why.
func (m Model) noGoQuestion(p steps.Place) question {
	about := []string{"The walk stops here, with your reason. Coming back to it is a key."}
	return m.newQuestion(p, "NO-GO at "+m.name(p), "say NO-GO", about, func(a form.Answers) answer {
		return says(steps.Refuse{Place: p, Reason: a["reason"]})
	}, form.Line("reason", "Why", "").Wanted("a no-go has a reason"))
}

// withOutput shows the output that a question is about under it.
func (q question) withOutput() question {
	q.beside = true
	return q
}

func (m Model) askVerdict() (Model, tea.Cmd) { return m.open(m.verdictQuestion(m.place())), nil }
func (m Model) askFailed() (Model, tea.Cmd)  { return m.open(m.failedQuestion(m.place())), nil }
func (m Model) askRefused() (Model, tea.Cmd) { return m.open(m.refusedQuestion(m.place())), nil }
