package reader

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/prose"
	"gatewalk/tui/theme"
)

// page is the text of one place, in lines.
type page struct {
	state  steps.State
	place  steps.Place
	why    bool
	styles theme.Styles
	width  int

	head          []string // which place it is and how it stands: never scrolled away
	long          bool     // its title is cut
	lines         []string
	command, tail int // the first line of the command and the one after its last, 0 and 0 without one
}

// write puts the page together: what the author wrote, with the command as it will run where it stands.
func (p *page) write() {
	step := p.state.Step(p.place)
	block := p.state.Block(p.place)
	if step == nil {
		p.block(block)
		p.after(block)
		return
	}
	p.heading(step)
	p.introduction(step)
	for i, item := range step.Body {
		p.item(step, i, item)
	}
	p.choice(step)
	p.reference(step)
	p.after(block)
	if p.why {
		p.reasons(step.Why)
	}
}

func (p *page) add(lines ...string) { p.lines = append(p.lines, lines...) }

// gap leaves a blank line between two pieces.
func (p *page) gap() {
	if n := len(p.lines); n > 0 && p.lines[n-1] != "" {
		p.add("")
	}
}

// headTitle is how many lines of a title stay in sight. A longer one is cut, and its text is then not left out below.
const headTitle = 2

func (p *page) heading(step *runbook.Step) {
	line := step.Line
	if b := p.state.Block(p.place); b != nil {
		line = b.Line
	}
	at := fmt.Sprintf("line %d", line)
	if source := p.state.Source(p.place); source != p.state.Plan().Source {
		at += " of " + safe.Line(source).String()
	}
	if p.state.Site(p.place) {
		at = "SITE, " + at
	}
	title := theme.Wrap(safe.Line(strings.TrimSpace(step.Path+" "+step.Title)).String(), p.styles.Heading, p.width-theme.Width(at)-1)
	if len(title) == 0 {
		title = []string{""}
	}
	title[0] = theme.Sides(title[0], p.styles.Quiet.Render(at), p.width)
	if p.long = len(title) > headTitle; p.long {
		title = append(title[:headTitle-1], theme.Cut(title[headTitle-1], p.width-2)+" …")
	}
	p.head = append(p.head, title...)
	if step.Optional != "" {
		p.add(theme.Wrap("optional: "+clean(step.Optional), p.styles.Accent, p.width)...)
	}
	p.standing(p.state.Spot(p.place))
	p.head = append(p.head, "")
}

// standing says how the place stands: the outline that says it too may be out of sight.
func (p *page) standing(spot steps.Spot) {
	words := string(spot.Status)
	switch {
	case spot.Status == steps.StatusOpen:
		return
	case spot.Status == steps.StatusPolling && spot.Poll != nil:
		every, timeout := seconds(spot.Poll.Every.Seconds()), seconds(spot.Poll.Timeout.Seconds())
		words += fmt.Sprintf(": round %d, every %s, given up after %s", spot.Poll.Round, every, timeout)
	case spot.Status == steps.StatusDone && spot.Verdict != nil && spot.Verdict.Accepted:
		words = "a failure, accepted: " + clean(spot.Reason)
	case spot.Reason != "":
		words += ": " + clean(spot.Reason)
	}
	p.head = append(p.head, p.weight(spot.Status).Render(theme.Cut(words, p.width)))
}

// introduction is what stands before a step and belongs to no other: since the step before it or, where there is none, what the
// section begins with that holds it.
func (p *page) introduction(step *runbook.Step) {
	body, section := p.state.Plan().Root, (*runbook.Step)(nil)
	if step.Parent >= 0 {
		section = &p.state.Plan().Steps[step.Parent]
		body = section.Body
	}
	var before []runbook.Item
	first := true
	for _, item := range body {
		if item.Kind == runbook.StepItem && &p.state.Plan().Steps[item.Index] == step {
			break
		}
		before = append(before, item)
		if item.Kind == runbook.StepItem || item.Kind == runbook.BlockItem {
			before, first = nil, false
		}
	}
	if section != nil && !heads(section) {
		return // it is read where it stands itself
	}
	if section != nil && first {
		p.introduction(section)
	}
	if section != nil && first && len(before) > 0 {
		p.gap()
		p.add(theme.Wrap(safe.Line(strings.TrimSpace(section.Path+" "+section.Title)).String(), p.styles.Heading, p.width)...)
	}
	for i, it := range before {
		p.item(section, i, it)
	}
}

// heads says whether a step only holds others together: nothing is done at it, so nobody stops there to read.
func heads(step *runbook.Step) bool {
	return len(step.Blocks) == 0 && step.Choice == nil && step.Ref == nil && (step.Kind == runbook.InfoStep || step.Kind == runbook.CommandStep)
}

func (p *page) item(step *runbook.Step, i int, item runbook.Item) {
	plan := p.state.Plan()
	switch item.Kind {
	case runbook.ProseItem:
		if item.Prose == nil || step != nil && i == 0 && !p.long && repeats(step, item) {
			return
		}
		p.gap()
		p.add(prose.Screen(p.styles).Set(item.Prose, p.width)...)
	case runbook.NoteItem:
		p.note(plan.Admonitions[item.Index])
	case runbook.BlockItem:
		b := &plan.Blocks[item.Index]
		if b.ID == p.place.Block {
			p.block(b)
			return
		}
		p.other(b)
	case runbook.StepItem:
	default:
		panic("reader: an item outside the closed set: " + string(item.Kind))
	}
}

// repeats says whether a paragraph is no more than the title that stands above it.
func repeats(step *runbook.Step, item runbook.Item) bool {
	var text strings.Builder
	for _, span := range item.Prose.Spans {
		text.WriteString(span.Text)
	}
	return plainly(text.String()) == plainly(step.Title)
}

// plainly is a sentence without what a title does not have.
func plainly(text string) string {
	return strings.TrimRight(strings.Join(strings.Fields(text), " "), ".:")
}

func (p *page) note(a runbook.Admonition) {
	p.gap()
	if a.Node == nil {
		lines := theme.Wrap(strings.ToUpper(clean(a.Kind))+" "+clean(a.Text), p.styles.Warn, p.width)
		p.add(lines...)
		return
	}
	inside := a.Node.Children
	p.add(prose.Screen(p.styles).Note(a.Kind, inside, p.width)...)
}

// block shows the block of this place: what runs, or what ran.
func (p *page) block(b *runbook.Block) {
	p.gap()
	p.command = len(p.lines)
	defer func() { p.tail = len(p.lines) }()
	if b.Kind == runbook.File {
		p.add(p.styles.Strong.Render("content of a file, to be written by hand"))
		p.add(Text(b.Text, p.styles, p.width)...)
		return
	}
	spot := p.state.Spot(p.place)
	if last := p.state.Attempt(spot.Last); last != nil && spot.Status.Settled() || spot.Status == steps.StatusRunning {
		p.ran(last)
		return
	}
	ready := p.state.Prepare(p.place)
	p.add(theme.Wrap("runs "+Where(ready), p.styles.Strong, p.width)...)
	if spot.Edited != nil {
		p.edited(b)
	}
	p.add(Command(ready, p.styles, p.width)...)
	p.inside(b)
	for _, strange := range ready.Strange {
		p.add(theme.Wrap("look: "+strange, p.styles.Warn, p.width)...)
	}
	p.gate(b, ready)
}

// edited shows what the text has in the place of an edited command.
func (p *page) edited(b *runbook.Block) {
	p.add(theme.Wrap("edited by the operator; the text has:", p.styles.Warn, p.width)...)
	text := theme.Break(safe.Exact(strings.Join(b.Commands, "\n")).String(), p.width-2)
	p.add(theme.Indent(p.styles.Quiet.Render("-")+" ", theme.Paint(text, p.styles.Quiet))...)
}

func (p *page) ran(a *steps.Attempt) {
	words := fmt.Sprintf("ran on %s as %s at %s", safe.Line(a.Started.Host), safe.Line(a.Started.User), a.At.Format("15:04:05"))
	if a.End == nil {
		words = fmt.Sprintf("runs on %s as %s since %s", safe.Line(a.Started.Host), safe.Line(a.Started.User), a.At.Format("15:04:05"))
	} else {
		words += ": " + Ended(a)
	}
	p.add(theme.Wrap(words, p.styles.Strong, p.width)...)
	if b := p.state.Block(p.place); b != nil && a.Started.Edited {
		p.edited(b)
	}
	p.add(Text(a.Started.Text, p.styles, p.width)...)
	if b := p.state.Block(p.place); b != nil {
		p.inside(b)
	}
}

// inside is what the operator types in a shell that the command opens elsewhere.
func (p *page) inside(b *runbook.Block) {
	if b.Inside != "" {
		p.add(theme.Wrap("it opens a shell elsewhere; type inside of it:", p.styles.Strong, p.width)...)
		p.add(Text(b.Inside, p.styles, p.width)...)
	}
}

// gate says beforehand that a person will be asked.
func (p *page) gate(b *runbook.Block, ready steps.Prepared) {
	if ready.Gate == runbook.NoGate {
		return
	}
	how := "one key confirms it"
	if ready.Weight == runbook.Typed {
		how = "a typed phrase confirms it"
	}
	line := b.Line
	if b.GateDetail != nil {
		line = b.GateDetail.Line
	}
	p.add(theme.Wrap(fmt.Sprintf("gate: %s, because of line %d; %s", ready.Gate, line, how), p.styles.Warn, p.width)...)
}

// other is a block of the same step that has a place of its own, or none.
func (p *page) other(b *runbook.Block) {
	p.gap()
	what := "command, a place of its own"
	switch b.Kind {
	case runbook.Command, runbook.Session:
	case runbook.Output:
		what = "sample output"
	case runbook.File:
		what = "content of a file"
	default:
		panic("reader: a block outside the closed set: " + string(b.Kind))
	}
	p.add(p.styles.Quiet.Render(what))
	p.add(theme.Indent("  ", theme.Paint(theme.Break(safe.Exact(b.Text).String(), p.width-2), p.styles.Quiet))...)
}

func (p *page) choice(step *runbook.Step) {
	if step.Choice == nil {
		return
	}
	choice := p.state.Plan().Choices[*step.Choice]
	taken := p.state.Spot(p.place).Option
	p.gap()
	p.add(theme.Wrap("exactly one of these:", p.styles.Strong, p.width)...)
	for i, option := range choice.Options {
		sign := fmt.Sprintf("  %d ", i+1)
		if i == taken {
			sign = fmt.Sprintf("✓ %d ", i+1)
		}
		p.add(theme.Hang(sign, theme.Wrap(clean(option.Title), p.styles.Plain, p.width-theme.Width(sign)))...)
	}
}

func (p *page) reference(step *runbook.Step) {
	if step.Ref == nil {
		return
	}
	ref := p.state.Plan().Refs[*step.Ref]
	words := "written down elsewhere: "
	if ref.Step >= 0 && ref.Returns {
		words = "goes to, and comes back from: "
	}
	p.gap()
	p.add(theme.Wrap(words+clean(ref.Text)+" "+clean(ref.Target), p.styles.Accent, p.width)...)
}

// after is what a page ends with: the condition to look for, and what happened here.
func (p *page) after(b *runbook.Block) {
	if step := p.state.Step(p.place); b != nil && b.Expect != "" && (step == nil || plainly(b.Expect) != plainly(step.Title)) {
		p.gap()
		p.add(theme.Wrap("it holds when: "+clean(b.Expect), p.styles.Accent, p.width)...)
	}
	p.check(b)
	p.poll(b)
	p.history()
	if p.why && b != nil {
		p.reasons(b.Why)
	}
}

func (p *page) check(b *runbook.Block) {
	if b == nil || b.Check == nil {
		return
	}
	check, by := p.state.Check(p.place), ""
	if b.Check.Proposed && (check == nil || check.Regexp == "" && check.JQ == "") {
		check, by = b.Check, "proposed, not adopted (o adopts it): "
	}
	for _, one := range []struct{ name, text string }{{"passes if the output matches", check.Regexp}, {"passes if jq says so", check.JQ}, {"fails if the output matches", check.FailIf}} {
		if one.text != "" {
			p.add(theme.Wrap(by+one.name+": "+safe.Line(one.text).String(), p.styles.Quiet, p.width)...)
		}
	}
}

// poll says that a verification can be repeated, and how.
func (p *page) poll(b *runbook.Block) {
	if b == nil || b.PollRule == nil || !b.Verify || p.state.Spot(p.place).Status != steps.StatusOpen {
		return
	}
	words := "p repeats it until it holds"
	if b.PollRule.Every != "" {
		words += ", every " + safe.Line(b.PollRule.Every).String()
	}
	if b.PollRule.Timeout != "" {
		words += ", for " + safe.Line(b.PollRule.Timeout).String() + " at most"
	}
	p.add(theme.Wrap(words, p.styles.Quiet, p.width)...)
}

// history is what was said and found at this place so far.
func (p *page) history() {
	spot := p.state.Spot(p.place)
	p.gap()
	if len(spot.Reason) > p.width-20 {
		p.add(theme.Wrap(string(spot.Status)+": "+clean(spot.Reason), p.weight(spot.Status), p.width)...)
	}
	if v := spot.Verdict; v != nil {
		p.add(theme.Wrap(judged(v), p.styles.Quiet, p.width)...)
		for _, flag := range v.Judgment.Flags {
			p.add(theme.Wrap("look: "+clean(flag), p.styles.Warn, p.width)...)
		}
	}
	p.warning(spot.Last)
	if h := spot.ByHand; h != nil {
		p.add(theme.Wrap(fmt.Sprintf("by hand: %s, by %s", h.Result, clean(h.Who)), p.styles.Quiet, p.width)...)
		if h.Pasted != "" {
			p.add(theme.Indent("  ", theme.Break(clean(h.Pasted), p.width-2))...)
		}
	}
	for _, note := range spot.Notes {
		words := fmt.Sprintf("note %s %s: %s", note.At.Format("15:04"), safe.Line(note.By.Name), clean(note.Text))
		p.add(theme.Wrap(words, p.styles.Quiet, p.width)...)
	}
	for _, a := range spot.Attached {
		p.add(theme.Wrap("attached: "+safe.Line(a.Source).String(), p.styles.Quiet, p.width)...)
	}
}

// warning is what of an attempt was not recorded or kept, whatever its verdict is.
func (p *page) warning(attempt uint64) {
	if a := p.state.Attempt(attempt); a != nil && a.End != nil && a.End.Warning != "" {
		p.add(theme.Wrap("warning: "+clean(a.End.Warning), p.styles.Warn, p.width)...)
	}
}

// weight is how loud the reason of a status is said.
func (p *page) weight(status steps.Status) lipgloss.Style {
	if status.Trouble() {
		return p.styles.Bad
	}
	return p.styles.Quiet
}

func judged(v *steps.Judged) string {
	words := "verdict: " + string(v.Judgment.Ruling)
	if v.Accepted {
		words += ", a failure accepted"
	}
	if v.Note != "" {
		words += ": " + clean(v.Note)
	}
	return words
}

// reasons says why everything was read as it was: the rule and the line that made it speak.
func (p *page) reasons(why map[string]runbook.Reason) {
	if len(why) == 0 {
		return
	}
	p.gap()
	p.add(p.styles.Strong.Render("read so because"))
	for _, property := range slices.Sorted(maps.Keys(why)) {
		words := fmt.Sprintf("%s: %s (line %d)", property, clean(why[property].Rule), why[property].Line)
		p.add(theme.Hang("  ", theme.Wrap(words, p.styles.Quiet, p.width-2))...)
	}
}

// clean is text that may be shown, without colours of its own.
func clean(text string) string { return safe.Of(text).Plain() }
