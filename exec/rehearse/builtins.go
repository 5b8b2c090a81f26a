package rehearse

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"gatewalk/exec/rehearse/tools"
)

// Some builtins of the interpreter look at the real system or run text that was not checked. They are met here, before
// they run: answered by our own, checked, or relieved of what would go wrong.

// ownPrefix marks a builtin of ours. It is no name a program can have.
const ownPrefix = "\x00"

// sourceMark makes a path one that cannot exist outside, so that looking for it on the real disk finds nothing.
const sourceMark = "/\x00"

// call sees every simple command before it runs.
func (p *process) call(ctx context.Context, args []string) ([]string, error) {
	args, err := p.meet(ctx, args)
	if err != nil {
		return nil, p.refused(err)
	}
	return args, nil
}

func (p *process) meet(ctx context.Context, args []string) ([]string, error) {
	rest := args[1:]
	switch args[0] {
	case "command", "builtin":
		return p.meetInner(ctx, args)
	case "type", "which":
		return append([]string{ownPrefix + args[0]}, rest...), nil
	case "eval":
		return args, p.checkText(strings.Join(rest, " "), "eval")
	case "trap":
		return args, p.checkText(strings.Join(rest[:min(len(rest), 1)], ""), "trap")
	case "alias":
		return args, p.checkAliases(rest)
	case "source", ".":
		return p.meetSource(ctx, args)
	case "pwd":
		return args[:1], nil
	case "test", "[":
		return args, p.checkTest(rest)
	case "read":
		p.noteSecrets(rest)
	case "unset":
		for _, name := range rest {
			p.declared.set(name, false)
		}
	}
	return args, nil
}

// meetInner looks behind command and builtin.
func (p *process) meetInner(ctx context.Context, args []string) ([]string, error) {
	rest := args[1:]
	if len(rest) > 0 && args[0] == "command" && strings.HasPrefix(rest[0], "-") && rest[0] != "--" {
		return append([]string{ownPrefix + "command"}, rest...), nil
	}
	if len(rest) > 0 && rest[0] == "--" {
		rest = rest[1:]
	}
	if len(rest) == 0 || !interp.IsBuiltin(rest[0]) && rest[0] != "which" {
		return args, nil
	}
	inner, err := p.meet(ctx, rest)
	if err != nil || strings.HasPrefix(inner[0], ownPrefix) {
		return inner, err
	}
	return append([]string{args[0]}, inner...), nil
}

// checkText checks text that is to be run as shell. What is no shell is left to the interpreter to say.
func (p *process) checkText(text, name string) error {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), name)
	if err != nil {
		return nil
	}
	p.declared.learn(file)
	return check(file, name)
}

func (p *process) checkAliases(definitions []string) error {
	for _, definition := range definitions {
		if _, value, given := strings.Cut(definition, "="); given {
			if err := p.checkText(value, "alias"); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *process) checkTest(args []string) error {
	for _, arg := range args {
		if why := refuseTest(arg); why != "" {
			return errors.New(why)
		}
	}
	return nil
}

// meetSource checks a file before it is sourced, and marks its path.
func (p *process) meetSource(ctx context.Context, args []string) ([]string, error) {
	if len(args) < 2 {
		return args, nil
	}
	name := absolute(interp.HandlerCtx(ctx).Dir, args[1])
	if text, err := p.world.files(p.host).ReadFile(name); err == nil {
		if err := p.checkText(string(text), name); err != nil {
			return nil, err
		}
	}
	return append([]string{args[0], sourceMark + name}, args[2:]...), nil
}

// noteSecrets tells that a line is read, and which variables take it without echo.
func (p *process) noteSecrets(args []string) {
	silent := slices.ContainsFunc(args, func(arg string) bool {
		return strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && strings.Contains(arg, "s")
	})
	if p.asks != nil {
		p.asks(map[bool]asking{true: silently, false: openly}[silent])
	}
	if !silent || p.secret == nil {
		return
	}
	p.secret("REPLY")
	for _, arg := range args {
		if syntax.ValidName(arg) {
			p.secret(arg)
		}
	}
}

// lookups are builtins that find programs: ours answer for the site alone.
var lookups = map[string]func(p *process, hc interp.HandlerContext, args []string) error{
	ownPrefix + "command": (*process).lookupCommand,
	ownPrefix + "type":    (*process).lookupType,
	ownPrefix + "which":   (*process).lookupCommand,
}

func (p *process) lookupCommand(hc interp.HandlerContext, args []string) error {
	missing := false
	for _, name := range operands(args) {
		switch kind, where := p.find(name, hc.Dir); kind {
		case "":
			missing = true
		case "file":
			fmt.Fprintln(hc.Stdout, where)
		default:
			fmt.Fprintln(hc.Stdout, name)
		}
	}
	return exitIf(missing)
}

func (p *process) lookupType(hc interp.HandlerContext, args []string) error {
	missing := false
	brief := slices.Contains(args, "-t")
	for _, name := range operands(args) {
		kind, where := p.find(name, hc.Dir)
		switch {
		case kind == "":
			missing = true
			if !brief {
				fmt.Fprintf(hc.Stderr, "type: %s: not found\n", name)
			}
		case brief:
			fmt.Fprintln(hc.Stdout, kind)
		case kind == "file" && slices.ContainsFunc(args, func(arg string) bool { return arg == "-p" || arg == "-P" }):
			fmt.Fprintln(hc.Stdout, where)
		case kind == "file":
			fmt.Fprintf(hc.Stdout, "%s is %s\n", name, where)
		case kind == "builtin" || kind == "keyword":
			fmt.Fprintf(hc.Stdout, "%s is a shell %s\n", name, kind)
		default:
			fmt.Fprintf(hc.Stdout, "%s is a %s\n", name, kind)
		}
	}
	return exitIf(missing)
}

func operands(args []string) []string {
	return slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return strings.HasPrefix(arg, "-") })
}

func exitIf(failed bool) error {
	if failed {
		return interp.ExitStatus(1)
	}
	return nil
}

// find says what a name is to the shell, and where a program of that name stands.
func (p *process) find(name, dir string) (kind, where string) {
	switch {
	case syntax.IsKeyword(name):
		return "keyword", ""
	case p.declared.has(name):
		return "function", ""
	case interp.IsBuiltin(name):
		return "builtin", ""
	case strings.Contains(name, "/"):
		if p.access(context.Background(), absolute(dir, name), interp.AccessExec) == nil {
			return "file", name
		}
	case p.provides(path.Join("/usr/bin", name)):
		return "file", path.Join("/usr/bin", name)
	}
	return "", ""
}

// provides says whether an absolute path is a program of the site or one of the tools.
func (p *process) provides(name string) bool {
	bare := p.bare(name)
	if _, known := p.world.site.command(bare, p.own); known {
		return true
	}
	_, known := tools.Lookup(bare)
	return known
}
