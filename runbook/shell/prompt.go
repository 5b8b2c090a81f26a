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

// promptForm is how a terminal or the client of a program writes a prompt. begins tells the lines that may have it by their
// first byte, "a" for any letter and "0" for any digit.
type promptForm struct {
	begins string
	form   func() *regexp.Regexp
	host   int // the group that names a machine, 0 for none
}

var prompts = []promptForm{
	{"([", doc.Pattern(`^(?:\([\w.-]+\)\s*)?\[(?:[\w.-]+: )?[\w.-]+@([\w.-]+)[^\]\n]*\](?:\([^)\n]*\))?\s?[$#>]\s*`), 1}, // (venv) [root@host ~(keystone_admin)]#
	{"[", doc.Pattern(`^\[[\w.-]+@([\w.-]+)[ :][^\]\n]*\]\s+`), 1},                                                       // [root@host ~], its sign left out
	{"[", doc.Pattern(`^\[([A-Za-z][\w.-]*)\][$#]\s+`), 1},                                                               // [host]#
	{"[", doc.Pattern(`^\[[a-z]+: [^\]\n]+\(\w+\) \d+\]\s+`), 0},                                                         // [zk: host:2181(CONNECTED) 0]
	{"(a0_", doc.Pattern(`^(?:\([\w.-]+\)\s+)?[\w.-]+@([\w.-]+)(?::[^\s$#>]*)?(?:\s?\([^)\n]*\))?\s?[$#>]\s+`), 1},       // user@host:~$
	{"-a", doc.Pattern(`^-?(?:ba|da|k|z)?sh(?:-\d[\d.]*)?[$#]\s+`), 0},                                                   // sh-5.1#, -bash-4.2$
	{"a", doc.Pattern(`^([A-Za-z][\w-]*[\w](?:\([\w/,-]+\))?(?:\[[\w/,-]+\])?(?:\(config[\w-]*\))?)[#>]\s+`), 1},         // ncn-m001#, sw(config)#
	{"a", doc.Pattern(`^((?:[A-Za-z][\w-]*\d|[a-z]\w*-[\w-]+|(?:under|over)?cloud|server|client|node|host|master|worker|primary|secondary|standby|replica|controller|local|remote|guest|container|pod|vm))\$\s+`), 1}, // db2$, mill-a$, server$
	{"a", doc.Pattern(`^([A-Za-z][\w-]*\d) [$#]\s+`), 1},                                                  // db2 #
	{"a", doc.Pattern(`^([A-Za-z][\w.-]*)\s?\(config[^)\n]*\)\s?#\s+`), 1},                                // sw (config router bgp 100) #
	{"a", doc.Pattern(`^([A-Za-z][\w.-]*):[~/][^\s$#]*\s?[$#]\s+`), 1},                                    // host:~ #
	{"a", doc.Pattern(`^([A-Za-z][\w.-]*):[\w./~-]+ [\w.-]+\$\s+`), 1},                                    // host:dir user$
	{"(", doc.Pattern(`^\(([A-Za-z][\w.-]*)\):[~/][^\s$#]*\s?[$#]\s+`), 1},                                // (pod):/#
	{"(~", doc.Pattern(`^~?\([\w.-]+\)\]?\s?[$#]\s+`), 0},                                                 // ~(keystone_admin)]$, (venv) $
	{"-(~", doc.Pattern(`^-?(?:~\([\w.()\[\]-]*|\([\w.-][\w.()\[\]-]*[)\]]|~[\w.-]+\)\]?)\s?[$#]\s+`), 0}, // one of these, mistyped: its brackets do not match
	{"[a0_", doc.Pattern(`^\[?[\w.-]+@([\w.-]+) [~/][\w~./-]*\]?[$#]\s+`), 1},                             // so too: root@host ~]#
	{"]~", doc.Pattern(`^~?\]\s?[$#]\s+`), 0},                                                             // what is left of one: ~]#
	{"a_", doc.Pattern(`^([a-z_]\w*)=[#>]\s+`), 1},                                                        // the prompt of a database client
	{"a_", doc.Pattern(`^[a-z_][\w.-]*@[\w.:-]*(?:/\w*>|=[#>])\s+`), 0},                                   // so too: user@host:5000/db>
	{"a", doc.Pattern(`^\w+ \[[^\]\n]+\](?: \w+)?>\s+`), 0},                                               // Client [(none)]>, set [direct: primary] db>
	{"a", doc.Pattern(`^[A-Za-z][\w.-]*(?:\(\w+\))?(?::\w+){1,2}>\s+`), 0},                                // client:db>, irb(main):001:0>
	{"a", doc.Pattern(`^[a-z]+\(\w+\)\w*#\s+`), 0},                                                        // crm(live)configure#
	{"a0", doc.Pattern(`^(?:[a-z]+ )?\d+(?:\.\d+){3}:\d+(?:\[\d+\])?>\s+`), 0},                            // 127.0.0.1:6379>
	{"0", doc.Pattern(`^\d+: \w+:[\w:]+//[^\s>]+>\s+`), 0},                                                // 0: jdbc:hive2://host:10000>
	{"(0", doc.Pattern(`^(?:\([\w.-]+@([\w.-]+)\))?\d+>\s+`), 1},                                          // (rabbit@host)1>
	{"a", doc.Pattern(`^In \[\d+\]:\s+`), 0},                                                              // In [1]:
	{"a", doc.Pattern(`^(?:PS(?: [A-Z]:\\[^>\n]*)?|[A-Z]:\\[^>\n]*)>\s*`), 0},                             // PS C:\mill>, C:\mill>
	{"a", doc.Pattern(`^RP/[\w/]+:([\w.-]+)(?:\([^)\n]*\))?#\s+`), 1},                                     // that of a router with several processors
	{":a", doc.Pattern(`^([A-Za-z][\w-]*)?::[\w* -]*>\s+`), 1},                                            // store::*>
	{"*", doc.Pattern(`^\*>\s+`), 0},                                                                      // that of a machine under maintenance
	{":~", doc.Pattern(`^:?~(?:/[\w./-]*)?\s?[$#]\s+`), 0},                                                // ~#, ~/depot $
	{"[(a", doc.Pattern(`^(?:\[[\w.-]+\]\s+)?(?:\([\w.@-]+\)\s+)?(?:[a-z]+ >|root #)\s+`), 0},             // tux >, (cell) admin >
	{"/", doc.Pattern(`^/(?:[\w-]+(?:/[\w-]+)*)? [$#]\s+`), 0},                                            // /opt/mill #
	{"|", doc.Pattern(`^\|[\w.-]+\|\s?[$#]\s+`), 0},                                                       // |host|#
	{"a$#", doc.Pattern(`^(?:root)?[$#]>\s+`), 0},                                                         // $>
	{"$", doc.Pattern(`^\$\s+`), 0},
	{">", doc.Pattern(`^>>>\s+`), 0},
	{">", doc.Pattern(`^>\s+`), 0},
	{"#", doc.Pattern(`^#\s+`), 0},
	{"%", doc.Pattern(`^%\s+`), 0},
	{"\u276f\u279c", doc.Pattern(`^(?:\x{276f}|\x{279c}(?:\s+~)?)\s+`), 0}, // signs of shells with ornaments
}

// may says whether a line may begin with the form, by its first byte.
func (f *promptForm) may(first byte) bool {
	switch {
	case first >= 'a' && first <= 'z' || first >= 'A' && first <= 'Z':
		first = 'a'
	case first >= '0' && first <= '9':
		first = '0'
	}
	return strings.IndexByte(f.begins, first) >= 0
}

// ornament is the first byte of the signs that some shells end their prompts with.
const ornament = 0xe2

// mayPrompt says whether a line may begin with a prompt: it has a sign that one ends with, and behind a name a blank follows that.
func mayPrompt(text string) bool {
	sign := strings.IndexAny(text, "$#>%")
	if sign < 0 {
		return text[0] == '[' || text[0] == ornament || strings.HasPrefix(text, "In [")
	}
	if first := text[0] | 0x20; first < 'a' || first > 'z' || text[sign] == '>' {
		return true
	}
	return sign+1 == len(text) || strings.IndexByte(" \t>", text[sign+1]) >= 0
}

// joinedPrompt takes a "$" off what can be no variable, a path or the name of a program that is known, and a "#" off what is no
// remark, such a program or one with an option.
func joinedPrompt(text string) (string, bool) {
	if text[0] != '$' && text[0] != '#' || len(text) < 2 {
		return "", false
	}
	program, given, more := strings.Cut(text[1:], " ")
	if text[0] == '#' {
		return text[1:], more && text[1] >= 'a' && text[1] <= 'z' && !strings.HasSuffix(program, ":") && !oneOf(program, "if", "for", "while", "until", "case", "then", "else", "function", "elif") && (Known(program) || strings.HasPrefix(given, "-") || strings.Contains(given, " -")) && typed(text[1:])
	}
	return text[1:], strings.HasPrefix(text, "$./") || more && Known(program)
}

// CutPrompt reads the prompt off the front of a line. A "#" before words that begin like a sentence is a comment.
func CutPrompt(line string) (Prompt, bool) {
	text := strings.TrimLeft(line, " \t")
	if text == "" || !mayPrompt(text) {
		return Prompt{}, false
	}
	if command, ok := joinedPrompt(text); ok {
		return Prompt{Mark: text[:1], Command: command}, true
	}
	for i := range prompts {
		if p := &prompts[i]; p.may(text[0]) {
			if m := p.form().FindStringSubmatch(text + " "); m != nil {
				return p.cut(text, m)
			}
		}
	}
	return Prompt{}, false
}

// cut takes what was found of a prompt off a line, if what stands behind it may have been typed.
func (f *promptForm) cut(text string, m []string) (Prompt, bool) {
	command := strings.TrimSpace(text[min(len(m[0]), len(text)):])
	mark := strings.TrimSpace(m[0])
	if command == "" || doubtful(mark) && !typed(command) || mark[0] == '/' && !knownOrGiven(command) || plainRedirect(mark, command) || ownRedirect(mark, command) {
		return Prompt{}, false
	}
	prompt := Prompt{Mark: mark, Command: command}
	if f.host > 0 && !beginsStatement(command) { // else it names the client of a database
		prompt.Host = m[f.host]
	}
	return prompt, true
}

// knownOrGiven says whether a command's program is known, or is given an option or a path: a remark behind a path may look like a command.
func knownOrGiven(command string) bool {
	program, given, _ := strings.Cut(command, " ")
	return Known(program) || strings.ContainsAny(given, "-/")
}

// doubtful says whether what looks like a prompt may begin a comment, or something that was printed.
func doubtful(mark string) bool {
	return strings.IndexByte("#%/", mark[0]) >= 0 || mark[len(mark)-1] == ']' || strings.HasSuffix(mark, " #")
}

// plainRedirect tells "cat> file" from "sw-spine-001> show version" and "db> status": a machine's name has a digit or a hyphen, and
// what is typed at the client of a program is no file.
func plainRedirect(mark, command string) bool {
	name, ok := strings.CutSuffix(mark, ">")
	if !ok || name == "" || strings.Contains(mark, "::") || strings.ContainsAny(name, "0123456789-@([\\") || strings.Contains(command, " ") {
		return false
	}
	return bareWord().MatchString(command) && (readers[name] || changers[name] || fileName().MatchString(command))
}

var (
	bareWord = doc.Pattern(`^[\w./~-]+$`)
	fileName = doc.Pattern(`/|\w\.\w+$`) // a word that names a file by its folder or its ending
)

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
