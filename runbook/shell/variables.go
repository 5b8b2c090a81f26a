package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"gatewalk/runbook/doc"
)

// variables follows assignments and expansions through a program in the order they happen.
type variables struct {
	text                         string
	set                          map[string]bool
	reads, sets, hidden, sources []string
	inner                        int // how many subshells deep: what is set there is not left behind
}

func (v *variables) statements(stmts []*syntax.Stmt) {
	for _, s := range stmts {
		v.node(s)
	}
}

// node goes through everything below n; what does not simply read from left to right has a case.
func (v *variables) node(n syntax.Node) {
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CallExpr:
			v.call(n)
			return false
		case *syntax.Assign:
			v.assign(n)
			return false
		case *syntax.ParamExp:
			v.expand(n)
			return false
		case *syntax.DeclClause:
			v.declare(n)
			return false
		case *syntax.WordIter:
			v.words(n.Items)
			v.set[n.Name.Value] = true
			return false
		case *syntax.Subshell:
			v.inside(n.Stmts)
			return false
		case *syntax.CmdSubst:
			v.inside(n.Stmts)
			return false
		case *syntax.ProcSubst:
			v.inside(n.Stmts)
			return false
		case *syntax.ArithmCmd:
			v.arithmetic(n.X)
			return false
		case *syntax.ArithmExp:
			v.arithmetic(n.X)
			return false
		case *syntax.FuncDecl:
			v.function(n)
			return false
		}
		return true
	})
}

func (v *variables) words(words []*syntax.Word) {
	for _, w := range words {
		v.node(w)
	}
}

func (v *variables) inside(stmts []*syntax.Stmt) {
	v.inner++
	outer := v.set
	v.set = clone(outer)
	v.statements(stmts)
	v.set = outer
	v.inner--
}

func clone(set map[string]bool) map[string]bool {
	c := make(map[string]bool, len(set))
	for name := range set {
		c[name] = true
	}
	return c
}

func (v *variables) assigned(name string) {
	v.set[name] = true
	if v.inner == 0 {
		v.sets = addOnce(v.sets, name)
	}
}

func (v *variables) read(name string) {
	if !v.set[name] && variableName().MatchString(name) {
		v.reads = addOnce(v.reads, name)
	}
}

var variableName = doc.Pattern(`^[A-Za-z_]\w*$`)

// call reads the values of assignments and words first, then notes what the command itself sets.
func (v *variables) call(n *syntax.CallExpr) {
	for _, a := range n.Assigns {
		v.value(a)
		if len(n.Args) == 0 {
			v.assigned(a.Name.Value)
		}
	}
	v.words(n.Args)
	words := literals(n.Args)
	if len(words) > 0 {
		v.builtin(words)
	}
}

func (v *variables) builtin(words []string) {
	switch words[0] {
	case "read":
		v.readBuiltin(words[1:])
	case "mapfile", "readarray":
		if name := words[len(words)-1]; len(words) > 1 && variableName().MatchString(name) {
			v.assigned(name)
		}
	case "printf":
		if len(words) > 2 && words[1] == "-v" {
			v.assigned(words[2])
		}
	case "getopts":
		if len(words) > 2 {
			v.assigned(words[2])
		}
	case "source", ".":
		if len(words) > 1 {
			v.sources = addOnce(v.sources, words[1])
		}
	}
}

// readOptions are the options of read that take a word of their own.
const readOptions = "adinNptu"

func (v *variables) readBuiltin(words []string) {
	silent := false
	for i := 0; i < len(words); i++ {
		word := words[i]
		if option, ok := strings.CutPrefix(word, "-"); ok && option != "" {
			silent = silent || strings.Contains(option, "s")
			if strings.ContainsAny(option[len(option)-1:], readOptions) {
				i++
			}
			continue
		}
		if !variableName().MatchString(word) {
			continue
		}
		v.assigned(word)
		if silent {
			v.hidden = addOnce(v.hidden, word)
		}
	}
}

func (v *variables) assign(a *syntax.Assign) {
	v.value(a)
	if a.Name != nil && !a.Naked {
		v.assigned(a.Name.Value)
	}
}

func (v *variables) value(a *syntax.Assign) {
	if a.Append && a.Name != nil {
		v.read(a.Name.Value)
	}
	if a.Index != nil {
		v.node(a.Index)
	}
	if a.Value != nil {
		v.node(a.Value)
	}
	if a.Array != nil {
		v.node(a.Array)
	}
}

func (v *variables) declare(n *syntax.DeclClause) {
	for _, a := range n.Args {
		v.assign(a)
	}
}

func (v *variables) expand(p *syntax.ParamExp) {
	if p.Index != nil {
		v.node(p.Index) // its bare names may be the keys of a map
	}
	if p.Slice != nil {
		for _, e := range []syntax.ArithmExpr{p.Slice.Offset, p.Slice.Length} {
			if e != nil {
				v.arithmetic(e)
			}
		}
	}
	if p.Repl != nil {
		v.replacement(p.Repl)
	}
	defaulted := p.IsSet
	if p.Exp != nil {
		if p.Exp.Word != nil {
			v.node(p.Exp.Word)
		}
		defaulted = slices.Contains(defaulting, p.Exp.Op)
	}
	if p.Param == nil {
		return
	}
	if !defaulted {
		v.read(p.Param.Value)
	}
	if p.Exp != nil && (p.Exp.Op == syntax.AssignUnset || p.Exp.Op == syntax.AssignUnsetOrNull) {
		v.assigned(p.Param.Value)
	}
}

// defaulting are the expansions that do without the variable: ${X:-word} and its kin.
var defaulting = []syntax.ParExpOperator{
	syntax.AlternateUnset, syntax.AlternateUnsetOrNull, syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull,
}

func (v *variables) replacement(r *syntax.Replace) {
	for _, w := range []*syntax.Word{r.Orig, r.With} {
		if w != nil {
			v.node(w)
		}
	}
}

// arithmetic reads names as the shell does between (( and )): without a dollar.
func (v *variables) arithmetic(e syntax.ArithmExpr) {
	switch e := e.(type) {
	case *syntax.Word:
		v.node(e)
		v.read(e.Lit())
	case *syntax.BinaryArithm:
		v.arithmetic(e.Y)
		name := ""
		if w, ok := e.X.(*syntax.Word); ok {
			name = w.Lit()
		}
		if e.Op != syntax.Assgn {
			v.arithmetic(e.X)
		}
		if slices.Contains(assigning, e.Op) && variableName().MatchString(name) {
			v.assigned(name)
		}
	case *syntax.UnaryArithm:
		v.arithmetic(e.X)
	case *syntax.ParenArithm:
		v.arithmetic(e.X)
	}
}

var assigning = []syntax.BinAritOperator{
	syntax.Assgn, syntax.AddAssgn, syntax.SubAssgn, syntax.MulAssgn, syntax.QuoAssgn, syntax.RemAssgn, syntax.AndAssgn, syntax.OrAssgn,
	syntax.XorAssgn, syntax.ShlAssgn, syntax.ShrAssgn,
}

// function reads a body as if it ran where it is declared; what it sets is set when it is called.
func (v *variables) function(n *syntax.FuncDecl) {
	outer := v.set
	v.set = clone(outer)
	v.node(n.Body)
	v.set = outer
}

// literals are words with their quotes taken off, "" where one is only known when it runs.
func literals(words []*syntax.Word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = literal(w.Parts)
	}
	return out
}

func literal(parts []syntax.WordPart) string {
	var b strings.Builder
	for _, p := range parts {
		switch p := p.(type) {
		case *syntax.Lit:
			b.WriteString(strings.ReplaceAll(p.Value, `\`, ""))
		case *syntax.SglQuoted:
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			b.WriteString(literal(p.Parts))
		default:
			return ""
		}
	}
	return b.String()
}

var secretName = doc.Pattern(`(?i)(^|_)(PASS|PASSWD|PASSWORD|PASSPHRASE|SECRET|TOKEN|APIKEY|API_KEY|PRIVATE_KEY|CREDENTIALS?)(_|$)|(PASSWORD|PASSWD|SECRET|TOKEN)$`)

// SecretName says whether a variable or a placeholder is named like a secret.
func SecretName(name string) bool {
	name = strings.NewReplacer(" ", "_", "-", "_").Replace(strings.Trim(name, "<>[]{}$"))
	return secretName().MatchString(name) && !strings.HasSuffix(strings.ToUpper(name), "_FILE") && !strings.HasSuffix(strings.ToUpper(name), "_NAME")
}

func secrets(v variables) []string {
	found := v.hidden
	for _, names := range [][]string{v.reads, v.sets} {
		for _, name := range names {
			if SecretName(name) {
				found = addOnce(found, name)
			}
		}
	}
	return found
}
