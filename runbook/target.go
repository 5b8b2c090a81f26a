package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

var (
	hostForm   = doc.Pattern(`^[a-z][a-z]*(?:-[a-z0-9]*)*\d+[a-z0-9-]*(?:\.[a-z0-9.-]+)?$`)
	variableOf = doc.Pattern(`^"?\$\{?([A-Za-z_]\w*)\}?"?$`)
	packager   = doc.Pattern(`^(?:sudo )?(?:yum|dnf|apt|apt-get|zypper|rpm|apk) `) // its words are packages
	limitFlag  = doc.Pattern(`^--?(?:limit(?:-[\w-]+)?|hosts?|nodes?|targets?|servers?|xnames?|w)$`)
)

// targets is whom a gated block acts on: the names and variables its disruptive command ends with, or that a flag such
// as --limit or --host gives.
func targets(s shell.Snippet) []string {
	found := []string{}
	for _, command := range s.Commands {
		fields := strings.Fields(strings.TrimRight(command, "; \n"))
		aimed := slices.ContainsFunc(fields, limitFlag().MatchString)
		for i := len(fields) - 1; i > 0 && !packager().MatchString(command); i-- {
			if aimed && otherFlag(fields[i-1]) || !addTarget(&found, fields[i]) {
				break
			}
		}
		for i := 1; i+1 < len(fields); i++ {
			if limitFlag().MatchString(fields[i]) && !strings.HasPrefix(fields[i+1], "-") {
				if !addTarget(&found, fields[i+1]) && !slices.Contains(found, fields[i+1]) {
					found = append(found, fields[i+1])
				}
			}
		}
	}
	return found
}

// otherFlag says whether a word is a flag that gives no target: in a command that has one that does, what follows is its value.
func otherFlag(word string) bool {
	return strings.HasPrefix(word, "-") && !strings.Contains(word, "=") && !limitFlag().MatchString(word)
}

func addTarget(found *[]string, word string) bool {
	if m := variableOf().FindStringSubmatch(word); m != nil {
		*found = appendOnce(*found, "$"+m[1])
		return true
	}
	all := strings.Split(strings.Trim(word, `"'`), ",")
	if slices.ContainsFunc(all, func(name string) bool { return !hostForm().MatchString(name) }) {
		return false
	}
	for _, name := range all {
		*found = appendOnce(*found, name)
	}
	return true
}

func appendOnce(all []string, one string) []string {
	if slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}
