package shell

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// plainWords are the words of a text that is one simple command and nothing else: no quotes, variables, redirections,
// patterns or keywords. Most commands are, and what they say is known without parsing them.
func plainWords(text string) ([]string, bool) {
	line := strings.Trim(text, " \t\n")
	if line == "" {
		return nil, false
	}
	first := len(line)
	for i := range len(line) {
		switch c := line[i]; {
		case plainByte[c]:
		case c == ' ':
			first = min(first, i)
		case c == '=' && i > first: // in the first word it is an assignment
		default:
			return nil, false
		}
	}
	if notPlain[line[:first]] {
		return nil, false
	}
	return strings.Fields(line), true
}

// plainByte are the bytes that mean nothing to a shell wherever they stand.
var plainByte = bytesOf("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:@%+")

func bytesOf(text string) (set [256]bool) {
	for i := range len(text) {
		set[text[i]] = true
	}
	return set
}

// notPlain are first words that make a shell read on differently, or that set or read variables by name.
var notPlain = doc.WordSet(`if then elif else fi for while until do done case esac select function in time coproc
	read mapfile readarray printf getopts source . declare typeset local export readonly nameref let eval unset test`)

// analyzePlain is Analyze for one simple command.
func analyzePlain(s Snippet, text string, words []string) Snippet {
	s.Parsed = true
	s.Commands = []string{strings.Trim(text, " \t\n")}
	c := Call{Words: unwrap(words), password: slices.ContainsFunc(words, barePassword)}
	c.verbs = verbsOf(c.Words)
	s.Calls = withHandedOn(c)
	s.looks = onlyLooks(s.Calls)
	return s
}
