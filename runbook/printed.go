package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

var (
	manyWords  = doc.Pattern(`^[A-Z]\w*(?: [\w.]+){0,4} ?: \S`)                                        // "Client version: 2.1"
	alignedKey = doc.Pattern(`^[\w-]+\s+: \S`)                                                         // "uuid      : 4f-2"
	rowOfSigns = doc.Pattern(`^(?:\|.*\||\+[-=+]+\+)$`)                                                // a row of a table, or what parts two
	taggedLine = doc.Pattern(`^(?:\[[A-Za-z][^\]\s]*(?: [^\]]*)?\] +\S|\*{3,} |-{3} .* -{3}$|={3,} )`) // "[INFO] begun", "*** lost ***"
	omitted    = doc.Pattern(`^<[A-Za-z]+(?: [\w,]+)+>$`)                                              // "<many lines left out>"
	markup     = doc.Pattern(`^<(?:\?xml|![A-Za-z-]|[\w:.-]+ [\w:.-]+="|/[\w:.-]+>)`)
	logFields  = doc.Pattern(`^(?:time|ts|level|lvl)=\S+ +\w+=`)
	finished   = doc.Pattern(`^[A-Z][a-z]+(?: [\w"'./:-]+)+ (?:[a-z]+ed|done|complete|successful(?:ly)?|ok|OK)\.?$`)
	succeeded  = doc.Pattern(`^[a-z]+(?: [\w-]+){1,4} (?:success(?:ful(?:ly)?)?|succeeded|completed)\.?$`)
	beginsWell = doc.Pattern(`^[A-Z][a-z]+ (?:https?://|[A-Za-z]+=["']|[A-Za-z][\w,]*[:,]? [\w("'<\[/])`)
	wordNumber = doc.Pattern(`^[A-Z][a-z]+ \d+$`)
	smallName  = doc.Pattern(`^\d+[a-z]\w*(?: |$)`) // the name of a program that begins with a digit
	outputSays = doc.Pattern(`^\s*(?:#|//|--) *(?i:(?:(?:an? |the )?(?:example|sample|expected|possible|typical) )?(?:output|result|response|answer)s?(?: (?:is|should be|will be|looks like|example))?)\b[^.]{0,30}:?\s*$`)
)

// complaints are words that a line begins with which tells of an error, and no program has for a name.
var complaints = strings.Fields("failed error unable cannot could warning fatal panic invalid unknown missing")

// complains says whether a line begins with such a word.
func complains(line string) bool {
	end := strings.IndexAny(line, " :")
	return end > 4 && end < 8 && slices.Contains(complaints, strings.ToLower(line[:end])) && len(line) > end+1
}

// shown says whether a line has a shape that no command has, in code that is called shell: a sentence, a label, a number, a row of
// a table, a line of a log.
func shown(line string) bool {
	if line == "" {
		return false
	}
	switch first := line[0]; {
	case first >= '0' && first <= '9':
		return !smallName().MatchString(line)
	case first >= 'A' && first <= 'Z':
		return sentenceLike(line)
	case first == '|' || first == '+':
		return rowOfSigns().MatchString(line)
	case first == '[' || first == '*' || first == '-' || first == '=':
		return taggedLine().MatchString(line)
	case first == '<':
		return omitted().MatchString(line) || markup().MatchString(line)
	case strings.HasPrefix(line, "\u2502") || strings.HasPrefix(line, "\u251c") || strings.HasPrefix(line, "\u2514") || strings.HasPrefix(line, "\u250c"):
		return true
	}
	return strings.Contains(line, " succe") && succeeded().MatchString(line) || strings.Contains(line, "=") && logFields().MatchString(line) || complains(line) || strings.Contains(line, " : ") && alignedKey().MatchString(line)
}

// sentenceLike says whether a line that begins with a capital letter is words or a label: no program that is known has such a name.
func sentenceLike(line string) bool {
	first, rest, _ := strings.Cut(line, " ")
	if rest == "" || strings.ContainsAny(first, "=/$") || shell.Known(strings.ToLower(first)) || shell.Statements(line) || strings.HasSuffix(line, `\`) {
		return false
	}
	return complains(line) || manyWords().MatchString(line) || finished().MatchString(line) || wordNumber().MatchString(line) || beginsWell().MatchString(line) || labelLine().MatchString(line)
}

// valuesBelow says whether a line opens what is written in braces, as programs answer with: names in quotes follow.
func valuesBelow(lines []string) bool {
	line := lines[0]
	if line != "{" && line != "[" && line != "[{" {
		return len(line) > 1 && (line[0] == '{' || line[0] == '[') && strings.IndexByte(`"'{`, line[1]) >= 0
	}
	for _, next := range lines[1:] {
		if next = strings.TrimSpace(next); next != "" && next != "{" && next != "[" {
			return next[0] == '"' || next[0] == '\'' || next[0] == ']' || next[0] == '}'
		}
	}
	return false
}

// leadsToPrinted says whether a line is a remark that leads to what is printed, and the next line is no remark.
func leadsToPrinted(lines []string) bool {
	if !outputSays().MatchString(lines[0]) {
		return false
	}
	at := slices.IndexFunc(lines[1:], func(line string) bool { return strings.TrimSpace(line) != "" })
	return at >= 0 && !remarkLine().MatchString(strings.TrimSpace(lines[1+at]))
}

// headsTable says whether a line names the columns of a table whose border is the next: it has its bars where that has crosses.
func headsTable(line, next string) bool {
	next = strings.TrimSpace(next)
	if len(next) < 5 || strings.Trim(next, "-+=|") != "" {
		return false
	}
	bar := strings.IndexByte(line, '|')
	return bar < 0 && strings.HasPrefix(line, " ") || bar > 0 && bar < len(next) && next[bar] != '-'
}

// headsTree says whether a line is the folder, or the name of one, that a tree drawn below it begins with.
func headsTree(line, next string) bool {
	next = strings.TrimLeft(next, " ")
	return !strings.Contains(strings.TrimSpace(line), " ") && !shell.Known(line) && (strings.HasPrefix(next, "\u251c") || strings.HasPrefix(next, "\u2514"))
}

// wordsAlone says whether lines are a list of lone words, of which none is known as a program.
func wordsAlone(lines []string) bool {
	return len(lines) > 2 && !slices.ContainsFunc(lines, func(line string) bool {
		words := strings.Fields(line)
		return len(words) != 1 || strings.ContainsAny(line, "$=(;[") || strings.HasPrefix(words[0], "/") || strings.HasPrefix(words[0], "./") || shell.Known(words[0])
	})
}
