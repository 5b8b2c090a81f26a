package runbook

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// remark is an annotation comment, the node it stands before and the step it stands in, -1 for none.
type remark struct {
	settings  []setting
	problem   string
	line      int
	next      *doc.Node
	enclosing int
}

// attachComment remembers an annotation comment with its neighbours.
func (b *book) attachComment(nodes []*doc.Node, at, step int) {
	settings, problem := commentSettings(nodes[at])
	if len(settings) == 0 && problem == "" {
		return
	}
	r := remark{settings: settings, problem: problem, line: nodes[at].Line, enclosing: step}
	for _, n := range nearby(nodes[at+1:]) {
		if n.Kind != doc.Comment {
			r.next = n
			break
		}
	}
	if r.next != nil && r.next.Kind != doc.List && r.next.Kind != doc.Heading {
		r.next = firstCode(nodes[at+1:], r.next)
	}
	b.comments = append(b.comments, r)
}

// headingRemarks remembers the annotation comments before a section's heading.
func (b *book) headingRemarks(s *section, parent int) {
	if len(s.remarks) == 0 {
		return
	}
	nodes := append(slices.Clone(s.remarks), s.head)
	for at := range s.remarks {
		b.attachComment(nodes, at, parent)
	}
}

// firstCode is the first code block among the nodes, before any list; without one, the node that comes first.
func firstCode(nodes []*doc.Node, first *doc.Node) *doc.Node {
	for _, n := range nearby(nodes) {
		if n.Kind == doc.Code {
			return n
		}
		if n.Kind == doc.List {
			break
		}
	}
	return first
}

// annotateKinds applies what authors said of the kind of a block, before the rules look at what runs.
func (b *book) annotateKinds() {
	b.settings(func(s setting, block, _ int) {
		if s.key != "kind" || block < 0 || annotateBlock(&b.Blocks[block], s) != nil {
			return
		}
		b.Blocks[block].because("kind", "annotation", s.line)
		b.Blocks[block].Commands = []string{}
		if b.Blocks[block].Runs() {
			b.Blocks[block].OutputOf = nil
			b.typed(&b.Blocks[block], &b.places[block])
		}
	})
}

// annotate applies all that authors said in fences and comments. It beats every rule.
func (b *book) annotate() {
	n := named{ids: map[string]string{}, canaries: map[int]setting{}}
	for _, r := range b.comments {
		if r.problem != "" {
			b.wrongly(r.line, r.problem)
		}
	}
	b.settings(func(s setting, block, step int) { b.apply(s, block, step, n) })
	b.resolveCanaries(n)
	b.settleSteps()
}

// named is what authors gave a name, and the blocks that refer to one.
type named struct {
	ids      map[string]string
	canaries map[int]setting
}

// settings visits every setting of fences and comments with the block or the step it speaks of.
func (b *book) settings(visit func(s setting, block, step int)) {
	for i := range b.Blocks {
		for _, s := range fenceSettings(b.places[i].node.Info, max(1, b.places[i].node.Line-1)) {
			visit(s, i, -1)
		}
	}
	for _, r := range b.comments {
		block, step := b.subjects(r)
		for _, s := range r.settings {
			visit(s, block, step)
		}
	}
}

// subjects are the block and the step that a comment speaks of.
func (b *book) subjects(r remark) (block, step int) {
	step = r.enclosing
	if r.next == nil {
		return -1, step
	}
	node := r.next
	if node.Kind == doc.List && len(node.Children) > 0 {
		node = node.Children[0]
	}
	if at := b.stepOf(node); at >= 0 {
		step = at
	}
	return b.blockOf(node), step
}

func (b *book) apply(s setting, block, step int, n named) {
	key, known := lookup(s.key)
	if !known {
		b.wrongly(s.line, fmt.Sprintf("unknown annotation %q; the nearest known key is %q", s.key, nearestKey(s.key)))
		return
	}
	if key.Of == OfStep || key.Of == OfBoth && (block < 0 || saysStepKind(s)) {
		b.applyToStep(s, step, n)
		return
	}
	targets := b.blocksOf(s, block, step)
	if len(targets) == 0 {
		b.wrongly(s.line, fmt.Sprintf("annotation %s speaks of no single block here; write it at the fence it means", s.key))
		return
	}
	for _, i := range targets {
		if err := annotateBlock(&b.Blocks[i], s); err != nil {
			b.wrongly(s.line, err.Error())
			continue
		}
		b.Blocks[i].because(property(s.key), "annotation", s.line)
		switch s.key {
		case "name":
			n.ids[s.value] = b.Blocks[i].ID
		case "canary_of":
			n.canaries[i] = s
		}
	}
}

// saysStepKind says whether a kind is one that only steps have, so that it speaks of the step wherever it is written.
func saysStepKind(s setting) bool {
	return s.key == "kind" && slices.Contains([]StepKind{ManualStep, VerifyStep, ChoiceStep, RefStep, LoopStep, InfoStep}, StepKind(s.value))
}

// blocksOf is the block itself, or those a block key means when it is said of a step.
func (b *book) blocksOf(s setting, block, step int) []int {
	if block >= 0 {
		return []int{block}
	}
	if step < 0 {
		return nil
	}
	var running []int
	for _, i := range b.Steps[step].Blocks {
		if b.Blocks[i].Runs() {
			running = append(running, i)
		}
	}
	if s.key != "host" && len(running) > 1 {
		return nil
	}
	return running
}

func (b *book) applyToStep(s setting, step int, n named) {
	if step < 0 {
		b.wrongly(s.line, fmt.Sprintf("annotation %s speaks of a step, and there is none here", s.key))
		return
	}
	st := &b.Steps[step]
	if err := annotateStep(st, s); err != nil {
		b.wrongly(s.line, err.Error())
		return
	}
	st.because(property(s.key), "annotation", s.line)
	switch s.key {
	case "name":
		n.ids[s.value] = st.ID
	case "choice":
		b.annotateChoice(step, s)
	case "calls":
		b.annotateCall(step, s, n)
	case "loop", "mode":
		b.annotateLoop(step, s)
	case "optional":
		for i := range b.Blocks {
			if b.within(b.places[i].step, step) && b.Blocks[i].Runs() {
				b.Blocks[i].Optional = condition(s.value)
				b.Blocks[i].because("optional", "annotation", s.line)
			}
		}
	}
}

func (b *book) within(inner, outer int) bool {
	return inner >= 0 && b.encloses(outer, inner)
}

// property is the field that a key sets, as Why names it.
func property(key string) string {
	switch key {
	case "phrase", "sentence", "canary_of":
		return "gate_detail"
	case "jq", "exit", "fail_if":
		return "check"
	case "secret":
		return "secrets"
	case "calls":
		return "ref"
	case "mode":
		return "loop"
	default:
		return key
	}
}

func (b *book) annotateChoice(step int, s setting) {
	c := Choice{Line: s.line, Step: step, Text: b.Steps[step].Title}
	if s.value != "true" {
		c.Text = s.value
	}
	for _, item := range b.Steps[step].Body {
		if item.Kind == StepItem {
			c.Options = append(c.Options, option(b.Steps[item.Index].Line, b.Steps[item.Index].Title, item.Index))
		}
	}
	if len(c.Options) < 2 {
		b.wrongly(s.line, "annotation choice needs at least two steps directly inside; number the ways as a list or give each a heading")
		return
	}
	if old := b.Steps[step].Choice; old != nil {
		b.Choices[*old] = c
		return
	}
	b.addChoice(c)
}

func (b *book) annotateCall(step int, s setting, n named) {
	target := b.target(s.value)
	for i := range b.Steps {
		if id := n.ids[s.value]; id != "" && b.Steps[i].ID == id {
			target = i
		}
	}
	if file, _, _ := strings.Cut(s.value, "#"); target < 0 && path.Ext(file) != "" {
		b.callFile(step, s)
		return
	}
	if target < 0 {
		b.wrongly(s.line, fmt.Sprintf("annotation calls=%q: no step of that name before it and no heading with that anchor", s.value))
		return
	}
	index := len(b.Refs)
	b.Refs = append(b.Refs, Ref{Line: s.line, Text: b.Steps[target].Title, Target: s.value, Returns: true, Internal: true, Step: target})
	b.Steps[step].Ref, b.Steps[step].Kind = &index, RefStep
	b.Steps[target].Routine = true
}

// callFile sends a step to a procedure in another file.
func (b *book) callFile(step int, s setting) {
	if old := b.Steps[step].Ref; old != nil {
		b.Refs[*old].Target, b.Refs[*old].Returns, b.Refs[*old].Internal, b.Refs[*old].Step = s.value, true, false, -1
		return
	}
	index := len(b.Refs)
	b.Refs = append(b.Refs, Ref{Line: s.line, Text: b.Steps[step].Title, Target: s.value, Returns: true, Step: -1})
	b.Steps[step].Ref, b.Steps[step].Kind = &index, RefStep
}

func (b *book) annotateLoop(step int, s setting) {
	if b.Steps[step].Loop == nil {
		index := len(b.Loops)
		b.Loops = append(b.Loops, Loop{Line: s.line, Over: b.Steps[step].Title, Mode: "serial", Body: b.Steps[step].Path})
		b.Steps[step].Loop = &index
	}
	if b.Steps[step].Why["kind"].Rule != "annotation" {
		b.Steps[step].Kind = LoopStep
		b.Steps[step].because("kind", "annotated as a loop", s.line)
	}
	loop := &b.Loops[*b.Steps[step].Loop]
	if s.key == "loop" {
		loop.Over = s.value
		return
	}
	if err := readOneOf(s, &loop.Mode, "serial", "parallel", "batch"); err != nil {
		b.wrongly(s.line, err.Error())
	}
}

func (b *book) resolveCanaries(n named) {
	for i, s := range n.canaries {
		id, ok := n.ids[s.value]
		if !ok {
			b.wrongly(s.line, fmt.Sprintf("annotation canary_of=%q: no block has that name; write name=%s at the block that proves the canary", s.value, s.value))
			continue
		}
		if b.Blocks[i].GateDetail == nil {
			b.Blocks[i].GateDetail = &GateDetail{Line: s.line}
		}
		b.Blocks[i].GateDetail.CanaryOf = id
	}
}

// settleSteps makes a step a check where every block in it is one, as an author or the text says.
func (b *book) settleSteps() {
	for i := range b.Steps {
		step := &b.Steps[i]
		switch {
		case step.Kind != CommandStep || step.Why["kind"].Rule == "annotation":
		case b.annotatedChecks(step):
			step.Kind = VerifyStep
			step.because("kind", "its blocks are annotated as checks", step.Line)
		case b.onlyChecks(step):
			step.Kind = VerifyStep
			step.because("kind", "all its commands check", step.Line)
		}
	}
}

// onlyChecks says whether nothing in a step does more than check: what fills variables is wanted for those.
func (b *book) onlyChecks(step *Step) bool {
	return !slices.ContainsFunc(step.Blocks, func(i int) bool {
		block := &b.Blocks[i]
		return block.Runs() && (!block.Verify || block.Gate != NoGate || len(block.Sets) > 0) || block.Kind == File
	})
}

func (b *book) annotatedChecks(step *Step) bool {
	for _, i := range step.Blocks {
		block := &b.Blocks[i]
		said := block.Why["verify"].Rule == "annotation" || block.Why["check"].Rule == "annotation" || block.Why["poll"].Rule == "annotation"
		if block.Runs() && !(block.Verify && said) {
			return false
		}
	}
	return true
}

// settle makes what was annotated fit together: a gate has a weight, a block that does not run has no commands.
func (b *book) settle() {
	for i := range b.Blocks {
		block := &b.Blocks[i]
		switch {
		case block.Gate == NoGate:
			block.GateDetail = nil
		case block.GateDetail == nil:
			block.GateDetail = &GateDetail{Line: block.Why["gate"].Line}
		}
		if d := block.GateDetail; d != nil {
			if d.Sentence == "" {
				d.Sentence = b.announcement(block, &b.places[i]).plain
			}
			if d.Weight == "" || block.Why["weight"].Rule != "annotation" && block.Gate != Disruptive {
				d.Weight = weightOf(block.Gate, &b.places[i], newSentence(d.Sentence, d.Line))
			}
			if noReturn.MatchString(block.Undo) && block.Why["weight"].Rule != "annotation" {
				d.Weight = Typed
			}
		}
		if block.Runs() && len(block.Commands) == 0 {
			b.typed(block, &b.places[i])
		}
		if !block.Runs() {
			block.Commands = []string{}
		}
		if block.Poll && block.PollRule != nil && block.Timeout != "" {
			block.PollRule.Timeout = block.Timeout // nothing but an annotation says it
		}
		slices.Sort(block.Secrets)
		block.Secrets = slices.Compact(block.Secrets)
	}
}

// noReturn says that there is no way back: such a step is confirmed by typing, never by one key.
var noReturn = newForm(`^none\b|point of no return`)
