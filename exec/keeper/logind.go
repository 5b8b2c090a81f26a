package keeper

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// logins are the files that say what systemd-logind does, the last word last: logind.conf(5).
var logins = []string{
	"usr/lib/systemd/logind.conf", "etc/systemd/logind.conf",
	"usr/lib/systemd/logind.conf.d/*.conf", "run/systemd/logind.conf.d/*.conf", "etc/systemd/logind.conf.d/*.conf",
}

// Settings of systemd-logind about what a login leaves behind.
const (
	killAny    = "KillUserProcesses"
	killOnly   = "KillOnlyUsers"
	killExcept = "KillExcludeUsers"
)

// killsProcesses says whether systemd-logind ends what a login of the user leaves behind. Who is excluded is spared, root where nobody
// is named; else those are ended who are named, or all if nobody is.
func (m machine) killsProcesses() bool {
	set := m.loginSettings()
	only := strings.Fields(set[killOnly])
	switch {
	case slices.Contains(strings.Fields(set[killExcept]), m.name()):
		return false
	case len(only) > 0:
		return slices.Contains(only, m.name())
	}
	return !slices.Contains([]string{"no", "false", "n", "f", "0", "off"}, strings.ToLower(set[killAny]))
}

// loginSettings are the settings as they hold. Where nothing says KillUserProcesses=, systemd-logind does as it was built, which differs
// from one distribution to the next, so the worse is believed. What a file has commented out is how it was built.
func (m machine) loginSettings() map[string]string {
	set := map[string]string{killAny: "yes"}
	for _, pattern := range logins {
		names, _ := filepath.Glob(m.path(pattern))
		for _, name := range names {
			text, _ := os.ReadFile(name)
			for line := range strings.Lines(string(text)) {
				loginSetting(set, strings.TrimSpace(line))
			}
		}
	}
	if _, said := set[killExcept]; !said {
		set[killExcept] = "root"
	}
	return set
}

// loginSetting takes in one line. Of lists every line adds to the ones before it, and an empty one takes them away.
func loginSetting(set map[string]string, line string) {
	key, value, _ := strings.Cut(line, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	switch {
	case strings.TrimSpace(strings.TrimPrefix(key, "#")) == killAny:
		set[killAny] = value
	case (key == killOnly || key == killExcept) && value == "":
		set[key] = ""
	case key == killOnly || key == killExcept:
		set[key] = strings.TrimSpace(set[key] + " " + value)
	}
}
