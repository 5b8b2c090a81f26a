package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// anyOrder finds steps that the text lets an operator take in any order: "the phases may be completed in any order" beside
// a list of them. Steps that share a group are free among each other; what comes before and after the group is not.
func (b *book) anyOrder() {
	group := 0
	b.freeIn(b.Root, &group)
	for i := range b.Steps {
		b.freeIn(b.Steps[i].Body, &group)
	}
}

// freeIn looks at the paragraphs of one body, each with the list that stands beside it.
func (b *book) freeIn(body []Item, group *int) {
	for i, item := range body {
		if item.Kind != ProseItem || item.Prose.Kind != doc.Paragraph {
			continue
		}
		for _, s := range b.sentences(item.Prose) {
			if !strings.Contains(s.lower, "in any order") {
				continue
			}
			free := b.called(remaining(s, listBeside(body, i)))
			if len(free) < 2 {
				free = stepsBehind(body, i)
			}
			b.free(free, group, s.line)
		}
	}
}

// free puts steps into a group of their own.
func (b *book) free(steps []int, group *int, line int) {
	if len(steps) < 2 {
		return
	}
	*group++
	for _, i := range steps {
		b.Steps[i].AnyOrder = *group
		b.Steps[i].because("any_order", "in any order", line)
	}
}

// listBeside is the text of each item of the list right before a paragraph, or right behind it.
func listBeside(body []Item, at int) []string {
	for _, i := range []int{at - 1, at + 1} {
		if i >= 0 && i < len(body) && body[i].Kind == ProseItem && body[i].Prose.Kind == doc.List {
			var items []string
			for _, item := range body[i].Prose.Children {
				var words strings.Builder
				doc.Walk(item.Children, func(n *doc.Node) bool {
					words.WriteString(doc.Words(n.Spans))
					return true
				})
				items = append(items, words.String())
			}
			return items
		}
	}
	return nil
}

// remaining leaves out the items up to the one that must be done first: "after the backup is taken, the remaining …".
func remaining(s *sentence, items []string) []string {
	_, after, ok := strings.Cut(s.lower, "after ")
	if !ok {
		return items
	}
	first, _, _ := strings.Cut(after, ",")
	for i, item := range items {
		if strings.Contains(first, strings.ToLower(item)) {
			return items[i+1:]
		}
	}
	return items
}

// called are the steps whose titles are these.
func (b *book) called(titles []string) []int {
	var found []int
	for _, title := range titles {
		i := slices.IndexFunc(b.Steps, func(s Step) bool { return strings.EqualFold(strings.TrimSpace(title), s.Title) })
		if i >= 0 && !slices.Contains(found, i) {
			found = append(found, i)
		}
	}
	return found
}

// stepsBehind are the steps that follow a paragraph in its body: it introduced them.
func stepsBehind(body []Item, at int) []int {
	var found []int
	for _, item := range body[at+1:] {
		switch item.Kind {
		case StepItem:
			found = append(found, item.Index)
		case ProseItem:
			if item.Prose.Kind == doc.Paragraph && len(found) > 0 {
				return found
			}
		case BlockItem, NoteItem:
		}
	}
	return found
}
