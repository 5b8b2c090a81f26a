package runbook

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// environment are variables that a login shell has.
var environment = strings.Fields(`HOME HOSTNAME HOST USER LOGNAME PATH PWD OLDPWD SHELL UID EUID GID RANDOM SECONDS LINENO IFS PPID TERM LANG TMPDIR
	BASH BASH_VERSION BASHPID BASH_SOURCE PIPESTATUS FUNCNAME PS1 PS2 OPTARG OPTIND REPLY DISPLAY SHLVL HOSTTYPE OSTYPE MACHTYPE EDITOR COLUMNS LINES DIRSTACK`)

// inputs are what the operator must supply: placeholders, and variables that nothing before has set.
func (b *book) inputs() {
	set := map[string]bool{}
	for _, i := range b.walkOrder() {
		block, p := &b.Blocks[i], &b.places[i]
		switch {
		case block.Runs():
			b.blockInputs(block, p, set)
			for _, name := range block.Sets {
				set[name] = true
			}
		case block.Kind == File:
			for _, placeholder := range shell.Placeholders(block.Text) {
				if blankOfFile(block.Text, placeholder) {
					block.input(placeholder.Text, "placeholder", block.Line)
				}
			}
		}
	}
	b.repeatedSamples()
}

func (b *book) blockInputs(block *Block, p *place, set map[string]bool) {
	block.Reads = slices.DeleteFunc(block.Reads, func(name string) bool { return slices.Contains(environment, name) && !b.explains(p, name) })
	if block.Why["inputs"].Rule == "annotation" {
		b.samplesOf(block, p, b.annotatedSamples(block, p))
		return
	}
	for _, placeholder := range p.snippet.Placeholders {
		if placeholder.Kind == shell.Template && !b.given(placeholder.Name()) {
			continue
		}
		block.input(placeholder.Text, "placeholder", block.Line+strings.Count(p.text[:placeholder.Start], "\n"))
		block.hides(placeholder.Text)
	}
	for _, name := range block.Reads {
		if !set[name] {
			block.input(name, "read but never set before", block.Line)
		}
	}
	b.samplesOf(block, p, b.samples(p))
}

// explains says whether the words beside a block say what a variable is: "`$HOST` is the name of the machine".
func (b *book) explains(p *place, name string) bool {
	for _, n := range b.beside(p) {
		for _, s := range b.sentences(n) {
			if strings.Contains(s.plain, "$"+name+" is ") {
				return true
			}
		}
	}
	return false
}

// given says whether the document itself gives a value for one of its names. It is a sample: the operator says which it is.
func (b *book) given(name string) bool {
	_, ok := b.document.Values[name]
	return ok
}

// hides takes an input for a secret if it is named like one, unless the author has said which are.
func (b *Block) hides(input string) {
	input, _ = shell.Hyphens(input)
	if shell.SecretName(input) && !slices.Contains(b.Secrets, input) && b.Why["secrets"].Rule != "annotation" {
		b.Secrets = append(b.Secrets, input)
	}
}

func (b *Block) input(name, rule string, line int) {
	if slices.Contains(b.Inputs, name) {
		return
	}
	b.Inputs = append(b.Inputs, name)
	b.because("inputs", rule, line)
}

var templateForm = doc.Pattern(`\{\{\s*([A-Za-z_][\w.-]*)(?:\s*\|[^{}\n]*)?\s*\}\}`)

// templates are the values that a site fills in before anyone reads the document: {{site.version}}, |release|. Bars in an
// output are a table.
func (b *book) templates() {
	seen := map[string]bool{}
	add := func(text string) {
		for _, m := range templateForm().FindAllStringSubmatch(text, -1) {
			if !seen[m[1]] && (strings.Contains(m[1], ".") || strings.Contains(m[1], "_")) {
				seen[m[1]] = true
				b.TemplateVars = append(b.TemplateVars, m[1])
			}
		}
	}
	doc.Walk(b.document.Nodes, func(n *doc.Node) bool {
		add(doc.Words(n.Spans))
		if n.Kind == doc.Code {
			for _, p := range shell.Placeholders(n.Text) {
				if p.Kind == shell.Template && !seen[p.Name()] && (p.Text[0] == '{' || b.runsAt(n)) {
					seen[p.Name()] = true
					b.TemplateVars = append(b.TemplateVars, p.Name())
				}
			}
		}
		return true
	})
}
