package lint

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"gatewalk/runbook"
	"gatewalk/runbook/doc"
)

// values finds what an operator must supply and cannot know: nothing explains it, or the document sets it only later.
func values(i *inspection) []found {
	all := i.templates()
	words, setters := spoken(i.document), i.setters()
	asked := map[string]bool{}
	for b := range i.plan.Blocks {
		block := &i.plan.Blocks[b]
		for _, input := range block.Inputs {
			if i.skipped[b] || asked[input] || i.given(input) {
				continue
			}
			asked[input] = true
			if setter, known := setters[input]; known && setter > b && !i.called[b] {
				all = append(all, at(block, fmt.Sprintf("%s is read here and set only at line %d", input, i.plan.Blocks[setter].Line), "move the block that sets it before this one"))
			} else if !annotated(block, "inputs") && !isSample(block, input) && !explained(input, words) {
				all = append(all, at(block, fmt.Sprintf("nothing says what %s is", input), "say before the block what it is and where it comes from, or give it with --values"))
			}
		}
	}
	return all
}

// isSample says whether the text itself tells to replace an input.
func isSample(b *runbook.Block, input string) bool {
	return slices.ContainsFunc(b.Samples, func(s runbook.Sample) bool { return s.Name == input })
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

// setters are the blocks that set each variable first. What is walked when it is called stands in no order.
func (i *inspection) setters() map[string]int {
	first := map[string]int{}
	for b := range i.plan.Blocks {
		for _, name := range i.plan.Blocks[b].Sets {
			if _, known := first[name]; !known && i.plan.Blocks[b].Runs() && !i.called[b] {
				first[name] = b
			}
		}
	}
	return first
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

// spoken are the words that a document says outside of its code, in lower case.
func spoken(d *doc.Document) map[string]bool {
	words := map[string]bool{}
	doc.Walk(d.Nodes, func(n *doc.Node) bool {
		if n.Kind != doc.Code && n.Kind != doc.Comment {
			for _, word := range parts(doc.Words(n.Spans)) {
				words[word] = true
			}
		}
		return true
	})
	return words
}

// parts are the words of a text as names are made of them, in lower case.
func parts(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

// explained says whether the words of a document name an input. A placeholder of several words says itself what it wants,
// and so does an option that is to be taken or left.
func explained(input string, words map[string]bool) bool {
	if input != bare(input) && strings.ContainsAny(bare(input), " _-") {
		return true
	}
	return !slices.ContainsFunc(parts(input), func(word string) bool { return !words[word] })
}
