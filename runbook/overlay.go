package runbook

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

// Overlay is what a site changes in a document that it does not own: NAME.gatewalk.yaml beside NAME.md.
//
//	values:                             # what placeholders and variables stand for at this site, wherever they are needed
//	  "{{site.registry}}": mirror.example.net
//	hosts: {controller-0: ctl-a}        # what hosts of the document are called here
//	changes:                            # each pinned to the block or step it speaks of
//	  - block: b41d2f08a9c3             # its id, as plan --json prints it: a digest of its content. Its beginning will do
//	    was: systemctl stop ntpd        # for people, and to find it again once it is another; nothing depends on it
//	    gate: disruptive                # any key of the vocabulary
//	    check: ^inactive
//	    set: {<NODE>: ctl-a}            # values in this block alone
//	  - block: b77e01
//	    replace: systemctl restart chronyd
//	  - block: b9a0c4
//	    skip: we have no such hardware
//	  - step: s0c99d1
//	    insert: before                  # before or after: a step of the site's own
//	    title: Tell the operations room
//	    by_hand: Call 4711 and give the ticket's number.
//	  - block: b77e01
//	    insert: after
//	    title: See that time is kept
//	    command: chronyc tracking
//	    check: "Leap status +: Normal"
type Overlay struct {
	Name    string // of the file; goes into errors
	Digest  string // "sha256:…" of its bytes
	values  []setting
	hosts   []setting
	changes []change
}

// MaxOverlay is how large an overlay may be, in bytes.
const MaxOverlay = 1 << 20

// change is one entry of an overlay.
type change struct {
	line     int
	pin      setting // block or step, and its id
	was      string
	replace  *setting
	skip     *setting
	insert   *setting
	title    string
	command  *setting
	byHand   *setting
	set      []setting
	settings []setting // keys of the vocabulary
}

// site is the rule that a Reason names where the overlay spoke. Its line is one of the overlay.
const site = "site"

// Apply is a plan with an overlay laid over it. The plan itself is left as it is. Everything is resolved against the
// plan as the document has it, so the order of changes says nothing but where two insertions stand at the same place.
// It fails, naming the overlay's line, on a change whose block is not there any more, with the nearest block there is;
// on a host or a value that nothing needs; and on what no document could say either.
func Apply(plan *Plan, o *Overlay) (*Plan, error) {
	p, err := copyOf(plan)
	if err != nil {
		return nil, err
	}
	l := &layer{Plan: p, overlay: o, again: map[string]int{}, taken: p.ids(), renamed: map[string]string{}, behind: map[Item]int{}, lost: map[string]int{}}
	for _, lay := range []func() error{l.find, l.hosts, l.replace, l.insert, l.set, l.fill, l.annotate, l.skip} {
		if err := lay(); err != nil {
			return nil, err
		}
	}
	l.canaries()
	l.follow()
	p.Documents = append(p.Documents, Document{o.Name, o.Digest})
	return p, nil
}

// copyOf is a plan that shares nothing with another.
func copyOf(plan *Plan) (*Plan, error) {
	spelled, err := json.Marshal(plan)
	if err != nil {
		return nil, fmt.Errorf("%s: the plan cannot be copied: %w", plan.Source, err)
	}
	p := &Plan{}
	return p, json.Unmarshal(spelled, p)
}

// layer is an overlay on its way onto a plan.
type layer struct {
	*Plan
	overlay *Overlay
	found   []subject         // one a change, in the same order
	again   map[string]int    // what was said of what, and the line that said so
	taken   map[string]bool   // ids in use, now or before
	renamed map[string]string // the ids of blocks whose text the overlay changed, and what they are now
	behind  map[Item]int      // how many steps were inserted behind a block or a step
	lost    map[string]int    // variables that a block sets no more, and the line that says so
}

// subject is the block or the step that a change speaks of, -1 where there is none.
type subject struct{ block, step int }

// wrong says what is wrong at a line of the overlay.
func (l *layer) wrong(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", l.overlay.Name, line, fmt.Sprintf(format, args...))
}

// once refuses to be told the same of the same thing twice.
func (l *layer) once(what string, at subject, line int) error {
	key := fmt.Sprint(what, at)
	if before, ok := l.again[key]; ok {
		return l.wrong(line, "%s is said of the same on line %d already; keep one", what, before)
	}
	l.again[key] = line
	return nil
}

// mark says that the overlay made a property of a block what it is.
func (b *Block) mark(property string, line int) {
	b.Site = true
	b.because(property, site, line)
}

func (s *Step) mark(property string, line int) {
	s.Site = true
	s.because(property, site, line)
}

func digestOf(source []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(source)) }
