package rehearse

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"gatewalk/runbook/doc"
)

// The interpreter has doors that cannot be replaced: a process substitution makes a real pipe in a real directory, ~user
// asks the real user database, and the file tests -O, -G and -N look at real owners. What would open one is refused
// before it runs. So are subscripts that it would take for something else than bash does.

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
	case *syntax.ArrayExpr:
		return refuseArray(node.Elems)
	case *syntax.Assign:
		return refuseSubscript(node.Index)
	case *syntax.ParamExp:
		return refuseSubscript(node.Index)
	}
	return ""
}

func refuseHome(word *syntax.Word) string {
	if len(word.Parts) == 0 {
		return ""
	}
	if lit, ok := word.Parts[0].(*syntax.Lit); ok && otherHome().MatchString(lit.Value) {
		return "another user's home (" + lit.Value + ") cannot be rehearsed; write its path"
	}
	return ""
}

var otherHome = doc.Pattern(`^~[^/]`)

// refuseDeclared refuses a declaration whose name only shows when it runs: its value would be expanded unseen.
func refuseDeclared(clause *syntax.DeclClause) string {
	associative := false
	for _, arg := range clause.Args {
		associative = associative || arg.Name == nil && arg.Value != nil && arg.Value.Lit() == "-A"
		if associative && arg.Array != nil && len(arg.Array.Elems) > 0 && arg.Array.Elems[0].Index == nil {
			return `an element without a subscript cannot be rehearsed; write declare -A name=(["key"]=value)`
		}
		if arg.Name == nil && arg.Value != nil && arg.Value.Lit() == "" {
			return "declaring a variable whose name is computed cannot be rehearsed; write name=value"
		}
	}
	return ""
}

// refuseArray wants all elements of an array to have a plain subscript, or none: others end the interpreter.
func refuseArray(elements []*syntax.ArrayElem) string {
	for _, element := range elements {
		_, plain := element.Index.(*syntax.Word)
		if (element.Index != nil && !plain) || (element.Index == nil) != (elements[0].Index == nil) {
			return `these subscripts cannot be rehearsed; give every element one, in quotes: ["ncn-m001"]=x`
		}
	}
	return ""
}

// refuseSubscript refuses [ncn-m001]: without quotes it is taken for a subtraction.
func refuseSubscript(index syntax.ArithmExpr) string {
	minus, ok := index.(*syntax.BinaryArithm)
	if ok && minus.Op == syntax.Sub && isName(minus.X) && isName(minus.Y) {
		return `this subscript is taken for a subtraction; write it in quotes: ["ncn-m001"]`
	}
	return ""
}

func isName(expr syntax.ArithmExpr) bool {
	word, ok := expr.(*syntax.Word)
	return ok && syntax.ValidName(word.Lit())
}

func refuseTest(operator string) string {
	if operator == "-O" || operator == "-G" || operator == "-N" {
		return "the file test " + operator + " cannot be rehearsed"
	}
	return ""
}
