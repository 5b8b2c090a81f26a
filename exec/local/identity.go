package local

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"

	"gatewalk/exec"
)

// identity is a process for good: numbers are used again, start times after a boot are too, boot ids are not.
type identity struct {
	pid     int
	started uint64 // clock ticks after boot, field 22 of /proc/PID/stat
	boot    string
}

func (i identity) String() string { return fmt.Sprintf("%d %d %s", i.pid, i.started, i.boot) }

func parseIdentity(text string) (identity, error) {
	var i identity
	if _, err := fmt.Sscanf(text, "%d %d %s", &i.pid, &i.started, &i.boot); err != nil {
		return identity{}, fmt.Errorf("%q names no process: %w", text, err)
	}
	return i, nil
}

// identify is the identity of a running process.
func identify(pid int) (identity, error) {
	boot, err := bootID()
	if err != nil {
		return identity{}, err
	}
	process, err := readProcess(pid)
	if err != nil {
		return identity{}, err
	}
	return identity{pid: pid, started: process.started, boot: boot}, nil
}

// state is running, lost or rebooted. A zombie does not run any more: only its parent has not asked yet.
func (i identity) state() exec.State {
	if boot, err := bootID(); err == nil && boot != i.boot {
		return exec.Rebooted
	}
	process, err := readProcess(i.pid)
	if err != nil || process.started != i.started || process.ended() {
		return exec.Lost
	}
	return exec.Running
}

func bootID() (string, error) {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(text)), err
}

// process is what /proc/PID/stat says of one.
type process struct {
	state   byte
	session int
	started uint64
}

func readProcess(pid int) (process, error) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return process{}, err
	}
	// The name before the last parenthesis may hold anything, blanks and parentheses too.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 20 {
		return process{}, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	session, _ := strconv.Atoi(string(fields[3]))
	started, err := strconv.ParseUint(string(fields[19]), 10, 64)
	return process{state: fields[0][0], session: session, started: started}, err
}

func (p process) ended() bool { return p.state == 'Z' || p.state == 'X' }

// sessionOf are the processes that run in a session, by the number of the process that began it. 0 began none, although the kernel's
// own processes say so.
func sessionOf(leader int) []int {
	if leader <= 0 {
		return nil
	}
	var members []int
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if p, err := readProcess(pid); err == nil && p.session == leader && !p.ended() {
			members = append(members, pid)
		}
	}
	return members
}
