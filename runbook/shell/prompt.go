package shell

import (
	"regexp"
	"strings"

	"gatewalk/runbook/doc"
)

// Prompt is what a terminal printed before a command: whose it is and what was typed after it.
type Prompt struct {
	Mark    string // as it stands
	Host    string // the machine it names, "" if none
	Command string
}

var prompts = []struct {
	form func() *regexp.Regexp
	host int // the group that names a machine, 0 for none
}{
	{doc.Pattern(`^(?:\([\w.-]+\)\s+)?\[[\w.-]+@([\w.-]+)[^\]\n]*\](?:\([^)\n]*\))?[$#>]\s+`), 1},           // (venv) [root@host ~(keystone_admin)]#
	{doc.Pattern(`^\[([A-Za-z][\w.-]*)\][$#]\s+`), 1},                                                       // [host]#
	{doc.Pattern(`^(?:\([\w.-]+\)\s+)?[\w.-]+@([\w.-]+)(?::[^\s$#>]*)?(?:\s?\([^)\n]*\))?\s?[$#>]\s+`), 1},  // user@host:~$
	{doc.Pattern(`^(?:ba|da|k|z)?sh(?:-\d[\d.]*)?[$#]\s+`), 0},                                              // sh-5.1#, sh$
	{doc.Pattern(`^([A-Za-z][\w-]*[\w](?:\([\w/,-]+\))?(?:\[[\w/,-]+\])?(?:\(config[\w-]*\))?)[#>]\s+`), 1}, // ncn-m001#, sw(config)#
	{doc.Pattern(`^([A-Za-z][\w-]*\d)\$\s+`), 1},                                                            // db2$
	{doc.Pattern(`^([A-Za-z][\w.-]*)\s?\(config[^)\n]*\)\s?#\s+`), 1},                                       // sw (config router bgp 100) #
	{doc.Pattern(`^([A-Za-z][\w.-]*):[~/][^\s$#]*\s?[$#]\s+`), 1},                                           // host:~ #
	{doc.Pattern(`^([A-Za-z][\w.-]*):[\w./~-]+ [\w.-]+\$\s+`), 1},                                           // host:dir user$
	{doc.Pattern(`^\(([A-Za-z][\w.-]*)\):[~/][^\s$#]*\s?[$#]\s+`), 1},                                       // (pod):/#
	{doc.Pattern(`^~?\([\w.-]+\)\]?\s?[$#]\s+`), 0},                                                         // ~(keystone_admin)]$, (venv) $
	{doc.Pattern(`^-?(?:~\([\w.()\[\]-]*|\([\w.-][\w.()\[\]-]*[)\]]|~[\w.-]+\)\]?)\s?[$#]\s+`), 0},          // one of these, mistyped: its brackets do not match
	{doc.Pattern(`^\[?[\w.-]+@([\w.-]+) [~/][\w~./-]*\]?[$#]\s+`), 1},                                       // so too: root@host ~]#
	{doc.Pattern(`^([a-z_]\w*)=[#>]\s+`), 1},                                                                // the prompt of a database client
	{doc.Pattern(`^([A-Za-z][\w-]*)?::[\w*-]*>\s+`), 1},                                                     // store::*>
	{doc.Pattern(`^\*>\s+`), 0},                                                                             // that of a machine under maintenance
	{doc.Pattern(`^~(?:/[\w./-]*)?\s?[$#]\s+`), 0},                                                          // ~#, ~/depot $
	{doc.Pattern(`^(?:[a-z]+ >|root #)\s+`), 0},                                                             // tux >
	{doc.Pattern(`^\$\s+`), 0},
	{doc.Pattern(`^>\s+`), 0},
	{doc.Pattern(`^#\s+`), 0},
}

// CutPrompt reads the prompt off the front of a line. A "#" before words that begin like a sentence is a comment.
func CutPrompt(line string) (Prompt, bool) {
	text := strings.TrimLeft(line, " \t")
	if !strings.ContainsAny(text, "$#>") {
		return Prompt{}, false
	}
	for _, p := range prompts {
		m := p.form().FindStringSubmatch(text + " ")
		if m == nil {
			continue
		}
		command := strings.TrimSpace(text[min(len(m[0]), len(text)):])
		if command == "" || strings.HasPrefix(m[0], "#") && !typed(command) || plainRedirect(m, command) || ownRedirect(m[0], command) {
			return Prompt{}, false
		}
		prompt := Prompt{Mark: strings.TrimSpace(m[0]), Command: command}
		if p.host > 0 && !beginsStatement(command) { // else it names the client of a database
			prompt.Host = m[p.host]
		}
		return prompt, true
	}
	return Prompt{}, false
}

// plainRedirect tells "cat> file" from "sw-spine-001> show version": a machine's name has a digit or a hyphen,
// and the prompt of a client such as "db> select 1;" has several words behind it.
func plainRedirect(m []string, command string) bool {
	return strings.Contains(m[0], ">") && len(m) > 1 && !strings.Contains(m[0], "::") && !strings.ContainsAny(m[1], "0123456789-@(") && len(strings.Fields(command)) < 2
}

// ownRedirect tells "cat > file" from "tux > show it": behind a user's prompt stands a command of several words.
func ownRedirect(mark, command string) bool {
	user, sign, ok := strings.Cut(strings.TrimSpace(mark), " ")
	if !ok || sign != ">" {
		return false
	}
	return readers[user] || changers[user] || !severalWords().MatchString(command)
}

var severalWords = doc.Pattern(`^[a-z][\w-]* \S`)

var (
	sentence    = doc.Pattern(`^(?:[A-Z][a-z]+ |[A-Z]\w* [a-z]+ [a-z]+ |.*:$|.*[a-z]\.$|-|=|#|<|[^\w./~])`)
	commandForm = doc.Pattern(`^(?:\./|/|~/)?[a-z_][\w./+-]*(?:\s|$)|^[A-Z_][A-Z0-9_]*=`)
)

// typed tells what was typed after a root prompt from the words of a comment.
func typed(words string) bool {
	return commandForm().MatchString(words) && !sentence().MatchString(words) && !article().MatchString(words)
}

var article = doc.Pattern(`^[a-z]+ (?:the|a|an|is|are|to|your|this|that|all|any|if|for|on|in|of|as|and|or|from|with|when) |^[a-z]+ [a-z ]*(?:the|an|is|are|this|when|has|have) [a-z]|^[a-z]+ [a-z ]+ (?:a|of|for|to|with|from) [a-z]`)
