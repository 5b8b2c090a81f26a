package runbook

import (
	"slices"
	"strconv"
	"strings"

	"gatewalk/runbook/doc"
)

// listed is a list of steps as one way of a choice.
func (b *book) listed(list *doc.Node) Option {
	way := option(list.Line, b.itemTitle(list.Children[0]), -1)
	for _, item := range list.Children {
		if step := b.stepOf(item); step >= 0 {
			way.Steps = append(way.Steps, step)
		}
	}
	return way
}

var keptStep = newForm(`\b(?:from|in|of|after|as in|with) step (\d+)\b`)

// hold gives ways that are told in words the steps of the list that they keep: "the file from step 1".
func (b *book) hold(i int, ways []Option) {
	b.holdFirst(i, ways)
	for k := range ways {
		m := keptStep.FindStringSubmatch(ways[k].Title)
		if m == nil || ways[k].Step < 0 {
			continue
		}
		if kept := b.atNumber(ways[0].Steps, m[1]); kept >= 0 {
			ways[k].Steps = append(ways[k].Steps, kept)
		}
	}
}

// atNumber is the step of a list that has a number, or stands where it would; -1 if there is none.
func (b *book) atNumber(list []int, number string) int {
	for _, step := range list {
		if strings.HasSuffix(b.Steps[step].Path, "/"+number) {
			return step
		}
	}
	if n, err := strconv.Atoi(number); err == nil && n > 0 && n <= len(list) {
		return list[n-1]
	}
	return -1
}

// holdFirst gives ways beside one that leaves all of it out what has to be done right before them.
func (b *book) holdFirst(i int, ways []Option) {
	if !slices.ContainsFunc(ways, func(o Option) bool { return o.Step < 0 }) {
		return
	}
	var before []int
	for _, item := range b.Steps[i].Body {
		switch {
		case item.Kind != StepItem:
		case b.saidFirst(item.Index):
			before = append(before, item.Index)
		case slices.ContainsFunc(ways, func(o Option) bool { return o.Step == item.Index }):
			for k := range ways {
				if ways[k].Step >= 0 {
					ways[k].Steps = append(ways[k].Steps, before...)
				}
			}
			return
		default:
			before = nil
		}
	}
}

// otherWay says whether a paragraph tells, without a block, another way than the steps of the list behind it.
func (b *book) otherWay(nodes []*doc.Node, at int) bool {
	if at+1 < len(nodes) && nodes[at+1].Kind == doc.Code {
		return false
	}
	s, ok := find(b.sentences(nodes[at]), insteadForm)
	if !ok || strings.HasPrefix(s.lower, "or ") || strings.HasPrefix(s.lower, "otherwise") {
		return false
	}
	return slices.ContainsFunc(nearby(nodes[at+1:]), func(n *doc.Node) bool { return n.Kind == doc.List && n.Ordered && doc.HoldCode(n.Children...) })
}

var describedForm = newForm(`\b(?:(?:documented|described|shown|given|outlined) (?:here|below)|the following|(?:steps?|instructions?|procedure|commands) below)\b[^.]*\b(?:shows?|describes?|explains?|demonstrates?|covers?|details?|assumes?)\b`)

// described gives the steps of a section to the one of several ways, said in words, that the section says it goes on to
// show: "the following shows how to upgrade". The others leave it.
func (b *book) described(i int, ways []Option) {
	s, ok := find(b.ownWords(i), describedForm)
	if !ok {
		return
	}
	shown := -1
	for k := range ways {
		if !b.speaksOf(s, ways, k) {
			continue
		}
		if shown >= 0 {
			return
		}
		shown = k
	}
	if shown < 0 {
		return
	}
	for _, item := range b.Steps[i].Body {
		if item.Kind == StepItem && b.Steps[item.Index].Line > s.line {
			ways[shown].Steps = append(ways[shown].Steps, item.Index)
		}
	}
}

// speaksOf says whether a sentence has a word of one way's title that no other way has, by its stem.
func (b *book) speaksOf(s *sentence, ways []Option, k int) bool {
	spoken := stems(s.plain)
	return slices.ContainsFunc(stems(ways[k].Title), func(stem string) bool {
		for other := range ways {
			if other != k && slices.Contains(stems(ways[other].Title), stem) {
				return false
			}
		}
		return slices.Contains(spoken, stem)
	})
}

// stems are the first letters of the longer words of a text.
func stems(text string) []string {
	var all []string
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if len(word) > 4 {
			all = append(all, word[:min(len(word), 6)])
		}
	}
	return all
}
