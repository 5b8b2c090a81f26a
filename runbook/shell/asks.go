package shell

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// terminals are programs that take over the terminal whatever their arguments.
var terminals = doc.WordSet(`vi vim nvim nano emacs pico less more most man top htop atop iotop visudo vipw passwd screen tmux minicom telnet ftp sftp
	do-release-upgrade cfdisk fdisk gdisk yast yast2 nmtui alsamixer watch select ipython psftp dialog whiptail lynx
	ssh-copy-id kinit mysql_secure_installation dpkg-reconfigure ncdu glances nload menuconfig`)

// shells open a prompt when nothing tells them what to run.
var shells = doc.WordSet(`bash sh zsh ksh fish su python python3 perl irb node mysql mariadb psql sqlite3 mongo mongosh redis-cli bc gdb cqlsh lftp nsupdate vtysh
	clickhouse-client influx duckdb sqlplus isql cypher-shell virsh crm cmsh bconsole lctl pry iex ghci lua`)

// packagers ask before they change anything, unless told yes.
var packagers = doc.WordSet("yum dnf microdnf apt apt-get aptitude zypper pacman")

func asks(c Call) bool {
	name, rest := base(c.Words[0]), c.Words[1:]
	switch {
	case name == "read":
		return !c.Fed
	case strings.Contains(c.Words[0], "/init.d/"): // starts a service, whatever the program of its name does
		return false
	case name == "mc":
		return len(rest) == 0
	case terminals[name]:
		return !c.Piped
	case shells[name]:
		return opensPrompt(name, rest) && !c.Piped && !c.Fed || attaches(rest) || asksPassword(c)
	case strings.HasSuffix(name, "-login"):
		return len(skipOptions(rest, "lhu")) == 0 && !c.Piped
	case strings.HasPrefix(name, "apt") && hasVerb(c, "update"):
		return false
	case name == "terraform":
		return hasVerb(c, "apply", "destroy") && !slices.ContainsFunc(rest, func(w string) bool { return strings.HasSuffix(w, "-auto-approve") })
	case packagers[name]:
		return !toldYes(rest) && slices.ContainsFunc(rest, func(w string) bool {
			return oneOf(w, "install", "localinstall", "erase", "remove", "update", "upgrade", "dist-upgrade", "dup", "downgrade", "autoremove", "purge", "reinstall", "in", "rm", "up", "patch", "groupinstall", "swap")
		})
	case name == "ssh":
		return len(skipOptions(rest, "bcDEeFIiJLlmOopQRSWw")) == 1 && !c.Piped
	case len(c.verbs) > 0 && c.verbs[0] == "ssh": // a tool's own way to log in
		return len(skipOptions(rest[slices.Index(rest, "ssh")+1:], "lipu")) <= 1 && !c.Piped
	case opensOwn(rest):
		return !c.Piped && !c.Fed
	case asksPassword(c):
		return true
	case name == "chroot":
		return len(rest) == 1 || len(rest) > 1 && shells[base(rest[len(rest)-1])]
	case name == "kubeadm":
		return followed(c, "upgrade", "apply") && !toldYes(rest) || hasVerb(c, "reset") && !slices.Contains(rest, "--force") && !hasOption(rest, 'f')
	case name == "adduser":
		return !slices.ContainsFunc(rest, func(w string) bool { return oneOf(w, "--system", "--disabled-password", "--disabled-login", "--gecos") })
	case strings.HasPrefix(name, "pip"):
		return hasVerb(c, "uninstall") && !toldYes(rest)
	case repairsUnasked(name, rest):
		return true
	case name == "sudo":
		return slices.ContainsFunc(rest, func(w string) bool { return w == "-i" || w == "-s" || w == "su" })
	case name == "script":
		return !slices.ContainsFunc(rest, func(w string) bool { return strings.HasPrefix(w, "-c") })
	case name == "parted":
		return !hasOption(rest, 's') && !slices.Contains(rest, "--script") && !hasOption(rest, 'l')
	case name == "crontab":
		return slices.Contains(rest, "-e")
	case name == "tail" || name == "journalctl":
		return hasOption(rest, 'f') && !c.Piped
	case name == "kubectl" || name == "oc":
		return !c.Piped && (hasVerb(c, "get") && hasOption(rest, 'w') || hasVerb(c, "logs") && hasOption(rest, 'f')) || attaches(rest)
	case name == "git":
		return mergesByHand(rest) || hasVerb(c, "rebase") && hasOption(rest, 'i') || slices.Contains(rest, "commit") && !hasOption(rest, 'm') && !hasOption(rest, 'F')
	case name == "ssh-keygen":
		return !slices.Contains(rest, "-N") && !hasOption(rest, 'R') && !hasOption(rest, 'l') && !hasOption(rest, 'F')
	}
	return attaches(rest)
}

// opensOwn is the way of many programs to open a shell of their own: their last plain word is one, and no option says what
// it is to run: sql --url=a.
func opensOwn(rest []string) bool {
	at := slices.IndexFunc(rest, func(w string) bool { return w != "" })
	return at >= 0 && oneOf(rest[at], "shell", "sql", "repl", "psql", "bash") && !slices.ContainsFunc(rest[at+1:], func(w string) bool {
		return w != "" && !strings.HasPrefix(w, "-") && !strings.Contains(w, ":") || oneOf(w, "-e", "-c", "-f", "--execute", "--command", "--file") || strings.HasPrefix(w, "--execute=")
	})
}

// asksPassword is a program that is told to ask for a password, or has no other way to learn what it needs.
func asksPassword(c Call) bool {
	name, rest := base(c.Words[0]), c.Words[1:]
	has := func(all ...string) bool {
		return slices.ContainsFunc(rest, func(w string) bool { return oneOf(w, all...) })
	}
	switch {
	case strings.HasPrefix(name, "mysql") || strings.HasPrefix(name, "mariadb"):
		return c.password
	case strings.HasPrefix(name, "pg_") || name == "psql" || name == "createdb" || name == "dropdb":
		return has("-W", "--password")
	case strings.HasPrefix(name, "ansible"):
		return has("-K", "-k") || slices.ContainsFunc(rest, func(w string) bool { return strings.HasPrefix(w, "--ask-") })
	case name == "openssl":
		return len(rest) > 0 && rest[0] == "req" && has("-new", "-x509", "-newkey") && !has("-subj", "-batch", "-config", "-in")
	}
	return false
}

// repairsUnasked is a check of a file system that asks before each repair.
func repairsUnasked(name string, rest []string) bool {
	return (name == "fsck" || strings.HasPrefix(name, "fsck.") || name == "e2fsck") &&
		!slices.ContainsFunc([]byte("ynpaN"), func(letter byte) bool { return hasOption(rest, letter) })
}

// mergesByHand is a merge that opens an editor for its message.
func mergesByHand(rest []string) bool {
	return len(rest) > 1 && rest[0] == "merge" && !hasOption(rest, 'm') && !slices.ContainsFunc(rest, func(w string) bool {
		return oneOf(w, "--no-edit", "--ff-only", "--squash", "--no-commit", "--abort", "--quit")
	})
}

func opensPrompt(name string, rest []string) bool {
	if name == "su" {
		return !slices.ContainsFunc(rest, func(w string) bool { return strings.HasPrefix(w, "-c") || strings.HasPrefix(w, "--command") })
	}
	if oneOf(name, "mysql", "mariadb", "psql", "sqlite3", "mongo", "mongosh", "redis-cli", "cqlsh") {
		return !slices.ContainsFunc(rest, func(w string) bool {
			return strings.HasPrefix(w, "-e") || strings.HasPrefix(w, "-c") || strings.HasPrefix(w, "-f") || strings.HasPrefix(w, "--e") || strings.Contains(w, " ")
		})
	}
	return len(rest) == 0 || len(rest) == 1 && oneOf(rest[0], "-l", "-i", "--login")
}

func toldYes(rest []string) bool {
	return slices.ContainsFunc(rest, func(w string) bool {
		return oneOf(w, "--assumeyes", "--assume-yes", "--yes", "--non-interactive", "--noconfirm", "-n", "--assumeno", "--dry-run", "--downloadonly") ||
			strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "--") && strings.ContainsAny(w, "yq")
	})
}

// attaches is the way of many programs to open something on the terminal: exec -it, edit, console, attach, --watch.
func attaches(rest []string) bool {
	for i, word := range rest {
		switch {
		case word == "--":
			return false
		case word == "-it" || word == "-ti" || oneOf(word, "--interactive", "--tty", "--watch", "--follow"):
			return true
		case i < 3 && oneOf(word, "edit", "console", "attach", "login", "sol"):
			return !(word == "attach" && attachesThings(rest[i+1:]) || i+1 < len(rest) && oneOf(rest[i+1], "log", "url", "enable", "disable", "show", "list"))
		}
	}
	return false
}

// attachesThings says whether what follows the verb is one thing and what it is attached to.
func attachesThings(rest []string) bool {
	things := 0
	for _, word := range rest {
		if !strings.HasPrefix(word, "-") {
			things++
		}
	}
	return things > 1
}

func hasOption(rest []string, letter byte) bool {
	return slices.ContainsFunc(rest, func(w string) bool {
		return len(w) > 1 && w[0] == '-' && w[1] != '-' && strings.IndexByte(w, letter) > 0
	})
}
