package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// systemForm is no more than a name for where the code behind it holds: "On Debian:", "For a system with units:".
var systemForm = newForm(`^(?:(?:for|on|in|with|under|using|if|when)\b[^.,;]*|(?:[\w/.+-]+ ){0,4}[\w/.+-]+):?$`)

// systemWay is a part of a step as one of several ways, by the program that its first command uses.
type systemWay struct {
	Option
	job, kind string
}

// systemChoice makes a choice of neighbouring parts that only name a kind of system and do the same job, each by the package
// manager or the service manager of its own: nobody has both on one machine.
func (b *book) systemChoice(i int) {
	var run []systemWay
	for _, item := range b.Steps[i].Body {
		way, ok := b.systemWay(item)
		switch {
		case ok && (len(run) == 0 || run[0].job == way.job):
			run = append(run, way)
		case ok:
			b.addSystems(i, run)
			run = []systemWay{way}
		case item.Kind == StepItem || item.Kind == BlockItem && b.Blocks[item.Index].Runs():
			b.addSystems(i, run)
			run = nil
		}
	}
	b.addSystems(i, run)
}

// addSystems adds a choice of ways that are not all for the same kind of system.
func (b *book) addSystems(i int, run []systemWay) {
	if kindsIn(run) < 2 || b.leadsTo(i, run[0].Step) {
		return
	}
	c := Choice{Step: i, Line: run[0].Line, Text: b.Steps[i].Title}
	for _, way := range run {
		c.Options = append(c.Options, way.Option)
	}
	b.addChoice(c)
}

// leadsTo says whether a step asks already for a way that leads to another step.
func (b *book) leadsTo(i, way int) bool {
	asked := b.Steps[i].Choice
	return asked != nil && way >= 0 && slices.ContainsFunc(b.Choices[*asked].Options, func(o Option) bool { return o.Step == way })
}

func kindsIn(run []systemWay) int {
	kinds := map[string]bool{}
	for _, way := range run {
		kinds[way.kind] = true
	}
	return len(kinds)
}

// systemWay is a block or a step, of which nothing is said but the kind of system that it is for.
func (b *book) systemWay(item Item) (systemWay, bool) {
	switch item.Kind {
	case BlockItem:
		p := &b.places[item.Index]
		if job, kind := p.snippet.Manager(); job != "" && b.Blocks[item.Index].Runs() {
			if n := b.introNode(p); n != nil && n.Kind == doc.Paragraph && b.namesSystem(n) {
				way := option(b.Blocks[item.Index].Line, strings.TrimSuffix(b.words(n), ":"), -1)
				way.Blocks = []int{item.Index}
				return systemWay{way, job, kind}, true
			}
		}
	case StepItem:
		if first := b.firstRun(item.Index); first >= 0 {
			if job, kind := b.places[first].snippet.Manager(); job != "" && b.namedSystem(item.Index) {
				step := &b.Steps[item.Index]
				return systemWay{option(step.Line, step.Title, item.Index), job, kind}, true
			}
		}
	case NoteItem, ProseItem:
	default:
		panic("runbook: no such item: " + string(item.Kind))
	}
	return systemWay{}, false
}

// firstRun is the first block that runs in a step, or in the first step inside of it; -1 if there is none.
func (b *book) firstRun(i int) int {
	for _, item := range b.Steps[i].Body {
		switch {
		case item.Kind == BlockItem && b.Blocks[item.Index].Runs():
			return item.Index
		case item.Kind == StepItem:
			return b.firstRun(item.Index)
		}
	}
	return -1
}

// namedSystem says whether a step's own first words are only a name.
func (b *book) namedSystem(i int) bool {
	lead := b.lead(i)
	return len(lead) == 1 && namesOnly(lead[0])
}

// namesSystem says whether a paragraph is only a name for what stands behind it.
func (b *book) namesSystem(n *doc.Node) bool {
	all := b.sentences(n)
	return len(all) == 1 && namesOnly(all[0])
}

func namesOnly(s *sentence) bool { return systemForm.in(s) && !commanded(s) && !orders(s) }

// leadsToSystems says whether a paragraph orders what code does behind names of kinds of systems, each in its own way.
func (b *book) leadsToSystems(nodes []*doc.Node, at int) bool {
	var run []systemWay
	for i := at + 1; i+1 < len(nodes) && nodes[i].Kind == doc.Paragraph && nodes[i+1].Kind == doc.Code && b.namesSystem(nodes[i]); i += 2 {
		if job, kind := shell.Analyze(nodes[i+1].Text).Manager(); job != "" && (len(run) == 0 || job == run[0].job) {
			run = append(run, systemWay{job: job, kind: kind})
		}
	}
	return kindsIn(run) > 1
}
