package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	namedCommand = newForm(`\b(?:use|run|execute|issue|enter)\b.* command\.?$`)
	meaningForm  = newForm(`^(?:where|in which|with|here)[:,]?$|^where\b.*:$|\b(?:options|parameters|arguments)\b.*:$`)
)

// oneAct says whether code does what the part before it is about: what its last words told to use by name, or once more as
// an example what it has just shown, be it behind a list of what the options mean.
func (b *book) oneAct(nodes []*doc.Node, p part, from, at int) bool {
	all := b.sentences(nodes[from])
	if from == at || len(all) == 0 {
		return false
	}
	if shown := lastCode(nodes[p.from:p.to]); shown != nil {
		return exampleOf.in(all[len(all)-1]) && b.explained(nodes, p.to, from) &&
			(firstCommand(shown) == firstCommand(nodes[at]) || len(all) == 1 && sameCommand(shown, nodes[at]))
	}
	said := b.sentences(nodes[p.to-1])
	name := commandName(nodes[at])
	return p.to == from && !slices.ContainsFunc(all, commanded) && len(said) > 0 && name != "" &&
		namedCommand.in(said[len(said)-1]) && strings.Contains(said[len(said)-1].plain, name)
}

// explained says whether nothing stands between nodes but words and a list of what options mean.
func (b *book) explained(nodes []*doc.Node, from, to int) bool {
	for i := from; i < to; i++ {
		if nodes[i].Kind == doc.List && !doc.HoldCode(nodes[i].Children...) && b.after(nodes, i, meaningForm) {
			continue
		}
		if !joined(nodes, i, i+1) {
			return false
		}
	}
	return true
}

func lastCode(nodes []*doc.Node) *doc.Node {
	for _, n := range slices.Backward(nodes) {
		if n.Kind == doc.Code {
			return n
		}
	}
	return nil
}

func sameCommand(a, b *doc.Node) bool {
	name := commandName(a)
	return name != "" && name == commandName(b)
}

// commandName is the program that code begins with and the plain words behind it, three at most, "" if none is behind it.
func commandName(code *doc.Node) string {
	words := strings.Fields(firstCommand(code))
	plain := slices.IndexFunc(words, func(word string) bool { return strings.ContainsAny(word[:1], `-[<{\|&;>"'$`) })
	if plain < 0 {
		plain = len(words)
	}
	if plain < 2 {
		return ""
	}
	return strings.Join(words[:min(plain, 3)], " ")
}

// firstCommand is the line that code begins with, without its prompt.
func firstCommand(code *doc.Node) string {
	if t := readPrompts(code.Text); t.typed > 0 {
		return firstLine(t.commands[0])
	}
	return firstLine(strings.TrimSpace(code.Text))
}
