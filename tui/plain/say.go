package plain

import (
	"strconv"
	"strings"

	"gatewalk/steps"
)

// What each word of the walk says to the session.

func (w *walk) start(p steps.Place, _ string) error { return w.do(steps.Run{Place: p}) }

// noGateHere answers a go that no gate has taken.
func (w *walk) noGateHere(p steps.Place, _ string) error {
	if gate := w.state.Spot(p).Gate; w.state.Spot(p).Status == steps.StatusWaiting {
		w.say("this gate wants its phrase: %s", gate.Phrase)
		return nil
	}
	w.say("no gate is open here; run comes to it")
	return nil
}

func (w *walk) noGo(p steps.Place, reason string) error {
	return w.withReason(reason, func(reason string) error {
		if stays, err := w.doubted(p, reason); stays || err != nil {
			return err
		}
		return w.do(steps.Refuse{Place: p, Reason: reason})
	})
}

// again runs a place once more. What is in doubt is run again only with a reason, and its gate asks once more.
func (w *walk) again(p steps.Place, reason string) error {
	if w.state.Spot(p).Status != steps.StatusUnknown {
		return w.start(p, "")
	}
	return w.withReason(reason, func(reason string) error {
		if stays, err := w.doubted(p, reason); stays || err != nil {
			return err
		}
		return w.start(p, "")
	})
}

// doubted takes a run whose end nobody saw as one that did not succeed, and says whether it is still in doubt.
func (w *walk) doubted(p steps.Place, reason string) (bool, error) {
	spot := w.state.Spot(p)
	if spot.Status != steps.StatusUnknown {
		return false, nil
	}
	refusal, err := w.put(w.session, steps.Resolve{Attempt: spot.Last, As: steps.OutcomeFailed, Reason: reason})
	return refusal != nil, err
}

// withReason asks for a reason where none was given. Without one nothing is done.
func (w *walk) withReason(reason string, do func(string) error) error {
	if reason != "" {
		return do(reason)
	}
	reason, err := w.question("reason: ")
	if err != nil {
		return err
	}
	if reason == "" {
		w.say("without a reason nothing is done")
		return nil
	}
	return do(reason)
}

func (w *walk) fromNext(p steps.Place, _ string) error {
	from, ok := w.afterFailure(w.state.Spot(p))
	if !ok {
		w.say("there is no command after the one that failed")
		return nil
	}
	return w.do(steps.Run{Place: p, From: from})
}

// afterFailure is the index of the command after the one that ended the last run, if there is one.
func (w *walk) afterFailure(spot steps.Spot) (int, bool) {
	a := w.state.Attempt(spot.Last)
	if a == nil || a.End == nil || len(a.End.Exits) == 0 {
		return 0, false
	}
	next := a.End.Exits[len(a.End.Exits)-1].Command + 1
	return next, next < len(a.Started.Commands)
}

func (w *walk) skip(p steps.Place, reason string) error {
	return w.withReason(reason, func(reason string) error { return w.do(steps.Skip{Place: p, Reason: reason}) })
}

func (w *walk) skipStep(p steps.Place, reason string) error {
	step := w.state.Step(p)
	if step == nil {
		return w.skip(p, reason)
	}
	return w.skip(steps.Place{Block: step.ID, Frames: p.Frames}, reason)
}

func (w *walk) verdict(p steps.Place, rest string) error {
	word, note, _ := strings.Cut(rest, " ")
	if word != "pass" && word != "fail" {
		w.say("verdict pass NOTE or verdict fail NOTE")
		return nil
	}
	return w.do(steps.Verdict{Attempt: w.state.Spot(p).Last, Pass: word == "pass", Note: strings.TrimSpace(note)})
}

func (w *walk) accept(p steps.Place, reason string) error {
	spot := w.state.Spot(p)
	if spot.Status != steps.StatusFailed || spot.Last == 0 {
		w.say("nothing that ran here has failed")
		return nil
	}
	return w.withReason(reason, func(reason string) error {
		return w.do(steps.Verdict{Attempt: spot.Last, Pass: true, Note: reason})
	})
}

func (w *walk) choose(p steps.Place, rest string) error {
	n, err := strconv.Atoi(rest)
	if err != nil {
		w.say("choose the number of an option, such as choose 1")
		return nil
	}
	return w.do(steps.Choose{Place: p, Option: n - 1})
}

func (w *walk) poll(p steps.Place, _ string) error { return w.do(steps.Poll{Place: p}) }

// offScript runs a command of the operator's own; a second exclamation mark keeps the variables it sets.
func (w *walk) offScript(p steps.Place, rest string) error {
	text, keep := strings.CutPrefix(rest, "!")
	if text = strings.TrimSpace(text); text == "" {
		w.say("! needs a command behind it")
		return nil
	}
	return w.do(steps.Run{Place: p, OffScript: text, Keep: keep})
}

func (w *walk) note(p steps.Place, text string) error {
	if p.Block == "" {
		return w.do(steps.Note{Text: text})
	}
	return w.do(steps.Note{Place: &p, Text: text})
}

func (w *walk) attach(p steps.Place, source string) error {
	if source == "" {
		w.say("attach needs a file or a link behind it")
		return nil
	}
	return w.do(steps.Attach{Place: p, Source: source})
}

func (w *walk) jump(_ steps.Place, rest string) error {
	word, reason, _ := strings.Cut(rest, " ")
	to, err := w.outline().find(word)
	if err != nil {
		w.say("%s", err)
		return nil
	}
	return w.withReason(strings.TrimSpace(reason), func(reason string) error {
		w.at = nil
		return w.do(steps.Jump{To: to, Reason: reason})
	})
}

func (w *walk) lookAt(_ steps.Place, word string) error {
	to, err := w.outline().find(word)
	if err != nil {
		w.say("%s", err)
		return nil
	}
	w.at, w.since, w.view = &to, w.state.Seq(), view{}
	return nil
}

func (w *walk) next(steps.Place, string) error {
	w.at, w.view = nil, view{}
	return nil
}

func (w *walk) showAgain(steps.Place, string) error {
	w.view = view{}
	return nil
}

func (w *walk) overrule(p steps.Place, rest string) error {
	property, rest, _ := strings.Cut(rest, " ")
	value, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if property == "" || value == "" {
		w.say("overrule PROPERTY VALUE REASON, such as overrule gate none REASON; properties: kind, host, gate, weight, check, verify")
		return nil
	}
	in := steps.Overrule{Place: p, Property: steps.Property(property), Value: value}
	if in.Property == steps.GateProperty || in.Property == steps.WeightProperty {
		if sure, err := w.sureOfGate(p); !sure || err != nil {
			return err
		}
	}
	return w.withReason(strings.TrimSpace(reason), func(reason string) error {
		in.Reason = reason
		return w.do(in)
	})
}

// sureOfGate asks once more before a gate is changed: to relieve it is to pass it, so that nothing typed ahead may do it.
func (w *walk) sureOfGate(p steps.Place) (bool, error) {
	if !w.options.Interactive {
		if !w.scripted() {
			w.say("the gate stays as it is: " + noPipe)
		}
		return w.scripted(), nil
	}
	if err := w.stillness(); err != nil {
		return false, err
	}
	name := w.name(p)
	line, err := w.ask("type " + name + " to change the gate of " + name + ": ")
	sure := w.lines.young(line) && strings.TrimSpace(line.text) == name
	if err == nil && !sure {
		w.say("the gate stays as it is")
	}
	return sure, err
}

// outcomes are the words that settle a run whose end nobody saw.
var outcomes = []steps.Outcome{steps.OutcomeNotRun, steps.OutcomeDone, steps.OutcomeFailed}

func (w *walk) resolve(p steps.Place, rest string) error {
	for _, outcome := range outcomes {
		if reason, ok := after(rest, string(outcome)); ok {
			return w.withReason(reason, func(reason string) error {
				return w.do(steps.Resolve{Attempt: w.state.Spot(p).Last, As: outcome, Reason: reason})
			})
		}
	}
	w.say("resolve done REASON, resolve failed REASON or resolve not run REASON")
	return nil
}

// check runs the document's own verification off-script: whatever it finds, it settles nothing by itself.
func (w *walk) check(p steps.Place, _ string) error {
	line, ok := w.outline().verification(p)
	if !ok {
		w.say("the document verifies nothing after this; look into it with !COMMAND")
		return nil
	}
	ready := w.state.Prepare(line.Place)
	switch name := w.name(line.Place); {
	case len(ready.Missing) > 0:
		w.say("%s cannot run: %s", name, ready.Missing[0])
	case ready.Binding == nil || ready.Binding.Kind != steps.Here:
		w.say("%s does not run on this machine", name)
	default:
		return w.do(steps.Run{Place: p, OffScript: ready.Text})
	}
	return nil
}

func (w *walk) hold(_ steps.Place, reason string) error {
	return w.withReason(reason, func(reason string) error { return w.do(steps.Hold{On: true, Reason: reason}) })
}

func (w *walk) lift(steps.Place, string) error {
	if w.state.Held() == nil {
		w.say("nothing is held")
		return nil
	}
	return w.do(steps.Hold{On: false})
}

func (w *walk) typeNothing(steps.Place, string) error {
	w.say("nothing is running that could be typed to")
	return nil
}

func (w *walk) stop(_ steps.Place, reason string) error {
	return w.withReason(reason, func(reason string) error { return w.do(steps.Close{Outcome: "stopped", Reason: reason}) })
}

func (w *walk) complete(steps.Place, string) error {
	if place, open := w.state.Next(); open {
		w.say("not closed: %s is still %s; stop REASON closes the session before its end", w.name(place), w.state.Spot(place).Status)
		return nil
	}
	return w.do(steps.Close{Outcome: "completed"})
}
