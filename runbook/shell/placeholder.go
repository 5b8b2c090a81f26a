package shell

import (
	"regexp"
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// PlaceholderKind says how a placeholder is written.
type PlaceholderKind string

// The kinds of placeholder.
const (
	Angle    PlaceholderKind = "angle"    // <node name>
	Optional PlaceholderKind = "optional" // [<node name>], [--force], (optional --force)
	Template PlaceholderKind = "template" // {{site.version}}, |release|: a value for the whole document
	StandIn  PlaceholderKind = "stand-in" // NODE_NAME, ncn-mxxx, /path/to/key: a word that only shows the form

	SampleWord PlaceholderKind = "sample" // a word like any other, which the words around the text tell to replace
)

// Placeholder is a place in a text that the operator must fill before it runs. Start and End are byte offsets.
type Placeholder struct {
	Text       string
	Kind       PlaceholderKind
	Start, End int
	quoting    quoting
	ticks      bool   // inside `…`, where a quote cannot protect a backslash or another tick
	name       string // of a sample
}

// forms are the ways to write a placeholder. What does not contain the sign cannot have the form.
var forms = []struct {
	kind PlaceholderKind
	sign string
	form func() *regexp.Regexp
}{
	{Template, "{{", doc.Pattern(`\{\{[<%]?\s*[A-Za-z_][\w.-]*(?:\s*\|[^{}\n]*)?\s*[%>]?\}\}`)},
	{Template, "|", doc.Pattern(`\|[A-Za-z][\w.-]*\|`)},
	{Optional, "[<", doc.Pattern(`\[<[^<>\n\[\]]{1,80}>[^\[\]\n]{0,40}\]`)},
	{Optional, "[-", doc.Pattern(`\[-{1,2}[A-Za-z][^\[\]\n]{0,80}\]`)},
	{Optional, "[\u2013", doc.Pattern(`\[\x{2013}[-\x{2013}]?[A-Za-z][^\[\]\n]{0,80}\]`)}, // a publisher's dash for a hyphen
	{Optional, "[", doc.Pattern(`\[(?:[A-Z]+[ _-])?(?:OPTIONS?|FLAGS?|ARGS|ARGUMENTS)\]`)},
	{Optional, "(optional ", doc.Pattern(`\(optional [^()\n]{1,80}\)`)},
	{Angle, "<", doc.Pattern(`<[A-Za-z0-9_#.*][^<>;&$"` + "`" + `{}\\\n]{0,120}>`)},
	{Angle, "<", doc.Pattern(`(?m)<[a-z]+(?:[-_ ][a-z]+)+$`)}, // what closes it was forgotten
	{Angle, "</", doc.Pattern(`</[\w.-]+(?:/[\w.-]+)+>`)},     // a path: a closing tag has no second slash
	{Angle, "[", doc.Pattern(`\[[A-Z][A-Z0-9]+(?:[ _-][A-Z0-9]+)*\]`)},
	{Angle, "[", doc.Pattern(`\[[A-Za-z][a-z]{3,}(?:[A-Z][a-z]+)*(?:[_-][a-z0-9?]+)*\]`)},
	{Angle, "{", doc.Pattern(`\{[A-Za-z]\w*(?:[-.]\w+)*\}`)},
	{Angle, "(", doc.Pattern(`\([a-z]+(?: [a-z]+){1,4}\)`)},
	{Angle, "${", doc.Pattern(`\$\{[a-z]+(?:-[a-z]+)+\}`)},
	{StandIn, "/path/to", doc.Pattern(`/path/to(?:/[\w.*-]+)*`)},
	{StandIn, "path-to-", doc.Pattern(`\bpath-to(?:-\w+)+`)},
	{StandIn, "*****", doc.Pattern(`\*{5,}`)}, // a secret that is not shown
	{StandIn, "xxx", doc.Pattern(`\b(?:[a-z][\w.]*-)*[a-z]*xxx+\b`)},
	{StandIn, "XX", doc.Pattern(`\b[a-z][\w-]*[a-z-]XX+\b`)},
	{StandIn, "X", doc.Pattern(`/dev/(?:[a-z]+[/-])*[a-z]+X(?:[np]\d+|\d)?\b`)},
	{StandIn, "X", doc.Pattern(`\b(?:(?:x?v|s|h)d|nvme|eth|eno?|en[ps]|em|bond|vlan|[a-z]*(?:node|host|server)|[a-z]+(?:-[a-z]+)*-)X(?:[np]\d+|\d)?\b`)},
	{StandIn, "XXX", doc.Pattern(`\bX{3,}(?:-X{2,})*\b`)},
	{StandIn, ".x", doc.Pattern(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.x{1,3}\b`)},
	{StandIn, ".X", doc.Pattern(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.X{1,3}\b`)},
	{StandIn, "x.x", doc.Pattern(`\bv?(?:x|\d+)(?:\.x){2,3}\b|\bx\.x\b`)},
	{StandIn, "X.X", doc.Pattern(`\bv?(?:X|\d+)(?:\.X){2,3}\b|\bX\.X\b`)},
	{StandIn, ".xx", doc.Pattern(`\b(?:\d{1,3}|xx+)(?:\.\d{1,3})*(?:\.xx+){1,3}\b`)},
	{StandIn, ".XX", doc.Pattern(`\b(?:\d{1,3}|XX+)(?:\.\d{1,3})*(?:\.XX+){1,3}\b`)},
	{StandIn, "xx:xx", doc.Pattern(`\b(?:xx:){3,}xx\b`)},
	{StandIn, "XX:XX", doc.Pattern(`\b(?:XX:){3,}XX\b`)},
	{StandIn, "Of", doc.Pattern(`\b(?i:ip|ip_?addr(?:ess)?|address|name|hostname|path|id|uuid|url|dns|password|location)Of[A-Z]\w*\b`)},
	{StandIn, "IPor", doc.Pattern(`\bIPor[A-Z]\w*\b`)},
	{StandIn, "pathTo", doc.Pattern(`\bpathTo[A-Z]\w*\b`)},
	{StandIn, "_of_", doc.Pattern(`\b(?:name|path|id|uuid|ip|address|password|location)_of_\w+\b`)},
	{StandIn, "-of-", doc.Pattern(`\b(?:name|path|id|uuid|ip|address|password|location)-of-(?:\w+-)*\w+\b`)},
	{StandIn, " path_to", doc.Pattern(`\bpath_to_\w+\b`)},
	{Angle, "{", doc.Pattern(`\{ ?(?:[Yy]our|YOUR|[Tt]he) [\w -]{2,40}\}`)},
	{StandIn, "nnn", doc.Pattern(`\b(?:[a-z][\w.]*-)*[a-z]*nnn+\b`)},
	{StandIn, "00", doc.Pattern(`\b(?:[a-z][\w.]*-)+[a-z]*0+[nx]\b`)},
	{StandIn, "X.Y", doc.Pattern(`\bv?X\.Y(?:\.Z)?[\w.+-]*`)},
	{StandIn, "x.y.z", doc.Pattern(`\bx\.y\.z\b`)},
	{StandIn, "YOUR", doc.Pattern(`\bYOUR[_-][A-Z][A-Z_-]*\b`)},
	{StandIn, "@", doc.Pattern(`\b[a-z]+@(?:[a-z]+[-_])*(?:host|hostname|server|machine|address)\b`)},
	{StandIn, "-ip", doc.Pattern(`\b[a-z]+(?:-[a-z]+)+-ip\b`)},
	{StandIn, "-IP", doc.Pattern(`\b[a-z]+(?:-[a-z]+)*-IP\b`)},
	{StandIn, "your", doc.Pattern(`\byour(?:[A-Z]\w*|(?:[-_][a-z]+)+)\b`)},
}

// nouns end the names in capitals that stand for a value: NODE_NAME, IP-ADDRESS.
var nouns = words(`NAME XNAME ID UUID IP ADDR ADDRESS HOST HOSTNAME NODE PASSWORD TOKEN USER USERNAME NAMESPACE VERSION LABEL BUCKET LIST URL MAC NUMBER
	NUM TYPE POINT PATH FILE DIR DIRECTORY VALUE PORT GROUP CLUSTER POOL ROLE SERVICE CONTAINER TEMPLATE IMAGE SESSION TAG DEVICE DOMAIN SUBNET VLAN ZONE REGION POD HERE`)

// capitals finds the names in capitals that end in one of the nouns. In a shell, some of the nouns are such names alone.
func capitals(text string, inShell bool) [][]int {
	var found [][]int
	for i := 0; i < len(text); i++ {
		if text[i] < 'A' || text[i] > 'Z' || i > 0 && wordByte(text[i-1]) {
			continue
		}
		end, last := i, i
		for end < len(text) && (text[end] >= 'A' && text[end] <= 'Z' || text[end] >= '0' && text[end] <= '9' || (text[end] == '_' || text[end] == '-') && end+1 < len(text) && text[end+1] >= 'A' && text[end+1] <= 'Z') {
			if text[end] == '_' || text[end] == '-' {
				last = end + 1
			}
			end++
		}
		noun := slices.Contains(nouns, strings.TrimRight(text[last:end], "0123456789"))
		if (end == len(text) || !wordByte(text[end])) && (last > i && (noun || saysOfWhat(text[i:end])) || valueOf(text, i, end) || inShell && last == i && (slices.Contains(alone, text[i:end]) || end-i > 4 && strings.HasSuffix(text[i:end], "NAME")) && argument(text, i, end)) {
			found = append(found, []int{i, end})
		}
		i = end
	}
	return found
}

// saysOfWhat says whether a name in capitals has one of the nouns, and goes on with what it is of: MEMBER_ID_IN_HEX.
func saysOfWhat(name string) bool {
	for _, joint := range []string{"_OF_", "_IN_", "_FROM_", "_FOR_"} {
		if before, _, ok := strings.Cut(name, joint); ok {
			return slices.Contains(nouns, before[strings.LastIndexAny(before, "_-")+1:])
		}
	}
	return false
}

// alone are names of values that need no other word beside them.
var alone = words("IP CLUSTER NAMESPACE PASSWORD DEVICE NODE HOST POD INSTANCE ALIAS BUCKET")

// argument says whether a word stands between spaces, or as a whole part of an address or a path, behind others on its line. Before
// what is quoted it is a word of a statement.
func argument(text string, from, to int) bool {
	line := text[strings.LastIndexByte(text[:from], '\n')+1 : from]
	if line == "" || strings.TrimSpace(line) == "" || strings.IndexByte(" /@:", line[len(line)-1]) < 0 || to < len(text) && strings.IndexByte(" \t\n/:", text[to]) < 0 {
		return false
	}
	rest := strings.TrimLeft(text[to:], " ")
	return !slices.Contains(filters, firstWord(line)) && firstWord(line) != "echo" && !strings.HasPrefix(rest, "'")
}

// valueOf says whether a word in capitals is the value of an option of its own name: --username USERNAME.
func valueOf(text string, from, to int) bool {
	before := strings.TrimRight(text[:from], " =")
	option := before[strings.LastIndexAny(before, " \t\n")+1:]
	name := strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(text[from:to]))
	name = strings.TrimSuffix(name, "s")
	return len(before) < from && strings.HasPrefix(option, "--") && len(name) > 2 && (to == len(text) || strings.IndexByte(" \t\n", text[to]) >= 0) && strings.HasSuffix(strings.TrimSuffix(strings.ReplaceAll(option, "-", ""), "s"), name)
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// Placeholders finds what must be filled in, in order and without overlap: what looks like it, and the samples it is told of.
func Placeholders(text string, samples ...Sample) []Placeholder {
	found := looking(text)
	if len(samples) == 0 {
		return found
	}
	return withSamples(text, found, samples)
}

// looking are the placeholders that can be told by their looks.
func looking(text string) []Placeholder {
	if !strings.ContainsAny(text, "<[{(|/@*_xnyABCDEFGHIJKLMNOPQRSTUVWXYZ") && !strings.Contains(text, "-ip") {
		return nil
	}
	found := candidates(text)
	if len(found) == 0 {
		return nil
	}
	quoteAll(text, found)
	names := map[string]bool{}
	return slices.DeleteFunc(found, func(p Placeholder) bool { return !holds(text, p, names) })
}

func candidates(text string) []Placeholder {
	var found []Placeholder
	taken := make([]bool, len(text))
	add := func(kind PlaceholderKind, spans [][]int) {
		for _, span := range spans {
			p := Placeholder{Text: text[span[0]:span[1]], Kind: kind, Start: span[0], End: span[1]}
			if slices.Contains(taken[p.Start:p.End], true) || !plausible(text, p) {
				continue
			}
			found = append(found, p)
			for i := p.Start; i < p.End; i++ {
				taken[i] = true
			}
		}
	}
	for _, f := range forms {
		if strings.Contains(text, f.sign) {
			add(f.kind, f.form().FindAllStringIndex(text, -1))
		}
	}
	add(StandIn, phrases(text))
	statements := Statements(text)
	add(StandIn, capitals(text, !statements))
	if statements {
		add(StandIn, objectNames(text))
	}
	add(StandIn, values(text))
	slices.SortFunc(found, func(a, b Placeholder) int { return a.Start - b.Start })
	return found
}

// plausible tells a placeholder from a redirection, a tag, a template of Go's and a test by what stands in and around it.
func plausible(text string, p Placeholder) bool {
	before, after := byteAt(text, p.Start-1), byteAt(text, p.End)
	inner := p.Text[1 : len(p.Text)-1]
	switch p.Kind {
	case Angle:
		switch {
		case p.Text[0] == '[' && strings.ToUpper(p.Text) != p.Text:
			return wholePart(text, p)
		case p.Text[0] == '[':
			return inWord(before) && inWord(after)
		case p.Text[0] == '(':
			return before != 0 && strings.IndexByte("-_/.:@[", before) >= 0
		case p.Text[0] == '{':
			return inWord(before) && inWord(after) && (before != '@' || wordByte(byteAt(text, p.Start-2)) && !strings.Contains(text, "git ")) && !strings.Contains(text, "-I"+p.Text) && !strings.Contains(text, "-I "+p.Text)
		case p.Text[0] == '<' && !strings.HasSuffix(p.Text, ">"):
			return before != '<' && before != '\\' && unclosed(p.Text)
		}
		return before != '<' && before != '\\' && angle(text, inner)
	case Optional:
		return before == 0 || strings.IndexByte(" \t\n\"'", before) >= 0
	case Template:
		if p.Text[0] == '|' {
			return substitution(text, p, before, after)
		}
		return !slices.Contains(templateWords, firstWord(strings.Trim(p.Text, "{}<>% ")))
	case StandIn:
		if after == '.' && strings.Contains(p.Text, "@") && wordByte(byteAt(text, p.End+1)) { // a whole name: root@server.example.org
			return false
		}
		if before == '.' && strings.Trim(p.Text, "X") == "" { // what a program puts in by itself: /tmp/work.XXXXXX
			return false
		}
		if p.Text[0] == '*' {
			return before == ':' || before == '='
		}
		return before != '$' && before != '{' && (before != '-' || strings.Contains(p.Text, "X.Y")) && after != '=' && after != '-' && after != '_' && (after != '"' || byteAt(text, p.End+1) != ':')
	case SampleWord:
		return true
	}
	panic("shell: no such placeholder: " + string(p.Kind))
}

// unclosed tells the name of a value that nothing closes from a file that a command reads.
func unclosed(text string) bool {
	noun := strings.ToUpper(text[strings.LastIndexAny(text, "-_ ")+1:])
	return slices.Contains(nouns, noun) && !slices.Contains(files, noun)
}

// files are the nouns that may as well name what a command reads.
var files = words("FILE PATH LIST TEMPLATE IMAGE")

// inWord says whether a byte beside a name in brackets may belong to the word that the name is a part of, or be its edge. A
// pattern goes on with letters, and a program in quotes begins with its bracket.
func inWord(c byte) bool { return c == 0 || strings.IndexByte(" \t\n/=:,@-.?&\"", c) >= 0 }

// wholePart says whether a name in brackets is a word or a part of a path by itself, behind others on its line: alone it
// begins a section of a file, beside letters it is a pattern, and what is said may hold any sign.
func wholePart(text string, p Placeholder) bool {
	before, after := byteAt(text, p.Start-1), byteAt(text, p.End)
	line := text[strings.LastIndexByte(text[:p.Start], '\n')+1 : p.Start]
	return strings.TrimSpace(line) != "" && !oneOf(firstWord(line[strings.LastIndexAny(line, ";|&")+1:]), "echo", "printf", "logger", "tr") && (before == ' ' || before == '/') && (after == 0 || strings.IndexByte(" \t\n/", after) >= 0)
}

// filters are commands that stand between pipes without an argument.
var filters = words(`sort uniq wc cat tac rev head tail jq yq tee less more nl xargs sh bash column base64 md5sum sha256sum gzip gunzip zcat`)

// substitution tells |release| from a command between pipes, the branches of a pattern, and what sed puts between its bars:
// it stands where a word may begin, or in the middle of one that goes on after it.
func substitution(text string, p Placeholder, before, after byte) bool {
	if after == '|' || slices.Contains(filters, p.Text[1:len(p.Text)-1]) || bars().MatchString(wordAround(text, p)) {
		return false
	}
	if before == 0 || strings.IndexByte(" \t\n/-.:=@,+~", before) >= 0 {
		return after != ')'
	}
	quoted := before == '"' || before == '\''
	return (quoted || wordByte(before)) && (after != 0 && after == before || strings.IndexByte(`/-.:@\`, after) >= 0) && lastWord(text[:p.Start]) != "s"
}

// bars are three in a row with only letters between them: a row of a table, or the branches of a pattern.
var bars = doc.Pattern(`\|[A-Za-z0-9]+\|[A-Za-z0-9]+\|`)

// wordAround is the text around a placeholder, up to blanks.
func wordAround(text string, p Placeholder) string {
	start, end := strings.LastIndexAny(text[:p.Start], " \t\n")+1, strings.IndexAny(text[p.End:], " \t\n")
	if end < 0 {
		return text[start:]
	}
	return text[start : p.End+end]
}

func lastWord(text string) string {
	start := len(text)
	for start > 0 && wordByte(text[start-1]) {
		start--
	}
	return text[start:]
}

func angle(text, inner string) bool {
	last := inner[len(inner)-1]
	switch {
	case last == ' ' && !strings.HasSuffix(inner, "... ") || last == '-' || last == '=':
		return false
	case strings.EqualFold(inner, "none") || strings.Contains(text, "</"+firstWord(inner)+">"):
		return false
	}
	return true
}

// templateWords begin an instruction of a template language, which the command itself reads.
var templateWords = []string{"range", "end", "else", "if", "with", "define", "template", "block", "printf", "print", "println", "index", "len", "json", "join", "not", "and", "or", "eq", "ne"}

// holds drops what only looks like a placeholder where it stands: a comparison inside a quoted program, a word of a comment.
func holds(text string, p Placeholder, names map[string]bool) bool {
	switch p.Kind {
	case Angle:
		if strings.IndexByte("[{(", p.Text[0]) >= 0 {
			return (p.quoting == bare || p.quoting == double) && !takesName(text, p)
		}
		before := byteAt(text, p.Start-1)
		return !remarked(text, p) && (p.quoting != single || !strings.Contains(p.Text, " ") || before == ' ' || before == '\'' || before == '=' || before == '/')
	case StandIn:
		return p.quoting != comment && (p.Text[0] == '/' || !takesName(text, p)) && !variable(text, p.Text, names)
	default:
		return true
	}
}

// remarked says whether a placeholder stands on a line that is a comment as a whole. Behind a sign on a line it may be a prompt's.
func remarked(text string, p Placeholder) bool {
	line := text[strings.LastIndexByte(text[:p.Start], '\n')+1 : p.Start]
	return p.quoting == comment && strings.HasPrefix(strings.TrimLeft(line, " \t"), "#")
}

// nameTakers are the commands whose words in capitals are names of variables, or patterns, and no stand-ins.
var nameTakers = words("export unset read declare local readonly typeset mapfile readarray getopts grep egrep env")

// variable tells the name of a variable from a stand-in: the text expands it or assigns it. What was found out is kept in names.
func variable(text, name string, names map[string]bool) bool {
	is, known := names[name]
	if !known {
		is = strings.Contains(text, "$"+name) || strings.Contains(text, "${"+name) || strings.Contains(text, "${#"+name) || strings.Contains(text, "${!"+name) || strings.Contains(text, name+"=")
		names[name] = is
	}
	return is
}

// takesName says whether the command before a name takes names of variables or patterns.
func takesName(text string, p Placeholder) bool {
	line := text[strings.LastIndexAny(text[:p.Start], "\n;|&")+1 : p.Start]
	return slices.Contains(nameTakers, firstWord(line)) && !strings.HasSuffix(strings.TrimRight(line, `"'`), "=")
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return word
}

func byteAt(text string, i int) byte {
	if i < 0 || i >= len(text) {
		return 0
	}
	return text[i]
}

// mask puts a bare word of the same length in the place of each placeholder, so that the text parses and offsets hold.
func mask(text string, found []Placeholder) string {
	if len(found) == 0 {
		return text
	}
	masked := []byte(text)
	for _, p := range found {
		for i := p.Start; i < p.End; i++ {
			masked[i] = 'x'
		}
	}
	return string(masked)
}

// Leftover names the placeholders still in a text that is about to run. Stand-ins are not among them: they look like any word.
func Leftover(text string) []string {
	left := []string{}
	for _, p := range Placeholders(text) {
		if p.Kind != StandIn && p.quoting != comment && !slices.Contains(left, p.Text) {
			left = append(left, p.Text)
		}
	}
	return left
}
