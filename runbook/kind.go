package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// kinds tells commands from outputs, files and sessions: by the words before a block, then its prompts, then its
// language, then its shape. In doubt it is an output, which never runs.
func (b *book) kinds() {
	last := -1 // the last block that runs
	for i := range b.Blocks {
		block, p := &b.Blocks[i], &b.places[i]
		kind, rule, line := b.kindOf(i)
		block.Kind = kind
		block.because("kind", rule, line)
		if block.Runs() {
			b.typed(block, p)
			last = i
		}
		if kind == Output {
			b.attach(i, last)
		}
	}
}

func (b *book) kindOf(i int) (BlockKind, string, int) {
	block, p := &b.Blocks[i], &b.places[i]
	language := languageOf(block.Lang)
	said, line := b.introduction(p)
	if said == saysOutput && b.mannerOnly(p, block.Text) {
		said = saysNothing
	}
	prompts := block.prompts()
	switch {
	case prompts.typed > 0 && said != saysSample && prompts.mark != "#" && (language != configuration || prompts.unmistakable(block.Lang)):
		return b.session(block, prompts)
	case said == saysSample || said == saysOutput && !b.commandAllTheSame(i, language) && !b.exampleOfFile(p, language):
		return Output, "introduced as output", line
	case language == configuration && said != saysCommand:
		return b.configuration(i, said, line)
	case b.setsInFile(p, block.Text) || (language == unsaid || language == shellLanguage) && said != saysCommand && namesItsFile(block.Text):
		return File, "settings of a file that is named", line
	case said == saysNothing && (language == unsaid || language == shellLanguage) && prompts.typed == 0 && b.settingsAlone(p, block.Text):
		return File, "settings alone", block.Line
	case scriptFile(block.Text) && !b.ordered(p) && (language == unsaid || b.saved(p)):
		return File, "names its interpreter", block.Line
	case said == saysFile && prompts.typed == 0 && (shape(block.Text) != shellLanguage || shell.Statements(block.Text) && b.intoFile(p)):
		return File, "introduced as file content", line
	case prompts.typed > 0 && language != configuration && language != program:
		return b.session(block, prompts)
	case said != saysCommand && !b.ordered(p) && onlyPlace(block.Text):
		return Output, "a place alone", block.Line
	case answeredHere(block.Text):
		return Session, "answers in here-documents", block.Line
	case (language == shellLanguage || language == queries || language == unsaid || language == plainText && said == saysCommand) && answeredBelow(block.Text) != "":
		return Session, "an answer below its command", block.Line
	case language != configuration && language != program && holdsPrinted(block.Text):
		return Output, "lines that only programs print", block.Line
	}
	if language == unsaid && said != saysOutput && i > 0 && keyLine().MatchString(firstLine(block.Text)) && edits().MatchString(b.Blocks[i-1].Text) {
		return File, "follows an editor", b.Blocks[i-1].Line
	}
	if (language == program || language == unsaid && strings.Contains(block.Text, "(")) && b.typedCalls(p, block.Text, said) {
		return Command, "calls that are typed", line
	}
	if language == plainText && b.introMarked(p) && shape(block.Text) == shellLanguage {
		return Command, "its place is marked", line
	}
	return kindByLanguage(block, language, said, line)
}

var (
	namedFile = doc.Pattern(`\b[\w-]+\.(?:conf|cnf|cfg|ini|properties|repo|toml|env|service|rules)(?:_|\b)`)
	setsName  = doc.Pattern(`^\s*[A-Za-z][\w.-]*\s*=\s*[^\s$]`)
)

// editsFile is an order to write settings into a file that has no name of its own here.
var editsFile = newForm(`^(?:[^,]*, )?(?:edit|open|modify|update|change) (?:the |your |its |a )?(?:[\w-]+ ){0,3}(?:config(?:uration)?|settings|properties|environment|env|defaults|answers?|response) files?\b[^.]*:$`)

// setsInFile says whether a block holds nothing but settings, and the sentence before it names the file that they stand in, or orders to edit one.
func (b *book) setsInFile(p *place, text string) bool {
	n := b.introNode(p)
	if n == nil || !strings.Contains(text, "=") {
		return false
	}
	all := b.sentences(n)
	if len(all) == 0 || !namedFile().MatchString(all[len(all)-1].text) && !editsFile.in(all[len(all)-1]) || commandFirst.in(all[len(all)-1]) {
		return false
	}
	return !slices.ContainsFunc(content(text), func(line string) bool { return !setsName().MatchString(line) })
}

// fileOfStatements is what statements are kept in until somebody runs them.
var fileOfStatements = newForm(`\bfiles?\b|\.sql\b`)

// intoFile says whether the words right before a block speak of a file.
func (b *book) intoFile(p *place) bool {
	_, ok := find(b.sentences(b.introNode(p)), fileOfStatements)
	return ok
}

// scriptFile says whether a text is that of a script, which names its interpreter in its first line, remarks before it left out.
func scriptFile(text string) bool {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#!/") {
			return true
		}
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			break
		}
	}
	return false
}

var savedForm = newForm(`\b(?:copy|paste|save|write|put|store|place)\b[^.]*\b(?:in|into|to|as)\b`)

// saved says whether the words right before a block tell to keep it somewhere.
func (b *book) saved(p *place) bool {
	n := b.introNode(p)
	if n == nil {
		return false
	}
	_, ok := find(b.sentences(n), savedForm)
	return ok
}

// introMarked says whether the words right before a block begin by marking the host where it is run.
func (b *book) introMarked(p *place) bool {
	n := b.introNode(p)
	return n != nil && b.markerOf(n) != ""
}

// commandAllTheSame is shell in a shell's fence that the words before it seem to call an output: they speak of what it
// will print when they order it run, or when there is nothing before it that could have printed it.
func (b *book) commandAllTheSame(i int, language language) bool {
	p := &b.places[i]
	if language != shellLanguage || shape(b.Blocks[i].Text) != shellLanguage {
		return false
	}
	if b.ordered(p) {
		return true
	}
	for at := range p.at {
		if b.runsAt(p.among[at]) {
			return false
		}
	}
	return shell.Parses(b.Blocks[i].Text)
}

// exampleOfFile is a setting shown "for example", where nothing before it could have printed it.
func (b *book) exampleOfFile(p *place, language language) bool {
	if language != configuration || b.laterBlock(p) {
		return false
	}
	n := b.introNode(p)
	all := b.sentences(n)
	return exampleOnly.in(all[len(all)-1])
}

func (b *book) session(block *Block, t transcript) (BlockKind, string, int) {
	if t.answered {
		return Session, "prompts and answers", block.Line
	}
	if block.Lang == "session" && len(t.mark) > 1 {
		return Session, "language session", block.Line
	}
	return Command, "prompts", block.Line
}

func kindByLanguage(block *Block, language language, said saying, line int) (BlockKind, string, int) {
	form := shape(block.Text)
	switch language {
	case shellLanguage:
		switch {
		case form == outputShape && !eitherWay(block.Text):
			return Output, "shape of an output", block.Line
		case form == configuration && !shell.Parses(block.Text):
			return File, "shape of a file", block.Line
		case form == configuration && (sectionLine().MatchString(content(block.Text)[0]) || keyLine().MatchString(content(block.Text)[0])):
			return File, "shape of a file", block.Line
		}
		return Command, "language " + block.Lang, block.Line
	case plainText:
		if said == saysCommand && form == shellLanguage {
			return Command, "introduced as command", line
		}
		return Output, "language " + block.Lang, block.Line
	case configuration:
		if said == saysCommand && form == shellLanguage && shell.Parses(block.Text) {
			return Command, "introduced as command", line
		}
		return File, "language " + block.Lang, block.Line
	case program:
		if said == saysCommand && form == shellLanguage && shell.Parses(block.Text) {
			return Command, "introduced as command", line
		}
		return File, "language " + block.Lang, block.Line
	case queries:
		if form == outputShape || strings.Contains(block.Text, "\u2502") { // a table drawn with lines
			return Output, "shape of an output", block.Line
		}
		return Command, "language " + block.Lang, block.Line
	case unsaid:
		switch {
		case said == saysCommand && form != outputShape && form != configuration:
			return Command, "introduced as command", line
		case form == shellLanguage && shell.Parses(block.Text):
			return Command, "shape of a command", block.Line
		case form == configuration:
			return File, "shape of a file", block.Line
		}
		return Output, "shape of an output", block.Line
	}
	panic("runbook: no such language: " + string(language))
}

// configuration is content of a file, unless it follows a command as what that printed.
func (b *book) configuration(i int, said saying, line int) (BlockKind, string, int) {
	block, p := &b.Blocks[i], &b.places[i]
	if reportsState().MatchString(block.Text) && said != saysFile {
		return Output, "a state that the cluster reports", block.Line
	}
	printed := said != saysFile && slices.Contains([]string{"json", "yaml", "xml", "csv"}, strings.ToLower(block.Lang))
	if printed && i > 0 && edits().MatchString(b.Blocks[i-1].Text) {
		return File, "follows an editor", b.Blocks[i-1].Line
	}
	if printed && p.at > 0 && p.among[p.at-1].Kind == doc.Code && i > 0 && b.Blocks[i-1].Runs() {
		return Output, "follows a command", b.Blocks[i-1].Line
	}
	return File, "language " + block.Lang, line
}

// reportsState begins with the part of a resource that nobody writes but who keeps it.
var reportsState = doc.Pattern(`^\s*status:\s*\n`)

// edits is a command that opens an editor.
var edits = doc.Pattern(`^\s*(?:[$#] )?(?:sudo )?(?:(?:vim?|nano|emacs|vim\.tiny)\s|\w+ edit\s)`)

var (
	tableHeader = doc.Pattern(`^\s*[A-Z][A-Z0-9_()%/.-]*(?: [A-Z]+)*(?:\s{2,}[A-Z][A-Za-z0-9_()%/. -]*){2,}\s*$|^\s*[A-Z]\w*(?:\s{2,}[A-Z][\w ]*){3,}\s*$`)
	tableRow    = doc.Pattern(`^\s*[^\s"'#=$|-][^\s"'#$|]*(?:\s{2,}[^\s"'#$|-][^"'#$|]*?){2,}$`)
	statement   = doc.Pattern(`^\s*(?:\d+ |[A-Z][a-z]+ [a-z]+ [a-z]+|[A-Z][a-z]+ \S*\d\S* [a-z]+ed\b)`)
	logLine     = doc.Pattern(`^\s*(?:\{"|Every [\d.]+s: |\[\d|[EWIF]\d{4} \d\d:|\d{4}-\d\d-\d\d[T ]|[A-Z][a-z]{2} +\d+ \d\d:|(?:INFO|WARN|WARNING|ERROR|DEBUG|FATAL)\b|\S+ \| (?:[A-Z]{4,}!?|\w+ \| rc=\d+)(?: |$)|(?:Info|Warning|Error|Notice|Note|Fatal|Debug): |={2,}> |-{2,}> |HTTP/\d)`)
	valueRow    = doc.Pattern(`^\s*[A-Z][\w/-]*(?: [\w/-]+){0,3}\s{2,}\S`)
	usageLine   = newForm(`^\s*usage: `)
	keyLine     = doc.Pattern(`^\s*(?:- )?["']?[\w.-]+["']?:(?:\s|$)`)
	settingLine = doc.Pattern(`^\s*[A-Za-z_][\w.-]*: \S+$`)
	proseLine   = doc.Pattern(`^[A-Z][a-z]+(?: [a-z]+){2,}.*[.:]?$`)
	optionLine  = doc.Pattern(`^\s*[-+]{1,2}\s?[\w-]`)
	stateLine   = doc.Pattern(`^\s*[A-Z][\w ]*[:=]`)
	pairLine    = doc.Pattern(`^\s*[A-Za-z_]\w*:\S*\s*$`)
	valueLine   = doc.Pattern(`^[A-Za-z_][\w.-]*\s+= [\w"'\[{(-]`)
	laterOption = doc.Pattern(`\n\n--?[A-Za-z]`) // an option that no command goes before: a part of one
	sectionLine = doc.Pattern(`^\s*\[[\w. -]+\]\s*$`)
)

// shape is what a text looks like when nothing is said of it.
func shape(text string) language {
	lines := content(text)
	if len(lines) == 0 {
		return outputShape
	}
	first := lines[0]
	if shell.Statements(text) {
		return shellLanguage
	}
	if len(lines) == 1 && (strings.Contains(first, ": ") && settingLine().MatchString(first) || strings.Contains(first, " = ") && valueLine().MatchString(first)) {
		return configuration
	}
	if plainWord(first) && len(lines) == 1 && !strings.Contains(first, "  ") && !speaks(first) && !neverTyped(first) && !shown(first) && !kept(first, first) { // as most commands begin: none of the shapes below has it
		return shapeOfWord(first)
	}
	keys, pairs := 0, 0
	for _, line := range lines {
		if strings.Contains(line, ":") && keyLine().MatchString(line) {
			keys++
		}
		if strings.Contains(line, ":") && pairLine().MatchString(line) {
			pairs++
		}
	}
	switch {
	case len(lines) > 1 && (underline(strings.TrimSpace(lines[1])) || headsTree(first, lines[1])):
		return outputShape
	case kept(first, lines[len(lines)-1]) || markedUp(first, text):
		return configuration
	case shown(first) || wordsAlone(lines):
		return outputShape
	case neverTyped(first) || ruled(first) || statement().MatchString(first) || speaks(first) || plainWord(first) && reports(first) || strings.Contains(first, "  ") && (tableHeader().MatchString(first) || tableRow().MatchString(first)) || logLine().MatchString(first) || usageLine.MatchString(first):
		return outputShape
	case valueLine().MatchString(first) || strings.Contains(text, "\n\n-") && laterOption().MatchString(text):
		return configuration
	case strings.Count(first, " > ") > 1 && !strings.ContainsAny(first, "-/.&|$'\""): // of two redirections of one command, one is in vain
		return outputShape
	case explains(lines, text):
		return outputShape
	case len(lines) > 1 && valueRow().MatchString(first) && valueRow().MatchString(lines[1]):
		return outputShape
	case len(lines) > 2 && (2*pairs > len(lines) || statesFirst(lines)):
		return outputShape
	case len(lines) > 1 && 2*keys > len(lines) && keyLine().MatchString(first):
		if strings.Contains(first, "apiVersion") {
			return configuration
		}
		return outputShape
	case strings.HasPrefix(strings.TrimSpace(first), "{") || strings.HasPrefix(strings.TrimSpace(first), `"`):
		return configuration
	case optionLine().MatchString(first) || sectionLine().MatchString(first) || len(lines) > 1 && partLine().MatchString(first):
		return configuration
	case first == "..." || proseLine().MatchString(first) && !strings.ContainsAny(first, "=$|<>/"):
		return outputShape
	case commandLike(first):
		return shellLanguage
	}
	return unsaid
}

// comparison compares two quantities, where a redirection would have no use for what stands behind the file.
var comparison = doc.Pattern(`^\s*[A-Za-z_]\w* (?:[<>]=?|==|!=) [\w.()]+ [-+*/] [\w.()]+$`)

// ruled says whether a line is the border or a row of a table drawn with signs.
func ruled(line string) bool {
	return line[0] == '|' && strings.HasSuffix(line, "|") || strings.HasPrefix(line, "+-") && strings.Trim(line, "+-=") == "" || strings.HasPrefix(line, "+ ") && strings.HasSuffix(line, "--+")
}

// underline says whether a line only parts the head of a table from its rows.
func underline(line string) bool { return len(line) > 4 && strings.Trim(line, "-+=| ") == "" }

// helpLine and saidLine are lines by which a program explains itself: "  stop    Stop the mill.", "    Stop the mill."
var (
	helpLine = doc.Pattern(`^\s*[\w-]+\s{2,}[A-Z][a-z]+ [a-z][^"'|$]*\.$`)
	saidLine = doc.Pattern(`^\s{2,}[A-Z][a-z]+ [a-z][^"'|$=]*\.$`)
)

// explains says whether a text is what a program prints to explain its commands. What is written into a file may say anything.
func explains(lines []string, text string) bool {
	if len(lines) < 2 || strings.Contains(text, "<<") {
		return false
	}
	return slices.ContainsFunc(lines, func(line string) bool {
		return line[len(line)-1] == '.' && (helpLine().MatchString(line) || saidLine().MatchString(line))
	})
}

// statesFirst says whether a text begins with lines that state what something is: "Zone: East", "Status=Up".
func statesFirst(lines []string) bool {
	return strings.Contains(lines[0], ": ") && stateLine().MatchString(lines[0]) && stateLine().MatchString(lines[1])
}

var reporting = doc.Pattern(`^[a-z]{2,}ing (?:[a-z]+ )*\S+|^[a-z]+(?: [a-z]+)* [a-z]{3,}ed$`)

// pings are commands that end as words for what is going on do.
var pings = doc.Pattern(`^(?:\w*ping|string|spring|bring) |(?:^| )sed$`)

// reports says whether a line in small letters says what goes on or what was done, "configuration updated", as commands say
// of themselves.
func reports(line string) bool {
	first, _, _ := strings.Cut(line, " ")
	return (strings.HasSuffix(first, "ing") || strings.HasSuffix(line, "ed")) && reporting().MatchString(line) && !pings().MatchString(line) && !slices.Contains(talkers, strings.Fields(line)[0])
}

// eitherWay says whether a text is two words that may be typed as well as reported, "count degraded": who calls it shell means the first.
func eitherWay(text string) bool {
	lines := content(text)
	return len(lines) == 1 && len(strings.Fields(lines[0])) == 2 && plainWord(lines[0]) && reports(lines[0])
}

// talkers are commands whose words are said, or that are words of the shell.
var talkers = strings.Fields("echo printf for if while until case select test wall logger say")

// function words are those that a sentence has many of and a command few.
var functionWords = strings.Fields("the of to is are was were has have been not and with a an that this")

// modals stand between who and what, as no command has them.
var modals = strings.Fields("must cannot should could")

// speaks says whether a line begins like a sentence: two of its first six words are such as only sentences have.
func speaks(line string) bool {
	line, _, _ = strings.Cut(line, " #") // a remark may speak behind a command
	words := strings.Fields(line)
	if len(words) < 5 || slices.Contains(talkers, words[0]) {
		return false
	}
	count := 0
	for _, word := range words[:min(len(words), 6)] {
		if strings.ContainsAny(word[:1], "-$\"'|<>=/") {
			return false
		}
		switch {
		case slices.Contains(functionWords, word):
			count++
		case slices.Contains(modals, word):
			return true
		}
	}
	return count > 1
}

// plainWord says whether a line begins with a word in small letters.
func plainWord(line string) bool { return line[0] >= 'a' && line[0] <= 'z' }

func shapeOfWord(line string) language {
	switch {
	case usageLine.MatchString(line) || reports(line) || strings.ContainsAny(line, "<>=") && comparison().MatchString(line):
		return outputShape
	case commandLike(line):
		return shellLanguage
	}
	return unsaid
}

// content is the lines that are neither blank nor comments.
func content(text string) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if t := strings.TrimSpace(line); t != "" && !strings.HasPrefix(t, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// partLine opens a part of a configuration: server {, output "hosts" {. A function of the shell has round brackets there.
var partLine = doc.Pattern(`^[a-z][\w.-]*(?: (?:"[^"]*"|[\w.*/-]+))* \{$`)

var commandStart = doc.Pattern(`^\s*(?:sudo )?(?:(?:\./|/|~/|\$\{?\w+\}?/)(?:[\w./~*-]|\|[\w.-]+\||<[\w. -]+>|\$\{?\w+\}?)+|[a-z][\w.+-]*)(?:\|[a-z]|\s+[-"'$/<{\[\w.~*@\\|]|\s*$)|^\s*(?:export )?[A-Za-z_]\w*=|^\s*(?:function )?[A-Za-z_][\w-]* ?\(\) ?\{`)

// sets says whether a line sets something in the way of a file: name = value. In quotes it is what a command is given.
func sets(line string) bool {
	at := strings.Index(line, " = ")
	return at >= 0 && !strings.ContainsAny(line[:at], `"'`)
}

func commandLike(line string) bool {
	if sets(line) || strings.HasSuffix(strings.TrimSpace(line), ":") && !strings.Contains(line, " | ") {
		return false
	}
	return commandStart().MatchString(line) || strings.Contains(line, "/") && scriptPath().MatchString(line)
}

// scriptPath is a script in a folder below this one: tools/stop.sh.
var scriptPath = doc.Pattern(`^\s*(?:sudo )?(?:[\w.-]+/)+[\w.-]+\.(?:sh|py|pl|rb)(?:\s|$)`)
