package runbook

import (
	"cmp"

	"gatewalk/runbook/doc"
)

// everywhereForm says where all that follows is run.
var everywhereForm = newForm(`\b(?:run|execute|perform|issue|enter) (?:all|every one) (?:of )?(?:the |these |following )*(?:commands|steps)\b[^.]*? (?:on|from) (?:the |an? |your )?((?:[\w-]+ ){1,3}(?:node|server|host|machine|workstation|vm|controller))\b|\ball (?:of )?(?:[\w-]+ ){0,2}(?:commands|steps)\b[^.]*? (?:are|should be|must be|need to be|have to be) (?:run|executed|performed|issued|entered|typed)\b[^.]*? (?:on|from) (?:the |an? |your )?((?:[\w-]+ ){1,3}(?:node|server|host|machine|workstation|vm|controller))\b`)

// everywhere is what the words before the first command say of where all of them are run.
func (b *book) everywhere() []login {
	var all []login
	for _, n := range b.document.Nodes {
		if n.Kind == doc.Code || len(b.Blocks) == 0 || n.Line >= b.Blocks[0].Line {
			break
		}
		for _, s := range b.sentences(n) {
			if !everywhereForm.in(s) || s.line >= b.Blocks[0].Line {
				continue
			}
			m := everywhereForm.FindStringSubmatch(s.plain)
			if host := cmp.Or(m[1], m[2]); roleName(host) != "" && len(all) == 0 {
				all = append(all, login{host: host, line: s.line})
			}
		}
	}
	return all
}

// ahead is what sections of words alone, at the head of a section or of the document, says of where its procedure is run.
func (b *book) ahead() []login {
	all := b.aheadOf(b.Root, 0)
	for i := range b.Steps {
		if b.sources[i].section {
			all = append(all, b.aheadOf(b.Steps[i].Body, b.Steps[i].End)...)
		}
	}
	return all
}

func (b *book) aheadOf(body []Item, end int) []login {
	var all []login
	headed := false
	for _, item := range body {
		if item.Kind != ProseItem {
			if item.Kind == NoteItem {
				continue
			}
			break
		}
		headed = headed || item.Prose.Kind == doc.Heading
		if !headed || item.Prose.Kind != doc.Paragraph {
			continue
		}
		for _, s := range b.sentences(item.Prose) {
			if host := b.placeOf(s); host != "" && stepOn.in(s) && ofAll.in(s) {
				all = append(all, login{host: host, line: s.line, end: end})
			}
		}
	}
	return all
}

var (
	ofAll  = newForm(`\b(?:all|these|following|below|this command|th(?:is|e) (?:section|procedure|task|page|document)|every (?:command|step))\b`)
	ofRest = newForm(`\b(?:the following(?: \w+)?|(?:these|the next) (?:\w+)):$`)
)

// saidOfAll is where a section's first words, or the document's, say that what it holds is run, and the last line they hold
// for, 0 for no end.
func (b *book) saidOfAll(step, at int, s *sentence) (string, int) {
	nodes, end := b.insideOf(step), 0
	if !ofAll.in(s) || at+1 < len(nodes) && nodes[at+1].Kind == doc.Code {
		return "", 0
	}
	switch {
	case step >= 0 && b.sources[step].section:
		end = b.Steps[step].End
	case step >= 0 || !stepOn.in(s):
		return "", 0
	}
	for _, n := range nodes[:at] {
		if n.Kind == doc.Code || n.Kind == doc.List {
			return "", 0
		}
	}
	return b.placeOf(s), end
}

// saidOfRest is where the last words of a step that holds nothing else say that the following is run: the steps beside it,
// in a list that has lost its indentation.
func (b *book) saidOfRest(step, at int, s *sentence) (string, int) {
	if step < 0 || b.sources[step].section || at+1 < len(b.sources[step].inside) || len(b.Steps[step].Blocks) > 0 || !ofRest.in(s) {
		return "", 0
	}
	end := 0
	if parent := b.Steps[step].Parent; parent >= 0 {
		end = b.Steps[parent].End
	}
	return b.placeOf(s), end
}
