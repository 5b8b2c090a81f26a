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
	weak        = doc.Pattern(`^(?:\S+ )?\S*[$#>]\s+`)
	saidStart   = doc.Pattern(`\s[A-Z][a-z]+ (?:[\w"'./:,()-]+ )+[\w"'()-]+\.$`)
	jsonStart   = doc.Pattern(`\s(?:\{\s+"|\[\s+[{"])`)
	continued   = doc.Pattern(` \\ +`)
)

// layOut breaks a terminal session that was run together on one line: before each further prompt, after a command that a
// backslash continues, before what it printed, and between the rows of a table.
func layOut(line string) string {
	prompts := strong().FindAllStringIndex(line, -1)
	if len(prompts) == 0 {
		if sign := weak().FindStringIndex(line); sign != nil && hasPrompt(line) {
			return layOutCommand(line, sign[1])
		}
		return line
	}
	var parts []string
	for i, prompt := range prompts {
		end := len(line)
		if i+1 < len(prompts) {
			end = prompts[i+1][0]
		}
		parts = append(parts, layOutCommand(strings.TrimRight(line[prompt[0]:end], " "), prompt[1]-prompt[0]))
	}
	return line[:prompts[0][0]] + strings.Join(parts, "\n")
}

// layOutCommand breaks one prompt with its command and what that printed. The command begins at byte from.
func layOutCommand(text string, from int) string {
	at := len(text)
	for _, form := range []func() *regexp.Regexp{border, headerStart, namedStart, jsonStart} {
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
	return command + "\n" + layOutTable(printed)
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
