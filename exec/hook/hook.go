// Package hook tells a site's own commands what happens in a walk: a page to the duty phone when a gate waits.
//
// Its promise: a hook never holds the walk up; it is run at most once for a fact, and never again by itself; it is handed no
// secret and cannot reach the terminal; it is killed at its timeout; and that it failed is written down, once.
//
//	{"v":1,"hook":"page","on":"gate","session":"20261121-0200-rollout","runbook":"…","machine":"ncn-m001",
//	 "step":"3.1","title":"Roll out the rest","line":42,"text":"…","event":{"seq":12,"at":"…","by":{…}},"fact":{"gate_reached":{…}}}
//
// is what it reads on its standard input: one line, the fact as the journal has it.
package hook

import (
	_ "embed"
	"slices"
	"time"
)

// Help says what hooks are and how they are written down, for people.
//
//go:embed hooks.txt
var Help string

// On is what a hook may be told of. The set is closed.
type On string

// What a hook may be told of.
const (
	Gate    On = "gate"    // a gate waits for a person
	Failed  On = "failed"  // a step has failed
	Poll    On = "poll"    // a poll has ended: it holds, failed, or was given up
	Overdue On = "overdue" // a command runs for longer than its text says; where the text says nothing, never
)

var all = []On{Gate, Failed, Poll, Overdue}

// Hook is one command of the site.
type Hook struct {
	Name    string        `json:"name"`
	On      []On          `json:"on"`
	Command []string      `json:"command"` // a program and its arguments; no shell reads them
	Timeout time.Duration `json:"timeout"`
}

func (h Hook) hears(moment On) bool { return slices.Contains(h.On, moment) }

// The times a hook may take.
const (
	DefaultTimeout = 30 * time.Second
	LongestTimeout = 10 * time.Minute
)
