package shell

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// The hints below go by the verbs of commands, as people name them, and know programs only where a verb does not tell.
// Each answers with the command that made it speak, "" if none does.

// Disrupts is a command that stops, reboots, erases or upgrades something.
func (s Snippet) Disrupts() string {
	return s.once(func(a *asked) *answer { return &a.disrupts }, disrupts)
}

// Moves is a command that makes services change their node.
func (s Snippet) Moves() string { return s.find(moves) }

// Drops is a command that takes down the machine it runs on, or its network.
func (s Snippet) Drops() string {
	return s.find(func(c Call) bool { return !c.Remote && (reboots(c) || unplugs(c)) })
}

// Reboots is a command that takes down the machine it runs on.
func (s Snippet) Reboots() string {
	return s.find(func(c Call) bool { return !c.Remote && reboots(c) })
}

// Asks is a command that needs a person at a terminal.
func (s Snippet) Asks() string { return s.find(asks) }

// Irreversible is a command that destroys what cannot be brought back.
func (s Snippet) Irreversible() string { return s.find(destroys) }

// Lasts is a command known to run for minutes or hours.
func (s Snippet) Lasts() string { return s.find(lasts) }

// Checks is a command that asks after health.
func (s Snippet) Checks() string {
	return s.find(func(c Call) bool {
		return (hasVerb(c, "health", "healthy", "healthcheck", "status", "verify", "check", "validate", "wait", "precheck", "prechecks", "preflight") || namedCheck(base(c.Words[0])) || asksDatabase(c) && strings.Contains(strings.ToLower(strings.Join(c.Words, " ")), " status")) && base(c.Words[0]) != "git"
	})
}

// Installs is a command that adds packages.
func (s Snippet) Installs() string {
	return s.find(func(c Call) bool {
		return packagers[base(c.Words[0])] || strings.HasPrefix(base(c.Words[0]), "pip") || hasVerb(c, "clone", "pull", "fetch")
	})
}

func (s Snippet) find(holds func(Call) bool) string {
	for _, c := range s.Calls {
		if len(c.Words) > 0 && c.Words[0] != "" && holds(c) {
			return strings.TrimSpace(strings.Join(c.Words, " "))
		}
	}
	return ""
}

// printers are programs that print what they are given, whatever words they look for in it.
var printers = doc.WordSet("grep egrep fgrep zgrep head tail wc sort uniq cut tr column echo printf")

// disruptVerbs stand as the subcommand of whatever program.
var disruptVerbs = doc.WordSet(`delete destroy erase wipe purge reboot reset restart shutdown poweroff power-off power-cycle zap terminate kill uninstall
	down offline rebuild upgrade downgrade rollback format prune undeploy evict redeploy reinstall reimage restore stop remove rm rmi del unmount unmap deprovision forget rolling-update rolling-restart rolling-upgrade`)

// consoleVerbs begin a command on the console of a switch or a controller, where no program of that name is.
var consoleVerbs = doc.WordSet("delete erase destroy purge remove uninstall upgrade downgrade rollback unmount")

var moveVerbs = doc.WordSet(`standby unstandby failover fail-over failback switchover swact host-swact relocate migrate live-migrate live-migration evacuate drain takeover
	giveback promote demote fail move-leader transfer-leader leader-transfer step-down`)

func disrupts(c Call) bool {
	name := base(c.Words[0])
	switch {
	case dry(c) || name == "no" || printers[name]: // "no shutdown" is how a switch turns a port on
		return false
	case c.statement:
		return harmsData(c.Words)
	case reboots(c) || unplugs(c) || destroys(c) || drainsItself(c) || slices.ContainsFunc(c.Words, harmfulOption) || slices.ContainsFunc(c.Words[1:], harmfulSetting) || disruptVerbs[operation(c)] || cutsPower(c) || handsHarm(c):
		return true
	case serviceManagers[name]:
		return stopsService(c)
	case oneOf(name, "yum", "dnf", "apt", "apt-get", "zypper", "apk", "microdnf", "snap", "brew", "flatpak", "pkg", "rpm-ostree", "transactional-update"):
		return hasVerb(c, "erase", "remove", "purge", "autoremove", "rm", "update", "upgrade", "dist-upgrade", "dup", "full-upgrade", "downgrade", "distro-sync", "patch") && !onlyLists(c) ||
			slices.Contains(c.Words, "--only-upgrade") || name == "snap" && hasVerb(c, "refresh") && !slices.ContainsFunc(c.Words, func(w string) bool { return strings.HasPrefix(w, "--hold") || w == "--list" })
	case name == "rpm":
		return slices.ContainsFunc(c.Words[1:], func(w string) bool { return strings.HasPrefix(w, "-e") || w == "--erase" })
	case oneOf(name, "kill", "pkill", "killall", "fuser", "rmmod", "umount", "swapoff", "exportfs"):
		return name != "fuser" && name != "exportfs" && !slices.ContainsFunc(c.Words, func(w string) bool { return harmlessSignal().MatchString(w) })
	case repairs(c) || overwrites(c) || removesFound(c) || slices.ContainsFunc(c.Words[1:], takesOut) || closesMachine(c):
		return true
	case name == "cibadmin":
		return hasOption(c.Words[1:], 'E') || hasOption(c.Words[1:], 'D') || slices.Contains(c.Words, "--erase") || slices.Contains(c.Words, "--delete")
	case requestsHarm(c) || scalesToNothing(c) || name == "rm" && slices.ContainsFunc(c.Words[1:], kept):
		return true
	case name == "kubectl" || name == "oc":
		return hasVerb(c, "delete", "drain", "evict", "replace") || followed(c, "set", "image") || followed(c, "rollout", "restart") || followed(c, "rollout", "undo") || plugin(c) || patchesAway(c)
	case name == "drbdadm":
		return hasVerb(c, "down", "detach", "disconnect", "secondary")
	case name == "helm":
		return hasVerb(c, "upgrade", "uninstall", "rollback", "delete")
	case !strings.ContainsAny(name, lowercase) && beginsStatement(strings.Join(c.Words, " ")):
		return harmsData(c.Words)
	case readers[name] && name != "ip":
		return false
	case name == "git" || name == "pip" || name == "pip3" || name == "npm" || looks(c) && !hasAny(c, disruptVerbs):
		return false
	}
	if len(c.Words) > 1 && consoleVerbs[name] {
		return true
	}
	return hasAny(c, disruptVerbs) && !hasVerb(c, "show", "list", "get", "describe", "status", "logs", "plan", "check", "verify", "validate", "history") || script(c) || stage(c) || namedStop(name) || len(c.Words) > 1 && namedDisruptive(lastQualified(c.Words[1]))
}

// repairs is a command that mends a file system as it sees fit, unasked.
func repairs(c Call) bool {
	name := base(c.Words[0])
	switch {
	case name == "fsck" || strings.HasPrefix(name, "fsck.") || name == "e2fsck":
		return hasOption(c.Words[1:], 'y') || hasOption(c.Words[1:], 'p') || hasOption(c.Words[1:], 'a')
	case name == "xfs_repair":
		return !hasOption(c.Words[1:], 'n')
	}
	return false
}

// overwrites is a copy of blocks to a place that only a variable names.
func overwrites(c Call) bool {
	return base(c.Words[0]) == "dd" && slices.Contains(c.Words[1:], "") && !slices.ContainsFunc(c.Words, func(w string) bool { return strings.HasPrefix(w, "of=") })
}

// requestsHarm is a request that deletes what an address stands for, or whose address ends in what it does to it.
func requestsHarm(c Call) bool {
	switch requests(c) {
	case "DELETE":
		return true
	case "POST", "PUT":
		return slices.ContainsFunc(c.Words[1:], func(w string) bool {
			what := base(w)
			return strings.Contains(w, "/") && disruptVerbs[strings.ToLower(what[strings.LastIndexByte(what, '.')+1:])]
		})
	}
	return false
}

func script(c Call) bool {
	return (strings.Contains(c.Words[0], "/") || strings.HasSuffix(c.Words[0], ".sh")) && namedDisruptive(c.Words[0])
}

// stage is a program told to run something that is named after what it does to the machines.
func stage(c Call) bool {
	if !slices.ContainsFunc(c.Words[1:], func(w string) bool { return oneOf(w, "run", "start", "apply", "execute", "exec", "launch") }) && !interpreter(c) {
		return false
	}
	return slices.ContainsFunc(c.Words[1:], func(w string) bool {
		name, _, _ := strings.Cut(w, " ") // a word in quotes may be a command with its arguments
		return !strings.HasPrefix(w, "-") && namedDisruptive(name)
	})
}

func interpreter(c Call) bool {
	return oneOf(base(c.Words[0]), "bash", "sh", "python", "python3", "perl", "ansible-playbook")
}

func followed(c Call, first, second string) bool {
	i := slices.Index(c.Words, first)
	return i > 0 && i+1 < len(c.Words) && c.Words[i+1] == second
}

func dry(c Call) bool {
	return slices.ContainsFunc(c.Words, func(w string) bool {
		return strings.HasPrefix(w, "--dry-run") || w == "--check" || shows().MatchString(w)
	}) || asksVersion(c)
}

// shows is an option by which a program says what it would do.
var shows = doc.Pattern(`^--(?:show|list|print|preview|simulate|pretend|noop|plan)(?:-[a-z-]+)?$`)

func reboots(c Call) bool {
	name := base(c.Words[0])
	switch name {
	case "reboot", "poweroff", "halt":
		return true
	case "shutdown":
		return !slices.Contains(c.Words, "-c")
	case "init", "telinit":
		return len(c.Words) > 1 && (c.Words[1] == "6" || c.Words[1] == "0")
	case "kexec":
		return slices.Contains(c.Words, "-e")
	case "systemctl":
		return hasVerb(c, "reboot", "poweroff", "halt", "kexec", "soft-reboot")
	}
	return false
}

var networkUnit = doc.Pattern(`^(network(ing|manager|-manager)?|systemd-networkd|wicked|wickedd|sshd?)(\.service)?$`)

func unplugs(c Call) bool {
	switch base(c.Words[0]) {
	case "systemctl", "service", "rc-service":
		stops := slices.ContainsFunc(c.Words, func(w string) bool { return w == "restart" || w == "stop" })
		return stops && slices.ContainsFunc(c.Words[1:], func(w string) bool { return networkUnit().MatchString(strings.ToLower(w)) })
	case "ifdown", "ifreload":
		return true
	case "ip":
		return slices.Contains(c.Words, "link") && slices.Contains(c.Words, "down")
	case "netplan":
		return slices.Contains(c.Words, "apply")
	case "nmcli":
		return slices.Contains(c.Words, "down")
	}
	return false
}

var harmlessPlace = doc.Pattern(`^(/tmp/|/var/tmp/|\./|[\w.*-]+$|\$)`)

func destroys(c Call) bool {
	name := base(c.Words[0])
	switch {
	case dry(c):
		return false
	case name == "rm":
		recursive := slices.ContainsFunc(c.Words[1:], func(w string) bool {
			return strings.HasPrefix(w, "-") && strings.ContainsAny(w, "rR") && !strings.HasPrefix(w, "--") || w == "--recursive"
		})
		return recursive && slices.ContainsFunc(c.Words[1:], func(w string) bool { return w == "" || kept(w) })
	case name == "dd":
		return slices.ContainsFunc(c.Words, func(w string) bool {
			return strings.HasPrefix(w, "of=/dev/") && w != "of=/dev/null"
		})
	case oneOf(name, "wipefs", "mkfs", "sgdisk", "blkdiscard", "shred", "lvremove", "vgremove", "pvremove", "dropdb") || strings.HasPrefix(name, "mkfs."):
		return len(c.Words) > 1
	case name == "parted":
		return slices.ContainsFunc(c.Words, func(w string) bool { return oneOf(w, "mklabel", "mkpart", "rm", "resizepart") })
	case name == "drbdadm":
		return hasVerb(c, "create-md", "wipe-md", "invalidate")
	case name == "zpool" || name == "zfs" || name == "terraform":
		return hasVerb(c, "destroy")
	}
	return hasVerb(c, "zap", "wipe")
}

// removesFound is a search that deletes what it finds.
func removesFound(c Call) bool {
	return base(c.Words[0]) == "find" && (slices.Contains(c.Words, "-delete") || followed(c, "-exec", "rm") || followed(c, "-execdir", "rm"))
}

// serviceManagers are the programs that start and stop services.
var serviceManagers = doc.WordSet("systemctl service rc-service initctl supervisorctl svcadm")

func stopsService(c Call) bool {
	return slices.ContainsFunc(c.Words[1:], func(w string) bool {
		return oneOf(w, "stop", "restart", "isolate", "mask", "kill", "condrestart", "try-restart", "force-restart", "reload-or-restart")
	}) || slices.Contains(c.Words, "disable") && (base(c.Words[0]) == "svcadm" || slices.Contains(c.Words, "--now"))
}

// harmlessSignal asks a process for something, and does not end it.
var harmlessSignal = doc.Pattern(`^-(?:0|1|10|12|(?:SIG)?(?:HUP|USR1|USR2|QUIT|CONT))$|^(?:SIG)?(?:HUP|USR1|USR2)$`)

// onlyLists says whether a manager of packages is told to bring its lists up to date, and not the packages.
func onlyLists(c Call) bool {
	return oneOf(base(c.Words[0]), "apt", "apt-get", "apk", "brew") && hasVerb(c, "update")
}

// closesMachine is a command that takes a machine, or what serves others, out of use: compute disable web1.
func closesMachine(c Call) bool {
	return !slices.Contains(c.Words, "console") && slices.ContainsFunc(c.Words[1:], func(w string) bool { return oneOf(w, "disable", "--disable", "--down", "--offline") }) &&
		slices.ContainsFunc(c.Words, func(w string) bool { return machineWord().MatchString(w) })
}

var machineWord = doc.Pattern(`^(?:\w*(?:host|node)|compute|hypervisor|server|[\w-]*compute/\d+)$`)

// cutsPower is a command that is told to do something with the power: chassis power off.
func cutsPower(c Call) bool {
	return slices.ContainsFunc([]string{"off", "cycle", "reset", "down", "soft"}, func(w string) bool {
		return followed(c, "power", w) || followed(c, "transition", w)
	})
}

// patchesAway is a patch that gives what runs another image, or no copies.
func patchesAway(c Call) bool {
	return slices.Contains(c.Words, "patch") && slices.ContainsFunc(c.Words, func(w string) bool { return strings.IndexAny(w, "{[") == 0 && replaced().MatchString(w) })
}

var replaced = doc.Pattern(`"image": *"|"replicas": *0\b|/image"|/replicas", *"value": *0\b`)

// plugin says whether a command orders disruption from a program that was plugged in: its first word is none of the verbs
// that come with it, and one of the next says what is done.
func plugin(c Call) bool {
	rest := skipOptions(c.Words[1:], "n")
	return len(rest) > 1 && !ownVerbs[rest[0]] && !readVerbs[rest[1]] && (disruptVerbs[rest[0]] || disruptVerbs[rest[1]] || len(rest) > 2 && disruptVerbs[joined(rest[2])])
}

var ownVerbs = doc.WordSet(`get describe logs wait apply create patch label annotate exec port-forward edit scale set config auth explain top cp run expose rollout
	taint cordon uncordon autoscale attach debug diff proxy api-resources api-versions cluster-info version options certificate events kustomize
	completion plugin adm new-project project new-app login logout whoami extract image import-image policy process rsh rsync start-build status tag`)

// kept is a path that stands outside the places for what nobody keeps.
func kept(word string) bool {
	return !strings.HasPrefix(word, "-") && word != "" && !harmlessPlace().MatchString(word)
}

// scalesToNothing is a command that leaves no copy of what it scales: --replicas=0, web=0.
func scalesToNothing(c Call) bool {
	return hasVerb(c, "scale") && slices.ContainsFunc(c.Words[2:], func(w string) bool { return w == "0" || strings.HasSuffix(w, "=0") })
}

// drainsItself is a program told to drain and not whom: it stops taking work, and nothing goes to another machine.
func drainsItself(c Call) bool {
	return len(c.Words) > 1 && c.Words[len(c.Words)-1] == "drain" && !dry(c)
}

func moves(c Call) bool {
	return !dry(c) && !drainsItself(c) && handles(c) && (hasAny(c, moveVerbs) || namedMove(c.Words[0]) || movesResource(c)) && !hasVerb(c, "show", "list", "get", "status", "describe", "config") && base(c.Words[0]) != "git"
}

// handles says whether a program may do something to what its arguments name, other than to read it as text, to copy it or
// to install it.
func handles(c Call) bool {
	name := base(c.Words[0])
	switch {
	case name == "kubectl" || name == "oc":
		return hasVerb(c, "drain", "evict") || len(c.verbs) > 0 && !ownVerbs[c.verbs[0]]
	case c.statement || hasVerb(c, "migrate") && slices.ContainsFunc(c.verbs, func(v string) bool { return v == "db" || v == "database" || kepts[v] }):
		return false
	}
	return !(readers[name] && name != "ip") && !changers[name] && name != "helm"
}

// movesResource is a command that sends a cluster's resource to another machine.
func movesResource(c Call) bool {
	return followed(c, "resource", "move") || followed(c, "resource", "ban") || base(c.Words[0]) == "crm_resource" && slices.ContainsFunc(c.Words[1:], func(w string) bool { return oneOf(w, "--move", "-M", "--ban", "-B") })
}

func lasts(c Call) bool {
	return script(c) || stage(c) || oneOf(base(c.Words[0]), "reposync", "rsync", "dkms") && !hasAny(c, readVerbs) ||
		oneOf(base(c.Words[0]), "yum", "dnf", "apt", "apt-get", "zypper") && hasVerb(c, "update", "upgrade", "dist-upgrade", "dup") && !onlyLists(c)
}
