package rehearse

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gatewalk/exec"
)

// record is the folder of one attempt:
//
//	cmd    what was launched, or "never": made once and for all, so that an attempt starts at most once
//	out    its output, redacted
//	exit   its end; it appears whole or not at all
type record struct{ dir string }

const neverStarts = "never\n"

func (r record) path(name string) string { return filepath.Join(r.dir, name) }

// claimed is what the attempt was claimed for, "" if it was not.
func (r record) claimed() (string, error) {
	data, err := os.ReadFile(r.path("cmd"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return string(data), err
}

// claim records what is about to run. Secrets are left out.
func (r record) claim(launch exec.Launch) error {
	launch.Secrets = nil
	data, err := json.Marshal(launch)
	if err != nil {
		return err
	}
	return r.claimAs(append(data, '\n'))
}

// forbid makes sure that an attempt never starts. One that was started stays what it is.
func (r record) forbid() error {
	err := r.claimAs([]byte(neverStarts))
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// claimAs makes cmd in one step: its name appears with all its content, and only once.
func (r record) claimAs(content []byte) error {
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return err
	}
	temporary, err := writeTemporary(r.dir, content)
	if err != nil {
		return err
	}
	defer os.Remove(temporary)
	if err := os.Link(temporary, r.path("cmd")); err != nil {
		return err
	}
	return syncDir(r.dir)
}

func (r record) end() (*exec.End, error) {
	data, err := os.ReadFile(r.path("exit"))
	if err != nil {
		return nil, err
	}
	var end exec.End
	return &end, json.Unmarshal(data, &end)
}

func (r record) writeEnd(end exec.End) error {
	data, err := json.Marshal(end)
	if err != nil {
		return err
	}
	return writeFile(r.path("exit"), append(data, '\n'))
}

// withoutEnd is what is known of an attempt that does not run and left no end. What was not started never will be.
func (r record) withoutEnd() exec.Observation {
	if err := r.forbid(); err != nil {
		return exec.Observation{State: exec.Lost, Evidence: fmt.Sprintf("its record cannot be read: %v", err)}
	}
	claimed, err := r.claimed()
	switch {
	case err != nil:
		return exec.Observation{State: exec.Lost, Evidence: fmt.Sprintf("its record cannot be read: %v", err)}
	case claimed == neverStarts:
		return exec.Observation{State: exec.Absent, Evidence: "it was never started"}
	}
	printed := "nothing"
	if info, err := os.Stat(r.path("out")); err == nil && info.Size() > 0 {
		printed = fmt.Sprintf("%d bytes", info.Size())
	}
	return exec.Observation{
		State:    exec.Lost,
		Evidence: "it was started, simulated, by a process that is gone; it printed " + printed + " and left no end, and the simulated site is as it was before",
	}
}

// writeFile replaces a file in one step, readable by its owner alone.
func writeFile(name string, content []byte) error {
	temporary, err := writeTemporary(filepath.Dir(name), content)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, name); err != nil {
		os.Remove(temporary)
		return err
	}
	return syncDir(filepath.Dir(name))
}

func writeTemporary(dir string, content []byte) (name string, err error) {
	file, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return "", err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		os.Remove(file.Name())
	}
	return file.Name(), err
}

func syncDir(name string) error {
	dir, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
