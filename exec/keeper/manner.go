package keeper

import (
	"os"
	"os/user"
	"path/filepath"
	"slices"
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

// machine is where this machine keeps what decides about processes whose user logs out. The zero value is the real one.
type machine struct{ root string }

func (m machine) path(name string) string { return filepath.Join("/", m.root, name) }

// manner is what this process is in for. It is asked by the keeper itself, of the control group that it really is in.
func (m machine) manner(how string) Manner {
	group, _ := os.ReadFile(m.path("proc/self/cgroup"))
	switch {
	case m.lingers() || !m.hasLogins():
	case how == BySystemd || strings.Contains(string(group), "/user@"):
		return Manner{how, "the last logout of this user will end it and what it runs: to prevent that run loginctl enable-linger"}
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
	who, err := user.Current()
	if err != nil {
		return false
	}
	_, err = os.Stat(m.path("var/lib/systemd/linger/" + filepath.Base(who.Username)))
	return err == nil
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

// logins are the files that say what systemd-logind does, the last word last: logind.conf(5).
var logins = []string{
	"usr/lib/systemd/logind.conf", "etc/systemd/logind.conf",
	"usr/lib/systemd/logind.conf.d/*.conf", "run/systemd/logind.conf.d/*.conf", "etc/systemd/logind.conf.d/*.conf",
}

// killsProcesses says whether systemd-logind ends what a login leaves behind: KillUserProcesses=. Where nothing says, it does as it was
// built, which differs from one distribution to the next, so the worse is believed. What a file has commented out is how it was built.
func (m machine) killsProcesses() bool {
	kills := "yes"
	for _, pattern := range logins {
		names, _ := filepath.Glob(m.path(pattern))
		for _, name := range names {
			text, _ := os.ReadFile(name)
			for line := range strings.Lines(string(text)) {
				key, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "#"), "=")
				if strings.TrimSpace(key) == "KillUserProcesses" {
					kills = strings.ToLower(strings.TrimSpace(value))
				}
			}
		}
	}
	return !slices.Contains([]string{"no", "false", "0", "off"}, kills)
}
