package rehearse

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// contextState is what travels from attempt to attempt: the shell, and the world it stood in.
type contextState struct {
	Shell shellState `json:"shell"`
	World worldState `json:"world"`
}

// contexts is the folder of those states: one file each, named by its digest, and "latest", the digest of the newest.
//
// A shell goes on from the context it is told. The world is one for all shells, so it goes on from the newest.
type contexts struct{ dir string }

func (c contexts) save(state contextState) (digest string, err error) {
	data, err := json.Marshal(state)
	if err != nil {
		return "", err
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(data))
	if err := writeFile(filepath.Join(c.dir, sum), data); err != nil {
		return "", err
	}
	return "sha256:" + sum, writeFile(filepath.Join(c.dir, "latest"), []byte("sha256:"+sum+"\n"))
}

// load reads a context back, and makes sure that it is the one.
func (c contexts) load(digest string) (contextState, error) {
	sum, _ := strings.CutPrefix(digest, "sha256:")
	data, err := os.ReadFile(filepath.Join(c.dir, filepath.Base(sum)))
	if err != nil {
		return contextState{}, fmt.Errorf("no context %s: %w", digest, err)
	}
	if fmt.Sprintf("%x", sha256.Sum256(data)) != sum {
		return contextState{}, fmt.Errorf("%s: the context was changed since it was written", filepath.Join(c.dir, sum))
	}
	var state contextState
	if err := json.Unmarshal(data, &state); err != nil {
		return contextState{}, fmt.Errorf("%s: %w", filepath.Join(c.dir, sum), err)
	}
	return state, nil
}

// latest is the newest context, nil if there is none yet.
func (c contexts) latest() (*contextState, error) {
	digest, err := os.ReadFile(filepath.Join(c.dir, "latest"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	state, err := c.load(strings.TrimSpace(string(digest)))
	return &state, err
}
