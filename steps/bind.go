package steps

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"gatewalk/runbook"
)

// bind says where a host is. That it is this machine must be typed: a click is too little for the wrong machine.
func (d decision) bind(in Bind) ([]Fact, *Refusal) {
	p := Place{}
	if in.Place != nil {
		p = *in.Place
	}
	if in.Host == "" && in.Place == nil {
		return nil, &Refusal{Why: RefusedNot, Text: "a binding of no host", Next: "name the host"}
	}
	to := in.To
	if len(to.Names) == 0 {
		to.Names = []string{cmp.Or(in.Host, d.s.opened.Machine)}
	}
	switch to.Kind {
	case ByHand:
	case Here:
		if r := d.isHere(p, in.Host, to.Names, in.Typed); r != nil {
			return nil, r
		}
		to.User = cmp.Or(to.User, d.s.opened.User)
	default:
		return nil, d.s.refuse(p, RefusedNot, "this machine, or by hand", "%q is no way to reach a host", to.Kind)
	}
	return []Fact{Bound{Host: in.Host, Place: d.s.scope(in), To: to}}, nil
}

// scope is where a binding holds: at its place if the host is unsaid, for one item of a loop if it is another host for each,
// else everywhere, which is nil.
func (s State) scope(in Bind) *Place {
	if in.Host == "" || in.Place == nil {
		return in.Place
	}
	b := s.Block(*in.Place)
	if item := in.Place.iteration(); b != nil && len(item.Frames) > 0 && s.varies(b, s.Spot(in.Place.Outside())) {
		return &item
	}
	return nil
}

// varies says whether a block's host is a role that words give to another machine for each item of a loop: "node 1" is, the
// console that a prompt names is not.
func (s State) varies(b *runbook.Block, spot Spot) bool {
	if _, overruled := spot.Read[HostProperty]; overruled {
		return false
	}
	rule := b.Why["host"].Rule
	return rule != runbook.MarkedHost && rule != runbook.PromptHost && rule != runbook.AnnotatedHost
}

// iteration is the place of an item itself: the frames up to the innermost item, none outside of loops.
func (p Place) iteration() Place {
	n := len(p.Frames)
	for n > 0 && p.Frames[n-1].Kind != ItemFrame {
		n--
	}
	return Place{Frames: p.Frames[:n:n]}
}

// bindingKey is the name under which the binding of a host is kept, for an item of a loop or everywhere.
func bindingKey(host string, item *Place) string {
	if item == nil {
		return host
	}
	return host + "\x00" + item.Key()
}

// isHere refuses to take this machine for a host that it cannot be, and asks for the name to be typed.
func (d decision) isHere(p Place, host string, names []string, typed string) *Refusal {
	if len(names) != 1 {
		return d.s.refuse(p, RefusedNot, "name one host, or do it by hand", "this machine cannot be %d hosts", len(names))
	}
	if is := d.s.knownAs(); !d.s.opened.Simulated && is != "" && names[0] != is {
		return d.s.refuse(p, RefusedHost, "do it there and record it, or skip it with a reason", "this machine is %s, not %s", is, names[0])
	}
	if strings.TrimSpace(typed) != names[0] {
		r := d.s.refuse(p, RefusedMistyped, "type "+names[0]+" to say that this machine is it", "what was typed is not %s", names[0])
		r.Host = host
		return r
	}
	return nil
}

// knownAs is the one name of this machine that the procedure or the operator has used already; "" if neither has.
func (s State) knownAs() string {
	machine := s.opened.Machine
	for i := range s.plan.Blocks {
		if s.plan.Blocks[i].Host == machine {
			return machine
		}
	}
	for _, host := range slices.Sorted(maps.Keys(s.bindings)) {
		if b := s.bindings[host]; b.Kind == Here {
			return b.Names[0]
		}
	}
	return ""
}
