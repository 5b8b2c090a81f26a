package tui

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/theme"
)

// status is the first line: which runbook, where and as whom, and how the record stands. The host is never cut.
func (m Model) status() string {
	right := m.where
	for _, more := range m.standings() {
		if theme.Width(right)+theme.Width(more)+2 < m.width-12 {
			right += "  " + more
		}
	}
	title := safe.Line(m.options.Plan.Title).String()
	if title == "" {
		title = safe.Line(m.options.Plan.Source).String()
	}
	return m.styles.Bar.Render(theme.Sides(" "+title, right+" ", m.width))
}

// standings are what the status line says beside the host, the most important first.
func (m Model) standings() []string {
	var all []string
	if opened := m.state.Opened(); opened != nil && opened.Simulated {
		all = append(all, "SIMULATED")
	}
	if m.lost || m.failed {
		all = append(all, m.recorded())
	}
	if m.options.EndsAtLogout {
		all = append(all, "LOGOUT ENDS IT")
	}
	if who := m.driving(); who != "" {
		all = append(all, who)
	}
	if n := len(m.state.Running()); n > 0 {
		all = append(all, fmt.Sprintf("%d running", n))
	}
	settled, units := m.outline.Progress()
	all = append(all, m.now.Format("15:04"))
	if !m.lost && !m.failed {
		all = append(all, m.recorded())
	}
	return append(all, fmt.Sprintf("%d/%d done", settled, units))
}

// whereabouts is where the selected place runs and as whom.
func (m Model) whereabouts() string {
	b := m.block()
	if b == nil || b.Kind == runbook.File {
		return m.user() + "@" + safe.Line(m.machine()).String()
	}
	ready := m.state.Prepare(m.place())
	host := safe.Line(ready.Host).String()
	switch {
	case ready.Binding == nil && host == "":
		return "host unsaid"
	case ready.Binding == nil:
		return host + " not bound"
	case ready.Binding.Kind == steps.ByHand:
		return "by hand on " + safe.Line(strings.Join(ready.Binding.Names, " ")).String()
	}
	_, user := m.state.Target(*ready.Binding)
	return safe.Line(user).String() + "@" + safe.Line(strings.Join(ready.Binding.Names, " ")).String()
}

func (m Model) user() string {
	if opened := m.state.Opened(); opened != nil {
		return safe.Line(opened.User).String()
	}
	return safe.Line(m.options.Operator).String()
}

// help1 is the last line: the keys that work now, as many as fit. The one that always leads on is kept.
func (m Model) help1() string {
	keys := m.working()
	for last := len(keys) - 1; last >= 0 && theme.Width(m.hints(keys)) > m.width; last-- {
		if !m.leadsOn(keys[last]) {
			keys = slices.Delete(keys, last, last+1)
		}
	}
	return theme.Fit(m.hints(keys), m.width)
}

// leadsOn says whether a key is the one that whoever knows no other needs.
func (m Model) leadsOn(b key.Binding) bool {
	name := b.Help().Key
	return name == m.KeyMap.Help.Help().Key || name == m.KeyMap.Cancel.Help().Key
}

func (m Model) hints(keys []key.Binding) string {
	parts := make([]string, len(keys))
	for i, b := range keys {
		parts[i] = m.styles.Key.Render(b.Help().Key) + " " + m.styles.Quiet.Render(b.Help().Desc)
	}
	return strings.Join(parts, "  ")
}

// working are the keys that do something now.
func (m Model) working() []key.Binding {
	switch m.showing {
	case atGate:
		g := m.gate.KeyMap
		return enabled(g.Submit, g.Confirm, g.Later, g.NoGo, g.Recheck, g.PageDown, g.PageUp)
	case asking:
		return enabled(m.ask.form.Keys()...)
	case leafing:
		return m.workingOnPage()
	case searching:
		submit := m.KeyMap.Go
		submit.SetHelp("enter", "go to the next match")
		return enabled(submit, m.KeyMap.Cancel)
	case typing:
		if m.keys.asked {
			return enabled(m.keys.form.Keys()[0], m.KeyMap.Escape)
		}
		return enabled(m.KeyMap.Escape)
	case walking:
		return m.workingInWalk()
	}
	panic("tui: nothing has the keys")
}

func (m Model) workingOnPage() []key.Binding {
	keys := []key.Binding{m.KeyMap.Cancel, m.outline.KeyMap.Down, m.outline.KeyMap.Up}
	if m.page.next != nil {
		keys = append([]key.Binding{m.page.key}, keys...)
	}
	return enabled(keys...)
}

func (m Model) workingInWalk() []key.Binding {
	var keys []key.Binding
	for _, c := range m.commands() {
		switch c.key.Help().Key {
		case m.KeyMap.Wheel.Help().Key:
			c.key.SetHelp("w", m.reaching())
		case m.KeyMap.Hold.Help().Key:
			if m.state.Held() != nil {
				c.key.SetHelp("H", "lift the hold")
			}
		case m.KeyMap.Go.Help().Key:
			c.key.SetHelp("enter", m.doing())
		case m.KeyMap.Poll.Help().Key:
			if m.polls() {
				c.key.SetHelp("p", "stop polling")
			}
		case m.KeyMap.ByHand.Help().Key:
			if m.doing() == doneByHand {
				continue // enter does
			}
		case m.KeyMap.Interrupt.Help().Key:
			if m.runningHere() == 0 || !m.drives() {
				continue
			}
		}
		if c.dead == nil || c.dead(m) == "" {
			keys = append(keys, c.key)
		}
	}
	return keys
}

func enabled(keys ...key.Binding) []key.Binding {
	var working []key.Binding
	for _, k := range keys {
		if k.Enabled() && k.Help().Key != "" {
			working = append(working, k)
		}
	}
	return working
}
