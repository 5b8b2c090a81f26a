package local

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"gatewalk/exec"
)

// Probe is exec.Runner's. What it finds absent it buries.
func (r *Runner) Probe(attempt uint64) exec.Observation {
	r.lock(attempt).Lock()
	defer r.lock(attempt).Unlock()
	if err := r.bury(attempt); err != nil {
		return exec.Observation{State: exec.Lost, Evidence: "it cannot be made sure that it never starts: " + err.Error()}
	}
	return r.look(attempt)
}

func (r *Runner) bury(attempt uint64) error {
	if r.layout.attempt(attempt).claimant() != "" {
		return nil
	}
	if _, err := r.layout.reserve(attempt); err != nil {
		return err
	}
	return r.layout.attempt(attempt).bury()
}

// look is Probe without consequences.
func (r *Runner) look(attempt uint64) exec.Observation {
	f := r.layout.attempt(attempt)
	if end, err := readEnd(f); end != nil {
		return done(end)
	} else if err != nil {
		return exec.Observation{State: exec.Lost, Evidence: err.Error()}
	}
	claimant := f.claimant()
	if claimant == cancelled || claimant == "" {
		return exec.Observation{State: exec.Absent, Evidence: "it was never started"}
	}
	who, err := parseIdentity(claimant)
	if err != nil {
		return exec.Observation{State: exec.Lost, Evidence: f.file(claimFile) + ": " + err.Error()}
	}
	state := who.state()
	// It may have ended since the first look.
	if end, _ := readEnd(f); end != nil {
		return done(end)
	}
	found := exec.Observation{State: state, Evidence: f.evidence(who, state)}
	if state == exec.Rebooted {
		found.Exits = readProgress(f).exits
	}
	return found
}

func done(end *exec.End) exec.Observation {
	return exec.Observation{State: exec.Done, Evidence: fmt.Sprintf("its end is recorded: code %d", end.Code), End: end}
}

// evidence says in words what is known of an attempt without an end.
func (f folder) evidence(who identity, state exec.State) string {
	var said strings.Builder
	switch state {
	case exec.Running:
		fmt.Fprintf(&said, "process %d runs it", who.pid)
	case exec.Rebooted:
		said.WriteString("this machine was booted since it was started")
	default:
		fmt.Fprintf(&said, "process %d, which ran it, is gone and has left no result", who.pid)
	}
	if output, err := os.Stat(f.file(outputFile)); err == nil {
		fmt.Fprintf(&said, "; %d bytes of output, the last at %s", output.Size(), output.ModTime().UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	progress := readProgress(f)
	if exits := progress.exits; len(exits) > 0 {
		last := exits[len(exits)-1]
		fmt.Fprintf(&said, "; its command %d had ended with code %d", last.Command+1, last.Code)
	}
	if left := sessionOf(progress.shell); state == exec.Lost && len(left) > 0 {
		fmt.Fprintf(&said, "; processes that it started still run: %s", strings.Trim(fmt.Sprint(left), "[]"))
	}
	return said.String()
}

// readEnd is nil where there is no end yet.
func readEnd(f folder) (*exec.End, error) {
	text, err := readRegular(f.file(endFile))
	if isMissing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var record endRecord
	if err := json.Unmarshal(text, &record); err != nil {
		return nil, fmt.Errorf("%s: not the record of an end: %w", f.file(endFile), err)
	}
	end := exec.End(record)
	return &end, nil
}
