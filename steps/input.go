package steps

// Input is what the world says. The set is closed; inputs are imperative where a person speaks, past tense where the machine reports.
type Input interface{ input() }

// What an operator says.
type (
	// Begin opens the session. The edge fills in everything.
	Begin struct{ Opened }

	// Bind says where a host of the procedure is. Typed is what the operator typed to confirm it: the host's name, or for an unsaid host this machine's.
	Bind struct {
		Host  string  `json:"host,omitempty"`  // the marker; "" speaks for Place only
		Place *Place  `json:"place,omitempty"` // where it was asked, if the host is unsaid, or the place stands in a loop: then the answer holds there alone
		To    Binding `json:"to"`
		Typed string  `json:"typed,omitempty"`
	}

	// Choose takes one way of a choice. Option counts from 0.
	Choose struct {
		Place  Place `json:"place"`
		Option int   `json:"option"`
	}

	// Run starts a place, reaches its gate if it has one that is not passed, calls what a reference points to.
	// From counts the block's commands from 0: going on from the next one after a failure.
	// OffScript, if not empty, is a command of the operator's own that runs in the place's context and is recorded under it;
	// its variables are kept only where Keep says so.
	Run struct {
		Place     Place  `json:"place"`
		From      int    `json:"from,omitempty"`
		OffScript string `json:"off_script,omitempty"`
		Keep      bool   `json:"keep,omitempty"`
	}

	// Edit changes the text of a place before it runs. The text is the whole block's.
	Edit struct {
		Place  Place  `json:"place"`
		Text   string `json:"text"`
		Reason string `json:"reason,omitempty"`
	}

	// Confirm passes a gate. For a typed gate Phrase is what was typed; for the light one it is empty.
	Confirm struct {
		Place  Place  `json:"place"`
		Phrase string `json:"phrase,omitempty"`
	}

	// Refuse is NO-GO: a fact with a reason. (Looking away from a gate is "not yet" and no input at all.)
	Refuse struct {
		Place  Place  `json:"place"`
		Reason string `json:"reason"`
	}

	// Verdict is the operator's reading of an attempt: where nothing judged it, or against what judged it (then with a reason).
	Verdict struct {
		Attempt uint64 `json:"attempt"`
		Pass    bool   `json:"pass"`
		Note    string `json:"note,omitempty"`
	}

	// Done records a place as done by hand, somewhere else, by someone.
	Done struct {
		Place  Place  `json:"place"`
		Result Result `json:"result"`
		Who    string `json:"who"`
		Note   string `json:"note,omitempty"`
		Pasted string `json:"pasted,omitempty"`
	}

	// Skip passes a place, or a step with all inside it, over. The reason is not optional.
	Skip struct {
		Place  Place  `json:"place"`
		Reason string `json:"reason"`
	}

	// Overrule changes what was read of a block, with a reason.
	Overrule struct {
		Place    Place    `json:"place"`
		Property Property `json:"property"`
		Value    string   `json:"value"`
		Reason   string   `json:"reason"`
	}

	// Jump goes on at a place further down, leaving open what lies between. It never passes a gate.
	Jump struct {
		To     Place  `json:"to"`
		Reason string `json:"reason"`
	}

	// Note writes something down, under a place if one is given.
	Note struct {
		Place *Place `json:"place,omitempty"`
		Text  string `json:"text"`
	}

	// Attach adds a file or a link to a place. The edge copies the file and fills in digest and size.
	Attach struct {
		Place  Place  `json:"place"`
		Source string `json:"source"` // the path or link as given
		Stored string `json:"stored,omitempty"`
		Digest string `json:"digest,omitempty"`
		Bytes  int64  `json:"bytes,omitempty"`
	}

	// Poll repeats an ungated verify block until its check holds, fails or is given up.
	// Every and Timeout are Go durations; empty means the block's own rule. Stop ends a running poll.
	Poll struct {
		Place   Place  `json:"place"`
		Every   string `json:"every,omitempty"`
		Timeout string `json:"timeout,omitempty"`
		Stop    bool   `json:"stop,omitempty"`
	}

	// Hold keeps the next command from starting, or lets it go again.
	Hold struct {
		On     bool   `json:"on"`
		Reason string `json:"reason"`
	}

	// Abort sends a signal to a running attempt, as a fact.
	Abort struct {
		Attempt uint64 `json:"attempt"`
		Signal  string `json:"signal"` // INT, TERM or KILL
		Reason  string `json:"reason,omitempty"`
	}

	// Drive takes the wheel where nobody has it, asks the driver for it, or takes it by force, with a reason.
	Drive struct {
		Reason string `json:"reason,omitempty"`
		Forced bool   `json:"forced,omitempty"`
	}

	// Yield is the driver's answer to who asks for the wheel.
	Yield struct {
		To      string `json:"to"` // who asked
		Refused bool   `json:"refused,omitempty"`
		Reason  string `json:"reason,omitempty"`
	}

	// Park lets go of the wheel: the operator leaves, the session stays.
	Park struct {
		Note string `json:"note,omitempty"`
	}

	// Resolve says what became of an attempt whose end nobody saw.
	Resolve struct {
		Attempt uint64  `json:"attempt"`
		As      Outcome `json:"as"`
		Reason  string  `json:"reason"`
	}

	// Carry takes over the marks of an earlier session, of an earlier version of the procedure.
	Carry struct {
		Marks []Carried `json:"marks"`
	}

	// Continue says that all was taken over. Before it, a session that goes on from another takes nothing else.
	Continue struct{ Continued }

	// Move seals the session here because it goes on elsewhere. A second Move, to somewhere else, wants a reason: the first may have arrived.
	Move struct {
		To     string `json:"to"` // a host, or the name of an archive
		Reason string `json:"reason,omitempty"`
	}

	// Close ends the session.
	Close struct {
		Outcome string `json:"outcome"` // completed, stopped
		Reason  string `json:"reason,omitempty"`
	}
)

// What the machine reports.
type (
	// Exited reports the end of an attempt; its output and its context are on disk.
	Exited struct{ Finished }

	// Observed reports what the check made of an attempt's output.
	Observed struct {
		Attempt  uint64   `json:"attempt"`
		Judgment Judgment `json:"judgment"`
	}

	// Probed reports what was found of an attempt that has no recorded end. End is set where it is done.
	Probed struct {
		Attempt  uint64    `json:"attempt"`
		Found    Outcome   `json:"found"` // not run, running, done, rebooted, unknown
		Evidence string    `json:"evidence"`
		End      *Finished `json:"end,omitempty"`
		// Exits are its commands that are known to have ended, where it was the machine that was booted anew.
		Exits []CommandExit `json:"exits,omitempty"`
	}

	// Orphan takes over what the damaged record of an earlier session knows no end of.
	Orphan struct{ Orphaned }

	// LaunchFailed reports that an attempt never became a process.
	LaunchFailed struct {
		Attempt uint64 `json:"attempt"`
		Error   string `json:"error"`
	}

	// Tick says that the time a Wake asked for has come.
	Tick struct {
		Place Place `json:"place"`
	}

	// Reopened says that the session was loaded from its journal again; Arrived, that it was moved to where it was loaded.
	Reopened struct {
		Machine    string   `json:"machine"`
		Boot       string   `json:"boot"`
		User       string   `json:"user,omitempty"` // where it is another than before
		Arrived    bool     `json:"arrived,omitempty"`
		Copied     bool     `json:"copied,omitempty"` // the record is a copy
		Build      string   `json:"build"`
		Terminal   string   `json:"terminal,omitempty"`
		Keeper     string   `json:"keeper,omitempty"`
		Dropped    int      `json:"dropped,omitempty"` // bytes of an unfinished last line
		Unattended bool     `json:"unattended,omitempty"`
		Secrets    []string `json:"secrets,omitempty"` // names whose values are gone
	}
)

func (Begin) input()        {}
func (Bind) input()         {}
func (Set) input()          {}
func (Choose) input()       {}
func (Run) input()          {}
func (Edit) input()         {}
func (Confirm) input()      {}
func (Refuse) input()       {}
func (Verdict) input()      {}
func (Done) input()         {}
func (Skip) input()         {}
func (Overrule) input()     {}
func (Jump) input()         {}
func (Note) input()         {}
func (Attach) input()       {}
func (Poll) input()         {}
func (Hold) input()         {}
func (Abort) input()        {}
func (Drive) input()        {}
func (Yield) input()        {}
func (Park) input()         {}
func (Exited) input()       {}
func (Observed) input()     {}
func (Probed) input()       {}
func (LaunchFailed) input() {}
func (Tick) input()         {}
func (ClockJumped) input()  {}
func (Reopened) input()     {}
func (Resolve) input()      {}
func (Carry) input()        {}
func (Continue) input()     {}
func (Orphan) input()       {}
func (Move) input()         {}
func (Close) input()        {}
