package runbook

import (
	"cmp"
	"strings"
)

// orderOnRole orders something on a machine that is named by what it does: "Stop the mill on the old server:".
var orderOnRole = newForm(`^(?:then |next,? |now |finally,? )?[a-z]+\b[^.,]*? on ` + role + `(?: (?:if|as) [^.,]*)?[:.]?$`)

// opposites are the words that tell two machines of one kind from each other all through a document that has both: the old and the new one.
var opposites = map[string][]string{
	"source": {"target", "destination"}, "target": {"source"}, "destination": {"source"}, "old": {"new", "current"}, "new": {"old", "current", "former"},
	"current": {"new", "old", "former"}, "former": {"new", "current"}, "primary": {"secondary", "standby"}, "secondary": {"primary"}, "active": {"standby", "passive"},
	"standby": {"active", "primary"}, "passive": {"active"}, "local": {"remote"}, "remote": {"local"}, "healthy": {"failed", "faulty"}, "failed": {"healthy"},
}

// opposed is the machine on which a sentence tells to run something, where the document tells it from its opposite.
func (b *book) opposed(s *sentence) string {
	for _, form := range []*form{runOnRole} {
		if form.in(s) && !possibly.in(s) {
			return b.toldApart(form.FindStringSubmatch(s.plain)[1])
		}
	}
	return ""
}

// orderedOn is the machine on which a sentence orders something, where the block plainly works on the machine it is started on. One of
// several that is told from the others by more than its name is not named.
func (b *book) orderedOn(s *sentence, p *place) string {
	if !orderOnRole.in(s) || !p.snippet.ActsHere() && !strings.HasPrefix(p.text, "sudo ") && !strings.HasPrefix(p.text, "/") {
		return ""
	}
	words := orderOnRole.FindStringSubmatch(s.plain)[1]
	if name := cmp.Or(roleName(words), b.toldApart(words)); name == words {
		return words
	}
	return ""
}

// toldApart is a name such as "old server", where the document has the opposite as well.
func (b *book) toldApart(words string) string {
	word, noun, ok := strings.Cut(strings.ToLower(words), " ")
	if !ok || strings.Contains(noun, " ") {
		return ""
	}
	for _, opposite := range opposites[word] {
		if strings.Contains(b.spoken(), opposite+" "+noun) {
			return words
		}
	}
	return ""
}

// spoken is all words of the document in small letters, found once.
func (b *book) spoken() string {
	if b.lowered == "" {
		b.lowered = strings.ToLower(b.words(b.document.Nodes...)) + "\n"
	}
	return b.lowered
}
