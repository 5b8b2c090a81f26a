package tui

import "gatewalk/steps"

// Remote is a Session that another process keeps.
type Remote interface {
	// Lost is closed when that process is gone or cannot be reached any more. What it was told is on disk, and what it
	// started goes on.
	Lost() <-chan struct{}
}

// Session is all that the screen knows of the world: it says what the operator wants, reads what became true, and
// reads what commands printed. Its methods may wait for the disk; call them from commands, never from Update.
type Session interface {
	// Do says an input. seen is the sequence number of the last event on screen. It answers once the facts are on disk.
	// A refusal is a *steps.Refusal and says what is missing.
	Do(input steps.Input, seen uint64) error
	// Facts are the events after seq, and a channel that is closed when there are more.
	Facts(from uint64) ([]steps.Event, <-chan struct{})
	// Output is a piece of an attempt's raw output from an offset on (at most 64 KiB, none where it has not come so far
	// yet; it must pass steps/safe before anyone sees it), and a channel that is closed when there is more or the attempt
	// has ended.
	Output(attempt uint64, offset int64) ([]byte, <-chan struct{}, error)
	// Type passes keys through to a running attempt. They are recorded nowhere.
	Type(attempt uint64, keys []byte) error
	// Echo says whether a running attempt shows what is typed to it: false while it asks for a password.
	Echo(attempt uint64) bool
	// Resize tells running attempts the size of their part of the screen.
	Resize(columns, rows int)
}
