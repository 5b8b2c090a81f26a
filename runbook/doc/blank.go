package doc

import "strings"

// blankName is what a page sets apart in code to be replaced: a name, of a few words.
var blankName = Pattern(`^[A-Za-z][\w.-]*(?: [\w.-]+){0,4}$`)

// longestBlank is in bytes.
const longestBlank = 80

// Blank writes what a page sets apart within code, by a slant or as a variable, in the way of those that cannot set anything apart:
// <name>. What is no name stays as it is.
func Blank(words string) string {
	if len(words) > longestBlank {
		return words
	}
	if name := strings.TrimSpace(words); blankName().MatchString(name) {
		return strings.Replace(words, name, "<"+name+">", 1)
	}
	return words
}
