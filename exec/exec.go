// Package exec carries out effects and reports what came of them.
//
// Its promise: a Runner starts an attempt at most once, whatever happens to the process that asked; what a command
// printed is in the attempt's spool file before anyone is told of it; and a result is reported only when it is on disk.
package exec

import (
	"context"
	"time"
)

// Runner makes processes of attempts. Every Runner passes the one suite of exec/exectest.
type Runner interface {
	// Launch starts an attempt. It is idempotent per attempt: a second Launch of the same attempt starts nothing.
	Launch(ctx context.Context, launch Launch) error
	// Probe says what is known of an attempt, from what is on disk and from the process table.
	Probe(attempt uint64) Observation
	// Follow hands over the output of an attempt from an offset on, then live, and returns nil when the attempt has ended
	// and all its output was handed over. Probe then has the result.
	Follow(ctx context.Context, attempt uint64, from int64, sink Sink) error
	// Control reaches a running attempt.
	Control(attempt uint64, control Control) error
	// Release forgets an attempt's working files, never its output. Call it only when the result is on disk.
	Release(attempt uint64) error
	// Caps says what this Runner can do.
	Caps() Caps
}

// Launch is one attempt, complete: a Runner needs nothing else.
type Launch struct {
	Attempt  uint64
	Host     string
	User     string
	Commands []string // top-level commands, run one after another in one shell; the first that fails ends the attempt
	From     int      // index of the first command to run
	Context  string   // digest of the context to start from; "" is a fresh one
	Assign   map[string]string
	Secrets  []Secret // reach the command by its environment only, and are redacted from its output
	Scratch  bool     // the context it leaves is thrown away
	Size     Size
}

// Secret is a value that must not appear anywhere.
type Secret struct {
	Name  string
	Value []byte
}

// Size is a terminal's size in cells. Zero means 80x24.
type Size struct{ Columns, Rows int }

// State says what became of an attempt.
type State string

// The states. Lost, rebooted and unreachable mean that nobody knows.
const (
	Absent      State = "absent"      // certain: it was never started and, once probed so, never will be
	Running     State = "running"     //
	Done        State = "done"        // End holds its result
	Lost        State = "lost"        // its process is gone and left no result
	Rebooted    State = "rebooted"    // the machine it ran on has another boot id
	Unreachable State = "unreachable" // its machine does not answer
)

// Observation is what a probe found, with its evidence in words.
type Observation struct {
	State    State
	Evidence string
	End      *End
	Exits    []CommandExit // where the machine was booted anew: the commands that are known to have ended before
}

// CommandExit is the end of one top-level command of a launch.
type CommandExit struct {
	Command int `json:"command"` // its index
	Code    int `json:"code"`
}

// End is the result of an attempt.
type End struct {
	Code       int    // of the last command run; 128+n after signal n
	Signal     string // "KILL" and the like, "" if it exited
	Exits      []CommandExit
	Context    string            // digest of the context it left; "" where it left none
	Variables  map[string]string // the public table of that context: no secrets, no functions
	Bytes      int64             // of the redacted output
	Digest     string            // "sha256:…" of the redacted output
	Redactions int
	Hidden     int // inputs that the terminal did not show, such as passwords; what they were is nowhere
	Took       time.Duration
	Warning    string // e.g. why no complete context was left
}

// Sink receives output: in order, without gaps, never twice.
type Sink interface {
	Output(offset int64, p []byte)
	// Echo is called when the command turns its terminal's echo off (a password is asked) or on again.
	Echo(on bool)
}

// Printed says that the output up to an offset had come by a time.
type Printed struct {
	Offset int64         // of the byte after it, in the redacted output
	At     time.Duration // since the attempt's start
}

// Control is what reaches a running attempt. The set is closed.
type Control interface{ control() }

// The controls.
type (
	// Stdin is typed to the command.
	Stdin struct{ Bytes []byte }
	// Resize changes the terminal's size.
	Resize struct{ Size Size }
	// Signal goes to the command's foreground process group.
	Signal struct{ Name string } // INT, TERM, KILL, HUP, QUIT
	// Cancel ends the attempt, or makes sure that it never starts.
	Cancel struct{}
)

func (Stdin) control()  {}
func (Resize) control() {}
func (Signal) control() {}
func (Cancel) control() {}

// Caps says what a Runner can do.
type Caps struct {
	Terminal bool // commands have a terminal
	Survives bool // commands outlive the process that launched them
	Contexts bool // variables, functions and directory are carried from attempt to attempt
}
