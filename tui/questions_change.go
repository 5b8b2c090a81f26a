package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"gatewalk/steps"
	"gatewalk/tui/form"
)

// askEdit opens the text of the selected block.
func (m Model) askEdit() (Model, tea.Cmd) {
	p, text := m.place(), strings.Join(m.block().Commands, "\n")
	if edited := m.spot().Edited; edited != nil {
		text = *edited
	}
	q := m.newQuestion(p, "Edit "+m.name(p), "write down", nil, func(a form.Answers) answer {
		return says(steps.Edit{Place: p, Text: strings.TrimRight(a["text"], "\n"), Reason: a["reason"]})
	},
		form.Text("text", "What will run (tab goes on)", text).Wanted("an empty command: s skips it instead"),
		form.Line("reason", "Why (may be left empty)", ""))
	return m.open(q), nil
}

// askOffScript opens a line for a command of the operator's own.
func (m Model) askOffScript() (Model, tea.Cmd) {
	p := m.place()
	about := []string{"It runs in the shell of this step and is recorded under it."}
	q := m.newQuestion(p, "Off-script at "+m.name(p), "run it", about, func(a form.Answers) answer {
		return says(steps.Run{Place: p, OffScript: a["command"], Keep: a["keep"] == "yes"})
	},
		form.Line("command", "Command", "").Wanted("type a command, or esc leaves"),
		form.Choice("keep", "Variables it sets",
			form.Option{Key: "f", Value: "no", Label: "are forgotten"},
			form.Option{Key: "k", Value: "yes", Label: "are kept for the steps that follow"}))
	return m.open(q), nil
}

// readings say what may be overruled, and by which words; without any, by a name.
var readings = []struct {
	key, label string
	property   steps.Property
	words      []string
}{
	{"k", "its kind", steps.KindProperty, []string{"command", "output"}},
	{"h", "its host", steps.HostProperty, nil},
	{"g", "its gate", steps.GateProperty, []string{"canary", "failover", "stop", "disruptive", "approval", "none"}},
	{"w", "the weight of its gate", steps.WeightProperty, []string{"typed", "key"}},
	{"c", "the check that was proposed for it", steps.CheckProperty, []string{"adopt", "drop"}},
	{"v", "whether it is a verification", steps.VerifyProperty, []string{"true", "false"}},
}

// askOverrule opens a form to read a block otherwise.
func (m Model) askOverrule() (Model, tea.Cmd) {
	p := m.place()
	var options []form.Option
	for _, r := range readings {
		label := r.label + ": " + strings.Join(r.words, ", ")
		if r.words == nil {
			label = r.label + ": a name"
		}
		options = append(options, form.Option{Key: r.key, Value: string(r.property), Label: label})
	}
	q := m.newQuestion(p, "Read otherwise: "+m.name(p), "write down", nil, func(a form.Answers) answer { return overruled(p, a) },
		form.Choice("property", "What was read wrongly", options...),
		form.Line("value", "It is", "").Wanted("type one of the words above"),
		form.Line("reason", "Why", "").Wanted("a reason is wanted"))
	return m.open(q), nil
}

// overruled is what the answers about another reading mean: only words that are known may stand in the record.
func overruled(p steps.Place, a form.Answers) answer {
	property, value := steps.Property(a["property"]), strings.TrimSpace(a["value"])
	for _, r := range readings {
		if r.property == property && r.words != nil && !slices.Contains(r.words, value) {
			return answer{wrong: "it is one of: " + strings.Join(r.words, ", ")}
		}
	}
	return says(steps.Overrule{Place: p, Property: property, Value: value, Reason: a["reason"]})
}

// askStop opens a form to send a signal to the running command.
func (m Model) askStop() (Model, tea.Cmd) {
	attempt := m.runningHere()
	p := m.state.Attempt(attempt).Started.Place.Outside()
	q := m.newQuestion(p, "Stop "+m.name(p), "send it", nil, func(a form.Answers) answer {
		return says(steps.Abort{Attempt: attempt, Signal: a["signal"], Reason: a["reason"]})
	},
		form.Choice("signal", "Signal",
			form.Option{Key: "i", Value: "INT", Label: "INT: what ctrl+c sends"},
			form.Option{Key: "t", Value: "TERM", Label: "TERM: asks it to end"},
			form.Option{Key: "k", Value: "KILL", Label: "KILL: it cannot tidy up"}),
		form.Line("reason", "Why (may be left empty)", ""))
	return m.open(q), nil
}
