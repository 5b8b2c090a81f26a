package runbook

import (
	"regexp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// listingLine is a line of a long listing of files: their kind and who may do what with them, or what they sum up to.
var listingLine = doc.Pattern(`^(?:[-bcdlps](?:[r-][w-][xsS-]){2}[r-][w-][xtT-][.+@]?\s+\d+\s|total \d+(?:[.,]\d+)?[KMGT]?\s*$)`)

// complaint is a line by which a program says, behind its own name, what it could not do: it ends in words for an error as
// the system has them, or begins with them.
var complaint = doc.Pattern(`^-?(?:/?[\w.+-]+)+: (?:(?i:cannot|can['’]t|could not|unable to|failed to|no such|permission denied)\b|\S.*: (?:[A-Z][a-z]+(?: [a-z]+)+|command not found|not found)\.?\s*$)`)

// reportForm is a kind of line by which a program tells what became of something that it names, or how it is.
type reportForm struct {
	signs []string // of which every such line has one somewhere: most lines have none, and are passed over without asking the pattern
	line  func() *regexp.Regexp
}

var reportForms = []reportForm{
	// a thing and what was done to it
	{[]string{"ed"}, doc.Pattern(`^[a-z][\w.]*(?:/[\w.:-]+| "[^"]+"| '[^']+') (?:created|deleted|configured|unchanged|patched|scaled|edited|labell?ed|unlabell?ed|annotated|replaced|restarted|cordoned|uncordoned|drained|evicted|tainted|untainted|exposed|started|stopped|removed|added|updated|restored|approved|resumed|paused)(?: \([\w -]+\))?$`)},
	// a count of so many out of so many in a table
	{[]string{"/"}, doc.Pattern(`^[\w.-]+\s{2,}\d+/\d+\s{2,}\S.*$`)},
	// a state in a table, or the name of a command with a sentence on it
	{[]string{"  ", "\t"}, doc.Pattern(`^(?:[\w.-]+\s{2,}[A-Z][a-z]+\s{2,}\S|[a-z][\w-]*\s{3,}[A-Z][a-z]+ [a-z]).*$`)},
	// a remark as no shell has it
	{[]string{"//"}, doc.Pattern(`^//\s\S.*$`)},
	// a value with its name in words
	{[]string{" = "}, doc.Pattern(`^[A-Z][a-z]+(?: [a-z]+)* = [\d.]+ ?[%A-Za-z]*$`)},
	// a part between its marks
	{[]string{"=="}, doc.Pattern(`^={2,} ?[A-Z].*={2,}$`)},
	// the answer of a host
	{[]string{" | rc="}, doc.Pattern(`^[\w.-]+ \| [A-Za-z]+!? \| rc=\d+ >>$`)},
	// a number as digests are
	{[]string{""}, doc.Pattern(`^[0-9a-f]{32,}$`)},
	// what was asked for under an address
	{[]string{"://"}, doc.Pattern(`^https?://\S+: .*$`)},
	// a question with its answers
	{[]string{"? for help"}, doc.Pattern(`^[A-Z][^=]* [(\[]\? for help[)\]] ?[:?].*$`)},
	{[]string{"/"}, doc.Pattern(`^[A-Z][^=]* [(\[][Yy](?:es)?/[Nn]o?[)\]] ?[:?].*$`)},
}

func (r reportForm) mayBe(line string) bool {
	return slices.ContainsFunc(r.signs, func(sign string) bool { return strings.Contains(line, sign) })
}

// isReport says whether a line is one by which a program reports.
func isReport(line string) bool {
	return slices.ContainsFunc(reportForms, func(r reportForm) bool { return r.mayBe(line) && r.line().MatchString(line) })
}

// tabbed is a row of a table whose columns stand between tabs; those before a remark are not.
var tabbed = doc.Pattern(`^[^\t]+\t+[^\t#]+\t+[^\t#]`)

// stateOf is a line that says in words how something is: "press module is PRESENT".
var stateOf = doc.Pattern(`^[a-z][\w-]*(?: [\w-]+)* (?:is|are)(?: (?:not|already|now|currently|still))? (?:[A-Z]+|active|inactive|running|stopped|up|down|enabled|disabled|ok|loaded|mounted|present|healthy|ready|online|offline)[.!]?$`)

// isState says whether a line says how something is, and is not what a command is to say.
func isState(line string) bool {
	return (strings.Contains(line, " is ") || strings.Contains(line, " are ")) && stateOf().MatchString(line) && !slices.Contains(talkers, strings.Fields(line)[0])
}

// neverTyped says whether a line has a shape that only programs print, whatever stands around it.
func neverTyped(line string) bool {
	if line == "" || line[0] == ' ' {
		return false
	}
	if colon := strings.Index(line, ": "); colon > 0 && !strings.ContainsAny(line[:colon], " =") {
		return complaint().MatchString(line) || strings.HasPrefix(line, "http") && isReport(line)
	}
	if strings.Count(line, "\t") > 1 && tabbed().MatchString(line) || isReport(line) || isState(line) {
		return true
	}
	return (strings.HasPrefix(line, "total ") || len(line) > 10 && strings.IndexByte("r-", line[1]) >= 0) && listingLine().MatchString(line)
}

// takenUp are the commands between the answers of a block without prompts, each with a line's end before it. Only a shape
// that is never typed parts them: from the first other line on that is not surely a command, everything is an answer.
func takenUp(typed string, below []string) string {
	var more strings.Builder
	open, apart := false, false
	for _, line := range below {
		switch {
		case open || typedAgain(line, typed, apart):
			more.WriteString("\n" + line)
			open = shell.Incomplete(line)
		case strings.TrimSpace(line) != "" && !neverTyped(line):
			return more.String()
		}
		apart = strings.TrimSpace(line) == ""
	}
	return more.String()
}

// typedAgain says whether a line is a command whose program leaves no doubt: it asks for the rights of another, or it is known
// and is given a path or an option, or, behind a blank line, it was run above.
func typedAgain(line, typed string, apart bool) bool {
	if !commandLike(line) || line[0] == ' ' || neverTyped(line) || speaks(line) || plainWord(line) && reports(line) {
		return false
	}
	program, given, _ := strings.Cut(line, " ")
	if strings.Contains(line, "  ") { // a row of a table may begin with the name of a program
		return program == "sudo"
	}
	return program == "sudo" || shell.Known(program) && strings.ContainsAny(given, "/-") || apart && strings.HasPrefix(typed, program+" ")
}

// passedOver tells of lines among the answers of a block that may be commands, and are not run.
func (b *book) passedOver(block *Block) {
	typed := strings.Join(block.Commands, "\n")
	at := block.Line - 1
	for line := range strings.Lines(block.Text) {
		at++
		if line = strings.TrimRight(line, "\n"); typedAgain(line, typed, false) && !strings.Contains(typed, line) {
			b.Problems = append(b.Problems, doc.Problem{Line: at, Text: "this line stands among what commands printed and is not run, though it looks like a command; if it is one, give it a block of its own"})
		}
	}
}

// holdsPrinted says whether a line of a text has a shape that only programs print. What is written into a file may have any.
func holdsPrinted(text string) bool {
	if strings.Contains(text, "<<") {
		return false
	}
	for line := range strings.Lines(text) {
		if neverTyped(strings.TrimRight(line, "\n")) {
			return true
		}
	}
	return false
}

// placeAlone is a place in the file system whose name ends in a blank or in the sign of a folder.
var placeAlone = doc.Pattern(`^(?:~|\$\w+)?/(?:[\w.@:{}$~+-]|<[\w. -]+>|/)*(?:<[\w. -]+>|\w/)$`)

// bareFile is a place where data is kept, and which nobody runs.
var bareFile = doc.Pattern(`^(?:/etc|/dev|/proc|/sys|/var/(?:lib|log|run|spool))/\S*$`)

// barePlace is a place, of which several below each other are a list.
var barePlace = doc.Pattern(`^(?:~|\$\w+)?/[\w./@:{}$~+*<>-]*$`)

// onlyPlace says whether a block is nothing but a place, or several, which no shell runs.
func onlyPlace(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || strings.IndexByte("~/$", text[0]) < 0 {
		return false
	}
	lines := content(text)
	listed := len(lines) > 1 && !slices.ContainsFunc(lines, func(line string) bool {
		return !barePlace().MatchString(strings.TrimSpace(line)) || scriptPath().MatchString(line[1:])
	})
	return placeAlone().MatchString(text) || listed || len(lines) == 1 && bareFile().MatchString(text) && !strings.HasPrefix(text, "/etc/init.d/") && !strings.HasPrefix(text, "/etc/rc") && !scriptPath().MatchString(text[1:])
}
