package tui

import (
	tea "charm.land/bubbletea/v2"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// goOn does what comes next at the selected place.
func (m Model) goOn() (Model, tea.Cmd) {
	row, _ := m.outline.Selected()
	if !row.Unit {
		return m.after()
	}
	switch row.Status {
	case steps.StatusOpen, steps.StatusPassed:
		return m.beginSeen()
	case steps.StatusWaiting:
		return m.openGate(row.Place)
	case steps.StatusAsking:
		return m.askVerdict()
	case steps.StatusFailed:
		return m.askFailed()
	case steps.StatusRefused:
		return m.askRefused()
	case steps.StatusUnknown:
		return m.askUnknown()
	case steps.StatusDone, steps.StatusByHand, steps.StatusNot, steps.StatusSkipped, steps.StatusCalled, steps.StatusChosen:
		return m.toNext()
	case steps.StatusRunning, steps.StatusPolling, steps.StatusJudging, steps.StatusElsewhere:
		return m, nil
	}
	panic("tui: no way on from " + string(row.Status))
}

// doing is what enter does here, in two words for the help line.
func (m Model) doing() string {
	row, ok := m.outline.Selected()
	if !ok || !row.Unit {
		return "next step"
	}
	switch row.Status {
	case steps.StatusOpen, steps.StatusPassed:
		if m.unseen() {
			return "read on"
		}
		return m.opening()
	case steps.StatusWaiting:
		return "to its gate"
	case steps.StatusAsking:
		return "give verdict"
	case steps.StatusFailed, steps.StatusRefused:
		return "what now"
	case steps.StatusUnknown:
		return "what became of it"
	}
	if m.walked.next == nil {
		return "finish"
	}
	return "next step"
}

func (m Model) opening() string {
	b, step := m.block(), m.step()
	switch {
	case b == nil && step != nil && step.Choice != nil:
		return "choose"
	case b == nil && step != nil && m.calls(step):
		return "go there"
	case b == nil || !b.Runs() || m.byHand():
		return doneByHand
	}
	return "run"
}

// doneByHand is what is said of a place that no command does.
const doneByHand = "done by hand"

// calls says whether a step is a reference to steps that were read, which are walked and come back.
func (m Model) calls(step *runbook.Step) bool {
	if step.Ref == nil {
		return false
	}
	ref := m.state.Plan().Refs[*step.Ref]
	return ref.Returns && ref.Step >= 0
}

// byHand says whether the selected place is done elsewhere.
func (m Model) byHand() bool {
	ready := m.state.Prepare(m.place())
	return ready.Binding != nil && ready.Binding.Kind == steps.ByHand
}

// begin starts a place. What is missing for it the session says, and the screen then asks.
func (m Model) begin(p steps.Place) (Model, tea.Cmd) {
	return m.send(steps.Run{Place: p})
}

// beginSeen starts the selected place once the end of its command is in sight: until then it shows more of it.
func (m Model) beginSeen() (Model, tea.Cmd) {
	switch {
	case !m.textInSight():
		m.focus = textPane
		return m.arrange(), nil
	case m.unseen():
		m.reader = m.reader.PageDown()
		return m, nil
	}
	return m.begin(m.place())
}

// unseen says whether something would run that is not on the screen to its end. What a gate confirms is shown at the gate.
func (m Model) unseen() bool {
	if !m.textInSight() {
		return true
	}
	b := m.block()
	return b != nil && b.Runs() && m.reader.Below() > 0 && m.state.Prepare(m.place()).Gate == runbook.NoGate
}

func (m Model) again() (Model, tea.Cmd) {
	if m.unseen() {
		m, _ = m.beginSeen()
		return m.tell("this is what would run: r again, when you have seen its end"), nil
	}
	return m.begin(m.place())
}

// toNext goes to the first open place; when there is none, to the end of the session.
func (m Model) toNext() (Model, tea.Cmd) {
	if m.walked.next != nil {
		return m.to(*m.walked.next), nil
	}
	if why := m.closed(); why != "" {
		return m.tell(why), nil
	}
	return m.askClose()
}

func (m Model) before() (Model, tea.Cmd) {
	m.outline = m.outline.Move(-1)
	return m.selected()
}

func (m Model) after() (Model, tea.Cmd) {
	m.outline = m.outline.Move(1)
	return m.selected()
}

func (m Model) why() (Model, tea.Cmd) {
	m.reader = m.reader.ToggleWhy()
	if !m.textInSight() {
		m.focus = textPane
	}
	return m.arrange(), nil
}

func (m Model) poll() (Model, tea.Cmd) {
	if m.unseen() && !m.polls() {
		m, _ = m.beginSeen()
		return m.tell("this is what would run: p again, when you have seen its end"), nil
	}
	return m.send(steps.Poll{Place: m.place(), Stop: m.polls()})
}

// openGate shows the gate of a place, and has it wait for still hands.
func (m Model) openGate(p steps.Place) (Model, tea.Cmd) {
	spot := m.state.Spot(p)
	if spot.Status != steps.StatusWaiting || spot.Gate == nil {
		return m, nil
	}
	m = m.to(p)
	m.openings++
	m.showing, m.seen = atGate, m.state.Seq()
	g, cmd := m.newGate(p, spot)
	m.gate = g
	return m.arrange(), cmd
}

// keyAtGate gives a key to the gate.
func (m Model) keyAtGate(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	m.say = notice{}
	return m.atGate(msg)
}

// atGate gives a message to the gate, and acts on what it proposes.
func (m Model) atGate(msg tea.Msg) (Model, tea.Cmd) {
	g, proposal, cmd := m.gate.Update(msg)
	m.gate = g
	m, act := m.dispose(proposal)
	return m, tea.Batch(cmd, act)
}

// runningHere is the attempt that runs at the selected place, else the newest that runs, 0 if none does.
func (m Model) runningHere() uint64 {
	running, here := m.state.Running(), uint64(0)
	for _, id := range running {
		if m.state.Attempt(id).Started.Place.Outside().Key() == m.place().Key() {
			here = id
		}
	}
	if here == 0 && len(running) > 0 {
		here = running[len(running)-1]
	}
	return here
}

// interrupt reaches the running command. When nothing runs, or somebody else drives, it is about leaving.
func (m Model) interrupt() (Model, tea.Cmd) {
	if running := m.runningHere(); running != 0 && m.drives() {
		m = m.tell("ctrl+c went to " + safe.Line(m.state.Name(m.state.Attempt(running).Started.Place)).String())
		return m.pass(running, []byte{3})
	}
	return m.askLeave()
}

// leave parks the session; while something runs it says first what then happens.
func (m Model) leave() (Model, tea.Cmd) {
	if m.drives() && (len(m.state.Running()) > 0 || len(m.state.Polling()) > 0) {
		return m.askLeave()
	}
	return m.park()
}

// park leaves. Who watches has no wheel to let go of.
func (m Model) park() (Model, tea.Cmd) {
	m.leaving = true
	if m.state.Closed() != nil || !m.drives() {
		return m, tea.Quit
	}
	return m.send(steps.Park{})
}
