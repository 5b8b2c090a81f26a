package journal

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Sessions are those of this user, as List has them.
func Sessions() ([]Entry, error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	return List(root)
}

// Find is the directory of a session of this user, by its id or a beginning of it that no other has.
func Find(id string) (string, error) {
	entries, err := Sessions()
	if err != nil {
		return "", err
	}
	var found []Entry
	for _, entry := range entries {
		if entry.ID == id {
			return entry.Dir, nil
		}
		if strings.HasPrefix(entry.ID, id) {
			found = append(found, entry)
		}
	}
	if len(found) != 1 {
		return "", fmt.Errorf("%s: %s; gatewalk resume lists them", id, called(len(found)))
	}
	return found[0].Dir, nil
}

// FindRecord is the directory of a record to look at: a session's, or by its path a copy's.
func FindRecord(id string) (string, error) {
	if strings.ContainsRune(id, filepath.Separator) {
		return id, nil
	}
	return Find(id)
}

// called says how many sessions a name stands for, where that is not one.
func called(n int) string {
	if n == 0 {
		return "no session is called so"
	}
	return fmt.Sprintf("%d sessions begin so: give more of the name", n)
}
