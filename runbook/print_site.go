package runbook

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// of names the document that a line counts in, where that is not the plan's own.
func of(source string) string {
	if source == "" {
		return ""
	}
	return " of " + source
}

// site marks what the site's overlay says: in which properties, and on which lines of the overlay.
func (o *printer) site(spoke bool, skip string, why map[string]Reason, depth int) {
	if !spoke {
		if skip != "" {
			o.line(depth, "left out: %s", skip)
		}
		return
	}
	var said []string
	for _, property := range slices.Sorted(maps.Keys(why)) {
		if why[property].Rule == site && property != "skip" {
			said = append(said, fmt.Sprintf("%s (line %d)", property, why[property].Line))
		}
	}
	if len(said) > 0 {
		o.line(depth, "SITE: %s", strings.Join(said, ", "))
	}
	if skip != "" {
		o.line(depth, "SITE leaves it out: %s", skip)
	}
}
