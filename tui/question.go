package tui

import (
	tea "charm.land/bubbletea/v2"

	"gatewalk/steps"
	"gatewalk/tui/form"
	"gatewalk/tui/gate"
	"gatewalk/tui/stillness"
)

// question is an open form: what it asks about, and what its answers mean.
type question struct {
	form   form.Model
	place  steps.Place
	answer func(form.Answers) answer
	hands  stillness.Watch
	alone  bool // it opened by itself: it listens when the hands are still
	atGate bool // it came from a gate, and goes back there
	beside bool // the output it is about is shown under it
}

// answer is what filled-in fields mean.
type answer struct {
	inputs []steps.Input
	leave  bool         // then the screen closes
	to     *steps.Place // then the cursor goes there
	wrong  string       // the form stays, and says so
}

// says is an answer that is said to the session.
func says(inputs ...steps.Input) answer { return answer{inputs: inputs} }

// stays says whether the form is left open when the session refuses an input of it: the answers are not lost.
func (q question) stays(input steps.Input) bool {
	switch input.(type) {
	case steps.Run, steps.Poll, steps.Park:
		return false
	}
	return true
}

// newQuestion is a form about a place.
func (m Model) newQuestion(p steps.Place, title, button string, about []string, meaning func(form.Answers) answer, fields ...form.Field) question {
	return question{form: form.New(m.styles, title, button, about, fields...), place: p, answer: meaning}
}

// open opens a form because a key asked for it.
func (m Model) open(q question) Model {
	q.atGate = m.showing == atGate
	m.ask, m.showing, m.seen = q, asking, m.state.Seq()
	return m.arrange()
}

// byItself opens a form that no key asked for: it listens when the hands are still.
func (m Model) byItself(q question) (Model, tea.Cmd) {
	m = m.open(q)
	m.openings++
	m.ask.alone = true
	var cmd tea.Cmd
	m.ask.hands, cmd = m.hands().Open(m.openings)
	return m, cmd
}

func (m Model) keyInForm(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	m.say = notice{}
	if msg.String() == "ctrl+c" {
		return m.closeForm()
	}
	return m.inForm(msg)
}

// inForm gives a key or a paste to the form, and acts on what it proposes.
func (m Model) inForm(msg tea.Msg) (Model, tea.Cmd) {
	if m.ask.alone && !m.ask.hands.Awake() {
		var cmd tea.Cmd
		m.ask.hands, cmd = m.ask.hands.Key()
		return m, cmd
	}
	f, proposal := m.ask.form.Update(msg)
	m.ask.form = f
	switch proposal {
	case form.Nothing:
		return m, nil
	case form.Leave:
		return m.closeForm()
	case form.Record:
		return m.record(m.ask.answer(f.Answers()))
	}
	panic("tui: a form proposes what it cannot")
}

func (m Model) closeForm() (Model, tea.Cmd) {
	m.showing = walking
	if m.ask.atGate {
		return m.openGate(m.ask.place)
	}
	return m.arrange(), nil
}

// record says what the answers mean.
func (m Model) record(a answer) (Model, tea.Cmd) {
	if a.wrong != "" {
		return m.object(a.wrong), nil
	}
	m.leaving = a.leave
	if len(a.inputs) > 0 {
		return m.send(a.inputs...)
	}
	m.showing = walking
	if a.leave {
		return m, tea.Quit
	}
	if a.to != nil {
		m = m.to(*a.to)
	}
	return m.arrange(), nil
}

// newGate puts together what a gate shows.
func (m Model) newGate(p steps.Place, spot steps.Spot) (gate.Model, tea.Cmd) {
	b := m.state.Block(p)
	undo := ""
	if b != nil {
		undo = b.Undo
	}
	return gate.New(m.styles, m.hands(), m.openings, gate.Gate{
		GateReached: *spot.Gate,
		Ready:       m.state.Prepare(p),
		Evidence:    m.state.Evidence(p, m.now),
		Name:        m.state.Name(p),
		Listed:      b != nil && len(b.Targets) > 0,
		Wrong:       spot.Wrong,
		Undo:        undo,
	})
}
