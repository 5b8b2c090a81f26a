package journal

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"gatewalk/steps/safe"
)

// WriteText says what a check of the record found.
func (r Report) WriteText(out io.Writer) {
	fmt.Fprintf(out, "session  %s\nlines    %d, from %s to %s\nfiles    %d compared with their digests\nsum      %s\n",
		r.Session, r.Lines, r.First.UTC().Format(time.RFC3339), r.Last.UTC().Format(time.RFC3339), r.Files, r.Sum)
	for _, problem := range r.Problems {
		fmt.Fprintf(out, "problem  %s\n", safe.Of(problem.Error()).Plain())
	}
	if r.Holds() {
		fmt.Fprintln(out, "it holds")
	}
}

// Printed is what a check found wrong with the output of an attempt, nil if nothing.
func (r Report) Printed(attempt uint64) error {
	for _, problem := range r.Problems {
		if p, ok := errors.AsType[*Problem](problem); ok && strings.HasSuffix(p.Place, "/"+outputOf(attempt)) {
			return problem
		}
	}
	return nil
}
