package runbook

import (
	"regexp"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	prerequisites  = regexp.MustCompile(`(?i)^(?:prerequisites?|requirements|pre-?reqs|before you (?:begin|start)|assumptions)\b`)
	backgroundForm = regexp.MustCompile(`(?i)^(?:(?:process |procedure )?overview|introduction|background|about|risks?|limitations?|restrictions?|considerations?|concepts?|references?|see also|related|contents|table of contents|topics|supported versions|known (?:issues|limitations|problems)|glossary|license|changelog|release notes|breaking changes|description|summary|terminology)\b`)
	postcondition  = regexp.MustCompile(`(?i)^(?:once|when|after) (?:this|these|the|all) [\w ]{0,40}(?:steps?|stages?|sections?|procedures?|tasks?)[\w ]{0,30}(?:has|have|is|are|was|were)(?: been)? (?:completed?|done|finished).{0,20}:$`)
)

// background says whether a section only tells, by its title.
func background(title string) bool {
	return backgroundForm.MatchString(title) || prerequisites.MatchString(title)
}

// isStepList tells a list of steps from a table of contents, a list of results and a list of facts.
func isStepList(nodes []*doc.Node, at int, title string) bool {
	n := nodes[at]
	switch {
	case hasCode(n.Children):
		return true
	case contentsList(n), after(nodes, at, postcondition), background(title):
		return false
	case optionList(n):
		return true
	case n.Ordered:
		return 2*acting(n) >= len(n.Children)
	}
	return false
}

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
func after(nodes []*doc.Node, at int, form *regexp.Regexp) bool {
	return at > 0 && nodes[at-1].Kind == doc.Paragraph && form.MatchString(words(nodes[at-1]))
}

// acting counts the items that tell the operator to do something.
func acting(n *doc.Node) int {
	count := 0
	for _, item := range n.Children {
		for _, s := range sentences(item.Children...) {
			if commanded(s.text) || mustForm.MatchString(s.text) {
				count++
				break
			}
		}
	}
	return count
}

var mustForm = regexp.MustCompile(`(?i)\b(?:must|should|needs? to|has to|have to) (?:now |then |first )?be \w+ed\b`)

// paragraphWorks says whether a paragraph without a block is work: it sends the operator to another procedure, or tells what to do by hand.
func paragraphWorks(nodes []*doc.Node, at int) bool {
	if at+1 < len(nodes) && (nodes[at+1].Kind == doc.Code || nodes[at+1].Kind == doc.List) || after(nodes, at, postcondition) {
		return false
	}
	for _, s := range sentences(nodes[at]) {
		if procedural.MatchString(s.text) && !informing.MatchString(s.text) || handwork.MatchString(unmarked(s.text)) || onward.MatchString(s.text) {
			return true
		}
	}
	return false
}

// handwork is a paragraph's own order to do something, as opposed to advice about the blocks around it.
var handwork = regexp.MustCompile(`(?i)^(?:(?:for|if|when|once|after)\b[^.]*?, (?:then )?)?(?:log (?:out|in)|stop|copy|download|reboot|back ?up|restore|repeat|authenticate|power|unmount|notify|contact|wait)\b`)

// standsAlone says whether a paragraph of a section is a step beside the others: it leads on, or it is a second piece of work.
func standsAlone(nodes []*doc.Node, at int) bool {
	if !paragraphWorks(nodes, at) {
		return false
	}
	if onward.MatchString(words(nodes[at])) {
		return true
	}
	for i := range at {
		if nodes[i].Kind == doc.Code || nodes[i].Kind == doc.List || nodes[i].Kind == doc.Paragraph && paragraphWorks(nodes, i) {
			return true
		}
	}
	return false
}

// require keeps the items of a list as prerequisites.
func (b *book) require(list *doc.Node) {
	for _, item := range list.Children {
		if text := words(item.Children...); text != "" {
			b.Prerequisites = append(b.Prerequisites, Prerequisite{item.Line, text})
		}
	}
}

const workVerbs = `back ?up|restore|restart|re-?initialize|re-?run|copy|delete|remove|install|uninstall|reset|disable|enable|stop|start|reboot|power|drain|unmount|quiesce|rebuild|repeat|update|upgrade|unload|notify|contact|pause|suspend|resume|clear|replace|reconfigure|re-?authenticate|mount|apply|download|upload|save|record`

var (
	workClause     = regexp.MustCompile(`(?i)^(?:(?:if|when|once|after|before|as soon as)\b.*?, (?:then )?)?(?:then |first |also |please )?(?:` + workVerbs + `)\b`)
	workParticiple = regexp.MustCompile(`(?i)\b(?:should|must|needs? to|has to|have to|will need to) (?:then |first |also )?be (?:backed up|restored|restarted|re-?initialized|re-?run|copied|deleted|removed|installed|uninstalled|reset|disabled|enabled|stopped|started|rebooted|power cycled|drained|unmounted|quiesced|rebuilt|repeated|updated|upgraded|unloaded|cleared|replaced|reconfigured|downloaded|uploaded|saved|recorded)\b`)
	ifWork         = regexp.MustCompile(`(?i), then (?:` + workVerbs + `)\b`)
	notWork        = regexp.MustCompile(`(?i)\b(?:skipp?|optional|can be ignored|not need|no need|do not|don't|below|the following steps?|above)`)
)

// noteWorks says whether a note orders work of its own, rather than explaining the step it stands in.
func noteWorks(n *doc.Node) bool {
	if n.Name == "stop" || hasCode(n.Children) {
		return false
	}
	for _, s := range sentences(n.Children...) {
		if (workClause.MatchString(s.text) || workParticiple.MatchString(s.text) || ifWork.MatchString(s.text)) && !notWork.MatchString(s.text) {
			return true
		}
	}
	return false
}
