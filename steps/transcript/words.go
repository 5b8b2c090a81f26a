package transcript

import (
	"fmt"
	"strings"

	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// say makes a sentence of whatever goes into it.
func say(format string, arguments ...any) safe.Text {
	return safe.Line(fmt.Sprintf(format, arguments...))
}

// actor is who said something.
func actor(by steps.Actor) safe.Text {
	switch by.Via {
	case steps.Machine:
		return say("gatewalk")
	case steps.Answers:
		return say("%s (uid %d), by the file %s", by.Name, by.UID, by.File)
	case steps.Terminal:
		return say("%s (uid %d)", by.Name, by.UID)
	}
	return say("%s (uid %d), via %s", by.Name, by.UID, by.Via)
}

func binding(b steps.Binding) safe.Text {
	names, user := strings.Join(b.Names, " "), ""
	if b.User != "" {
		user = " as " + b.User
	}
	switch b.Kind {
	case steps.Here:
		return say("this machine%s (%s)", user, names)
	case steps.ByHand:
		return say("done there by hand (%s)", names)
	}
	return say("%s (%s)%s", b.Kind, names, user)
}

// within says in words what a place stands in: calls, loop items, hosts, rounds.
func (b *builder) within(frames []steps.Frame) safe.Text {
	words := make([]string, len(frames))
	for i, f := range frames {
		words[i] = fmt.Sprintf("%s %s", f.Kind, f.Name)
		if f.Kind == steps.CallFrame {
			words[i] = "called from " + b.caller(f.Name)
		}
	}
	return say("%s", strings.Join(words, ", "))
}

// caller is the path of a calling step.
func (b *builder) caller(id string) string {
	if step := b.state.Step(steps.Place{Block: id}); step != nil {
		return step.Path
	}
	return id
}

func texts(list []string) []safe.Text {
	var out []safe.Text
	for _, s := range list {
		out = append(out, safe.Line(s))
	}
	return out
}

func table(values map[string]string) map[string]safe.Text {
	if len(values) == 0 {
		return nil
	}
	out := map[string]safe.Text{}
	for name, value := range values {
		out[safe.Line(name).Plain()] = safe.Line(value)
	}
	return out
}
