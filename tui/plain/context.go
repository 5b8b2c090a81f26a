package plain

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gatewalk/steps"
)

// context reads out the variables of the shell that a place runs in: each with its value and where that came from, secrets
// by their names.
func (w *walk) context(p steps.Place, _ string) error {
	to := steps.Binding{Kind: steps.Here}
	if ready := w.state.Prepare(p); ready.Binding != nil {
		to = *ready.Binding
	}
	host, user := w.state.Target(to)
	table := w.state.Context(host, user).Table
	w.say("variables of %s on %s: %d", user, host, len(table))
	if directory, ok := table["PWD"]; ok {
		w.say("commands start in %s", directory.Value)
	}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		w.say("variable: %s = %s", name, w.variable(name, table[name]))
	}
	return nil
}

// variable is a value and where it came from, in words.
func (w *walk) variable(name string, v steps.Variable) string {
	from := v.Origin
	if number, ok := strings.CutPrefix(v.Origin, "attempt "); ok {
		id, _ := strconv.ParseUint(number, 10, 64)
		if a := w.state.Attempt(id); a != nil {
			from = "set at " + w.name(a.Started.Place) + " by " + from
		}
	}
	if !v.At.IsZero() {
		from += ", " + v.At.Format("15:04")
	}
	switch {
	case v.Commitment != "" && w.state.Forgotten(name):
		return "a secret, forgotten since: it is asked for again; " + from
	case v.Commitment != "":
		return "a secret; " + from
	}
	return fmt.Sprintf("%q; %s", v.Value, from)
}
