package tui

import (
	"fmt"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/form"
)

// name is the selected or any other place, as a title says it.
func (m Model) name(p steps.Place) string {
	if step := m.state.Step(p); step != nil {
		return safe.Line(strings.TrimSpace(step.Path + " " + step.Title)).String()
	}
	return m.state.Name(p)
}

// valuesQuestion asks for everything that a place reads and that has no value.
func (m Model) valuesQuestion(p steps.Place, missing []steps.Missing) question {
	offered := map[string]string{}
	for _, f := range m.state.Prepare(p).Fields {
		offered[f.Name] = f.Offered
	}
	var fields []form.Field
	secret := map[string]bool{}
	for _, one := range missing {
		field := form.Line(one.Name, one.Name, "")
		if secret[one.Name] = one.Secret; one.Secret {
			field = form.Secret(one.Name, one.Name+" (secret: it is not shown and not stored)")
		}
		fields = append(fields, field.Wanted("it would be empty: type its value").Hint(source(one)).Offer(offered[one.Name]))
	}
	about := []string{"It does not start while something it reads has no value."}
	return m.newQuestion(p, "Values for "+m.name(p), "write down", about, func(a form.Answers) answer {
		var inputs []steps.Input
		for _, one := range missing {
			inputs = append(inputs, steps.Set{Place: p, Name: one.Name, Value: a[one.Name], Secret: secret[one.Name]})
		}
		return says(inputs...)
	}, fields...)
}

func source(one steps.Missing) string {
	if one.From == "" {
		return "it is " + one.Is
	}
	return "it is " + one.Is + "; it should have been " + one.From
}

// bindingQuestion asks where the host of a place is.
func (m Model) bindingQuestion(p steps.Place) question {
	host := m.state.Prepare(p).Host
	machine := m.machine()
	title, wanted := "On which host does this run?", machine
	about := []string{"The text does not say it. This machine is " + machine + "."}
	if host != "" {
		title, wanted = "Where is "+host+"?", host
		about = []string{"The text says " + host + ". This machine is " + machine + "."}
	}
	return m.newQuestion(p, title, "write down", about, func(a form.Answers) answer {
		return m.bound(p, host, a)
	},
		form.Choice("where", "It is",
			form.Option{Key: "t", Value: "here", Label: "this machine: I am on it now"},
			form.Option{Key: "h", Value: "by hand", Label: "elsewhere: I do it there by hand and record it here"},
			form.Option{Key: "s", Value: "skip", Label: "not to be done: skip this with a reason"}),
		form.Line("typed", "Type the name of the host you are on", "").Only("where", "here").
			Hint("as the text means it, for example "+wanted).Wanted("type the name: a key is too little for the wrong machine"),
		form.Line("names", "Which hosts (may be left empty)", "").Only("where", "by hand"),
		form.Line("reason", "Why is it skipped", "").Only("where", "skip").Wanted("a reason is wanted"))
}

// bound is what the answers about a host mean.
func (m Model) bound(p steps.Place, host string, a form.Answers) answer {
	if a["where"] == "skip" {
		return says(steps.Skip{Place: p, Reason: a["reason"]})
	}
	in := steps.Bind{Host: host}
	if host == "" || p.Item() != "" {
		in.Place = &p
	}
	if a["where"] == "by hand" {
		in.To = steps.Binding{Kind: steps.ByHand, Names: strings.Fields(a["names"])}
		return says(in)
	}
	in.Typed = strings.TrimSpace(a["typed"])
	in.To = steps.Binding{Kind: steps.Here, Names: named(host, m.machine(), in.Typed)}
	return says(in)
}

// named is the one host that a marker means here. A marker that ends in a digit names a host; any other is a role, and
// what was typed says which host of it this is.
func named(host, machine, typed string) []string {
	switch {
	case host == "":
		return []string{machine}
	case unicode.IsDigit(rune(host[len(host)-1])):
		return []string{host}
	}
	return []string{typed}
}

// machine is the name of this machine.
func (m Model) machine() string {
	if opened := m.state.Opened(); opened != nil {
		return opened.Machine
	}
	return m.options.Host
}

func (m Model) choiceQuestion(p steps.Place) question {
	step := m.state.Step(p)
	choice := m.state.Plan().Choices[*step.Choice]
	var options []form.Option
	for i, o := range choice.Options {
		options = append(options, form.Option{Key: optionKey(i), Value: fmt.Sprint(i), Label: o.Title})
	}
	return m.newQuestion(p, m.name(p), "take this way", []string{safe.Of(choice.Text).Plain()}, func(a form.Answers) answer {
		var taken int
		if _, err := fmt.Sscan(a["way"], &taken); err != nil {
			panic("tui: an option without a number")
		}
		return says(steps.Choose{Place: p, Option: taken})
	}, form.Choice("way", "Which way", options...))
}

// optionKey is the key of the n-th of several options: the digits, then letters.
func optionKey(n int) string {
	const keys = "123456789abcdefghijklmnopqrstuvwxyz"
	return keys[min(n, len(keys)-1):][:1]
}

// orderQuestion asks what to do about a place that is still open before the one that was to start.
func (m Model) orderQuestion(r *steps.Refusal) question {
	p, open := r.Place, *r.Other
	return m.newQuestion(p, "Not yet: "+m.name(p), "do that", []string{"Still open before it: " + m.name(open)}, func(a form.Answers) answer {
		switch a["way"] {
		case "go":
			return answer{to: &open}
		case "jump":
			return says(steps.Jump{To: p, Reason: a["reason"]})
		}
		return says(steps.Skip{Place: open, Reason: a["reason"]})
	},
		form.Choice("way", "What now",
			form.Option{Key: "g", Value: "go", Label: "go to what is open"},
			form.Option{Key: "s", Value: "skip", Label: "skip what is open, with a reason"},
			form.Option{Key: "j", Value: "jump", Label: "jump here and leave open what lies between, with a reason"}),
		form.Line("reason", "Why", "").Only("way", "skip", "jump").Wanted("a reason is wanted"))
}

func (m Model) askBinding() (Model, tea.Cmd) { return m.open(m.bindingQuestion(m.place())), nil }
