package lint

import "strings"

// The three rules below tell on what reading found wrong. The first whose words a problem has takes it.
var problems = []struct {
	words string
	rule  string
	act   string // where the problem does not say one itself
}{
	{"in a command: U+", "", ""},       // the rule on characters says it
	{"front matter keys kept", "", ""}, // other programs' keys are nothing wrong
	{"never closed", "fences", ""},
	{"annotation", "annotations", "see the keys that an annotation may have, and correct it"},
	{"", "source", "write it so that every reader takes it the same way"},
}

func annotations(i *inspection) []found { return i.problems("annotations") }
func fences(i *inspection) []found      { return i.problems("fences") }
func source(i *inspection) []found      { return i.problems("source") }

func (i *inspection) problems(rule string) []found {
	var all []found
	for _, problem := range i.plan.Problems {
		for _, p := range problems {
			if !strings.Contains(problem.Text, p.words) {
				continue
			}
			if p.rule == rule {
				all = append(all, told(problem.Line, problem.Text, p.act))
			}
			break
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
