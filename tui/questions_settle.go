package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/form"
)

func (m Model) byHandQuestion(p steps.Place) question {
	return m.newQuestion(p, "Done by hand: "+m.name(p), "record", m.doneThere(p), func(a form.Answers) answer {
		var inputs []steps.Input // what cannot be attached is found out before anything counts as done
		for _, source := range strings.FieldsFunc(a["attached"], func(r rune) bool { return r == '\n' }) {
			inputs = append(inputs, steps.Attach{Place: p, Source: strings.TrimSpace(source)})
		}
		return says(append(inputs, steps.Done{
			Place: p, Result: steps.Result(a["result"]), Who: a["who"], Note: a["note"], Pasted: a["pasted"],
		})...)
	},
		form.Choice("result", "How did it go?",
			form.Option{Key: "p", Value: string(steps.Passed), Label: "passed"},
			form.Option{Key: "f", Value: string(steps.Failed), Label: "failed"},
			form.Option{Key: "n", Value: string(steps.NotApplicable), Label: "not applicable here"}),
		form.Line("who", "Who did it", m.options.Operator).Wanted("say who did it"),
		form.Line("note", "Note", "").Hint("wanted unless it passed: what was seen, or why it does not apply"),
		form.Text("pasted", "Output, pasted (may be left empty; tab goes on)", ""),
		form.Text("attached", "Files or links to attach, one a line (may be left empty; tab goes on)", ""))
}

// doneThere reminds of what is to be done elsewhere.
func (m Model) doneThere(p steps.Place) []string {
	ready := m.state.Prepare(p)
	if ready.Binding == nil || ready.Binding.Kind != steps.ByHand || len(ready.Binding.Names) == 0 {
		return nil
	}
	return []string{"On " + safe.Line(strings.Join(ready.Binding.Names, " ")).String() + ", not on this machine."}
}

func (m Model) noteQuestion(p steps.Place) question {
	return m.newQuestion(p, "Note at "+m.name(p), "write down", nil, func(a form.Answers) answer {
		return says(steps.Note{Place: &p, Text: a["note"]})
	}, form.Line("note", "Note", "").Wanted("type something, or esc leaves"))
}

func (m Model) skipQuestion(p steps.Place) question {
	about := []string{"It is recorded as skipped, with the reason, on the first page of the record."}
	return m.newQuestion(p, "Skip "+m.name(p), "skip", about, func(a form.Answers) answer {
		return says(steps.Skip{Place: p, Reason: a["reason"]})
	}, form.Line("reason", "Why", "").Wanted("a reason is wanted"))
}

func (m Model) jumpQuestion(p steps.Place) question {
	about := []string{"What lies between stays open and is listed as left open. A jump passes no gate."}
	return m.newQuestion(p, "Go on at "+m.name(p), "jump", about, func(a form.Answers) answer {
		return says(steps.Jump{To: p, Reason: a["reason"]})
	}, form.Line("reason", "Why", "").Wanted("a reason is wanted"))
}

func (m Model) askByHand() (Model, tea.Cmd) { return m.open(m.byHandQuestion(m.place())), nil }
func (m Model) askSkip() (Model, tea.Cmd)   { return m.open(m.skipQuestion(m.place())), nil }
func (m Model) askNote() (Model, tea.Cmd)   { return m.open(m.noteQuestion(m.place())), nil }
func (m Model) askJump() (Model, tea.Cmd)   { return m.open(m.jumpQuestion(m.place())), nil }
func (m Model) askChoice() (Model, tea.Cmd) { return m.open(m.choiceQuestion(m.place())), nil }
