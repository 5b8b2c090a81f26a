package keeper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"gatewalk/exec/journal"
	"gatewalk/exec/mirror"
	"gatewalk/exec/session"
	"gatewalk/steps/safe"
)

// List writes down all sessions of this user: how to go on with each, where it stands, who holds it, and where it is copied.
func List(ctx context.Context, out io.Writer) error {
	entries, err := journal.Sessions()
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		fmt.Fprintln(out, "  none yet")
	}
	for _, entry := range entries {
		fmt.Fprintf(out, "  gatewalk resume %s\n      %s\n", entry.ID, session.Summary(entry, holding(ctx, entry)))
		if status, kept := mirror.Of(entry.Dir); kept {
			fmt.Fprintf(out, "      %s\n", safe.Of(status.String()).Plain())
		}
	}
	return nil
}

// holding says who holds a session, and for how many screens; "" where nobody does.
func holding(ctx context.Context, entry journal.Entry) string {
	if entry.Holder == nil {
		return ""
	}
	status, err := Look(ctx, entry.Dir)
	switch {
	case errors.Is(err, ErrNone):
		return "open in " + entry.Holder.String()
	case err != nil:
		return err.Error()
	case len(status.Screens) == 0:
		return fmt.Sprintf("kept by process %d, no screen attached", status.PID)
	case len(status.Screens) == 1:
		return fmt.Sprintf("kept by process %d for 1 screen: %s", status.PID, status.Screens[0])
	}
	return fmt.Sprintf("kept by process %d for %d screens: %s", status.PID, len(status.Screens), strings.Join(status.Screens, ", "))
}
