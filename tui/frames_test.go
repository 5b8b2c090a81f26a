package tui

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"github.com/stretchr/testify/require"

	"gatewalk/steps"
)

// sizes are those a screen is looked at in: the smallest, tmux on a console, a laptop, a wall.
var sizes = []struct{ width, height int }{{60, 20}, {80, 24}, {120, 40}, {200, 50}}

// scripted prints what the commands of the rollout print.
func scripted(s steps.Started) result {
	switch s.Place.Block {
	case "b1":
		return result{sets: map[string]string{"ACTIVITY": "fall-2026"}}
	case "b2":
		return result{prints: "ncn-s001\tready\r\nncn-s002\tready\r\nncn-s003\tready\r\n"}
	case "b4":
		return result{prints: "ncn-s001 configured\r\n"}
	case "b5":
		return result{sets: map[string]string{"STORAGE": "ncn-s002 ncn-s003"}}
	}
	return result{prints: "ok\r\n"}
}

// Steps of the rollout, as far as a situation needs them.
func toValues(o *operator) { o.press("enter"); o.rest() }

func toVerdict(o *operator) {
	toValues(o)
	o.fill("fall-2026")
	o.press("enter", "enter", "enter")
}

func toLightGate(o *operator) {
	toVerdict(o)
	o.press("enter")
	o.fill("p", "")
	o.press("enter", "enter")
	o.rest()
}

func toPoll(o *operator) {
	toLightGate(o)
	o.press("end", "y")
	o.rest()
	o.press("enter")
}

func toTypedGate(o *operator) {
	toPoll(o)
	o.press("enter", "enter", "enter", "enter", "enter")
	o.rest()
}

func toByHand(o *operator) {
	toTypedGate(o)
	o.press("end")
	o.type_(o.session.state.Spot(steps.Place{Block: "b6"}).Gate.Phrase)
	o.press("enter", "enter", "enter")
	o.rest()
}

func toChoice(o *operator) {
	toByHand(o)
	o.fill("p", "", "the mail went out at two")
	o.press("tab", "tab", "enter", "enter")
	o.rest()
}

func toBinding(o *operator) {
	toChoice(o)
	o.fill("2")
	o.press("enter")
	o.rest()
}

func toEnd(o *operator) {
	toBinding(o)
	o.fill("s", "nobody uses it any more")
}

// situations are what an operator meets, each told by what was done to come there.
var situations = []struct {
	name   string
	script func(steps.Started) result
	walk   func(*operator)
}{
	{"start", scripted, func(*operator) {}},
	{"outline", scripted, func(o *operator) { toVerdict(o); o.press("tab") }},
	{"values", scripted, toValues},
	{"verdict asked", scripted, toVerdict},
	{"verdict form", scripted, func(o *operator) { toVerdict(o); o.press("enter") }},
	{"gate of one key", scripted, toLightGate},
	{"gate just opened", scripted, func(o *operator) {
		toPoll(o)
		o.press("enter", "enter", "enter", "enter", "enter")
	}},
	{"gate with a phrase", scripted, func(o *operator) { toTypedGate(o); o.type_("ncn-s0") }},
	{"gate against the canary", func(s steps.Started) result {
		if s.Place.Block == "b5" {
			return result{sets: map[string]string{"STORAGE": "ncn-s001 ncn-s003 ncn-s003"}}
		}
		return scripted(s)
	}, toTypedGate},
	{"no-go", scripted, func(o *operator) { toLightGate(o); o.press("n") }},
	{"running", running, toRunning},
	{"typing into it", running, func(o *operator) {
		toRunning(o)
		o.session.hidden = true
		o.press("t", "y")
	}},
	{"leaving while it runs", running, func(o *operator) { toRunning(o); o.press("q") }},
	{"failed", failing, toFailed},
	{"failed, what now", failing, func(o *operator) { toFailed(o); o.press("enter") }},
	{"polling", func(s steps.Started) result {
		if s.Place.Block == "b4" {
			return result{prints: "ncn-s001 pending\r\n"}
		}
		return scripted(s)
	}, func(o *operator) { toPoll(o); o.press("p") }},
	{"by hand", scripted, toByHand},
	{"choice", scripted, toChoice},
	{"host not bound", scripted, toBinding},
	{"unknown", running, toUnknown},
	{"unknown, what is known", running, func(o *operator) { toUnknown(o); o.press("enter") }},
	{"unknown, what became of it", running, func(o *operator) {
		toUnknown(o)
		for o.press("enter"); o.m.showing != asking; o.press("enter") {
		}
	}},
	{"at the end", scripted, toEnd},
	{"debts and deviations", scripted, func(o *operator) { toEnd(o); o.press("esc", "d") }},
	{"help", scripted, func(o *operator) { o.press("?") }},
	{"why", scripted, func(o *operator) { o.press("i") }},
	{"editing", scripted, func(o *operator) { o.press("e"); o.type_(" # edited") }},
	{"edited", scripted, func(o *operator) {
		o.press("e")
		o.type_(" # as the ticket says")
		o.press("tab", "enter")
	}},
	{"reading otherwise", scripted, func(o *operator) { o.press("o") }},
	{"searching", scripted, func(o *operator) { o.press("/"); o.type_("console") }},
	{"watching", running, func(o *operator) { toRunning(o); bobDrives(o) }},
	{"watching, a dead key", running, func(o *operator) { toRunning(o); bobDrives(o); o.press("s") }},
	{"wheel, how it stands", running, func(o *operator) { toRunning(o); bobDrives(o); o.press("w") }},
	{"wheel, asking for it", running, func(o *operator) { toRunning(o); bobDrives(o); o.press("w", "enter") }},
	{"wheel, asked for", running, func(o *operator) { toRunning(o); bobAsks(o) }},
	{"wheel, give or keep", running, func(o *operator) { toRunning(o); bobAsks(o); o.press("w") }},
	{"variables", scripted, func(o *operator) { toVerdict(o); o.press("v") }},
	{"setting a variable", scripted, func(o *operator) { toVerdict(o); o.press("v", "s"); o.fill("ZONE", "v") }},
	{"link lost", running, func(o *operator) { toRunning(o); o.send(lostMsg{}) }},
	{"claimed by a damaged record", scripted, toClaimed},
	{"claimed by a damaged record, outline", scripted, func(o *operator) { toClaimed(o); o.press("tab") }},
	{"poll with a failed round", pollFailing, toPollFailed},
	{"failure accepted", pollFailing, func(o *operator) {
		toPollFailed(o)
		o.press("enter")
		o.fill("a", "known since the last release")
	}},
	{"disk full", scripted, func(o *operator) {
		o.session.broken = errors.New("/var/lib/gatewalk/20261121-0200: the disk is full: make room and go on; until then no new command starts")
		o.press("enter")
	}},
	{"held", scripted, func(o *operator) { o.press("H"); o.fill("the storage alarm is on") }},
}

// toClaimed goes on from a session whose record is damaged: what it claims is done, and what ran when it broke off is in doubt.
func toClaimed(o *operator) {
	s := newFakeAfter("s0", o.session.state.Plan(), o.session.script)
	s.must(steps.Machine, steps.Carry{Marks: []steps.Carried{{Place: steps.Place{Block: "b1"}, Status: steps.StatusDone, From: "s0", Attempt: 4, Claimed: true}}})
	s.must(steps.Machine, steps.Orphan{Orphaned: steps.Orphaned{
		Place: steps.Place{Block: "b2"}, From: "s0", Attempt: 7, Host: "ncn-m001", User: "root", Commands: []string{"site status"},
		Evidence: "started, and the record breaks off before its end",
	}})
	s.must(steps.Machine, steps.Continue{Continued: steps.Continued{From: "s0", Damage: "line 12 does not follow line 11"}})
	*o = *attach(o.t, s, o.m.width, o.m.height)
}

// pollFailing has the verification of the canary meet what it must not.
func pollFailing(s steps.Started) result {
	if s.Place.Block == "b4" {
		return result{prints: "ncn-s001 failed\r\n"}
	}
	return scripted(s)
}

func toPollFailed(o *operator) { toPoll(o); o.press("p") }

// running keeps the canary's rollout running.
func running(s steps.Started) result {
	if s.Place.Block == "b3" {
		return result{prints: "rolling out ncn-s001\r\ncontinue? [y/N] ", hold: true}
	}
	return scripted(s)
}

func toRunning(o *operator) {
	toLightGate(o)
	o.press("end", "y")
	o.rest()
}

func failing(s steps.Started) result {
	if s.Place.Block == "b5" {
		return result{prints: "siteadmin: no such role\r\n", code: 2, exits: []steps.CommandExit{{Command: 0, Code: 2}}}
	}
	return scripted(s)
}

func toFailed(o *operator) {
	toPoll(o)
	o.press("enter", "enter", "enter")
}

// bob watches the same session from another screen.
var bob = steps.Actor{Name: "bob", UID: 1001, Via: steps.Terminal, Screen: "pts/4"}

func bobDrives(o *operator) {
	o.session.mustBy(bob, steps.Drive{Forced: true, Reason: "alice's link is gone"})
	o.news()
}

func bobAsks(o *operator) {
	o.session.mustBy(bob, steps.Drive{Reason: "my shift begins at three"})
	o.news()
}

// toUnknown has everything but the disk go away while the canary's rollout runs, and comes back.
func toUnknown(o *operator) {
	toRunning(o)
	o.session.must(steps.Terminal, steps.Reopened{Machine: "ncn-m001", Boot: "b2"})
	o.news()
}

func TestFrames(t *testing.T) {
	for _, s := range situations {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s %dx%d", s.name, size.width, size.height), func(t *testing.T) {
				o := sit(t, rollout(), size.width, size.height, s.script)
				s.walk(o)
				requireFits(t, o)
				golden.RequireEqual(t, trimmed(o.screen()))
			})
		}
	}
}

// requireFits says that a frame is as large as the terminal and no larger.
func requireFits(t *testing.T, o *operator) {
	t.Helper()
	lines := strings.Split(o.m.View().Content, "\n")
	require.Len(t, lines, max(1, o.m.height), "lines")
	for _, line := range lines {
		require.LessOrEqual(t, ansi.StringWidth(line), o.m.width, line)
	}
}

// trimmed is a frame without the spaces at the ends of its lines, so that it can be read and compared.
func trimmed(frame string) string {
	lines := strings.Split(frame, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}
