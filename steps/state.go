package steps

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/benbjohnson/immutable"

	"gatewalk/runbook"
	"gatewalk/runbook/shell"
)

// Status is how a place stands. The set is closed.
type Status string

// The statuses, as an operator reads them.
const (
	StatusOpen      Status = "open"
	StatusWaiting   Status = "at the gate"
	StatusRunning   Status = "running"
	StatusPolling   Status = "polling"
	StatusJudging   Status = "judging" // ended, not yet judged
	StatusAsking    Status = "your verdict"
	StatusDone      Status = "done"
	StatusByHand    Status = "done by hand"
	StatusNot       Status = "not applicable"
	StatusSkipped   Status = "skipped"
	StatusFailed    Status = "failed"
	StatusRefused   Status = "no-go"
	StatusUnknown   Status = "unknown"
	StatusCalled    Status = "called" // a reference whose steps are being walked
	StatusChosen    Status = "chosen"
	StatusPassed    Status = "left open"    // jumped over
	StatusElsewhere Status = "not this way" // an option that was not taken
)

// Settled says that the walk may go on past a place that stands so.
func (s Status) Settled() bool {
	switch s {
	case StatusDone, StatusByHand, StatusNot, StatusSkipped, StatusCalled, StatusChosen, StatusPassed, StatusElsewhere:
		return true
	case StatusOpen, StatusWaiting, StatusRunning, StatusPolling, StatusJudging, StatusAsking, StatusFailed, StatusRefused, StatusUnknown:
		return false
	}
	panic("steps: unknown status " + string(s))
}

// Trouble says that a place stops the walk until an operator has decided.
func (s Status) Trouble() bool {
	return s == StatusFailed || s == StatusRefused || s == StatusUnknown || s == StatusAsking
}

// Spot is all that happened at one place. It is a value: it is copied to change.
type Spot struct {
	Place    Place
	Status   Status
	Changed  uint64    // the event that last changed it: what a confirmation must have seen
	Since    time.Time // of that event
	Attempts []uint64  // oldest first, off-script ones and a poll's rounds included
	Last     uint64    // the last attempt of the block itself
	Gate     *GateReached
	Passed   bool // the gate was passed for Last
	Wrong    int  // wrong phrases at the gate
	Reason   string
	Edited   *string
	Values   map[string]Variable // of placeholders
	Binding  *Binding            // where its host is unsaid
	Option   int                 // the way taken, -1 if none
	Read     map[Property]string // what the operator overruled
	ByHand   *DoneByHand
	Verdict  *Judged
	Poll     *PollState
	Notes    []Written
	Attached []Attached
	Jumped   bool // a jump landed here
}

// Written is a note with its envelope.
type Written struct {
	Seq  uint64
	At   time.Time
	By   Actor
	Text string
}

// PollState is a poll under way, or the last one.
type PollState struct {
	Every   time.Duration
	Timeout time.Duration
	Began   time.Time
	Round   int
	Last    time.Time // when the last round was judged
	How     string    // "" while it runs
}

// Attempt is one try at running something.
type Attempt struct {
	ID       uint64
	At       time.Time
	By       Actor
	Boot     string // boot id of the machine that started it
	Started  Started
	End      *Finished
	Ended    time.Time
	Judged   *Judged
	Unknown  string    // evidence, while nobody knows
	Resolved *Resolved // what it is taken for, whose end nobody saw; nil while nobody has said
	Earlier  *Orphaned // it is one of an earlier session's; nil for this session's own
	stood    *Spot     // what the question about it was put over, where its own place cannot be told
}

// Context is what is publicly known of a shell's state on one host, for one user.
type Context struct {
	Digest string
	Table  map[string]Variable
	Assign map[string]string // set by hand, not yet in the blob
}

// State is what is true now, from facts alone. It is a value: Apply answers a new one and leaves the old one as it was.
type State struct {
	plan      *runbook.Plan
	index     *index
	seq       uint64
	epoch     uint64
	sitting   uint64 // the event that opened this sitting
	copied    uint64 // the last event with which a copy of the record was taken up: what began before it is not this copy's
	at        time.Time
	opened    *Opened
	closed    *Closed
	moved     *Moved
	places    *immutable.Map[string, *Spot]
	attempts  *immutable.Map[uint64, *Attempt]
	running   []uint64
	bindings  map[string]Binding
	contexts  map[string]*Context
	jumps     []jump
	orphans   []uint64   // of an earlier session, in doubt
	continued *Continued // all was taken over from the earlier session
	held      *Held
	driver    string
	asking    *DriveAsked
	lost      map[string]bool     // secrets whose value is gone
	template  map[string]Variable // values of site-wide template variables
	answers   map[string]string   // the last answer to each spelling of a placeholder
}

// jump passes over what stands between two places in the walk.
type jump struct{ from, to string }

// New is the state before anything happened.
func New(plan *runbook.Plan) State {
	return State{
		plan:     plan,
		index:    newIndex(plan),
		places:   immutable.NewMap[string, *Spot](nil),
		attempts: immutable.NewMap[uint64, *Attempt](nil),
	}
}

// Plan is what is walked.
func (s State) Plan() *runbook.Plan { return s.plan }

// Seq is the sequence number of the last event applied.
func (s State) Seq() uint64 { return s.seq }

// Epoch is the epoch of the last event applied.
func (s State) Epoch() uint64 { return s.epoch }

// Sitting is the event that opened this sitting: what is older is from before a resume.
func (s State) Sitting() uint64 { return s.sitting }

// Opened is how the session began, nil before Begin.
func (s State) Opened() *Opened { return s.opened }

// Closed is how it ended, nil while it has not.
func (s State) Closed() *Closed { return s.closed }

// Moved says where the session goes on, nil while it does so here.
func (s State) Moved() *Moved { return s.moved }

// Continued is the earlier session that this one goes on from, nil if there is none, or not all is taken over yet.
func (s State) Continued() *Continued { return s.continued }

// Held is the hold on the next command, nil if there is none.
func (s State) Held() *Held { return s.held }

// Driver is who drives, by the label of an actor, "" if nobody does.
func (s State) Driver() string { return s.driver }

// Running are the attempts without an end, oldest first.
func (s State) Running() []uint64 { return s.running }

// Polling are the places whose poll goes on, between two rounds as well.
func (s State) Polling() []Place {
	var places []Place
	spots := s.places.Iterator()
	for !spots.Done() {
		if _, spot, _ := spots.Next(); spot.Poll != nil && spot.Poll.How == "" {
			places = append(places, spot.Place)
		}
	}
	return places
}

// Attempt is one attempt, nil if there is none of that number.
func (s State) Attempt(id uint64) *Attempt {
	a, _ := s.attempts.Get(id)
	return a
}

// Spot is what happened at a place; for a place where nothing happened it is open.
func (s State) Spot(p Place) Spot {
	if spot, ok := s.places.Get(p.Key()); ok {
		return *spot
	}
	return Spot{Place: p, Status: StatusOpen, Option: -1}
}

// Block is the block a place stands for, nil for a step without one.
func (s State) Block(p Place) *runbook.Block {
	if i, ok := s.index.blocks[p.Block]; ok {
		return &s.plan.Blocks[i]
	}
	return nil
}

// Step is the step a place stands for or its block stands in, nil if the plan has no such place.
func (s State) Step(p Place) *runbook.Step {
	if i, ok := s.index.steps[p.Block]; ok {
		return &s.plan.Steps[i]
	}
	if i, ok := s.index.blocks[p.Block]; ok {
		if owner := s.index.owner[i]; owner >= 0 {
			return &s.plan.Steps[owner]
		}
	}
	return nil
}

// Source is the document that a place stands in.
func (s State) Source(p Place) string {
	if b := s.Block(p); b != nil {
		return cmp.Or(b.Source, s.plan.Source)
	}
	if step := s.Step(p); step != nil {
		return cmp.Or(step.Source, s.plan.Source)
	}
	return s.plan.Source
}

// Site says whether the site's overlay speaks of a place or of its step.
func (s State) Site(p Place) bool {
	b, step := s.Block(p), s.Step(p)
	return b != nil && b.Site || step != nil && step.Site
}

// index finds what a place names. It is built once per plan and never changes.
type index struct {
	blocks    map[string]int
	steps     map[string]int
	owner     []int         // block -> step, -1 for none
	stepWays  map[int][]way // step -> the options that hold it
	blockWays map[int][]way
}

// way is one option of a choice.
type way struct{ choice, option int }

func newIndex(plan *runbook.Plan) *index {
	x := &index{blocks: map[string]int{}, steps: map[string]int{}, owner: make([]int, len(plan.Blocks)), stepWays: map[int][]way{}, blockWays: map[int][]way{}}
	for i := range plan.Blocks {
		x.blocks[plan.Blocks[i].ID], x.owner[i] = i, -1
	}
	for i := range plan.Steps {
		x.steps[plan.Steps[i].ID] = i
		for _, item := range plan.Steps[i].Body {
			if item.Kind == runbook.BlockItem {
				x.owner[item.Index] = i
			}
		}
	}
	for c := range plan.Choices {
		for o, option := range plan.Choices[c].Options {
			for _, step := range option.Walked() {
				x.stepWays[step] = append(x.stepWays[step], way{c, o})
			}
			for _, block := range option.Blocks {
				x.blockWays[block] = append(x.blockWays[block], way{c, o})
			}
		}
	}
	return x
}

// Forgotten says whether the value of a secret died with the process that held it: it must be given again.
func (s State) Forgotten(name string) bool { return s.lost[name] }

// Committed are the names of all secrets that were given a value, by which commands know them.
func (s State) Committed() []string {
	names := map[string]bool{}
	spots := s.places.Iterator()
	for !spots.Done() {
		_, spot, _ := spots.Next()
		for name, value := range spot.Values {
			if value.Commitment != "" {
				names[shell.SecretVariable(name)] = true
			}
		}
	}
	for _, context := range s.contexts {
		for name, value := range context.Table {
			if value.Commitment != "" {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}
