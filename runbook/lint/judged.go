package lint

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/runbook"
	"gatewalk/runbook/doc"
)

// gates finds typed gates that an operator could only pass by typing the name of the host: neither the document nor the
// command says whom it hits. A target that no block sets would be nobody.
func gates(i *inspection) []found {
	var all []found
	for _, b := range i.running() {
		if b.Gate == runbook.NoGate || b.GateDetail == nil {
			continue
		}
		if b.GateDetail.Weight == runbook.Typed && b.GateDetail.Phrase == "" && len(b.Targets) == 0 {
			all = append(all, at(b, fmt.Sprintf("the %s gate before this command has no phrase to type", b.Gate), "annotate targets=$NAME or phrase=\"…\""))
		}
		for _, target := range b.Targets {
			if name, variable := strings.CutPrefix(target, "$"); variable && !i.settable(name) {
				all = append(all, at(b, fmt.Sprintf("the gate before this command names %s, which nothing sets", target), "name a variable that a block before it sets, or a host"))
			}
		}
	}
	return all
}

// settable says whether a variable gets a value on the way, from a block or from the operator.
func (i *inspection) settable(name string) bool {
	return slices.ContainsFunc(i.plan.Blocks, func(b runbook.Block) bool {
		return slices.Contains(b.Sets, name) || slices.Contains(b.Inputs, name)
	})
}

// checks finds blocks that verify something without a word on when it holds.
func checks(i *inspection) []found {
	var all []found
	for _, b := range i.running() {
		switch {
		case !b.Verify || judged(b.Check) || annotated(b, "expect") || condition().MatchString(expected(b)):
		case b.Poll:
			all = append(all, at(b, "this is repeated until it holds, and nothing says when that is", "write the condition after it, or annotate check=\"…\""))
		default:
			all = append(all, at(b, "nothing says when this check has passed", "write the condition after it, or annotate check=\"…\" or expect=\"…\""))
		}
	}
	return all
}

// judged says whether a program can tell. A sample output is not enough: it never gives a pass.
func judged(c *runbook.Check) bool {
	return c != nil && (c.Regexp != "" || c.JQ != "" || c.FailIf != "" || len(c.Exit) > 0)
}

// expected is what the words say must be so, "" where the command was all there was to go by.
func expected(b *runbook.Block) string {
	if strings.HasPrefix(b.Expect, "command ") && b.Why["expect"].Line == b.Line {
		return ""
	}
	return b.Expect
}

// condition is a sentence that says how something must be, as opposed to one that only says where to look.
var condition = doc.Pattern(`(?i)\b(?:that|if|whether|until|is|are|be|been|was|were|has|have|had|no|not|none|should|must|will|shows?|reads?|reports?|returns?|equals?|match(?:es)?|contains?|` +
	`exists?|appears?|succeed(?:s|ed)?|fails?|failed|completed?|completes|finished|joined|running|ready|healthy|active|reachable|up|ok|enabled|empty|zero)\b|[=<>≤≥]|\d`)
