package webtext

import (
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// prompted are the forms of a prompt before a command. Those of strong stand out even in the middle of a line.
var (
	strong   = doc.Pattern(`(?:\[[\w.-]+@[\w.-]+[^\[\]\n]{0,60}\](?:\([^()\n]{1,40}\))?|\[?[\w-]*~?\([\w.-]+\)\]|~\([\w.-]+\)\]?|[\w.-]+@[\w.-]+:[~/][^\s$#]{0,80})\s?[$#]\s+\S`)
	prompted = doc.Pattern(`^(?:\$|\([\w.-]+\)\s?[$#]|[\w.-]+@[\w.-]+(?::\S*)?\s?[$#>]|[a-z][\w-]*\d[\w-]*(?:\([\w/-]+\))?[#>]|(?:[a-z][\w.-]*=?|MariaDB \[[^\]]*\])[#$>]|[\w-]*::[\w*-]*>|\*>)\s+\S|^#\s+(?:sudo |[a-z./][\w./+-]*(?:\s+[-/$"\w]|$))`)
)

// userForm and plainHead are what stands before and behind the sign of a prompt that names its user: "tux > sudo ls".
var (
	userForm  = doc.Pattern(`^[a-z]+$`)
	plainHead = doc.Pattern(`^[a-z][\w-]* \S`)
)

// strongAt is the offset of the first strong prompt, -1 if there is none.
func strongAt(text string) int {
	if !strings.Contains(text, "$ ") && !strings.Contains(text, "# ") {
		return -1
	}
	if span := strong().FindStringIndex(text); span != nil {
		return span[0]
	}
	return -1
}

// announcedPrompt is a bare prompt in the middle of a line, right behind the colon of the words that announce its command.
var announcedPrompt = doc.Pattern(`:\s(\$\s+[a-z./~]\S*)`)

// promptAt is the offset of the prompt at which a session was run together with the words before it, -1 if there is none.
func promptAt(text string) int {
	if at := strongAt(text); at >= 0 {
		return at
	}
	if !strings.Contains(text, ": $ ") {
		return -1
	}
	if span := announcedPrompt().FindStringSubmatchIndex(text); span != nil {
		return span[2]
	}
	return -1
}

// isTyped says whether a row begins with a prompt, or reads as a command.
func (known programs) isTyped(words string) bool {
	return known.hasPrompt(words) || known.typed(words, true)
}

func (known programs) hasPrompt(words string) bool {
	if at := strongAt(words); at == 0 {
		return true
	}
	if quoted, ok := strings.CutPrefix(words, "> "); ok {
		return known.typed(quoted, false)
	}
	if user, command, ok := strings.Cut(words, " > "); ok && userForm().MatchString(user) {
		return bare(command) || known.typed(command, true) && strings.Contains(command, " ") && plainHead().MatchString(command)
	}
	return prompted().MatchString(words) && !(strings.HasPrefix(words, "#") && small(words) > 0) || namesItself(words) || remarkedHere().MatchString(words)
}

// remarkedHere is a remark and the prompt below it, run together.
var remarkedHere = doc.Pattern(`^# [A-Z].{3,}? \$ [a-z./~]`)

// namesItself says whether a row begins with a prompt that says where it stands, with a sign that no sentence has: rack2$ show it.
func namesItself(words string) bool {
	prompt, ok := shell.CutPrompt(words)
	return ok && len(prompt.Mark) > 1 && strings.IndexByte("$#", prompt.Mark[len(prompt.Mark)-1]) >= 0 && !startsUpper(prompt.Command) && !ends(prompt.Command)
}
