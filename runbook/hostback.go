package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	logOut = newForm(`^(?:(?:then|now|next|finally|afterwards),? )*(?:log ?out|log ?off|sign out|exit|quit|disconnect|leave|close)\b(?: (?:of|from|out of))?(?: (?:the|your|this|that))*(?: [\w-]+){0,3}? ?\b(?:sessions?|shells?|connections?|nodes?|hosts?|servers?|vms?|machines?|containers?|pods?|terminals?|instances?|controllers?)\b|^log ?(?:out|off)[.:]?$`)
	goBack = newForm(`^(?:(?:then|now|next|finally|afterwards),? )*(?:return|go back|switch back|move back|come back) to (.*)$`)
)

// leaves says whether a sentence ends a log-in, and where it goes then, "" where that has no name.
func (b *book) leaves(s *sentence) (host string, ok bool) {
	if logOut.in(s) {
		return "", true
	}
	if !goBack.in(s) {
		return "", false
	}
	where, ok := b.locate(goBack.FindStringSubmatch(s.plain)[1], kinds)
	return where.host, ok
}

// leavesItself says whether a block does no more than end a log-in.
func leavesItself(text string) bool {
	end := strings.TrimSpace(text)
	return (strings.HasSuffix(end, "exit") || strings.HasSuffix(end, "logout")) && onlyExit().MatchString(text)
}

var onlyExit = doc.Pattern(`^\s*(?:\S*[$#>] ?)?(?:exit|logout)\s*$`)

// opensInner ends a block with a shell that is opened on the same machine, which the next exit leaves.
var opensInner = doc.Pattern(`(?:\bexec\b.* -\w*[it]\w* .*|\bsu(?: -.*)?|\bchroot\b.*|\bsudo (?:-i|su|bash|-s).*|\bnsenter\b.*|^(?:ba|z)?sh)\s*$`)

// endsInShell says whether a block ends with such a shell.
func endsInShell(text string) bool {
	return slices.ContainsFunc(innerSigns, func(sign string) bool { return strings.Contains(text, sign) }) && opensInner().MatchString(text)
}

// innerSigns are what one of stands in every such block.
var innerSigns = []string{"exec ", "su", "chroot", "nsenter", "sh"}

// clients are programs by which many machines, or what runs on them, are looked after from one place.
var clients = doc.WordSet("kubectl oc helm gcloud az aws eksctl juju openstack terraform talosctl kops govc ansible ansible-playbook velero linkerd cilium istioctl clusterctl kubeone k0sctl rke")

// wayBack follows a text that logs in somewhere and goes back without saying so: after work on that machine, it goes on with a
// client that it used before.
type wayBack struct {
	used   map[string]bool // clients used where nobody had logged in
	login  int             // the line of the log-in that was met last
	worked bool            // something else was done there
	back   bool
}

// gone says whether a block that stands behind a log-in is run where the text was before it.
func (w *wayBack) gone(p *place, login int) bool {
	if login != w.login {
		w.login, w.worked, w.back = login, false, false
	}
	client := clientOf(p)
	w.worked = w.worked || client == ""
	w.back = w.back || client != "" && w.worked && w.used[client]
	return w.back
}

// clientOf is the client that a block begins with, "" for none.
func clientOf(p *place) string {
	for _, call := range p.snippet.Calls {
		if len(call.Words) > 0 && clients[strings.ToLower(call.Words[0])] {
			return call.Words[0]
		}
	}
	return ""
}
