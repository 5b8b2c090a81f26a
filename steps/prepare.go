package steps

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatewalk/runbook"
	"gatewalk/runbook/shell"
)

// Prepared is what would run at a place if it were started now: what is seen is what runs.
type Prepared struct {
	Host      string   // the marker as the text has it or the operator overruled it, "" if unsaid
	Binding   *Binding // where that is, nil while nobody has said
	Itself    bool     // it is this machine by its own name
	Text      string   // after replacement
	Digest    string
	Commands  []string
	Variables []Used    // what it reads, with its present value
	Fields    []Field   // its placeholders and samples
	Missing   []Missing // what keeps it from starting
	Secrets   []string  // names of secrets it is handed
	Gate      runbook.GateKind
	Weight    runbook.Weight
	Strange   []string // characters in it that do not do what they look like, each once, and what is made of them
	Targets   []string // whom it acts on, as far as it says
}

// Used is a shell variable that a block reads, and where its value came from.
type Used struct {
	Name string
	Variable
	Missing bool
}

// Field is a placeholder or a sample of a block and what it stands for here.
type Field struct {
	Name    string
	Value   Variable
	Offered string // an earlier answer to the same spelling elsewhere, or the sample: offered, never taken by itself
	Missing bool
}

// Missing is something that a block reads and that has no value: it says what and where it should have come from.
type Missing struct {
	Name   string
	Is     string // unset, empty, null, a leftover placeholder, a sample
	From   string // e.g. "set by step 3.1/2/1 (line 73)"; "" if the operator must give it
	Secret bool
}

func (m Missing) String() string {
	if m.From == "" {
		return m.Name + " is " + m.Is
	}
	return m.Name + " is " + m.Is + ", it should have been " + m.From
}

// Prepare says what would run at a place, and what is missing for it to run. It is the zero value for a place without a block.
func (s State) Prepare(p Place) Prepared {
	b := s.Block(p)
	if b == nil {
		return Prepared{}
	}
	spot := s.Spot(p.Outside())
	ready := Prepared{Host: s.marker(b, spot)}
	ready.Binding, ready.Itself = s.binding(b, ready.Host, spot)
	ready.fill(s, b, spot)
	ready.read(s, b, shell.Analyze(ready.Text).Reads)
	ready.gate(b, spot)
	ready.strange(b, spot)
	ready.Targets = s.targets(b, ready)
	return ready
}

// strange names what in the text does not do what it looks like. In an edited one every character stays what it is.
func (r *Prepared) strange(b *runbook.Block, spot Spot) {
	all := b.Strange()
	if spot.Edited != nil {
		all = shell.StrangeCharacters(*spot.Edited)
	}
	for _, one := range all {
		if words := one.String(); !slices.Contains(r.Strange, words) {
			r.Strange = append(r.Strange, words)
		}
	}
}

// prepareText says the same of a command of the operator's own at a place.
func (s State) prepareText(p Place, text string) Prepared {
	b := s.Block(p)
	if b == nil {
		b = &runbook.Block{Kind: runbook.Command}
	}
	spot := s.Spot(p.Outside())
	ready := Prepared{Host: s.marker(b, spot), Text: text, Gate: runbook.NoGate}
	ready.Binding, ready.Itself = s.binding(b, ready.Host, spot)
	ready.finish()
	return ready
}

// marker is the host a block belongs to. Where that is each of many, it is the item that the loop around it has come to.
func (s State) marker(b *runbook.Block, spot Spot) string {
	if host, ok := spot.Read[HostProperty]; ok {
		return host
	}
	if item := spot.Place.Item(); item != "" && (strings.HasPrefix(b.Host, "each ") || strings.HasPrefix(b.Host, "every ")) {
		return item
	}
	return b.Host
}

// binding is where a host is: as said, or this machine because it bears that very name.
func (s State) binding(b *runbook.Block, host string, spot Spot) (*Binding, bool) {
	if spot.Binding != nil {
		return spot.Binding, false
	}
	if host == "" {
		return nil, false
	}
	var item *Place
	if around := spot.Place.iteration(); len(around.Frames) > 0 && s.varies(b, spot) {
		item = &around
	}
	if bound, ok := s.bindings[bindingKey(host, item)]; ok {
		return &bound, false
	}
	if s.opened != nil && host == s.opened.Machine {
		return &Binding{Kind: Here, Names: []string{host}, User: s.opened.User}, true
	}
	return nil, false
}

// Bindings are the hosts said so far, by marker.
func (s State) Bindings() map[string]Binding { return maps.Clone(s.bindings) }

// fill replaces the placeholders of a block by the values given for this place.
func (r *Prepared) fill(s State, b *runbook.Block, spot Spot) {
	r.Text = strings.Join(b.Commands, "\n")
	if spot.Edited != nil {
		r.Text = *spot.Edited
	}
	values := map[string]string{}
	var secret []string
	for _, blank := range blanks(r.Text, b) {
		name := blank.name
		hidden := slices.Contains(b.Secrets, name)
		field := s.field(name, spot)
		switch {
		case field.Missing:
			r.Missing = append(r.Missing, Missing{Name: name, Is: blank.is, Secret: hidden})
			if !hidden {
				field.Offered = cmp.Or(field.Offered, blank.sample)
			}
		case field.Value.Commitment != "":
			secret = append(secret, name)
			r.Secrets = append(r.Secrets, shell.SecretVariable(name))
		default:
			values[name] = field.Value.Value
		}
		r.Fields = append(r.Fields, field)
	}
	if err := r.replace(values, secret, b.Shown()); err != nil {
		r.Missing = append(r.Missing, Missing{Name: "its text", Is: "not complete: " + err.Error()})
	}
	r.finish()
}

// replace puts values and references to secrets into the text.
func (r *Prepared) replace(values map[string]string, secret []string, samples []shell.Sample) error {
	text, err := shell.Refer(r.Text, secret, samples...)
	if err != nil {
		return err
	}
	r.Text = text
	if text, err = shell.Substitute(text, values, samples...); err != nil {
		return err
	}
	r.Text = text
	return nil
}

// blank is what must be filled in before a text runs.
type blank struct{ name, is, sample string }

// blanks are what looks like a placeholder, the words that the reading took for stand-ins, and the samples that still stand in the text.
func blanks(text string, b *runbook.Block) []blank {
	const leftover = "a leftover placeholder"
	var found []blank
	add := func(name, is, sample string) {
		if !slices.ContainsFunc(found, func(other blank) bool { return other.name == name }) {
			found = append(found, blank{name, is, sample})
		}
	}
	for _, name := range shell.Leftover(text) {
		add(name, leftover, "")
	}
	for _, p := range shell.Placeholders(text, b.Shown()...) {
		switch {
		case p.Kind == shell.StandIn && slices.Contains(b.Inputs, p.Text):
			add(p.Text, leftover, "")
		case p.Kind == shell.SampleWord:
			add(p.Name(), b.Sample(p.Name()).String(), p.Text)
		}
	}
	return found
}

// fills says whether a name is a blank of the text at a place rather than a shell variable.
func (s State) fills(p Place, name string) bool {
	return placeholder(name) || slices.ContainsFunc(s.Prepare(p).Fields, func(f Field) bool { return f.Name == name })
}

// SecretVariable is the variable by which a secret reaches the command at a place.
func (s State) SecretVariable(p Place, name string) string {
	if s.fills(p, name) {
		return shell.SecretVariable(name)
	}
	return name
}

// field is a placeholder with its value here; without one, an earlier answer is offered.
func (s State) field(name string, spot Spot) Field {
	value, known := s.placeholder(name, spot)
	field := Field{Name: name, Value: value, Missing: !known}
	if !known {
		field.Offered = cmp.Or(spot.Place.Item(), s.answers[name])
	}
	return field
}

func (r *Prepared) finish() {
	r.Commands = shell.Analyze(r.Text).Commands
	r.Digest = Digest([]byte(r.Text))
}

// read finds the value of each variable, and the ones that have none.
func (r *Prepared) read(s State, b *runbook.Block, reads []string) {
	context := r.context(s)
	for _, name := range reads {
		value, known := context.Table[name]
		if !known && (shell.Standard(name) || slices.Contains(r.Secrets, name)) {
			continue
		}
		used := Used{Name: name, Variable: value}
		if is := absent(value, known); is != "" {
			used.Missing = true
			r.Missing = append(r.Missing, Missing{Name: name, Is: is, From: s.setter(name, b), Secret: slices.Contains(b.Secrets, name)})
		}
		if value.Commitment != "" {
			r.Secrets = append(r.Secrets, name)
			if s.lost[name] {
				used.Missing = true
				r.Missing = append(r.Missing, Missing{Name: name, Is: "a secret that was forgotten when the session was reopened", Secret: true})
			}
		}
		r.Variables = append(r.Variables, used)
	}
}

// absent says how a variable has no value, "" if it has one.
func absent(v Variable, known bool) string {
	switch {
	case !known:
		return "unset"
	case v.Commitment != "":
		return ""
	case strings.TrimSpace(v.Value) == "":
		return "empty"
	case v.Value == "null" || v.Value == "None":
		return v.Value
	}
	return ""
}

// gate is the confirmation that the block needs here, as read or as the operator overruled it.
func (r *Prepared) gate(b *runbook.Block, spot Spot) {
	r.Gate, r.Weight = b.Gate, runbook.OneKey
	if b.GateDetail != nil {
		r.Weight = b.GateDetail.Weight
	}
	if kind, ok := spot.Read[GateProperty]; ok {
		r.Gate = runbook.GateKind(kind)
	}
	if weight, ok := spot.Read[WeightProperty]; ok {
		r.Weight = runbook.Weight(weight)
	}
	if r.Gate == "" {
		r.Gate = runbook.NoGate
	}
}

func (r *Prepared) context(s State) *Context {
	if r.Binding == nil {
		return &Context{}
	}
	return s.Context(s.Target(*r.Binding))
}

// Target is the one machine and user that a binding to here means: in a rehearsal the host it plays.
func (s State) Target(b Binding) (host, user string) {
	if s.opened == nil {
		return "", b.User
	}
	return s.opened.Machine, cmp.Or(b.User, s.opened.User)
}

// Context is what is known of the shell on a host for a user; empty where nothing has run.
func (s State) Context(host, user string) *Context {
	if c, ok := s.contexts[host+"\x00"+user]; ok {
		return c
	}
	return &Context{}
}

// placeholder is the value given for a placeholder or a sample at this place. Site-wide template variables hold everywhere, the
// rest only where they stand.
func (s State) placeholder(name string, spot Spot) (Variable, bool) {
	if v, ok := spot.Values[name]; ok {
		return v, !(v.Commitment != "" && s.lost[shell.SecretVariable(name)])
	}
	if templated(name) {
		v, ok := s.template[name]
		return v, ok
	}
	return Variable{}, false
}

func templated(name string) bool {
	return strings.HasPrefix(name, "{{") || strings.HasPrefix(name, "|")
}

// setter says where a variable should have come from: the last block before this one that assigns it.
func (s State) setter(name string, reader *runbook.Block) string {
	from := ""
	for i := range s.plan.Blocks {
		b := &s.plan.Blocks[i]
		if b.ID == reader.ID {
			break
		}
		if b.Runs() && slices.Contains(b.Sets, name) {
			from = fmt.Sprintf("set by step %s (line %d)", b.Step, b.Line)
		}
	}
	return from
}

// targets are the hosts a block acts on: the words of a variable, or hosts named outright.
func (s State) targets(b *runbook.Block, ready Prepared) []string {
	var hosts []string
	table := ready.context(s).Table
	for _, target := range b.Targets {
		name, variable := strings.CutPrefix(target, "$")
		if !variable {
			hosts = append(hosts, ready.instead(b, target))
			continue
		}
		hosts = append(hosts, words(table[name].Value)...)
	}
	return hosts
}

// instead is what stands for a word of a block here: the operator's value if it is a sample.
func (r Prepared) instead(b *runbook.Block, word string) string {
	for _, sample := range b.Samples {
		for _, f := range r.Fields {
			if sample.Text == word && f.Name == sample.Name && f.Value.Value != "" {
				return f.Value.Value
			}
		}
	}
	return word
}

// Digest is "sha256:" and the hexadecimal sum of some bytes.
func Digest(p []byte) string {
	sum := sha256.Sum256(p)
	return "sha256:" + hex.EncodeToString(sum[:])
}
