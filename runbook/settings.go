package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	sourceLine  = doc.Pattern(`^deb(?:-src)? (?:\[[^\]]*\] )?(?:https?|file|cdrom)[:/]`)
	timedLine   = doc.Pattern(`^(?:@(?:reboot|hourly|daily|weekly|monthly|yearly)\s|(?:[\d*/,-]+\s+){3}(?:[\d*/,-]+|[A-Z][a-z]{2})\s+(?:[\d*/,-]+|[A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?)\s+\S)`)
	mountLine   = doc.Pattern(`^\S+\s+/\S*\s+\w+\s+\S+\s+\d\s+\d\s*$`)
	pairedLine  = doc.Pattern(`^[A-Z][a-z]+\w*=\S+(?:\s+[A-Z][a-z]+\w*=(?:"[^"]*"|<[^>]*>|\S+))+\s*$`)
	openingLine = doc.Pattern(`^[A-Za-z][\w.:/-]*(?: ?"[^"]*"| [\w.:/<>-]+){0,3} ?\{$`)
	markupLine  = doc.Pattern(`^<(?:\?xml|!--|([\w:.-]+)(?: [\w:.-]+=["'][^"']*["'])*\s*/?>)`)
	nestedKey   = doc.Pattern(`^\s*(?:- )?["']?[\w./-]+(?:::[\w-]+)*["']?:\s*$`)
	plainKey    = doc.Pattern(`^\s*(?:- )?["']?[a-z_][\w./-]*(?:::[\w-]+)*["']?:(?: \S|\s+["'])`)
	listedLine  = doc.Pattern(`^\s*- \S`)
)

// kept says whether a line has a shape that is only kept in files: the source of packages, what is run at a time or mounted, the
// opening of a block of settings, a row of them that are named in small letters behind a capital.
func kept(line string, last string) bool {
	switch first := line[0]; {
	case first == 'd' && sourceLine().MatchString(line):
		return true
	case first == '@' || first == '*' || first >= '0' && first <= '9':
		return timedLine().MatchString(line)
	case strings.Count(line, "=") > 1 && pairedLine().MatchString(line):
		return true
	case strings.HasSuffix(line, "{"):
		return strings.HasPrefix(strings.TrimSpace(last), "}") && openingLine().MatchString(line)
	}
	return strings.Contains(line, "/") && mountLine().MatchString(line)
}

// markedUp says whether a text begins with a tag of a language with such. A word in brackets alone may be a blank: then one that closes it follows.
func markedUp(line, text string) bool {
	if line[0] != '<' {
		return false
	}
	m := markupLine().FindStringSubmatch(line)
	return m != nil && (m[1] == "" || strings.Contains(m[0], "=") || strings.Contains(text, "</"+m[1]+">"))
}

// settingsAlone says whether a block holds nothing but settings in lines of a name and a value, one inside the other by how far they
// are indented, and nothing before it among its neighbours could have printed them.
func (b *book) settingsAlone(p *place, text string) bool {
	if !strings.Contains(text, ":") || !nested(content(strings.ReplaceAll(text, "\u00a0", " "))) {
		return false
	}
	for i := p.at - 1; i >= 0; i-- {
		if p.among[i].Kind == doc.Code {
			return !b.runsAt(p.among[i])
		}
	}
	return true
}

// nested says whether lines are settings as they are kept: names in small letters, values one blank behind them. What programs report is
// set in columns, or begins with capital letters.
func nested(lines []string) bool {
	keys := 0
	for i, line := range lines {
		switch {
		case neverTyped(line) || complains(line) || wordy(line):
			return false
		case line == "..." || line == "---" || listedLine().MatchString(line):
		case nestedKey().MatchString(line) || plainKey().MatchString(line):
			keys++
		case i == 0 || line[0] != ' ':
			return false
		}
	}
	return keys > 0 && strings.ToLower(lines[0][:1]) == lines[0][:1] && (nestedKey().MatchString(lines[0]) || plainKey().MatchString(lines[0])) && !reportsState().MatchString(lines[0]+"\n")
}

// wordy says whether what stands behind the first colon of a line is words, as programs report them, and no value.
func wordy(line string) bool {
	_, value, _ := strings.Cut(line, ": ")
	return len(strings.Fields(value)) > 3 && strings.IndexByte("\"'[{|>", value[0]) < 0 && !strings.Contains(value, " #")
}

// headedByName is a remark of nothing but the name of a file, or of what it holds.
var headedByName = doc.Pattern(`^#+ *(?i:(?:(?:an? )?(?:excerpt|extract|part|sample|example|contents?)(?: of| from)? |in |from |file:? )?)[\w./~-]*[\w-]\.(?:conf|cnf|cfg|ini|ya?ml|toml|json|properties|repo|service|env|hcl|rules|macros)\b[^:]{0,40}$`)

// namesItsFile says whether a text begins with a remark that names a file, and holds nothing but what is set in one.
func namesItsFile(text string) bool {
	head := ""
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.Trim(line, "#") != "" {
			head = line
			break
		}
	}
	if !strings.HasPrefix(head, "#") || !headedByName().MatchString(head) {
		return false
	}
	lines := content(text)
	return len(lines) > 0 && !slices.ContainsFunc(lines, func(line string) bool {
		return !setsName().MatchString(line) && !sectionLine().MatchString(line) && !keyLine().MatchString(line) && strings.HasPrefix(strings.TrimSpace(line), line)
	})
}
