package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	chooseForm = newForm(`\b(?:choose|select|use|follow|pick|perform|do|complete|execute|run|take)\b[^.]{0,40}\b(?:one|either|any one)\b[^.]{0,30}\bof (?:the|these)\b|\bchoose (?:one|either|between)\b|\b(?:one|either) of the (?:following|below)(?: (?:two |three |four )?(?:options?|procedures?|methods?|ways|steps|choices|tasks|sections|approaches|actions|alternatives|scenarios|links|workflows|paths)\b|:|$)|\b(?:one|either) of the (?:two|three|four|options|methods|procedures)\b|\bthere are (?:two|three|four|several|multiple|\d) (?:\w+ )?(?:options|ways|methods|alternatives|procedures|choices)\b|\b(?:two|three|four|several) (?:options|methods|alternatives) (?:are )?available\b|^(?:the |these |available |possible )*(?:options|ways|methods|alternatives) (?:for|to|of|are)\b[^.]*:$`)
	optionForm = newForm(`^(?:option|alternative|method|scenario|case|approach|variant)\s+(?:#?\d+|[A-Z])\b`)
	ifForm     = newForm(`^(?:if|when|for (?:an?|the) )\b`)
	kindsForm  = newForm(`^for ((?:systems?|clusters?|nodes?|servers?|hosts?|deployments?|environments?|installations?|sites?|users?|customers?))\b`)
)

// option is a way that leads to one step, or to none.
func option(line int, title string, step int) Option {
	return Option{Line: line, Title: title, Step: step}
}

// optionList is a list whose items name themselves options.
func (b *book) optionList(n *doc.Node) bool {
	for _, item := range n.Children {
		if !optionForm.MatchString(b.itemTitle(item)) {
			return false
		}
	}
	return len(n.Children) > 1
}

// choiceBefore says whether a list holds the ways of a choice: the words before it say so, or each item is a condition.
func (b *book) choiceBefore(nodes []*doc.Node, at int) bool {
	n := nodes[at]
	if len(n.Children) < 2 {
		return false
	}
	if n.Name == doc.Tabs {
		return true
	}
	if at > 0 && (nodes[at-1].Kind == doc.Paragraph || nodes[at-1].Kind == doc.Note) && !b.after(nodes, at, postcondition) {
		if b.chooses(nodes[at-1]) != nil {
			return true
		}
	}
	return b.optionList(n) || !n.Ordered && b.conditionList(n)
}

// chooses is the sentence that leads to a list of ways. Where the last sentence leads to the list, an earlier one does not.
func (b *book) chooses(n *doc.Node) *sentence {
	all := b.sentences(n)
	for i := len(all) - 1; i >= 0; i-- {
		if chooseForm.in(all[i]) {
			return all[i]
		}
		if strings.HasSuffix(all[i].plain, ":") && exampleOf.in(all[i]) {
			return nil
		}
	}
	return nil
}

var exampleOf = newForm(`^for (?:example|instance)\b`)

// conditionList is a list where each item begins with a condition and sends the operator on, or says what to run then.
func (b *book) conditionList(n *doc.Node) bool {
	for _, item := range n.Children {
		if !ifForm.MatchString(b.itemTitle(item)) && !b.opensWithCondition(item) || !hasLink(item) && !doc.HoldCode(item.Children...) {
			return false
		}
	}
	return true
}

// opensWithCondition says whether the first words of an item are a condition, whatever it orders later.
func (b *book) opensWithCondition(item *doc.Node) bool {
	if len(item.Children) == 0 {
		return false
	}
	all := b.sentences(item.Children[0])
	return len(all) > 0 && ifForm.in(all[0])
}

func hasLink(n *doc.Node) bool {
	found := false
	doc.Walk([]*doc.Node{n}, func(n *doc.Node) bool {
		for _, s := range n.Spans {
			found = found || s.Style == doc.Link
		}
		return !found
	})
	return found
}

// choices finds where exactly one of several ways is taken, in the body of each step.
func (b *book) choices() {
	for i := range b.Steps {
		nodes := b.sources[i].inside
		for at, n := range nodes {
			if n.Kind == doc.List && b.choiceBefore(nodes, at) {
				b.listChoice(i, nodes, at)
			}
		}
		b.headingChoice(i)
		b.kindsChoice(i)
		b.systemChoice(i)
	}
	for i := range b.Steps {
		b.alternatives(i)
		b.ifChoice(i)
		b.saidChoices(i)
	}
}

// listChoice makes a choice of a list. Its ways are the steps its items became, or the sections they link to, or lead out of the document.
func (b *book) listChoice(i int, nodes []*doc.Node, at int) {
	list := nodes[at]
	c := Choice{Line: b.Steps[i].Line, Step: i, Text: b.Steps[i].Title}
	if at > 0 {
		if s := b.chooses(nodes[at-1]); s != nil {
			c.Line, c.Text = nodes[at-1].Line, strings.TrimRight(s.text, ":.")
		}
	}
	for _, item := range list.Children {
		c.Options = append(c.Options, Option{Line: item.Line, Title: b.wayTitle(item), Step: b.way(item)})
	}
	b.addChoice(c)
}

// wayTitle is an item's title as one of several ways: behind its condition, where another sentence orders what is done then.
func (b *book) wayTitle(item *doc.Node) string {
	title := b.itemTitle(item)
	if ifForm.MatchString(title) || !b.opensWithCondition(item) {
		return title
	}
	if condition := whenForm.FindString(b.sentences(item.Children[0])[0].plain); condition != "" {
		return strings.TrimRight(condition, ",: ") + ": " + title
	}
	return title
}

// way is the step an option leads to.
func (b *book) way(item *doc.Node) int {
	if step := b.stepOf(item); step >= 0 {
		return step
	}
	step := -1
	doc.Walk([]*doc.Node{item}, func(n *doc.Node) bool {
		for _, s := range n.Spans {
			if s.Style == doc.Link && step < 0 {
				step = b.target(s.Target)
			}
		}
		return true
	})
	return step
}

// addChoice adds a choice. A step asks for one, the first; what else is left open in it is told, but greys nothing.
func (b *book) addChoice(c Choice) {
	step := &b.Steps[c.Step]
	for _, line := range b.asked[c.Step] {
		if near(line, c.Line, 4) {
			return
		}
	}
	b.asked[c.Step] = append(b.asked[c.Step], c.Line)
	index := len(b.Choices)
	asks := step.Choice == nil && !(len(step.Blocks) > 0 && waysOutside(c))
	if !asks {
		for i := range c.Options {
			c.Options[i].Step, c.Options[i].Steps, c.Options[i].Blocks = -1, nil, nil
		}
	}
	b.Choices = append(b.Choices, c)
	if !asks {
		return
	}
	step.Choice = &index
	if len(step.Blocks) == 0 {
		step.Kind = ChoiceStep
		step.because("kind", "one of several ways", c.Line)
	}
}

func near(a, b, lines int) bool { return a-b <= lines && b-a <= lines }

// waysOutside says whether no way of a choice is a step or a block.
func waysOutside(c Choice) bool {
	return !slices.ContainsFunc(c.Options, func(o Option) bool { return o.Step >= 0 || len(o.Steps)+len(o.Blocks) > 0 })
}

// headingChoice makes a choice of subsections that name themselves options.
func (b *book) headingChoice(i int) {
	c := Choice{Line: b.Steps[i].Line, Step: i, Text: b.Steps[i].Title}
	for _, item := range b.Steps[i].Body {
		if item.Kind == StepItem && b.sources[item.Index].section && optionForm.MatchString(b.Steps[item.Index].Title) {
			c.Options = append(c.Options, option(b.Steps[item.Index].Line, b.Steps[item.Index].Title, item.Index))
		}
	}
	if len(c.Options) > 1 && differ(c.Options) {
		if s, ok := find(b.ownWords(i), chooseForm); ok {
			c.Line, c.Text = s.line, strings.TrimRight(s.text, ":.")
		}
		b.addChoice(c)
	}
}

// differ says whether options that name themselves have different names: "Case 3: symptom" and "Case 3: details" are one.
func differ(all []Option) bool {
	return !strings.EqualFold(optionForm.FindString(all[0].Title), optionForm.FindString(all[1].Title))
}

// kindsChoice makes a choice of neighbouring items that each begin "For systems with …".
func (b *book) kindsChoice(i int) {
	c := Choice{Step: i, Text: b.Steps[i].Title}
	noun := ""
	for _, item := range b.Steps[i].Body {
		if item.Kind != StepItem {
			continue
		}
		m := kindsForm.FindStringSubmatch(b.Steps[item.Index].Title)
		if m == nil || noun != "" && !strings.EqualFold(noun, m[1]) || !b.hasSteps(item.Index) {
			continue
		}
		noun = m[1]
		c.Options = append(c.Options, option(b.Steps[item.Index].Line, b.Steps[item.Index].Title, item.Index))
	}
	if len(c.Options) > 1 {
		c.Line = c.Options[0].Line
		b.addChoice(c)
	}
}
