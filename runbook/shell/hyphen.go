package shell

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gatewalk/runbook/doc"
)

// optionDash is a typographic dash where an option may begin: at the start of a word, or of an optional part in brackets.
var optionDash = doc.Pattern(`(?:^|[\s\[])([-\x{2010}-\x{2015}\x{2212}]{1,3})([A-Za-z][\w-]*)`)

// Hyphens reads the dashes of a publisher as the hyphens they stand for, where an option begins outside of quotes, and
// says which words it read so, as they stand in the text. No other byte changes.
func Hyphens(text string) (typed string, words []string) {
	if !strings.ContainsFunc(text, dash) {
		return text, nil
	}
	var b strings.Builder
	at, seen := 0, map[string]bool{}
	for _, p := range optionDashes(text) {
		mark := text[p.Start : p.Start+len(p.Text)-len(p.name)]
		b.WriteString(text[at:p.Start])
		b.WriteString(hyphens(mark, p.name))
		at = p.Start + len(mark)
		if !seen[p.Text] {
			seen[p.Text] = true
			words = append(words, p.Text)
		}
	}
	b.WriteString(text[at:])
	return b.String(), words
}

// optionDashes are the options of a text that begin with a typographic dash. What is quoted, a comment, or the body of a
// here-document has none.
func optionDashes(text string) []Placeholder {
	var found []Placeholder
	for _, m := range optionDash().FindAllStringSubmatchIndex(text, -1) {
		if strings.ContainsFunc(text[m[2]:m[3]], dash) {
			found = append(found, Placeholder{Text: text[m[2]:m[5]], name: text[m[4]:m[5]], Start: m[2], End: m[5]})
		}
	}
	quoteAll(text, found)
	return slices.DeleteFunc(found, func(p Placeholder) bool { return p.quoting != bare })
}

// OptionAt is the option of a text whose dash stands at an offset, "" if none does.
func OptionAt(text string, offset int) string {
	start := offset
	for start > 0 {
		c, size := utf8.DecodeLastRuneInString(text[:start])
		if c != '-' && !dash(c) {
			break
		}
		start -= size
	}
	end := offset
	for end < len(text) {
		c, size := utf8.DecodeRuneInString(text[end:])
		if c != '-' && !dash(c) && (c >= utf8.RuneSelf || !wordByte(byte(c))) {
			break
		}
		end += size
	}
	return text[start:end]
}

func dash(c rune) bool { return c >= 0x2010 && c <= 0x2015 || c == 0x2212 }

// hyphens is what dashes before the name of an option stand for: of several marks each for one, one alone for two before a
// word, which is what typesetting makes one dash of, and for one before a letter.
func hyphens(mark, name string) string {
	switch marks := []rune(mark); {
	case len(marks) > 1:
		return "--"
	case len(name) > 1 && (marks[0] == '\u2013' || marks[0] == '\u2014' || marks[0] == '\u2015'):
		return "--"
	}
	return "-"
}
