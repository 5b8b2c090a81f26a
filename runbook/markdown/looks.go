package markdown

import "gatewalk/runbook/doc"

// enough is how much of a source is looked at to tell its syntax, in bytes.
const enough = 256 << 10

var signs = doc.Pattern("(?m)^[ \\t>]*```|(?:\\A|\\n[ \\t]*\\r?\\n)[ \\t>]*~~~|^#{2,6} \\S|(?:\\A|\\n[ \\t]*\\r?\\n)#{1,6} [A-Z0-9`*].*\\r?\\n\\r?\\n|\\]\\([^()\\s]+\\)|\\*\\*[^*\\s][^*\\n]*\\*\\*|^<!--|^\\|(?: ?:?-+:? ?\\|)+")

// Looks says whether a source is written as Markdown is: fences, headings, links, strong words, tables. A row of tildes right below words
// underlines them.
func Looks(source []byte) bool {
	return signs().Match(source[:min(len(source), enough)])
}
