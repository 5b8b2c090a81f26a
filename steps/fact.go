package steps

import (
	"time"

	"gatewalk/runbook"
)

// Fact is what is now true. The set is closed; facts are past tense, hold digests instead of bytes, and are all that a session is.
type Fact interface{ fact() }

// BindingKind says where a host of the procedure is.
type BindingKind string

// The kinds of binding.
const (
	Here   BindingKind = "here"    // this machine
	ByHand BindingKind = "by hand" // done elsewhere, recorded by the operator
)

// Binding is where a host of the procedure is, said once per session.
type Binding struct {
	Kind  BindingKind `json:"kind"`
	Names []string    `json:"names"` // the host or hosts meant: for a role one or several
	User  string      `json:"user,omitempty"`
}

// Result is how something done by hand went.
type Result string

// The results of something done by hand.
const (
	Passed        Result = "passed"
	Failed        Result = "failed"
	NotApplicable Result = "not applicable"
)

// Outcome is what became of an attempt whose end was not recorded.
type Outcome string

// The outcomes.
const (
	OutcomeNotRun   Outcome = "not run" // certain
	OutcomeRunning  Outcome = "running"
	OutcomeDone     Outcome = "done"
	OutcomeFailed   Outcome = "failed"
	OutcomeRebooted Outcome = "rebooted" // of a probe only: its machine was booted since; expected, that is done, else unknown
	OutcomeUnknown  Outcome = "unknown"
)

// Ruling is what a check or a person made of an output.
type Ruling string

// The rulings.
const (
	RulingPass    Ruling = "pass"
	RulingFail    Ruling = "fail"
	RulingPending Ruling = "pending" // of a poll's round: not yet
	RulingAsk     Ruling = "ask"     // nothing here can judge it: a person must
)

// Judgment is what a check found, made once, at the edge.
type Judgment struct {
	Ruling   Ruling   `json:"ruling"`
	Evidence string   `json:"evidence,omitempty"` // at most 4 KiB, sanitised
	Flags    []string `json:"flags,omitempty"`    // what differs from a sample output: a reason to look, never a pass
}

// Property is what an operator may overrule of a block.
type Property string

// The properties that can be overruled.
const (
	KindProperty   Property = "kind"   // command, output: run a block that was read as output, or never run one
	HostProperty   Property = "host"   // the host it belongs to
	GateProperty   Property = "gate"   // give or relieve ("none") a gate
	WeightProperty Property = "weight" // typed, key
	CheckProperty  Property = "check"  // adopt, drop: of a proposed expectation
	VerifyProperty Property = "verify" // true, false
)

// CommandExit is the end of one top-level command of a block.
type CommandExit struct {
	Command int `json:"command"` // its index
	Code    int `json:"code"`
}

// Variable is what is publicly known of a shell variable: its value, or for a secret a commitment to it.
type Variable struct {
	Value      string `json:"value,omitempty"`
	Commitment string `json:"commitment,omitempty"`
	Origin     string `json:"origin"` // "inherited", "typed", "attempt 42"

	At time.Time `json:"-"` // since when it is so
}

// The facts.
type (
	// Opened begins a session, and with Resumed every later sitting. Digests are "sha256:…".
	Opened struct {
		Session   string            `json:"session"`
		Source    string            `json:"source"`
		Sources   map[string]string `json:"sources"` // stored name: digest
		Plan      string            `json:"plan"`    // digest of plan.json
		Machine   string            `json:"machine"`
		Boot      string            `json:"boot"`
		User      string            `json:"user"`
		Build     string            `json:"build"`
		Terminal  string            `json:"terminal,omitempty"`
		Keeper    string            `json:"keeper,omitempty"`    // how the process that holds the session runs on its own, and what would end it; "" if it is the screen's
		Inherited map[string]string `json:"inherited,omitempty"` // variables the runbook reads that came from the operator's environment
		Simulated bool              `json:"simulated,omitempty"`
		Site      string            `json:"site,omitempty"` // of a rehearsal: the shipped runbook whose site it is
		Resumed   bool              `json:"resumed,omitempty"`
		// Continues: the earlier session that this one goes on from, and Context the digest of the shell's context it left.
		Continues string `json:"continues,omitempty"`
		Context   string `json:"context,omitempty"`
		// Unattended: an answers file may pass gates in this sitting, and the record says so.
		Unattended bool `json:"unattended,omitempty"`
		// Arrived: the session was moved here. What was said to be this machine was the one before.
		Arrived bool `json:"arrived,omitempty"`
		// Copied: what was taken up is a copy of the record. What ran where it comes from may be further than it shows.
		Copied bool `json:"copied,omitempty"`
	}

	// Bound says where a host is: everywhere, or at a place. With both, a host and a place of nothing but frames, it holds for
	// one item of a loop, where a host said in words is another each time. By itself: the marker is this machine's own name.
	Bound struct {
		Host   string  `json:"host,omitempty"`
		Place  *Place  `json:"place,omitempty"`
		To     Binding `json:"to"`
		Itself bool    `json:"itself,omitempty"`
	}

	// Set gives a value. A placeholder's value belongs to the place; a shell variable's to the context the place runs in.
	// It is an input as well: the value of a secret is taken into the vault by the edge, and Commitment is all that comes here.
	Set struct {
		Place      Place  `json:"place"`
		Name       string `json:"name"`
		Value      string `json:"value,omitempty"`
		Secret     bool   `json:"secret,omitempty"`
		Commitment string `json:"commitment,omitempty"`
	}

	// Chosen records the way taken.
	Chosen struct {
		Place  Place  `json:"place"`
		Option int    `json:"option"`
		Title  string `json:"title"`
	}

	// Started says that an attempt is about to become a process. It is on disk before the process exists.
	Started struct {
		Place     Place             `json:"place"`
		Host      string            `json:"host"` // the bound host
		User      string            `json:"user"`
		Text      string            `json:"text"` // the bytes that run
		Digest    string            `json:"digest"`
		Commands  []string          `json:"commands"` // its top-level commands, run one after another
		From      int               `json:"from,omitempty"`
		Context   string            `json:"context,omitempty"` // digest of the context read; "" is a fresh one
		Assign    map[string]string `json:"assign,omitempty"`  // variables set by hand since that context was written
		Secrets   []string          `json:"secrets,omitempty"` // names of secrets handed over
		Edited    bool              `json:"edited,omitempty"`
		OffScript bool              `json:"off_script,omitempty"`
		Scratch   bool              `json:"scratch,omitempty"` // its context is thrown away: a poll's round, or off script and not kept
		Again     bool              `json:"again,omitempty"`   // run again on the operator's word
	}

	// Edited records a changed text.
	Edited struct {
		Place  Place  `json:"place"`
		Text   string `json:"text"`
		Was    string `json:"was"`
		Reason string `json:"reason,omitempty"`
	}

	// Finished is the recorded end of an attempt.
	Finished struct {
		Attempt    uint64            `json:"attempt"`
		Code       int               `json:"code"`
		Signal     string            `json:"signal,omitempty"`
		Exits      []CommandExit     `json:"exits,omitempty"`
		Context    string            `json:"context,omitempty"` // digest of the context written; "" where the old one is kept
		Changed    map[string]string `json:"changed,omitempty"` // public variables that are new or have another value now
		Unset      []string          `json:"unset,omitempty"`
		Bytes      int64             `json:"bytes"`
		Output     string            `json:"output"` // digest of the redacted output
		Redactions int               `json:"redactions,omitempty"`
		Hidden     int               `json:"hidden,omitempty"` // inputs that the terminal did not show, such as passwords
		Took       float64           `json:"took"`             // seconds
		Late       bool              `json:"late,omitempty"`   // observed after the fact
		Error      string            `json:"error,omitempty"`
		Warning    string            `json:"warning,omitempty"` // e.g. no complete context was written
	}

	// Judged is what became of a verification, by a check or by a person.
	Judged struct {
		Attempt  uint64   `json:"attempt"`
		Place    Place    `json:"place"`
		Judgment Judgment `json:"judgment"`
		Accepted bool     `json:"accepted,omitempty"` // a failure taken as good enough
		Note     string   `json:"note,omitempty"`
	}

	// GateReached opens a gate: what will run, on whom, and what must be typed. It holds only while the text is this text.
	GateReached struct {
		Place    Place            `json:"place"`
		Gate     runbook.GateKind `json:"gate"`
		Weight   runbook.Weight   `json:"weight"`
		Phrase   string           `json:"phrase,omitempty"`
		Sentence string           `json:"sentence"`
		Line     int              `json:"line"`
		Host     string           `json:"host"`
		Targets  []string         `json:"targets,omitempty"`
		Canary   []string         `json:"canary,omitempty"`
		Digest   string           `json:"digest"` // of the text that would run
		From     int              `json:"from,omitempty"`
	}

	// GatePassed says that a person, or a file where files may, confirmed.
	GatePassed struct {
		Place  Place  `json:"place"`
		Phrase string `json:"phrase,omitempty"`
	}

	// GateRefused is a wrong phrase (its length only) or a NO-GO with its reason.
	GateRefused struct {
		Place  Place  `json:"place"`
		Length int    `json:"length,omitempty"`
		NoGo   bool   `json:"no_go,omitempty"`
		Reason string `json:"reason,omitempty"`
	}

	// DoneByHand records work done elsewhere.
	DoneByHand struct {
		Place  Place  `json:"place"`
		Result Result `json:"result"`
		Who    string `json:"who"`
		Note   string `json:"note,omitempty"`
		Pasted string `json:"pasted,omitempty"`
	}

	// Skipped records what was passed over and why.
	Skipped struct {
		Place  Place  `json:"place"`
		Reason string `json:"reason"`
	}

	// Overruled records another reading of a block.
	Overruled struct {
		Place    Place    `json:"place"`
		Property Property `json:"property"`
		Value    string   `json:"value"`
		Was      string   `json:"was"`
		Reason   string   `json:"reason"`
	}

	// Called entered what a reference points to; Returned came back.
	Called struct {
		Place Place  `json:"place"`
		Step  string `json:"step"`
	}
	// Returned came back from a call.
	Returned struct {
		Place Place `json:"place"`
	}

	// PollStarted begins the rounds of a poll: the operator's word for all of them.
	PollStarted struct {
		Place   Place  `json:"place"`
		Every   string `json:"every"`
		Timeout string `json:"timeout"`
	}

	// PollEnded ends them: holds, failed, given up, stopped.
	PollEnded struct {
		Place  Place  `json:"place"`
		How    string `json:"how"`
		Rounds int    `json:"rounds"`
	}

	// Unknown says that an attempt was started and nobody saw its end.
	Unknown struct {
		Attempt  uint64 `json:"attempt"`
		Evidence string `json:"evidence"`
	}

	// Resolved says what an attempt without a recorded end was taken for, and by whom.
	Resolved struct {
		Attempt  uint64  `json:"attempt"`
		As       Outcome `json:"as"`
		Reason   string  `json:"reason,omitempty"`
		Evidence string  `json:"evidence,omitempty"`
	}

	// Noted is something written down. Jump: the walk goes on at Place, what lies between stays open. Signal: it was sent to Attempt.
	Noted struct {
		Place   *Place `json:"place,omitempty"`
		Text    string `json:"text"`
		Jump    *Place `json:"jump,omitempty"` // where it came from
		Attempt uint64 `json:"attempt,omitempty"`
		Signal  string `json:"signal,omitempty"`
	}

	// Attached is a copied file or a link.
	Attached struct {
		Place  Place  `json:"place"`
		Source string `json:"source"`
		Stored string `json:"stored,omitempty"`
		Digest string `json:"digest,omitempty"`
		Bytes  int64  `json:"bytes,omitempty"`
	}

	// Held keeps the next command from starting, or lets it go.
	Held struct {
		On     bool   `json:"on"`
		Reason string `json:"reason"`
	}

	// DriveAsked says that someone asks the driver for the wheel.
	DriveAsked struct {
		By     string `json:"by"`
		Reason string `json:"reason,omitempty"`
	}

	// DriveRefused says that the driver keeps the wheel for now.
	DriveRefused struct {
		To     string `json:"to"`
		Reason string `json:"reason,omitempty"`
	}

	// DriverChanged says who drives, by the label of an actor; nobody where To is empty.
	DriverChanged struct {
		From   string `json:"from,omitempty"`
		To     string `json:"to,omitempty"`
		Reason string `json:"reason,omitempty"`
		Forced bool   `json:"forced,omitempty"`
	}

	// SecretsForgotten names secrets whose values died with the process that held them.
	SecretsForgotten struct {
		Names []string `json:"names"`
	}

	// ClockJumped says that wall clock and monotonic clock no longer agree. It is an input as well.
	ClockJumped struct {
		Seconds float64 `json:"seconds"`
	}

	// TailDropped says that the journal ended in an unfinished line, which was never acknowledged.
	TailDropped struct {
		Bytes int `json:"bytes"`
	}

	// Carried takes over how a place stood in an earlier session, of an earlier version of the procedure, that this one goes on from.
	Carried struct {
		Place   Place  `json:"place"`
		Status  Status `json:"status"`
		Option  int    `json:"option"`
		From    string `json:"from"`              // the earlier session
		Attempt uint64 `json:"attempt,omitempty"` // its last attempt there
		Items   string `json:"items,omitempty"`   // of a loop: its confirmed list
		Reason  string `json:"reason,omitempty"`
		Claimed bool   `json:"claimed,omitempty"` // the earlier session's record is damaged, and only claims it
	}

	// Orphaned takes over an attempt that the damaged record of an earlier session knows no end of. Its id here is that of
	// the event. It is in doubt, like an attempt of this session that is Unknown, and nothing runs before it is decided.
	Orphaned struct {
		Place    Place    `json:"place"`
		Unplaced bool     `json:"unplaced,omitempty"` // which place it belongs to cannot be told: it is asked at Place, and is no mark of it
		From     string   `json:"from"`               // the earlier session
		Attempt  uint64   `json:"attempt,omitempty"`  // its number there; 0 for whatever ran in lines of which nothing is left
		Host     string   `json:"host,omitempty"`
		User     string   `json:"user,omitempty"`
		Commands []string `json:"commands,omitempty"` // as its files claim
		Began    string   `json:"began,omitempty"`    // RFC 3339, as its files claim
		Evidence string   `json:"evidence"`
	}

	// Continued says that all was taken over from the earlier session. Damage is what is wrong with its record, "" for nothing.
	Continued struct {
		From   string `json:"from"`
		Damage string `json:"damage,omitempty"`
	}

	// Moved seals the session: it goes on elsewhere, and nothing more happens in it here.
	Moved struct {
		To     string `json:"to"`
		Reason string `json:"reason,omitempty"`
	}

	// Closed ends the session.
	Closed struct {
		Outcome string `json:"outcome"`
		Reason  string `json:"reason,omitempty"`
	}
)

func (Opened) fact()           {}
func (Bound) fact()            {}
func (Set) fact()              {}
func (Chosen) fact()           {}
func (Started) fact()          {}
func (Edited) fact()           {}
func (Finished) fact()         {}
func (Judged) fact()           {}
func (GateReached) fact()      {}
func (GatePassed) fact()       {}
func (GateRefused) fact()      {}
func (DoneByHand) fact()       {}
func (Skipped) fact()          {}
func (Overruled) fact()        {}
func (Called) fact()           {}
func (Returned) fact()         {}
func (PollStarted) fact()      {}
func (PollEnded) fact()        {}
func (Unknown) fact()          {}
func (Resolved) fact()         {}
func (Noted) fact()            {}
func (Attached) fact()         {}
func (Held) fact()             {}
func (DriveAsked) fact()       {}
func (DriveRefused) fact()     {}
func (DriverChanged) fact()    {}
func (SecretsForgotten) fact() {}
func (ClockJumped) fact()      {}
func (TailDropped) fact()      {}
func (Carried) fact()          {}
func (Orphaned) fact()         {}
func (Continued) fact()        {}
func (Moved) fact()            {}
func (Closed) fact()           {}
