package runbook

import (
	"strings"

	"gatewalk/runbook/doc"
)

// Difference is what a step changes in a procedure written elsewhere, which the step around it sends to: "perform the
// procedure X, except: skip its section Y, use this command in its section Z".
type Difference struct {
	Kind DifferenceKind `json:"kind"`
	Of   string         `json:"of"` // the title of the part of that procedure, as the text names it
}

// DifferenceKind says what becomes of the part.
type DifferenceKind string

// The kinds of difference.
const (
	LeftOut DifferenceKind = "left out"
	Changed DifferenceKind = "changed"
)

var (
	// exceptForm leads to a list of differences. What stands before the noun is what the procedure is called.
	exceptForm = newForm(`^(?:then |next,? |now )?(?:perform|follow|complete|execute|use|run|carry out|do)\b(?: all)?(?: of)?(?: the)? (.+?)(?: (?:procedures?|pages?|sections?|steps|documents?|instructions|guides?))*,? (?:except|with (?:the |these |some )*(?:following )?(?:differences|changes|modifications|exceptions|adjustments)|but (?:with|skip|change|note))\b[^.]*:$`)
	omitForm   = newForm(`^(?:skip|omit|leave out|ignore|do not (?:perform|run|do|execute))\b(?: (?:this|the|its))?(?: (?:sections?|steps?|parts?|procedures?))?:? ?(.+?)(?: as\b.*)?[.:]?$`)
	alterForm  = newForm(`^(?:modify|change|adjust|replace|alter|adapt)\b(?: (?:this|the|its))?(?: (?:sections?|steps?|parts?|procedures?))?:? ?(.+?)(?: as follows| with (?:this|the following).*)?[.:]?$`)
	withinForm = newForm(`^in (?:this |the |its )?(?:section |step |part )?:? ?(.+?), (?:use|run|replace|change|instead|substitute)\b`)
)

// differences finds the steps that change a procedure written elsewhere.
func (b *book) differences() {
	for i := range b.Steps {
		nodes := b.sources[i].inside
		for at := range nodes {
			if b.leadsDifferences(nodes, at) == nil {
				continue
			}
			for _, item := range nodes[at+1].Children {
				if step := b.stepOf(item); step >= 0 {
					b.differ(step, item)
				}
			}
		}
	}
}

// leadsDifferences is the sentence by which a paragraph sends to another procedure with the differences listed behind it.
func (b *book) leadsDifferences(nodes []*doc.Node, at int) *sentence {
	if at+1 >= len(nodes) || nodes[at].Kind != doc.Paragraph || nodes[at+1].Kind != doc.List {
		return nil
	}
	all := b.sentences(nodes[at])
	if len(all) == 0 || !exceptForm.in(all[len(all)-1]) {
		return nil
	}
	return all[len(all)-1]
}

// differ reads what an item says of the other procedure.
func (b *book) differ(step int, item *doc.Node) {
	if len(item.Children) == 0 || item.Children[0].Kind != doc.Paragraph {
		return
	}
	words := newSentence(b.words(item.Children[0]), item.Line)
	for _, way := range []struct {
		form *form
		kind DifferenceKind
	}{{omitForm, LeftOut}, {alterForm, Changed}, {withinForm, Changed}} {
		if m := way.form.FindStringSubmatch(words.plain); m != nil {
			b.Steps[step].Differs = &Difference{way.kind, strings.Trim(m[1], `"'“”. `)}
			b.Steps[step].Title = asTitle(words)
			b.parted[item.Children[0]] = b.Steps[step].Differs.Of
			b.Steps[step].because("differs", "changes another procedure", item.Line)
			return
		}
	}
}

// sendsWithDifferences is the sentence that makes a step a call of another procedure with differences, nil if it is none.
func (b *book) sendsWithDifferences(i int) *sentence {
	nodes := b.sources[i].inside
	for at := range nodes {
		if s := b.leadsDifferences(nodes, at); s != nil && b.Steps[i].Differs == nil {
			return s
		}
	}
	return nil
}

// differenceRefs are the references of a paragraph that sends to a procedure with differences, or names a part of one.
func (b *book) differenceRefs(n *doc.Node) []Ref {
	all := b.sentences(n)
	if len(all) > 0 && exceptForm.in(all[len(all)-1]) {
		s := all[len(all)-1]
		return []Ref{{Line: s.line, Text: exceptForm.FindStringSubmatch(s.plain)[1], Returns: true, Step: -1}}
	}
	if of, ok := b.parted[n]; ok {
		return []Ref{{Line: n.Line, Text: of, Returns: true, Step: -1}}
	}
	return nil
}
