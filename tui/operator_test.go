package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/stillness"
)

// operator is a person at the screen whose time is kept by hand: nothing happens between two keys unless it is waited for.
type operator struct {
	t       *testing.T
	m       Model
	session *fake
	time    time.Duration
	timers  []timer
	quit    bool
}

type timer struct {
	at  time.Duration
	msg tea.Msg
}

// sit sits down at a screen of a size. A script says what commands print; nil ones end well and print nothing.
func sit(t *testing.T, plan *runbook.Plan, width, height int, script func(steps.Started) result) *operator {
	t.Helper()
	if script == nil {
		script = func(steps.Started) result { return result{} }
	}
	return attach(t, newFake(plan, script), width, height)
}

// attach opens a screen on a session that has begun.
func attach(t *testing.T, session *fake, width, height int) *operator {
	t.Helper()
	return attachTo(t, session, session, alice, width, height)
}

// attachTo opens a screen of somebody on a session in memory, by another way than its own.
func attachTo(t *testing.T, way steps.Session, session *fake, who steps.Actor, width, height int) *operator {
	t.Helper()
	o := &operator{t: t, session: session}
	o.m = New(way, Options{
		Plan: session.state.Plan(), Events: session.events, Operator: who.Name, Label: who.Label(), Host: "ncn-m001",
		Now:   func() time.Time { return midnight.Add(5 * time.Minute) },
		Width: width, Height: height, NoColor: true,
		Timer: func(after time.Duration, msg tea.Msg) tea.Cmd {
			o.timers = append(o.timers, timer{o.time + after, msg})
			return nil
		},
	})
	done := make(chan struct{})
	close(done) // so that no command of a test waits
	o.m.link.done = done
	o.send(tea.WindowSizeMsg{Width: width, Height: height})
	return o
}

// send gives the screen a message, and carries out the commands that come of it.
func (o *operator) send(msg tea.Msg) {
	o.t.Helper()
	switch msg := msg.(type) {
	case nil:
		return
	case tea.QuitMsg:
		o.quit = true
		return
	case tea.BatchMsg:
		for _, cmd := range msg {
			if cmd != nil {
				o.send(cmd())
			}
		}
		return
	}
	model, cmd := o.m.Update(msg)
	o.m = model.(Model)
	if cmd != nil {
		o.send(cmd())
	}
}

// news brings the screen what happened in the session by itself.
func (o *operator) news() {
	o.t.Helper()
	events, _ := o.session.Facts(o.m.state.Seq())
	o.send(factsMsg(events))
}

// wait lets time pass: timers that are due ring.
func (o *operator) wait(d time.Duration) {
	o.t.Helper()
	o.time += d
	due := o.timers
	o.timers = nil
	for _, t := range due {
		if t.at > o.time {
			o.timers = append(o.timers, t)
			continue
		}
		o.send(t.msg)
	}
}

// rest waits for as long as anything wants hands to be still.
func (o *operator) rest() {
	o.t.Helper()
	o.wait(stillness.Quiet)
}

// press presses keys at a person's pace. A name of several letters, such as enter, is one key.
func (o *operator) press(keys ...string) {
	o.t.Helper()
	for _, name := range keys {
		o.send(keyOf(name))
		o.wait(100 * time.Millisecond)
	}
}

// type_ types a text, letter by letter, at a person's pace.
func (o *operator) type_(text string) {
	o.t.Helper()
	for _, r := range text {
		o.press(string(r))
	}
}

func keyOf(name string) tea.KeyPressMsg {
	codes := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "backspace": tea.KeyBackspace, "up": tea.KeyUp,
		"down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp,
		"home": tea.KeyHome, "end": tea.KeyEnd,
	}
	if code, ok := codes[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(letter[0]), Mod: tea.ModCtrl}
	}
	if name == " " {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// screen is what is on screen, without colours.
func (o *operator) screen() string { return ansi.Strip(o.m.View().Content) }

// sees fails the test unless all of the sentences are on screen, wherever their lines break.
func (o *operator) sees(sentences ...string) {
	o.t.Helper()
	for _, s := range sentences {
		if !strings.Contains(strings.Join(strings.Fields(o.screen()), " "), s) {
			require.Fail(o.t, "not on screen: "+s, o.screen())
		}
	}
}

// status is how a block stands.
func (o *operator) status(block string) steps.Status {
	return o.session.state.Spot(steps.Place{Block: block}).Status
}

// fill answers a form: keys for choices, text for lines, enter between them.
func (o *operator) fill(answers ...string) {
	o.t.Helper()
	for _, text := range answers {
		o.type_(text)
		o.press("enter")
	}
}
