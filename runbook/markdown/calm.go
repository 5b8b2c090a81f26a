package markdown

import (
	"bytes"
	"slices"

	"gatewalk/runbook/doc"
)

// maxMarks is how many marks such as brackets and asterisks one paragraph may hold. Reading them costs their square,
// so that beyond it the paragraph is kept as plain words.
const maxMarks = 2000

// isMarks tells the marks from all other bytes.
var isMarks = func() (is [256]bool) {
	for _, b := range []byte("[]*_`~<!&") {
		is[b] = true
	}
	return is
}()

// calm hides the marks of overfull paragraphs. The result has the length of the source, whose bytes stay what is shown.
func calm(source []byte) ([]byte, []doc.Problem) {
	var problems []doc.Problem
	plain := source
	start, line, count := 0, 1, 0
	from := 1
	for at := 0; at <= len(source); line++ {
		end := lineEnd(source, at)
		text := source[at:end]
		if starts, lead := startsParagraph(text); starts {
			start, from, count = at+lead, line, 0
			if len(bytes.TrimSpace(text)) == 0 {
				from++
			}
		}
		count += countMarks(text)
		if count > maxMarks {
			if &plain[0] == &source[0] {
				plain = slices.Clone(source)
			}
			if len(problems) == 0 || problems[len(problems)-1].Line != from {
				problems = append(problems, doc.Problem{Line: from, Text: "paragraph with too many brackets and marks kept as plain words"})
			}
			hide(plain[start:end])
			start = end
		}
		at = end + 1
	}
	return plain, problems
}

func lineEnd(source []byte, at int) int {
	if end := bytes.IndexByte(source[at:], '\n'); end >= 0 {
		return at + end
	}
	return len(source)
}

// startsParagraph says whether a line cannot continue the paragraph before it, and how many bytes of it are structure.
func startsParagraph(text []byte) (starts bool, lead int) {
	words := bytes.TrimLeft(text, " \t>")
	lead = len(text) - len(words)
	switch {
	case len(words) == 0 || words[0] == '#' || words[0] == '|':
		return true, lead
	case bytes.HasPrefix(words, []byte("```")) || bytes.HasPrefix(words, []byte("~~~")):
		return true, len(text)
	}
	marker := bytes.TrimLeft(words, "0123456789")
	if listMarker(marker, len(marker) < len(words)) {
		return true, len(text) - len(marker) + 2
	}
	return false, lead
}

func countMarks(text []byte) int {
	n := 0
	for _, b := range text {
		if isMarks[b] {
			n++
		}
	}
	return n
}

func hide(text []byte) {
	for i, b := range text {
		if isMarks[b] {
			text[i] = 'x'
		}
	}
}

// tooDeep is the first line that opens more than MaxDepth quotes and lists at once, 0 if none does.
func tooDeep(source []byte) int {
	line := 1
	for text := range bytes.Lines(source) {
		if containers(text) > MaxDepth {
			return line
		}
		line++
	}
	return 0
}

// containers counts the quote and list markers a line begins with. A line of nothing but list markers may be a rule.
func containers(text []byte) int {
	quotes, items := 0, 0
	for {
		text = bytes.TrimLeft(text, " \t")
		switch digits := len(text) - len(bytes.TrimLeft(text, "0123456789")); {
		case bytes.HasPrefix(text, []byte(">")):
			quotes++
			text = text[1:]
		case digits < 10 && listMarker(text[digits:], digits > 0):
			items++
			text = text[digits+1:]
		case endsRule(bytes.TrimSpace(text)):
			return quotes
		default:
			return quotes + items
		}
	}
}

// endsRule says whether what is left of a line is the end of a rule such as "- - -".
func endsRule(rest []byte) bool {
	return len(rest) == 0 || len(rest) == 1 && (rest[0] == '-' || rest[0] == '*' || rest[0] == '_')
}

func listMarker(text []byte, numbered bool) bool {
	kinds := []byte("-*+")
	if numbered {
		kinds = []byte(".)")
	}
	return len(text) > 1 && bytes.IndexByte(kinds, text[0]) >= 0 && (text[1] == ' ' || text[1] == '\t')
}
