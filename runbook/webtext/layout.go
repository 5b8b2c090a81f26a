package webtext

import (
	"regexp"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	border      = doc.Pattern(`\+(?:[-=]{2,}\+)+`)
	headerStart = doc.Pattern(`\s(?:[A-Z][\w%()/.-]*\s+){3,}`)
	namedStart  = doc.Pattern(`\s[A-Z][a-z]+(?: [A-Za-z][a-z]+){0,4}:\s`)
	keyStart    = doc.Pattern(`\s[A-Za-z][\w-]*:\s`)
	drawnStart  = doc.Pattern(`\s(?:[\x{2500}-\x{257F}]|[-=]{4,}(?:\s|$)|\d{4}-\d\d-\d\d[ T]|# [A-Z])`)
	weak        = doc.Pattern(`^(?:\S+ )?\S*[$#>]\s+`)
	saidStart   = doc.Pattern(`\s[A-Z][a-z]+ (?:[\w"'./:,()-]+ )+[\w"'()-]+\.$`)
	jsonStart   = doc.Pattern(`\s(?:\{\s+"|\[\s+[{"])`)
	continued   = doc.Pattern(` \\ +`)
)

// layOut breaks a terminal session that was run together on one line: before each further prompt, after a command that a
// backslash continues, before what it printed, and between the rows of a table. Where the line stands alone, all that was printed is in it.
func (known programs) layOut(line string, alone bool) string {
	prompts := strong().FindAllStringIndex(line, -1)
	if len(prompts) == 0 {
		prompts = known.repeatedPrompts(line)
	}
	if len(prompts) == 0 {
		if at := border().FindStringIndex(line); at != nil && known.believe(strings.TrimSpace(line[:at[0]])) >= likely {
			return layOutCommand(line, 0, alone)
		}
		return line
	}
	var parts []string
	for i, prompt := range prompts {
		end := len(line)
		if i+1 < len(prompts) {
			end = prompts[i+1][0]
		}
		parts = append(parts, layOutCommand(strings.TrimRight(line[prompt[0]:end], " "), prompt[1]-prompt[0], alone))
	}
	return strings.TrimSpace(layOutRemarks(line[:prompts[0][0]]) + "\n" + strings.Join(parts, "\n"))
}

// bareSign is a prompt that says nothing, before a command, and remarkStart where a remark begins behind what a command printed.
var (
	bareSign    = doc.Pattern(`(?:^|\s)(\$ )[a-z./~]`)
	remarkStart = doc.Pattern(`\s(# [A-Z])`)
)

// repeatedPrompts are the places of a prompt that is not plain to see where it stands: the one a line begins with, wherever it is repeated.
func (known programs) repeatedPrompts(line string) [][]int {
	if !known.hasPrompt(line) {
		return nil
	}
	sign := weak().FindStringIndex(line)
	if strings.HasPrefix(line, "$ ") || remarkedHere().MatchString(line) {
		var found [][]int
		for _, m := range bareSign().FindAllStringSubmatchIndex(line, -1) {
			found = append(found, m[2:4])
		}
		return found
	}
	if sign == nil {
		return nil
	}
	found := [][]int{sign}
	for mark, at := line[:sign[1]], sign[1]; len(mark) > 2; {
		next := strings.Index(line[at:], " "+mark)
		if next < 0 {
			break
		}
		at += next + 1 + len(mark)
		found = append(found, []int{at - len(mark), at})
	}
	return found
}

// layOutRemarks breaks text before each remark.
func layOutRemarks(text string) string { return remarkStart().ReplaceAllString(text, "\n$1") }

// layOutCommand breaks one prompt with its command and what that printed. The command begins at byte from.
func layOutCommand(text string, from int, alone bool) string {
	at := len(text)
	forms := []func() *regexp.Regexp{border, headerStart, namedStart, jsonStart}
	if alone {
		forms = append(forms, keyStart, drawnStart)
	}
	for _, form := range forms {
		if span := form().FindStringIndex(text[from:]); span != nil {
			at = min(at, from+span[0])
		}
	}
	if span := saidStart().FindStringIndex(text[from:]); span != nil && strings.Count(text[:from+span[0]], `"`)%2 == 0 && !strings.Contains(text[from+span[0]:], " -") {
		at = min(at, from+span[0])
	}
	command := continued().ReplaceAllString(strings.TrimSpace(text[:at]), " \\\n    ")
	printed := strings.TrimSpace(text[at:])
	if printed == "" {
		return command
	}
	return command + "\n" + layOutTable(layOutRemarks(printed))
}

// layOutTable breaks a table drawn with +---+ into its rows. Anything else stays as it is.
func layOutTable(text string) string {
	borders := border().FindAllStringIndex(text, -1)
	if len(borders) == 0 || borders[0][0] != 0 {
		return text
	}
	columns := strings.Count(text[:borders[0][1]], "+") - 1
	var lines []string
	for i, span := range borders {
		lines = append(lines, text[span[0]:span[1]])
		end := len(text)
		if i+1 < len(borders) {
			end = borders[i+1][0]
		}
		lines = append(lines, tableRows(strings.TrimSpace(text[span[1]:end]), columns)...)
	}
	return strings.Join(lines, "\n")
}

// tableRows cuts "| a | b | | c | d |" into rows of so many columns.
func tableRows(text string, columns int) []string {
	if text == "" {
		return nil
	}
	cells := strings.Split(text, "|")
	width := columns + 1 // what stands between two rows is a cell as well
	if !strings.HasPrefix(text, "|") || columns < 1 || (len(cells)-1)%width != 0 {
		return []string{text}
	}
	var rows []string
	for at := 0; at+width < len(cells)+1 && at+columns < len(cells); at += width {
		rows = append(rows, "|"+strings.Join(cells[at+1:at+columns+1], "|")+"|")
	}
	return rows
}
