package hook

import (
	"encoding/json"
	"fmt"
	"time"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// moment is a fact that hooks are told of.
type moment struct {
	on    []On // a poll that failed is both
	event steps.Event
	fact  steps.Fact
	place steps.Place
}

// moments are what hooks are told of an event, in the states before and after it.
func moments(before, after steps.State, e steps.Event) []moment {
	var told []moment
	for _, fact := range e.Facts {
		m := moment{event: e, fact: fact}
		switch f := fact.(type) {
		case steps.GateReached:
			m.place, m.on = f.Place, []On{Gate}
		case steps.PollEnded:
			m.place = f.Place
			if f.How != steps.PollStopped {
				m.on = []On{Poll}
			}
		case steps.Judged:
			if f.Place.Key() == f.Place.Outside().Key() { // a round's verdict is its poll's
				m.place = f.Place
			}
		case steps.DoneByHand:
			m.place = f.Place
		case steps.Resolved:
			m.place = after.Attempt(f.Attempt).Started.Place.Outside()
		case steps.Noted:
			if f.Place != nil && overdueNote(after, e.By, f) {
				m.place, m.on = *f.Place, []On{Overdue}
			}
		}
		if m.place.Block != "" && after.Spot(m.place).Status == steps.StatusFailed && before.Spot(m.place).Status != steps.StatusFailed {
			m.on = append(m.on, Failed)
		}
		if len(m.on) > 0 {
			told = append(told, m)
		}
	}
	return told
}

// message is what a hook reads.
type message struct {
	V         int             `json:"v"`
	Hook      string          `json:"hook"`
	On        On              `json:"on"`
	Session   string          `json:"session"`
	Runbook   string          `json:"runbook"`
	Machine   string          `json:"machine"`
	Simulated bool            `json:"simulated,omitempty"`
	Step      string          `json:"step"` // its path
	Title     string          `json:"title"`
	Line      int             `json:"line"`
	Text      string          `json:"text"` // the moment in words
	Event     envelope        `json:"event"`
	Fact      json.RawMessage `json:"fact"`
}

type envelope struct {
	Seq uint64      `json:"seq"`
	At  time.Time   `json:"at"`
	By  steps.Actor `json:"by"`
}

// message is a moment as one hook is told of it.
func (m moment) message(state steps.State, hook string, on On) []byte {
	facts, err := steps.MarshalFacts([]steps.Fact{m.fact})
	if err != nil {
		panic("hook: a fact that the journal took cannot be written: " + err.Error())
	}
	opened := state.Opened()
	said := message{
		V: 1, Hook: hook, On: on, Session: opened.Session, Runbook: state.Plan().Title, Machine: opened.Machine, Simulated: opened.Simulated,
		Text:  fmt.Sprintf("%s at %s", inWords[on], state.Name(m.place)),
		Event: envelope{m.event.Seq, m.event.At, m.event.By}, Fact: facts[1 : len(facts)-1],
	}
	if step := state.Step(m.place); step != nil {
		said.Step, said.Title, said.Line = step.Path, step.Title, step.Line
	}
	if block := state.Block(m.place); block != nil {
		said.Line = block.Line
	}
	text, err := json.Marshal(said)
	if err != nil {
		panic("hook: a message cannot be written: " + err.Error())
	}
	return append(text, '\n')
}

var inWords = map[On]string{Gate: "a gate waits", Failed: "a step has failed", Poll: "a poll has ended", Overdue: "a command runs longer than it was said to"}

// limit is how long an attempt may take by its text; 0 where that says nothing. The rounds of a poll end by themselves.
func limit(state steps.State, a *steps.Attempt) time.Duration {
	b := state.Block(a.Started.Place)
	if b == nil || a.Started.OffScript || a.Started.Scratch {
		return 0
	}
	for _, text := range []string{b.Estimate, stepEstimate(state.Step(a.Started.Place)), b.Timeout} {
		if d, err := time.ParseDuration(text); err == nil && d > 0 {
			return d
		}
	}
	return 0
}

// stepEstimate is what a step says of its only block.
func stepEstimate(step *runbook.Step) string {
	if step == nil || len(step.Blocks) != 1 {
		return ""
	}
	return step.Estimate
}

// overdueText is how the record says that an attempt is overdue.
func overdueText(a *steps.Attempt, limit time.Duration) string {
	return fmt.Sprintf("overdue: attempt %d runs for longer than the %s it was said to take", a.ID, limit)
}

// overdueNote says whether a note is the record's own that a running attempt is overdue.
func overdueNote(state steps.State, by steps.Actor, f steps.Noted) bool {
	if by.Via != steps.Machine {
		return false
	}
	for _, id := range state.Running() {
		if a := state.Attempt(id); f.Text == overdueText(a, limit(state, a)) {
			return true
		}
	}
	return false
}
