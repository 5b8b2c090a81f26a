package shell

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// The hints below go by the verbs of commands, as people name them, and know programs only where a verb does not tell.
// Each answers with the command that made it speak, "" if none does.

// Disrupts is a command that stops, reboots, erases or upgrades something.
func (s Snippet) Disrupts() string { return s.find(disrupts) }

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
		return (hasVerb(c, "health", "healthy", "healthcheck", "status", "verify", "check", "validate", "wait", "precheck", "prechecks", "preflight") || namedCheck(base(c.Words[0]))) && base(c.Words[0]) != "git"
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

// disruptVerbs stand as the subcommand of whatever program.
var disruptVerbs = setOf(`delete destroy erase wipe purge reboot reset restart shutdown poweroff power-off power-cycle zap terminate kill uninstall
	rebuild upgrade downgrade rollback format prune undeploy evict redeploy reinstall reimage restore stop remove rm rmi del unmount unmap deprovision forget rolling-update rolling-restart rolling-upgrade`)

// consoleVerbs begin a command on the console of a switch or a controller, where no program of that name is.
var consoleVerbs = setOf("delete erase destroy purge remove uninstall upgrade downgrade rollback unmount")

var moveVerbs = setOf(`standby unstandby failover fail-over failback switchover swact host-swact relocate migrate live-migrate live-migration evacuate drain takeover
	giveback promote demote fail move-leader transfer-leader leader-transfer step-down`)

// preparatory begin the names of scripts that only get ready for what the rest of the name says.
var preparatory = setOf(`upload check verify list show get test prepare backup pre download validate generate create print report plan wait monitor export save`)

var scriptVerb = doc.Pattern(`^(upgrade|upgrading|restore|reboot|wipe|rebuild|rollout|failover|shutdown|decommission|reinstall|reset|erase|destroy|redeploy|reimage|kill|killall|uninstall|rollback|downgrade|restart|rolling)$`)

// says whether the name of a script or a stage, such as upgrade-nodes.sh or nodes-rollout, is that of something disruptive.
func namedDisruptive(name string) bool {
	name, _, file := strings.Cut(unnumbered(strings.ToLower(base(name))), ".")
	parts := strings.FieldsFunc(name, joint)
	return namedStop(name) || (len(parts) > 1 || file && len(parts) == 1) && !preparatory[parts[0]] && slices.ContainsFunc(parts, scriptVerb().MatchString)
}

func disrupts(c Call) bool {
	name := base(c.Words[0])
	switch {
	case dry(c) || name == "no": // "no shutdown" is how a switch turns a port on
		return false
	case c.statement:
		return oneOf(strings.ToUpper(c.Words[0]), "DROP", "TRUNCATE", "DELETE", "PURGE", "SHUTDOWN")
	case reboots(c) || unplugs(c) || destroys(c) || drainsItself(c) || slices.ContainsFunc(c.Words, harmfulOption) || slices.ContainsFunc(c.Words[1:], harmfulSetting):
		return true
	case oneOf(name, "systemctl", "service", "rc-service", "initctl", "supervisorctl"):
		return slices.ContainsFunc(c.Words[1:], func(w string) bool {
			return oneOf(w, "stop", "restart", "isolate", "mask", "kill", "condrestart", "try-restart")
		})
	case oneOf(name, "yum", "dnf", "apt", "apt-get", "zypper", "apk", "microdnf", "snap", "brew"):
		return hasVerb(c, "erase", "remove", "purge", "autoremove", "rm", "update", "upgrade", "dist-upgrade", "dup", "full-upgrade", "downgrade", "distro-sync", "patch")
	case name == "rpm":
		return slices.ContainsFunc(c.Words[1:], func(w string) bool { return strings.HasPrefix(w, "-e") || w == "--erase" })
	case oneOf(name, "kill", "pkill", "killall", "fuser", "rmmod", "umount", "swapoff", "exportfs"):
		return name != "fuser" && name != "exportfs" && !slices.Contains(c.Words, "-0")
	case repairs(c) || overwrites(c) || slices.ContainsFunc(c.Words[1:], takesOut):
		return true
	case name == "cibadmin":
		return hasOption(c.Words[1:], 'E') || slices.Contains(c.Words, "--erase")
	case requestsHarm(c) || scalesToNothing(c) || name == "rm" && slices.ContainsFunc(c.Words[1:], kept):
		return true
	case name == "kubectl" || name == "oc":
		return hasVerb(c, "delete", "drain", "evict", "replace") || followed(c, "set", "image") || followed(c, "rollout", "restart") || followed(c, "rollout", "undo")
	case name == "drbdadm":
		return hasVerb(c, "down", "detach", "disconnect", "secondary")
	case name == "helm":
		return hasVerb(c, "upgrade", "uninstall", "rollback", "delete")
	case name == "git" || name == "pip" || name == "pip3" || name == "npm" || looks(c) && !hasAny(c, disruptVerbs):
		return false
	}
	if len(c.Words) > 1 && consoleVerbs[name] {
		return true
	}
	return hasAny(c, disruptVerbs) && !hasVerb(c, "show", "list", "get", "describe", "status", "logs", "plan") || script(c) || stage(c) || namedStop(name) || len(c.Words) > 1 && namedDisruptive(lastQualified(c.Words[1]))
}

// lastQualified is what a name of several parts says in its last: site.base.nodes_rolling_restart. A file and a version have no such name.
func lastQualified(word string) string {
	if strings.Count(word, ".") < 2 || strings.Contains(word, "/") {
		return ""
	}
	return word[strings.LastIndexByte(word, '.')+1:]
}

// namedStop says whether a program is named after stopping something: stop_raid, reboot-node.
func namedStop(name string) bool {
	name = unnumbered(name)
	at := strings.IndexAny(name, "-_")
	return at > 0 && oneOf(strings.ToLower(name[:at]), "stop", "reboot", "shutdown", "poweroff", "wipe", "erase", "destroy", "uninstall", "kill", "delete", "purge", "drop", "decommission")
}

// unnumbered takes the number off the front of a name that says when it is run: 2.stop_db.sh.
func unnumbered(name string) string {
	rest := strings.TrimLeft(name, "0123456789")
	if rest == name || rest == "" || strings.IndexByte(".-_", rest[0]) < 0 {
		return name
	}
	return rest[1:]
}

var outOfUse = doc.Pattern(`(?i)^(?:state|status|availability)=(?:drain\w*|down|fail\w*|offline|maint\w*|power_?down\w*|suspend\w*)$`)

// takesOut is a word by which something is set to a state in which it serves nobody: State=DRAIN.
func takesOut(word string) bool {
	return strings.Contains(word, "=") && outOfUse().MatchString(word)
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

// harmfulOption is an option that names what it destroys, or how: --wipe-disks, --cluster-reset.
func harmfulOption(word string) bool {
	name, ok := strings.CutPrefix(word, "--")
	if !ok {
		return false
	}
	name, value, valued := strings.Cut(name, "=")
	parts := strings.Split(name, "-")
	return (!valued || oneOf(value, "true", "yes", "1")) && (oneOf(parts[0], harms...) || parts[0] != "no" && oneOf(parts[len(parts)-1], harms...))
}

var harms = words("reset wipe zap erase purge destroy")

// harmfulSetting is a word that sets what to do rather than a value, alone or among others: db_upgrade=true, package_state=latest.
func harmfulSetting(word string) bool {
	if !strings.Contains(word, "=") {
		return false
	}
	return slices.ContainsFunc(words(strings.ToLower(word)), func(setting string) bool {
		name, value, _ := strings.Cut(setting, "=")
		parts := strings.FieldsFunc(name, joint)
		if len(parts) < 2 || strings.HasPrefix(name, "-") {
			return false
		}
		last := parts[len(parts)-1]
		return last == "state" && value == "latest" || oneOf(value, "true", "yes", "1") && oneOf(last, "upgrade", "downgrade", "reboot", "restart", "reinstall", "rebuild", "reset", "wipe", "purge") && !harmless[parts[0]]
	})
}

// harmless begin the names of settings that allow, forbid or ask after what the rest of the name says.
var harmless = setOf("no not skip allow can check needs need enable disable ignore pre post on is")

// requestsHarm is a request that deletes what an address stands for, or whose address ends in what it does to it.
func requestsHarm(c Call) bool {
	switch requests(c) {
	case "DELETE":
		return true
	case "POST", "PUT":
		return slices.ContainsFunc(c.Words[1:], func(w string) bool { return strings.Contains(w, "/") && disruptVerbs[base(w)] })
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
		return strings.HasPrefix(w, "--dry-run") || w == "--help" || w == "--check" || w == "--version"
	})
}

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
	return !dry(c) && !drainsItself(c) && (hasAny(c, moveVerbs) || namedMove(c.Words[0])) && !hasVerb(c, "show", "list", "get", "status", "describe", "config") && base(c.Words[0]) != "git"
}

// namedMove says whether a script is named after moving what runs here to another machine: /opt/site/db_takeover.
func namedMove(command string) bool {
	name, _, file := strings.Cut(base(command), ".")
	parts := strings.FieldsFunc(name, joint)
	return (file || strings.Contains(command, "/")) && len(parts) > 1 && !preparatory[parts[0]] && moveVerbs[parts[len(parts)-1]]
}

func lasts(c Call) bool {
	return script(c) || stage(c) || oneOf(base(c.Words[0]), "reposync", "rsync", "dkms") && !hasAny(c, readVerbs) ||
		oneOf(base(c.Words[0]), "yum", "dnf", "apt", "apt-get", "zypper") && hasVerb(c, "update", "upgrade", "dist-upgrade", "dup")
}
