package plain

import (
	"slices"
	"strings"

	"gatewalk/steps"
)

// help answers a refusal with the form that gives what was missing. A pipe is not asked: its next line may mean something else.
func (w *walk) help(r *steps.Refusal) error {
	if r.Why == steps.RefusedStale {
		w.view = view{}
	}
	if r.Why == steps.RefusedTrouble && r.Other != nil {
		w.at = nil
	}
	if !w.options.Interactive {
		return nil
	}
	switch r.Why {
	case steps.RefusedHost:
		return w.bind(r.Place, "")
	case steps.RefusedMissing:
		return w.values(r.Place)
	case steps.RefusedByHand:
		return w.byHand(r.Place, "")
	case steps.RefusedChoice:
		return w.whichWay(r.Place)
	}
	return nil
}

// question asks for one line of a form. What was typed before it was asked does not answer it.
func (w *walk) question(text string) (string, error) {
	if w.options.Interactive {
		dropped, err := w.lines.settle(w.ctx, formStill)
		w.ignored(dropped, "this was asked")
		if err != nil {
			return "", err
		}
	}
	line, err := w.ask(text)
	return strings.TrimSpace(line.text), err
}

// secret asks for a line that is shown nowhere.
func (w *walk) secret(text string) (string, error) {
	w.mute(true)
	w.hush = true
	defer func() { w.mute(false); w.hush = false }()
	return w.question(text)
}

func (w *walk) whichWay(p steps.Place) error {
	n, err := w.question("which option? (nothing leaves) ")
	if err != nil || n == "" {
		return err
	}
	return w.choose(p, n)
}

// set gives one value, or asks for all that are missing.
func (w *walk) set(p steps.Place, rest string) error {
	if rest == "" {
		return w.values(p)
	}
	name, value := w.nameIn(p, rest)
	if value != "" && !w.isSecret(p, name) {
		return w.do(steps.Set{Place: p, Name: name, Value: value})
	}
	if value != "" {
		w.say("%s is a secret: set %s alone, and it is asked for without being shown", name, name)
		return nil
	}
	_, err := w.value(p, name, "", w.isSecret(p, name))
	return err
}

// nameIn is the name that a text begins with: the longest one that this place knows, else its first word.
func (w *walk) nameIn(p steps.Place, text string) (name, value string) {
	ready := w.state.Prepare(p)
	for _, f := range ready.Fields {
		if rest, ok := after(text, f.Name); ok && len(f.Name) > len(name) {
			name, value = f.Name, rest
		}
	}
	if name == "" {
		name, value, _ = strings.Cut(text, " ")
	}
	return name, strings.TrimSpace(value)
}

func (w *walk) isSecret(p steps.Place, name string) bool {
	b := w.state.Block(p)
	return b != nil && slices.Contains(b.Secrets, name)
}

// values asks for all that is missing at a place, one after the other; an empty answer leaves.
func (w *walk) values(p steps.Place) error {
	if w.loops(p) {
		_, err := w.value(p, steps.Items, "", false)
		return err
	}
	ready := w.state.Prepare(p)
	if len(ready.Missing) == 0 {
		w.say("nothing is missing here")
	}
	for _, m := range ready.Missing {
		offer := ""
		if i := fieldNamed(ready.Fields, m.Name); i >= 0 {
			offer = ready.Fields[i].Offered
		}
		if given, err := w.value(p, m.Name, offer, m.Secret); err != nil || !given {
			return err
		}
	}
	return nil
}

func fieldNamed(fields []steps.Field, name string) int {
	return slices.IndexFunc(fields, func(f steps.Field) bool { return f.Name == name })
}

// value asks for one value and sets it. Nothing typed takes what is offered; where nothing is offered it gives nothing.
func (w *walk) value(p steps.Place, name, offer string, secret bool) (given bool, err error) {
	ask, text := w.question, "value of "+name+quoteOffer(offer)+": "
	if secret {
		ask, text = w.secret, "value of "+name+" (not shown): "
	}
	value, err := ask(text)
	if err != nil {
		return false, err
	}
	if value == "" {
		value = offer
	}
	if value == "" {
		w.say("no value was given")
		return false, nil
	}
	return true, w.plainly(steps.Set{Place: p, Name: name, Value: value, Secret: secret})
}

// bind says where the host of a place is.
func (w *walk) bind(p steps.Place, where string) error {
	host := w.state.Prepare(p).Host
	if where == "" {
		answer, err := w.question("where is " + firstOf(host, "the host of this place") + "? here, by hand, by hand NAMES (nothing leaves): ")
		if err != nil || answer == "" {
			return err
		}
		where = answer
	}
	in := steps.Bind{Host: host, To: steps.Binding{Kind: steps.ByHand}}
	if host == "" || p.Item() != "" {
		in.Place = &p
	}
	if name, here := after(where, "here"); here {
		return w.bindHere(in, name)
	}
	names, elsewhere := after(where, "by hand")
	if !elsewhere {
		w.say("not bound: say here, here NAME, by hand, or by hand NAMES for the hosts that a role means")
		return nil
	}
	in.To.Names = strings.FieldsFunc(names, func(r rune) bool { return r == ' ' || r == ',' })
	return w.plainly(in)
}

// bindHere has the operator type the name of the host that this machine is said to be.
func (w *walk) bindHere(in steps.Bind, name string) error {
	in.To.Kind = steps.Here
	name = firstOf(name, in.Host, w.known())
	in.To.Names = []string{name}
	typed, err := w.question("type " + name + " to say that this machine, " + w.state.Opened().Machine + ", is it: ")
	if err != nil {
		return err
	}
	in.Typed = typed
	return w.plainly(in)
}

// known is the name that this machine goes by in this session.
func (w *walk) known() string {
	for _, bound := range w.state.Bindings() {
		if bound.Kind == steps.Here {
			return bound.Names[0]
		}
	}
	return w.state.Opened().Machine
}

var results = []steps.Result{steps.NotApplicable, steps.Passed, steps.Failed}

// byHand records work done elsewhere: in one line, or question by question.
func (w *walk) byHand(p steps.Place, rest string) error {
	for _, result := range results {
		if note, ok := after(rest, string(result)); ok {
			return w.plainly(steps.Done{Place: p, Result: result, Who: w.options.Operator, Note: note})
		}
	}
	result, err := w.question("done by hand: passed, failed or not applicable? (nothing leaves) ")
	if err != nil || result == "" {
		return err
	}
	if !slices.Contains(results, steps.Result(result)) {
		w.say("%q is none of passed, failed, not applicable", result)
		return nil
	}
	return w.handForm(steps.Done{Place: p, Result: steps.Result(result)})
}

func (w *walk) handForm(in steps.Done) (err error) {
	if in.Who, err = w.question("by whom?" + quoteOffer(w.options.Operator) + " "); err != nil {
		return err
	}
	if in.Who == "" {
		in.Who = w.options.Operator
	}
	if in.Note, err = w.question("note: "); err != nil {
		return err
	}
	if in.Pasted, err = w.passage("what it printed, line by line; . alone ends:"); err != nil {
		return err
	}
	return w.plainly(in)
}

// passage asks for several lines, ended by a full stop alone.
func (w *walk) passage(text string) (string, error) {
	w.say("%s", text)
	var lines []string
	for {
		line, err := w.ask(": ")
		if err != nil {
			return "", err
		}
		if line.text == "." {
			return strings.Join(lines, "\n"), nil
		}
		lines = append(lines, line.text)
	}
}

// edit changes what will run here, in one line or in several.
func (w *walk) edit(p steps.Place, text string) error {
	if w.state.Block(p) == nil {
		w.say("there is no command here to edit; note TEXT writes something down")
		return nil
	}
	if text == "" {
		var err error
		if text, err = w.passage("the whole new text, line by line; . alone ends, at once it changes nothing:"); err != nil || text == "" {
			return err
		}
	}
	reason := ""
	if w.options.Interactive {
		var err error
		if reason, err = w.question("why? (may be empty) "); err != nil {
			return err
		}
	}
	return w.plainly(steps.Edit{Place: p, Text: text, Reason: reason})
}

// quoteOffer is an answer in brackets, as it is offered in a question.
func quoteOffer(offer string) string {
	if offer == "" {
		return ""
	}
	return " [" + offer + "]"
}
