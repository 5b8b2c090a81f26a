package shell

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// administrators are programs that work on the machine they are started on, and on no other.
var administrators = doc.WordSet(`yum dnf microdnf apt apt-get zypper rpm dpkg systemctl service reboot shutdown tar gzip cd cp mv rm mkdir chmod chown cat hostname
	mount umount modprobe rmmod sysctl useradd usermod swapoff swapon ip ifup ifdown nmcli firewall-cmd crontab timedatectl hostnamectl install make
	iptables ip6tables nft ufw restorecon losetup ls df du free uptime lsblk blkid findmnt ps dmesg journalctl uname lspci lsmod lscpu ss netstat
	lsof chkconfig ln touch vi vim nano mkfs pvcreate vgcreate lvcreate pvs vgs lvs parted fdisk wipefs docker podman crictl`)

// ActsHere says whether the snippet plainly works on the machine it is started on: with its packages, services and files,
// and with no flag that names another.
func (s Snippet) ActsHere() bool {
	here := false
	for _, c := range s.Calls {
		if len(c.Words) == 0 || c.Remote || slices.ContainsFunc(c.Words, pointsElsewhere) {
			return false
		}
		here = here || administrators[base(c.Words[0])] || strings.HasPrefix(c.Words[0], "./")
	}
	return here
}

// PointsElsewhere says whether the snippet reaches other machines by itself, or goes over many in a loop of its own.
func (s Snippet) PointsElsewhere() bool {
	return slices.ContainsFunc(s.Calls, func(c Call) bool {
		return c.Remote || slices.ContainsFunc(c.Words, pointsElsewhere) || slices.ContainsFunc(c.Words, func(w string) bool { return oneOf(w, "for", "xargs", "parallel", "--all", "-a") })
	})
}

// fans are programs that run a command on other machines.
var fans = doc.WordSet(`ssh pdsh dsh psh xdsh clush pssh parallel-ssh mussh ansible ansible-playbook knife salt scp rsync for`)

// Fans says whether the snippet runs something on other machines by itself.
func (s Snippet) Fans() bool {
	return slices.ContainsFunc(s.Calls, func(c Call) bool { return c.Remote || len(c.Words) > 0 && fans[base(c.Words[0])] })
}

func pointsElsewhere(word string) bool {
	return oneOf(word, "-l", "ssh", "pdsh", "clush", "scp") || strings.HasPrefix(word, "--limit") || strings.HasPrefix(word, "--host") || strings.HasPrefix(word, "--node")
}

// forwards are the options of ssh by which it opens no shell, and the user who never gets one.
var forwards = doc.Pattern(`(?:^|\s)-(?:[A-Za-z]*[NTf]|[LRDW])|(?:^|\s)git@`)

const lowercase = "abcdefghijklmnopqrstuvwxyz"

var hostWord = doc.Pattern(`^(?:[\w.-]+@)?<?([A-Za-z][\w. -]*?)>?$`)

// LogsInto is the host that the first command logs in to, with nothing to run there: alone, or with more commands behind
// it, which are then typed over there. "" if it logs in nowhere, or to what only a variable knows.
func (s Snippet) LogsInto(alone bool) string {
	if len(s.Commands) == 0 || (len(s.Commands) == 1) != alone {
		return ""
	}
	if !strings.HasPrefix(strings.TrimSpace(s.Commands[0]), "ssh") {
		return ""
	}
	first := strings.Join(strings.Fields(s.Commands[0]), " ")
	rest, ok := strings.CutPrefix(first, "ssh ")
	if !ok {
		return ""
	}
	target := skipOptions(strings.Fields(placeholderBlanks(rest)), "bcDEeFIiJLlmOopQRSWw")
	if len(target) != 1 || forwards().MatchString(rest) {
		return ""
	}
	if m := hostWord().FindStringSubmatch(strings.ReplaceAll(target[0], "\u00a0", " ")); m != nil && strings.ContainsAny(m[1], lowercase) {
		return m[1]
	}
	return ""
}

// placeholderBlanks keeps a placeholder of several words in one.
func placeholderBlanks(text string) string {
	inside := false
	return strings.Map(func(c rune) rune {
		switch {
		case c == '<':
			inside = true
		case c == '>':
			inside = false
		case c == ' ' && inside:
			return '\u00a0'
		}
		return c
	}, text)
}
