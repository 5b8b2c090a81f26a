package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// set gives values to single blocks.
func (l *layer) set() error {
	for n, c := range l.overlay.changes {
		for _, s := range c.set {
			used, err := l.give(l.found[n].block, s)
			if err != nil {
				return err
			}
			if !used {
				b := &l.Blocks[l.found[n].block]
				return l.wrong(s.line, "%s (line %d) needs no %s; the nearest is %q", b.ID, b.Line, s.key, doc.Nearest(s.key, b.Inputs))
			}
		}
	}
	return nil
}

// fill gives values wherever they are needed.
func (l *layer) fill() error {
	for _, s := range l.overlay.values {
		used, hosts := false, map[string]bool{}
		for _, i := range l.order() {
			b := &l.Blocks[i]
			if slices.Contains(b.Reads, variable(s.key)) && hosts[b.Host] {
				continue // what was set before holds on
			}
			hosts[b.Host] = hosts[b.Host] || slices.Contains(b.Inputs, variable(s.key))
			given, err := l.give(i, s)
			if err != nil {
				return err
			}
			used = used || given
		}
		if !used {
			return l.wrong(s.line, "nothing in %s needs a value for %s; the nearest is %q", l.Source, s.key, doc.Nearest(s.key, l.needed()))
		}
	}
	return nil
}

func (l *layer) needed() []string {
	var names []string
	for i := range l.Blocks {
		for _, name := range l.Blocks[i].Inputs {
			names = appendOnce(names, name)
		}
	}
	return names
}

func variable(name string) string { return strings.TrimPrefix(name, "$") }

// give fills in a placeholder of a block, or sets a variable right before it. It answers whether the block needs it.
func (l *layer) give(i int, s setting) (bool, error) {
	b := &l.Blocks[i]
	if b.Kind != File && !b.Runs() {
		return false, nil
	}
	name := variable(s.key)
	reads := slices.Contains(b.Reads, name) && slices.Contains(b.Inputs, name)
	text, commands, err := b.with(s)
	if err != nil {
		return false, l.wrong(s.line, "%s", err)
	}
	if !reads && text == b.Text && slices.Equal(commands, b.Commands) && !b.asks(name) {
		return false, nil
	}
	if shell.SecretName(s.key) || slices.Contains(b.Secrets, s.key) || slices.Contains(b.Secrets, name) {
		return false, l.wrong(s.line, "%s is a secret, and a file is no place for one; take it out: it is asked for when it is needed", s.key)
	}
	if reads {
		return true, l.assign(i, name, s)
	}
	b.Text, b.Commands = text, commands
	b.First = firstLine(strings.TrimSpace(text))
	filled := func(input string) bool { return !strings.Contains(text, input) || b.asks(name) && input == name }
	b.Inputs = slices.DeleteFunc(b.Inputs, filled)
	b.keepSamples()
	if b.Gate != NoGate {
		b.Targets = targets(shell.Analyze(strings.Join(commands, "\n")))
	}
	l.TemplateVars = slices.DeleteFunc(l.TemplateVars, func(name string) bool { return name == strings.Trim(s.key, "{}| ") })
	b.mark("text", s.line)
	l.rename(i)
	return true, nil
}

// with is a block's text and commands with a placeholder filled in.
func (b *Block) with(s setting) (text string, commands []string, err error) {
	values := map[string]string{s.key: s.value}
	if name := variable(s.key); b.asks(name) {
		values[name] = s.value
	}
	if text, err = shell.Substitute(b.Text, values, b.Shown()...); err != nil {
		return "", nil, err
	}
	commands = slices.Clone(b.Commands)
	for i := range commands {
		if commands[i], err = shell.Substitute(commands[i], values, b.Shown()...); err != nil {
			return "", nil, err
		}
	}
	return text, commands, nil
}

// keepSamples lets those samples go that are no inputs any more.
func (b *Block) keepSamples() {
	b.Samples = slices.DeleteFunc(slices.Clone(b.Samples), func(s Sample) bool { return !slices.Contains(b.Inputs, s.Name) })
}

// assign sets a variable in a step of its own before a block, where everybody sees it.
func (l *layer) assign(i int, name string, s setting) error {
	command, err := shell.Substitute(name+"=<value>", map[string]string{"<value>": s.value})
	if err != nil {
		return l.wrong(s.line, "%s", err)
	}
	step := l.owner(i)
	l.place(&change{
		line: s.line, title: "Set " + name + " as it is at this site", insert: &setting{"insert", "before", s.line}, command: &setting{"command", command, s.line},
	}, subject{i, step})
	return nil
}

// order is every block in the order of the document.
func (p *Plan) order() []int {
	var all []int
	var visit func([]Item)
	visit = func(items []Item) {
		for _, item := range items {
			switch item.Kind {
			case BlockItem:
				all = append(all, item.Index)
			case StepItem:
				visit(p.Steps[item.Index].Body)
			case NoteItem, ProseItem:
			default:
				panic("runbook: no such item: " + string(item.Kind))
			}
		}
	}
	visit(p.Root)
	return all
}

// follow sees what the changes mean for the blocks behind them: what nobody sets any more is asked for, and what the site
// sets is not.
func (l *layer) follow() {
	set := map[string]string{} // variable -> the overlay's name if the site set it last, else ""
	owners := l.owners()
	for _, i := range l.order() {
		b := &l.Blocks[i]
		if !b.Runs() || b.Skip != "" || l.leftOut(owners[i]) {
			continue
		}
		for _, name := range b.Reads {
			by, known := set[name]
			line, lost := l.lost[name]
			switch {
			case !known && lost && !slices.Contains(b.Inputs, name):
				b.Inputs = append(b.Inputs, name)
				b.mark("inputs", line)
			case known && by != "":
				b.Inputs = slices.DeleteFunc(b.Inputs, func(input string) bool { return input == name })
			}
		}
		for _, name := range b.Sets {
			set[name] = b.Source
		}
	}
}

// leftOut says whether a step, or one around it, is left out.
func (l *layer) leftOut(step int) bool {
	for ; step >= 0; step = l.Steps[step].Parent {
		if l.Steps[step].Skip != "" {
			return true
		}
	}
	return false
}

// lose remembers the variables that a block sets no more.
func (l *layer) lose(names []string, line int) {
	for _, name := range names {
		l.lost[name] = line
	}
}
