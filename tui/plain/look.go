package plain

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/tail"
)

// lookLines is how much of an output is looked at again.
const lookLines = 20

// greet says what is walked, by whom, and how far it has come.
func (w *walk) greet() {
	plan, opened := w.state.Plan(), w.state.Opened()
	w.say("runbook: %s (%s)", plan.Title, plan.Source)
	w.say("session: %s on %s, as %s", opened.Session, opened.Machine, opened.User)
	if opened.Simulated {
		w.say("this is a rehearsal: nothing real is touched")
	}
	if opened.Unattended {
		w.say("unattended: gates may be passed by file, and the record says so")
	}
	if from := w.state.Continued(); from != nil {
		w.tellContinued(*from)
	}
	if opened.Copied {
		w.say("this was taken up from a copy of the record: what stands open here may have been done where the copy comes from")
	}
	if opened.Resumed {
		w.say("resumed; so far: %s", w.settled())
	}
	for _, p := range plan.Prerequisites {
		w.say("before the first step: %s", p.Text)
	}
	w.tellProblems()
	if !w.drives() {
		w.say("%s", w.watching())
	}
	w.say("help lists the words that work")
}

// fewProblems is how many problems of a document are read out; gatewalk plan prints them all.
const fewProblems = 5

// tellProblems says what had to be guessed at when the document was read.
func (w *walk) tellProblems() {
	problems := w.state.Plan().Problems
	for _, p := range problems[:min(len(problems), fewProblems)] {
		w.say("problem in the text: line %d: %s", p.Line, p.Text)
	}
	if more := len(problems) - fewProblems; more > 0 {
		w.say("and %d more problems in the text; gatewalk plan lists them", more)
	}
}

// settled counts the places on the way by how they stand.
func (w *walk) settled() string {
	counts := map[steps.Status]int{}
	for _, l := range w.outline().lines {
		if l.Unit && l.Status != steps.StatusElsewhere {
			counts[l.Status]++
		}
	}
	var words []string
	for _, status := range slices.Sorted(maps.Keys(counts)) {
		words = append(words, fmt.Sprintf("%d %s", counts[status], status))
	}
	return strings.Join(words, ", ")
}

// list reads the outline out: every step and command with how it stands.
func (w *walk) list() {
	c := w.outline()
	next, _ := w.state.Next()
	for _, l := range c.lines {
		status := ""
		if l.Unit || l.Status != steps.StatusOpen {
			status = ": " + string(l.Status)
		}
		if l.Reason != "" {
			status += " (" + l.Reason + ")"
		}
		here := ""
		if l.Unit && l.Place.Key() == next.Key() {
			here = ", next"
		}
		w.say("%s%s %s%s%s", strings.Repeat("  ", l.Depth), c.names[l.Place.Key()], w.entry(l), status, here)
	}
}

// entry is a line of the outline in words: a step's title, or the first line of a command.
func (w *walk) entry(l steps.Line) string {
	if l.Block >= 0 {
		b := &w.state.Plan().Blocks[l.Block]
		first, _, _ := strings.Cut(strings.Join(b.Commands, "\n")+"\n", "\n")
		if first == "" {
			first = b.First
		}
		return "`" + first + "`"
	}
	return w.outline().title(l)
}

// look reads out again what the last run at a place printed.
func (w *walk) look(p steps.Place, arg string) error {
	spot := w.state.Spot(p)
	if len(spot.Attempts) == 0 {
		w.say("nothing has run here")
		return nil
	}
	id := spot.Attempts[len(spot.Attempts)-1]
	w.say("attempt %d printed:", id)
	if arg == "all" {
		return w.whole(id)
	}
	lines, err := strconv.Atoi(arg)
	if arg != "" && (err != nil || lines < 1) {
		w.say("look, look 100 or look all")
		return nil
	}
	w.lastWords(id, max(lines, lookLines))
	return nil
}

// whole reads out all that an attempt printed.
func (w *walk) whole(id uint64) error {
	var s stream
	for {
		piece, _, err := w.session.Output(id, s.offset)
		if err != nil {
			return err
		}
		if len(piece) == 0 {
			w.output(s.filter.Flush())
			return w.err
		}
		w.readOut(&s, piece)
	}
}

// lastWords reads out the last lines that an attempt printed. What cannot be read is said.
func (w *walk) lastWords(id uint64, lines int) {
	if _, err := w.tail(id, lines); err != nil {
		w.say("its output cannot be read: %s", err)
	}
}

// tail reads out the last lines that an attempt printed, and answers where they end.
func (w *walk) tail(id uint64, lines int) (end int64, err error) {
	start, err := tail.Start(w.reading(id), 0)
	if err != nil {
		return 0, err
	}
	last, end := safe.New(lines), start
	for {
		piece, _, err := w.session.Output(id, end)
		if err != nil {
			return end, err
		}
		if len(piece) == 0 {
			break
		}
		end += int64(len(piece))
		if end-int64(len(piece)) == start && start > 0 {
			piece = piece[tail.Line(piece):]
		}
		last.Write(piece)
	}
	w.print(last, start)
	return end, nil
}

// print reads lines out, and says what came before them.
func (w *walk) print(lines *safe.Lines, start int64) {
	switch {
	case start > 0:
		w.say("(more than %d bytes before; look all reads out all of them)", start)
	case lines.Dropped() > 0:
		w.say("(%d earlier lines; look all reads out all of them)", lines.Dropped())
	}
	for i := range lines.Len() {
		w.output(lines.Line(i))
		w.midline = true
		w.endLine()
	}
}

// why reads out the rules that made the reading of a place, and the lines that made them speak.
func (w *walk) why(p steps.Place) {
	reasons := map[string]string{}
	if b := w.state.Block(p); b != nil {
		for property, reason := range b.Why {
			reasons[property] = fmt.Sprintf("%s, by the rule %q (line %d)", property, reason.Rule, reason.Line)
		}
	}
	if step := w.state.Step(p); step != nil {
		for property, reason := range step.Why {
			reasons["step "+property] = fmt.Sprintf("its step's %s, by the rule %q (line %d)", property, reason.Rule, reason.Line)
		}
	}
	if len(reasons) == 0 {
		w.say("nothing was inferred here")
	}
	for _, property := range slices.Sorted(maps.Keys(reasons)) {
		w.say("read: %s", reasons[property])
	}
	read := w.state.Spot(p).Read
	for _, property := range slices.Sorted(maps.Keys(read)) {
		w.say("overruled: %s is %s", property, read[property])
	}
}

// debts reads out what has been taken on and not been given back.
func (w *walk) debts() {
	debts := w.state.Debts()
	if len(debts) == 0 {
		w.say("debts: none")
	}
	for _, d := range debts {
		w.say("debt: %s, since %s", d.Name, w.name(d.Place))
	}
}
