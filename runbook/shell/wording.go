package shell

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// kinds of things, small, end a word that only says what kind of thing is to stand there.
var kindNouns = words("name file id uuid ip address password directory path")

// values finds the values of options that say no more than what kind of thing they are: --limit host-name, -i inventory-file, -node node_name.
func values(text string) [][]int {
	var found [][]int
	for _, noun := range kindNouns {
		for at := 0; ; {
			i := strings.Index(text[at:], noun)
			if i < 0 {
				break
			}
			i, at = at+i-1, at+i+len(noun)
			if i < 0 || text[i] != '-' && text[i] != '_' {
				continue
			}
			from := strings.LastIndexAny(text[:i], " \t\n=") + 1
			if (at == len(text) || strings.IndexByte(" \t\n", text[at]) >= 0) && kindOfThing(text[from:at]) && (optionBefore(text[:from]) || oneOf(noun, "name", "id", "uuid") && lastOfMany(text, from, at)) {
				found = append(found, []int{from, at})
			}
		}
	}
	return found
}

// kindOfThing says whether a word names a kind of thing by small nouns alone.
func kindOfThing(word string) bool {
	parts := strings.Split(strings.ReplaceAll(word, "_", "-"), "-")
	return len(parts) < 4 && !slices.ContainsFunc(parts, func(part string) bool {
		return part == "" || strings.Trim(part, lowercase) != ""
	})
}

// lastOfMany says whether a word ends its line behind a command and a verb, and is no verb itself: disable service-name.
func lastOfMany(text string, from, to int) bool {
	before := strings.Fields(text[strings.LastIndexByte(text[:from], '\n')+1 : from])
	first, _, _ := strings.Cut(strings.ReplaceAll(text[from:to], "_", "-"), "-")
	return (to == len(text) || text[to] == '\n') && (len(before) > 1 || len(before) == 1 && before[0] == "cd") && !strings.HasPrefix(before[len(before)-1], "-") && !bareVerb(first) && !Statements(text)
}

// optionBefore says whether a text ends in an option that takes the word behind it. What says which columns are printed,
// or by which the lines are sorted, takes names of its own.
func optionBefore(text string) bool {
	text = strings.TrimRight(text, " =")
	option := text[strings.LastIndexAny(text, " \t\n")+1:]
	return strings.HasPrefix(option, "-") && strings.Trim(option, "-") != "" && !oneOf(strings.TrimLeft(option, "-"), "o", "c", "f", "k", "output", "column", "columns", "field", "fields", "sort", "sort-by", "format", "query", "key", "print")
}

var capitalPhrase = doc.Pattern(`["'][A-Z]{2,}(?: [A-Z]{2,}){2,}["']`)

// phrases finds what is said in capitals between quotes, in place of a value: "THE NEW ADDRESS HERE".
func phrases(text string) [][]int {
	if !strings.ContainsAny(text, `"'`) {
		return nil
	}
	found := capitalPhrase().FindAllStringIndex(text, -1)
	for _, span := range found {
		span[0]++
		span[1]--
	}
	return found
}
