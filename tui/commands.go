package tui

import (
	"cmp"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/scroll"
)

// command is what a key does in the walk, and why it does nothing now.
type command struct {
	key  key.Binding
	run  func(Model) (Model, tea.Cmd)
	dead func(Model) string // "" while the key works
	more string             // what the full help says
}

// commands are all of them, the most wanted first: as many as fit are in the help line.
func (m Model) commands() []command {
	k := m.KeyMap
	return []command{
		{k.Go, Model.goOn, Model.nothingToDo, "does what comes next here: run, confirm, decide, go to the next step"},
		{k.Wheel, Model.wheel, Model.nothingAboutTheWheel, "asks who drives for the wheel, takes it, or answers who asks; first shows how the session stands"},
		{k.Verdict, Model.askVerdict, driving(Model.nothingToJudge), "says how the last run went, against what was found if need be"},
		{k.Type, Model.typeThrough, driving(Model.nothingRuns), "passes keys to the running command; ctrl+] comes back"},
		{k.Interrupt, Model.interrupt, nil, "reaches the running command; asks to leave when nothing runs"},
		{k.Poll, Model.poll, driving(Model.nothingToPoll), "repeats a verification until it holds, or stops repeating"},
		{k.Next, Model.toNext, Model.nothingOpen, "goes to the first place that is still open"},
		{k.ByHand, Model.askByHand, driving(Model.notToDo), "records that it was done elsewhere: how it went, who, a note, an attachment"},
		{k.Skip, Model.askSkip, driving(Model.notToDo), "passes it over, with a reason"},
		{k.Note, Model.askNote, Model.takesNothing, "writes something down here"},
		{k.Help, Model.help, nil, "shows this page"},
		{k.Leave, Model.leave, nil, "leaves; the session stays, and what runs goes on"},
		{k.Hold, Model.hold, Model.takesNothing, "keeps the next command from starting, with a reason, whoever drives; or lifts that"},
		{k.Detach, Model.park, nil, "leaves at once, without a question: everything goes on, gatewalk resume comes back"},
		{k.Pane, Model.nextPane, nil, "goes to the next pane: steps, text, output"},
		{k.Edit, Model.askEdit, driving(Model.nothingToEdit), "changes the command before it runs"},
		{k.Context, Model.context, nil, "shows the variables of this host and user, where each came from, and sets one"},
		{k.Why, Model.why, nil, "shows why everything was read as it was, with the line"},
		{k.Search, Model.startSearch, nil, "searches titles, text and commands; in the output pane, the output"},
		{k.Again, Model.again, driving(Model.nothingToRepeat), "runs it once more"},
		{k.Bind, Model.askBinding, driving(Model.nowhere), "says where its host is"},
		{k.Choose, Model.askChoice, driving(Model.noChoice), "takes one way of a choice"},
		{k.Jump, Model.askJump, driving(Model.notToDo), "goes on here and leaves open what lies between, with a reason; it passes no gate"},
		{k.OffScript, Model.askOffScript, driving(Model.notAPlace), "runs a command of your own here; it is recorded under the step"},
		{k.Overrule, Model.askOverrule, driving(Model.noBlock), "reads a block otherwise, with a reason: run it, re-host it, give or relieve a gate"},
		{k.Stop, Model.askStop, driving(Model.nothingRuns), "sends a signal to the running command, and records it"},
		{k.Before, Model.before, nil, "goes to the step before"},
		{k.After, Model.after, nil, "goes to the step after"},
		{k.Zoom, Model.zoom, nil, "gives the whole screen to one pane, and back"},
		{k.Debts, Model.debts, nil, "lists what is owed, and everything that departed from the text"},
	}
}

// driving is why a key of the driver's alone does nothing now.
func driving(dead func(Model) string) func(Model) string {
	return func(m Model) string {
		if why := cmp.Or(m.watching(), m.closed()); why != "" {
			return why
		}
		return dead(m)
	}
}

// closed says that nothing more is written down.
func (m Model) closed() string {
	if m.state.Closed() == nil {
		return ""
	}
	return "the session is closed; q leaves"
}

// takesNothing is why a word that anybody may say is not heard now.
func (m Model) takesNothing() string { return cmp.Or(m.outOfReach(), m.closed()) }

// press does what a key does in the walk. A key that does nothing now says why.
func (m Model) press(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	m.say = notice{}
	for _, c := range m.commands() {
		if !key.Matches(msg, c.key) {
			continue
		}
		if c.dead != nil {
			if why := c.dead(m); why != "" {
				return m.tell(why), nil
			}
		}
		return c.run(m)
	}
	if key.Matches(msg, m.KeyMap.Back) {
		return m.paneBefore(), nil
	}
	return m.move(msg)
}

// move moves in the pane that has the keys.
func (m Model) move(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	if msg.Text != "" && scroll.DefaultKeyMap().By(msg, 1, 1) == 0 {
		return m.tell(safe.Line(msg.Text).String() + " does nothing here: ? shows the keys"), nil
	}
	switch m.focus {
	case stepsPane:
		m.outline = m.outline.Update(msg)
		return m.selected()
	case textPane:
		m.reader = m.reader.Update(msg)
	case outputPane:
		return m.scrollOutput(msg)
	}
	return m, nil
}

func (m Model) nothingToDo() string {
	row, ok := m.outline.Selected()
	if !ok {
		return "this procedure has nothing to do in it"
	}
	if goesOn := row.Status == steps.StatusRunning || row.Status == steps.StatusPolling; goesOn && m.watching() != "" {
		return m.watching()
	}
	switch row.Status {
	case steps.StatusRunning:
		return "it is running: t types into it, ctrl+c interrupts it"
	case steps.StatusPolling:
		return "it is polling: p stops it"
	case steps.StatusJudging:
		return "it has ended and is being judged"
	case steps.StatusElsewhere:
		return "not this way: " + row.Reason
	}
	if row.Unit && !row.Status.Settled() && !m.approves() {
		return cmp.Or(m.watching(), m.closed())
	}
	if m.walked.next == nil {
		return m.closed()
	}
	return ""
}

func (m Model) nothingOpen() string {
	if m.walked.next == nil {
		return "nothing is open any more"
	}
	return ""
}

func (m Model) nothingRuns() string {
	if m.runningHere() == 0 {
		return "nothing is running"
	}
	return ""
}

func (m Model) nothingToJudge() string {
	if a := m.state.Attempt(m.spot().Last); a == nil || a.End == nil {
		return "nothing has run here that could be judged"
	}
	return ""
}

func (m Model) notToDo() string {
	switch row, _ := m.outline.Selected(); row.Status {
	case steps.StatusRunning, steps.StatusPolling, steps.StatusJudging:
		return "it is " + string(row.Status)
	case steps.StatusElsewhere:
		return "not this way: " + row.Reason
	}
	return m.notAPlace()
}

func (m Model) notAPlace() string {
	if _, ok := m.outline.Selected(); !ok {
		return "there is no step here"
	}
	return ""
}

func (m Model) noBlock() string {
	if m.block() == nil {
		return "there is no command here"
	}
	return ""
}

func (m Model) nothingToEdit() string {
	if why := m.noBlock(); why != "" {
		return why
	}
	return m.notToDo()
}

func (m Model) nothingToRepeat() string {
	b := m.block()
	switch {
	case b == nil || !b.Runs():
		return "there is no command here to run again"
	case m.spot().Last == 0:
		return "it has not run yet: enter runs it"
	}
	return m.notToDo()
}

func (m Model) nothingToPoll() string {
	if b := m.block(); b == nil || !b.Verify {
		return "only a verification is polled"
	}
	if m.polls() {
		return ""
	}
	return m.notToDo()
}

// polls says whether the selected place is polled now.
func (m Model) polls() bool {
	poll := m.spot().Poll
	return poll != nil && poll.How == ""
}

func (m Model) nowhere() string {
	b := m.block()
	switch {
	case b == nil:
		return "there is no command here, so it runs nowhere"
	case b.Kind == runbook.File:
		return "a file is written by hand"
	}
	return ""
}

func (m Model) noChoice() string {
	if step := m.step(); step == nil || step.Choice == nil {
		return "there is nothing to choose here"
	}
	return ""
}
