package rehearse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"gatewalk/exec/rehearse/tools"
)

// process is one simulated shell: on a host, for the operator or for the site itself.
type process struct {
	world    *world
	host     string
	own      bool // it runs the site's functions: helpers, fault and on are known
	depth    int
	declared *names                // the functions its texts define
	refuse   func(problem error)   // told what was refused, however deep in a pipeline
	secret   func(variable string) // told what is read without echo
	asks     func(asking)          // told that a line is about to be read
}

// streams are what a process reads and writes.
type streams struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// deepest is how many processes may start each other before the rehearsal calls it endless.
const deepest = 40

// interpreter makes the shell of a process. Nothing of ours leads into it but the doors.
func (p *process) interpreter(env *environment, dir string, s streams) (*interp.Runner, error) {
	if p.declared == nil {
		p.declared = &names{}
	}
	shell, err := interp.New(
		interp.Dir("/"), interp.Env(env), interp.StdIO(s.stdin, s.stdout, s.stderr),
		interp.CallHandler(p.call), interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return p.exec }),
		interp.OpenHandler(p.open), interp.StatHandler(p.stat), interp.AccessHandler(p.access), interp.ReadDirHandler2(p.readDir),
	)
	if err != nil {
		return nil, err
	}
	shell.Dir = dir // set past interp.Dir, which would look for it on the real disk
	shell.Reset()
	env.opened = true
	return shell, nil
}

// child is a process started by this one.
func (p *process) child(own bool) *process {
	return &process{world: p.world, host: p.host, own: own, depth: p.depth + 1, refuse: p.refuse, secret: func(string) {}, asks: p.asks}
}

// exec is the door for programs. What it does not know it refuses, and that ends the attempt.
func (p *process) exec(ctx context.Context, args []string) error {
	hc := interp.HandlerCtx(ctx)
	if lookup, ours := lookups[args[0]]; ours {
		return lookup(p, hc, args[1:])
	}
	if !p.own {
		p.world.clock.advance(time.Second)
	}
	return p.program(ctx, hc, args, streams{hc.Stdin, hc.Stdout, hc.Stderr})
}

func (p *process) program(ctx context.Context, hc interp.HandlerContext, args []string, s streams) error {
	name := p.bare(args[0])
	if err := ctx.Err(); err != nil {
		return err
	}
	if p.depth > deepest {
		return p.refused(fmt.Errorf("%s: processes start each other without end", name))
	}
	if _, known := p.world.site.command(name, p.own); known {
		return p.function(ctx, name, args[1:], s, exported(hc.Env), hc.Dir)
	}
	if p.own && name == "fault" {
		return p.fault(args[1:])
	}
	if p.own && name == "on" {
		return p.on(ctx, args[1:], s)
	}
	if tool, known := tools.Lookup(name); known {
		return p.tool(ctx, hc, tool, name, args[1:], s)
	}
	if _, err := p.world.files(p.host).Stat(absolute(hc.Dir, name)); err == nil && strings.Contains(name, "/") {
		return p.script(ctx, hc, name, args[1:], s)
	}
	return p.refused(fmt.Errorf("site/%s.sh: %s is not part of this rehearsal; add a function %s() there", strings.TrimSuffix(path.Base(name), ".sh"), name, name))
}

func (p *process) refused(problem error) error {
	p.refuse(problem)
	return problem
}

// binDirs are where a site's commands and the tools stand, so that /usr/bin/jq is jq.
var binDirs = []string{"/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local/bin"}

func (p *process) bare(name string) string {
	if slices.Contains(binDirs, path.Dir(name)) {
		return path.Base(name)
	}
	return name
}

// function runs a function of the site as a program of its own.
func (p *process) function(ctx context.Context, name string, args []string, s streams, env variables, dir string) error {
	shell, err := p.child(true).interpreter(&environment{variables: env}, dir, s)
	if err != nil {
		return err
	}
	shell.Funcs = maps.Clone(p.world.site.commands)
	shell.Params = args
	start, err := parse(quoted(name)+` "$@"`, name)
	if err != nil {
		return err
	}
	return shell.Run(ctx, start)
}

// script runs a script of the virtual disk.
func (p *process) script(ctx context.Context, hc interp.HandlerContext, name string, args []string, s streams) error {
	text, err := p.world.files(p.host).ReadFile(absolute(hc.Dir, name))
	if err != nil {
		fmt.Fprintf(s.stderr, "%s: %v\n", name, errors.Unwrap(err))
		return interp.ExitStatus(126)
	}
	return p.shell(ctx, string(text), name, args, s, exported(hc.Env), hc.Dir)
}

// shell runs a text in a new shell on this process's host.
func (p *process) shell(ctx context.Context, text, name string, args []string, s streams, env variables, dir string) error {
	file, err := parse(text, name)
	if err != nil {
		return p.refused(err)
	}
	child := p.child(false)
	shell, err := child.interpreter(&environment{variables: env}, dir, s)
	if err != nil {
		return err
	}
	child.declared.learn(file)
	shell.Params = args
	return shell.Run(ctx, file)
}

func (p *process) fault(args []string) error {
	if len(args) != 1 {
		return p.refused(errors.New("fault: want one name"))
	}
	if err := p.world.site.checkFaults(args); err != nil {
		return p.refused(err)
	}
	if !slices.Contains(p.world.faults, args[0]) {
		return interp.ExitStatus(1)
	}
	return nil
}

// on runs a command on another host, as its root would.
func (p *process) on(ctx context.Context, args []string, s streams) error {
	if len(args) < 2 {
		return p.refused(errors.New("on: want a host and a command"))
	}
	there := *p
	there.host = args[0]
	env := freshVariables(there.host, "root")
	return there.shell(ctx, strings.Join(args[1:], " "), "on "+args[0], nil, s, env, "/root")
}

func (p *process) tool(ctx context.Context, hc interp.HandlerContext, tool tools.Tool, name string, args []string, s streams) error {
	if s.stdin == nil {
		s.stdin = strings.NewReader("")
	}
	code, err := tool(&tools.Call{
		Context: ctx, Name: name, Args: args, Dir: hc.Dir, Host: p.host, Env: values(exported(hc.Env)), Files: p.world.files(p.host),
		Stdin: s.stdin, Stdout: s.stdout, Stderr: s.stderr, Now: p.world.clock.time, Sleep: p.world.clock.advance,
		Run: func(args []string, stdin io.Reader) (int, error) {
			return exitOf(p.fromTool(ctx, hc, args, streams{stdin, s.stdout, s.stderr}))
		},
	})
	if err == nil && code != 0 {
		return interp.ExitStatus(code)
	}
	return err
}

// fromTool runs a command that a tool starts. The shell's builtins that exist as programs too are run by the shell.
func (p *process) fromTool(ctx context.Context, hc interp.HandlerContext, args []string, s streams) error {
	if slices.Contains([]string{"echo", "printf", "true", "false"}, args[0]) {
		if hc.Builtin(ctx, args) != nil {
			return interp.ExitStatus(1)
		}
		return nil
	}
	return p.program(ctx, hc, args, s)
}

// exitOf tells an exit code from an error that ends the attempt.
func exitOf(err error) (int, error) {
	var status interp.ExitStatus
	if errors.As(err, &status) {
		return int(status), nil
	}
	return 0, err
}

func absolute(dir, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(dir, name)
}

func quoted(text string) string {
	word, err := syntax.Quote(text, syntax.LangBash)
	if err != nil {
		panic("rehearse: a name that cannot be quoted: " + err.Error())
	}
	return word
}

// exported are the variables a program gets.
func exported(env expand.Environ) variables {
	all := variables{}
	for name, variable := range env.Each {
		delete(all, name)
		if variable.Exported && variable.IsSet() && variable.Kind == expand.String {
			all[name] = variable
		}
	}
	return all
}

func values(vars variables) map[string]string {
	all := map[string]string{}
	for name, variable := range vars {
		all[name] = variable.String()
	}
	return all
}
