package keeper

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"
)

// Ways by which a keeper comes to run on its own.
const (
	BySystemd = "systemd-run --user"
	BySetsid  = "setsid"
)

// Manner is how a keeper came to run on its own, and what would end it all the same.
type Manner struct {
	How     string `json:"how"`
	Warning string `json:"warning,omitempty"` // why logging out would end it, and what helps; "" if it does not
}

func (m Manner) String() string {
	if m.Warning == "" {
		return m.How + "; logging out does not end it"
	}
	return m.How + "; " + m.Warning
}

// machine is where this machine keeps what decides about processes whose user logs out, and who the user is. The zero value is the
// real one.
type machine struct{ root, user string }

func (m machine) path(name string) string { return filepath.Join("/", m.root, name) }

// name is the user's, "" if nobody knows it.
func (m machine) name() string {
	if m.user != "" {
		return m.user
	}
	who, err := user.Current()
	if err != nil {
		return ""
	}
	return who.Username
}

// manner is what this process is in for. It is asked by the keeper itself, of the control group that it really is in. Lingering keeps
// the user's manager and what that has started; what belongs to a login it does not keep.
func (m machine) manner(how string) Manner {
	group, _ := os.ReadFile(m.path("proc/self/cgroup"))
	managed := how == BySystemd || strings.Contains(string(group), "/user@")
	switch {
	case !m.hasLogins(), managed && m.lingers():
	case managed:
		return Manner{how, "the last logout of this user will end it and what it runs: to prevent that run loginctl enable-linger"}
	case inLogin(string(group)) && m.killsProcesses() && m.lingers():
		return Manner{how, "logging out will end it and what it runs: " + BySystemd + " was refused; see why, then resume"}
	case inLogin(string(group)) && m.killsProcesses():
		return Manner{how, "logging out will end it and what it runs: to prevent that run loginctl enable-linger, then resume"}
	}
	return Manner{How: how}
}

// hasLogins says whether this machine's logins are systemd's. Others end nobody's processes.
func (m machine) hasLogins() bool {
	_, err := os.Stat(m.path("run/systemd/system"))
	return err == nil
}

// lingers says whether the user's manager outlives their logins.
func (m machine) lingers() bool {
	_, err := os.Stat(m.path("var/lib/systemd/linger/" + filepath.Base(m.name())))
	return err == nil && m.name() != ""
}

// inLogin says whether a control group, as in /proc/self/cgroup, is that of a login.
func inLogin(group string) bool {
	for line := range strings.Lines(group) {
		if name := filepath.Base(strings.TrimSpace(line)); strings.HasPrefix(name, "session-") && strings.HasSuffix(name, ".scope") {
			return true
		}
	}
	return false
}
