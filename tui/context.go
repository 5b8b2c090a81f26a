package tui

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"gatewalk/runbook/doc"
	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/form"
	"gatewalk/tui/reader"
)

// here is the host and the user whose shell the selected place runs in; where that is not said, those of the session.
func (m Model) here() (host, user string) {
	if ready := m.state.Prepare(m.place()); ready.Binding != nil {
		return m.state.Target(*ready.Binding)
	}
	return m.state.Target(steps.Binding{Kind: steps.Here})
}

// context shows the variables of the shell that the selected place runs in.
func (m Model) context() (Model, tea.Cmd) {
	return m.leaf(Model.variables).leadsTo(m.KeyMap.Set, "set a variable", Model.askVariable, false), nil
}

// variables are all that is known of a shell: each with its value and where that came from, secrets by their names.
func (m Model) variables(width int) []string {
	host, user := m.here()
	table := m.state.Context(host, user).Table
	title := "Variables of " + safe.Line(user).String() + " on " + safe.Line(host).String()
	lines := []string{m.styles.Heading.Render(title)}
	if directory, ok := table["PWD"]; ok {
		lines = append(lines, m.item("commands start in "+safe.Line(directory.Value).String(), width)...)
	}
	lines = append(lines, "")
	for _, name := range slices.Sorted(maps.Keys(table)) {
		v := table[name]
		lines = append(lines, reader.Value(name, m.value(name, v), m.origin(v), m.styles, width)...)
	}
	if len(table) == 0 {
		lines = append(lines, m.item("none is known: nothing has run here yet", width)...)
	}
	return lines
}

// value is what a variable holds. What a secret holds is nowhere but in the session's memory.
func (m Model) value(name string, v steps.Variable) string {
	switch {
	case v.Commitment != "" && m.state.Forgotten(name):
		return "(secret, forgotten since: it is asked for again)"
	case v.Commitment != "":
		return "(secret, never shown)"
	}
	return safe.Exact(v.Value).String()
}

// origin is where a value came from, and when.
func (m Model) origin(v steps.Variable) string {
	from := safe.Line(v.Origin).String()
	if number, ok := strings.CutPrefix(v.Origin, "attempt "); ok {
		id, _ := strconv.ParseUint(number, 10, 64)
		if a := m.state.Attempt(id); a != nil {
			from = "set by " + m.name(a.Started.Place) + ", " + from
		}
	}
	if v.At.IsZero() {
		return from
	}
	return from + ", " + v.At.Format("15:04")
}

// aName is what a shell variable may be called.
var aName = doc.Pattern(`^[A-Za-z_][A-Za-z0-9_]*$`)

// askVariable asks for a variable and its value, which is a fact of the selected place.
func (m Model) askVariable() (Model, tea.Cmd) {
	if why := m.cannotSet(); why != "" {
		return m.tell(why), nil
	}
	p := m.place()
	host, user := m.here()
	about := []string{"Every command that " + safe.Line(user).String() + " runs on " + safe.Line(host).String() + " from now on has it. It is recorded at " + m.name(p) + "."}
	return m.open(m.newQuestion(p, "Set a variable", "set it", about, func(a form.Answers) answer {
		name := strings.TrimSpace(a["name"])
		if !aName().MatchString(name) {
			return answer{wrong: "a name has letters, digits and _ only, and begins with no digit"}
		}
		return says(steps.Set{Place: p, Name: name, Value: a["value"] + a["secret"], Secret: a["kind"] == "secret"})
	},
		form.Line("name", "Name", "").Wanted("name it"),
		form.Choice("kind", "Its value",
			form.Option{Key: "v", Value: "value", Label: "is shown and recorded"},
			form.Option{Key: "s", Value: "secret", Label: "is a secret: neither shown nor recorded"}),
		form.Line("value", "Value", "").Only("kind", "value").Wanted("it would be empty: type its value"),
		form.Secret("secret", "Value (not shown)").Only("kind", "secret").Wanted("it would be empty: type its value"))), nil
}

func (m Model) cannotSet() string {
	if why := m.watching(); why != "" {
		return why
	}
	if m.block() == nil {
		return "go to a command first: a variable is set where it is read"
	}
	return ""
}
