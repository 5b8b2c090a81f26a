package tools

import (
	"fmt"
	"regexp"
	"strings"
)

var grepLong = map[string]byte{
	"invert-match": 'v', "ignore-case": 'i', "count": 'c', "quiet": 'q', "silent": 'q', "only-matching": 'o', "extended-regexp": 'E',
	"fixed-strings": 'F', "perl-regexp": 'P', "word-regexp": 'w', "line-regexp": 'x', "line-number": 'n', "no-messages": 's',
	"no-filename": 'h', "with-filename": 'H', "files-with-matches": 'l', "regexp": 'e', "max-count": 'm',
}

// grep prints the lines that match. Patterns have RE2's meaning.
func grep(c *Call) int {
	o, err := c.options("vicqoEFPwxnshHl", "em", grepLong)
	if err != nil {
		return c.fail(2, "%v", err)
	}
	if len(o.values['e']) == 0 {
		if len(o.rest) == 0 {
			return c.fail(2, "no pattern given")
		}
		o.values['e'], o.rest = o.rest[:1], o.rest[1:]
	}
	matcher, err := grepPattern(c.Name, o)
	if err != nil {
		return c.fail(2, "%v", err)
	}
	limit, err := o.number('m', -1)
	if err != nil {
		return c.fail(2, "%v", err)
	}
	search := grepSearch{c, o, matcher, limit}
	return search.files()
}

func grepPattern(name string, o options) (*regexp.Regexp, error) {
	d := basic
	switch {
	case o.flags['F'] || name == "fgrep":
		d = fixed
	case o.flags['E'] || o.flags['P'] || name == "egrep":
		d = extended
	}
	var alternatives []string
	for _, pattern := range strings.Split(strings.Join(o.values['e'], "\n"), "\n") {
		one, err := compile(pattern, d, false)
		if err != nil {
			return nil, fmt.Errorf("pattern %q: %w", pattern, err)
		}
		alternatives = append(alternatives, "(?:"+one.String()+")")
	}
	whole := strings.Join(alternatives, "|")
	switch {
	case o.flags['x']:
		whole = "^(?:" + whole + ")$"
	case o.flags['w']:
		whole = `\b(?:` + whole + `)\b`
	}
	return compile(whole, extended, o.flags['i'])
}

// grepSearch is one run over all files.
type grepSearch struct {
	call    *Call
	options options
	matcher *regexp.Regexp
	limit   int
}

func (g grepSearch) files() int {
	names := g.options.rest
	if len(names) == 0 {
		names = []string{"-"}
	}
	found, bad := false, false
	for _, name := range names {
		text, err := g.call.read(name)
		if err != nil {
			bad = true
			if !g.options.flags['s'] {
				g.call.fail(2, "%v", err)
			}
			continue
		}
		prefix := ""
		if g.options.flags['H'] || len(names) > 1 && !g.options.flags['h'] {
			prefix = name + ":"
		}
		found = g.file(name, prefix, lines(text)) > 0 || found
	}
	switch {
	case found && (g.options.flags['q'] || !bad):
		return 0
	case bad:
		return 2
	}
	return 1
}

// file prints the hits of one file and returns how many there are.
func (g grepSearch) file(name, prefix string, all []string) int {
	hits, out := 0, []string(nil)
	for number, line := range all {
		if g.matcher.MatchString(line) == g.options.flags['v'] || hits == g.limit {
			continue
		}
		hits++
		mark := prefix
		if g.options.flags['n'] {
			mark += fmt.Sprintf("%d:", number+1)
		}
		out = append(out, g.shown(mark, line)...)
	}
	switch {
	case g.options.flags['q']:
	case g.options.flags['l'] && hits > 0:
		g.call.printLines([]string{name})
	case g.options.flags['l']:
	case g.options.flags['c']:
		g.call.printLines([]string{fmt.Sprintf("%s%d", prefix, hits)})
	default:
		g.call.printLines(out)
	}
	return hits
}

func (g grepSearch) shown(mark, line string) []string {
	if !g.options.flags['o'] {
		return []string{mark + line}
	}
	var parts []string
	for _, part := range g.matcher.FindAllString(line, -1) {
		if part != "" && !g.options.flags['v'] {
			parts = append(parts, mark+part)
		}
	}
	return parts
}
