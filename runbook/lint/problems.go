package lint

import (
	"strings"

	"gatewalk/runbook/doc"
)

// The rules below tell on what reading found wrong, each on the problems of its name. Characters are found by a rule of
// their own, and what other programs wrote for themselves is nothing wrong.

func annotations(i *inspection) []found {
	return i.problems(doc.Annotations, "see the keys that an annotation may have, and correct it")
}

func fences(i *inspection) []found { return i.problems(doc.Fences, "") }

func source(i *inspection) []found {
	return i.problems("", "write it so that every reader takes it the same way")
}

// problems are those of a rule, with what to do where one does not say so itself.
func (i *inspection) problems(rule, act string) []found {
	var all []found
	for _, problem := range i.plan.Problems {
		if problem.Rule == rule {
			all = append(all, told(problem.Line, problem.Text, act))
		}
	}
	return all
}

// told splits what is wrong from what to do about it, where a problem says both.
func told(line int, text, act string) found {
	if what, next, ok := strings.Cut(text, "; "); ok {
		return found{line: line, what: what, act: next}
	}
	if what, next, ok := strings.Cut(text, ": close "); ok {
		return found{line: line, what: what, act: "close " + next}
	}
	return found{line: line, what: text, act: act}
}
