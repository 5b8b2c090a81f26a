// Package transcript writes the audit record of a session, from its facts and from what its commands printed.
//
// Its promise: every deviation from the procedure stands before the walk, with its reason; nothing is left out because
// it is inconvenient, and what nobody knows is called UNKNOWN. Everything in it is safe text: no output, host, title or
// name can break out of its place, whatever it is made of. All times are UTC. The same facts give the same record.
package transcript

import (
	"time"

	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// Schema names the form of the JSON record. A field may be added; when one changes its meaning, the number does.
const Schema = "gatewalk-transcript/1"

// Record is a session as an auditor reads it. New makes one; nothing in it is raw.
type Record struct {
	Schema    string         `json:"schema"`
	Title     safe.Text      `json:"title"`
	Simulated bool           `json:"simulated"`
	Outcome   safe.Text      `json:"outcome"`
	Reason    safe.Text      `json:"reason,omitzero"`
	Places    map[string]int `json:"places"` // how many places of the walk stand how

	Session   safe.Text            `json:"session"`
	Runbook   Runbook              `json:"runbook"`
	Journal   Journal              `json:"journal"`
	Opened    time.Time            `json:"opened"`
	Closed    time.Time            `json:"closed,omitzero"`
	Sittings  []Sitting            `json:"sittings"`
	People    []Person             `json:"people"`
	Hosts     []Host               `json:"hosts"`
	Inherited map[string]safe.Text `json:"inherited,omitempty"` // from the operator's own environment

	Deviations []Entry   `json:"deviations"`
	Debts      []Debt    `json:"debts"` // owed and not paid
	Walk       []Section `json:"walk"`
	Events     []Entry   `json:"events"` // of the session as a whole: drivers, holds, clocks
}

// Runbook is what was walked, with the digests of what was stored of it.
type Runbook struct {
	Source  safe.Text            `json:"source"`
	Format  safe.Text            `json:"format"`
	Digest  safe.Text            `json:"digest"`
	Sources map[string]safe.Text `json:"sources,omitempty"`
	Plan    safe.Text            `json:"plan"` // digest
}

// Journal says which facts this is the record of.
type Journal struct {
	Last uint64    `json:"last"`          // sequence number of the last event
	Head safe.Text `json:"head,omitzero"` // digest of the last line, where the caller knows it
}

// Sitting is one time that someone sat down to the session.
type Sitting struct {
	Seq      uint64    `json:"seq"`
	At       time.Time `json:"at"`
	By       safe.Text `json:"by"`
	Machine  safe.Text `json:"machine"`
	Boot     safe.Text `json:"boot"`
	User     safe.Text `json:"user"`
	Build    safe.Text `json:"build"`
	Terminal safe.Text `json:"terminal,omitzero"`
}

// Person is someone, or a file, whose word is in the record.
type Person struct {
	Name  safe.Text `json:"name"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
}

// Host is where a name of the procedure was said to be.
type Host struct {
	Name safe.Text `json:"name"`
	Is   safe.Text `json:"is"`
	Seq  uint64    `json:"seq"`
	By   safe.Text `json:"by"`
}

// Debt is something that was taken on and not given back.
type Debt struct {
	Name  safe.Text `json:"name"`
	Since time.Time `json:"since"`
	Where safe.Text `json:"where"`
}

// Section is a step of the procedure at one place of the walk, with its blocks.
type Section struct {
	Path    safe.Text `json:"path"`
	Title   safe.Text `json:"title"`
	Within  safe.Text `json:"within,omitzero"` // the calls, hosts and items around it
	Line    int       `json:"line"`
	Kind    string    `json:"kind"`
	Status  string    `json:"status,omitempty"` // none where it only holds others together
	Reason  safe.Text `json:"reason,omitzero"`
	Entries []Entry   `json:"entries"`
	Blocks  []Block   `json:"blocks"`
}

// Block is a block of a step and what happened there.
type Block struct {
	Line    int       `json:"line"`
	First   safe.Text `json:"first"` // its first line
	Host    safe.Text `json:"host,omitzero"`
	Expect  safe.Text `json:"expect,omitzero"`
	Undo    safe.Text `json:"undo,omitzero"`
	Status  string    `json:"status"`
	Reason  safe.Text `json:"reason,omitzero"`
	Entries []Entry   `json:"entries"`
}

// Entry is one fact in words. Kind is for machines; Text and Reason are for people.
type Entry struct {
	Seq     uint64    `json:"seq"`
	At      time.Time `json:"at"`
	By      safe.Text `json:"by"`
	Kind    string    `json:"kind"`
	Where   safe.Text `json:"where,omitzero"`
	Text    safe.Text `json:"text"`
	Reason  safe.Text `json:"reason,omitzero"`
	Was     safe.Text `json:"was,omitzero"`    // the text before an edit
	Is      safe.Text `json:"is,omitzero"`     // the text after it, or off script
	Pasted  safe.Text `json:"pasted,omitzero"` // output of something done by hand
	Digest  safe.Text `json:"digest,omitzero"` // of an attachment
	Count   int       `json:"count,omitempty"` // of wrong phrases
	Attempt *Attempt  `json:"attempt,omitempty"`
	Gate    *Gate     `json:"gate,omitempty"`
}

// Attempt is one try at running something.
type Attempt struct {
	Host      safe.Text            `json:"host"`
	User      safe.Text            `json:"user"`
	Text      safe.Text            `json:"text"` // what ran, every byte of it visible
	Digest    safe.Text            `json:"digest"`
	Commands  []Command            `json:"commands"`
	Round     safe.Text            `json:"round,omitzero"` // of a poll
	Edited    bool                 `json:"edited"`
	OffScript bool                 `json:"off_script"`
	Again     bool                 `json:"again"`
	Secrets   []safe.Text          `json:"secrets,omitempty"` // names
	Hidden    int                  `json:"hidden,omitempty"`  // inputs that the terminal did not show
	Started   time.Time            `json:"started"`
	Ended     time.Time            `json:"ended,omitzero"`
	Took      float64              `json:"took,omitempty"` // seconds
	Code      *int                 `json:"code,omitempty"`
	Signal    safe.Text            `json:"signal,omitzero"`
	Error     safe.Text            `json:"error,omitzero"`
	Warning   safe.Text            `json:"warning,omitzero"`
	Late      bool                 `json:"late,omitempty"` // its end was recorded after the fact
	Changed   map[string]safe.Text `json:"changed,omitempty"`
	Unset     []safe.Text          `json:"unset,omitempty"`
	Judged    []Judged             `json:"judged,omitempty"`
	Unknown   bool                 `json:"unknown,omitempty"` // nobody saw its end
	Evidence  safe.Text            `json:"evidence,omitzero"` // of that
	Resolved  *Resolved            `json:"resolved,omitempty"`
	Output    Output               `json:"output"`

	id    uint64
	place steps.Place
	brief bool // a round of a poll that others follow: its output is left to the session's directory
}

// Command is one top-level command of an attempt. Exit is nil where it did not run or nobody knows.
type Command struct {
	Text safe.Text `json:"text"`
	Exit *int      `json:"exit"`
}

// Judged is a verdict on an attempt, by a check or by a person.
type Judged struct {
	At       time.Time   `json:"at"`
	By       safe.Text   `json:"by"`
	Ruling   string      `json:"ruling"`
	Evidence safe.Text   `json:"evidence,omitzero"`
	Flags    []safe.Text `json:"flags,omitempty"`
	Accepted bool        `json:"accepted,omitempty"`
	Note     safe.Text   `json:"note,omitzero"`
}

// Resolved is what an attempt without a recorded end was taken for.
type Resolved struct {
	At     time.Time `json:"at"`
	By     safe.Text `json:"by"`
	As     string    `json:"as"`
	Reason safe.Text `json:"reason,omitzero"`
}

// Output is what an attempt printed: as much of it as is readable, and the digest of the whole, after redaction.
type Output struct {
	Digest     safe.Text   `json:"digest,omitzero"`
	Bytes      int64       `json:"bytes"`
	Redactions int         `json:"redactions,omitempty"`
	Head       []safe.Text `json:"head,omitempty"`
	Omitted    int         `json:"omitted,omitempty"` // lines between head and tail
	Tail       []safe.Text `json:"tail,omitempty"`
	Missing    safe.Text   `json:"missing,omitzero"` // why there is no text
}

// Gate is a gate as it stood on screen, and what became of it.
type Gate struct {
	Kind     string      `json:"kind"`
	Weight   string      `json:"weight"`
	Sentence safe.Text   `json:"sentence"`
	Line     int         `json:"line"`
	Host     safe.Text   `json:"host"`
	Targets  []safe.Text `json:"targets,omitempty"`
	Canary   []safe.Text `json:"canary,omitempty"`
	Phrase   safe.Text   `json:"phrase,omitzero"`
	Digest   safe.Text   `json:"digest"` // of the text that would run
	Shown    []safe.Text `json:"shown"`  // what had been verified, and how long ago
}
