package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// transcript is a block read as what a terminal showed.
type transcript struct {
	typed    int      // lines that begin with a prompt
	answered bool     // there are lines that were not typed
	commands []string // what was typed, without prompts
	host     string
	mark     string // the prompt itself
}

// readPrompts splits a block at its prompts. A "#" prompt counts only in a block that begins with one, "$" and ">" alike.
func readPrompts(text string) transcript {
	var t transcript
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if !startsWithPrompt(lines) {
		typed := typedBefore(lines)
		if typed == 0 {
			return t
		}
		t.commands = []string{strings.Join(lines[:typed], "\n")}
		t.typed, t.answered, lines = 1, true, lines[typed:]
	}
	open, hashes := false, !otherPrompts(lines)
	for at := 0; at < len(lines); at++ {
		line := lines[at]
		if last := len(t.commands) - 1; !open && last >= 0 && shell.OpenStatement(t.commands[last]) {
			if more, ok := shell.CutContinuation(line); ok {
				t.commands[last] += "\n" + more
				continue
			}
		}
		if open {
			more, _ := shell.CutContinuation(line)
			t.commands[len(t.commands)-1] += "\n" + more
			open = shell.Unfinished(t.commands[len(t.commands)-1]) && strings.TrimSpace(line) != ""
			continue
		}
		p, ok := shell.CutPrompt(line)
		switch {
		case ok && (hashes || p.Mark != "#"):
			document := documentBelow(p.Command, lines[at+1:])
			at += len(document)
			t.typed++
			t.commands = append(t.commands, strings.Join(append([]string{p.Command}, document...), "\n"))
			open = len(document) == 0 && shell.Unfinished(p.Command)
			if t.host == "" {
				t.host = p.Host
			}
			if t.mark == "" {
				t.mark = p.Mark
			}
		case len(t.commands) > 0 && brokenAtBlank(lines[at-1], line):
			last := len(t.commands) - 1
			t.commands[last] = strings.TrimRight(t.commands[last], " ") + " " + strings.TrimSpace(line)
			open = shell.Incomplete(t.commands[last])
		case len(t.commands) > 0 && goesThere().MatchString(t.commands[len(t.commands)-1]) && commandLike(line):
			t.typed++
			t.commands = append(t.commands, line)
			open = shell.Incomplete(line)
		case strings.TrimSpace(line) != "" && !strings.HasPrefix(strings.TrimSpace(line), "#"):
			t.answered = true
		}
	}
	if t.mark == "#" && t.answered && (onlyWords(t.commands) || commandsBeside(lines)) {
		return transcript{}
	}
	return t
}

// unmistakable says whether prompts cannot be a part of what a configuration is written in, as those of the comparison of two files can.
func (t transcript) unmistakable(lang string) bool {
	return slices.Contains(reported, strings.ToLower(lang)) && (t.mark == "$" || strings.ContainsAny(t.mark, "@~"))
}

// prompts is what a terminal showed of a block. In a script a "#" right before a command takes it out.
func (b *Block) prompts() transcript {
	t := readPrompts(b.Text)
	if t.mark == "#" && slices.Contains(scripted, strings.ToLower(b.Lang)) && joinedHash().MatchString(b.Text) {
		return transcript{}
	}
	return t
}

// scripted are languages that scripts are written in.
var scripted = strings.Fields("bash sh shell zsh ksh shell-script")

var joinedHash = doc.Pattern(`^\s*#[a-z]`)

// reported are languages that commands report in, so that what was typed may stand above it.
var reported = strings.Fields("json yaml yml xml ini conf toml csv html")

// restOfLine begins like the middle of a command: with an option, or with what stands for a name that is handed on.
var restOfLine = doc.Pattern(`^\s*(?:\{\}\s|['"]?--?[a-z][\w-]*(?:[=\s'"]|$))`)

// brokenAtBlank says whether a line is the rest of the one before, which a publisher broke at a blank and left the blank there.
func brokenAtBlank(before, line string) bool {
	return strings.HasSuffix(before, " ") && restOfLine().MatchString(line) && !neverTyped(line)
}

// goesThere is a command that prints nothing: what looks like a command below it is typed as well.
var goesThere = doc.Pattern(`^cd(?:\s+[^\s;&|<>]+)?$`)

// logsIn is a command that leads to another machine, behind whose prompt the lines below it are typed.
var logsIn = doc.Pattern(`^(?:sudo )?ssh\s`)

// opensDocument is a command that reads on from the lines below it, up to a word.
var opensDocument = doc.Pattern(`(?:^|[^<])<<-?\s*['"\\]?([A-Za-z_]\w*)`)

// documentBelow is what a command reads from the lines below it: up to its word, else, where that was forgotten, up to the next prompt.
func documentBelow(command string, below []string) []string {
	m := opensDocument().FindStringSubmatch(command)
	if m == nil {
		return nil
	}
	if end := slices.IndexFunc(below, func(line string) bool { return strings.TrimSpace(line) == m[1] }); end >= 0 {
		return below[:end+1]
	}
	for i, line := range below {
		if p, ok := shell.CutPrompt(line); ok && p.Mark != "#" && p.Mark != ">" {
			return below[:i]
		}
	}
	return below
}

// typedBefore counts the lines of a command, with no prompt before it, that opens a shell with a prompt of its own.
func typedBefore(lines []string) int {
	for i, line := range lines {
		p, ok := shell.CutPrompt(line)
		if ok && i > 0 && (strings.HasPrefix(p.Mark, "(") || p.Mark == ">" && logsIn().MatchString(lines[i-1])) {
			if commandLike(lines[0]) && shell.Parses(strings.Join(lines[:i], "\n")) {
				return i
			}
			return 0
		}
	}
	return 0
}

// otherPrompts says whether a block has prompts other than "#", beside which that begins a comment.
func otherPrompts(lines []string) bool {
	return slices.ContainsFunc(lines, func(line string) bool {
		p, ok := shell.CutPrompt(line)
		return ok && p.Mark != "#" && p.Mark != ">"
	})
}

// onlyWords says whether nothing but single words stand behind the "#" of a block: these are comments.
func onlyWords(commands []string) bool {
	return !slices.ContainsFunc(commands, func(c string) bool { return len(strings.Fields(c)) > 1 })
}

// commandsBeside says whether the lines of a block without a "#" are commands themselves, so that those with one are comments.
func commandsBeside(lines []string) bool {
	var rest []string
	for _, line := range lines {
		if t := strings.TrimSpace(line); t != "" && !strings.HasPrefix(t, "#") {
			rest = append(rest, line)
		}
	}
	return len(rest) > 0 && commandLike(rest[0]) && shell.Parses(strings.Join(rest, "\n")) && !namesBelow(lines, rest)
}

// namesBelow says whether what stands behind the only "#" of a block looks at something by its path, and nothing but names follow.
func namesBelow(lines, rest []string) bool {
	p, ok := shell.CutPrompt(lines[0])
	if !ok || len(rest) != len(lines)-1 || !strings.ContainsAny(p.Command, "/-") || !shell.Analyze(p.Command).Looks() {
		return false
	}
	return !slices.ContainsFunc(rest, func(line string) bool { return len(strings.Fields(line)) != 1 })
}

// startsWithPrompt looks at the first line that says something; comments may stand before it.
func startsWithPrompt(lines []string) bool {
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if _, ok := shell.CutPrompt(line); ok {
			return true
		}
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			return false
		}
	}
	return false
}

var hereOnly = doc.Pattern(`^\s*<<-?\s*['"\\]?([A-Za-z_]\w*)['"]?\s*$`)

// answeredHere says whether a block hides the answers to its commands in here-documents that nothing reads.
func answeredHere(text string) bool {
	if !strings.Contains(text, "<<") {
		return false
	}
	for line := range strings.SplitSeq(text, "\n") {
		if hereOnly().MatchString(line) {
			return true
		}
	}
	return false
}

// answeredBelow is the commands of a block that goes on with what they printed; "" if it does not.
func answeredBelow(text string) string {
	if strings.Contains(text, "<<") {
		return ""
	}
	if typed, answer := shell.CutStatements(text); typed != "" && answer != "" {
		return typed
	}
	lines := strings.Split(strings.TrimSpace(outdented(text)), "\n")
	if len(lines) > 1 && (headsTable(firstLine(strings.TrimLeft(text, "\n")), lines[1]) || headsTree(lines[0], lines[1])) {
		return ""
	}
	for i := 1; i < len(lines); i++ {
		commands := strings.Join(lines[:i], "\n")
		if (printed(lines[i], lines[i-1] == "") || repeats(lines[i], commands) || placeOf(lines[i-1], lines[i]) || valuesBelow(lines[i:]) || leadsToPrinted(lines[i:])) && shape(commands) == shellLanguage && !shell.Incomplete(commands) && !printsNothing(lines[:i]) {
			return strings.TrimRight(commands, "\n") + takenUp(commands, lines[i:])
		}
		if neverTyped(lines[i]) { // what stands above it is no command that could have printed it
			return ""
		}
	}
	return ""
}

// printsNothing says whether lines only give names their values, which prints nothing.
func printsNothing(lines []string) bool {
	return !slices.ContainsFunc(lines, func(line string) bool { return !silentLine().MatchString(line) })
}

var silentLine = doc.Pattern(`^\s*(?:(?:export )?[A-Za-z_]\w*=[^\s;&|$` + "`" + `]*)?\s*$`)

// outdented is a text without the blanks that each of its lines begins with.
func outdented(text string) string {
	text = strings.TrimLeft(text, "\n")
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	if indent == "" {
		return text
	}
	lines := strings.Split(text, "\n")
	for _, line := range lines {
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, indent) {
			return text
		}
	}
	return strings.ReplaceAll("\n"+text, "\n"+indent, "\n")[1:]
}

// asksPlace is a command that answers with a place.
var asksPlace = doc.Pattern(`^(?:sudo )?(?:readlink|realpath|pwd|which|echo|ls|find|locate)(?: [^|;&]*)?$`)

// onePath is the place of a file or folder, and no script.
var onePath = doc.Pattern(`^(?:/[\w@:+-][\w.@:+-]*)+/?$`)

// placeOf says whether a line is nothing but a place, right below a command that answers with one.
func placeOf(command, line string) bool {
	return strings.HasPrefix(line, "/") && onePath().MatchString(line) && asksPlace().MatchString(command)
}

// repeats says whether a line is nothing but a path that the commands before it were given, as a list of what is there answers.
func repeats(line, commands string) bool {
	if !strings.Contains(line, "/") || strings.ContainsAny(line, " \t") {
		return false
	}
	for command := range strings.Lines(commands) {
		if fields := strings.Fields(command); len(fields) > 1 && slices.Contains(fields[1:], line) {
			return true
		}
	}
	return false
}

// answerLine is a line of nothing but a state or a number, as queries answer with.
var answerLine = doc.Pattern(`^(?:(?i:(?:in)?active|(?:en|dis)abled|running|stopped|o(?:n|ff)line|(?:un)?healthy|degraded|(?:not )?ready|ok(?:ay)?|pass(?:ed)?|fail(?:ed|ure)?|success(?:ful)?|succeeded|completed?|n/a|null|empty)|-?\d+(?:\.\d+)?%?)$`)

// labelLine is nothing but the name of what is listed below it: "Watchers:".
var labelLine = doc.Pattern(`^[A-Z][\w ]*:$`)

// headLine names the columns of a table in capitals, with more than one space between them: "NAME     STATUS".
var headLine = doc.Pattern(`^\s*[A-Z][A-Z0-9_()%/.#-]*(?: [A-Z][A-Z0-9_()%/.#-]*)*(?:\s{2,}[A-Z%#][A-Z0-9_()%/.#-]*(?: [A-Z][A-Z0-9_()%/.#-]*)*)+\s*$`)

// columnsLine names the columns of a table in any letters; many tools indent it.
var columnsLine = doc.Pattern(`^\s*[A-Z][\w%#()/.-]*(?:\s{2,}[A-Z%#][\w%#()/.-]*)+\s*$`)

// labelWord names what stands behind it, "status: up", as no command does.
var labelWord = doc.Pattern(`^[A-Za-z][\w-]+:$`)

// nameLine is nothing but the name of one thing, of which the lines below it tell: "volume-4f:".
var nameLine = doc.Pattern(`^[a-z][\w-]*[-\d][\w-]*:$`)

// printed says whether a line can only have been printed. Behind a blank line less is asked of it.
func printed(line string, apart bool) bool {
	if strings.Contains(line, "  ") && (headLine().MatchString(line) || apart && columnsLine().MatchString(line)) {
		return true
	}
	if line == "" || line[0] == ' ' || line[0] == '\t' || line[0] == '#' {
		return neverTyped(strings.TrimLeft(line, " "))
	}
	if neverTyped(line) || ruled(line) || shown(line) || statement().MatchString(line) || logLine().MatchString(line) || answerLine().MatchString(line) || labelLine().MatchString(line) {
		return true
	}
	first, rest, _ := strings.Cut(line, " ")
	if rest != "" && labelWord().MatchString(first) {
		return true
	}
	return apart && (strings.HasSuffix(first, ",") || nameLine().MatchString(line) || strings.HasPrefix(first, "+--") || strings.HasPrefix(first, "|") || shape(line) == outputShape)
}

// withoutAnswers takes those here-documents out.
func withoutAnswers(text string) string {
	var kept []string
	end := ""
	for line := range strings.SplitSeq(text, "\n") {
		if end != "" {
			if strings.TrimSpace(line) == end {
				end = ""
			}
			continue
		}
		if m := hereOnly().FindStringSubmatch(line); m != nil {
			end = m[1]
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "\n")
}

// typed sets what of a block is run: its text without prompts, or the commands of a session.
func (b *book) typed(block *Block, p *place) {
	t := block.prompts()
	switch {
	case block.Kind == Session && t.typed > 0:
		block.Commands = t.commands
	case block.Kind == Session && answeredHere(block.Text):
		block.Commands = shell.Analyze(withoutAnswers(block.Text)).Commands
	case block.Kind == Session:
		block.Commands = shell.Analyze(answeredBelow(block.Text)).Commands
		b.passedOver(block)
	case t.typed > 0:
		block.Commands = []string{strings.Join(t.commands, "\n")}
	default:
		block.Commands = []string{strings.TrimRight(block.Text, "\n")}
	}
	p.text = strings.Join(block.Commands, "\n")
	block.hyphens()
	if t.host != "" {
		block.Host = t.host
		block.because("host", PromptHost, block.Line)
	}
}

// hyphens offers options as an operator would type them where a publisher's dash stands at their beginning. All other
// properties speak of the text as it stands.
func (b *Block) hyphens() {
	for i, command := range b.Commands {
		typed, words := shell.Hyphens(command)
		b.Commands[i] = typed
		b.Dashed = append(b.Dashed, words...)
	}
}

// parts takes what is typed in a shell that a command opens elsewhere out of what is run here.
func (b *Block) parts(s shell.Snippet) {
	if b.Kind != Command || len(s.Commands) < 2 || s.Asks() == "" {
		return
	}
	b.Commands[0], b.Inside = shell.Inside(b.Commands[0])
}
