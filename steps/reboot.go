package steps

import (
	"slices"

	"gatewalk/runbook/shell"
)

// RebootExpected is why an attempt whose end nobody saw counts as done: its machine went down because the text says so.
const RebootExpected = "rebooted, as expected"

// expectsReboot says whether an attempt was to take its machine down: the machine has another boot id since, the block is
// read as dropping the connection, and the one command left to run was the one that does so. The walk goes on to the
// verification then. Anything less, and the end stays unknown: a power cut looks the same.
func (s State) expectsReboot(a *Attempt, ended []CommandExit) bool {
	b := s.Block(a.Started.Place)
	if b == nil || !b.DropsConnection || b.Verify || a.Started.OffScript || a.Started.Scratch || !s.bootedSince(a) {
		return false
	}
	last := len(a.Started.Commands) - 1
	if last < a.Started.From || slices.ContainsFunc(ended, func(e CommandExit) bool { return e.Code != 0 }) || len(ended) != last-a.Started.From {
		return false
	}
	if a.Started.Edited || last > a.Started.From {
		return shell.Analyze(a.Started.Commands[last]).Reboots() != ""
	}
	return !unplugsOnly(a.Started.Commands[last])
}

// bootedSince says whether this machine has been booted since an attempt was started on it.
func (s State) bootedSince(a *Attempt) bool {
	return a.Boot != "" && s.opened.Boot != "" && a.Boot != s.opened.Boot
}

// unplugsOnly says whether a command takes the network away and lets the machine run.
func unplugsOnly(command string) bool {
	snippet := shell.Analyze(command)
	return snippet.Drops() != "" && snippet.Reboots() == ""
}

// cutByReboot is that a command which was to take its machine down was itself ended by that: no failure.
func (d decision) cutByReboot(a *Attempt, end Finished) []Fact {
	if !slices.Contains([]string{"TERM", "HUP", "KILL"}, end.Signal) {
		return nil
	}
	ended := end.Exits
	if n := len(ended); n > 0 && ended[n-1].Command == len(a.Started.Commands)-1 {
		ended = ended[:n-1]
	}
	if !d.s.expectsReboot(a, ended) {
		return nil
	}
	return []Fact{asExpected(a, "ended by SIG"+end.Signal+" as this machine went down")}
}

func asExpected(a *Attempt, evidence string) Fact {
	return Resolved{Attempt: a.ID, As: OutcomeDone, Reason: RebootExpected, Evidence: evidence}
}
