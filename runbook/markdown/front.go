package markdown

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"gatewalk/runbook/doc"
)

const maxFront = 64 << 10

// frontKeys are those that mean something here. All are kept; the others are named in a problem.
var frontKeys = []string{"title", "description", "substitutions"}

// splitFront reads YAML front matter and blanks its lines, so that what follows stays on its own.
func splitFront(source []byte) (body []byte, front map[string]any, problems []doc.Problem) {
	matter, ok := frontMatter(source)
	if !ok {
		return source, nil, nil
	}
	body = blank(source, len(matter))
	inner := matter[bytes.IndexByte(matter, '\n')+1 : bytes.LastIndexByte(bytes.TrimRight(matter, "\n"), '\n')+1]
	if len(inner) > maxFront {
		return body, nil, []doc.Problem{{Line: 1, Text: "front matter is longer than 64 KiB and was not read"}}
	}
	if err := yaml.Unmarshal(inner, &front); err != nil {
		return body, nil, []doc.Problem{{Line: 1, Text: "front matter was not read: " + strings.ReplaceAll(err.Error(), "\n", " ")}}
	}
	return body, front, unknownKeys(front)
}

// frontMatter is the text from a first line "---" to the next one, both included.
func frontMatter(source []byte) ([]byte, bool) {
	if !bytes.HasPrefix(source, []byte("---\n")) {
		return nil, false
	}
	at := 4
	for at < len(source) {
		line, _, _ := bytes.Cut(source[at:], []byte("\n"))
		at = min(at+len(line)+1, len(source))
		if mark := strings.TrimRight(string(line), " \t"); mark == "---" || mark == "..." {
			return source[:at], true
		}
	}
	return nil, false
}

func blank(source []byte, n int) []byte {
	body := slices.Clone(source)
	for i := range n {
		if body[i] != '\n' {
			body[i] = ' '
		}
	}
	return body
}

// substitutions are the texts that front matter gives for names in the text, such as |release|.
func substitutions(front map[string]any) map[string]string {
	given, _ := front["substitutions"].(map[string]any)
	if len(given) == 0 {
		return nil
	}
	texts := make(map[string]string, len(given))
	for name, text := range given {
		texts[name] = fmt.Sprint(text)
	}
	return texts
}

func unknownKeys(front map[string]any) []doc.Problem {
	var unknown []string
	for key := range front {
		if !slices.Contains(frontKeys, key) {
			unknown = append(unknown, key)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	return []doc.Problem{{Line: 1, Rule: doc.Unused, Text: fmt.Sprintf("front matter keys kept but not used: %s", strings.Join(unknown, ", "))}}
}
