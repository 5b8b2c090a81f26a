package steps

// Session is a session as a walk meets it, whoever holds it: what the operator wants is said to it, what became true and what
// commands printed is read from it. Its methods may wait for the disk; a screen calls them beside its updates, never within.
type Session interface {
	// Do says an input. seen is the sequence number of the last event that was shown. It answers once the facts are on disk. A
	// refusal is a *Refusal and says what is missing.
	Do(input Input, seen uint64) error
	// Facts are the events after seq, and a channel that is closed when there are more.
	Facts(from uint64) ([]Event, <-chan struct{})
	// Output is a piece of an attempt's raw output from an offset on (at most 64 KiB, none where it has not come so far yet; it
	// must pass steps/safe before anyone sees it), and a channel that is closed when there is more or the attempt has ended.
	Output(attempt uint64, offset int64) ([]byte, <-chan struct{}, error)
	// Type passes keys through to a running attempt. They are recorded nowhere.
	Type(attempt uint64, keys []byte) error
	// Echo says whether a running attempt shows what is typed to it: false while it asks for a password.
	Echo(attempt uint64) bool
	// Resize tells running attempts the size of their part of the screen, in characters.
	Resize(columns, rows int)
}
