package steps_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// rebootPlan is one block that is read as dropping the connection, and the verification behind it.
func rebootPlan(change func(*runbook.Block), commands ...string) *runbook.Plan {
	down := runbook.Block{ID: "down", Kind: runbook.Command, Text: commands[0], Commands: commands, Host: "m1", Gate: runbook.NoGate, DropsConnection: true}
	up := runbook.Block{ID: "up", Kind: runbook.Command, Text: "uptime", Commands: []string{"uptime"}, Host: "m1", Gate: runbook.NoGate, Verify: true}
	change(&down)
	return &runbook.Plan{
		Source: "reboot.md", Title: "A reboot", Blocks: []runbook.Block{down, up},
		Root: []runbook.Item{{Kind: runbook.BlockItem, Index: 0}, {Kind: runbook.BlockItem, Index: 1}},
	}
}

// booted starts the block on a machine, opens the session again after a boot, and says what a probe found.
func booted(t *testing.T, plan *runbook.Plan, boot string, found steps.Probed, before ...steps.Input) *session {
	s := &session{t: t, state: steps.New(plan), now: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC), by: ada, boot: "first"}
	s.must(steps.Begin{Opened: steps.Opened{Session: "s1", Machine: "m1", Boot: "first", User: "ada"}})
	for _, in := range before {
		s.must(in)
	}
	s.must(steps.Run{Place: at("down")})
	found.Attempt, s.boot = s.state.Running()[0], boot
	if found.End != nil {
		found.End.Attempt = found.Attempt
	}
	s.machine(steps.Reopened{Machine: "m1", Boot: boot})
	s.machine(found)
	return s
}

func same(*runbook.Block) {}

func TestARebootThatTheTextOrdersIsExpected(t *testing.T) {
	rebooted := steps.Probed{Found: steps.OutcomeRebooted, Evidence: "this machine was booted since"}
	for name, plan := range map[string]*runbook.Plan{
		"a reboot":                 rebootPlan(same, "systemctl reboot"),
		"a script that is said to": rebootPlan(same, "./rebuild-myself.sh"),
	} {
		t.Run(name, func(t *testing.T) {
			s := booted(t, plan, "second", rebooted)
			require.Equal(t, steps.StatusDone, s.state.Spot(at("down")).Status)
			require.Equal(t, steps.RebootExpected, s.state.Spot(at("down")).Reason)
			require.Empty(t, s.effects, "nothing is run again, nothing is judged")
			next, _ := s.state.Next()
			require.Equal(t, at("up"), next, "on to the verification")
		})
	}
}

func TestARebootBehindOtherCommandsIsExpectedOnceTheyHaveEndedWell(t *testing.T) {
	plan := rebootPlan(same, "sync", "reboot")
	for _, tc := range []struct {
		ended  []steps.CommandExit
		status steps.Status
	}{
		{nil, steps.StatusUnknown}, // it may have been cut off before the reboot that was meant
		{[]steps.CommandExit{{Command: 0, Code: 1}}, steps.StatusUnknown},
		{[]steps.CommandExit{{Command: 0}}, steps.StatusDone},
		{[]steps.CommandExit{{Command: 0}, {Command: 1}}, steps.StatusDone}, // it said "going down" and ended
		{[]steps.CommandExit{{Command: 0}, {Command: 1, Code: 143}}, steps.StatusDone},
		{[]steps.CommandExit{{Command: 0}, {Command: 1, Code: 1}}, steps.StatusUnknown}, // it failed: something else booted the machine
	} {
		s := booted(t, plan, "second", steps.Probed{Found: steps.OutcomeRebooted, Evidence: "booted since", Exits: tc.ended})
		require.Equal(t, tc.status, s.state.Spot(at("down")).Status, tc.ended)
	}
}

func TestAnyOtherRebootLeavesTheEndUnknown(t *testing.T) {
	found := steps.Probed{Found: steps.OutcomeRebooted, Evidence: "booted since"}
	for name, s := range map[string]*session{
		"the same boot":              booted(t, rebootPlan(same, "reboot"), "first", found),
		"nobody knows the boot":      booted(t, rebootPlan(same, "reboot"), "", found),
		"only lost":                  booted(t, rebootPlan(same, "reboot"), "second", steps.Probed{Found: steps.OutcomeUnknown, Evidence: "lost"}),
		"not read so":                booted(t, rebootPlan(func(b *runbook.Block) { b.DropsConnection = false }, "./upgrade.sh"), "second", found),
		"only the network goes":      booted(t, rebootPlan(same, "ifdown eth0"), "second", found),
		"something comes behind":     booted(t, rebootPlan(same, "reboot", "rm -rf /var/old"), "second", found),
		"edited to something else":   booted(t, rebootPlan(same, "reboot"), "second", found, steps.Edit{Place: at("down"), Text: "./long-backup.sh"}),
		"a verification of its own":  booted(t, rebootPlan(func(b *runbook.Block) { b.Verify = true }, "reboot"), "second", found),
		"something of the operators": offScript(t, found),
	} {
		id := s.state.Seq()
		facts := s.events[len(s.events)-1].Facts
		require.IsType(t, steps.Unknown{}, facts[0], "%s: %d", name, id)
		require.Empty(t, s.state.Running(), name)
	}
}

// offScript is a reboot that no text orders.
func offScript(t *testing.T, found steps.Probed) *session {
	s := &session{t: t, state: steps.New(rebootPlan(same, "reboot")), by: ada, boot: "first"}
	s.must(steps.Begin{Opened: steps.Opened{Session: "s1", Machine: "m1", Boot: "first", User: "ada"}})
	s.must(steps.Run{Place: at("down"), OffScript: "reboot"})
	found.Attempt, s.boot = s.state.Running()[0], "second"
	s.machine(steps.Reopened{Machine: "m1", Boot: "second"})
	s.machine(found)
	return s
}

func TestACommandThatTheRebootItselfEndedHasNotFailed(t *testing.T) {
	end := func(signal string, code int) steps.Probed {
		return steps.Probed{Found: steps.OutcomeDone, Evidence: "its end is recorded", End: &steps.Finished{Code: code, Signal: signal, Exits: []steps.CommandExit{{Command: 0, Code: code}}}}
	}
	s := booted(t, rebootPlan(same, "reboot"), "second", end("TERM", 143))
	require.Equal(t, steps.StatusDone, s.state.Spot(at("down")).Status)
	require.Empty(t, s.effects, "its exit code is no verdict")
	for name, s := range map[string]*session{
		"it failed by itself": booted(t, rebootPlan(same, "reboot"), "second", end("", 1)),
		"the same boot":       booted(t, rebootPlan(same, "reboot"), "first", end("TERM", 143)),
	} {
		require.Equal(t, steps.StatusJudging, s.state.Spot(at("down")).Status, name)
	}
}
