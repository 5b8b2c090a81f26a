package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/form"
	"gatewalk/tui/reader"
	"gatewalk/tui/theme"
)

// askUnknown shows what is known of a run whose end nobody saw, and then asks what became of it.
func (m Model) askUnknown() (Model, tea.Cmd) {
	decide := func(m Model) (Model, tea.Cmd) { return m.open(m.unknownQuestion(m.place())), nil }
	return m.leaf(Model.doubt).leadsTo(m.KeyMap.Go, "decide", decide, true), nil
}

// doubt is all that is known of the last run at the selected place: what ran, where, since when, why its end is not known,
// and the last that it printed.
func (m Model) doubt(width int) []string {
	lines := theme.Wrap("Nobody saw the end of "+m.name(m.place()), m.styles.Heading, width)
	a := m.state.Attempt(m.spot().Last)
	if a == nil {
		return lines
	}
	began := fmt.Sprintf("attempt %d, started on %s as %s at %s", a.ID, safe.Line(a.Started.Host), safe.Line(a.Started.User), a.At.Format("15:04:05 on 2 January"))
	lines = append(lines, m.item(began, width)...)
	lines = append(lines, reader.Text(a.Started.Text, m.styles, width)...)
	lines = append(lines, theme.Wrap("why: "+safe.Of(a.Unknown).Plain(), m.styles.Warn, width)...)
	lines = append(lines, m.styles.Heading.Render("The last that it printed"))
	lines = append(lines, m.lastWords(width)...)
	return append(lines, theme.Wrap("It is not run again by itself.", m.styles.Plain, width)...)
}

// mostLast is how many lines of an output a page shows.
const mostLast = 8

// lastWords are the last lines of the output that belongs to the selected place.
func (m Model) lastWords(width int) []string {
	last := m.output.Last(mostLast)
	if len(last) == 0 {
		return m.item("nothing", width)
	}
	for i := range last {
		last[i] = theme.Cut("  "+last[i], width)
	}
	return last
}

// unknownQuestion asks what became of a run whose end nobody saw. Every answer has a reason that is written down.
func (m Model) unknownQuestion(p steps.Place) question {
	spot := m.state.Spot(p)
	about := []string{"Nobody saw its end" + because(spot.Reason) + "."}
	options := []form.Option{}
	check, found := m.verification(p)
	if found {
		options = append(options, form.Option{Key: "l", Value: "look", Label: "look first with the text's own verification: " + m.name(check)})
	}
	again := "run it again, though it may have run"
	if gate := m.state.Prepare(p).Gate; gate != runbook.NoGate && gate != "" {
		again += "; its gate asks once more"
	}
	options = append(options,
		form.Option{Key: "d", Value: "done", Label: "it was done"},
		form.Option{Key: "r", Value: "again", Label: again},
		form.Option{Key: "s", Value: "stop", Label: "stop here: NO-GO"},
		form.Option{Key: "f", Value: "failed", Label: "it failed: decide what then"},
		form.Option{Key: "n", Value: "not run", Label: "it never ran"})
	return m.newQuestion(p, "What became of "+m.name(p)+"?", "do that", about, func(a form.Answers) answer {
		if a["as"] == "look" {
			return m.lookFirst(check)
		}
		return settled(p, spot.Last, a["as"], a["reason"])
	},
		form.Choice("as", "What now (esc leaves it so)", options...),
		form.Line("reason", "What shows it, or why", "").Only("as", "done", "again", "stop", "failed", "not run").Wanted("a reason is wanted")).withOutput()
}

// settled is what the answer about a run in doubt means. One that is run again, or stopped at, does not count as done.
func settled(p steps.Place, attempt uint64, as, reason string) answer {
	outcome := map[string]steps.Outcome{
		"done": steps.OutcomeDone, "failed": steps.OutcomeFailed, "not run": steps.OutcomeNotRun,
		"again": steps.OutcomeFailed, "stop": steps.OutcomeFailed,
	}[as]
	inputs := []steps.Input{steps.Resolve{Attempt: attempt, As: outcome, Reason: reason}}
	switch as {
	case "again":
		inputs = append(inputs, steps.Run{Place: p})
	case "stop":
		inputs = append(inputs, steps.Refuse{Place: p, Reason: reason})
	}
	return says(inputs...)
}

// lookFirst runs the document's own verification off-script: the step that is unknown stops everything else. One that
// cannot start as it stands is gone to instead.
func (m Model) lookFirst(check steps.Place) answer {
	ready := m.state.Prepare(check)
	if len(ready.Missing) > 0 || ready.Gate != runbook.NoGate || ready.Binding == nil || ready.Binding.Kind != steps.Here {
		return answer{to: &check}
	}
	return says(steps.Run{Place: check, OffScript: ready.Text})
}

// verification is the first verification after a place, false when there is none.
func (m Model) verification(p steps.Place) (steps.Place, bool) {
	after := false
	for _, line := range m.state.Outline() {
		if b := m.state.Block(line.Place); after && b != nil && b.Verify && b.Runs() && line.Status != steps.StatusElsewhere {
			return line.Place, true
		}
		after = after || line.Place.Key() == p.Key()
	}
	return steps.Place{}, false
}
