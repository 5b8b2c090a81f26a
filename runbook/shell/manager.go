package shell

import "strings"

// managers are the programs that install packages or run services, by their job and by the kind of system they belong to. A
// machine has one kind for each job.
var managers = map[string][2]string{
	"apt": {"packages", "deb"}, "apt-get": {"packages", "deb"}, "aptitude": {"packages", "deb"}, "dpkg": {"packages", "deb"},
	"yum": {"packages", "rpm"}, "dnf": {"packages", "rpm"}, "microdnf": {"packages", "rpm"}, "rpm": {"packages", "rpm"},
	"zypper": {"packages", "zypper"}, "apk": {"packages", "apk"}, "pacman": {"packages", "pacman"}, "emerge": {"packages", "emerge"},
	"brew": {"packages", "brew"}, "pkg": {"packages", "pkg"},
	"systemctl": {"services", "units"}, "service": {"services", "scripts"}, "rc-service": {"services", "runlevels"}, "launchctl": {"services", "agents"},
}

// Manager is the job of the first command that manages packages or services, and the kind of system that it does so on; both
// are empty if there is none.
func (s Snippet) Manager() (job, kind string) {
	for _, c := range s.Calls {
		if m, ok := managers[base(c.Words[0])]; ok {
			return m[0], m[1]
		}
		if strings.HasPrefix(c.Words[0], "/etc/init.d/") {
			return "services", "scripts"
		}
	}
	return "", ""
}
