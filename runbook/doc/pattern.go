package doc

import (
	"regexp"
	"sync"
)

// Pattern is a regular expression that is compiled when it is first asked for. Most starts of this program need few of its patterns, and
// one beside every command needs none. It stands here because here the whole house can reach it.
func Pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
