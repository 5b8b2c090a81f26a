package keeper

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gatewalk/exec/journal"
)

// Holding says who holds a session, and for how many screens; "" where nobody does.
func Holding(ctx context.Context, entry journal.Entry) string {
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
