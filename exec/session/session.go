// Package session is the loop of a walk: decide, write down, apply, act.
//
// Its promise: an input is answered only when its facts are on disk; work is begun only by a fact that is; news of that
// work come back in by the same door. It holds the vault of secrets, whose values are nowhere else and die with it.
package session

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"gatewalk/exec"
	"gatewalk/exec/journal"
	"gatewalk/runbook"
	"gatewalk/steps"
)

// Options is what a session must be told about the machine it runs on.
type Options struct {
	Actor      steps.Actor // who is at the console
	Machine    string      // this machine's name, short; in a rehearsal the host it plays
	Boot       string      // boot id
	Build      string
	Terminal   string
	Keeper     string            // how a process without a screen holds the session; "" if the screen's own does
	Inherited  map[string]string // variables that the runbook reads and the operator's environment has
	Simulated  bool
	Site       string // of a rehearsal: the shipped runbook whose site it is
	Unattended bool
	Continues  string // the earlier session that this one goes on from
	Context    string // digest of the shell's context it left
	Documents  []Document
}

// Document is what a plan was made from beside its own source: the site's overlay, or a procedure that is called.
type Document struct {
	Name   string
	Source []byte
}

// MakeRunner makes the Runner of a session in its directory.
type MakeRunner func(dir string, opened steps.Opened) (exec.Runner, error)

// Advancer is a Runner whose clock is its own: waiting there takes no time here.
type Advancer interface{ Advance(time.Duration) }

// Session is one walk. It is safe for concurrent use.
type Session struct {
	journal *journal.Journal
	runner  exec.Runner
	options Options
	vault   vault
	start   time.Time

	mu      sync.Mutex
	state   steps.State
	events  []steps.Event
	news    chan struct{}
	epoch   uint64
	short   bool  // the reserve of room was used, and the operator told
	broken  error // why nothing more is written down
	outputs map[uint64]*output
	wakes   map[string]*time.Timer
	size    exec.Size

	context context.Context
	cancel  context.CancelFunc
	work    sync.WaitGroup
	working atomic.Int64 // of work, how much is under way
}

// Create begins a session in a new directory.
func Create(dir string, plan *runbook.Plan, source []byte, runner MakeRunner, options Options) (*Session, error) {
	held, err := journal.Create(dir)
	if err != nil {
		return nil, err
	}
	return Begin(held, plan, source, runner, options)
}

// Begin begins a session in an empty journal: it stores what will be walked, then opens the journal with it. The journal is the
// session's from then on, and closed where it cannot begin.
func Begin(held *journal.Journal, plan *runbook.Plan, source []byte, runner MakeRunner, options Options) (*Session, error) {
	s, err := begin(held, plan, source, runner, options)
	if err != nil {
		return nil, errors.Join(err, held.Close())
	}
	return s, nil
}

func begin(held *journal.Journal, plan *runbook.Plan, source []byte, runner MakeRunner, options Options) (*Session, error) {
	sources, err := storeSources(held, append([]Document{{plan.Source, source}}, options.Documents...))
	if err != nil {
		return nil, err
	}
	spelled, err := json.Marshal(plan)
	if err != nil {
		return nil, err
	}
	storedPlan, err := held.StorePlan(spelled)
	if err != nil {
		return nil, err
	}
	opened := steps.Opened{
		Session: held.ID(), Source: plan.Source, Sources: sources, Plan: storedPlan.Digest,
		Machine: options.Machine, Boot: options.Boot, User: options.Actor.Name, Build: options.Build, Terminal: options.Terminal, Keeper: options.Keeper,
		Inherited: options.Inherited, Simulated: options.Simulated, Site: options.Site, Unattended: options.Unattended,
		Continues: options.Continues, Context: options.Context,
	}
	s, err := open(held, plan, opened, runner, options)
	if err != nil {
		return nil, err
	}
	return s, s.sit(steps.Begin{Opened: opened})
}

// storeSources keeps what the plan was made from. It answers the digests by the names they are kept under.
func storeSources(held *journal.Journal, documents []Document) (map[string]string, error) {
	digests := map[string]string{}
	for _, d := range documents {
		stored, err := held.StoreSource(d.Name, bytes.NewReader(d.Source))
		if err != nil {
			return nil, err
		}
		digests[stored.Name] = stored.Digest
	}
	return digests, nil
}

// sit reports the begin of a sitting. Who is at the console drives, from their screen.
func (s *Session) sit(input steps.Input) error {
	by := s.options.Actor
	by.Via, by.File = steps.Machine, ""
	return s.decide(by, input, math.MaxUint64)
}

// Resume takes a session up in its directory.
func Resume(dir string, runner MakeRunner, options Options) (*Session, error) {
	held, err := journal.Open(dir)
	if err != nil {
		return nil, err
	}
	return Reopen(held, runner, options)
}

// Reopen takes a session up where its journal ends. The plan is the stored one; the document is not read anew.
// What was started and has no end is probed; what nobody saw end is unknown until the operator decides. The journal is the
// session's from then on, and closed where it cannot be taken up.
func Reopen(held *journal.Journal, runner MakeRunner, options Options) (*Session, error) {
	s, err := reopen(held, runner, options)
	if err != nil {
		return nil, errors.Join(err, held.Close())
	}
	return s, nil
}

func reopen(held *journal.Journal, runner MakeRunner, options Options) (*Session, error) {
	events, err := held.Load(context.Background())
	if err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return nil, fmt.Errorf("%s: the session was never opened; begin a new one", held.Dir())
	}
	plan, err := StoredPlan(held.Reader, events)
	if err != nil {
		return nil, err
	}
	state := steps.Replay(plan, events)
	if state.Incomplete() {
		return nil, fmt.Errorf("%s: %w", held.Dir(), errIncomplete(state))
	}
	opened := *state.Opened()
	if opened.Simulated {
		options.Machine, options.Simulated, options.Site = opened.Machine, true, opened.Site
	}
	if moved := state.Moved(); moved != nil {
		return nil, fmt.Errorf("%s: the session was moved to %s; go on there", held.Dir(), moved.To)
	}
	if opened.Machine != options.Machine {
		return nil, fmt.Errorf("%s: the session runs on %s and this is %s; resume it there", held.Dir(), opened.Machine, options.Machine)
	}
	if !opened.Simulated && another(sitting(events), options.Actor) {
		return nil, fmt.Errorf("%s: the session runs as %s and you are %s; resume it as that user, or have it ask anew what runs where: gatewalk move %s ./%[4]s.gatewalk, then gatewalk resume ./%[4]s.gatewalk",
			held.Dir(), opened.User, options.Actor.Name, held.ID())
	}
	s, err := open(held, plan, opened, runner, options)
	if err != nil {
		return nil, err
	}
	s.state, s.events = state, events
	s.epoch = s.state.Epoch() + 1
	copied := held.Copied()
	if err := s.sit(steps.Reopened{
		Machine: options.Machine, Boot: options.Boot, Build: options.Build, Terminal: options.Terminal, Keeper: options.Keeper,
		Dropped: held.Dropped(), Secrets: s.state.Committed(), Unattended: options.Unattended, Copied: copied,
	}); err != nil || !copied {
		return s, err
	}
	s.failing(held.Settle(held.Dir())) // a copy that cannot be settled is one the next time, too
	return s, nil
}

// sitting is who took the session up last.
func sitting(events []steps.Event) (by steps.Actor) {
	for _, e := range events {
		if _, ok := e.Facts[0].(steps.Opened); ok {
			by = e.By
		}
	}
	return by
}

// another says whether two are sure to be different users. Where the system's list of users cannot be asked their names may differ all the same.
func another(a, b steps.Actor) bool { return a.UID != b.UID && a.Name != b.Name }

// errIncomplete is why a session is not taken up that was cut off while it was begun.
func errIncomplete(state steps.State) error {
	return fmt.Errorf("it was cut off before it had taken over what session %s left; go on from that one again: gatewalk resume %[1]s", state.Opened().Continues)
}

// StoredPlan is the plan that a session walks, if it is the one its opening names.
func StoredPlan(held *journal.Reader, events []steps.Event) (*runbook.Plan, error) {
	spelled, err := held.Plan()
	if err != nil {
		return nil, err
	}
	opened, ok := events[0].Facts[0].(steps.Opened)
	if !ok || opened.Plan != steps.Digest(spelled) {
		return nil, fmt.Errorf("%s/plan.json: it is not the plan that this session began with; restore it, or begin a new session", held.Dir())
	}
	plan := &runbook.Plan{}
	if err := json.Unmarshal(spelled, plan); err != nil {
		return nil, fmt.Errorf("%s/plan.json: %w; it was written by another version", held.Dir(), err)
	}
	return plan, nil
}

func open(held *journal.Journal, plan *runbook.Plan, opened steps.Opened, runner MakeRunner, options Options) (*Session, error) {
	runs, err := runner(held.Dir(), opened)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Session{
		journal: held, runner: runs, options: options, vault: newVault(), start: time.Now(), state: steps.New(plan), news: make(chan struct{}), epoch: 1,
		outputs: map[uint64]*output{}, wakes: map[string]*time.Timer{}, context: ctx, cancel: cancel,
	}, nil
}

// ID is the session's name.
func (s *Session) ID() string { return s.journal.ID() }

// Dir is the session's directory.
func (s *Session) Dir() string { return s.journal.Dir() }

// State is what is true now.
func (s *Session) State() steps.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// Busy says that something goes on by itself: a command, a poll, or the judging of what a command printed.
func (s *Session) Busy() bool { return s.working.Load() > 0 || s.runs() }

// runs says that something goes on that nobody can say the end of.
func (s *Session) runs() bool {
	state := s.State()
	return len(state.Running()) > 0 || len(state.Polling()) > 0
}

// Settle waits for what is soon over: judging what has ended, and writing it down. It does not wait for what runs.
func (s *Session) Settle() {
	const pause = 2 * time.Millisecond
	for s.working.Load() > 0 && !s.runs() && s.context.Err() == nil {
		time.Sleep(pause)
	}
}

// Broken is why nothing more is written down, nil while it is. Only to take the session up anew helps.
func (s *Session) Broken() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.broken
}

// Secrets is how many values would be forgotten with this process.
func (s *Session) Secrets() int { return s.vault.count() }

// Close lets go of the session. Commands that can outlive it go on; what they do is found when it is resumed.
func (s *Session) Close() error {
	s.cancel()
	s.mu.Lock()
	for _, wake := range s.wakes {
		wake.Stop()
	}
	s.broken = errors.Join(s.broken, errClosed)
	s.mu.Unlock()
	s.work.Wait()
	var closing error
	if closer, ok := s.runner.(io.Closer); ok {
		closing = closer.Close()
	}
	return errors.Join(closing, s.journal.Close())
}

var errClosed = errors.New("the session was let go of; resume it")
