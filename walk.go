package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"gatewalk/exec"
	"gatewalk/exec/hook"
	"gatewalk/exec/journal"
	"gatewalk/exec/keeper"
	"gatewalk/exec/local"
	"gatewalk/exec/mirror"
	"gatewalk/exec/procedure"
	"gatewalk/exec/rehearse"
	"gatewalk/exec/session"
	"gatewalk/runbook"
	"gatewalk/runbooks"
	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui"
	"gatewalk/tui/plain"
	"gatewalk/tui/terminal"
)

// walking is how a walk is to be made: on the screen, or as lines, or from a file.
type walking struct {
	plain, unattended bool
	noKeeper          bool
	linger            time.Duration  // how long a keeper waits for a screen while nothing goes on
	file              string         // of answers
	answers           *plain.Answers // what is in it
	mirror            string         // a directory to copy the record to
	rehearsed         bool           // hooks run in a rehearsal too
	hooks             []hook.Hook
}

func (w *walking) lines() bool { return w.plain || w.file != "" }

// ready finds out what would keep a walk from being shown, before there is a session.
func (w *walking) ready() (err error) {
	if !w.lines() && (!terminal.Is(os.Stdin) || !terminal.Is(os.Stdout)) {
		return errors.New("there is no terminal to draw on; walk it as lines with --plain")
	}
	if w.mirror, err = mirror.Place(w.mirror); err != nil {
		return err
	}
	if w.hooks, err = hook.Load(); err != nil {
		return err
	}
	w.answers, err = readAnswers(w.file)
	return err
}

func (w *walking) flags(c *cobra.Command) {
	c.Flags().BoolVar(&w.plain, "plain", false, "walk as lines of text instead of a screen")
	c.Flags().StringVar(&w.file, "answers", "", "YAML file that answers what the walk asks (implies --plain)")
	c.Flags().BoolVar(&w.noKeeper, "no-keeper", false, "hold the session in this process: it ends with this terminal; what runs goes on")
	c.Flags().DurationVar(&w.linger, "linger", lingers(), "how long the keeper waits for a screen to come back while nothing goes on ($GATEWALK_LINGER)")
	c.Flags().StringVar(&w.mirror, "mirror", "", "directory to keep a copy of the record in while it goes on; resume goes on with it, and \"none\" ends it")
	c.Flags().BoolVar(&w.unattended, "unattended", false, "let the answers file pass gates; the record says so on its first page")
}

// rehearsalFlag is for walks that may be rehearsals.
func (w *walking) rehearsalFlag(c *cobra.Command) {
	c.Flags().BoolVar(&w.rehearsed, "hooks", false, "run the site's hooks in a rehearsal too; each is told that it is one")
}

// lingers is the site's word for how long a keeper waits.
func lingers() time.Duration {
	if set, err := time.ParseDuration(os.Getenv("GATEWALK_LINGER")); err == nil {
		return set
	}
	return keeper.DefaultLinger
}

// begin makes a session and walks it.
func begin(c *cobra.Command, w walking, order keeper.Order) error {
	if err := w.ready(); err != nil {
		return err
	}
	dir, err := newDir(order.Plan.Source)
	if err != nil {
		return err
	}
	return walk(c, w, dir, order)
}

// newDir makes the directory of a session, with an empty journal, also where another walk of it began in this second.
func newDir(source string) (string, error) {
	for n, now := 1, time.Now(); ; n++ {
		dir, err := journal.Dir(session.NewID(now, source, n))
		if err != nil {
			return "", err
		}
		if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
			held, err := journal.Create(dir)
			if err != nil {
				return "", err
			}
			return dir, held.Close()
		}
	}
}

// revise says what becomes of a session's progress in another version of its procedure, and with the operator's word goes on there.
func revise(c *cobra.Command, w walking, id, name string, options procedure.Options, accept bool) error {
	old, err := sessionDir(id)
	if err != nil {
		return err
	}
	p, err := procedure.Read(name, options)
	if err != nil {
		return err
	}
	revised, err := session.Revise(old, p.Plan)
	if err != nil {
		return err
	}
	printRevision(c.OutOrStdout(), revised.Revision)
	if !accept {
		fmt.Fprintln(c.OutOrStdout(), "\nNothing was changed. With --accept the walk goes on there, and what changed stands open.")
		return nil
	}
	if err := freed(c.Context(), old); err != nil {
		return err
	}
	return begin(c, w, keeper.Order{Plan: p.Plan, Source: p.Source, Documents: p.Beside, Revises: old})
}

func printRevision(out io.Writer, r steps.Revision) {
	fmt.Fprintf(out, "%d finished places are the same and stay finished.\n", len(r.Marks))
	for _, change := range r.Changed {
		fmt.Fprintf(out, "\n%s  %s\n  was %s, and is another now: it stands open\n", change.At, safe.Line(change.Title).Plain(), change.Status)
		fmt.Fprintf(out, "  - %s\n", strings.ReplaceAll(safe.Exact(change.Was).Plain(), "\n", "\n  - "))
		if change.Now == "" {
			fmt.Fprintln(out, "  it is gone")
			continue
		}
		fmt.Fprintf(out, "  + %s\n  now at %s\n", strings.ReplaceAll(safe.Exact(change.Now).Plain(), "\n", "\n  + "), change.NowAt)
	}
}

// resume attaches to a session's keeper, or takes the session up where its journal ends, and walks on.
func resume(c *cobra.Command, w walking, id string) error {
	dir, err := sessionDir(id)
	if err != nil {
		return err
	}
	if err := w.ready(); err != nil {
		return err
	}
	record, err := journal.OpenReadOnly(dir)
	if err != nil {
		return err // it knows best what is wrong with a session's directory
	}
	return errors.Join(record.Close(), walk(c, w, dir, keeper.Order{}))
}

// freed sees to it that no keeper holds a session. One that is needed stays, and the error says by whom.
func freed(ctx context.Context, dir string) error {
	if err := keeper.End(ctx, dir); !errors.Is(err, keeper.ErrNone) {
		return err
	}
	return nil
}

// walked is a session as a walk meets it, in a keeper or in this process.
type walked struct {
	tui.Session
	byFile tui.Session // the same, as the answers file speaks
	plan   *runbook.Plan
	label  string          // who this walk is to the others
	lost   <-chan struct{} // closed when it is out of reach
	why    func() error
	leave  func() error
}

// Lost is the screen's: it says so and stays, with what was last seen.
func (s walked) Lost() <-chan struct{} { return s.lost }

func (s walked) state() steps.State {
	events, _ := s.Facts(0)
	return steps.Replay(s.plan, events)
}

// walk shows a session until the operator leaves it, and says how to come back.
func walk(c *cobra.Command, w walking, dir string, order keeper.Order) (err error) {
	order.Unattended, order.Linger = w.unattended, w.linger
	order.Hooks, order.HooksInRehearsal, order.Mirror = w.hooks, w.rehearsed, mirror.News(dir, w.mirror)
	s, err := w.open(c, dir, order.WithLogin())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(c.Context())
	defer cancel(nil)
	go func() {
		select {
		case <-s.lost:
			cancel(s.why())
		case <-ctx.Done():
		}
	}()
	err = w.show(ctx, c, s)
	if errors.Is(context.Cause(ctx), keeper.ErrLost) {
		err = context.Cause(ctx)
	}
	closed := s.state().Closed() != nil
	err = errors.Join(err, s.leave())
	if closed {
		fmt.Fprintf(c.ErrOrStderr(), "gatewalk: the record: gatewalk export %s\n", filepath.Base(dir))
	} else {
		fmt.Fprintf(c.ErrOrStderr(), "gatewalk: the session is kept; go on with: gatewalk resume %s\n", filepath.Base(dir))
	}
	return err
}

// open reaches the session in its keeper, or holds it in this process.
func (w *walking) open(c *cobra.Command, dir string, order keeper.Order) (walked, error) {
	if w.noKeeper {
		return w.hold(c.Context(), dir, order)
	}
	client, err := keeper.Open(c.Context(), dir, session.Terminal(), order)
	if err != nil {
		return walked{}, err
	}
	status := client.Status()
	fmt.Fprintf(c.ErrOrStderr(), "gatewalk: process %d keeps the session (%s)\n", status.PID, status.Manner)
	var person tui.Session = client
	if !terminal.Is(os.Stdin) {
		person = client.ByFile(pipe)
	}
	return walked{person, client.ByFile(filepath.Base(w.file)), client.Plan(), client.Label(), client.Lost(), client.Err, leaving(c.Context(), client)}, nil
}

// leaving is how a screen goes: it says so, unless a signal ends it. Then its terminal is gone, and that is what the record says.
func leaving(ctx context.Context, client *keeper.Client) func() error {
	return func() error {
		if ctx.Err() != nil {
			return client.Drop()
		}
		return client.Close()
	}
}

// pipe is who speaks where no terminal is.
const pipe = "standard input"

// hold opens a session in this process. It ends with it; what runs goes on.
func (w *walking) hold(ctx context.Context, dir string, order keeper.Order) (walked, error) {
	if err := freed(ctx, dir); err != nil {
		return walked{}, err
	}
	held, err := journal.Open(dir)
	if err != nil {
		return walked{}, err
	}
	person := session.Operator()
	s, err := openSession(held, order, session.Options{Actor: person, Terminal: session.Terminal()})
	if err != nil {
		return walked{}, err
	}
	end := keeper.Beside(s, order)
	file := person
	file.Via, file.File = steps.Answers, filepath.Base(w.file)
	if !terminal.Is(os.Stdin) {
		person.Via, person.File = steps.Answers, pipe
	}
	return walked{s.As(person), s.As(file), s.State().Plan(), person.Label(), nil, nil, func() error {
		end()
		return s.Close()
	}}, nil
}

// show walks on the screen or as lines.
func (w *walking) show(ctx context.Context, c *cobra.Command, s walked) error {
	if w.lines() {
		return w.showLines(ctx, c, s)
	}
	if err := tui.Run(c.Context(), s, screen(s)); err != nil {
		return err
	}
	return left(s.state())
}

// left is how a screen was left: closed, stopped by a no-go or a failure, or parked.
func left(state steps.State) error {
	place, trouble := state.Trouble()
	switch status := state.Spot(place).Status; {
	case state.Closed() != nil && state.Closed().Outcome == "completed":
		return nil
	case state.Closed() != nil:
		return plain.ErrStopped
	case trouble && (status == steps.StatusRefused || status == steps.StatusFailed):
		return fmt.Errorf("%s stands at %q: %w", state.Name(place), status, plain.ErrFailed)
	}
	return plain.ErrParked
}

// showLines walks as lines. What an answers file says is stamped as said by that file, and so is what comes through a pipe.
func (w *walking) showLines(ctx context.Context, c *cobra.Command, s walked) error {
	columns, _ := terminal.Size(os.Stdout)
	interrupts, stop := terminal.Interrupts()
	defer stop()
	return plain.Walk(ctx, s, os.Stdin, c.OutOrStdout(), plain.Options{
		Plan: s.plan, Operator: session.Operator().Name, Label: s.label, Now: time.Now, Width: min(columns, 100), Answers: w.answers, ByFile: s.byFile,
		Interactive: terminal.Is(os.Stdin), Code: func() string { return fmt.Sprintf("%03d", rand.IntN(1000)) }, Drain: func() { terminal.Drain(os.Stdin) }, Echo: func(on bool) error { return terminal.Echo(os.Stdin, on) },
		Interrupts: interrupts,
	})
}

// screen is what the screen is told about this terminal.
func screen(s walked) tui.Options {
	columns, rows := terminal.Size(os.Stdout)
	events, _ := s.Facts(0)
	return tui.Options{
		Plan: s.plan, Events: events, Operator: session.Operator().Name, Label: s.label, Host: s.state().Opened().Machine, Now: time.Now,
		Width: columns, Height: rows, IsDark: true, NoColor: os.Getenv("NO_COLOR") != "", SSH: os.Getenv("SSH_CONNECTION") != "",
	}
}

// keeperVerb is what a keeper's process runs.
func keeperVerb() *cobra.Command {
	return &cobra.Command{
		Use: keeper.Word + " DIR HOW", Hidden: true, Args: cobra.ExactArgs(2), Short: "Hold a session for its screens",
		RunE: func(c *cobra.Command, args []string) error {
			return keeper.Serve(c.Context(), args[0], keeper.Options{How: args[1], Open: keepSession, Beside: keeper.Beside})
		},
	}
}

// keepSession opens a session in its keeper, whose process takes on the operator's login as far as it can be taken on.
func keepSession(held *journal.Journal, order keeper.Order, screen session.Options) (*session.Session, error) {
	os.Clearenv()
	for _, setting := range order.Login() {
		if name, value, ok := strings.Cut(setting, "="); ok && name != "" {
			if err := os.Setenv(name, value); err != nil {
				return nil, errors.Join(err, held.Close())
			}
		}
	}
	unix.Umask(order.Umask)
	return openSession(held, order, screen)
}

// openSession does what is ordered in a journal that is held.
func openSession(held *journal.Journal, order keeper.Order, screen session.Options) (*session.Session, error) {
	options := session.ThisMachine()
	options.Actor, options.Terminal, options.Keeper = screen.Actor, screen.Terminal, screen.Keeper
	options.Unattended, options.Documents = order.Unattended, order.Documents
	switch {
	case order.Plan == nil:
		return session.Reopen(held, whereItWas, options)
	case order.Revises != "":
		revised, err := session.Revise(order.Revises, order.Plan)
		if err != nil {
			return nil, errors.Join(err, held.Close())
		}
		return revised.Begin(held, order.Source, whereItWas, options)
	case order.Site != "":
		return session.Begin(held, order.Plan, order.Source, onSite(order.Faults), options.OnSite(order.Plan, order.Site))
	}
	options.Inherited = session.Inherit(order.Plan, order.Login())
	return session.Begin(held, order.Plan, order.Source, onThisMachine, options)
}

// onThisMachine runs commands here.
func onThisMachine(dir string, _ steps.Opened) (exec.Runner, error) {
	return local.New(dir, local.Options{}), nil
}

// onSite runs commands on the simulated site of a shipped runbook.
func onSite(faults []string) session.MakeRunner {
	return func(dir string, opened steps.Opened) (exec.Runner, error) {
		_, site, err := runbooks.Open(opened.Site)
		if err != nil {
			return nil, err
		}
		return rehearse.New(dir, site, rehearse.Options{Host: opened.Machine, User: opened.User, Faults: faults})
	}
}

// whereItWas runs commands where the session ran them before.
func whereItWas(dir string, opened steps.Opened) (exec.Runner, error) {
	if opened.Simulated {
		return onSite(nil)(dir, opened)
	}
	return onThisMachine(dir, opened)
}

// holding says who holds a session, and for how many screens; "" where nobody does.
func holding(ctx context.Context, entry journal.Entry) string {
	if entry.Holder == nil {
		return ""
	}
	status, err := keeper.Look(ctx, entry.Dir)
	switch {
	case errors.Is(err, keeper.ErrNone):
		return "open in " + entry.Holder.String()
	case err != nil:
		return err.Error()
	case len(status.Screens) == 0:
		return fmt.Sprintf("kept by process %d, no screen attached", status.PID)
	case len(status.Screens) == 1:
		return fmt.Sprintf("kept by process %d for 1 screen: %s", status.PID, status.Screens[0])
	}
	return fmt.Sprintf("kept by process %d for %d screens: %s", status.PID, len(status.Screens), strings.Join(status.Screens, ", "))
}
