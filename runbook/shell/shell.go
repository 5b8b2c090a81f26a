// Package shell understands a snippet of shell: what it reads and sets, what must be filled in, which commands run one
// after another, and what it endangers. It runs nothing.
//
// Its promise: a placeholder is never taken for a redirection, the program of an awk or a jq never for shell, and the
// bytes of a command are those of the document. What does not parse is one command, with nothing claimed about it.
package shell

import (
	"slices"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	"gatewalk/runbook/doc"
)

// Snippet is what is known of a text. Names are in the order they first appear, each once.
type Snippet struct {
	Parsed       bool
	Commands     []string // run one after another; a here-document stays with its command
	Placeholders []Placeholder
	Reads        []string // variables read before the snippet sets them, and without a default
	Sets         []string // variables it leaves behind
	Secrets      []string // variables that hold a secret: read without echo, or named like one
	Sources      []string // files it takes variables from
	Calls        []Call   // every simple command in it, also inside loops and substitutions
	looks        bool
	asked        *asked
}

// asked is what a snippet was asked before: the same is asked of it from many sides.
type asked struct{ disrupts, changes answer }

// answer is the command that made a hint speak, "" if none did.
type answer struct {
	known   bool
	command string
}

// once answers what was asked before as it was answered then.
func (s Snippet) once(of func(*asked) *answer, holds func(Call) bool) string {
	if s.asked == nil {
		return s.find(holds)
	}
	a := of(s.asked)
	if !a.known {
		*a = answer{true, s.find(holds)}
	}
	return a.command
}

// Call is one simple command: its words with the quotes taken off, "" for a word only known when it runs.
type Call struct {
	Words  []string
	Piped  bool // its output goes to another command or a file, or into a variable
	Fed    bool // what it reads comes from a pipe or a file
	Remote bool // it runs on another machine, inside an ssh or the like
	hands  bool // it does nothing but hand a command on, which is listed as well
	verbs  []string

	password  bool // it has the option -p, and no password behind it
	statement bool // it is given to a database, not to a shell
}

// Analyze reads a snippet.
func Analyze(text string) Snippet {
	s := Snippet{Placeholders: Placeholders(text), Commands: []string{text}, asked: &asked{}}
	if words, ok := plainWords(text); ok && len(s.Placeholders) == 0 {
		return analyzePlain(s, text, words)
	}
	if Statements(text) {
		return analyzeStatements(s, text)
	}
	return parsed(s, text)
}

// parsed is what the parse of a text adds to what is known of it.
func parsed(s Snippet, text string) Snippet {
	file, err := parse(mask(text, s.Placeholders))
	if err != nil {
		return s
	}
	s.Parsed = true
	s.Commands = commands(text, file)
	v := variables{text: text, set: map[string]bool{}}
	v.statements(file.Stmts)
	s.Reads, s.Sets, s.Sources = v.reads, v.sets, v.sources
	s.Secrets = secrets(v)
	s.Calls = calls(file)
	s.looks = onlyLooks(s.Calls)
	return s
}

// parsers are kept, for making one costs more than most snippets.
var parsers = sync.Pool{New: func() any { return syntax.NewParser(syntax.Variant(syntax.LangBash)) }}

func parse(text string) (*syntax.File, error) {
	p := parsers.Get().(*syntax.Parser)
	defer parsers.Put(p)
	return p.Parse(strings.NewReader(text), "")
}

// Parses says whether a text, its placeholders filled, is shell, or nothing but statements for a database.
func Parses(text string) bool {
	if _, ok := plainWords(text); ok || Statements(text) {
		return true
	}
	_, err := parse(mask(text, Placeholders(text)))
	return err == nil
}

// Incomplete says whether a text only lacks its end: an open quote, a loop without done, a line that ends in a backslash.
func Incomplete(text string) bool {
	if strings.HasSuffix(strings.TrimRight(text, " \t\n"), `\`) {
		return true
	}
	_, err := parse(mask(text, Placeholders(text)))
	return err != nil && syntax.IsIncomplete(err)
}

// commands slices the text into what runs one after another.
func commands(text string, file *syntax.File) []string {
	var out []string
	start, end := 0, 0
	for i, stmt := range file.Stmts {
		from := int(stmt.Pos().Offset())
		if i > 0 && from >= end {
			out = append(out, trimEnd(text[start:end]))
		}
		if i == 0 || from >= end {
			start = from
		}
		end = max(end, lastByte(text, stmt))
	}
	if end > start {
		out = append(out, trimEnd(text[start:end]))
	}
	if len(out) == 0 {
		return []string{text}
	}
	return out
}

func trimEnd(command string) string {
	return strings.TrimRight(strings.TrimRight(command, " \t\n"), ";")
}

// lastByte is the end of a statement with its here-documents and the lines that close them.
func lastByte(text string, stmt *syntax.Stmt) int {
	end := int(stmt.End().Offset())
	syntax.Walk(stmt, func(n syntax.Node) bool {
		r, ok := n.(*syntax.Redirect)
		if ok && (r.Op == syntax.Hdoc || r.Op == syntax.DashHdoc) {
			body := int(r.Word.End().Offset())
			if r.Hdoc != nil {
				body = int(r.Hdoc.End().Offset())
			} else if n := strings.IndexByte(text[body:], '\n'); n >= 0 {
				body += n + 1
			}
			end = max(end, lineEnd(text, body))
		}
		return true
	})
	return min(end, len(text))
}

func lineEnd(text string, at int) int {
	if at >= len(text) {
		return len(text)
	}
	if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(text)
}

func addOnce(names []string, name string) []string {
	if name == "" || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// calledForm begins with a call as most languages but the shell write it: name.name(…
var calledForm = doc.Pattern(`^[A-Za-z_$][\w$]*(?:[.:][A-Za-z_$][\w$]*)*\(`)

// Unfinished says whether what was typed behind a prompt, at a shell or in another language, only lacks its end.
func Unfinished(typed string) bool {
	if !calledForm().MatchString(typed) {
		return Incomplete(typed)
	}
	return Unclosed(typed)
}

// Unclosed says whether a text opens more brackets than it closes.
func Unclosed(text string) bool {
	open := 0
	for i := range len(text) {
		switch text[i] {
		case '(', '[', '{':
			open++
		case ')', ']', '}':
			open--
		}
	}
	return open > 0
}
