package session

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"gatewalk/exec"
	"gatewalk/exec/journal"
	"gatewalk/runbook"
	"gatewalk/steps"
)

// Revised is a walk about to go on in a new session: in another version of its procedure, or because its record is damaged.
type Revised struct {
	steps.Revision
	old    steps.State
	dir    string
	plan   *runbook.Plan
	damage *journal.Damage // the old journal can no longer be written; its marks are taken over as far as it holds
	lost   []steps.Lost    // of a damaged one
	closed bool            // that it goes on is written in the old one already
}

// Revise compares a session with a version of its procedure in which it is to go on. It changes nothing. A session in which
// something runs, or whose end nobody saw, cannot go on elsewhere, unless it is damaged: then each attempt that it knows no
// end of is taken over as unknown.
func Revise(dir string, plan *runbook.Plan) (*Revised, error) {
	found, err := inspect(dir)
	if err != nil {
		return nil, err
	}
	r := &Revised{old: found.state, dir: dir, plan: plan, damage: found.damage, lost: found.lost, closed: found.state.Closed() != nil}
	if err := r.mayGoOn(); err != nil {
		return nil, err
	}
	if r.damage != nil {
		r.Revision = steps.ReviseDamaged(r.old, plan, found.lost)
		return r, nil
	}
	r.Revision = steps.Revise(r.old, plan)
	return r, r.settled()
}

// Damaged is what is wrong with the old session's record, nil if it is whole.
func (r *Revised) Damaged() error {
	if r.damage == nil {
		return nil
	}
	return r.damage
}

// mayGoOn refuses a session that has ended, and one that goes on already: what ran there would be offered once more.
func (r *Revised) mayGoOn() error {
	id, begun, err := successor(r.dir)
	closed, outcome := r.old.Closed(), "open"
	if closed != nil {
		outcome = closed.Outcome
	}
	switch {
	case err != nil:
		return err
	case id != "":
		return fmt.Errorf("%s: the session is closed (continued): it goes on in another; gatewalk resume %s", r.dir, id)
	case r.old.Incomplete():
		return fmt.Errorf("%s: %w", r.dir, errIncomplete(r.old))
	case closed != nil && (outcome != continued || !begun):
		return fmt.Errorf("%s: the session is closed (%s); begin a new one", r.dir, outcome)
	case r.old.Moved() != nil:
		return fmt.Errorf("%s: the session was moved to %s; go on there", r.dir, r.old.Moved().To)
	}
	return nil
}

// settled refuses to leave behind what is not decided.
func (r *Revised) settled() error {
	place, trouble := r.old.Trouble()
	switch {
	case len(r.old.Running()) > 0:
		return fmt.Errorf("%s: attempt %d has no end yet; resume the session and see to it first", r.dir, r.old.Running()[0])
	case trouble && r.old.Spot(place).Status == steps.StatusUnknown:
		return fmt.Errorf("%s: nobody knows what became of %s; resume the session and decide first", r.dir, r.old.Name(place))
	}
	return nil
}

// continued is the outcome of a session that goes on in another.
const continued = "continued"

// Begin opens the session that goes on, with the marks that were carried, the questions that the old record leaves open, and
// the shell's context as it was left, and closes the old one. Secrets are asked for again. The journal is the new
// session's, as with Begin.
func (r *Revised) Begin(held *journal.Journal, source []byte, runner MakeRunner, options Options) (*Session, error) {
	if r.damage != nil { // nobody goes on from it twice, nor in it
		shut, err := journal.Shut(r.dir)
		if err != nil {
			return nil, errors.Join(err, held.Close())
		}
		defer shut.Close()
		if err := errors.Join(r.mayGoOn(), r.nothingRuns(runner)); err != nil {
			return nil, errors.Join(err, held.Close())
		}
	}
	s, err := r.begin(held, source, runner, options)
	if err != nil {
		return nil, errors.Join(err, held.Close())
	}
	if err := r.takeOver(s); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// takeOver says everything that comes from the old session. Until the last word the new one takes nothing else.
func (r *Revised) takeOver(s *Session) error {
	if len(r.Marks) > 0 {
		if err := s.report(steps.Carry{Marks: r.Marks}); err != nil {
			return err
		}
	}
	for _, orphan := range r.Orphans {
		if err := s.report(steps.Orphan{Orphaned: orphan}); err != nil {
			return err
		}
	}
	last := steps.Continued{From: r.old.Opened().Session}
	if r.damage != nil {
		last.Damage = fmt.Sprintf("%s; it holds up to event %d", r.damage.Reason, r.damage.LastGood)
	}
	return s.report(steps.Continue{Continued: last})
}

// nothingRuns refuses while a lost attempt still runs: the new session would run beside it.
func (r *Revised) nothingRuns(runner MakeRunner) error {
	opened := *r.old.Opened()
	if len(r.lost) == 0 || opened.Simulated { // what is simulated dies with its process
		return nil
	}
	runs, err := runner(r.dir, opened)
	if err != nil {
		return err
	}
	if closer, ok := runs.(io.Closer); ok {
		defer closer.Close()
	}
	for _, lost := range r.lost {
		if lost.Attempt == 0 {
			continue
		}
		if found := runs.Probe(lost.Attempt); found.State == exec.Running {
			return fmt.Errorf("%s: attempt %d still runs (%s); wait for its end, or end it, then do the same again", r.dir, lost.Attempt, found.Evidence)
		}
	}
	return nil
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
	if r.damage != nil || r.closed {
		return nil
	}
	old, err := Resume(r.dir, runner, options)
	if err != nil {
		return err
	}
	return errors.Join(old.report(steps.Close{Outcome: continued, Reason: "goes on in session " + id}), old.Close())
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
