package steps

import "time"

// Via says how an actor's word reached the session.
type Via string

// The ways in. By is stamped by the edge, never by the sender.
const (
	Terminal Via = "terminal" // a person at a console
	Answers  Via = "file"     // an answers file
	Machine  Via = "machine"  // gatewalk itself: exits, observations, ticks
)

// Actor is who an input came from.
type Actor struct {
	Name   string `json:"name"`
	UID    int    `json:"uid"`
	Via    Via    `json:"via"`
	File   string `json:"file,omitempty"`   // of an answers file
	Screen string `json:"screen,omitempty"` // of several that one keeper has
}

// Message is an input with its envelope. Seen is the sequence number of the last event the sender had on screen;
// it is compared for operator inputs only, and only with the last change of the place they speak of.
type Message struct {
	By    Actor
	At    time.Time
	Mono  time.Duration
	Seen  uint64
	Input Input
}

// Event is one durable decision: one line of the journal. The id of an attempt is the Seq of the event that started it,
// so an event holds at most one Started.
type Event struct {
	Seq   uint64
	Epoch uint64
	At    time.Time
	Mono  time.Duration
	Boot  string // boot id of the machine that wrote it
	By    Actor
	Facts []Fact
}
