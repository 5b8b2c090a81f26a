package runbook

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"gatewalk/runbook/doc"
)

// identify names blocks and steps by what they say, so that their names survive moves and renumbering.
func (b *book) identify() {
	seen := make(map[string]int, len(b.Blocks)+len(b.Steps))
	for i := range b.Blocks {
		b.Blocks[i].ID = identity("b", b.Blocks[i].Text, seen)
	}
	for i := range b.Steps {
		b.Steps[i].ID = identity("s", b.Steps[i].Title, seen)
	}
}

// identity is a hash of the content, and its ordinal where the same content came before.
func identity(kind, content string, seen map[string]int) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + strings.TrimSpace(content)))
	id := kind + hex.EncodeToString(sum[:6])
	seen[id]++
	if seen[id] > 1 {
		id = fmt.Sprintf("%s.%d", id, seen[id])
	}
	return id
}

// strange names the characters in commands that do not do what they look like.
func (b *book) strange() {
	b.each(func(block *Block, _ *place) {
		for _, s := range block.Strange() {
			b.Problems = append(b.Problems, doc.Problem{Line: block.Line + s.Line - 1, Rule: doc.Characters, Text: "in a command: " + s.String() + "; compare with what you mean before it runs"})
		}
	})
}
