package runbook

import (
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// amongWords is the name of code that was made of a paragraph.
const amongWords = "inline"

// standalone makes code of the paragraphs that are nothing but one command written as code, below words: what its author did
// not set apart is run all the same. Right above code such a paragraph is the name of what that shows.
func standalone(nodes []*doc.Node) {
	for i, n := range nodes {
		standalone(n.Children)
		if i == 0 || !caption(n) || n.Kind != doc.Paragraph || nodes[i-1].Kind != doc.Paragraph || i+1 < len(nodes) && nodes[i+1].Kind == doc.Code {
			continue
		}
		if text := strings.TrimSpace(n.Spans[0].Text); wholeCommand(text) {
			*n = doc.Node{Kind: doc.Code, Name: amongWords, Line: n.Line, End: n.End, Text: text + "\n"}
		}
	}
}

// wholeCommand says whether a text is one line of several words that looks like a command from its first word on.
func wholeCommand(text string) bool {
	return strings.Contains(text, " ") && !strings.Contains(text, "\n") && plainWord(text) && !speaks(text) && commandLike(text) && shell.Parses(text)
}
