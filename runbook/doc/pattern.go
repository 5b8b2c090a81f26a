package doc

import (
	"regexp"
	"sync"
)

// Pattern is a regular expression that is compiled when it is first asked for: this program starts once beside every
// command it runs, and most starts read nothing.
func Pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
