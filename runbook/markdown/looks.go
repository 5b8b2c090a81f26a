package markdown

import "gatewalk/runbook/doc"

// enough is how much of a source is looked at to tell its syntax, in bytes.
const enough = 256 << 10

var signs = doc.Pattern("(?m)^[ \\t>]*```|(?:\\A|\\n[ \\t]*\\r?\\n)[ \\t>]*~~~|(?:\\A|\\n[ \\t]*\\r?\\n)#{2,6} \\S(?:.*[^#\\s])?[ \\t]*\\r?$|(?:\\A|\\n[ \\t]*\\r?\\n)#{1,6} [A-Z0-9`*](?:.*[^#\\s])?[ \\t]*\\r?\\n\\r?\\n|\\]\\([^()\\s]+\\)|^<!--|^\\|(?: ?:?-+:? ?\\|)+")

// Looks says whether a source is written as Markdown is: fences, headings, links, strong words, tables. A row of tildes right below words
// underlines them, a single strong word may have been printed, and so may a line between crosses.
func Looks(source []byte) bool {
	source = source[:min(len(source), enough)]
	return signs().Match(source) || len(strong().FindAll(source, several)) == several && !copied().Match(source)
}

// several is how many strong words speak for Markdown.
const several = 2

var (
	strong = doc.Pattern(`\*\*[^*\s][^*\n]*\*\*`)
	copied = doc.Pattern(`(?m)^ *[•◦▪] `) // the marks of items as a browser shows them
)
