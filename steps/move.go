package steps

import (
	"maps"
	"strings"
)

// sealed refuses everything in a session that goes on elsewhere, but for its arrival and another move.
func (s State) sealed(in Input) *Refusal {
	if s.moved == nil {
		return nil
	}
	switch in := in.(type) {
	case Move:
		return nil
	case Reopened:
		if in.Arrived {
			return nil
		}
	}
	return &Refusal{Why: RefusedClosed, Text: "the session was moved to " + s.moved.To, Next: "go on there"}
}

// move seals the session. What runs is of this machine and cannot come along.
func (d decision) move(in Move) ([]Fact, *Refusal) {
	switch {
	case in.To == "":
		return nil, &Refusal{Why: RefusedNot, Text: "a move to nowhere", Next: "name a host or a file"}
	case d.s.moved != nil && in.Reason == "":
		return nil, &Refusal{Why: RefusedReason, Text: "it was moved to " + d.s.moved.To + " already, and may go on there", Next: "say why it is moved once more, with --reason"}
	case len(d.s.running) > 0:
		a := d.s.Attempt(d.s.running[0])
		return nil, d.s.refuse(a.Started.Place.Outside(), RefusedBusy, "resume the session and wait for its end, or abort it", "attempt %d has no end yet", a.ID)
	}
	return []Fact{Moved(in)}, nil
}

// arrive takes a moved session up on the machine that it came to. Nothing that was said to be the machine before is this
// one, unless it is the same, was not even booted, and is used by the same user; the shell's state comes along, and says where it is
// from.
func (s State) arrive(e Event, f Opened) State {
	was := s.opened
	s.moved = nil
	if f.Simulated || was.Machine == f.Machine && was.Boot == f.Boot && f.Boot != "" && was.User == f.User {
		return s
	}
	return s.unbind(e).bring(was, f)
}

// unbind forgets which hosts are this machine. They are asked for again.
func (s State) unbind(e Event) State {
	s.bindings = maps.Clone(s.bindings)
	maps.DeleteFunc(s.bindings, func(_ string, b Binding) bool { return b.Kind == Here })
	spots := s.places.Iterator()
	for !spots.Done() {
		_, spot, _ := spots.Next()
		if spot.Binding != nil && spot.Binding.Kind == Here {
			s = s.change(e, spot.Place, func(spot *Spot) { spot.Binding = nil })
		}
	}
	return s
}

// bring makes the contexts of the machine before those of this one.
func (s State) bring(was *Opened, f Opened) State {
	brought := map[string]*Context{}
	for key, context := range s.contexts {
		host, user, _ := strings.Cut(key, "\x00")
		if host != was.Machine {
			brought[key] = context
			continue
		}
		if user == was.User {
			user = f.User
		}
		brought[f.Machine+"\x00"+user] = context.from(was.Machine)
	}
	s.contexts = brought
	return s
}

// from is a context whose variables say which machine they come from.
func (c *Context) from(machine string) *Context {
	moved := &Context{Digest: c.Digest, Table: map[string]Variable{}, Assign: maps.Clone(c.Assign)}
	for name, value := range c.Table {
		value.Origin += " on " + machine
		moved.Table[name] = value
	}
	return moved
}
