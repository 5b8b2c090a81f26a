// Package gate asks a person to confirm before something runs that they could regret.
//
// Its promise: what is confirmed was on screen, whole, before the hands moved. Keys that were under way when it opened
// are passed over, pasted text never counts, and neither does a phrase that arrives faster than hands can type. It
// proposes; whether the gate is passed is decided elsewhere, from what was typed.
package gate

import (
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/scroll"
	"gatewalk/tui/stillness"
	"gatewalk/tui/theme"
)

// KeyMap is what a gate listens to beside the phrase. Letters are for gates without one: in a phrase they are typed.
type KeyMap struct {
	scroll.KeyMap
	Confirm, Submit, Erase, Clear, Later, NoGo, Recheck key.Binding
}

// DefaultKeyMap is the keys at a gate of a weight.
func DefaultKeyMap(weight runbook.Weight) KeyMap {
	k := KeyMap{
		KeyMap:  scroll.DefaultKeyMap(),
		Confirm: key.NewBinding(key.WithKeys("y"), key.WithHelp("y", "go")),
		Submit:  key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "go, once it is typed")),
		Erase:   key.NewBinding(key.WithKeys("backspace", "ctrl+h")),
		Clear:   key.NewBinding(key.WithKeys("ctrl+u")),
		Later:   key.NewBinding(key.WithKeys("esc"), key.WithHelp("esc", "not yet")),
		NoGo:    key.NewBinding(key.WithKeys("ctrl+n", "n"), key.WithHelp("n", "no-go")),
		Recheck: key.NewBinding(key.WithKeys("ctrl+r", "r"), key.WithHelp("r", "check again")),
	}
	if weight != runbook.Typed {
		k.Submit.SetEnabled(false)
		k.Erase.SetEnabled(false)
		k.Clear.SetEnabled(false)
		return k
	}
	k.Confirm.SetEnabled(false)
	k.NoGo = key.NewBinding(key.WithKeys("ctrl+n"), key.WithHelp("ctrl+n", "no-go"))
	k.Recheck = key.NewBinding(key.WithKeys("ctrl+r"), key.WithHelp("ctrl+r", "check again"))
	k.Up.SetKeys("up")
	k.Down.SetKeys("down")
	k.PageUp.SetKeys("pgup")
	k.PageDown.SetKeys("pgdown", "ctrl+d")
	k.PageDown.SetHelp("pgdn", "a page down")
	return k
}

// Wish is what an operator wants of a gate. The set is closed.
type Wish int

// The wishes.
const (
	Nothing Wish = iota
	Confirm
	NoGo
	Later
	Recheck
)

// Proposal is a wish with what belongs to it.
type Proposal struct {
	Wish   Wish
	Phrase string       // of Confirm, as it was typed
	Place  *steps.Place // of Recheck
}

// Gate is what is known when a gate opens.
type Gate struct {
	steps.GateReached
	Ready    steps.Prepared
	Undo     string // the way back in the document's words, or that there is none
	Evidence []steps.Evidence
	Name     string // of the place, for people
	Listed   bool   // the block says whom it acts on: an empty list is loud
	Wrong    int    // wrong phrases so far
}

// Model is one gate, from its opening until it is left.
type Model struct {
	KeyMap KeyMap
	Styles theme.Styles

	gate  Gate
	hands stillness.Watch
	id    int
	typed phrase
	armed bool // the one deliberate key was pressed, and nothing since
	keys  int
	say   string

	lines         []string
	first, read   int // the first line in sight, and how many were
	width, height int
}

// settle is how long the one deliberate key must stay alone: pasted text goes on.
const settle = 150 * time.Millisecond

type settledMsg struct{ id, keys int }

// New opens a gate. No two openings share an id.
func New(styles theme.Styles, hands stillness.Watch, id int, g Gate) (Model, tea.Cmd) {
	m := Model{KeyMap: DefaultKeyMap(g.Weight), Styles: styles, gate: g, id: id}
	if m.stale() == nil {
		m.KeyMap.Recheck.SetEnabled(false)
	}
	if g.Wrong > 0 {
		m.say = "what was typed was not the phrase"
	}
	var cmd tea.Cmd
	m.hands, cmd = hands.Open(id)
	return m, cmd
}

// Place is where the gate stands.
func (m Model) Place() steps.Place { return m.gate.Place }

// SetSize says how many columns and lines there are.
func (m Model) SetSize(width, height int) Model {
	whole := m.height > 0 && m.unread() == 0
	m.width, m.height = width, height
	m.lines = m.write()
	m = m.scroll(0)
	if whole {
		m.read = len(m.lines)
	}
	return m
}

// Say shows a sentence at the foot of the gate.
func (m Model) Say(text string) Model {
	m.say = text
	return m
}

// Update takes keys, pastes, and the messages it asked for.
func (m Model) Update(msg tea.Msg) (Model, Proposal, tea.Cmd) {
	m.hands = m.hands.Update(msg)
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return m.press(msg)
	case tea.PasteMsg:
		return m.paste()
	case settledMsg:
		if m.armed && msg == (settledMsg{m.id, m.keys}) {
			m.armed = false
			return m, Proposal{Wish: Confirm}, nil
		}
	case pauseMsg:
		if msg.id == m.id {
			m.typed = m.typed.pause(msg)
		}
	}
	return m, Proposal{}, nil
}

// paste passes over what was pasted, and waits for still hands again before one key may confirm.
func (m Model) paste() (Model, Proposal, tea.Cmd) {
	m.keys++
	m.armed = false
	m.say = "pasted text does not pass a gate: type it"
	var cmd tea.Cmd
	m.hands, cmd = m.hands.Key()
	return m, Proposal{}, cmd
}

func (m Model) press(msg tea.KeyPressMsg) (Model, Proposal, tea.Cmd) {
	m.keys++
	m.armed = false
	meant := m.hands.Rested()
	hands, waiting := m.hands.Key()
	m.hands = hands
	if !m.hands.Awake() {
		return m, Proposal{}, waiting
	}
	if moved := m.KeyMap.By(msg, m.room(), len(m.lines)); moved != 0 {
		m.say = ""
		return m.scroll(moved), Proposal{}, waiting
	}
	switch {
	case key.Matches(msg, m.KeyMap.Later):
		return m, Proposal{Wish: Later}, nil
	case key.Matches(msg, m.KeyMap.NoGo):
		return m, Proposal{Wish: NoGo}, nil
	case key.Matches(msg, m.KeyMap.Recheck):
		return m, Proposal{Wish: Recheck, Place: m.stale()}, nil
	case !meant:
		m.say = "let your hands rest for a moment, then type"
		return m, Proposal{}, waiting
	case key.Matches(msg, m.KeyMap.Confirm):
		return m.arm(msg)
	case m.gate.Weight == runbook.Typed:
		return m.spell(msg)
	}
	return m, Proposal{}, nil
}

// arm takes the one deliberate key. It counts when nothing follows it.
func (m Model) arm(msg tea.KeyPressMsg) (Model, Proposal, tea.Cmd) {
	switch {
	case msg.IsRepeat:
		return m, Proposal{}, nil
	case m.unread() > 0:
		return m, Proposal{}, nil // the foot says so
	}
	m.armed = true
	return m, Proposal{}, m.hands.Timer(settle, settledMsg{m.id, m.keys})
}

// spell takes a key of the phrase.
func (m Model) spell(msg tea.KeyPressMsg) (Model, Proposal, tea.Cmd) {
	switch {
	case key.Matches(msg, m.KeyMap.Erase):
		m.typed = m.typed.erase()
	case key.Matches(msg, m.KeyMap.Clear):
		m.typed = phrase{}
	case key.Matches(msg, m.KeyMap.Submit):
		return m.submit()
	case msg.Text != "":
		m.typed, m.say = m.typed.add(msg.Text, m.keys), ""
		return m, Proposal{}, m.hands.Timer(pauseLength, pauseMsg{m.id, m.keys})
	}
	return m, Proposal{}, nil
}

func (m Model) submit() (Model, Proposal, tea.Cmd) {
	switch {
	case m.typed.text == "", m.unread() > 0: // the foot says what is wanted
	case !m.typed.byHand():
		m.say = "that came all at once, as pasted text does: type it, a little slower"
		m.typed = phrase{}
	default:
		text := m.typed.text
		m.typed = phrase{}
		return m, Proposal{Wish: Confirm, Phrase: text}, nil
	}
	return m, Proposal{}, nil
}

// stale is the newest verification that is too old to rely on, nil if there is none.
func (m Model) stale() *steps.Place {
	for i := range m.gate.Evidence {
		if m.gate.Evidence[i].Stale {
			return &m.gate.Evidence[i].Place
		}
	}
	return nil
}
