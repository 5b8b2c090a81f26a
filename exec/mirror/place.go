package mirror

import (
	"context"
	"fmt"
	"path/filepath"

	"gatewalk/exec/journal"
)

// None is the word that ends what an earlier sitting began.
const None = "none"

// Place is an absolute path for what was asked for, if a copy could be made there. "" and None stay what they are.
func Place(asked string) (string, error) {
	if asked == "" || asked == None {
		return asked, nil
	}
	place, err := filepath.Abs(asked)
	if err != nil {
		return "", err
	}
	return place, Check(place)
}

// News is what an order has to say of a session's copy when a place is asked for: "" where it is kept there already.
func News(dir, asked string) string {
	if status, kept := Of(dir); kept == (asked != None) && (!kept || status.Place == asked) {
		return ""
	}
	return asked
}

// Settle is where the copy of a session is to be kept: as ordered, or as in the sitting before; "" for nowhere.
func Settle(dir, ordered string) (string, error) {
	switch ordered {
	case "":
		status, _ := Of(dir)
		return status.Place, nil
	case None:
		return "", Forget(dir)
	}
	return ordered, nil
}

// Update copies once more what a session that nobody holds has to say, where a copy of it is kept.
func Update(ctx context.Context, dir string) error {
	status, kept := Of(dir)
	if !kept {
		return nil
	}
	if _, err := journal.Copy(ctx, dir, filepath.Join(status.Place, filepath.Base(dir))); err != nil {
		return fmt.Errorf("its mirror in %s does not say so: %w", status.Place, err)
	}
	return nil
}
