package runbook

import (
	"strings"

	"gatewalk/runbook/doc"
)

var (
	requiredForm   = newForm(`\b(?:must|should|has to|have to|needs? to|shall) (?:already |all |have |now )*(?:be|been|have|exist|contain|meet|run|use)\b|\b(?:is|are) (?:required|needed|necessary)\b`)
	conditionsLead = newForm(`\bfollowing (?:\w+ )?(?:conditions|requirements|prerequisites|criteria)\b.*:$`)
	beforeItBegins = newForm(`\b(?:should|must|needs? to|have to|has to) be (?:completed|done|met|satisfied|fulfilled|in place|finished) before\b`)
)

// requirements keeps what a section says must be so before it begins: the paragraphs of one that is called so, as far as
// no list stands behind them, and the lists that words lead to as such.
func (b *book) requirements(s *section) {
	named := prerequisites.MatchString(sectionTitle(s.head))
	listed := false // words before said that conditions follow
	for i, n := range s.nodes {
		if n.Kind != doc.Paragraph {
			continue
		}
		all := b.sentences(n)
		if len(all) == 0 {
			continue
		}
		list := listBehind(s.nodes, i)
		if _, ok := find(all, beforeItBegins); ok && list != nil && !named {
			b.require(list)
		}
		if !named || list != nil || i > 0 && s.nodes[i-1].Kind == doc.Code && conditionForm.in(all[0]) && resultForm.in(all[0]) {
			continue // it leads to a list, or says what the code before it must show
		}
		if conditionsLead.in(all[len(all)-1]) {
			listed = true
		} else if first := all[0]; requiredForm.in(first) || listed && states(first) {
			b.Prerequisites = append(b.Prerequisites, Prerequisite{first.line, strings.TrimRight(first.plain, ":")})
		}
	}
}

// listBehind is the list behind a node, comments left out, nil if something else stands there.
func listBehind(nodes []*doc.Node, at int) *doc.Node {
	for _, n := range nodes[at+1:] {
		switch n.Kind {
		case doc.Comment:
			continue
		case doc.List:
			return n
		}
		return nil
	}
	return nil
}

// offers says what somebody may do.
var offers = newForm(`^(?:you|we|users?|operators?) (?:can|may|could|might)\b`)

// states says whether a sentence says how something is, and orders nothing.
func states(s *sentence) bool {
	return !commanded(s) && !ifForm.in(s) && !offers.in(s) && !strings.HasSuffix(s.plain, ":")
}
