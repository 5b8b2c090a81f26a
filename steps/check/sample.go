package check

import (
	"fmt"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/steps/safe"
)

const (
	maxFlags = 10
	maxFlag  = 200 // bytes
)

// compare says what came that the sample does not show, and what it shows that did not come. Numbers, ids, times, hosts,
// spacing, the order of lines and how often a kind of line repeats are no differences.
func compare(sample, output string) []string {
	expected, came := shapes(safe.Of(sample).Plain()), shapes(output)
	flags := differences("not in the sample", came, expected)
	flags = append(flags, differences("only in the sample", expected, came)...)
	if len(flags) > maxFlags {
		rest := len(flags) - maxFlags + 1
		flags = append(flags[:maxFlags-1], fmt.Sprintf("and %d more differences", rest))
	}
	return flags
}

func differences(what string, lines, others []shaped) []string {
	known := map[string]bool{}
	for _, l := range others {
		known[l.shape] = true
	}
	var flags []string
	for _, l := range lines {
		if !known[l.shape] {
			known[l.shape] = true
			flags = append(flags, oneLine(what+": "+l.line, maxFlag))
		}
	}
	return flags
}

// shaped is a line and what is left of it without its particulars.
type shaped struct{ line, shape string }

func shapes(text string) []shaped {
	var list []shaped
	for line := range strings.SplitSeq(text, "\n") {
		if shape := shapeOf(line); shape != "" {
			list = append(list, shaped{strings.Join(strings.Fields(line), " "), shape})
		}
	}
	return list
}

var (
	placeholder = doc.Pattern(`<[^<>]*>|\{\{[^{}]*\}\}`)
	// particular is a word with a digit in it (a number, an id, an address, a time, most hosts), a name with dots
	// between its parts, or the name of a month or a day.
	particular = doc.Pattern(`[\w.:/@%+-]*\d[\w.:/@%+-]*|\w[\w-]*(\.[\w-]+)+|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|AM|PM|UTC|CET|CEST|CST|CDT|EST|EDT|PST|PDT)\b`)
	ruling     = doc.Pattern(`[-=_*─━═]{2,}`) // of a table, as wide as its columns
	repeated   = doc.Pattern(`#( ?#)+`)
	omission   = doc.Pattern(`^[\s.…\[\]]*$`)
)

// shapeOf replaces all particulars by one sign. A line that only says that something was left out has no shape.
func shapeOf(line string) string {
	if omission().MatchString(line) {
		return ""
	}
	line = ruling().ReplaceAllString(line, "-")
	line = placeholder().ReplaceAllString(line, "#")
	line = particular().ReplaceAllString(line, "#")
	line = strings.Join(strings.Fields(line), " ")
	return repeated().ReplaceAllString(line, "#")
}
