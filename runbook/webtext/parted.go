package webtext

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// parted is the rows of a text that lost its layout, those in two parts in which a command and words ran into each other.
func (known programs) parted(rows []row) []row {
	if !flat(rows) {
		return rows
	}
	var out []row
	for i, r := range rows {
		words := r.words()
		at := known.runsInto(words)
		if at == 0 {
			at = known.endsIn(words, i > 0 && !rows[i-1].blank())
		}
		if at > 0 && r.indent == 0 {
			out = append(out, row{r.text[:at], r.line, 0}, row{r.text[at:], r.line, 0})
		} else {
			out = append(out, r)
		}
	}
	return out
}

// fusedCommand is where words were run together with the command before them: "crm statusLook at it".
var fusedCommand = doc.Pattern(`[a-z0-9)\]"']([A-Z][a-z]+(?::$|[ ,]))`)

// runsInto is where a command ends that runs into words, 0 if none does.
func (known programs) runsInto(words string) int {
	if !startsLower(words) || promptAt(words) >= 0 {
		return 0
	}
	for _, m := range fusedCommand().FindAllStringSubmatchIndex(words, -1) {
		command, rest := words[:m[2]], words[m[2]:]
		sentence := ends(rest) || titled(rest) && strings.Count(rest, " ") >= minimalOrder
		if sentence && known.typed(command, false) && !signed(rest) {
			return m[2]
		}
	}
	return 0
}

// suffixes are what stands behind the dot in the names of files and machines, and is also the name of a program, or looks like one.
var suffixes = strings.Fields("sh py pl rb js yaml yml json conf cfg txt service com org io net local md xml ini log so d")

// fusedWords is where words were run together with the command behind them: "Look at it:crm status".
var fusedWords = doc.Pattern(`(?:^|[A-Za-z0-9)\]”"'>])[.:](?:[a-z_~$#]|/|\./|[A-Z_]+=)`)

// endsIn is where a command begins that words ran into, 0 if none does. Below other words a row may be nothing but the end of their sentence.
func (known programs) endsIn(words string, below bool) int {
	if !strings.ContainsAny(words, ".:") || known.hasPrompt(words) {
		return 0
	}
	session := promptAt(words)
	for _, m := range fusedWords().FindAllStringIndex(words, -1) {
		if session >= 0 && m[1] > session {
			break
		}
		at := m[0] + strings.IndexAny(words[m[0]:m[1]], ".:") + 1
		before, rest := words[:at-1], words[at:]
		if at == 1 && !below || at+1 < len(words) && strings.HasPrefix(rest, "//") || strings.Contains(lastWord(before), "/") || known.believe(words) == certain && small(before) == 0 && !startsUpper(words) {
			continue
		}
		if words[at-1] == '.' && strings.HasPrefix(rest, "/") && !rooted().MatchString(rest) { // the dot belongs to the command
			at--
			rest = words[at:]
		}
		if at > 0 && (strings.Contains(rest, " ") || strings.Contains(before, " ") && assignment().MatchString(rest)) && small(rest) < 2 && !slices.Contains(suffixes, firstWord(rest)) && (known.hasPrompt(rest) || known.believe(rest) >= likely) {
			return at
		}
	}
	return 0
}

// rooted is a path from the root of a machine.
var rooted = doc.Pattern(`^/(?:usr|opt|etc|bin|sbin|srv|var|root|home|tmp)/`)
