package rst

import (
	"bytes"

	"gatewalk/runbook/doc"
)

// enough is how much of a source is looked at to tell its syntax, in bytes.
const enough = 256 << 10

var signs = doc.Pattern(`(?m)^[ \t]*\.\. (?:[A-Za-z][\w+.:-]*::|_[^:\n]+:|\|[^|\n]+\| )|[^:]::[ \t]*\r?\n[ \t]*\r?\n[ \t]+\S|:[a-z]+:` + "`[^`\n]+`")

// Looks says whether a source is written as only reStructuredText is: directives, labels, roles, or paragraphs that announce
// code with "::". A fence of Markdown speaks against it.
func Looks(source []byte) bool {
	source = source[:min(len(source), enough)]
	if bytes.HasPrefix(source, []byte("```")) || bytes.Contains(source, []byte("\n```")) {
		return false
	}
	return signs().Match(source)
}
