package tui

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/scroll"
	"gatewalk/tui/theme"
)

// page is text to leaf through: the help, or what departed from the procedure.
type page struct {
	write         func(m Model, width int) []string
	key           key.Binding                  // goes on to what comes next
	next          func(Model) (Model, tea.Cmd) // nil where nothing does
	whole         bool                         // it goes on only once the end has been seen
	lines         []string
	first         int
	width, height int
}

// arrangePage writes the open page as things stand now.
func (m Model) arrangePage(height int) Model {
	if m.showing == leafing {
		m.page.lines = m.page.write(m, m.width)
	}
	m.page.width, m.page.height = m.width, height
	m.page = m.page.scroll(0)
	return m
}

func (p page) scroll(by int) page {
	p.first = max(0, min(p.first+by, len(p.lines)-p.height))
	return p
}

// atEnd says whether the last line is in sight.
func (p page) atEnd() bool { return p.first+p.height >= len(p.lines) }

func (p page) view() string {
	last := min(len(p.lines), p.first+p.height)
	return strings.Join(theme.Frame(p.lines[p.first:last], p.width, p.height), "\n")
}

// leaf opens a page.
func (m Model) leaf(write func(m Model, width int) []string) Model {
	m.showing, m.page = leafing, page{write: write}
	return m.arrange()
}

func (m Model) keyOnPage(msg tea.KeyPressMsg) (Model, tea.Cmd) {
	if by := scroll.DefaultKeyMap().By(msg, m.page.height, len(m.page.lines)); by != 0 {
		m.page = m.page.scroll(by)
		return m, nil
	}
	switch {
	case m.page.next != nil && key.Matches(msg, m.page.key) && m.page.whole && !m.page.atEnd():
		m.page = m.page.scroll(m.page.height - 1)
	case m.page.next != nil && key.Matches(msg, m.page.key):
		return m.page.next(m.walkOn())
	case key.Matches(msg, m.KeyMap.Cancel, m.KeyMap.Help, m.KeyMap.Leave, m.KeyMap.Debts, m.KeyMap.Context, m.KeyMap.Go):
		return m.walkOn(), nil
	}
	return m, nil
}

// leadsTo is the page with a key that goes on from it.
func (m Model) leadsTo(b key.Binding, does string, next func(Model) (Model, tea.Cmd), whole bool) Model {
	b.SetHelp(b.Help().Key, does)
	m.page.key, m.page.next, m.page.whole = b, next, whole
	return m
}

// help shows every key, what it does, and why it does nothing now.
func (m Model) help() (Model, tea.Cmd) {
	return m.leaf(func(m Model, width int) []string {
		lines := []string{m.styles.Heading.Render("Keys"), ""}
		for _, c := range m.commands() {
			lines = append(lines, m.explain(c, width)...)
		}
		move := "moves in the pane that has the keys; page up and down, space, home and end as well"
		lines = append(lines, m.entry("↑ ↓ j k", move, width)...)
		lines = append(lines, m.entry(m.KeyMap.Redraw.Help().Key, "draws the screen anew, where something else has written over it", width)...)
		lines = append(lines, "", m.styles.Heading.Render("The session"), "")
		return append(lines, m.item(m.keeping(), width)...)
	}), nil
}

func (m Model) explain(c command, width int) []string {
	text := c.more
	if c.dead != nil {
		if why := c.dead(m); why != "" {
			text += " (not now: " + why + ")"
		}
	}
	return m.entry(c.key.Help().Key, text, width)
}

func (m Model) entry(keys, text string, width int) []string {
	sign := m.styles.Key.Render(theme.Fit("  "+keys, 12))
	return theme.Hang(sign, theme.Wrap(safe.Of(text).Plain(), m.styles.Plain, width-12))
}

// debts lists what is owed and everything that departed from the text.
func (m Model) debts() (Model, tea.Cmd) {
	return m.leaf(func(m Model, width int) []string {
		var departed []string
		for _, line := range m.state.Outline() {
			for _, text := range m.deviations(line) {
				departed = append(departed, m.name(line.Place)+": "+text)
			}
		}
		return append(append(m.section("Owed", m.owed(), width), ""), m.section("Departed from the text", departed, width)...)
	}), nil
}

// section is a list under a heading.
func (m Model) section(title string, items []string, width int) []string {
	lines := []string{m.styles.Heading.Render(title)}
	if len(items) == 0 {
		items = []string{"nothing"}
	}
	for _, item := range items {
		lines = append(lines, m.item(item, width)...)
	}
	return lines
}

func (m Model) item(text string, width int) []string {
	return theme.Hang("  ", theme.Wrap(text, m.styles.Plain, width-2))
}

// deviations are what an operator did at a place that the text does not say.
func (m Model) deviations(line steps.Line) []string {
	spot := m.state.Spot(line.Place)
	var all []string
	switch line.Status {
	case steps.StatusSkipped, steps.StatusPassed, steps.StatusRefused:
		all = append(all, strings.TrimSuffix(string(line.Status)+": "+safe.Of(spot.Reason).Plain(), ": "))
	}
	if spot.Edited != nil {
		all = append(all, "its command was edited")
	}
	for _, property := range slices.Sorted(maps.Keys(spot.Read)) {
		all = append(all, fmt.Sprintf("its %s was read as %s", property, safe.Line(spot.Read[property])))
	}
	if v := spot.Verdict; v != nil && v.Accepted {
		all = append(all, "a failure was accepted: "+safe.Of(v.Note).Plain())
	}
	for _, id := range spot.Attempts {
		all = append(all, departed(m.state.Attempt(id))...)
	}
	return all
}

// departed is what of an attempt the text does not say, and what the record of it lacks.
func departed(a *steps.Attempt) (all []string) {
	if a.Started.OffScript {
		all = append(all, "off-script: "+safe.Line(a.Started.Text).String())
	}
	if a.Resolved != nil && a.Resolved.As != steps.OutcomeRunning {
		all = append(all, fmt.Sprintf("nobody saw its end, taken for %s: %s", a.Resolved.As, safe.Of(a.Resolved.Reason).Plain()))
	}
	if a.End != nil && a.End.Warning != "" {
		all = append(all, "warning: "+safe.Of(a.End.Warning).Plain())
	}
	return all
}
