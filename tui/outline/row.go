package outline

import (
	"strings"

	"gatewalk/runbook"
	"gatewalk/runbook/doc"
	"gatewalk/steps"
)

// Row is one line of the list. A step whose one block is all there is to do in it shares a row with that block.
type Row struct {
	steps.Line
	key  string
	step string // the key of the step that shares the row, "" if none does
	less bool   // what it stands inside of says already that it is not this way
}

// rowsOf are the rows of a state.
func rowsOf(s steps.State) []Row {
	lines := s.Outline()
	rows := make([]Row, 0, len(lines))
	away := -1 // the depth of the step whose whole inside is not this way, -1 for none
	for i := 0; i < len(lines); i++ {
		row := Row{Line: lines[i], key: lines[i].Place.Key()}
		if i+1 < len(lines) && shares(lines, i) {
			block := lines[i+1]
			block.Depth = row.Depth
			row = Row{Line: block, key: block.Place.Key(), step: row.key}
			i++
		}
		if away >= 0 && row.Depth <= away || row.Status != steps.StatusElsewhere {
			away = -1
		}
		row.less = away >= 0
		if away < 0 && row.Status == steps.StatusElsewhere {
			away = row.Depth
		}
		rows = append(rows, row)
	}
	return rows
}

// word is how the row stands, in words.
func (r Row) word() string {
	switch {
	case r.less:
		return ""
	case r.Status == steps.StatusElsewhere && strings.HasPrefix(r.Reason, "not chosen"):
		return "not chosen"
	case r.Status.Settled() && strings.HasPrefix(r.Reason, steps.ClaimedBy):
		return Marks[r.Status].Word + ", claimed"
	}
	return Marks[r.Status].Word
}

// shares says whether the step on one line and the block on the next are one thing to an operator.
func shares(lines []steps.Line, i int) bool {
	step, block := lines[i], lines[i+1]
	if step.Block >= 0 || step.Unit || block.Block < 0 || block.Step != step.Step || block.Depth != step.Depth+1 {
		return false
	}
	return i+2 >= len(lines) || lines[i+2].Depth <= step.Depth
}

// label is what a person calls the row: its number and its title, or the first line of its command.
func (r Row) label(plan *runbook.Plan) string {
	if r.Block >= 0 && (r.step == "" || r.Step < 0) {
		b := &plan.Blocks[r.Block]
		if b.Kind == runbook.File {
			return "file: " + b.First
		}
		return "$ " + b.First
	}
	step := &plan.Steps[r.Step]
	number := step.Path[strings.LastIndexByte(step.Path, '/')+1:]
	if number == "" {
		return step.Title
	}
	return number + " " + step.Title
}

// text is all that a search may find: the label, and what the author wrote.
func (r Row) text(plan *runbook.Plan) string {
	var b strings.Builder
	b.WriteString(r.label(plan))
	if r.Block >= 0 {
		b.WriteString("\n" + plan.Blocks[r.Block].Text)
	}
	if r.Step < 0 || r.Block >= 0 && r.step == "" {
		return b.String()
	}
	for _, item := range plan.Steps[r.Step].Body {
		switch {
		case item.Kind == runbook.NoteItem:
			b.WriteString("\n" + plan.Admonitions[item.Index].Text)
		case item.Prose != nil:
			doc.Walk([]*doc.Node{item.Prose}, func(n *doc.Node) bool {
				b.WriteString("\n" + doc.Words(n.Spans) + n.Text)
				return true
			})
		}
	}
	return b.String()
}

// count says how many rows are settled, of those on the way that are to be done.
func count(rows []Row) (settled, all int) {
	for _, row := range rows {
		if !row.Unit || row.Status == steps.StatusElsewhere {
			continue
		}
		all++
		if row.Status.Settled() {
			settled++
		}
	}
	return settled, all
}
