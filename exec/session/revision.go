package session

import (
	"fmt"
	"io"
	"strings"

	"gatewalk/steps/safe"
)

// WriteText says what of the walk stays finished in the other version, and what changed and stands open again.
func (r *Revised) WriteText(out io.Writer) {
	if r.damage != nil {
		r.writeDamage(out)
	} else {
		fmt.Fprintf(out, "finished places that are the same and stay finished: %d\n", len(r.Marks))
	}
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

// writeDamage says how far a damaged record holds, what of it is taken over as its claim, and what must be decided first.
func (r *Revised) writeDamage(out io.Writer) {
	fmt.Fprintf(out, "%s\n  damaged: %s\n", safe.Of(r.damage.File).Plain(), safe.Of(r.damage.Reason).Plain())
	fmt.Fprintf(out, "  it holds up to event %d\n", r.damage.LastGood)
	fmt.Fprintf(out, "finished places that stay finished, as claimed by the damaged record: %d\n", len(r.Marks))
	if len(r.Orphans) > 0 {
		fmt.Fprintf(out, "runs of which nobody knows what became, to be decided before anything runs: %d\n", len(r.Orphans))
	}
	for _, orphan := range r.Orphans {
		where := "at a place that cannot be told"
		if !orphan.Unplaced {
			where = "at " + r.old.Name(orphan.Place)
		}
		fmt.Fprintf(out, "\n  %s\n  ! %s\n", where, indented(orphan.Evidence, "    "))
		if len(orphan.Commands) > 0 {
			fmt.Fprintf(out, "  $ %s\n", indented(strings.Join(orphan.Commands, "\n"), "    "))
		}
	}
}

// indented is a text exactly as it is, each further line behind a mark.
func indented(text, mark string) string {
	return strings.ReplaceAll(safe.Exact(text).Plain(), "\n", "\n"+mark)
}
