package rehearse

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// shellState is a shell taken down.
type shellState struct {
	Variables map[string]variable `json:"variables"`
	Functions map[string]string   `json:"functions,omitempty"`
	Options   string              `json:"options,omitempty"` // the commands that set them
	Params    []string            `json:"params,omitempty"`
	Dir       string              `json:"dir"`
}

// variable is one of its variables.
type variable struct {
	Kind     expand.ValueKind  `json:"kind"`
	Exported bool              `json:"exported,omitempty"`
	ReadOnly bool              `json:"read_only,omitempty"`
	Value    string            `json:"value,omitempty"`
	List     []string          `json:"list,omitempty"`
	Indexes  []int             `json:"indexes,omitempty"`
	Map      map[string]string `json:"map,omitempty"`
}

// freshShell is a login shell.
func freshShell(host, user string) shellState {
	vars := freshVariables(host, user)
	state := shellState{Variables: map[string]variable{}, Dir: vars["HOME"].Str}
	for name, v := range vars {
		state.Variables[name] = takenDown(v)
	}
	return state
}

func takenDown(v expand.Variable) variable {
	return variable{v.Kind, v.Exported, v.ReadOnly, v.Str, v.List, v.Indexes, v.Map}
}

func (v variable) setUp() expand.Variable {
	return expand.Variable{
		Set: true, Kind: v.Kind, Exported: v.Exported, ReadOnly: v.ReadOnly, Str: v.Value, List: v.List, Indexes: v.Indexes, Map: v.Map,
	}
}

// shown is the value as people see it: of an array its elements in parentheses, or nothing where it is empty.
func (v variable) shown() string {
	var elements []string
	for _, value := range v.List {
		elements = append(elements, strconv.Quote(value))
	}
	for _, key := range slices.Sorted(maps.Keys(v.Map)) {
		elements = append(elements, "["+key+"]="+strconv.Quote(v.Map[key]))
	}
	if elements == nil {
		return v.Value
	}
	return "(" + strings.Join(elements, " ") + ")"
}

func (s shellState) environment(assign, secrets map[string]string) *environment {
	vars := variables{}
	for name, v := range s.Variables {
		vars[name] = v.setUp()
	}
	for name, value := range assign {
		vars[name] = expand.Variable{Set: true, Kind: expand.String, Str: value, Exported: vars[name].Exported}
	}
	for name, value := range secrets {
		vars[name] = expand.Variable{Set: true, Kind: expand.String, Str: value, Exported: true}
	}
	return &environment{variables: vars}
}

// setUp gives a new interpreter the rest of the state.
func (s shellState) setUp(ctx context.Context, shell *interp.Runner, declared *names) error {
	shell.Funcs = map[string]*syntax.Stmt{}
	shell.Params = s.Params
	for name, body := range s.Functions {
		file, err := parse(body, name)
		if err != nil || len(file.Stmts) != 1 {
			return fmt.Errorf("function %s of the context: %w", name, err)
		}
		shell.Funcs[name] = file.Stmts[0]
		declared.set(name, true)
	}
	options, err := parse(s.Options, "options")
	if err != nil {
		return err
	}
	for _, stmt := range options.Stmts {
		if err := shell.Run(ctx, stmt); err != nil {
			return fmt.Errorf("options of the context: %w", err)
		}
	}
	return nil
}

// internal are variables that every shell makes for itself.
var internal = []string{"IFS", "OPTIND", "PWD", "UID", "EUID", "GID", "PPID", "SHLVL"}

// takeDown reads the state of a shell. What keep refuses is left out.
func takeDown(shell *interp.Runner, options string, keep func(name string, v variable) bool) (shellState, error) {
	state := shellState{Variables: map[string]variable{}, Functions: map[string]string{}, Options: options, Params: shell.Params, Dir: shell.Dir}
	for name, value := range shell.Vars {
		v := takenDown(value)
		if !isThere(value) || slices.Contains(internal, name) || !keep(name, v) {
			continue
		}
		if !v.isText() {
			return shellState{}, fmt.Errorf("the variable %s holds bytes that are no text", name)
		}
		state.Variables[name] = v
	}
	for name, body := range shell.Funcs {
		state.Functions[name] = printed(body)
	}
	return state, nil
}

// isThere says whether a shell has a variable. The interpreter calls an array unset that was declared and filled later.
func isThere(value expand.Variable) bool {
	return value.IsSet() || value.Kind == expand.Indexed || value.Kind == expand.Associative
}

func (v variable) isText() bool {
	return !slices.ContainsFunc(v.values(), func(value string) bool { return !utf8.ValidString(value) })
}

// values are all the texts a variable holds.
func (v variable) values() []string {
	all := append([]string{v.Value}, v.List...)
	for key, value := range v.Map {
		all = append(all, key, value)
	}
	return all
}

func printed(node syntax.Node) string {
	var out bytes.Buffer
	if err := syntax.NewPrinter().Print(&out, node); err != nil {
		panic("rehearse: a function that ran cannot be printed: " + err.Error())
	}
	return out.String()
}

// askOptions asks a shell for the commands that set its options as they are.
func askOptions(ctx context.Context, shell *interp.Runner, restore interp.RunnerOption) (string, error) {
	var out bytes.Buffer
	if err := interp.StdIO(nil, &out, &out)(shell); err != nil {
		return "", err
	}
	for _, question := range []string{"set +o", "shopt"} {
		file, err := parse(question, "options")
		if err != nil {
			return "", err
		}
		if err := shell.Run(ctx, file.Stmts[0]); err != nil {
			return "", err
		}
	}
	return optionCommands(out.String()), restore(shell)
}

// optionCommands keeps what differs from a fresh shell: "set -o errexit", and "nullglob	on" as "shopt -s nullglob".
func optionCommands(answer string) string {
	var commands []string
	for line := range strings.Lines(answer) {
		line = strings.TrimSpace(line)
		name, value, _ := strings.Cut(line, "\t")
		switch {
		case strings.HasPrefix(line, "set -o"):
			commands = append(commands, line)
		case value == "on" && slices.Contains(optional, name):
			commands = append(commands, "shopt -s "+name)
		}
	}
	return strings.Join(commands, "\n")
}

// optional are the options of shopt that a procedure may switch on.
var optional = []string{"dotglob", "extglob", "globstar", "nocaseglob", "nullglob", "expand_aliases"}
