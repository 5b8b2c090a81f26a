package runbook

import (
	"strings"

	"gatewalk/runbook/doc"
)

var (
	prerequisites  = newForm(`^(?:prerequisites?|requirements|pre-?reqs|before you (?:begin|start)|assumptions)\b`)
	backgroundForm = newForm(`^(?:(?:process |procedure )?overview|introduction|background|about|risks?|limitations?|restrictions?|considerations?|concepts?|references?|see also|related|contents|table of contents|topics|supported versions|known (?:issues|limitations|problems)|glossary|license|changelog|release notes|breaking changes|description|summary|terminology)\b`)
	postcondition  = newForm(`^(?:once|when|after) (?:this|these|the|all) [\w ]{0,40}(?:steps?|stages?|sections?|procedures?|tasks?)[\w ]{0,30}(?:has|have|is|are|was|were)(?: been)? (?:completed?|done|finished).{0,20}:$`)
)

// background says whether a section only tells, by its title.
func background(title string) bool {
	return backgroundForm.MatchString(title) || prerequisites.MatchString(title)
}

// isStepList tells a list of steps from a table of contents, a list of results and a list of facts.
func (b *book) isStepList(nodes []*doc.Node, at int, title string) bool {
	n := nodes[at]
	switch {
	case doc.HoldCode(n.Children...) || at > 0 && b.leadsDifferences(nodes, at-1) != nil:
		return true
	case contentsList(n), b.after(nodes, at, postcondition), b.overview(nodes, at):
		return false
	case !n.Ordered && b.allOrders(nodes, at) && (prerequisites.MatchString(title) || !background(title)):
		return true
	case background(title):
		return false
	case b.optionList(n):
		return true
	case n.Ordered:
		return 2*b.acting(n) >= len(n.Children)
	}
	return false
}

// allOrders says whether a list without numbers is of things to do, nearly every item by itself: "Resolve any alert. Check the
// dashboard." What a command does, what a plan may hold and what are examples are told in such lists too.
func (b *book) allOrders(nodes []*doc.Node, at int) bool {
	n := nodes[at]
	if len(n.Children) < 2 || at > 0 && nodes[at-1].Kind == doc.Paragraph && b.tells(nodes[at-1]) {
		return false
	}
	ordered := 0
	for _, item := range n.Children {
		if len(item.Children) == 0 || item.Children[0].Kind != doc.Paragraph {
			return false
		}
		all := b.sentences(item.Children[0])
		switch {
		case len(all) == 0 || skipForm.in(all[0]) || onward.in(all[0]):
			return false
		case commanded(all[0]) || orders(all[0]):
			ordered++
		}
	}
	return 4*ordered >= 3*len(n.Children)
}

// tells says whether a paragraph leads to a list that only tells.
func (b *book) tells(n *doc.Node) bool {
	all := b.sentences(n)
	return len(all) > 0 && telling.in(all[len(all)-1])
}

var telling = newForm(`\b(?:includes?|including|such as|for example|e\.g|performs?|does|detailing|consists? of|(?:commands?|scripts?|it|this|which|playbooks?|stage|that) will|can be used|allows? (?:you )?to|used to|able to|features|options|following (?:variables|parameters|values|fields|files|flags|options|settings|components|services|changes|topics|tasks are))\b[^.]*:?$`)

// contentsList is a list of nothing but links to headings of the same document.
func contentsList(n *doc.Node) bool {
	for _, item := range n.Children {
		for _, child := range item.Children {
			switch child.Kind {
			case doc.Paragraph:
				if !onlyLink(child) {
					return false
				}
			case doc.List:
				if !contentsList(child) {
					return false
				}
			default:
				return false
			}
		}
	}
	return len(n.Children) > 0
}

func onlyLink(p *doc.Node) bool {
	links := 0
	for _, s := range p.Spans {
		switch {
		case s.Style == doc.Link && strings.HasPrefix(s.Target, "#"):
			links++
		case strings.Trim(s.Text, " .,;:-") != "":
			return false
		}
	}
	return links == 1
}

// after says whether the paragraph right before a node matches.
func (b *book) after(nodes []*doc.Node, at int, form *form) bool {
	return at > 0 && nodes[at-1].Kind == doc.Paragraph && form.MatchString(b.words(nodes[at-1]))
}

// acting counts the items that tell the operator to do something.
func (b *book) acting(n *doc.Node) int {
	count := 0
	for _, item := range n.Children {
		for _, s := range b.sentences(item.Children...) {
			if commanded(s) || orders(s) || mustForm.in(s) {
				count++
				break
			}
		}
	}
	return count
}

var mustForm = newForm(`\b(?:must|should|needs? to|has to|have to) (?:now |then |first )?be \w+ed\b`)

// paragraphWorks says whether a paragraph without a block is work: it sends the operator to another procedure, or tells what to do by hand.
func (b *book) paragraphWorks(nodes []*doc.Node, at int) bool {
	if at+1 < len(nodes) && (nodes[at+1].Kind == doc.Code || nodes[at+1].Kind == doc.List) || b.after(nodes, at, postcondition) {
		return false
	}
	for _, s := range b.sentences(nodes[at]) {
		if procedural.in(s) && !informing.in(s) || handwork.in(s) || onward.in(s) {
			return true
		}
	}
	return false
}

// handwork is a paragraph's own order to do something, as opposed to advice about the blocks around it.
var handwork = newForm(`^(?:(?:for |if |when |once |after )[^.]*?, (?:then )?)?(?:log (?:out|in)|stop|copy|download|reboot|back ?up|restore|repeat|authenticate|power|unmount|notify|contact|wait)\b`)

// standsAlone says whether a paragraph of a section is a step beside the others: it leads on, or it is a second piece of work.
func (b *book) standsAlone(nodes []*doc.Node, at int) bool {
	if !b.paragraphWorks(nodes, at) {
		return false
	}
	if onward.MatchString(b.words(nodes[at])) {
		return true
	}
	for i := range at {
		if nodes[i].Kind == doc.Code || nodes[i].Kind == doc.List || nodes[i].Kind == doc.Paragraph && b.paragraphWorks(nodes, i) {
			return true
		}
	}
	return false
}

// require keeps the items of a list as prerequisites.
func (b *book) require(list *doc.Node) {
	for _, item := range list.Children {
		if text := b.words(item.Children...); text != "" {
			b.Prerequisites = append(b.Prerequisites, Prerequisite{item.Line, text})
		}
	}
}

const workVerbs = `back ?up|restore|restart|re-?initialize|re-?run|copy|delete|remove|install|uninstall|reset|disable|enable|stop|start|reboot|power|drain|unmount|quiesce|rebuild|repeat|update|upgrade|unload|notify|contact|pause|suspend|resume|clear|replace|reconfigure|re-?authenticate|mount|apply|download|upload|save|record`

var (
	workClause     = newForm(`^(?:(?:if |when |once |after |before |as soon as ).*?, (?:then )?)?(?:then |first |also |please )?(?:` + workVerbs + `)\b`)
	workParticiple = newForm(`\b(?:should|must|needs? to|has to|have to|will need to) (?:then |first |also )?be (?:backed up|restored|restarted|re-?initialized|re-?run|copied|deleted|removed|installed|uninstalled|reset|disabled|enabled|stopped|started|rebooted|power cycled|drained|unmounted|quiesced|rebuilt|repeated|updated|upgraded|unloaded|cleared|replaced|reconfigured|downloaded|uploaded|saved|recorded)\b`)
	lookFirst      = newForm(`^before (?:attempting to )?\w+ing?\b[^.]*, (?:first )?(?:verify|check|confirm|make sure|ensure) that\b|^before (?:attempting to )\w+\b[^.]*, (?:first )?(?:verify|check|confirm|make sure|ensure) that\b`)
	ifWork         = newForm(`, then (?:` + workVerbs + `)\b`)
	notWork        = newForm(`\b(?:skipp?|optional|can be ignored|not need|no need|do not|don't|below|the following steps?|above)`)
)

// noteWorks says whether a note orders work of its own, rather than explaining the step it stands in.
func (b *book) noteWorks(n *doc.Node) bool {
	if n.Name == "stop" || doc.HoldCode(n.Children...) {
		return false
	}
	for _, s := range b.sentences(n.Children...) {
		if (workClause.in(s) || workParticiple.in(s) || ifWork.in(s) || lookFirst.in(s)) && !notWork.in(s) {
			return true
		}
	}
	return false
}
