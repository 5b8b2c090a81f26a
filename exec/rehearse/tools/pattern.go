package tools

import (
	"regexp"
	"strings"
)

// dialect is how a pattern is written.
type dialect int

const (
	basic    dialect = iota // POSIX basic: ( ) { } + ? | are letters unless a backslash stands before them
	extended                // POSIX extended and the RE2 subset of Perl's
	fixed                   // every character is itself
)

// compile makes a pattern ready. All dialects run as RE2, so back references inside a pattern are refused.
func compile(pattern string, d dialect, ignoreCase bool) (*regexp.Regexp, error) {
	switch d {
	case basic:
		pattern = fromBasic(pattern)
	case fixed:
		pattern = regexp.QuoteMeta(pattern)
	case extended:
	}
	if ignoreCase {
		pattern = "(?i)" + pattern
	}
	return regexp.Compile(pattern)
}

// fromBasic rewrites a basic pattern as an extended one.
func fromBasic(pattern string) string {
	var out strings.Builder
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case c == '[':
			end := bracketEnd(pattern, i)
			out.WriteString(pattern[i:end])
			i = end - 1
		case c == '\\' && i+1 < len(pattern):
			i++
			if strings.IndexByte("(){}+?|", pattern[i]) < 0 {
				out.WriteByte('\\')
			}
			out.WriteByte(pattern[i])
		case strings.IndexByte("(){}+?|", c) >= 0, c == '*' && startsAnew(out.String()):
			out.WriteString(`\` + string(c))
		case c == '^' && !startsAnew(out.String()), c == '$' && !endsHere(pattern[i+1:]):
			out.WriteString(`\` + string(c))
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// startsAnew says whether what follows is the first of a pattern, a group or an alternative.
func startsAnew(before string) bool {
	return before == "" || before == "^" || strings.HasSuffix(before, "(") && !strings.HasSuffix(before, `\(`) ||
		strings.HasSuffix(before, "|") && !strings.HasSuffix(before, `\|`)
}

func endsHere(after string) bool {
	return after == "" || strings.HasPrefix(after, `\)`) || strings.HasPrefix(after, `\|`)
}

// bracketEnd is the index behind a bracket expression that starts at i.
func bracketEnd(pattern string, i int) int {
	j := i + 1
	if j < len(pattern) && pattern[j] == '^' {
		j++
	}
	if j < len(pattern) && pattern[j] == ']' {
		j++
	}
	for j < len(pattern) && pattern[j] != ']' {
		if strings.HasPrefix(pattern[j:], "[:") {
			if end := strings.Index(pattern[j:], ":]"); end > 0 {
				j += end + 1
			}
		}
		j++
	}
	return min(j+1, len(pattern))
}
