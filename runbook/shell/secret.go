package shell

import (
	"fmt"
	"slices"
	"strings"
)

// SecretVariable is the variable by which the value of a secret placeholder reaches a command.
func SecretVariable(placeholder string) string {
	var b strings.Builder
	b.WriteString("SECRET_")
	for _, r := range strings.Trim(placeholder, "<>[]{}() ") {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			r = '_'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Refer puts a reference to a variable in the place of secret placeholders, so that their values never stand in a text.
// It fails where a shell would not expand a variable: there a secret cannot be handed over.
func Refer(text string, secrets []string, samples ...Sample) (string, error) {
	var b strings.Builder
	at := 0
	for _, p := range Placeholders(text, samples...) {
		if !slices.Contains(secrets, p.key()) {
			continue
		}
		reference, ok := reference(p.quoting, SecretVariable(p.key()))
		if !ok {
			return "", fmt.Errorf("the secret %s stands where a shell expands nothing; edit the command", p.key())
		}
		b.WriteString(text[at:p.Start] + reference)
		at = p.End
	}
	return b.String() + text[at:], nil
}

func reference(q quoting, name string) (string, bool) {
	switch q {
	case bare:
		return `"$` + name + `"`, true
	case double, hereExpanded:
		return "${" + name + "}", true
	case single:
		return `'"$` + name + `"'`, true
	case ansi:
		return `'"$` + name + `"$'`, true
	case hereRaw, comment:
		return "", false
	}
	panic("shell: no such quoting")
}
