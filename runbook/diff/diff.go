// Package diff says what changed, step by step, between two versions of a procedure.
//
// Its promise: no command, gate, host or check that differs is passed over, and what differs in numbers or in line breaks
// alone is no change. What makes a walk less safe is told first.
package diff

import (
	"gatewalk/runbook"
)

// Concern is what a change touches.
type Concern string

// The concerns, the gravest first. The set is closed.
const (
	Gate    Concern = "gate"
	Host    Concern = "host"
	Command Concern = "command" // what runs, and in which order
	Check   Concern = "check"
	Secret  Concern = "secret"
	Warning Concern = "warning" // a note that warns
	Step    Concern = "step"    // what there is to do, and when
	Values  Concern = "values"
	Words   Concern = "words"
)

var concerns = []Concern{Gate, Host, Command, Check, Secret, Warning, Step, Values, Words}

// Kind says how something changed.
type Kind string

// The kinds of change. The set is closed.
const (
	Weakened Kind = "weakened" // what held the operator back, or told whether it went well, is less
	Removed  Kind = "removed"
	Changed  Kind = "changed"
	Moved    Kind = "moved"
	Added    Kind = "added"
)

var kinds = []Kind{Weakened, Removed, Changed, Moved, Added}

// Change is one thing that differs.
type Change struct {
	Concern  Concern `json:"concern"`
	Kind     Kind    `json:"kind"`
	Safety   bool    `json:"safety"`
	Property string  `json:"property"` // step, block, or what of one it is: gate, host, expect, …
	From     string  `json:"from,omitempty"`
	To       string  `json:"to,omitempty"`
	Was      *Place  `json:"was"` // nil for what was added
	Now      *Place  `json:"now"` // nil for what was removed
	Lines    []Line  `json:"lines,omitempty"`
}

// Place is where in a version something stands. Outside of all steps the path is empty.
type Place struct {
	Source string `json:"source,omitempty"` // the document that the line counts in, where that is not the version's own
	Line   int    `json:"line"`
	Path   string `json:"path"`
	Title  string `json:"title"`
}

// Version is one of the two that are compared.
type Version struct {
	Source string `json:"source"`
	Digest string `json:"digest"`
}

// Changes are all that differ, in the order of the new version; what was removed stands where it would be.
type Changes struct {
	Old     Version  `json:"old"`
	New     Version  `json:"new"`
	Changes []Change `json:"changes"`
}

// Diff compares two versions of a procedure, or a vendor's with what a site made of it.
func Diff(old, new *runbook.Plan) Changes {
	c := &comparison{
		old: old, new: new, steps: newMatch(len(old.Steps), len(new.Steps)), blocks: newMatch(len(old.Blocks), len(new.Blocks)),
		oldSteps: stepOf(old), vocabulary: map[string]map[string]bool{}, changes: []Change{},
	}
	c.match()
	c.movedSteps, c.movedBlocks = moved(c.steps.forth), moved(c.blocks.forth)
	c.document()
	return Changes{Version{old.Source, old.Digest}, Version{new.Source, new.Digest}, c.changes}
}

// comparison is two plans, what of the one is what of the other, and what was found to differ.
type comparison struct {
	old, new                *runbook.Plan
	steps, blocks           match
	movedSteps, movedBlocks []bool // by index in the old plan
	oldSteps                []int  // the step each block of the old plan stands in
	vocabulary              map[string]map[string]bool
	changes                 []Change
}

func (c *comparison) add(change Change) {
	switch change.Concern {
	case Gate, Host, Command, Check, Secret, Warning:
		change.Safety = true
	case Step, Values, Words:
	default:
		panic("diff: no such concern: " + string(change.Concern))
	}
	c.changes = append(c.changes, change)
}

// top stands for the document itself, around all steps.
const top = -1

// document goes through both versions in the order of the new one.
func (c *comparison) document() {
	if c.old.Title != c.new.Title {
		c.add(Change{Concern: Words, Kind: Changed, Property: "title", From: c.old.Title, To: c.new.Title, Was: stepPlace(c.old, top), Now: stepPlace(c.new, top)})
	}
	gone := c.removedAfter()
	c.body(top, top)
	c.removed(gone[top])
	for now := range c.new.Steps {
		if was := c.steps.back[now]; was >= 0 {
			c.step(was, now)
		} else {
			c.added(now)
		}
		c.removed(gone[now])
	}
}

// removedAfter says behind which new step each removed step would stand.
func (c *comparison) removedAfter() map[int][]int {
	gone := map[int][]int{}
	behind := top
	for was, now := range c.steps.forth {
		if now >= 0 {
			behind = now
			continue
		}
		gone[behind] = append(gone[behind], was)
	}
	return gone
}

func (c *comparison) removed(steps []int) {
	for _, was := range steps {
		c.add(Change{Concern: weightOf(&c.old.Steps[was]), Kind: Removed, Property: "step", Was: stepPlace(c.old, was)})
		for _, b := range blocksOf(c.old, was) {
			if c.blocks.forth[b] < 0 {
				c.removedBlock(b, was)
			}
		}
		c.notes(notesOf(c.old, was), nil, stepPlace(c.old, was), nil)
	}
}

func (c *comparison) added(now int) {
	c.add(Change{Concern: Step, Kind: Added, Property: "step", Now: stepPlace(c.new, now)})
	for _, b := range blocksOf(c.new, now) {
		c.newBlock(b, now)
	}
	c.notes(nil, notesOf(c.new, now), nil, stepPlace(c.new, now))
}

// weightOf is what is lost with a step: a check that somebody made by hand is a check.
func weightOf(s *runbook.Step) Concern {
	if s.Kind == runbook.VerifyStep && len(s.Blocks) == 0 {
		return Check
	}
	return Step
}

// body compares what stands directly in a step: its blocks, its notes, its words.
func (c *comparison) body(was, now int) {
	for _, b := range blocksOf(c.old, was) {
		if c.blocks.forth[b] < 0 {
			c.removedBlock(b, was)
		}
	}
	for _, b := range blocksOf(c.new, now) {
		c.newBlock(b, now)
	}
	before, after := stepPlace(c.old, was), stepPlace(c.new, now)
	c.notes(notesOf(c.old, was), notesOf(c.new, now), before, after)
	c.words(was, now, before, after)
}

// stepPlace is where a step stands.
func stepPlace(p *runbook.Plan, step int) *Place {
	if step == top {
		return &Place{Line: 1}
	}
	s := &p.Steps[step]
	return &Place{Source: s.Source, Line: s.Line, Path: s.Path, Title: s.Title}
}

// blockPlace is where a block of a step stands.
func blockPlace(p *runbook.Plan, step, block int) *Place {
	place := stepPlace(p, step)
	place.Source, place.Line = p.Blocks[block].Source, p.Blocks[block].Line
	return place
}

func itemsOf(p *runbook.Plan, step int) []runbook.Item {
	if step == top {
		return p.Root
	}
	return p.Steps[step].Body
}

func blocksOf(p *runbook.Plan, step int) []int { return indices(p, step, runbook.BlockItem) }

func notesOf(p *runbook.Plan, step int) []*runbook.Admonition {
	var notes []*runbook.Admonition
	for _, n := range indices(p, step, runbook.NoteItem) {
		notes = append(notes, &p.Admonitions[n])
	}
	return notes
}

func indices(p *runbook.Plan, step int, kind runbook.ItemKind) []int {
	var all []int
	for _, item := range itemsOf(p, step) {
		if item.Kind == kind {
			all = append(all, item.Index)
		}
	}
	return all
}
