package plain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// showGate reads a gate out: why it is there, what was verified, what runs next and on whom. Only then does it listen.
func (w *walk) showGate(p steps.Place, g steps.GateReached) error {
	w.say("GATE: %s", g.Gate)
	if g.Sentence != "" {
		w.say("the text says: %s (line %d)", g.Sentence, g.Line)
	}
	w.showEvidence(p)
	w.say("runs next, on %s:", g.Host)
	ready := w.state.Prepare(p)
	w.code(ready.Text)
	w.showValues(ready)
	w.showTargets(p, g)
	if b := w.state.Block(p); b != nil && b.Undo != "" {
		w.say("to undo: %s", b.Undo)
	}
	if wrong := w.state.Spot(p).Wrong; wrong > 0 {
		w.say("wrong phrases so far: %d", wrong)
	}
	if err := w.stillness(); err != nil {
		return err
	}
	if g.Weight == runbook.Typed {
		w.say("to pass it type: %s", g.Phrase)
	} else {
		w.say("to pass it type: go")
	}
	w.say("or: no-go REASON; any other word leaves it closed")
	return w.err
}

// showEvidence is what was verified before a gate, and how long ago.
func (w *walk) showEvidence(p steps.Place) {
	evidence := w.state.Evidence(p, w.options.Now())
	if len(evidence) == 0 {
		w.say("verified before this: nothing")
	}
	for _, e := range evidence {
		stale := ""
		if e.Stale {
			stale = "; that is old or from before a resume, check it again first: at " + w.outline().name(e.Place) + ", then run"
		}
		w.say("verified before this: %s %s, %s, %s ago%s", w.outline().name(e.Place), e.Title, evidenceWords(e), e.Age.Round(time.Second), stale)
	}
}

func evidenceWords(e steps.Evidence) string {
	switch {
	case e.ByHand != nil:
		return fmt.Sprintf("%s by %s", e.ByHand.Result, e.ByHand.Who)
	case e.Verdict != nil && e.Verdict.Accepted:
		return "accepted though it failed"
	case e.Verdict != nil:
		return string(e.Verdict.Judgment.Ruling)
	}
	return "done"
}

// showTargets is the blast radius, and how it differs from the canary's.
func (w *walk) showTargets(p steps.Place, g steps.GateReached) {
	difference := g.Difference()
	b := w.state.Block(p)
	switch {
	case len(g.Targets) > 0:
		w.say("acts on %d: %s", len(g.Targets), strings.Join(g.Targets, " "))
	case b != nil && len(b.Targets) > 0:
		w.say("warning: its list of targets is empty")
	}
	if len(difference.Canary) > 0 {
		fresh := slices.DeleteFunc(slices.Clone(g.Targets), func(host string) bool { return slices.Contains(difference.Canary, host) })
		w.say("the canary was: %s; new now: %s", strings.Join(difference.Canary, " "), strings.Join(fresh, " "))
	}
	if len(difference.Overlap) > 0 {
		w.say("warning: the canary is in the list again: %s", strings.Join(difference.Overlap, " "))
	}
	if len(difference.Twice) > 0 {
		w.say("warning: named more than once: %s", strings.Join(difference.Twice, " "))
	}
}

// stillness drops what was typed before the gate was on screen, and waits until the terminal is still.
func (w *walk) stillness() error {
	if !w.options.Interactive || w.err != nil {
		return w.err
	}
	w.drop()
	dropped, err := w.lines.settle(w.ctx, gateStill)
	w.drop() // a line that was begun meanwhile and has no end yet
	w.ignored(dropped, "the gate was read out")
	return err
}

func (w *walk) drop() {
	if w.options.Drain != nil {
		w.options.Drain()
	}
}

func (w *walk) ignored(lines int, before string) {
	if lines > 0 {
		w.say("ignored: %d %s typed before %s", lines, plural(lines, "line", "lines"), before)
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// atGate does what a line says at an open gate: a word of the walk leaves it closed, everything else tries to pass it.
func (w *walk) atGate(p steps.Place, line typed) error {
	gate := w.state.Spot(p).Gate
	text := strings.TrimSpace(line.text)
	confirms := text == "go" || text == "g"
	if gate.Weight == runbook.Typed {
		_, _, word := w.command(text)
		confirms = text != "" && (text == gate.Phrase || !word)
	}
	if !confirms {
		return w.obey(p, line.text)
	}
	if why, err := w.mayNotPass(line); why != "" || err != nil {
		if why != "" {
			w.say("the gate stays closed: %s", why)
		}
		return err
	}
	if known, err := w.readsThis(); !known || err != nil {
		return err
	}
	return w.confirm(p, gate, text)
}

// readsThis asks a person to type what only the reader of this very line can know: a line that was pasted whole cannot be
// told from one that was typed, but it cannot hold what had not been written yet.
func (w *walk) readsThis() (bool, error) {
	if !w.options.Interactive || w.options.Code == nil {
		return true, nil
	}
	code := w.options.Code()
	line, err := w.ask("and, to show that this is read, the code " + code + ": ")
	if err != nil {
		return false, err
	}
	if why, err := w.mayNotPass(line); why != "" || err != nil {
		if why != "" {
			w.say("the gate stays closed: %s", why)
		}
		return false, err
	}
	if strings.TrimSpace(line.text) != code {
		w.say("the gate stays closed: that is not the code")
		return false, nil
	}
	return true, nil
}

// mayNotPass is why a line cannot pass a gate, whatever it says; "" if it may.
func (w *walk) mayNotPass(line typed) (string, error) {
	if !w.options.Interactive {
		if !w.scripted() {
			return noPipe, nil
		}
		return "", nil
	}
	if !w.lines.young(line) {
		return "that line was begun before the gate was read out; type it again", nil
	}
	more, err := w.lines.settle(w.ctx, formStill)
	if more > 0 {
		return fmt.Sprintf("%d more %s came with that one, like a paste; type it by itself", more, plural(more, "line", "lines")), err
	}
	return "", err
}

// noPipe is why a pipe decides nothing about a gate.
const noPipe = "a pipe passes no gate; walk it at a terminal, rehearse it, or start it with --unattended"

// scripted says whether this session lets something else than a person pass a gate: a rehearsal, or one opened as unattended.
func (w *walk) scripted() bool { return w.state.Opened().Simulated || w.state.Opened().Unattended }

func (w *walk) confirm(p steps.Place, gate *steps.GateReached, text string) error {
	in := steps.Confirm{Place: p}
	if gate.Weight == runbook.Typed {
		in.Phrase = text
	}
	return w.do(in)
}
