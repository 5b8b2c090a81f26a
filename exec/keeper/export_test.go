package keeper

import "context"

// MannerOn is how a process of a machine whose files lie under root would be in for it.
func MannerOn(root, how string) Manner { return machine{root}.manner(how) }

// StartOn starts a keeper as on a machine whose files lie under root.
func StartOn(ctx context.Context, root, dir string) error { return machine{root}.start(ctx, dir) }

// Version is that of the wire.
const Version = version
