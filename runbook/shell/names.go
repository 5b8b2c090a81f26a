package shell

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// preparatory begin the names of scripts that only get ready for what the rest of the name says.
var preparatory = doc.WordSet(`upload check verify list show get test prepare backup pre download validate generate create print report plan wait monitor export save`)

// scriptVerb is a part of a script's name that says what it does to machines, services or data.
var scriptVerb = doc.Pattern(`^(upgrade|upgrading|restore|reboot|wipe|rebuild|rollout|failover|shutdown|poweroff|decommission|reinstall|reset|erase|destroy|redeploy|reimage|kill|killall|uninstall|rollback|downgrade|restart|rolling|purge|prune|delete|remove|stop|drop|undeploy|evict|terminate|truncate|deprovision|recreate)$`)

// namedDisruptive says whether the name of a script or a stage, such as upgrade-nodes.sh or nodes-rollout, is that of
// something disruptive.
func namedDisruptive(name string) bool {
	name, _, file := strings.Cut(unnumbered(strings.ToLower(base(name))), ".")
	parts := strings.FieldsFunc(name, joint)
	return namedStop(name) || (len(parts) > 1 || file && len(parts) == 1) && !preparatory[parts[0]] && !trailingReads[parts[len(parts)-1]] && slices.ContainsFunc(parts, scriptVerb().MatchString)
}

// lastQualified is what a name of several parts says in its last: site.base.nodes_rolling_restart. A file and a version have no such name.
func lastQualified(word string) string {
	if strings.Count(word, ".") < 2 || strings.Contains(word, "/") {
		return ""
	}
	return word[strings.LastIndexByte(word, '.')+1:]
}

// stops are the verbs of stopping and removing after which programs are named.
var stops = doc.WordSet("stop reboot shutdown poweroff wipe erase destroy uninstall kill delete remove purge drop decommission restart")

// namedStop says whether a program is named after stopping or removing something, by its first word or, where it has three,
// by any: stop_raid, reboot-node, site-purge-doors.
func namedStop(name string) bool {
	name, _, _ = strings.Cut(strings.ToLower(unnumbered(name)), ".")
	if !strings.ContainsFunc(name, joint) {
		return false
	}
	parts := strings.FieldsFunc(name, joint)
	switch {
	case len(parts) < 2 || trailingReads[parts[len(parts)-1]]:
		return false
	case len(parts) == 2:
		return stops[parts[0]] || parts[1] == "upgrade"
	}
	return !preparatory[parts[0]] && slices.ContainsFunc(parts, func(part string) bool { return stops[part] })
}

// unnumbered takes the number off the front of a name that says when it is run: 2.stop_db.sh.
func unnumbered(name string) string {
	rest := strings.TrimLeft(name, "0123456789")
	if rest == name || rest == "" || strings.IndexByte(".-_", rest[0]) < 0 {
		return name
	}
	return rest[1:]
}

// namedMove says whether a script is named after moving what runs here to another machine: /opt/site/db_takeover.
func namedMove(command string) bool {
	name, _, file := strings.Cut(base(command), ".")
	if !file && !strings.Contains(command, "/") {
		return false
	}
	parts := strings.FieldsFunc(name, joint)
	return len(parts) > 1 && !preparatory[parts[0]] && moveVerbs[parts[len(parts)-1]]
}
