package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"gatewalk/exec/journal"
	"gatewalk/exec/mirror"
	"gatewalk/exec/move"
	"gatewalk/exec/session"
	"gatewalk/runbook"
	"gatewalk/runbook/lint"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

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
	dir, err := sessionDir(id)
	if err != nil {
		return err
	}
	if err := move.Check(dir, session.ThisMachine()); err != nil {
		return err
	}
	if err := freed(c.Context(), dir); err != nil {
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
		return copySeal(c.Context(), dir)
	}
	machine, err := leaving.ToHost(c.Context(), to, reason, c.ErrOrStderr())
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "sealed here, and taken up on %s; there: gatewalk resume %s\n", safe.Line(machine).Plain(), leaving.ID())
	return copySeal(c.Context(), dir)
}

// copySeal has the copy of a session say, too, that it goes on elsewhere.
func copySeal(ctx context.Context, dir string) error {
	status, kept := mirror.Of(dir)
	if !kept {
		return nil
	}
	if _, err := journal.Copy(ctx, dir, filepath.Join(status.Place, filepath.Base(dir))); err != nil {
		return fmt.Errorf("the session was moved, but its mirror does not say so: %w", err)
	}
	return nil
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
	file, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("%s: cannot be read: %w; name the file that gatewalk move wrote", name, errors.Unwrap(err))
	}
	defer file.Close()
	arrived, err := move.Arrive(file, root, session.ThisMachine(), move.DefaultLimits)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	if !arrived.Before {
		fmt.Fprintf(c.ErrOrStderr(), "gatewalk: %s arrived from %s; all its digests hold\n", arrived.ID, safe.Line(arrived.From).Plain())
	}
	return arrived.ID, nil
}

// printMoves says from where to where a session was moved, as far as its journal holds.
func printMoves(out io.Writer, dir string) {
	reader, err := journal.OpenReadOnly(dir)
	if err != nil {
		return // a record of another user's is checked, not walked
	}
	defer reader.Close()
	events, _ := reader.Load(context.Background())
	for _, e := range events {
		for _, fact := range e.Facts {
			switch f := fact.(type) {
			case steps.Moved:
				fmt.Fprintf(out, "moved    to %s, by line %d\n", safe.Line(f.To).Plain(), e.Seq)
			case steps.Opened:
				if f.Arrived {
					fmt.Fprintf(out, "arrived  on %s, by line %d\n", safe.Line(f.Machine).Plain(), e.Seq)
				}
			}
		}
	}
}

// warnOfConsole says what a walk would do to the machine that it is on.
func warnOfConsole(out io.Writer, plan *runbook.Plan) error {
	return lint.WriteText(out, lint.Console(plan, session.ThisMachine().Machine))
}
