// Gatewalk walks an operator through a published procedure: it reads it, runs its commands, stops at its gates, survives a
// disconnect, and leaves a record that can be checked.
//
// This file holds the verbs and the wiring, one small function a verb; everything else lives in a room of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"gatewalk/exec"
	"gatewalk/exec/hook"
	"gatewalk/exec/journal"
	"gatewalk/exec/keeper"
	"gatewalk/exec/local"
	"gatewalk/exec/mirror"
	"gatewalk/exec/move"
	"gatewalk/exec/procedure"
	"gatewalk/exec/rehearse"
	"gatewalk/exec/session"
	"gatewalk/runbook"
	"gatewalk/runbook/doc"
	"gatewalk/runbook/lint"
	"gatewalk/runbooks"
	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui"
	"gatewalk/tui/plain"
	"gatewalk/tui/terminal"
)

// The exit codes, as `gatewalk help` documents them.
const (
	exitDone    = 0
	exitError   = 1
	exitStopped = 3
	exitParked  = 4
	exitRecord  = 5
	exitLint    = 6
)

const exitCodes = `Exit codes:
  0  done
  1  something went wrong, or the command line was not understood
  3  the walk stopped: a step failed, or someone said no-go
  4  the walk was left; gatewalk resume goes on
  5  a record does not hold
  6  lint found something`

// A process that was started beside a command, as its shim, does not come here: see exec/local.
func main() { os.Exit(run()) }

// run is the program, its error on standard error, its exit code as documented.
func run() int {
	if terminal.Is(os.Stdin) && terminal.Broken(os.Stdin) {
		terminal.Sane(os.Stdin, os.Stderr)
		fmt.Fprintln(os.Stderr, "gatewalk: this terminal was left as by a screen that was killed; it was put right, and if it still looks wrong, type: reset")
	}
	kept := terminal.Keep(os.Stdin)
	defer kept.Restore()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	err := verbs().ExecuteContext(ctx)
	if err != nil && !errors.Is(err, plain.ErrParked) {
		fmt.Fprintln(os.Stderr, "gatewalk:", safe.Of(err.Error()).Plain())
	}
	return exitCode(err)
}

func exitCode(err error) int {
	var damage *journal.Damage
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, plain.ErrFailed), errors.Is(err, plain.ErrStopped):
		return exitStopped
	case errors.Is(err, plain.ErrParked):
		return exitParked
	case errors.Is(err, errRecord), errors.As(err, &damage):
		return exitRecord
	case errors.Is(err, errLint):
		return exitLint
	}
	return exitError
}

func verbs() *cobra.Command {
	root := &cobra.Command{
		Use:   "gatewalk",
		Short: "Walk through a published procedure: run it, check it, stop at its gates, keep the record",
		Long: "Gatewalk reads a published procedure, makes an executable tree of steps out of it, and walks an operator through it.\n" +
			"Without a verb it lists the runbooks that can be rehearsed and the sessions that can be resumed.\n\n" + exitCodes,
		Version:       session.Build(),
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(c *cobra.Command, _ []string) error { return choose(c.Context(), c.OutOrStdout()) },
	}
	root.AddCommand(planVerb(), lintVerb(), runVerb(), rehearseVerb(), resumeVerb(), moveVerb(), keeperVerb(), exportVerb(), verifyVerb(), logVerb())
	root.AddCommand(&cobra.Command{Use: "hooks", Short: "What a site's own commands are told of, and where they stand", Long: hook.Help})
	root.AddCommand(&cobra.Command{Use: "annotations", Short: "How a document says for certain how it is meant, or a site beside it", Long: runbook.AnnotationsHelp})
	root.AddCommand(&cobra.Command{Use: "answers", Short: "What an answers file may hold", Long: plain.AnswersHelp})
	return explained(root)
}

// explained has every verb say of a command line that it does not understand how it is meant.
func explained(root *cobra.Command) *cobra.Command {
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; %s --help lists them", err, c.CommandPath())
	})
	root.InitDefaultHelpCmd()
	root.Args = aVerb(root)
	for _, verb := range root.Commands() {
		switch {
		case verb.Name() == "help":
			verb.Args = aVerb(root)
		case verb.Args != nil:
			verb.Args = asItIsUsed(verb.Args)
		}
	}
	return root
}

// aVerb wants what is named to be a verb.
func aVerb(root *cobra.Command) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if found, rest, _ := root.Find(args); found == root && len(rest) > 0 {
			return fmt.Errorf("there is no verb %q; gatewalk help lists them", rest[0])
		}
		return nil
	}
}

// asItIsUsed says how a verb is used where it was given too much or too little.
func asItIsUsed(fits cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if fits(c, args) == nil {
			return nil
		}
		return fmt.Errorf("it is %s; %s --help explains it", strings.TrimSuffix(c.UseLine(), " [flags]"), c.CommandPath())
	}
}

// reading has the command line say how a document is read, and how much of the folder around it.
func reading(c *cobra.Command, options *procedure.Options) {
	c.Flags().StringVar(&options.Syntax, "syntax", "", "how a procedure is written, where its name and content say it wrongly: "+strings.Join(runbook.Syntaxes(), ", "))
	c.Flags().BoolVar(&options.Follow, "follow", false, "read the procedures that the document calls in other files, and walk them where they are called")
	c.Flags().BoolVar(&options.NoOverlay, "no-overlay", false, "leave the site's overlay NAME.gatewalk.yaml beside the document out")
	c.Flags().StringVar(&options.Root, "root", "", "with --follow: the folder that no file is read outside of (else the git work tree around the document, or its folder)")
}

func planVerb() *cobra.Command {
	var options procedure.Options
	var values string
	var asJSON, asDiff, asMarkdown bool
	c := &cobra.Command{
		Use:   "plan FILE | --diff OLD NEW",
		Short: "Print a procedure as it will be walked, and what is still missing",
		Example: "  gatewalk plan rollout.md\n" +
			"  gatewalk plan rollout.md --values site.yaml\n" +
			"  gatewalk plan --diff rollout-24.7.md rollout-24.11.md   # what changed, step by step\n" +
			"  gatewalk plan --diff rollout.md rollout.md   # what the site's overlay changes\n" +
			"  gatewalk plan --markdown rollout.rst > rollout.md   # to annotate\n" +
			"  ssh ncn-m001 cat rollout.md | gatewalk plan -   # from standard input\n" +
			"  gatewalk plan rollout.md --json | jq '.blocks[] | select(.gate != \"none\")'",
		Args: func(c *cobra.Command, args []string) error {
			if asDiff {
				return cobra.ExactArgs(2)(c, args)
			}
			return cobra.ExactArgs(1)(c, args)
		},
	}
	reading(c, &options)
	c.Flags().StringVar(&values, "values", "", "YAML file of values to fill in, name: value")
	c.Flags().BoolVar(&asJSON, "json", false, "print what was read, with the rule and the line behind each belief")
	c.Flags().BoolVar(&asDiff, "diff", false, "say what changed from one version of a procedure to another: plan --diff OLD NEW")
	c.Flags().BoolVar(&asMarkdown, "markdown", false, "print the document as Markdown that says the same, whatever it is written in")
	c.RunE = func(c *cobra.Command, args []string) error {
		if asDiff {
			return printDiff(c.OutOrStdout(), args[0], args[1], options, asJSON)
		}
		p, err := procedure.Read(args[0], options)
		if err != nil {
			return err
		}
		if asJSON {
			return p.Plan.WriteJSON(c.OutOrStdout())
		}
		if asMarkdown {
			return printMarkdown(c.OutOrStdout(), p)
		}
		given, err := procedure.ReadValues(values)
		if err != nil {
			return err
		}
		return errors.Join(p.Plan.WriteText(c.OutOrStdout(), given), lint.WriteText(c.OutOrStdout(), lint.Console(p.Plan, session.ThisMachine().Machine)))
	}
	return c
}

// printMarkdown prints a document in one syntax. A terminal is shown what it cannot print by its code points.
func printMarkdown(out io.Writer, p procedure.Procedure) error {
	text, err := p.Markdown()
	if err != nil {
		return err
	}
	if terminal.Is(os.Stdout) {
		text = []byte(doc.Printable(string(text)))
	}
	_, err = out.Write(text)
	return err
}

// printDiff says what changed from one version of a procedure to another.
func printDiff(out io.Writer, old, new string, options procedure.Options, asJSON bool) error {
	changes, err := procedure.Compare(old, new, options)
	if err != nil {
		return err
	}
	if asJSON {
		return changes.WriteJSON(out)
	}
	return changes.WriteText(out)
}

func lintVerb() *cobra.Command {
	var options procedure.Options
	var values string
	var except []string
	var asJSON bool
	c := &cobra.Command{
		Use:   "lint FILE...",
		Short: "Say what an operator would stumble over in a procedure; nothing is run",
		Long:  "Lint reads procedures and says, line by line, what an operator would stumble over. Its rules:\n\n" + lint.Help(),
		Example: "  gatewalk lint rollout.md\n  gatewalk lint *.md --except hosts,values\n" +
			"  gatewalk lint rollout.md --follow   # with the procedures that it calls in other files\n" +
			"  gatewalk lint rollout.md --no-overlay   # as the vendor wrote it\n" +
			"  gatewalk lint rollout.md --json | jq '.findings[] | select(.severity == \"error\")'",
		Args: cobra.MinimumNArgs(1),
	}
	reading(c, &options)
	c.Flags().StringVar(&values, "values", "", "YAML file of values that are known, name: value")
	c.Flags().StringSliceVar(&except, "except", nil, "rules that are not asked")
	c.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	c.RunE = func(c *cobra.Command, args []string) error {
		given, err := procedure.ReadValues(values)
		if err != nil {
			return err
		}
		var findings []lint.Finding
		for _, name := range args {
			found, err := procedure.Lint(name, options, lint.Options{Values: given, Except: except})
			if err != nil {
				return err
			}
			findings = append(findings, found...)
		}
		if err := printFindings(c.OutOrStdout(), findings, asJSON); err != nil || len(findings) == 0 {
			return err
		}
		return fmt.Errorf("%d %w", len(findings), errLint)
	}
	return c
}

var errLint = errors.New("findings; correct them, annotate the document (gatewalk help annotations), or leave a rule out with --except")

func printFindings(out io.Writer, findings []lint.Finding, asJSON bool) error {
	if asJSON {
		return lint.WriteJSON(out, findings)
	}
	return lint.WriteText(out, findings)
}

func runVerb() *cobra.Command {
	var w walking
	var options procedure.Options
	c := &cobra.Command{
		Use:     "run FILE",
		Short:   "Walk through a procedure on this machine",
		Example: "  gatewalk run rollout.md\n  gatewalk run rollout.md --plain",
		Args:    cobra.ExactArgs(1),
	}
	w.flags(c)
	reading(c, &options)
	c.RunE = func(c *cobra.Command, args []string) error {
		p, err := procedure.Read(args[0], options)
		if err != nil {
			return err
		}
		return begin(c, w, keeper.Order{Plan: p.Plan, Source: p.Source, Documents: p.Beside})
	}
	return c
}

func rehearseVerb() *cobra.Command {
	var w walking
	var faults []string
	c := &cobra.Command{
		Use:   "rehearse NAME",
		Short: "Walk through a shipped runbook on a simulated site; nothing real is touched",
		Example: "  gatewalk rehearse csm-management-rollout\n" +
			"  gatewalk rehearse csm-management-rollout --fault canary-fails",
		Args:      cobra.ExactArgs(1),
		ValidArgs: runbooks.Names(),
	}
	w.flags(c)
	w.rehearsalFlag(c)
	c.Flags().StringSliceVar(&faults, "fault", nil, "let something go wrong, by name:\n"+runbooks.FaultsHelp())
	c.RunE = func(c *cobra.Command, args []string) error {
		source, _, err := runbooks.Open(args[0])
		if err != nil {
			return err
		}
		plan, err := runbook.Read(args[0]+".md", source)
		if err != nil {
			return err
		}
		if err := runbooks.CheckFaults(args[0], faults); err != nil {
			return err
		}
		return begin(c, w, keeper.Order{Plan: plan, Source: source, Site: args[0], Faults: faults})
	}
	return c
}

func resumeVerb() *cobra.Command {
	var w walking
	var options procedure.Options
	var revised string
	var accept bool
	c := &cobra.Command{
		Use:   "resume [ID|FILE]",
		Short: "Go on with a session where its journal ends, or with one that was moved here in a file; without either, list them",
		Example: "  gatewalk resume\n  gatewalk resume 20261121-0200\n" +
			"  gatewalk resume /mnt/usb/rollout.gatewalk   # as gatewalk move wrote it on another machine\n" +
			"  gatewalk resume 20261121-0200 --revised rollout.md   # what of it is done stays done, by content\n" +
			"  gatewalk resume 20261121-0200 --accept   # of a damaged one: go on in a new session, as far as it holds",
		Args: cobra.MaximumNArgs(1),
	}
	w.flags(c)
	reading(c, &options)
	w.rehearsalFlag(c)
	c.Flags().StringVar(&revised, "revised", "", "go on in another version of the procedure; what changed stands open again")
	c.Flags().BoolVar(&accept, "accept", false, "with --revised, or of a damaged session: do so; without it, only say what would be carried")
	c.RunE = func(c *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return keeper.List(c.Context(), c.OutOrStdout())
		case revised != "":
			return revise(c, w, args[0], revised, options, accept)
		case accept:
			return goOn(c, w, args[0])
		case move.IsFile(args[0]):
			if err := w.ready(); err != nil {
				return err
			}
			id, err := arrive(c, args[0])
			if err != nil {
				return err
			}
			args[0] = id
		}
		return resume(c, w, args[0])
	}
	c.ValidArgsFunction = sessionNames
	return c
}

func moveVerb() *cobra.Command {
	var reason string
	var receive bool
	c := &cobra.Command{
		Use:   "move ID HOST|FILE",
		Short: "Seal a session here and go on with it on another machine",
		Long: "Move seals a session here, where nothing more happens in it then, and takes it to another machine.\n\n" +
			"HOST is reached by the system's ssh, and needs gatewalk on the path of a command there. FILE is a new file, told from a\n" +
			"host by a slash or by its extension " + move.Extension + "; take it there yourself, and go on with gatewalk resume FILE.\n" +
			"What was said to be this machine is asked for again there. A command that runs keeps the session here.",
		Example: "  gatewalk move 20261121-0200 ncn-m002\n" +
			"  gatewalk move 20261121-0200 /mnt/usb/rollout.gatewalk",
		Args: func(c *cobra.Command, args []string) error {
			if receive {
				return cobra.NoArgs(c, args)
			}
			return cobra.ExactArgs(2)(c, args)
		},
		ValidArgsFunction: sessionNames,
	}
	c.Flags().StringVar(&reason, "reason", "", "why it is moved once more, where the first move never arrived")
	c.Flags().BoolVar(&receive, "receive", false, "take up a session from standard input: what move runs on the other host")
	_ = c.Flags().MarkHidden("receive") // it fails for a flag that is not there
	c.RunE = func(c *cobra.Command, args []string) error {
		if receive {
			return receiveSession(c)
		}
		return moveSession(c, args[0], args[1], reason)
	}
	return c
}

// moveSession seals a session and sends it away. A keeper that nobody needs lets go of it.
func moveSession(c *cobra.Command, id, to, reason string) error {
	dir, err := journal.Find(id)
	if err != nil {
		return err
	}
	if err := move.Check(dir, session.ThisMachine()); err != nil {
		return err
	}
	if err := keeper.Free(c.Context(), dir); err != nil {
		return err
	}
	leaving, err := move.Leave(dir, session.ThisMachine())
	if err != nil {
		return err
	}
	defer leaving.Close()
	if move.IsFile(to) {
		if err := leaving.ToFile(to, reason); err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "sealed here; on the other machine: gatewalk resume %s\n", leaving.Moved().To)
		return mirror.Update(c.Context(), dir)
	}
	machine, err := leaving.ToHost(c.Context(), to, reason, c.ErrOrStderr())
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "sealed here, and taken up on %s; there: gatewalk resume %s\n", safe.Line(machine).Plain(), leaving.ID())
	return mirror.Update(c.Context(), dir)
}

func receiveSession(c *cobra.Command) error {
	root, err := journal.Root()
	if err != nil {
		return err
	}
	return move.Receive(c.InOrStdin(), c.OutOrStdout(), root, session.ThisMachine(), move.DefaultLimits)
}

// arrive takes up a session from a file that gatewalk move wrote, and answers its id.
func arrive(c *cobra.Command, name string) (id string, err error) {
	root, err := journal.Root()
	if err != nil {
		return "", err
	}
	arrived, err := move.ArriveFile(name, root, session.ThisMachine(), move.DefaultLimits)
	if err == nil && !arrived.Before {
		fmt.Fprintf(c.ErrOrStderr(), "gatewalk: %s arrived from %s; all its digests hold\n", arrived.ID, safe.Line(arrived.From).Plain())
	}
	return arrived.ID, err
}

func exportVerb() *cobra.Command {
	var format, file string
	c := &cobra.Command{
		Use:               "export ID",
		Short:             "Write the record of a session: deviations first, then the walk",
		Example:           "  gatewalk export 20261121-0200 > transcript.md\n  gatewalk export 20261121-0200 --format json | jq .deviations",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sessionNames,
	}
	c.Flags().StringVar(&format, "format", "md", session.Formats)
	c.Flags().StringVarP(&file, "output", "o", "", "write to a new file, readable by its owner only")
	c.RunE = func(c *cobra.Command, args []string) error {
		return withRecord(args[0], func(reader *journal.Reader) error {
			if file == "" {
				return session.Export(c.OutOrStdout(), format, reader)
			}
			return session.ExportFile(file, format, reader)
		})
	}
	return c
}

func verifyVerb() *cobra.Command {
	return &cobra.Command{
		Use:               "verify ID",
		Short:             "Check a record: the chain, the plan, the sources, every output",
		Example:           "  gatewalk verify 20261121-0200\n  gatewalk verify /mnt/other/20261121-0200   # a copy of it",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: sessionNames,
		RunE: func(c *cobra.Command, args []string) error {
			dir, err := journal.FindRecord(args[0])
			if err != nil {
				return err
			}
			report, err := journal.Verify(dir)
			if err != nil {
				return err
			}
			report.WriteText(c.OutOrStdout())
			move.WriteMoves(c.OutOrStdout(), dir)
			if !report.Holds() {
				return errRecord
			}
			return nil
		},
	}
}

var errRecord = errors.New("the record does not hold; keep the directory as it is and compare it with a copy")

func logVerb() *cobra.Command {
	var follow bool
	c := &cobra.Command{
		Use:               "log ID [STEP]",
		Short:             "Print what a session's commands printed, made safe to show; of one step and all within it, by its path or line",
		Example:           "  gatewalk log 20261121-0200\n  gatewalk log 20261121-0200 3.1/2 -f",
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: sessionNames,
	}
	c.Flags().BoolVarP(&follow, "follow", "f", false, "go on while the session lives")
	c.RunE = func(c *cobra.Command, args []string) error {
		return withRecord(args[0], func(reader *journal.Reader) error {
			return session.Log(c.Context(), c.OutOrStdout(), reader, strings.Join(args[1:], ""), follow)
		})
	}
	return c
}

// choose lists what can be rehearsed and what can be resumed.
func choose(ctx context.Context, out io.Writer) error {
	fmt.Fprintln(out, "Runbooks to rehearse (nothing real is touched):")
	for _, entry := range runbooks.List() {
		fmt.Fprintf(out, "  gatewalk rehearse %s\n      %s\n", entry.Name, entry.Title)
	}
	fmt.Fprintln(out, "\nSessions:")
	if err := keeper.List(ctx, out); err != nil {
		return err
	}
	fmt.Fprintln(out, "\nA procedure of your own: gatewalk plan FILE, then gatewalk run FILE. All verbs: gatewalk help")
	return nil
}

// readAnswers reads what speaks for the operator; nil without a file.
func readAnswers(name string) (*plain.Answers, error) {
	if name == "" {
		return nil, nil
	}
	source, err := procedure.ReadSource(name)
	if err != nil {
		return nil, err
	}
	return plain.ReadAnswers(name, source)
}

// withRecord opens a session to look at it, whoever holds it.
func withRecord(id string, look func(*journal.Reader) error) error {
	dir, err := journal.FindRecord(id)
	if err != nil {
		return err
	}
	reader, err := journal.OpenReadOnly(dir)
	if err != nil {
		return err
	}
	defer reader.Close()
	return look(reader)
}

func sessionNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	entries, err := journal.Sessions()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	for _, entry := range entries {
		names = append(names, entry.ID)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

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
	if !w.lines() && (!terminal.Is(os.Stdin) || !terminal.Draws(os.Stdout)) {
		return errors.New("there is no terminal that can be drawn on; walk it as lines with --plain")
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
	dir, err := session.NewDir(order.Plan.Source)
	if err != nil {
		return err
	}
	return walk(c, w, dir, order)
}

// revise says what becomes of a session's progress in another version of its procedure, and with the operator's word goes on there.
func revise(c *cobra.Command, w walking, id, name string, options procedure.Options, accept bool) error {
	old, err := journal.Find(id)
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
	revised.WriteText(c.OutOrStdout())
	if !accept {
		fmt.Fprintln(c.OutOrStdout(), "\nNothing was changed. With --accept the walk goes on there, and what changed stands open.")
		return nil
	}
	return beginFrom(c, w, old, keeper.Order{Plan: p.Plan, Source: p.Source, Documents: p.Beside})
}

// goOn goes on from a damaged session in a new one, with the procedure that is stored in it.
func goOn(c *cobra.Command, w walking, id string) error {
	old, stored, revised, err := damaged(id)
	if err != nil {
		return err
	}
	if revised.Damaged() == nil {
		return fmt.Errorf("%s: it is not damaged; gatewalk resume %[1]s goes on with it, and --accept is for --revised", filepath.Base(old))
	}
	revised.WriteText(c.OutOrStdout())
	return beginFrom(c, w, old, keeper.Order{Plan: stored.Plan, Source: stored.Source, Documents: stored.Documents})
}

// offer says of a damaged session what was lost, and how to go on.
func offer(c *cobra.Command, id string) {
	if old, _, revised, err := damaged(id); err == nil && revised.Damaged() != nil {
		revised.WriteText(c.OutOrStdout())
		fmt.Fprintf(c.OutOrStdout(), "\nNothing was changed. To go on in a new session: gatewalk resume %s --accept\n", filepath.Base(old))
	}
}

// damaged is a session with what is stored in it, and what becomes of its progress if it is gone on from.
func damaged(id string) (dir string, stored session.Stored, revised *session.Revised, err error) {
	if dir, err = journal.Find(id); err != nil {
		return dir, stored, nil, err
	}
	if stored, err = session.StoredIn(dir); err != nil {
		return dir, stored, nil, err
	}
	revised, err = session.Revise(dir, stored.Plan)
	return dir, stored, revised, err
}

// beginFrom begins a session that goes on from an old one, which no keeper holds any more.
func beginFrom(c *cobra.Command, w walking, old string, order keeper.Order) error {
	if err := keeper.Free(c.Context(), old); err != nil {
		return err
	}
	order.Revises = old
	return begin(c, w, order)
}

// resume attaches to a session's keeper, or takes the session up where its journal ends, and walks on.
func resume(c *cobra.Command, w walking, id string) error {
	dir, err := journal.Find(id)
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
	err = errors.Join(record.Close(), walk(c, w, dir, keeper.Order{}))
	if errors.As(err, new(*journal.Damage)) {
		offer(c, id)
	}
	return err
}

// walk shows a session until the operator leaves it, and says how to come back.
func walk(c *cobra.Command, w walking, dir string, order keeper.Order) (err error) {
	order.Unattended, order.Linger = w.unattended, w.linger
	order.Hooks, order.HooksInRehearsal, order.Mirror = w.hooks, w.rehearsed, mirror.News(dir, w.mirror)
	s, err := w.reach(c, dir, order.WithLogin())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(c.Context())
	defer cancel(nil)
	go func() {
		select {
		case <-s.Lost():
			cancel(s.Why())
		case <-ctx.Done():
		}
	}()
	err = w.show(ctx, c, s)
	if errors.Is(context.Cause(ctx), keeper.ErrLost) {
		_ = s.Leave(true) // nobody is there to take it
		return fmt.Errorf("%w:\n  gatewalk resume %s", context.Cause(ctx), filepath.Base(dir))
	}
	closed := s.State().Closed() != nil
	err = errors.Join(err, s.Leave(c.Context().Err() != nil))
	if closed {
		fmt.Fprintf(c.ErrOrStderr(), "gatewalk: the record: gatewalk export %s\n", filepath.Base(dir))
	} else {
		fmt.Fprintf(c.ErrOrStderr(), "gatewalk: the session is kept; go on with\n  gatewalk resume %s\n", filepath.Base(dir))
	}
	return err
}

// reach reaches the session in its keeper, or holds it in this process.
func (w *walking) reach(c *cobra.Command, dir string, order keeper.Order) (keeper.Reached, error) {
	who := keeper.Speaking{File: filepath.Base(w.file)}
	if !terminal.Is(os.Stdin) {
		who.Pipe = "standard input"
	}
	if w.noKeeper {
		return keeper.Hold(c.Context(), dir, order, runners, who)
	}
	s, err := keeper.Reach(c.Context(), dir, order, who)
	if err == nil {
		fmt.Fprintf(c.ErrOrStderr(), "gatewalk: process %d keeps the session (%s)\n", s.Kept.PID, s.Kept.Manner)
	}
	return s, err
}

// show walks on the screen or as lines.
func (w *walking) show(ctx context.Context, c *cobra.Command, s keeper.Reached) error {
	if w.lines() {
		return w.showLines(ctx, c, s)
	}
	if err := tui.Run(c.Context(), s, screen(s)); err != nil {
		return err
	}
	return left(s.State())
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
func (w *walking) showLines(ctx context.Context, c *cobra.Command, s keeper.Reached) error {
	columns, _ := terminal.Size(os.Stdout)
	interrupts, stop := terminal.Interrupts()
	defer stop()
	whole, restore := wholeTerminal()
	defer restore()
	return plain.Walk(ctx, s, os.Stdin, c.OutOrStdout(), plain.Options{
		Plan: s.Plan, Operator: session.Operator().Name, Label: s.Label, Now: time.Now, Width: min(columns, 100), Answers: w.answers, ByFile: s.ByFile,
		Interactive: terminal.Is(os.Stdin), Code: func() string { return fmt.Sprintf("%03d", rand.IntN(1000)) }, Drain: func() { terminal.Drain(os.Stdin) }, Echo: func(on bool) error { return terminal.Echo(os.Stdin, on) },
		Interrupts: interrupts, Terminal: whole,
	})
}

// wholeTerminal is the terminal as a walk of lines gives it to a command; nil where it cannot be drawn on.
func wholeTerminal() (whole *plain.Terminal, stop func()) {
	if !terminal.Is(os.Stdin) || !terminal.Draws(os.Stdout) {
		return nil, func() {}
	}
	resized, stop := terminal.Resized()
	return &plain.Terminal{
		Keys: func() (func() error, error) { return terminal.Keys(os.Stdin) }, Size: func() (int, int) { return terminal.Size(os.Stdout) },
		Resized: resized, Colours: os.Getenv("NO_COLOR") == "",
	}, stop
}

// screen is what the screen is told about this terminal.
func screen(s keeper.Reached) tui.Options {
	columns, rows := terminal.Size(os.Stdout)
	events, _ := s.Facts(0)
	return tui.Options{
		Plan: s.Plan, Events: events, Operator: session.Operator().Name, Label: s.Label, Host: s.State().Opened().Machine, Now: time.Now,
		Width: columns, Height: rows, IsDark: true, NoColor: os.Getenv("NO_COLOR") != "", SSH: os.Getenv("SSH_CONNECTION") != "", Kept: s.Kept.PID != 0,
		EndsAtLogout: s.Kept.Manner.Warning != "",
	}
}

// keeperVerb is what a keeper's process runs.
func keeperVerb() *cobra.Command {
	return &cobra.Command{
		Use: keeper.Word + " DIR HOW", Hidden: true, Args: cobra.ExactArgs(2), Short: "Hold a session for its screens",
		RunE: func(c *cobra.Command, args []string) error {
			return keeper.Serve(c.Context(), args[0], keeper.Options{How: args[1], Open: runners.Keep, Beside: keeper.Beside})
		},
	}
}

// runners are where commands can be run.
var runners = keeper.Runners{Here: onThisMachine, Site: onSite}

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
