package outline

import (
	"charm.land/lipgloss/v2"

	"gatewalk/steps"
	"gatewalk/tui/theme"
)

// Mark is how a status shows: a sign for the eye and a word for everyone.
type Mark struct{ Sign, Word string }

// Marks are the signs and words of every status.
var Marks = map[steps.Status]Mark{
	steps.StatusOpen:      {"·", ""},
	steps.StatusWaiting:   {"‖", "at the gate"},
	steps.StatusRunning:   {"▸", "running"},
	steps.StatusPolling:   {"▸", "polling"},
	steps.StatusJudging:   {"▸", "judging"},
	steps.StatusAsking:    {"?", "your verdict"},
	steps.StatusDone:      {"✓", "done"},
	steps.StatusByHand:    {"✓", "by hand"},
	steps.StatusNot:       {"-", "not applicable"},
	steps.StatusSkipped:   {"-", "skipped"},
	steps.StatusFailed:    {"✗", "failed"},
	steps.StatusRefused:   {"✗", "no-go"},
	steps.StatusUnknown:   {"!", "unknown"},
	steps.StatusCalled:    {"↳", "called"},
	steps.StatusChosen:    {"✓", "chosen"},
	steps.StatusPassed:    {"○", "left open"},
	steps.StatusElsewhere: {"-", "not this way"},
}

// look is the style of a row that stands so.
func (m Mark) look(s theme.Styles, row Row) lipgloss.Style {
	switch row.Status {
	case steps.StatusFailed, steps.StatusRefused, steps.StatusUnknown:
		return s.Bad
	case steps.StatusAsking, steps.StatusWaiting, steps.StatusPassed:
		return s.Warn
	case steps.StatusRunning, steps.StatusPolling, steps.StatusJudging:
		return s.Accent
	case steps.StatusDone, steps.StatusByHand, steps.StatusChosen, steps.StatusCalled,
		steps.StatusNot, steps.StatusSkipped, steps.StatusElsewhere:
		return s.Quiet
	case steps.StatusOpen:
		if !row.Unit {
			return s.Strong
		}
		return s.Plain
	}
	panic("outline: no look for " + string(row.Status))
}
