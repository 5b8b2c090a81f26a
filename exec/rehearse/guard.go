package rehearse

import (
	"fmt"
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// The interpreter has doors that cannot be replaced: a process substitution makes a real pipe in a real directory, ~user
// asks the real user database, and the file tests -O, -G and -N look at real owners. What would open one is refused
// before it runs.

// parse reads shell and refuses what cannot be rehearsed.
func parse(text, name string) (*syntax.File, error) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), name)
	if err != nil {
		return nil, err
	}
	return file, check(file, name)
}

func check(file *syntax.File, name string) error {
	var problem error
	documents := map[*syntax.Word]bool{}
	syntax.Walk(file, func(node syntax.Node) bool {
		if node == nil || problem != nil {
			return false
		}
		if redirect, ok := node.(*syntax.Redirect); ok && redirect.Hdoc != nil {
			documents[redirect.Hdoc] = true
		}
		if word, ok := node.(*syntax.Word); ok && documents[word] {
			return true
		}
		if why := refusal(node); why != "" {
			problem = fmt.Errorf("%s:%d: %s", name, node.Pos().Line(), why)
		}
		return true
	})
	return problem
}

// refusal says why a piece of syntax cannot be rehearsed, "" if it can.
func refusal(node syntax.Node) string {
	switch node := node.(type) {
	case *syntax.ProcSubst:
		return "process substitution cannot be rehearsed; use a pipe or a file"
	case *syntax.CoprocClause:
		return "a coprocess cannot be rehearsed; use a pipe or a file"
	case *syntax.Word:
		return refuseHome(node)
	case *syntax.DeclClause:
		return refuseDeclared(node)
	case *syntax.UnaryTest:
		return refuseTest(node.Op.String())
	}
	return ""
}

func refuseHome(word *syntax.Word) string {
	if len(word.Parts) == 0 {
		return ""
	}
	if lit, ok := word.Parts[0].(*syntax.Lit); ok && otherHome.MatchString(lit.Value) {
		return "another user's home (" + lit.Value + ") cannot be rehearsed; write its path"
	}
	return ""
}

var otherHome = regexp.MustCompile(`^~[^/]`)

// refuseDeclared refuses a declaration whose name only shows when it runs: its value would be expanded unseen.
func refuseDeclared(clause *syntax.DeclClause) string {
	for _, arg := range clause.Args {
		if arg.Name == nil && arg.Value != nil && arg.Value.Lit() == "" {
			return "declaring a variable whose name is computed cannot be rehearsed; write name=value"
		}
	}
	return ""
}

func refuseTest(operator string) string {
	if operator == "-O" || operator == "-G" || operator == "-N" {
		return "the file test " + operator + " cannot be rehearsed"
	}
	return ""
}
