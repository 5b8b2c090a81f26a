package tui

import (
	"time"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/stillness"
)

// Options are what a screen is opened with.
type Options struct {
	Plan     *runbook.Plan
	Events   []steps.Event // what is true already; the rest comes from the session
	Operator string        // who sits here: offered where a form asks who did something
	Label    string        // this screen as the session names who drives; the operator where it has one screen only
	Host     string        // this machine, until the session says it
	Now      func() time.Time

	Width, Height int  // of the terminal, until it says
	IsDark        bool // of the terminal, until it says
	NoColor       bool
	SSH           bool // the terminal is at the end of a network: fewer frames
	Kept          bool // the session goes on when this screen closes: a keeper holds it
	EndsAtLogout  bool // and the operator's logging out would end that keeper

	// How long hands must rest before what opened by itself listens, and how long it passes keys over at most.
	// Zero means the times of package stillness.
	Quiet, Longest time.Duration
	// Timer is stillness.Sleep unless a test keeps the time.
	Timer stillness.Timer
}

// withDefaults fills in what was left out.
func (o Options) withDefaults() Options {
	if o.Label == "" {
		o.Label = o.Operator
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Timer == nil {
		o.Timer = stillness.Sleep
	}
	if o.Quiet == 0 {
		o.Quiet = stillness.Quiet
	}
	if o.Longest == 0 {
		o.Longest = stillness.Longest
	}
	return o
}
