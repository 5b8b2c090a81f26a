package doc

import "strings"

// Language is the first word of what a code block says of itself: bash, {.bash data-prompt="$"} and bash{1,3} all say bash.
func Language(info string) string {
	word, _, _ := strings.Cut(strings.TrimLeft(info, "{."), " ")
	word, _, _ = strings.Cut(word, "{")
	word, _, _ = strings.Cut(strings.Trim(word, "}"), ",")
	if strings.Contains(word, "=") {
		return ""
	}
	return word
}
