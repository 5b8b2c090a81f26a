package steps

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gatewalk/runbook"
)

// Fresh is how long evidence at a gate counts as fresh: what is older is offered for a re-check first.
const Fresh = 15 * time.Minute

// Evidence is one verification that was made before a gate.
type Evidence struct {
	Place   Place
	Title   string
	Path    string
	Verdict *Judged // nil if it was done by hand
	ByHand  *DoneByHand
	At      time.Time
	Age     time.Duration
	Stale   bool // older than Fresh, or from before this sitting
}

// Difference is how the targets of a gate stand to the canary's.
type Difference struct {
	Canary  []string // the canary's targets
	Overlap []string // targets that were the canary: they would be done again
	Empty   bool     // there is nobody to act on
	Twice   []string // named more than once
}

// Evidence is what was verified before a place and how long ago, newest first, at most five.
func (s State) Evidence(p Place, now time.Time) []Evidence {
	var all []Evidence
	s.walk(func(l Line) bool {
		if l.Place.Key() == p.Key() {
			return false
		}
		if e, ok := s.verified(l, now); ok {
			all = append(all, e)
		}
		return true
	})
	slices.Reverse(all)
	return all[:min(len(all), 5)]
}

// verified is the evidence a line gives, if it is a settled verification.
func (s State) verified(l Line, now time.Time) (Evidence, bool) {
	if !l.Unit || (l.Status != StatusDone && l.Status != StatusByHand) || l.Step < 0 {
		return Evidence{}, false
	}
	step := &s.plan.Steps[l.Step]
	if b := s.Block(l.Place); step.Kind != runbook.VerifyStep && (b == nil || !b.Verify) {
		return Evidence{}, false
	}
	spot := s.Spot(l.Place)
	age := now.Sub(spot.Since)
	return Evidence{
		Place: l.Place, Title: step.Title, Path: step.Path, Verdict: spot.Verdict, ByHand: spot.ByHand,
		At: spot.Since, Age: age, Stale: age > Fresh || spot.Changed < s.sitting,
	}, true
}

// Difference compares the targets of an open gate with those of the canary before it.
func (g GateReached) Difference() Difference {
	d := Difference{Canary: g.Canary, Empty: len(g.Targets) == 0}
	seen := map[string]bool{}
	for _, host := range g.Targets {
		if slices.Contains(g.Canary, host) && !slices.Contains(d.Overlap, host) {
			d.Overlap = append(d.Overlap, host)
		}
		if seen[host] && !slices.Contains(d.Twice, host) {
			d.Twice = append(d.Twice, host)
		}
		seen[host] = true
	}
	return d
}

// reach is the gate as it opens now.
func (s State) reach(p Place, b *runbook.Block, r Prepared, from int) GateReached {
	machine, _ := s.Target(*r.Binding)
	host := boundName(*r.Binding, machine)
	g := GateReached{Place: p, Gate: r.Gate, Weight: r.Weight, Host: host, Targets: r.Targets, Digest: r.Digest, From: from, Line: b.Line}
	phrase := ""
	if d := b.GateDetail; d != nil {
		g.Sentence, g.Line, phrase = d.Sentence, d.Line, d.Phrase
		g.Canary = s.canary(d.CanaryOf, r)
	}
	if r.Weight == runbook.Typed {
		g.Phrase = gatePhrase(phrase, r.Targets, host)
	}
	return g
}

// gatePhrase is what must be typed: the document's phrase, else the targets up to five, else their count, else the bound host.
func gatePhrase(phrase string, targets []string, host string) string {
	switch {
	case phrase != "":
		return phrase
	case len(targets) > 5:
		return fmt.Sprintf("%d hosts", len(targets))
	case len(targets) > 0:
		return strings.Join(targets, " ")
	}
	return host
}

// canary is whom the canary's block acted on.
func (s State) canary(id string, r Prepared) []string {
	i, ok := s.index.blocks[id]
	if !ok {
		return nil
	}
	ready := s.Prepare(Place{Block: id})
	ready.Binding = r.Binding
	return s.targets(&s.plan.Blocks[i], ready)
}

// Debt is something a step took on that another must give back.
type Debt struct {
	Name  string
	Place Place // where it was taken on
	At    time.Time
}

// Debts are what is owed and not paid, in walking order.
func (s State) Debts() []Debt {
	var owed []Debt
	s.walk(func(l Line) bool {
		b := s.Block(l.Place)
		if b == nil || l.Status == StatusOpen {
			return true
		}
		spot := s.Spot(l.Place)
		if ran := spot.Last != 0 || spot.ByHand != nil; ran && len(b.Owes) > 0 {
			for _, name := range b.Owes {
				owed = append(owed, Debt{Name: name, Place: l.Place, At: spot.Since})
			}
		}
		if spot.Status == StatusDone || spot.Status == StatusByHand {
			owed = slices.DeleteFunc(owed, func(d Debt) bool { return slices.Contains(b.Pays, d.Name) })
		}
		return true
	})
	return owed
}
