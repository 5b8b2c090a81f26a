package plain

import (
	"fmt"
	"slices"
	"strings"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// reply is what the answers file says at a place: an input, or why the walk ends there, or which key would have answered.
type reply struct {
	input steps.Input
	words string // the same as an operator would say it
	want  string // why it says nothing: what the operator must say, and the key that would have said it
	stop  error
}

// spelling is a name that a place answers to, and the line of the outline that bears it.
type spelling struct {
	name string
	line steps.Line
}

// around are the names of a place and of the steps around it, the narrowest first.
func (w *walk) around(p steps.Place) []spelling {
	var names []spelling
	for _, l := range w.outline().around(p) {
		for _, name := range w.outline().spellings(l) {
			if name != "" {
				names = append(names, spelling{name, l})
			}
		}
	}
	return names
}

// fileSpeaks lets the answers file say its word at a place. It answers whether it did.
func (w *walk) fileSpeaks(p steps.Place) (bool, error) {
	a := w.options.Answers
	if a == nil || w.at != nil || w.silent || !w.drives() {
		return false, nil
	}
	r := asked{walk: w, answers: a, place: p, spot: w.state.Spot(p), around: w.around(p)}.reply()
	switch {
	case r.stop != nil:
		return true, r.stop
	case r.input != nil:
		return true, w.byFile(r.words, r.input)
	case w.options.Interactive:
		return false, nil
	}
	return true, &Stop{Reason: ErrUnanswered, At: w.state.Name(p), Text: r.want, Next: "say so in the file, or walk at a terminal"}
}

// byFile says an input as the file. Where it is refused, the operator is asked, if there is one.
func (w *walk) byFile(words string, in steps.Input) error {
	w.say("the answers file says: %s", strings.TrimSpace(words))
	refusal, err := w.put(w.options.ByFile, in)
	if err != nil || refusal == nil {
		return err
	}
	w.silent = true
	if w.options.Interactive {
		return nil
	}
	return &Stop{Reason: ErrUnanswered, At: refusal.At, Text: "the answer was refused: " + refusal.Text, Next: refusal.Next}
}

// fileDrives says whether the file starts commands and closes the session, rather than the operator.
func (w *walk) fileDrives() bool {
	a := w.options.Answers
	if a == nil {
		return false
	}
	if said := a.single("run"); said != "" {
		return said == "file"
	}
	return !w.options.Interactive || w.scripted()
}

// asked is the question that a place puts to the file.
type asked struct {
	*walk
	answers *Answers
	place   steps.Place
	spot    steps.Spot
	around  []spelling
}

func (q asked) at(key string) (word, bool) { return q.answers.at(key, q.outline(), q.around) }

func (q asked) reply() reply {
	if q.stopsHere() {
		return reply{stop: &Stop{Reason: ErrParked, At: q.state.Name(q.place), Text: "left here, as stop_at says", Next: "gatewalk resume goes on from here"}}
	}
	switch q.spot.Status {
	case steps.StatusWaiting:
		return q.gate()
	case steps.StatusFailed:
		return q.failure()
	case steps.StatusAsking:
		return q.verdict()
	case steps.StatusUnknown:
		return q.unknown()
	case steps.StatusRefused:
		return reply{stop: &Stop{Reason: ErrNoGo, At: q.state.Name(q.place), Text: "no-go: " + q.spot.Reason, Next: "gatewalk resume comes back to it"}}
	}
	return q.open()
}

func (q asked) stopsHere() bool {
	key := q.answers.single("stop_at")
	return key != "" && slices.ContainsFunc(q.around, func(s spelling) bool { return s.name == key })
}

// gate passes a gate only where the session lets a file do so; elsewhere it is left to a person.
func (q asked) gate() reply {
	answer, ok := q.at("gates")
	switch {
	case ok && answer.text == "no-go":
		return reply{input: steps.Refuse{Place: q.place, Reason: answer.note}, words: "no-go " + answer.note}
	case ok && answer.text == "confirm" && !q.scripted():
		return reply{want: "a gate is passed by a person; a file passes it in a rehearsal or with --unattended"}
	case ok && answer.text == "confirm" && q.spot.Gate.Weight == runbook.Typed:
		return reply{input: steps.Confirm{Place: q.place, Phrase: q.spot.Gate.Phrase}, words: q.spot.Gate.Phrase}
	case ok && answer.text == "confirm":
		return reply{input: steps.Confirm{Place: q.place}, words: "go"}
	}
	return reply{want: q.wants("gates", "confirm", "whether its gate is passed")}
}

// wants names the key that would have answered.
func (q asked) wants(key, example, what string) string {
	return fmt.Sprintf("%s does not say %s (%s: {%q: %s})", q.answers.name, what, key, q.name(q.place), example)
}

func (q asked) failure() reply {
	answer, ok := q.at("on_failure")
	switch {
	case ok && answer.text == "accept" && q.spot.Last != 0:
		return reply{input: steps.Verdict{Attempt: q.spot.Last, Pass: true, Note: answer.note}, words: "accept " + answer.note}
	case ok && answer.text == "accept":
		return reply{input: steps.Skip{Place: q.place, Reason: answer.note}, words: "skip " + answer.note}
	case ok && answer.text == "ask" && q.options.Interactive, !ok && q.options.Interactive:
		return reply{}
	}
	return reply{stop: &Stop{Reason: ErrFailed, At: q.state.Name(q.place), Text: "this failed" + reasonWords(q.failedHow()), Next: "gatewalk resume comes back to it; on_failure in the answers file may accept it"}}
}

func (q asked) failedHow() string {
	if a := q.state.Attempt(q.spot.Last); a != nil && a.End != nil {
		return endWords(*a.End, len(a.Started.Commands))
	}
	return q.spot.Reason
}

func (q asked) verdict() reply {
	answer, ok := q.at("verdicts")
	if !ok || answer.text == "ask" {
		return reply{want: q.wants("verdicts", "pass", "how its output is judged")}
	}
	in := steps.Verdict{Attempt: q.spot.Last, Pass: answer.text == "pass", Note: answer.note}
	return reply{input: in, words: "verdict " + answer.text + " " + answer.note}
}

func (q asked) unknown() reply {
	answer, ok := q.at("unknown")
	if !ok {
		return reply{want: q.wants("unknown", `{not run: "what shows it"}`, "what became of a run whose end nobody saw")}
	}
	in := steps.Resolve{Attempt: q.spot.Last, As: steps.Outcome(answer.text), Reason: answer.note}
	return reply{input: in, words: "resolve " + answer.text + " " + answer.note}
}

// open is what the file says about a place where nothing has happened yet.
func (q asked) open() reply {
	if r := q.passedOver(); r.input != nil || r.want != "" {
		return r
	}
	b, step := q.state.Block(q.place), q.state.Step(q.place)
	switch {
	case b == nil && step.Choice != nil:
		return q.choice(step)
	case b == nil && q.loops(q.place):
		return q.items()
	case b == nil && q.calls(step):
		return q.run()
	case b == nil:
		return q.hand()
	case !q.isCommand(b):
		return q.hand()
	}
	return q.command(b)
}

func (q asked) calls(step *runbook.Step) bool {
	if step.Ref == nil {
		return false
	}
	ref := q.state.Plan().Refs[*step.Ref]
	return ref.Returns && ref.Step >= 0
}

func (q asked) isCommand(b *runbook.Block) bool {
	if kind, ok := q.spot.Read[steps.KindProperty]; ok {
		return kind == string(runbook.Command)
	}
	return b.Runs()
}

// passedOver says whether this place, or a step around it, is skipped: by name, or because of its condition.
func (q asked) passedOver() reply {
	for _, s := range q.around {
		if answer, ok := q.answers.tables["skip"][s.name]; ok {
			return reply{input: steps.Skip{Place: s.line.Place, Reason: answer.text}, words: "skip " + answer.text}
		}
	}
	for _, l := range slices.Backward(q.outline().around(q.place)) {
		if condition := q.outline().condition(l); condition != "" {
			if r := q.optional(l, condition); r.input != nil || r.want != "" {
				return r
			}
		}
	}
	return reply{}
}

// optional is what the file says about a step or command under a condition.
func (q asked) optional(l steps.Line, condition string) reply {
	answer, ok := q.at("optional")
	switch {
	case ok && answer.text == "do":
		return reply{}
	case ok && answer.text == "skip" && answer.note != "":
		return reply{input: steps.Skip{Place: l.Place, Reason: answer.note}, words: "skip " + answer.note}
	case ok && answer.text == "skip":
		return reply{input: steps.Skip{Place: l.Place, Reason: "its condition does not hold here: " + condition}, words: "skip"}
	}
	return reply{want: q.wants("optional", "do", "whether this is done: "+condition)}
}

func (q asked) choice(step *runbook.Step) reply {
	choice := q.state.Plan().Choices[*step.Choice]
	titles := make([]string, len(choice.Options))
	for i := range choice.Options {
		titles[i] = choice.Options[i].Title
	}
	answer, ok := q.at("choices")
	if !ok {
		return reply{want: q.wants("choices", "1", "which way is taken: "+choice.Text)}
	}
	i, ok := option(answer.text, titles)
	if !ok {
		return reply{want: fmt.Sprintf("%s:%d: there is no way %q here; the ways are %q", q.answers.name, answer.line, answer.text, titles)}
	}
	return reply{input: steps.Choose{Place: q.place, Option: i}, words: fmt.Sprintf("choose %d", i+1)}
}

// items confirms the list of a loop.
func (q asked) items() reply {
	times, _, _ := q.state.Loop(q.place)
	list, ok := q.answers.value(steps.Items, q.around)
	if !ok {
		return reply{want: fmt.Sprintf("%s does not say for whom this is done, which is repeated %s (values: {%q: NAMES})", q.answers.name, times, q.name(q.place)+":"+steps.Items)}
	}
	return reply{input: steps.Set{Place: q.place, Name: steps.Items, Value: list}, words: "set items " + list}
}

// hand records work that no command does.
func (q asked) hand() reply {
	answer, ok := q.at("by_hand")
	if !ok {
		return reply{want: q.wants("by_hand", "passed", "how it went by hand")}
	}
	in := steps.Done{Place: q.place, Result: steps.Result(answer.text), Who: answer.fields["who"], Note: answer.fields["note"], Pasted: answer.fields["pasted"]}
	if in.Who == "" {
		in.Who = q.options.Operator
	}
	return reply{input: in, words: "by hand " + answer.text + " " + in.Note}
}

// command is what the file says about a command: its text, its host, its values, and then to run it.
func (q asked) command(b *runbook.Block) reply {
	if answer, ok := q.edit(); ok {
		return reply{input: steps.Edit{Place: q.place, Text: answer.text, Reason: "by the answers file"}, words: "edit " + answer.text}
	}
	ready := q.state.Prepare(q.place)
	switch {
	case ready.Binding == nil:
		return q.host(ready.Host)
	case ready.Binding.Kind != steps.Here, q.namedByHand():
		return q.hand()
	case len(ready.Missing) > 0:
		return q.value(b, ready.Missing[0])
	case !q.fileDrives():
		return reply{want: runAsked}
	case b.Verify && b.PollRule != nil && ready.Gate == runbook.NoGate && q.answers.single("polls") == "true":
		return reply{input: steps.Poll{Place: q.place}, words: "poll"}
	}
	return q.run()
}

func (q asked) run() reply {
	if !q.fileDrives() {
		return reply{want: runAsked}
	}
	return reply{input: steps.Run{Place: q.place}, words: "run"}
}

const runAsked = "the operator runs each command, as the file says (run: ask)"

// edit is the new text of this very place, until it has been given.
func (q asked) edit() (word, bool) {
	for _, name := range q.outline().spellings(q.around[0].line) {
		if answer, ok := q.answers.tables["edits"][name]; ok {
			return answer, q.spot.Edited == nil || *q.spot.Edited != answer.text
		}
	}
	return word{}, false
}

// namedByHand says whether the file says of this very place that it is done by hand, though it could run here.
func (q asked) namedByHand() bool {
	for _, name := range q.outline().spellings(q.around[0].line) {
		if _, ok := q.answers.tables["by_hand"][name]; ok {
			return true
		}
	}
	return false
}

func (q asked) host(host string) reply {
	answer, ok := q.answers.at("hosts", q.outline(), append(slices.Clone(q.around), spelling{name: hostKey(host)}))
	if !ok {
		return reply{want: fmt.Sprintf("%s does not say where it runs (hosts: {%q: here} or {%q: by hand})", q.answers.name, hostKey(host), hostKey(host))}
	}
	in := steps.Bind{Host: host, To: steps.Binding{Kind: steps.ByHand, Names: answer.list}}
	if host == "" || q.place.Item() != "" {
		in.Place = &q.place
	}
	if answer.text == "here" {
		name := firstOf(answer.note, host, q.known())
		in.To, in.Typed = steps.Binding{Kind: steps.Here, Names: []string{name}}, name
	}
	return reply{input: in, words: "bind " + answer.text}
}

// hostKey is the key of a host in the file.
func hostKey(host string) string { return firstOf(host, "unsaid") }

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

func (q asked) value(b *runbook.Block, m steps.Missing) reply {
	value, ok := q.answers.value(m.Name, q.around)
	if !ok {
		return reply{want: fmt.Sprintf("%s, and %s does not say what it is (values: {%q: …})", m, q.answers.name, m.Name)}
	}
	secret := m.Secret || slices.Contains(b.Secrets, m.Name)
	words := fmt.Sprintf("set %s %s", m.Name, value)
	if secret {
		words = "set " + m.Name
	}
	return reply{input: steps.Set{Place: q.place, Name: m.Name, Value: value, Secret: secret}, words: words}
}
