package keeper

import "context"

// MannerOn is what a user's process would be in for on a machine whose files lie under root.
func MannerOn(root, user, how string) Manner { return machine{root, user}.manner(how) }

// StartOn starts a keeper as on a machine whose files lie under root.
func StartOn(ctx context.Context, root, dir string) error { return machine{root: root}.start(ctx, dir) }

// Version is that of the wire.
const Version = version
