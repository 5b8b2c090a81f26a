package rehearse

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"gatewalk/exec"
)

// attempt is one launch while it runs.
type attempt struct {
	runner        *Runner
	launch        exec.Launch
	start         shellState
	record        record
	spool         *spool
	secrets       *secrets // the way to the spool
	stdin, answer *os.File // the ends of its standard input: it reads one, we write the other
	keyboard      keyboard
	ctx           context.Context
	cancel        context.CancelFunc

	mutex   sync.Mutex
	signal  string
	refusal error
}

func (r *Runner) begin(launch exec.Launch, start shellState, record record) (*attempt, error) {
	spool, err := newSpool(record.path("out"))
	if err != nil {
		return nil, err
	}
	stdin, answer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	secrets := newSecrets(launch.Secrets, spool)
	return &attempt{
		runner: r, launch: launch, start: start, record: record, spool: spool, secrets: secrets,
		stdin: stdin, answer: answer, keyboard: keyboard{show: func(text []byte) { _, _ = secrets.Write(text) }}, ctx: ctx, cancel: cancel,
	}, nil
}

// run runs the commands and leaves the end on disk.
func (a *attempt) run() {
	began := a.runner.world.clock.time()
	end := a.survive(a.commands)
	a.cancel()
	a.stdin.Close()
	a.answer.Close()
	a.keyboard.leave()
	end.Took = a.runner.world.clock.time().Sub(began)
	a.close(&end)
	a.spool.release()
}

// survive turns a panic of the interpreter, which other people's syntax can still find, into an end.
func (a *attempt) survive(commands func() exec.End) (end exec.End) {
	defer func() {
		if problem := recover(); problem != nil {
			fmt.Fprintf(a.secrets, "rehearsal: the simulated shell has given up: %v\n", problem)
			end = exec.End{Code: 127, Warning: "the simulated shell has given up, so the context from before is kept"}
		}
	}()
	return commands()
}

// close makes output and end durable, in this order.
func (a *attempt) close(end *exec.End) {
	var err error
	end.Redactions = a.secrets.finish()
	if end.Bytes, end.Digest, err = a.spool.seal(); err != nil {
		end.Warning = join(end.Warning, fmt.Sprintf("its output is not complete: %v", err))
	}
	// An end that cannot be written is none: the attempt is lost, which is what a probe will find.
	_ = a.record.writeEnd(*end)
}

// commands runs what was launched in one shell and takes the shell down.
func (a *attempt) commands() exec.End {
	process := &process{
		world: a.runner.world, host: cmp.Or(a.launch.Host, a.runner.options.Host), declared: &names{},
		refuse: a.refused, secret: a.secrets.readSilently, asks: a.keyboard.ask,
	}
	shell, err := process.interpreter(a.start.environment(a.launch.Assign, a.secrets.values()), a.start.Dir, streams{a.stdin, a.secrets, a.secrets})
	if err == nil {
		err = a.start.setUp(a.ctx, shell, process.declared)
	}
	if err != nil {
		return exec.End{Code: 1, Warning: fmt.Sprintf("no shell could be set up: %v", err)}
	}
	end := a.each(shell, process)
	a.leave(shell, &end)
	return end
}

// each runs command by command up to the first that fails.
func (a *attempt) each(shell *interp.Runner, process *process) exec.End {
	var end exec.End
	for i := a.launch.From; i < len(a.launch.Commands) && end.Code == 0; i++ {
		left := false
		end.Code, left = a.one(shell, process, a.launch.Commands[i])
		a.mutex.Lock()
		end.Signal = a.signal
		a.mutex.Unlock()
		if end.Signal != "" {
			end.Code = 128 + signalNumbers[end.Signal]
		}
		end.Exits = append(end.Exits, exec.CommandExit{Command: i, Code: end.Code})
		if left {
			return end
		}
	}
	_ = shell.Run(a.ctx, &syntax.File{}) // the shell ends here, and its exit trap runs
	return end
}

// one runs one command. Left says that it left the shell.
func (a *attempt) one(shell *interp.Runner, process *process, command string) (code int, left bool) {
	file, err := parse(command, "command")
	if err != nil {
		fmt.Fprintf(a.secrets, "%v\n", err)
		return 2, true
	}
	process.declared.learn(file)
	for _, stmt := range file.Stmts {
		err = shell.Run(a.ctx, stmt)
		a.learnSecrets(shell)
		if shell.Exited() {
			break
		}
	}
	code, failure := exitOf(err)
	if failure = cmp.Or(a.wasRefused(), failure); failure != nil && a.ctx.Err() == nil {
		fmt.Fprintf(a.secrets, "rehearsal: %v\n", failure)
		return 127, true
	}
	return code, shell.Exited()
}

func (a *attempt) learnSecrets(shell *interp.Runner) {
	for name, value := range shell.Vars {
		a.secrets.learn(name, value.String())
	}
}

func (a *attempt) refused(problem error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.refusal = cmp.Or(a.refusal, problem)
}

func (a *attempt) wasRefused() error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.refusal
}

// leave takes the shell down and saves it with the world. A shell that a signal ended leaves what it began with.
func (a *attempt) leave(shell *interp.Runner, end *exec.End) {
	state := a.start
	if end.Signal != "" {
		end.Warning = "it was ended by a signal, so the context from before it is kept"
	} else {
		taken, err := a.takeDown(shell)
		if err != nil {
			end.Warning = join(end.Warning, fmt.Sprintf("no complete context could be taken: %v", err))
		} else {
			state = taken
		}
	}
	digest, err := a.runner.contexts.save(contextState{state, a.secrets.outOf(a.runner.world.state())})
	switch {
	case err != nil:
		end.Warning = join(end.Warning, fmt.Sprintf("the context could not be written: %v", err))
	case !a.launch.Scratch && end.Warning == "":
		end.Context = digest
		end.Variables = public(state)
	}
}

func (a *attempt) takeDown(shell *interp.Runner) (shellState, error) {
	options, err := askOptions(context.Background(), shell, interp.StdIO(a.stdin, a.secrets, a.secrets))
	if err != nil {
		return shellState{}, err
	}
	return takeDown(shell, options, a.secrets.allows)
}

// public is the table of variables that may be shown.
func public(state shellState) map[string]string {
	table := map[string]string{}
	for name, v := range state.Variables {
		table[name] = v.shown()
	}
	return table
}

func join(warnings ...string) string {
	var said []string
	for _, warning := range warnings {
		if warning != "" {
			said = append(said, warning)
		}
	}
	return strings.Join(said, "; ")
}
