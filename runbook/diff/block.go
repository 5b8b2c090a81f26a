package diff

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/runbook"
)

// property is one thing that is believed of a block, in words.
type property struct {
	name    string
	concern Concern
	of      func(*runbook.Block) string
	weaker  func(from, to string) bool // nil: no change of it takes anything away
}

func lost(_, to string) bool { return to == "" }

var properties = []property{
	{"gate", Gate, gateWords, func(from, to string) bool {
		return to == "" || strings.HasSuffix(from, ", typed") && !strings.HasSuffix(to, ", typed")
	}},
	{"phrase", Gate, func(b *runbook.Block) string { return detail(b).Phrase }, lost},
	{"targets", Gate, func(b *runbook.Block) string { return strings.Join(b.Targets, " ") }, nil},
	{"canary", Gate, func(b *runbook.Block) string { return yes(detail(b).CanaryOf != "") }, lost},
	{"host", Host, func(b *runbook.Block) string { return b.Host }, lost},
	{"left out", Command, func(b *runbook.Block) string { return b.Skip }, nil},
	{"kind", Command, func(b *runbook.Block) string { return string(b.Kind) }, nil},
	{"verify", Check, func(b *runbook.Block) string { return yes(b.Verify) }, lost},
	{"expect", Check, func(b *runbook.Block) string { return strings.Join(strings.Fields(b.Expect), " ") }, lost},
	{"check", Check, checkWords, lost},
	{"poll", Check, pollWords, lost},
	{"timeout", Check, func(b *runbook.Block) string { return b.Timeout }, nil},
	{"secret", Secret, func(b *runbook.Block) string { return strings.Join(b.Secrets, " ") }, lost},
	{"drops connection", Step, func(b *runbook.Block) string { return yes(b.DropsConnection) }, nil},
	{"interactive", Step, func(b *runbook.Block) string { return yes(b.Interactive) }, nil},
	{"optional", Step, func(b *runbook.Block) string { return strings.Join(strings.Fields(b.Optional), " ") }, nil},
	{"undo", Step, func(b *runbook.Block) string { return b.Undo }, lost},
	{"owes", Step, func(b *runbook.Block) string { return strings.Join(b.Owes, ", ") }, nil},
	{"pays", Step, func(b *runbook.Block) string { return strings.Join(b.Pays, ", ") }, lost},
	{"long", Step, func(b *runbook.Block) string { return yes(b.Long) }, nil},
	{"estimate", Step, func(b *runbook.Block) string { return b.Estimate }, nil},
	{"inputs", Values, func(b *runbook.Block) string { return strings.Join(b.Inputs, ", ") }, nil},
}

func detail(b *runbook.Block) runbook.GateDetail {
	if b.GateDetail == nil {
		return runbook.GateDetail{}
	}
	return *b.GateDetail
}

func yes(holds bool) string {
	if holds {
		return "yes"
	}
	return ""
}

func gateWords(b *runbook.Block) string {
	if b.Gate == runbook.NoGate || b.Gate == "" {
		return ""
	}
	return fmt.Sprintf("%s, %s", b.Gate, map[runbook.Weight]string{runbook.Typed: "typed", runbook.OneKey: "one key"}[detail(b).Weight])
}

// checkWords is what a program judges by. A sample output is a block of its own.
func checkWords(b *runbook.Block) string {
	if b.Check == nil {
		return ""
	}
	var parts []string
	add := func(name, text string) {
		if text != "" {
			parts = append(parts, name+" "+text)
		}
	}
	add("output matches", b.Check.Regexp)
	add("jq", b.Check.JQ)
	add("fails if", b.Check.FailIf)
	if len(b.Check.Exit) > 0 {
		add("exit", strings.Trim(fmt.Sprint(b.Check.Exit), "[]"))
	}
	if b.Check.Proposed && len(parts) > 0 {
		parts = append(parts, "(proposed)")
	}
	return strings.Join(parts, ", ")
}

func pollWords(b *runbook.Block) string {
	if !b.Poll || b.PollRule == nil {
		return yes(b.Poll)
	}
	return strings.TrimSpace(fmt.Sprintf("every %s, at most %s", b.PollRule.Every, b.PollRule.Timeout))
}

// newBlock compares a block of the new version with what it was.
func (c *comparison) newBlock(b, now int) {
	was := c.blocks.back[b]
	place := blockPlace(c.new, now, b)
	if was < 0 {
		block := &c.new.Blocks[b]
		c.add(Change{Concern: touches(block), Kind: Added, Property: string(block.Kind), To: summary(block), Now: place, Lines: lines("", shown(block))})
		return
	}
	c.sameBlock(was, b, blockPlace(c.old, c.oldSteps[was], was), place)
}

// removedBlock tells what is gone, and with it its gate or its check.
func (c *comparison) removedBlock(b, was int) {
	block := &c.old.Blocks[b]
	concern := touches(block)
	switch {
	case block.Runs() && gateWords(block) != "":
		concern = Gate
	case block.Runs() && block.Verify:
		concern = Check
	}
	c.add(Change{Concern: concern, Kind: Removed, Property: string(block.Kind), From: summary(block), Was: blockPlace(c.old, was, b), Lines: lines(shown(block), "")})
}

// touches is what a block matters for.
func touches(b *runbook.Block) Concern {
	if b.Kind == runbook.Output {
		return Words
	}
	return Command
}

// shown is what of a block is compared line by line: what runs, else what it holds.
func shown(b *runbook.Block) string {
	if b.Runs() {
		return strings.Join(b.Commands, "\n")
	}
	return b.Text
}

// summary is what a reader must know of a block that is in one version only.
func summary(b *runbook.Block) string {
	if !b.Runs() {
		return ""
	}
	parts := []string{"host not said"}
	if b.Host != "" {
		parts[0] = "on " + b.Host
	}
	if gate := gateWords(b); gate != "" {
		parts = append(parts, "gate: "+gate)
	}
	if b.Verify {
		parts = append(parts, "a check")
	}
	return strings.Join(parts, "; ")
}

// sameBlock compares what is believed of a block in both versions, its text first.
func (c *comparison) sameBlock(was, now int, before, after *Place) {
	old, new := &c.old.Blocks[was], &c.new.Blocks[now]
	switch {
	case strings.TrimSpace(shown(old)) != strings.TrimSpace(shown(new)):
		concern := touches(new)
		if old.Runs() {
			concern = Command
		}
		c.add(Change{Concern: concern, Kind: Changed, Property: string(new.Kind), Was: before, Now: after, Lines: lines(shown(old), shown(new))})
	case strings.TrimSpace(old.Text) != strings.TrimSpace(new.Text):
		c.add(Change{Concern: Words, Kind: Changed, Property: "what a session shows", Was: before, Now: after, Lines: lines(old.Text, new.Text)})
	}
	if c.movedBlocks[was] && !c.movedAround(c.oldSteps[was]) {
		c.add(Change{Concern: touches(new), Kind: Moved, Property: string(new.Kind), To: new.First, Was: before, Now: after})
	}
	for _, p := range properties {
		if p.name == "gate" || p.concern != Gate || gateWords(new) != "" { // where the gate is gone, so is all of it
			c.property(p, p.of(old), p.of(new), before, after)
		}
	}
}

func (c *comparison) property(p property, from, to string, before, after *Place) {
	if from == to {
		return
	}
	change := Change{Concern: p.concern, Kind: Changed, Property: p.name, From: from, To: to, Was: before, Now: after}
	switch {
	case from == "" && !slices.Contains([]string{"host", "kind"}, p.name):
		change.Kind = Added
	case p.weaker != nil && p.weaker(from, to):
		change.Kind = Weakened
	case to == "":
		change.Kind = Removed
	}
	c.add(change)
}
