package session

import (
	"fmt"
	"io"
	"strings"

	"gatewalk/steps/safe"
)

// WriteText says what of the walk stays finished in the other version, and what changed and stands open again.
func (r *Revised) WriteText(out io.Writer) {
	fmt.Fprintf(out, "%d finished places are the same and stay finished.\n", len(r.Marks))
	for _, change := range r.Changed {
		fmt.Fprintf(out, "\n%s  %s\n  was %s, and is another now: it stands open\n", change.At, safe.Line(change.Title).Plain(), change.Status)
		fmt.Fprintf(out, "  - %s\n", indented(change.Was, "  - "))
		if change.Now == "" {
			fmt.Fprintln(out, "  it is gone")
			continue
		}
		fmt.Fprintf(out, "  + %s\n  now at %s\n", indented(change.Now, "  + "), change.NowAt)
	}
}

// indented is a text exactly as it is, each further line behind a mark.
func indented(text, mark string) string {
	return strings.ReplaceAll(safe.Exact(text).Plain(), "\n", "\n"+mark)
}
