package shell

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// An option, a setting or a state among the words of a command may say what it does, whatever the program.

// operation is the verb behind an option that is named so: --operation reboot, --action=off.
func operation(c Call) string {
	for i, word := range c.Words[1:] {
		name, value, valued := strings.Cut(strings.TrimLeft(word, "-"), "=")
		if !strings.HasPrefix(word, "-") || !oneOf(name, "operation", "action", "op") {
			continue
		}
		if !valued && i+2 < len(c.Words) {
			value = c.Words[i+2]
		}
		return strings.ToLower(value)
	}
	return ""
}

var outOfUse = doc.Pattern(`(?i)^(?:state|status|availability)=(?:drain\w*|down|fail\w*|offline|maint\w*|power_?down\w*|suspend\w*)$`)

// takesOut is a word by which something is set to a state in which it serves nobody: State=DRAIN.
func takesOut(word string) bool {
	return strings.Contains(word, "=") && outOfUse().MatchString(word)
}

// harmfulOption is an option that names what it destroys, or how: --wipe-disks, --cluster-reset.
func harmfulOption(word string) bool {
	name, ok := strings.CutPrefix(word, "--")
	if !ok {
		return false
	}
	name, value, valued := strings.Cut(name, "=")
	parts := strings.Split(name, "-")
	return (!valued || oneOf(value, "true", "yes", "1")) && (oneOf(parts[0], harms...) || parts[0] != "no" && oneOf(parts[len(parts)-1], harms...))
}

var harms = words("reset wipe zap erase purge destroy")

// harmfulSetting is a word that sets what to do rather than a value, alone or among others: db_upgrade=true, package_state=latest.
func harmfulSetting(word string) bool {
	if !strings.Contains(word, "=") {
		return false
	}
	return slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(word), between), func(setting string) bool {
		at := max(strings.LastIndexByte(setting, '='), 0)
		name, value := setting[:at], setting[at+1:]
		parts := strings.FieldsFunc(name, func(c rune) bool { return joint(c) || c == '=' })
		if len(parts) < 2 || strings.HasPrefix(name, "-") {
			return false
		}
		last := parts[len(parts)-1]
		return last == "state" && value == "latest" || oneOf(value, "true", "yes", "1") && oneOf(last, "upgrade", "downgrade", "reboot", "restart", "reinstall", "rebuild", "reset", "wipe", "purge") && !harmless[parts[0]]
	})
}

func between(c rune) bool { return c == ' ' || c == ',' || c == '\n' || c == '\t' }

// harmless begin the names of settings that allow, forbid or ask after what the rest of the name says.
var harmless = doc.WordSet("no not skip allow can check needs need enable disable ignore pre post on is")
