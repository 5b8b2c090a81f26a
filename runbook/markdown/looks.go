package markdown

import (
	"bytes"

	"gatewalk/runbook/doc"
)

// enough is how much of a source is looked at to tell its syntax, in bytes.
const enough = 256 << 10

var (
	signs = doc.Pattern("(?m)^[ \\t>]*```|(?:\\A|\\n[ \\t]*\\r?\\n)[ \\t>]*~~~|\\]\\([^()\\s]+\\)|^<!--|^\\|(?: ?:?-+:? ?\\|)+|(?:\\A|\\n[ \\t]*\\r?\\n)#{2,6} [A-Z0-9`*](?:.*[^#\\s])?[ \\t]*\\r?$")
	// headings is a line with crosses at its begin, between blank ones where it has but one. Such a line may be a remark among commands as well.
	headings = doc.Pattern("(?m)(?:\\A|\\n[ \\t]*\\r?\\n)#{2,6} \\S(?:.*[^#\\s])?[ \\t]*\\r?$|(?:\\A|\\n[ \\t]*\\r?\\n)#{1,6} [A-Z0-9`*](?:.*[^#\\s])?[ \\t]*\\r?\\n\\r?\\n")
)

// Looks says whether a source is written as Markdown is: fences, links, strong words, tables, headings within parts, or other headings, of
// which one is at the begin or several are anywhere. A row of tildes right below words underlines them, a single strong word, or one that begins
// in small letters, may have been printed, and so may a line between crosses.
func Looks(source []byte) bool {
	source = source[:min(len(source), enough)]
	heads := headings().FindAllIndex(source, 1+several)
	headed := len(heads) > several || len(heads) > 0 && len(bytes.TrimSpace(source[:heads[0][0]])) == 0
	return headed || signs().Match(source) || len(strong().FindAll(source, several)) == several && !copied().Match(source)
}

// several is how many strong words speak for Markdown.
const several = 2

var (
	strong = doc.Pattern(`\*\*[A-Z][^*\n]*\*\*`)
	copied = doc.Pattern(`(?m)^ *[•◦▪] `) // the marks of items as a browser shows them
)
