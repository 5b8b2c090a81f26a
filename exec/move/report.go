package move

import (
	"context"
	"fmt"
	"io"

	"gatewalk/exec/journal"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// WriteMoves says from where to where a session was moved, as far as its journal holds. A record of another user's is checked, not
// walked: of that it says nothing.
func WriteMoves(out io.Writer, dir string) {
	reader, err := journal.OpenReadOnly(dir)
	if err != nil {
		return
	}
	defer reader.Close()
	events, _ := reader.Load(context.Background())
	for _, e := range events {
		for _, fact := range e.Facts {
			switch f := fact.(type) {
			case steps.Moved:
				fmt.Fprintf(out, "moved    to %s, by line %d\n", safe.Line(f.To).Plain(), e.Seq)
			case steps.Opened:
				if f.Arrived {
					fmt.Fprintf(out, "arrived  on %s, by line %d\n", safe.Line(f.Machine).Plain(), e.Seq)
				}
			}
		}
	}
}
