package mirror

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// statusName is a file in the session's directory: where its copy is and how far. It is a label, as that of a lock: nobody's
// life depends on it, and reading it does not touch the other disk.
const statusName = "mirror.json"

// Status is where a copy lies and how it stands.
type Status struct {
	Place   string    `json:"place"`
	Disk    uint64    `json:"disk"` // the number that the place's disk had when it was seen last
	Seq     uint64    `json:"seq"`  // the last event that is known to be in it
	At      time.Time `json:"at"`
	Problem string    `json:"problem,omitempty"`
}

// Of is the status of a session's copy; false where none is kept.
func Of(dir string) (Status, bool) {
	var s Status
	text, err := os.ReadFile(filepath.Join(dir, statusName))
	if err != nil || json.Unmarshal(text, &s) != nil || s.Place == "" {
		return Status{}, false
	}
	return s, true
}

// String says it in a few words.
func (s Status) String() string {
	if s.Problem != "" {
		return fmt.Sprintf("its mirror in %s cannot be kept since %s: %s", s.Place, s.At.Local().Format("Jan 2 15:04"), s.Problem)
	}
	return fmt.Sprintf("mirrored in %s", s.Place)
}

// write leaves the label. A disk that is full keeps the old one.
func (s Status) write(dir string) {
	if text, err := json.Marshal(s); err == nil {
		draft := filepath.Join(dir, "."+statusName)
		if os.WriteFile(draft, text, 0o600) == nil {
			_ = os.Rename(draft, filepath.Join(dir, statusName))
		}
	}
}

// Forget ends that a session's copy is kept. The copy stays as it is.
func Forget(dir string) error {
	if err := os.Remove(filepath.Join(dir, statusName)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Check refuses a place in which no copy could be made.
func Check(place string) error {
	info, err := os.Stat(place)
	switch {
	case err != nil:
		return fmt.Errorf("--mirror %s: cannot be looked at: %w; name a directory that is there", place, errors.Unwrap(err))
	case !info.IsDir():
		return fmt.Errorf("--mirror %s: is no directory; name one, and the copy is made in it", place)
	}
	return nil
}
