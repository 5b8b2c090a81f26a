package tui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/gate"
)

// send says inputs one after another. While one is being written down, another is not begun.
func (m Model) send(inputs ...steps.Input) (Model, tea.Cmd) {
	switch {
	case m.lost:
		return m, nil // what stands above the help line says why
	case len(m.sending) > 0:
		return m.tell("the last word is still being written down"), nil
	}
	if m.showing == walking {
		m.seen = m.state.Seq()
	}
	m.sending = inputs
	return m, m.link.say(inputs[0], m.seen, m.state.Seq())
}

// answered takes the answer to an input: what became true, or what is missing.
func (m Model) answered(msg saidMsg) (Model, tea.Cmd) {
	m, cmd := m.learn(msg.events)
	if _, leaving := msg.input.(steps.Park); leaving {
		return m, tea.Quit // refused or not: the session stays on disk as it is
	}
	if m.lost {
		return m, cmd
	}
	m.failed = false
	if msg.err != nil {
		m.sending, m.leaving = nil, false
		m, more := m.refused(msg.input, msg.err)
		return m, tea.Batch(cmd, more)
	}
	if m.sending = m.sending[1:]; len(m.sending) > 0 {
		m.seen = m.state.Seq()
		return m, tea.Batch(cmd, m.link.say(m.sending[0], m.seen, m.state.Seq()))
	}
	if m.leaving {
		return m, tea.Batch(cmd, tea.Quit)
	}
	m, more := m.accepted(msg.input)
	return m, tea.Batch(cmd, more)
}

// accepted goes on after an input is on disk.
func (m Model) accepted(input steps.Input) (Model, tea.Cmd) {
	if m.showing == asking {
		m.showing = walking
	}
	switch in := input.(type) {
	case steps.Run:
		return m.began(in)
	case steps.Confirm:
		return m.confirmed(in)
	case steps.Skip, steps.Choose, steps.Done, steps.Attach:
		return m.onward()
	case steps.Jump:
		return m.to(in.To), nil
	case steps.Set:
		return m.tell("written down: look at the command, enter runs it").arrange(), nil
	case steps.Bind:
		return m.tell("written down: enter goes on").arrange(), nil
	case steps.Note:
		return m.tell("noted").arrange(), nil
	case steps.Drive:
		return m.arrange(), nil
	}
	return m.arrange(), nil
}

// began looks at what starting a place came to: a gate, a call, or a running command.
func (m Model) began(in steps.Run) (Model, tea.Cmd) {
	if !m.textInSight() {
		m.focus = textPane // with its output
	}
	if in.OffScript != "" {
		return m.to(in.Place), nil
	}
	m = m.arrange()
	switch m.state.Spot(in.Place).Status {
	case steps.StatusWaiting:
		return m.openGate(in.Place)
	case steps.StatusCalled:
		return m.onward()
	}
	return m, nil
}

// confirmed goes back to the walk when the gate was passed; a wrong phrase leaves it open.
func (m Model) confirmed(in steps.Confirm) (Model, tea.Cmd) {
	if m.state.Spot(in.Place).Status == steps.StatusWaiting {
		return m.openGate(in.Place)
	}
	m.showing = walking
	return m.arrange(), nil
}

// onward goes to what is open next, after something was settled that leaves nothing to look at.
func (m Model) onward() (Model, tea.Cmd) {
	if m.walked.next != nil {
		m = m.to(*m.walked.next)
	}
	return m.arrange(), nil
}

// refused shows a refusal, and opens the form that gives what is missing.
func (m Model) refused(input steps.Input, err error) (Model, tea.Cmd) {
	var refusal *steps.Refusal
	if !errors.As(err, &refusal) {
		m.failed = true
		return m.object("not written down: " + safe.Of(err.Error()).Plain()), nil
	}
	if m.showing == asking && m.ask.stays(input) {
		return m.object(words(refusal)), nil
	}
	if m.showing == atGate || m.showing == asking {
		m.showing = walking
		m = m.arrange()
	}
	switch refusal.Why {
	case steps.RefusedHost:
		return m.byItself(m.bindingQuestion(refusal.Place))
	case steps.RefusedMissing:
		return m.byItself(m.valuesQuestion(refusal.Place, refusal.Missing))
	case steps.RefusedGate:
		return m.openGate(refusal.Place)
	case steps.RefusedChoice:
		return m.byItself(m.choiceQuestion(refusal.Place))
	case steps.RefusedByHand:
		return m.byItself(m.byHandQuestion(refusal.Place))
	case steps.RefusedVerdict:
		return m.byItself(m.verdictQuestion(refusal.Place))
	case steps.RefusedOrder:
		return m.byItself(m.orderQuestion(refusal))
	case steps.RefusedTrouble:
		if refusal.Other != nil {
			m = m.to(*refusal.Other)
		}
	}
	return m.warn(words(refusal)), nil
}

// object shows what is wrong where the operator looks.
func (m Model) object(text string) Model {
	if m.showing == asking {
		m.ask.form = m.ask.form.Say(text)
		return m
	}
	return m.warn(text)
}

// words are a refusal as a sentence.
func words(r *steps.Refusal) string {
	text := r.Text
	if r.Next != "" {
		text += "; " + r.Next
	}
	return safe.Of(text).Plain()
}

// reconsider closes or opens anew what was opened before the events that came, if they changed its place or who drives.
func (m Model) reconsider() (Model, tea.Cmd) {
	if (m.showing == atGate && !m.approves() || m.showing == typing) && !m.drives() {
		m.showing = walking // hear has said who drives
		return m.arrange(), nil
	}
	if m.showing != atGate || len(m.sending) > 0 {
		return m, nil
	}
	p := m.gate.Place()
	spot := m.state.Spot(p)
	switch {
	case spot.Changed <= m.seen:
		return m, nil
	case spot.Status == steps.StatusWaiting:
		return m.openGate(p)
	}
	m.showing = walking
	return m.warn("the gate is no longer open: it stands at " + string(spot.Status)).arrange(), nil
}

// dispose acts on what a gate proposes.
func (m Model) dispose(p gate.Proposal) (Model, tea.Cmd) {
	switch p.Wish {
	case gate.Nothing:
		return m, nil
	case gate.Confirm:
		return m.send(steps.Confirm{Place: m.gate.Place(), Phrase: p.Phrase})
	case gate.NoGo:
		return m.open(m.noGoQuestion(m.gate.Place())), nil
	case gate.Later:
		m.showing = walking
		return m.tell("not yet: the gate stays open").arrange(), nil
	case gate.Recheck:
		m.showing = walking
		m = m.to(*p.Place)
		return m.tell("r checks it again; g comes back here").arrange(), nil
	}
	panic("tui: a gate wishes what it cannot")
}
