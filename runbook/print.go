package runbook

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// WriteJSON writes the plan as the design describes it, indented, with an end of line. Lists are never null.
func (p *Plan) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(p)
}

// WriteText writes the plan as an operator would read it: a walk on paper. Values, by the name of a variable or the text
// of a placeholder, are filled in where they are given; what is missing is said at the end.
// Nothing in the document can move the cursor or change the terminal: control characters are written out.
func (p *Plan) WriteText(w io.Writer, values map[string]string) error {
	out := &printer{plan: p, values: values, w: bufio.NewWriter(w)}
	out.line(0, "%s", p.Title)
	out.line(0, "read from %s: %s, %s", p.Source, count(len(p.Steps), "step"), count(len(p.Blocks), "block"))
	for _, d := range p.Documents {
		out.line(0, "with %s", d.Name)
	}
	out.prerequisites()
	out.items(p.Root, 0, "")
	out.summary()
	return out.w.Flush()
}

type printer struct {
	plan   *Plan
	values map[string]string
	w      *bufio.Writer
	groups map[int][]int // the steps of each group that may be taken in any order, once they were asked for
	left   map[int][]int // the choices that each step only tells of, once they were asked for
	noted  map[int][]int // the admonitions of each line, once they were asked for
}

// line writes one indented line; a failed write shows when the writer is flushed.
func (o *printer) line(depth int, form string, args ...any) {
	text := strings.ReplaceAll(doc.Printable(fmt.Sprintf(form, args...)), "\n", " ")
	if text != "" {
		text = strings.Repeat("  ", depth) + text
	}
	fmt.Fprintln(o.w, text)
}

// items writes a body; title is that of the step it belongs to.
func (o *printer) items(items []Item, depth int, title string) {
	for _, item := range items {
		switch item.Kind {
		case BlockItem:
			o.block(&o.plan.Blocks[item.Index], depth)
		case StepItem:
			o.step(item.Index, depth)
		case NoteItem:
			o.note(&o.plan.Admonitions[item.Index], depth, title)
		case ProseItem:
			o.notesIn(item.Prose, depth)
		default:
			panic("runbook: no such item: " + string(item.Kind))
		}
	}
}

func (o *printer) step(i, depth int) {
	s := &o.plan.Steps[i]
	o.line(0, "")
	o.line(depth, "%s  %s", s.Path, s.Title)
	o.line(depth+1, "%s; line %d%s", o.asks(s), s.Line, of(s.Source))
	o.site(s.Site, s.Skip, s.Why, depth+1)
	if s.Routine {
		o.line(depth+1, "only when called")
	}
	if s.Optional != "" {
		o.line(depth+1, "only under a condition: %s", trimmed(s.Optional))
	}
	if s.Choice != nil {
		o.choice(&o.plan.Choices[*s.Choice], depth+1)
	}
	if s.Ref != nil {
		o.reference(i, &o.plan.Refs[*s.Ref], depth+1)
	}
	o.order(i, depth+1)
	if s.Loop != nil {
		o.loop(s, &o.plan.Loops[*s.Loop], depth+1)
	}
	if s.Estimate != "" {
		o.line(depth+1, "takes about %s", s.Estimate)
	}
	o.see(s, depth+1)
	early, late := o.leaves(i)
	o.choices(early, depth+1)
	o.items(s.Body, depth+1, s.Title)
	o.choices(late, depth+1)
}

// asks is what a step asks of the operator: one that only tells is read.
func (o *printer) asks(s *Step) string {
	if s.Kind == InfoStep && !slices.ContainsFunc(s.Body, func(i Item) bool { return i.Kind == StepItem }) {
		return "read"
	}
	return stepWords[s.Kind]
}

// stepWords say what a step asks of the operator.
var stepWords = map[StepKind]string{
	CommandStep: "run", ManualStep: "do by hand", VerifyStep: "check", ChoiceStep: "choose one way", RefStep: "follow another procedure",
	LoopStep: "repeat", InfoStep: "holds the steps below",
}

func (o *printer) choice(c *Choice, depth int) {
	o.line(depth, "choose: %s", c.Text)
	for _, option := range c.Options {
		o.line(depth+1, "- %s%s", option.Title, o.wayOut(option))
	}
}

// wayOut says where an option leads: to a step, out of the document, or on with what follows.
func (o *printer) wayOut(option Option) string {
	if walked := option.Walked(); len(walked) > 0 {
		return " (" + o.paths(walked) + ")"
	}
	if len(option.Blocks) > 0 {
		return fmt.Sprintf(" (line %d)", option.Line)
	}
	for i := range o.plan.Refs {
		if r := &o.plan.Refs[i]; !r.Internal && near(r.Line, option.Line, 1) && strings.Contains(option.Title, r.Text) {
			return " (leaves this document)"
		}
	}
	return ""
}

// loop says how often a step is repeated, and with which before it. What its commands do by themselves is done once.
func (o *printer) loop(s *Step, l *Loop, depth int) {
	if s.Kind != LoopStep {
		o.line(depth, "said of it: %s (%s)", l.Over, l.Mode)
		return
	}
	o.line(depth, "repeated %s (%s)", l.Times(), l.Mode)
	if len(l.Again) > 0 {
		o.line(depth, "each time again: %s", o.paths(l.Again))
	}
}

// fewPaths is how many steps are named one by one.
const fewPaths = 12

// free are the steps of a group that may be taken in any order.
func (o *printer) free(group int) []int {
	if o.groups == nil {
		o.groups = map[int][]int{}
		for j := range o.plan.Steps {
			if g := o.plan.Steps[j].AnyOrder; g != 0 {
				o.groups[g] = append(o.groups[g], j)
			}
		}
	}
	return o.groups[group]
}

// paths are the numbers of several steps, the first of many.
func (o *printer) paths(steps []int) string {
	var all []string
	for _, i := range steps[:min(len(steps), fewPaths)] {
		all = append(all, o.plan.Steps[i].Path)
	}
	if more := len(steps) - fewPaths; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(all, ", "), more)
	}
	return strings.Join(all, ", ")
}

// order says which other steps may as well be taken before a step that the text lets an operator take in any order.
func (o *printer) order(i, depth int) {
	group := o.plan.Steps[i].AnyOrder
	if group == 0 {
		return
	}
	others := slices.Clone(o.free(group))
	o.line(depth, "in any order with %s", o.paths(slices.DeleteFunc(others, func(j int) bool { return j == i })))
}

func (o *printer) reference(i int, r *Ref, depth int) {
	verb := "go to"
	switch {
	case o.plan.leadsBack(i, r):
		o.line(depth, "return to where it was called")
		return
	case r.Returns && r.Step < 0 && r.Target == "":
		verb = "do by hand as written elsewhere, then return"
	case r.Returns:
		verb = "do, then return"
	}
	o.line(depth, "%s: %s", verb, o.pointsTo(r))
}

// pointsTo is what a reference is called and where it leads.
func (o *printer) pointsTo(r *Ref) string {
	switch {
	case r.Step >= 0:
		return r.Text + " " + o.plan.Steps[r.Step].Path
	case r.Target == r.Text:
		return r.Text
	}
	return strings.TrimSpace(r.Text + " " + r.Target)
}

// leadsBack says whether a step inside of a routine sends the operator to a section that calls it: that is where the walk returns.
func (p *Plan) leadsBack(i int, r *Ref) bool {
	routine := p.Steps[i].Parent
	for routine >= 0 && !p.Steps[routine].Routine {
		routine = p.Steps[routine].Parent
	}
	if routine < 0 || r.Returns || r.Step < 0 {
		return false
	}
	return slices.ContainsFunc(p.Refs, func(call Ref) bool {
		return call.Step == routine && call.Line >= p.Steps[r.Step].Line && call.Line <= p.Steps[r.Step].End
	})
}

func (o *printer) block(b *Block, depth int) {
	if !b.Runs() {
		o.line(depth, "%s, line %d%s: %s", blockWords[b.Kind], b.Line, of(b.Source), b.First)
		o.site(b.Site, b.Skip, b.Why, depth+1)
		return
	}
	o.line(0, "")
	host := "host not said"
	if b.Host != "" {
		host = "on " + b.Host
	}
	o.line(depth, "%s, line %d%s:", host, b.Line, of(b.Source))
	o.site(b.Site, b.Skip, b.Why, depth+1)
	for _, command := range b.Commands {
		for text := range strings.SplitSeq(o.filled(b, command), "\n") {
			o.line(depth+1, "| %s", text)
		}
	}
	if b.Inside != "" {
		o.line(depth+1, "typed inside of it:")
		for text := range strings.SplitSeq(b.Inside, "\n") {
			o.line(depth+1, "> %s", text)
		}
	}
	o.facts(b, depth+1)
}

var blockWords = map[BlockKind]string{Output: "sample output", File: "content of a file"}

// filled is a command with the given values in the place of its placeholders.
func (o *printer) filled(b *Block, command string) string {
	text, err := shell.Substitute(command, o.values, b.Shown()...)
	if err != nil {
		return command
	}
	return text
}

// facts are what was understood of a block, one line each.
func (o *printer) facts(b *Block, depth int) {
	if len(b.Inputs) > 0 {
		o.line(depth, "needs: %s", strings.Join(o.inputs(b), ", "))
	}
	if b.Gate != NoGate {
		o.line(depth, "gate: %s, %s: %s", b.Gate, weightWords[b.GateDetail.Weight], trimmed(b.GateDetail.Sentence))
	}
	if len(b.Targets) > 0 {
		o.line(depth, "acts on: %s", strings.Join(b.Targets, " "))
	}
	if b.Verify && (b.Expect != "" || b.Check == nil) {
		o.line(depth, "check: %s", trimmed(b.Expect))
	}
	if b.Check != nil {
		o.check(b.Check, depth)
	}
	if b.Poll && b.PollRule != nil {
		o.line(depth, "repeat every %s until it holds, for %s at most", b.PollRule.Every, b.PollRule.Timeout)
	}
	if b.Optional != "" {
		o.line(depth, "only: %s", trimmed(b.Optional))
	}
	for _, fact := range []struct {
		holds bool
		text  string
	}{
		{b.Interactive, "asks at the terminal"},
		{b.DropsConnection, "drops the connection"},
		{b.Long, "runs long"},
		{b.Estimate != "", "takes about " + b.Estimate},
		{len(b.Owes) > 0, "owes: " + strings.Join(b.Owes, ", ")},
		{len(b.Pays) > 0, "pays: " + strings.Join(b.Pays, ", ")},
		{b.Undo != "", "to undo: " + b.Undo},
	} {
		if fact.holds {
			o.line(depth, "%s", fact.text)
		}
	}
}

var weightWords = map[Weight]string{Typed: "typed", OneKey: "one key"}

func (o *printer) inputs(b *Block) []string {
	words := make([]string, len(b.Inputs))
	for i, input := range b.Inputs {
		words[i] = input + b.form(input)
		if value, ok := o.value(input); ok {
			words[i] = input + " = " + value
		}
		for _, secret := range b.Secrets {
			if typed, _ := shell.Hyphens(input); secret == typed {
				words[i] = input + " (secret)"
			}
		}
	}
	return words
}

// form is what a block shows where the operator's value is to stand, in words.
func (b *Block) form(input string) string {
	for _, s := range b.Samples {
		switch {
		case s.Name == input && s.Text == input:
			return " (a sample)"
		case s.Name == input:
			return " (" + s.Text + " is a sample)"
		}
	}
	return ""
}

func (o *printer) value(input string) (string, bool) {
	if value, ok := o.values[input]; ok {
		return value, true
	}
	value, ok := o.values[strings.Trim(input, "<>[](){} ")]
	return value, ok
}

func (o *printer) check(c *Check, depth int) {
	how := "judged by"
	if c.Proposed {
		how = "proposed:"
	}
	for _, part := range []struct{ name, text string }{{"output matches", c.Regexp}, {"jq", c.JQ}, {"fails if", c.FailIf}} {
		if part.text != "" {
			o.line(depth, "%s %s %s", how, part.name, part.text)
		}
	}
}
