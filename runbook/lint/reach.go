package lint

import (
	"fmt"
	"slices"

	"gatewalk/runbook"
	"gatewalk/runbook/doc"
)

// unreachable finds steps that no walk comes to: routines that nothing calls, and ways that no choice offers.
func unreachable(i *inspection) []found {
	var all []found
	reached := i.reached()
	for s := range i.plan.Steps {
		step := &i.plan.Steps[s]
		outer := step.Parent
		switch {
		case !reached[s] && (outer < 0 || reached[outer]):
			all = append(all, found{line: step.Line, what: fmt.Sprintf("%q is walked only when called, and nothing calls it", step.Title), act: "call it from the step that needs it, or annotate routine=false", file: step.Source})
		case reached[s] && writtenAsWay().MatchString(step.Title) && !i.offered(s):
			all = append(all, found{line: step.Line, what: fmt.Sprintf("%q is written as one of several ways, and no choice offers it", step.Title), act: "put it beside the other ways, or give it another title", file: step.Source})
		}
	}
	return all
}

// writtenAsWay is the title of one way among others.
var writtenAsWay = doc.Pattern(`(?i)^(?:option|alternative|variant)\s+(?:#?\d+|[A-Z])\b`)

// offered says whether a step is one of the ways of a choice.
func (i *inspection) offered(step int) bool {
	return slices.ContainsFunc(i.plan.Choices, func(c runbook.Choice) bool {
		return slices.ContainsFunc(c.Options, func(o runbook.Option) bool { return o.Step == step })
	})
}

// reached are the steps that some walk comes to: those in document order, and the routines that they call.
func (i *inspection) reached() []bool {
	reached := make([]bool, len(i.plan.Steps))
	i.enter(i.plan.Root, reached)
	return reached
}

func (i *inspection) enter(body []runbook.Item, reached []bool) {
	for _, item := range body {
		if item.Kind == runbook.StepItem && !i.plan.Steps[item.Index].Routine {
			i.reach(item.Index, reached)
		}
	}
}

func (i *inspection) reach(s int, reached []bool) {
	if reached[s] {
		return
	}
	reached[s] = true
	i.enter(i.plan.Steps[s].Body, reached)
	if called := i.calls(s); called >= 0 {
		i.reach(called, reached)
	}
}

// calls is the step that a step calls, -1 if it calls none.
func (i *inspection) calls(s int) int {
	at := i.plan.Steps[s].Ref
	if at == nil || !i.plan.Refs[*at].Returns {
		return -1
	}
	return i.plan.Refs[*at].Step
}
