package session

import (
	"context"
	"path/filepath"

	"gatewalk/exec/journal"
	"gatewalk/steps"
)

// successor is a session beside this one that goes on from it, "" if there is none. One that was cut off before it had
// taken over everything does not count, but is begun.
func successor(dir string) (id string, begun bool, err error) {
	entries, err := journal.List(filepath.Dir(dir))
	if err != nil {
		return "", false, err
	}
	for _, entry := range entries {
		continues, whole := goesOnFrom(entry.Dir, filepath.Base(dir))
		if continues && whole {
			return entry.ID, true, nil
		}
		begun = begun || continues
	}
	return "", begun, nil
}

// goesOnFrom says whether a session goes on from the one of that id, and has taken over everything.
func goesOnFrom(dir, id string) (continues, whole bool) {
	reader, err := journal.OpenReadOnly(dir)
	if err != nil {
		return false, false
	}
	defer reader.Close()
	events, _ := reader.Load(context.Background()) // as far as it holds
	for _, e := range events {
		for _, f := range e.Facts {
			switch f := f.(type) {
			case steps.Opened:
				continues = continues || f.Continues == id
			case steps.Continued:
				whole = whole || f.From == id
			}
		}
	}
	return continues, whole
}
