package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// values finds what an operator must supply and cannot know: nothing explains it, or the document sets it only later.
func values(i *inspection) []found {
	all := i.templates()
	words := spoken(i.document)
	asked := map[string]bool{}
	for b := range i.plan.Blocks {
		block := &i.plan.Blocks[b]
		for _, input := range block.Inputs {
			if i.skipped[b] || asked[input] || i.given(input) {
				continue
			}
			asked[input] = true
			if line := i.setLater(b, input); line > 0 {
				all = append(all, at(block, fmt.Sprintf("%s is read here and set only at line %d", input, line), "move the block that sets it before this one"))
			} else if !annotated(block, "inputs") && !explained(input, words) {
				all = append(all, at(block, fmt.Sprintf("nothing says what %s is", input), "say before the block what it is and where it comes from, or give it with --values"))
			}
		}
	}
	return all
}

// given says whether a value is known, under the input's text or that without its brackets: from the caller, or as a sample
// from the document.
func (i *inspection) given(input string) bool {
	_, exact := i.Values[input]
	_, bared := i.Values[bare(input)]
	_, sample := i.document.Values[bare(input)]
	return exact || bared || sample
}

func bare(input string) string { return strings.Trim(input, "<>[](){}| ") }

// setLater is the line of a block that sets a variable after the block at an index has read it, 0 if none does. What is
// walked when it is called stands in no order.
func (i *inspection) setLater(at int, name string) int {
	if i.called[at] {
		return 0
	}
	for b := at + 1; b < len(i.plan.Blocks); b++ {
		if i.plan.Blocks[b].Runs() && slices.Contains(i.plan.Blocks[b].Sets, name) && !i.called[b] {
			return i.plan.Blocks[b].Line
		}
	}
	return 0
}

// templates are the values that whoever publishes a document fills in, and did not.
func (i *inspection) templates() []found {
	var all []found
	for _, name := range i.plan.TemplateVars {
		if i.given(name) {
			continue
		}
		what := fmt.Sprintf("%s was to be filled in by whoever publishes the document", name)
		all = append(all, found{line: i.lineOf(name), what: what, act: "lint the document as it is published, or give the value with --values"})
	}
	return all
}

// lineOf is the first line of the source that holds a text.
func (i *inspection) lineOf(text string) int {
	before, _, ok := strings.Cut(string(i.text), text)
	if !ok {
		return 1
	}
	return strings.Count(before, "\n") + 1
}

// spoken is all that a document says outside of its code, in lower case.
func spoken(d *doc.Document) string {
	var words strings.Builder
	doc.Walk(d.Nodes, func(n *doc.Node) bool {
		if n.Kind != doc.Code && n.Kind != doc.Comment {
			words.WriteString(strings.ToLower(doc.Words(n.Spans)))
			words.WriteByte('\n')
		}
		return true
	})
	return words.String()
}

var between = regexp.MustCompile(`[\s_-]+`)

// explained says whether the words of a document name an input. A placeholder of several words says itself what it wants,
// and so does an option that is to be taken or left.
func explained(input, words string) bool {
	name := strings.ToLower(bare(input))
	if input != bare(input) && between.MatchString(name) {
		return true
	}
	return regexp.MustCompile(`(?:^|[^\w])` + regexp.QuoteMeta(name) + `(?:$|[^\w])`).MatchString(words)
}
