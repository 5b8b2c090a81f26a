package session

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gatewalk/exec"
	"gatewalk/exec/journal"
	"gatewalk/runbook"
	"gatewalk/steps"
)

// Revised is a walk about to go on in another version of its procedure.
type Revised struct {
	steps.Revision
	old  steps.State
	dir  string
	plan *runbook.Plan
	// damaged: the old journal can no longer be written; its marks are taken over as far as it holds.
	damaged bool
}

// Revise compares a session with another version of its procedure. It changes nothing. A session in which something runs,
// or whose end nobody saw, cannot go on elsewhere.
func Revise(dir string, plan *runbook.Plan) (*Revised, error) {
	old, err := stateOf(dir)
	damaged := errors.As(err, new(*journal.Damage))
	if err != nil && !damaged {
		return nil, err
	}
	place, trouble := old.Trouble()
	switch {
	case old.Closed() != nil:
		return nil, fmt.Errorf("%s: the session is closed (%s); begin a new one", dir, old.Closed().Outcome)
	case damaged: // what was running when the journal was cut stands open in the new session, with no mark
	case len(old.Running()) > 0:
		return nil, fmt.Errorf("%s: attempt %d has no end yet; resume the session and see to it first", dir, old.Running()[0])
	case trouble && old.Spot(place).Status == steps.StatusUnknown:
		return nil, fmt.Errorf("%s: nobody knows what became of %s; resume the session and decide first", dir, old.Name(place))
	}
	return &Revised{steps.Revise(old, plan), old, dir, plan, damaged}, nil
}

// Begin opens the session that goes on, with the marks that were carried and the shell's context as it was left, and
// closes the old one. Secrets are asked for again. The journal is the new session's, as with Begin.
func (r *Revised) Begin(held *journal.Journal, source []byte, runner MakeRunner, options Options) (*Session, error) {
	s, err := r.begin(held, source, runner, options)
	if err != nil {
		return nil, errors.Join(err, held.Close())
	}
	return s, s.report(steps.Carry{Marks: r.Marks})
}

func (r *Revised) begin(held *journal.Journal, source []byte, runner MakeRunner, options Options) (*Session, error) {
	opened := r.old.Opened()
	left := r.old.Context(opened.Machine, opened.User)
	if options.Machine != opened.Machine && !opened.Simulated {
		return nil, fmt.Errorf("%s: the session runs on %s and this is %s; go on there", r.dir, opened.Machine, options.Machine)
	}
	options.Machine, options.Simulated, options.Site = opened.Machine, opened.Simulated, opened.Site
	options.Continues, options.Context, options.Inherited = opened.Session, left.Digest, map[string]string{}
	for name, value := range left.Table {
		if value.Commitment == "" {
			options.Inherited[name] = value.Value
		}
	}
	if err := r.closeOld(held.ID(), runner, options); err != nil {
		return nil, err
	}
	return begin(held, r.plan, source, r.withContext(runner), options)
}

// closeOld writes into the old journal where the walk goes on. It needs the old session's lock, so nobody else walks it.
func (r *Revised) closeOld(id string, runner MakeRunner, options Options) error {
	if r.damaged {
		return nil
	}
	old, err := Resume(r.dir, runner, options)
	if err != nil {
		return err
	}
	return errors.Join(old.report(steps.Close{Outcome: "continued", Reason: "goes on in session " + id}), old.Close())
}

// withContext puts a copy of the old session's contexts where the new one's Runner looks for them.
func (r *Revised) withContext(runner MakeRunner) MakeRunner {
	return func(dir string, opened steps.Opened) (exec.Runner, error) {
		if opened.Context != "" {
			if err := os.CopyFS(filepath.Join(dir, "contexts"), os.DirFS(filepath.Join(r.dir, "contexts"))); err != nil {
				return nil, err
			}
		}
		return runner(dir, opened)
	}
}
