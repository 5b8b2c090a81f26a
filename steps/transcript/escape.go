package transcript

import (
	"strings"

	"gatewalk/steps/safe"
)

// markup is what Markdown, its common extensions or the HTML around it would take for more than a character. The
// entities are there because a backslash before < is Markdown's word only, not HTML's.
var markup = strings.NewReplacer(
	"<", "&lt;", ">", "&gt;", "&", "&amp;",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "#", `\#`, "|", `\|`, "~", `\~`, "$", `\$`,
	"://", `:\/\/`, "www.", `www\.`, "WWW.", `WWW\.`, "@", `\@`,
)

// prose is a text within a line of Markdown: it reads as it is and does nothing.
func prose(t safe.Text) string { return markup.Replace(t.Plain()) }

// code is a text as a code span, in as many backticks as it takes (CommonMark §6.1).
func code(t safe.Text) string {
	text := t.Plain()
	if text == "" {
		return "(none)"
	}
	fence := strings.TrimPrefix(safe.Fence(t), "``")
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") || strings.TrimSpace(text) != text {
		text = " " + text + " "
	}
	return fence + text + fence
}

func codes(list []safe.Text) string {
	words := make([]string, len(list))
	for i, t := range list {
		words[i] = code(t)
	}
	if len(words) == 0 {
		return "(none)"
	}
	return strings.Join(words, ", ")
}
