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
	if !onlyLastLeft(ended, a.Started.From, last) {
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

// onlyLastLeft says whether all commands before the last ended well, and the last did not fail by itself.
func onlyLastLeft(ended []CommandExit, from, last int) bool {
	before := 0
	for _, e := range ended {
		switch {
		case e.Command < last && e.Code == 0:
			before++
		case e.Command < last, e.Code != 0 && !slices.Contains(killed, e.Code):
			return false
		}
	}
	return last >= from && before == last-from
}

// killed are the codes of a command that was ended as a machine that goes down ends what runs: by SIGHUP, SIGKILL or SIGTERM.
var killed = []int{128 + 1, 128 + 9, 128 + 15}

// cutByReboot is that a command which was to take its machine down was itself ended by that: no failure.
func (d decision) cutByReboot(a *Attempt, end Finished) []Fact {
	if !slices.Contains(killed, end.Code) || !d.s.expectsReboot(a, end.Exits) {
		return nil
	}
	return []Fact{asExpected(a, "ended as this machine went down: "+end.Signal)}
}

func asExpected(a *Attempt, evidence string) Fact {
	return Resolved{Attempt: a.ID, As: OutcomeDone, Reason: RebootExpected, Evidence: evidence}
}
