package plain

import (
	"fmt"
	"strings"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// view is what was last read out of a place: as long as it is the same, nothing is read out again.
type view struct {
	place  string
	status steps.Status
	last   uint64
	would  string // what would run, with which values, and what is missing
	drives bool
}

// viewOf is a place as it would be read out now.
func (w *walk) viewOf(p steps.Place) view {
	spot := w.state.Spot(p)
	ready := w.state.Prepare(p)
	return view{
		drives: w.drives(), place: p.Key(), status: spot.Status, last: spot.Last,
		would: fmt.Sprint(ready.Digest, ready.Missing, ready.Variables, ready.Binding, ready.Gate, ready.Weight, ready.Targets),
	}
}

// show reads a place out: all of it when the walk comes there, and what has changed while it stays.
func (w *walk) show(p steps.Place) error {
	now := w.viewOf(p)
	if now == w.view {
		return nil
	}
	arrived, other := now.place != w.view.place, now.would != w.view.would
	w.view = now
	w.blank()
	w.heading(p)
	author := words{}
	if arrived {
		author = read(w.outline()).wordsAt(p)
	}
	w.readWords(p, author.before)
	if w.state.Block(p) == nil { // what a step says is what is to be done
		w.readWords(p, author.after)
	}
	if (arrived || other) && now.status != steps.StatusWaiting { // a gate reads out what runs by itself
		w.showWork(p)
	}
	if w.state.Block(p) != nil {
		w.readWords(p, author.after)
	}
	return w.showStatus(p)
}

// heading is where we are, in one line.
func (w *walk) heading(p steps.Place) {
	title := ""
	if step := w.state.Step(p); step != nil {
		title = ": " + step.Title
	}
	n, of := w.outline().position(p)
	where := w.state.Source(p)
	if line, ok := w.outline().at(p); ok {
		where += fmt.Sprintf(":%d", w.outline().line(line))
	}
	if w.state.Site(p) {
		where = "SITE, " + where
	}
	w.say("=== %s%s (%s, %d of %d, %s)", w.outline().name(p), title, where, n, of, w.state.Spot(p).Status)
}

// readWords reads out what the author of the document wrote.
func (w *walk) readWords(p steps.Place, pieces []piece) {
	w.paragraph(lines(w.state.Plan(), pieces, w.state.Step(p), w.width))
}

func (w *walk) paragraph(lines []string) {
	if len(lines) > 0 {
		w.blank()
		w.words(lines)
		w.blank()
	}
}

// showWork is what there is to do at a place.
func (w *walk) showWork(p steps.Place) {
	w.condition(p)
	switch b, step := w.state.Block(p), w.state.Step(p); {
	case b != nil:
		w.showBlock(p, b)
	case step.Choice != nil:
		w.ways(p, step)
	case w.loops(p):
		w.showLoop(p)
	default:
		w.say("%s", w.errand(step))
	}
}

// errand is what a step without a command asks for.
func (w *walk) errand(step *runbook.Step) string {
	if step.Ref == nil {
		return "nothing runs here: do it, then say by hand"
	}
	ref := w.state.Plan().Refs[*step.Ref]
	if ref.Returns && ref.Step >= 0 {
		routine := w.state.Plan().Steps[ref.Step]
		return fmt.Sprintf("run goes through %s: %s, and comes back", routine.Path, routine.Title)
	}
	return fmt.Sprintf("done elsewhere: %s (%s); do it, then say by hand", ref.Text, ref.Target)
}

// condition is under which condition a place is walked, its own and its steps'.
func (w *walk) condition(p steps.Place) {
	said := map[string]bool{"": true}
	for _, l := range w.outline().around(p) {
		if text := w.outline().condition(l); !said[text] {
			said[text] = true
			w.say("condition: %s", text)
		}
	}
}

// loops says whether a place asks for the list that a step is repeated over.
func (w *walk) loops(p steps.Place) bool {
	_, _, ok := w.state.Loop(p)
	return ok
}

func (w *walk) showLoop(p steps.Place) {
	times, items, _ := w.state.Loop(p)
	if len(items) == 0 {
		w.say("loop: repeated %s; set items NAMES confirms for which", times)
		return
	}
	w.say("loop: repeated %s: %s", times, strings.Join(items, " "))
}

// ways are the ways of a choice.
func (w *walk) ways(p steps.Place, step *runbook.Step) {
	choice := w.state.Plan().Choices[*step.Choice]
	taken := w.state.Spot(p).Option
	w.say("choice: %s", choice.Text)
	for i, option := range choice.Options {
		mark := ""
		if i == taken {
			mark = ", chosen"
		}
		w.say("option %d: %s (line %d%s)", i+1, option.Title, option.Line, mark)
	}
}

// showBlock is a command as it will run: where, with what, and what keeps it from running.
func (w *walk) showBlock(p steps.Place, b *runbook.Block) {
	ready := w.state.Prepare(p)
	w.say("%s, %s:", w.blockWord(p, b), w.whereabouts(ready))
	if ready.Text == "" {
		w.code(strings.TrimRight(b.Text, "\n")) // what is placed in a file, or was read as output, has no commands
	} else {
		w.code(ready.Text)
	}
	if w.state.Spot(p).Edited != nil {
		w.say("the text has:")
		w.code(strings.Join(b.Commands, "\n"))
	}
	if b.Inside != "" {
		w.say("it opens a shell elsewhere; type inside of it:")
		w.code(b.Inside)
	}
	for _, strange := range ready.Strange {
		w.say("character: %s", strange)
	}
	w.showValues(ready)
	if ready.Gate != runbook.NoGate && w.state.Spot(p).Status != steps.StatusWaiting {
		w.say("gate ahead: %s, %s%s", ready.Gate, weightWords(ready.Weight), because(b))
	}
	w.showTraits(b)
	w.showCheck(p, b)
}

func (w *walk) blockWord(p steps.Place, b *runbook.Block) string {
	kind := b.Kind
	if read, ok := w.state.Spot(p).Read[steps.KindProperty]; ok {
		kind = runbook.BlockKind(read)
	}
	word := "command"
	switch kind {
	case runbook.Command, runbook.Session:
	case runbook.File:
		word = "content of a file, placed by hand"
	case runbook.Output:
		word = "read as output, never run"
	default:
		panic("plain: unknown kind " + string(kind))
	}
	if w.state.Spot(p).Edited != nil {
		word += ", edited"
	}
	return word
}

// whereabouts is the host that a command belongs to and where that is.
func (w *walk) whereabouts(ready steps.Prepared) string {
	host := ready.Host
	if host == "" {
		host = "host unsaid"
	} else {
		host = "host " + host
	}
	switch {
	case ready.Binding == nil:
		return host + ", nobody has said where that is"
	case ready.Binding.Kind == steps.ByHand:
		return host + ", done there by hand (" + strings.Join(ready.Binding.Names, " ") + ")"
	}
	machine, user := w.state.Target(*ready.Binding)
	return fmt.Sprintf("%s is this machine %s, as %s", host, machine, user)
}

// showValues is what stands for each placeholder and what each variable holds, with where that came from.
func (w *walk) showValues(ready steps.Prepared) {
	for _, f := range ready.Fields {
		switch {
		case !f.Missing:
			w.say("value: %s = %s", f.Name, valueWords(f.Value))
		case f.Offered != "":
			w.say("value: %s is missing (offered: %q)", f.Name, f.Offered)
		default:
			w.say("value: %s is missing", f.Name)
		}
	}
	for _, v := range ready.Variables {
		if !v.Missing {
			w.say("variable: %s = %s", v.Name, valueWords(v.Variable))
		}
	}
	for _, m := range ready.Missing {
		if fieldNamed(ready.Fields, m.Name) < 0 {
			w.say("missing: %s", m)
		}
	}
}

func valueWords(v steps.Variable) string {
	if v.Commitment != "" {
		return "a secret, " + v.Origin
	}
	return fmt.Sprintf("%q, %s", v.Value, v.Origin)
}

func weightWords(weight runbook.Weight) string {
	if weight == runbook.Typed {
		return "passed by typing what it asks for"
	}
	return "passed by go"
}

func because(b *runbook.Block) string {
	if b.GateDetail == nil || b.GateDetail.Sentence == "" {
		return ""
	}
	return fmt.Sprintf("; the text says: %s (line %d)", b.GateDetail.Sentence, b.GateDetail.Line)
}

// showTraits is what else is known of a command before it runs.
func (w *walk) showTraits(b *runbook.Block) {
	if b.Interactive {
		w.say("it asks questions: while it runs, %s", w.waysIn())
	}
	if b.DropsConnection {
		w.say("it takes down its host or the connection")
	}
	if b.Estimate != "" {
		w.say("takes about %s", b.Estimate)
	}
	if b.Undo != "" {
		w.say("undo: %s", b.Undo)
	}
	if len(b.Owes) > 0 {
		w.say("owes afterwards: %s", strings.Join(b.Owes, ", "))
	}
	if len(b.Pays) > 0 {
		w.say("settles: %s", strings.Join(b.Pays, ", "))
	}
}

// showCheck is how it will be known whether it went well.
func (w *walk) showCheck(p steps.Place, b *runbook.Block) {
	if b.Expect != "" {
		w.say("expected: %s", b.Expect)
	}
	if b.Check != nil && b.Check.Proposed && checkWords(*b.Check) != "" && w.state.Spot(p).Read[steps.CheckProperty] == "" {
		w.say("proposed check: %s; overrule check adopt REASON lets it judge", checkWords(*b.Check))
	} else if check := w.state.Check(p); check != nil && checkWords(*check) != "" {
		w.say("judged by: %s", checkWords(*check))
	}
	if b.PollRule != nil && b.Verify {
		w.say("poll repeats it every %s for up to %s, until it holds", b.PollRule.Every, b.PollRule.Timeout)
	}
}

func checkWords(c runbook.Check) string {
	var words []string
	if len(c.Exit) > 0 {
		words = append(words, fmt.Sprintf("exit %v", c.Exit))
	}
	if c.Regexp != "" {
		words = append(words, "output matches "+c.Regexp)
	}
	if c.JQ != "" {
		words = append(words, "jq "+c.JQ)
	}
	if c.FailIf != "" {
		words = append(words, "failed if output matches "+c.FailIf)
	}
	return strings.Join(words, ", ")
}

// showStatus is how the place stands and the words that work there now.
func (w *walk) showStatus(p steps.Place) error {
	spot := w.state.Spot(p)
	switch spot.Status {
	case steps.StatusWaiting:
		return w.showGate(p, *spot.Gate)
	case steps.StatusFailed:
		w.say("this failed%s", reasonWords(spot.Reason))
	case steps.StatusAsking:
		w.showQuestion(p, spot)
	case steps.StatusUnknown:
		w.showUnknown(p, spot)
	case steps.StatusRefused:
		w.say("no-go: %s", spot.Reason)
	case steps.StatusOpen, steps.StatusRunning, steps.StatusPolling, steps.StatusJudging, steps.StatusDone, steps.StatusByHand, steps.StatusNot,
		steps.StatusSkipped, steps.StatusCalled, steps.StatusChosen, steps.StatusPassed, steps.StatusElsewhere:
	default:
		panic("plain: unknown status " + string(spot.Status))
	}
	w.say("words: %s", strings.Join(w.working(p), ", "))
	return nil
}

// showQuestion asks for the verdict that only a person can give.
func (w *walk) showQuestion(p steps.Place, spot steps.Spot) {
	if spot.Verdict != nil {
		for _, flag := range spot.Verdict.Judgment.Flags {
			w.say("unlike the sample: %s", flag)
		}
	}
	if b := w.state.Block(p); b != nil && b.Expect != "" {
		w.say("your verdict is needed: the text says: %s", b.Expect)
		return
	}
	w.say("your verdict is needed: the text gives no condition")
}

// showUnknown says what is known of an attempt whose end nobody saw, and how to find out more.
func (w *walk) showUnknown(p steps.Place, spot steps.Spot) {
	w.say("unknown: attempt %d was started and nobody saw its end; it is not run again without your word", spot.Last)
	if a := w.state.Attempt(spot.Last); a != nil {
		w.say("started on %s as %s at %s:", a.Started.Host, a.Started.User, a.At.Format("15:04:05 on 2 January"))
		w.code(a.Started.Text)
	}
	w.say("evidence: %s", spot.Reason)
	if piece, _, err := w.session.Output(spot.Last, 0); err == nil && len(piece) == 0 {
		w.say("nothing that it printed is in this record")
	} else {
		w.say("the last that it printed:")
		w.lastWords(spot.Last, lookLines)
	}
	if l, ok := w.outline().verification(p); ok {
		w.say("the document verifies this at %s; check runs that now, under this place", w.outline().name(l.Place))
	}
}

func reasonWords(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + reason
}

func splitLines(text string) []string { return strings.Split(strings.TrimRight(text, "\n"), "\n") }
