// Package rehearse runs commands against a simulated site, so that a procedure can be walked before it is walked for real.
//
// Its promise: nothing real is touched. Commands run in an interpreter whose every door (programs, files, directories,
// environment, clock) opens on a world in memory; what the site does not know is refused by name and never succeeds in
// silence. What a rehearsal has done to its world is on disk with every end, so that it resumes like a real walk.
package rehearse

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"mvdan.cc/sh/v3/syntax"

	"gatewalk/exec"
)

// Options say how a rehearsal is set up. The zero value will do.
type Options struct {
	Host   string    // where a command runs whose Launch names no host; "localhost" if empty
	User   string    // who runs it; "root" if empty
	Faults []string  // what goes wrong, by the names the site gives; none: those of an earlier sitting, if there was one
	Start  time.Time // when the virtual clock starts; a fixed day if zero
}

func (o Options) withDefaults() Options {
	o.Host = cmp.Or(o.Host, "localhost")
	o.User = cmp.Or(o.User, "root")
	if o.Start.IsZero() {
		o.Start = time.Date(2026, time.January, 5, 8, 0, 0, 0, time.UTC)
	}
	return o
}

// Runner is an exec.Runner whose commands act on a simulated site.
type Runner struct {
	dir      string
	options  Options
	world    *world
	contexts contexts

	mutex   sync.Mutex // of what follows, and of starting
	running map[uint64]*attempt
}

var _ exec.Runner = (*Runner)(nil)

// New opens a rehearsal in a session directory: a new one, or the one that an earlier process left there.
// The site is a folder as described at Site.
func New(dir string, site fs.FS, options Options) (*Runner, error) {
	known, err := ReadSite(site)
	if err != nil {
		return nil, err
	}
	r := &Runner{
		dir: dir, options: options.withDefaults(), contexts: contexts{filepath.Join(dir, "contexts")}, running: map[uint64]*attempt{},
	}
	if err := os.MkdirAll(r.contexts.dir, 0o700); err != nil {
		return nil, err
	}
	left, err := r.contexts.latest()
	if err != nil {
		return nil, err
	}
	if r.world, err = openWorld(known, r.options, left); err != nil {
		return nil, err
	}
	return r, nil
}

// Caps are those of commands in our own process: they have no terminal and die with it, but carry their contexts on.
func (r *Runner) Caps() exec.Caps { return exec.Caps{Contexts: true} }

// Advance lets virtual time pass, as a poll does between two rounds.
func (r *Runner) Advance(d time.Duration) { r.world.clock.advance(d) }

// Now is the virtual time.
func (r *Runner) Now() time.Time { return r.world.clock.time() }

// Launch starts an attempt in a goroutine. It fails, and starts nothing, when the attempt was cancelled or probed absent
// before, or cannot be: no command, an unknown context, a name that is none.
func (r *Runner) Launch(_ context.Context, launch exec.Launch) error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	record := r.record(launch.Attempt)
	switch claimed, err := record.claimed(); {
	case err != nil:
		return err
	case claimed == neverStarts:
		return fmt.Errorf("attempt %d was cancelled or found absent, so it never starts; run the block again", launch.Attempt)
	case claimed != "":
		return nil
	}
	shell, err := r.prepare(launch)
	if err != nil {
		return fmt.Errorf("attempt %d: %w", launch.Attempt, err)
	}
	if err := record.claim(launch); err != nil {
		return err
	}
	running, err := r.begin(launch, shell, record)
	if err != nil {
		return err
	}
	r.running[launch.Attempt] = running
	go func() {
		running.run()
		r.mutex.Lock()
		defer r.mutex.Unlock()
		delete(r.running, launch.Attempt)
	}()
	return nil
}

// prepare finds the shell state a launch starts from and checks the launch.
func (r *Runner) prepare(launch exec.Launch) (shellState, error) {
	if len(launch.Commands) == 0 || launch.From < 0 || launch.From >= len(launch.Commands) {
		return shellState{}, fmt.Errorf("no command to run: %d commands, starting from %d", len(launch.Commands), launch.From)
	}
	for name := range maps.Keys(launch.Assign) {
		if !syntax.ValidName(name) {
			return shellState{}, fmt.Errorf("%q is no name of a variable", name)
		}
	}
	for _, secret := range launch.Secrets {
		if !syntax.ValidName(secret.Name) {
			return shellState{}, fmt.Errorf("%q is no name of a variable", secret.Name)
		}
	}
	if launch.Context == "" {
		return freshShell(cmp.Or(launch.Host, r.options.Host), cmp.Or(launch.User, r.options.User)), nil
	}
	left, err := r.contexts.load(launch.Context)
	return left.Shell, err
}

// Probe says what is known of an attempt. One that was started by a process now gone is lost: a simulated command dies
// with its process, and what it did to its world is gone too.
func (r *Runner) Probe(id uint64) exec.Observation {
	r.mutex.Lock()
	running := r.running[id]
	r.mutex.Unlock()
	record := r.record(id)
	if end, err := record.end(); err == nil {
		return exec.Observation{State: exec.Done, Evidence: "its end is recorded in " + record.path("exit"), End: end}
	}
	if running != nil {
		return exec.Observation{State: exec.Running, Evidence: "it runs in this process, simulated"}
	}
	return record.withoutEnd()
}

// Follow hands over the output of an attempt, first from its file and then as it comes.
func (r *Runner) Follow(ctx context.Context, id uint64, from int64, sink exec.Sink) error {
	r.mutex.Lock()
	running := r.running[id]
	r.mutex.Unlock()
	if running != nil {
		return running.spool.follow(ctx, from, sink)
	}
	return followFile(ctx, r.record(id).path("out"), from, sink)
}

// Control reaches a running attempt. Cancelling one that was not started makes sure that it never is.
func (r *Runner) Control(id uint64, control exec.Control) error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	running := r.running[id]
	if _, cancel := control.(exec.Cancel); cancel && running == nil {
		return r.record(id).forbid()
	}
	if running == nil {
		return fmt.Errorf("attempt %d is not running", id)
	}
	return running.control(control)
}

// Release has nothing to forget: an attempt's only working file says that it was started, and that is never forgotten.
func (r *Runner) Release(uint64) error { return nil }

func (r *Runner) record(id uint64) record {
	return record{filepath.Join(r.dir, "attempts", strconv.FormatUint(id, 10))}
}
