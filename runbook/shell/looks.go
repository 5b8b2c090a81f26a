package shell

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// Looks says whether every command only reads.
func (s Snippet) Looks() bool { return s.looks }

func onlyLooks(all []Call) bool {
	return len(all) > 0 && !slices.ContainsFunc(all, func(c Call) bool { return !looks(c) })
}

// readers are programs that change nothing.
var readers = doc.WordSet(`echo printf cat head tail grep egrep zgrep awk sed jq yq sort uniq wc cut tr ls find stat file df du free ps top uptime date
	hostname whoami id uname which type test [ true false less more watch ping dig host nslookup curl wget ip ss netstat mount lsblk lsscsi blkid env xargs tee column
	sleep ssh diff cmp md5sum sha256sum dmesg journalctl rpm pwd read seq for lsmod lsof lspci lscpu lsusb dmidecode vmstat iostat mpstat sar
	getent crm_mon sinfo squeue sacct sreport sprio qstat bjobs nodels lsdef tabdump ibstat ibstatus iblinkinfo nvidia-smi sensors lsb_release
	mmlscluster mmgetstate mmlsfs mmlsdisk mmlsnsd mmlsconfig mmlsmount mmdf mmhealth pvs vgs lvs pvdisplay vgdisplay lvdisplay pgrep pidof getfacl
	tracepath traceroute showmount nfsstat rpcinfo jps findmnt lslocks lsns ibdiagnet ibnetdiscover pg_isready pg_controldata snmpwalk snmpget last lastlog w who tty
	hostid arch nproc lsattr base64 zcat xzcat bzcat klist numastat pstree`)

var readVerbs = doc.WordSet(`show list ls get describe status state info view display query check verify validate health healthy version versions help dump
	history print output tree inspect diff search top logs log ps stat df members netstats tracking whoami test ping wait summary dry-run plan explain config-view active is-active is-enabled dump-config components precheck prechecks preflight`)

func looks(c Call) bool {
	name := base(c.Words[0])
	switch {
	case c.statement:
		return c.asksByStatement()
	case c.hands || asksVersion(c) || len(c.Words) == 2 && oneOf(c.Words[1], "-s", "--status") || asksDatabase(c) || strings.HasPrefix(name, "pip") && hasVerb(c, "freeze"):
		return true
	case name == "sed" && slices.ContainsFunc(c.Words, func(w string) bool { return strings.HasPrefix(w, "-i") }):
		return false
	case name == "rpm" && slices.ContainsFunc(c.Words[1:], func(w string) bool { return rpmChange().MatchString(w) }):
		return false
	case name == "curl" && requests(c) != "", removesFound(c):
		return false
	case name == "mount":
		return !mounts(c)
	case oneOf(name, "gzip", "gunzip", "xz", "bzip2", "zstd"):
		return slices.ContainsFunc(c.Words[1:], func(w string) bool { return strings.HasPrefix(w, "-") && strings.Contains(w, "c") })
	}
	return readers[name] || asksOfJob(c) || (hasAny(c, readVerbs) || namedLook(name)) && !hasAny(c, disruptVerbs) || slices.ContainsFunc(c.Words[1:], readingOption) && !hasAny(c, disruptVerbs) && !hasAny(c, changeVerbs)
}

// OnlyEnters says whether every command only reads or tries, or goes where the next will, or a person: to a folder, into
// an environment, into an editor.
func (s Snippet) OnlyEnters() bool {
	return len(s.Calls) > 0 && !slices.ContainsFunc(s.Calls, func(c Call) bool {
		return !looks(c) && !dry(c) && !oneOf(base(c.Words[0]), "cd", "pushd", "popd", "source", ".", "vi", "vim", "nano", "emacs")
	})
}

// asksOfJob says whether a command asks after a job that is called as what it does: restore describe, upgrade status.
func asksOfJob(c Call) bool {
	return len(c.Words) > 2 && jobs[c.Words[1]] && oneOf(c.Words[2], "get", "show", "describe", "status")
}

// jobs are verbs that also name what goes on for a while, and can be asked after.
var jobs = doc.WordSet("restore upgrade rollback reboot update rebuild downgrade")

// mounts says whether a mount is given what to mount, or where.
func mounts(c Call) bool {
	for i, word := range c.Words[1:] {
		if oneOf(word, "-a", "--all", "-o", "--bind", "--move") || !strings.HasPrefix(word, "-") && c.Words[i] != "-t" {
			return true
		}
	}
	return false
}

// readingOption says whether an option asks to be shown something: --list, --describe, -report, --show-endpoints.
func readingOption(word string) bool {
	name, option := strings.CutPrefix(word, "-")
	if !option || len(name) < 4 {
		return false
	}
	name, _, _ = strings.Cut(strings.TrimPrefix(name, "-"), "=")
	verb, _, _ := strings.Cut(name, "-")
	return oneOf(verb, "list", "show", "describe", "query", "print", "display") || readingNouns[name]
}

// readingNouns are options that ask for what they name.
var readingNouns = doc.WordSet("status health report detail details failed graph listnodes listtargets")

var rpmChange = doc.Pattern(`^(-[UieF]|--(upgrade|install|erase|freshen|reinstall)$)`)

// asksVersion is a command that only says what it is. Behind --version may be the one that it is to install.
func asksVersion(c Call) bool {
	for i, word := range c.Words {
		if i > 0 && (word == "--help" || word == "--version" && (i+1 == len(c.Words) || strings.HasPrefix(c.Words[i+1], "-"))) {
			return true
		}
	}
	return false
}

// asksDatabase is a command that gives a database one statement that only reads: -e 'show status'. A function that a
// statement calls may change something.
func asksDatabase(c Call) bool {
	return slices.ContainsFunc([]string{"-e", "-c", "--execute", "--command"}, func(option string) bool {
		statement := after(c.Words, option)
		return statement != "" && readingStatement().MatchString(statement) && !strings.Contains(strings.ToLower(statement), " into ")
	})
}

var readingStatement = doc.Pattern(`(?i)^\s*(?:show|describe|explain|select\s[^;()]*\sfrom)\s[^;()]*;?\s*$`)

// namedLook says whether a program is named after looking: check-cluster.sh, db-status.
func namedLook(name string) bool {
	name, _, _ = strings.Cut(strings.ToLower(name), ".")
	at := strings.IndexAny(name, "-_")
	if at <= 0 {
		return strings.HasSuffix(name, "check") || checksHealth(name)
	}
	return leadingReads[name[:at]] || trailingReads[name[strings.LastIndexAny(name, "-_")+1:]]
}

func checksHealth(name string) bool {
	return strings.HasSuffix(name, "healthcheck") || strings.HasSuffix(name, "healthchecks")
}

// namedCheck says whether a program is named after asking for health: db-health.sh, check-cluster.
func namedCheck(name string) bool {
	name, _, _ = strings.Cut(strings.ToLower(name), ".")
	at := strings.IndexAny(name, "-_")
	if at <= 0 || checksHealth(name) {
		return strings.HasSuffix(name, "check") || checksHealth(name)
	}
	return oneOf(name[:at], "check", "verify", "validate") || oneOf(name[strings.LastIndexAny(name, "-_")+1:], "health", "healthcheck", "status", "check")
}

// requests is the method by which a command changes what an address stands for: curl -X DELETE https://host/nodes/4.
func requests(c Call) string {
	method := ""
	for i, word := range c.Words {
		if base(c.Words[0]) == "curl" && oneOf(word, "-d", "--data", "--data-raw", "--data-binary", "--json") {
			method = "POST"
		}
		for _, option := range []string{"-X", "--request=", "--request"} {
			said, ok := strings.CutPrefix(word, option)
			if ok && said == "" && i+1 < len(c.Words) {
				said = c.Words[i+1]
			}
			if ok && oneOf(said, "POST", "PUT", "PATCH", "DELETE") {
				return said
			} else if ok {
				return ""
			}
		}
	}
	return method
}
