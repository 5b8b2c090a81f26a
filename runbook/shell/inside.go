package shell

import (
	"slices"
	"strings"
)

// Inside parts a text after the first of its commands that opens another shell on the terminal, by logging in to another
// machine, entering a container or becoming somebody else: what stands behind it is typed in there, and not in the shell
// that runs the text. inside is empty where no command does, or it is the last.
func Inside(text string) (outer, inside string) {
	end := 0
	all := Analyze(text).Commands
	for i, command := range all {
		at := strings.Index(text[end:], command)
		if at < 0 {
			return text, ""
		}
		end += at + len(command)
		if i+1 < len(all) && opensShell(command) {
			rest := strings.TrimLeft(text[end:], " \t;")
			return text[:end], strings.Trim(rest, "\n")
		}
	}
	return text, ""
}

// opensShell says whether a command is one by which an operator comes to another prompt.
func opensShell(command string) bool {
	all := Analyze(command).Calls
	if len(all) == 0 || len(all[0].Words) == 0 || all[0].Piped || all[0].Fed {
		return false
	}
	c := all[0]
	name, rest := base(c.Words[0]), c.Words[1:]
	switch {
	case name == "ssh":
		return asks(c) && !forwards().MatchString(strings.Join(rest, " "))
	case name == "sudo":
		asked := skipOptions(rest, "ugpCrtTUh")
		return len(asked) == 0 && slices.ContainsFunc(rest, func(w string) bool { return oneOf(w, "-i", "-s", "--login", "--shell") })
	case shells[name]:
		return opensPrompt(name, rest)
	case name == "chroot":
		return len(skipOptions(rest, "")) == 1 || len(rest) > 0 && shells[base(rest[len(rest)-1])]
	}
	return opensOwn(rest) || entersContainer(rest)
}

// entersContainer is the way of many programs to open a shell elsewhere: exec -it NAME bash.
func entersContainer(rest []string) bool {
	return slices.Contains(rest, "exec") && slices.ContainsFunc(rest, func(w string) bool { return oneOf(w, "-it", "-ti", "-i", "--interactive") }) && shells[base(rest[len(rest)-1])]
}
