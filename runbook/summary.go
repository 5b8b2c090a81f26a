package runbook

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// summary says what lies ahead: values still missing, gates by weight, steps by hand, and how long it takes.
func (o *printer) summary() {
	o.line(0, "")
	if missing := o.missing(); len(missing) > 0 {
		o.line(0, "still missing: %s", strings.Join(missing, ", "))
	} else {
		o.line(0, "no value is missing")
	}
	gates := o.plan.gateWeights()
	o.line(0, "%s: %d typed, %d with one key", count(gates[Typed]+gates[OneKey], "gate"), gates[Typed], gates[OneKey])
	o.line(0, "%s by hand, %s to make, %s whose host is not said", count(o.plan.byHand(), "step"), count(len(o.plan.Choices), "choice"), count(o.plan.hostUnsaid(), "block"))
	total, known := o.plan.estimate()
	o.line(0, "estimates: %s in all, said for %s", total, count(known, "block"))
	for _, problem := range o.plan.Problems {
		o.line(0, "%s:%d: %s", o.plan.Source, problem.Line, problem.Text)
	}
}

// missing are the inputs and template variables that no value was given for, in the order they are needed.
func (o *printer) missing() []string {
	var missing []string
	add := func(input string) {
		if _, ok := o.value(input); !ok && !slices.Contains(missing, input) {
			missing = append(missing, input)
		}
	}
	for _, name := range o.plan.TemplateVars {
		add(name)
	}
	for i := range o.plan.Blocks {
		if o.plan.Blocks[i].Runs() {
			for _, input := range o.plan.Blocks[i].Inputs {
				add(input)
			}
		}
	}
	return missing
}

func (p *Plan) gateWeights() map[Weight]int {
	weights := map[Weight]int{}
	for i := range p.Blocks {
		if p.Blocks[i].Runs() && p.Blocks[i].GateDetail != nil {
			weights[p.Blocks[i].GateDetail.Weight]++
		}
	}
	return weights
}

// byHand counts the steps that no command does.
func (p *Plan) byHand() int {
	n := 0
	for i := range p.Steps {
		switch s := &p.Steps[i]; s.Kind {
		case ManualStep:
			n++
		case LoopStep:
			if len(s.Blocks) == 0 && (s.Loop == nil || len(p.Loops[*s.Loop].Again) == 0) {
				n++
			}
		case RefStep:
			if s.Ref == nil || p.Refs[*s.Ref].Step < 0 {
				n++
			}
		case VerifyStep:
			if len(s.Blocks) == 0 {
				n++
			}
		case CommandStep, ChoiceStep, InfoStep:
		default:
			panic("runbook: no such step: " + string(s.Kind))
		}
	}
	return n
}

func (p *Plan) hostUnsaid() int {
	n := 0
	for i := range p.Blocks {
		if p.Blocks[i].Runs() && p.Blocks[i].Host == "" {
			n++
		}
	}
	return n
}

// estimate is the sum of the estimates of blocks and steps, and how many there are.
func (p *Plan) estimate() (time.Duration, int) {
	total, known := time.Duration(0), 0
	add := func(text string) {
		if d, err := time.ParseDuration(text); err == nil {
			total += d
			known++
		}
	}
	for i := range p.Blocks {
		add(p.Blocks[i].Estimate)
	}
	for i := range p.Steps {
		add(p.Steps[i].Estimate)
	}
	return total, known
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
