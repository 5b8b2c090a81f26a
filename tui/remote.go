package tui

// Remote is a session that another process keeps.
type Remote interface {
	// Lost is closed when that process is gone or cannot be reached any more. What it was told is on disk, and what it
	// started goes on.
	Lost() <-chan struct{}
}
