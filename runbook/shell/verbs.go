package shell

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// capitalOrder is an order in capitals and not a name to be put in: REMOVE_SERVER, as some programs are told what to do.
var capitalOrder = doc.Pattern(`^(?:REMOVE|DELETE|DROP|STOP|KILL|RESTART|DRAIN|EVICT|DECOMMISSION)_(?:SERVER|NODE|HOST|MEMBER|PEER|REPLICA|MASTER|VOLUME|DISK|BROKER|SHARD|TABLE|DATABASE)S?$`)

// verbsOf are the bare words of a command before its first path or assignment: "cluster standby", "delete pod". A word
// that joins a verb with what it acts on, such as remove-node or cluster_status, stands for its verb as well; one that
// disturbs does so wherever it stands, as long as nothing before it only asks.
func verbsOf(words []string) []string {
	var out []string
	count, asked, open := 0, false, true
	for i, word := range words {
		if i == 0 || strings.HasPrefix(word, "-") {
			continue
		}
		valued := strings.HasPrefix(words[i-1], "-")
		if !verbForm().MatchString(word) {
			open = open && (valued || numberedNoun().MatchString(word))
			continue
		}
		verb := ""
		if lower := strings.ToLower(word); lower == word || !strings.ContainsAny(word, "-_") || capitalOrder().MatchString(word) {
			verb = joined(lower)
		}
		word = strings.ToLower(word)
		if verb != "" && i+1 < len(words) && bareVerb(words[i+1]) { // upgrade-strategy show: the thing, then what is done with it
			verb = ""
		}
		harms := !asked && !valued && (disruptVerbs[verb] || moveVerbs[verb])
		if !open || count == 4 {
			if harms || !valued && asksOf(word) {
				out = append(out, verb)
			}
			continue
		}
		if !valued {
			count++
		}
		out = append(out, word)
		if verb != "" && (harms || !disruptVerbs[verb] && !moveVerbs[verb]) {
			out = append(out, verb)
		}
		asked = asked || readVerbs[word] || leadingReads[verb] || trailingReads[verb]
	}
	if last := len(words) - 1; last > 1 && !open && !asked && !strings.HasPrefix(words[last-1], "-") && lastVerbs[words[last]] {
		out = append(out, words[last])
	}
	return out
}

// lastVerbs are told behind what they act on: run web/0 restart.
var lastVerbs = doc.WordSet("stop restart reboot shutdown delete destroy remove reset pause disable failover standby promote demote drain")

// Verb says whether a word stands behind the name of a program as what that is to do: start, show-status.
func Verb(word string) bool {
	return verbForm().MatchString(word) && (bareVerb(word) || joined(word) != "")
}

func bareVerb(word string) bool {
	return readVerbs[word] || changeVerbs[word] || disruptVerbs[word] || moveVerbs[word]
}

// asksOf says whether a word asks for something wherever it stands: describe-volumes, list-buckets.
func asksOf(word string) bool {
	verb, _, more := strings.Cut(word, "-")
	return more && oneOf(verb, "describe", "list", "get")
}

var verbForm = doc.Pattern(`^[A-Za-z][A-Za-z_-]*$`)

// numberedNoun is a version or the name of a thing with a number in it, behind which a verb may stand: v2, s3, web-1.
var numberedNoun = doc.Pattern(`^[A-Za-z][A-Za-z-]*[0-9][A-Za-z0-9-]*$`)

// joined is the verb in a word that joins one with a noun: the first part if that is one, else the last. What names a thing
// where it stands first, such as a load or a label, is a noun before a verb that disturbs or only looks: load-delete.
func joined(word string) string {
	at := strings.IndexAny(word, "-_")
	if at < 0 && deletes().MatchString(word) {
		return "delete"
	}
	if at <= 0 || readVerbs[word] || moveVerbs[word] || disruptVerbs[word] {
		return ""
	}
	first, last := word[:at], word[strings.LastIndexAny(word, "-_")+1:]
	switch {
	case strings.HasPrefix(word[at:], "-to-") && oneOf(first, "ok", "okay", "safe", "ready", "able"): // ok-to-stop, safe-to-destroy
		return "check"
	case slices.ContainsFunc(strings.FieldsFunc(word[at:], joint), func(part string) bool { return leadingReads[part] }) && !disruptVerbs[first]: // health-query-upgrade
		return "show"
	case machineNouns[first] && last == "lock":
		return "stop"
	case first == "migrate" && kepts[last]:
		return ""
	case machineNouns[first] && moveVerbs[second(word[at+1:])]: // host-evacuate-live
		return second(word[at+1:])
	case leadingReads[first] || (disruptVerbs[first] || moveVerbs[first]) && !trailingReads[last] || changeVerbs[first] && !disruptVerbs[last] && !trailingReads[last]:
		return first
	case harmWithin(word[at:], last):
		return "reset"
	case trailingReads[last] || disruptVerbs[last] || moveVerbs[last]:
		return last
	}
	return ""
}

// harmWithin says whether a verb that destroys stands amid a joined word that does not end in looking: queue-reset-state.
func harmWithin(rest, last string) bool {
	return !trailingReads[last] && slices.ContainsFunc(strings.FieldsFunc(rest, joint), func(part string) bool { return oneOf(part, harms...) })
}

func second(rest string) string {
	word, _, _ := strings.Cut(rest, "-")
	return word
}

func joint(c rune) bool { return c == '-' || c == '_' }

// deletes is a verb of deleting and what it deletes, in one word.
var deletes = doc.Pattern(`^(?:del|delete|rm|remove|destroy)(?:node|host|server|machine|member|peer|disk|volume|vol|pool|brick|osd|mon)$`)

// machineNouns name a machine: to lock one is to stop what it does.
var machineNouns = doc.WordSet("host node server machine")

// kepts are what is rewritten in another form when it is migrated, and moves no service.
var kepts = doc.WordSet("cert certs certificates keys config configs configuration schema schemas settings secrets users data metadata")

// leadingReads and trailingReads are the verbs of looking that begin or end a joined word.
var (
	leadingReads  = doc.WordSet("get list show describe check verify view query inspect print validate")
	trailingReads = doc.WordSet("status list info show health healthcheck check describe version")
)

// changeVerbs are subcommands that change something and disturb nobody.
var changeVerbs = doc.WordSet(`add append apply approve assign attach bind bootstrap clone commit configure copy cordon create decommission deploy detach disable
	edit enable enroll expand freeze generate grow heal import init initialize insert install join label load lock mark patch pause pull push rebalance
	reconfigure recover register rename resize resume revoke rotate scale schedule set sign start sync taint transfer uncordon unfreeze
	unlock unpause unset update upload use write`)

// changers are programs that change something.
var changers = doc.WordSet("rm cp mv ln mkdir rmdir touch chmod chown chgrp install tee scp rsync tar unzip make truncate sysctl useradd usermod groupadd passwd patch createrepo")

// Changes is a command known to do more than look: one that disrupts before any other.
func (s Snippet) Changes() string {
	if command := s.Disrupts(); command != "" {
		return command
	}
	return s.once(func(a *asked) *answer { return &a.changes }, changes)
}

func changes(c Call) bool {
	return moves(c) || c.statement && !looks(c) || base(c.Words[0]) == "git" && hasVerb(c, "checkout", "switch", "pull", "merge", "rebase", "reset", "clone", "fetch") || !looks(c) && (changers[base(c.Words[0])] || packagers[base(c.Words[0])] || hasAny(c, changeVerbs))
}

// CarriesOut is a command that brings about what was written down before.
func (s Snippet) CarriesOut() bool {
	return s.find(func(c Call) bool {
		return !dry(c) && (hasVerb(c, "apply", "deploy", "converge", "up") || c.Fed && oneOf(base(c.Words[0]), "sh", "bash"))
	}) != ""
}

func hasVerb(c Call, of ...string) bool {
	return slices.ContainsFunc(c.verbs, func(v string) bool { return slices.Contains(of, v) })
}

func hasAny(c Call, of set) bool {
	return slices.ContainsFunc(c.verbs, func(v string) bool { return of[v] })
}

// set is words that are looked up often.
type set map[string]bool

func oneOf(word string, of ...string) bool { return slices.Contains(of, word) }

func words(text string) []string { return strings.Fields(text) }
