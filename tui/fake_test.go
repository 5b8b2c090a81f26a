package tui

import (
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// fake is a session in memory: the real core, with commands that only say what they printed.
type fake struct {
	mu      sync.Mutex
	state   steps.State
	events  []steps.Event
	now     time.Time
	more    chan struct{}
	script  func(steps.Started) result
	outputs map[uint64][]byte
	news    map[uint64]chan struct{}
	typed   []string
	inputs  []steps.Input
	hidden  bool     // the command does not show what is typed
	sizes   [][2]int // of the commands' terminals
	broken  error
}

// result is what a command prints and how it ends; with hold it does not end by itself.
type result struct {
	prints string
	code   int
	exits  []steps.CommandExit
	sets   map[string]string
	hold   bool
	warns  string
}

var midnight = time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)

func newFake(plan *runbook.Plan, script func(steps.Started) result) *fake {
	return newFakeAfter("", plan, script)
}

// newFakeAfter is a session that goes on from an earlier one.
func newFakeAfter(earlier string, plan *runbook.Plan, script func(steps.Started) result) *fake {
	f := &fake{
		state: steps.New(plan), now: midnight, more: make(chan struct{}), script: script,
		outputs: map[uint64][]byte{}, news: map[uint64]chan struct{}{},
	}
	f.must(steps.Terminal, steps.Begin{Opened: steps.Opened{
		Session: "s1", Source: plan.Source, Machine: "ncn-m001", User: "root", Boot: "b1", Keeper: "setsid; logging out does not end it",
		Continues: earlier,
	}})
	return f
}

// alice sits at the screen of most tests.
var alice = steps.Actor{Name: "alice", UID: 1000, Via: steps.Terminal}

func (f *fake) must(via steps.Via, input steps.Input) {
	by := alice
	by.Via = via
	f.mustBy(by, input)
}

func (f *fake) mustBy(by steps.Actor, input steps.Input) {
	if err := f.take(by, input, f.state.Seq()); err != nil {
		panic(err)
	}
}

// take decides, applies, and does what follows.
func (f *fake) take(by steps.Actor, input steps.Input, seen uint64) error {
	f.now = f.now.Add(time.Second)
	facts, err := steps.Decide(f.state, steps.Message{By: by, At: f.now, Seen: seen, Input: input})
	if err != nil {
		return err
	}
	e := steps.Event{Seq: f.state.Seq() + 1, At: f.now, By: by, Facts: facts}
	f.state = steps.Apply(f.state, e)
	f.events = append(f.events, e)
	close(f.more)
	f.more = make(chan struct{})
	for _, effect := range steps.Effects(f.state, e) {
		f.carryOut(effect)
	}
	return nil
}

func (f *fake) carryOut(effect steps.Effect) {
	switch effect := effect.(type) {
	case steps.Launch:
		r := f.script(effect.Started)
		f.outputs[effect.Attempt] = []byte(r.prints)
		f.news[effect.Attempt] = make(chan struct{})
		if !r.hold {
			f.end(effect.Attempt, r)
		}
	case steps.Observe:
		f.must(steps.Machine, steps.Observed{Attempt: effect.Attempt, Judgment: f.judge(effect)})
	case steps.Signal:
		f.end(effect.Attempt, result{code: 130})
	case steps.Probe:
		f.must(steps.Machine, steps.Probed{Attempt: effect.Attempt, Found: steps.OutcomeUnknown, Evidence: "this machine was rebooted since"})
	case steps.Follow, steps.Cancel, steps.Wake:
	}
}

func (f *fake) end(attempt uint64, r result) {
	close(f.news[attempt])
	f.must(steps.Machine, steps.Exited{Finished: steps.Finished{
		Attempt: attempt, Code: r.code, Exits: r.exits, Took: 3.2, Bytes: int64(len(f.outputs[attempt])),
		Context: fmt.Sprintf("sha256:%d", attempt), Changed: r.sets, Warning: r.warns,
	}})
}

func (f *fake) judge(o steps.Observe) steps.Judgment {
	end := f.state.Attempt(o.Attempt).End
	pass := end.Code == 0
	if o.Check != nil && o.Check.Regexp != "" {
		pass = regexp.MustCompile(o.Check.Regexp).Match(f.outputs[o.Attempt])
	}
	switch {
	case o.Check != nil && o.Check.FailIf != "" && regexp.MustCompile(o.Check.FailIf).Match(f.outputs[o.Attempt]):
		return steps.Judgment{Ruling: steps.RulingFail, Evidence: "line 1 matches fail_if"}
	case pass:
		return steps.Judgment{Ruling: steps.RulingPass}
	case o.Poll:
		return steps.Judgment{Ruling: steps.RulingPending}
	}
	return steps.Judgment{Ruling: steps.RulingFail, Evidence: fmt.Sprintf("exit %d", end.Code)}
}

func (f *fake) Do(input steps.Input, seen uint64) error { return f.doBy(alice, input, seen) }

func (f *fake) doBy(by steps.Actor, input steps.Input, seen uint64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.inputs = append(f.inputs, input)
	if f.broken != nil {
		return f.broken
	}
	if set, ok := input.(steps.Set); ok && set.Secret {
		set.Value, set.Commitment = "", "sha256:secret"
		input = set
	}
	return f.take(by, input, seen)
}

func (f *fake) Facts(from uint64) ([]steps.Event, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.events, func(e steps.Event) bool { return e.Seq > from })
	if i < 0 {
		return nil, f.more
	}
	return slices.Clone(f.events[i:]), f.more
}

func (f *fake) Output(attempt uint64, offset int64) ([]byte, <-chan struct{}, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	piece := f.outputs[attempt][min(offset, int64(len(f.outputs[attempt]))):]
	return slices.Clone(piece[:min(len(piece), 64<<10)]), f.news[attempt], nil
}

// print has a running command print something.
func (f *fake) print(attempt uint64, text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.outputs[attempt] = append(f.outputs[attempt], text...)
	close(f.news[attempt])
	f.news[attempt] = make(chan struct{})
}

func (f *fake) Type(_ uint64, keys []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.typed = append(f.typed, fmt.Sprintf("%q", keys))
	return f.broken
}

func (f *fake) Echo(uint64) bool { return !f.hidden }

func (f *fake) Resize(columns, rows int) { f.sizes = append(f.sizes, [2]int{columns, rows}) }

// passed are the places whose gates were passed.
func (f *fake) passed() (places []string) {
	for _, e := range f.events {
		for _, fact := range e.Facts {
			if passed, ok := fact.(steps.GatePassed); ok {
				places = append(places, passed.Place.Block)
			}
		}
	}
	return places
}
