package journal

import (
	"errors"
	"os"
	"path/filepath"

	"gatewalk/runbook/doc"
)

// Root is the directory of all sessions of this user: gatewalk/sessions under $XDG_STATE_HOME, or under ~/.local/state
// where that is unset or not absolute (XDG Base Directory Specification 0.8). It need not exist.
func Root() (string, error) {
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", errors.New("the sessions: there is no home directory to keep them in: set XDG_STATE_HOME to an absolute path")
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "gatewalk", "sessions"), nil
}

// Dir is the directory of one session. An id is one plain name, so that no id leads out of the root.
func Dir(id string) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	if err := checkID(id); err != nil {
		return "", err
	}
	return filepath.Join(root, id), nil
}

var plainName = doc.Pattern(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

func checkID(id string) error {
	if len(id) > 100 || !plainName().MatchString(id) {
		return &Problem{id, "is no session's name", "use letters, digits, '.', '_' and '-', a letter or digit first, 100 at most", nil}
	}
	return nil
}

// absolute makes a directory's last element its name: a session is known by it, and "." is none.
func absolute(dir string) string {
	if full, err := filepath.Abs(dir); err == nil {
		return full
	}
	return filepath.Clean(dir)
}
