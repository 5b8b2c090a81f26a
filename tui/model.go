package tui

import (
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/form"
	"gatewalk/tui/gate"
	"gatewalk/tui/outline"
	"gatewalk/tui/output"
	"gatewalk/tui/reader"
	"gatewalk/tui/stillness"
	"gatewalk/tui/theme"
)

// showing is what has the keys.
type showing int

const (
	walking   showing = iota
	atGate            // a gate has opened
	asking            // a form is open
	leafing           // a page of text is open
	searching         // words to search are being typed
	typing            // keys go to the running command
)

// pane is a part of the walk.
type pane int

const (
	stepsPane pane = iota
	textPane
	outputPane
)

// Model is the screen: the only tea.Model there is.
type Model struct {
	KeyMap KeyMap

	options Options
	styles  theme.Styles
	link    link
	state   steps.State
	now     time.Time
	width   int
	height  int

	showing showing
	focus   pane
	zoomed  bool
	outline outline.Model
	reader  reader.Model
	output  output.Model
	gate    gate.Model
	ask     question
	page    page
	search  form.Editor
	say     notice
	where   string // where the selected place runs, for the status line
	walked  walked

	openings int           // gates and forms opened so far
	seen     uint64        // the last event on screen when the gate or the form opened
	sending  []steps.Input // what is being said, the first one just now
	failed   bool          // what was said last could not be written down
	lost     bool          // the session cannot be reached any more
	leaving  bool          // when it has been said
	follow   following
	keys     passing
	picture  picture
	told     told
}

// walked is what only the whole walk knows: it is asked when something happened, not for every frame.
type walked struct {
	next    *steps.Place // the first open place
	trouble *steps.Place // the first place that stops the walk
}

func walkedOf(s steps.State) walked {
	var w walked
	if next, ok := s.Next(); ok {
		w.next = &next
	}
	if trouble, ok := s.Trouble(); ok {
		w.trouble = &trouble
	}
	return w
}

// notice is one sentence for the operator, above the help line.
type notice struct {
	text string
	loud bool
	last bool // it is said only where nothing else is
}

// New is the screen of a session.
func New(session steps.Session, o Options) Model {
	o = o.withDefaults()
	styles := theme.New(o.IsDark, o.NoColor)
	m := Model{
		KeyMap: DefaultKeyMap(), options: o, styles: styles, now: o.Now(),
		link:    link{session: session, now: o.Now},
		state:   steps.New(o.Plan),
		outline: outline.New(styles), reader: reader.New(styles), output: output.New(styles, o.NoColor),
	}
	for _, e := range o.Events {
		m.state = steps.Apply(m.state, e)
		m = m.hearBeginning(e)
	}
	if remote, ok := session.(Remote); ok {
		m.link.lost = remote.Lost()
	}
	m.outline, m.walked = m.outline.SetState(m.state), walkedOf(m.state)
	if m.walked.next != nil {
		m.outline = m.outline.Select(*m.walked.next)
	}
	m.width, m.height = o.Width, o.Height
	m.focus = startPane(m.width)
	return m.refresh()
}

// Init begins to wait for events and to tell the time.
func (m Model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.link.facts(m.state.Seq()), m.link.clock(time.Second), m.link.away()}
	if !m.options.NoColor {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	return tea.Batch(cmds...)
}

// Update takes one message.
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m, cmd := m.update(msg)
	m, more := m.watch()
	m, drawn := m.attend()
	return m, tea.Batch(cmd, more, drawn)
}

func (m Model) update(msg tea.Msg) (Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return m.resize(msg.Width, msg.Height)
	case tea.BackgroundColorMsg:
		return m.restyle(msg.IsDark()), nil
	case clockMsg:
		m.now = time.Time(msg)
		return m, m.link.clock(time.Second)
	case factsMsg:
		m, cmd := m.learn(msg)
		return m, tea.Batch(cmd, m.link.facts(m.state.Seq()))
	case lostMsg:
		return m.cutOff(), nil
	case saidMsg:
		return m.answered(msg)
	case outputMsg:
		return m.watchFor(msg).printed(msg), nil
	case drawnMsg:
		return m.drawn(msg)
	case toldMsg:
		m.told.busy = false
		return m, nil
	case partMsg:
		return m.turned(msg), nil
	case typedMsg:
		return m.passed(msg)
	case tea.KeyPressMsg:
		return m.key(msg)
	case tea.PasteMsg:
		return m.paste(msg)
	}
	return m.elapsed(msg)
}

// key gives a key to what has the keys.
func (m Model) key(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	if msg.Code == tea.KeyEscape && m.showing != typing {
		msg.Mod = 0 // twice in a row reads as alt+esc
	}
	switch {
	case key.Matches(msg, m.KeyMap.Redraw) && m.showing != typing:
		return m, tea.ClearScreen
	case m.small():
		return m.keyWhileSmall(msg)
	case m.showing == typing:
		return m.keyThrough(msg)
	case msg.String() == "ctrl+c" && m.showing != asking:
		return m.interrupt()
	}
	switch m.showing {
	case walking:
		return m.press(msg)
	case atGate:
		return m.keyAtGate(msg)
	case asking:
		return m.keyInForm(msg)
	case leafing:
		return m.keyOnPage(msg)
	case searching:
		return m.keyInSearch(msg)
	}
	panic("tui: nothing has the keys")
}

// paste gives pasted text to what takes text.
func (m Model) paste(msg tea.PasteMsg) (Model, tea.Cmd) {
	if m.small() {
		return m, nil
	}
	switch m.showing {
	case atGate:
		return m.atGate(msg)
	case asking:
		return m.inForm(msg)
	case searching:
		m.search, _ = m.search.Update(msg)
	case typing:
		return m.pasteThrough(msg)
	case walking, leafing:
		return m.tell("pasted text goes nowhere here"), nil
	}
	return m, nil
}

// elapsed gives the messages of a timer to what asked for it.
func (m Model) elapsed(msg tea.Msg) (Model, tea.Cmd) {
	switch m.showing {
	case atGate:
		return m.atGate(msg)
	case asking:
		m.ask.hands = m.ask.hands.Update(msg)
	case walking, leafing, searching, typing:
	}
	return m, nil
}

// learn applies events. Those that are known already, because two commands brought them, are passed over.
func (m Model) learn(events []steps.Event) (Model, tea.Cmd) {
	before := m.state.Seq()
	for _, e := range events {
		if e.Seq > m.state.Seq() {
			m.state = steps.Apply(m.state, e)
			m = m.hear(e)
		}
	}
	if m.state.Seq() == before {
		return m, nil
	}
	m.outline, m.walked = m.outline.SetState(m.state), walkedOf(m.state)
	m = m.refresh()
	return m.reconsider()
}

// refresh shows the selected place as it is now.
func (m Model) refresh() Model {
	row, ok := m.outline.Selected()
	if !ok {
		return m.arrange()
	}
	m.reader = m.reader.Show(m.state, row.Place)
	m.where = m.whereabouts()
	return m.arrange()
}

// selected shows another place.
func (m Model) selected() (Model, tea.Cmd) { return m.refresh(), nil }

// to moves the cursor to a place.
func (m Model) to(p steps.Place) Model {
	m.outline = m.outline.Select(p)
	return m.refresh()
}

// place is the selected place.
func (m Model) place() steps.Place {
	row, _ := m.outline.Selected()
	return row.Place
}

func (m Model) spot() steps.Spot      { return m.state.Spot(m.place()) }
func (m Model) block() *runbook.Block { return m.state.Block(m.place()) }
func (m Model) step() *runbook.Step   { return m.state.Step(m.place()) }

// tell says a sentence; warn says it loudly. The next key takes it away.
func (m Model) tell(text string) Model {
	m.say = notice{text: text}
	return m
}

func (m Model) warn(text string) Model {
	m.say = notice{text: text, loud: true}
	return m
}

// hands is a watch over the keys for something that opens.
func (m Model) hands() stillness.Watch {
	return stillness.Watch{Quiet: m.options.Quiet, Longest: m.options.Longest, Timer: m.options.Timer}
}

// restyle takes the terminal's background into account.
func (m Model) restyle(isDark bool) Model {
	m.styles = theme.New(isDark, m.options.NoColor)
	m.outline.Styles, m.reader.Styles, m.output.Styles = m.styles, m.styles, m.styles
	m.gate.Styles, m.ask.form.Styles = m.styles, m.styles
	return m.refresh()
}
