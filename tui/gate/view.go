package gate

import (
	"fmt"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/reader"
	"gatewalk/tui/theme"
)

// kinds say in words why a person must confirm.
var kinds = map[runbook.GateKind]string{
	runbook.Canary:     "one was proved, now the rest",
	runbook.Failover:   "services move between nodes",
	runbook.Stop:       "the text says stop",
	runbook.Disruptive: "this takes something down",
	runbook.Approval:   "a second person must agree",
}

// View draws the gate: what was read scrolls, what is asked stays at the foot.
func (m Model) View() string {
	foot := m.foot()
	room := m.height - len(foot)
	last := min(len(m.lines), m.first+room)
	body := theme.Frame(m.lines[min(m.first, last):max(m.first, last)], m.width, room)
	return strings.Join(append(body, theme.Frame(foot, m.width, min(len(foot), m.height))...), "\n")
}

// room is how many lines of the body are in sight.
func (m Model) room() int { return max(1, m.height-len(m.foot())) }

func (m Model) scroll(by int) Model {
	m.first = max(0, min(m.first+by, len(m.lines)-m.room()))
	m.read = max(m.read, min(len(m.lines), m.first+m.room()))
	return m
}

// unread is how many lines at the end were never in sight.
func (m Model) unread() int { return len(m.lines) - m.read }

// write is the body: why, on whom, what was proved, what runs.
func (m Model) write() []string {
	var lines []string
	add := func(piece ...string) { lines = append(lines, piece...) }
	add(m.heading())
	add(m.sentence()...)
	add(m.targets()...)
	add(m.difference()...)
	add(m.undo()...)
	add("")
	add(m.evidence()...)
	add("", m.Styles.Strong.Render("What runs"))
	add(reader.Command(m.gate.Ready, m.Styles, m.width)...)
	return lines
}

// heading is why a person must confirm, which is never cut, and of which place.
func (m Model) heading() string {
	why := m.Styles.Warn.Render("GATE  " + kinds[m.gate.Gate])
	name := theme.CutLeft(safe.Line(m.gate.Name).String(), m.width-theme.Width(why)-2)
	return theme.Sides(why, m.Styles.Quiet.Render(name), m.width)
}

// undo is the way back, or that there is none.
func (m Model) undo() []string {
	if m.gate.Undo == "" {
		return nil
	}
	return theme.Wrap("To undo: "+safe.Line(m.gate.Undo).Plain(), m.Styles.Warn, m.width)
}

func (m Model) sentence() []string {
	if m.gate.Sentence == "" {
		return nil
	}
	text := fmt.Sprintf("“%s” (line %d)", safe.Of(m.gate.Sentence).Plain(), m.gate.Line)
	return theme.Wrap(text, m.Styles.Emphasis, m.width)
}

func (m Model) targets() []string {
	where := theme.Wrap("Runs "+reader.Where(m.gate.Ready), m.Styles.Plain, m.width)
	n := len(m.gate.Targets)
	if n == 0 {
		return where
	}
	words := theme.Words("Acts on "+theme.Count(n, "host")+":", m.Styles.Plain)
	return append(where, theme.Flow(append(words, theme.Words(list(m.gate.Targets), m.Styles.Strong)...), m.width)...)
}

// difference says loudly how the list differs from what was proved.
func (m Model) difference() []string {
	d := m.gate.Difference()
	var lines []string
	say := func(style lipgloss.Style, format string, args ...any) {
		lines = append(lines, theme.Wrap(fmt.Sprintf(format, args...), style, m.width)...)
	}
	if d.Empty && m.gate.Listed {
		say(m.Styles.Bad, "! THE LIST IS EMPTY: there is nobody to act on")
	}
	if len(d.Overlap) > 0 {
		say(m.Styles.Bad, "! IN THE LIST, AND WAS THE CANARY: %s would be done again", list(d.Overlap))
	}
	if len(d.Twice) > 0 {
		say(m.Styles.Bad, "! NAMED TWICE: %s", list(d.Twice))
	}
	if len(d.Canary) > 0 && len(d.Overlap) == 0 {
		say(m.Styles.Quiet, "The canary was %s; it is not in the list.", list(d.Canary))
	}
	return lines
}

func list(hosts []string) string { return safe.Line(strings.Join(hosts, " ")).String() }

func (m Model) evidence() []string {
	if len(m.gate.Evidence) == 0 {
		return theme.Wrap("Nothing was verified before this.", m.Styles.Warn, m.width)
	}
	lines := []string{m.Styles.Strong.Render("Verified before")}
	for _, e := range m.gate.Evidence {
		sign, look, age := "✓", m.Styles.Plain, since(e.Age)
		if e.Stale {
			sign, look, age = "!", m.Styles.Warn, age+", stale"
		}
		text := fmt.Sprintf("%s %s %s", sign, safe.Line(e.Path).String(), safe.Line(e.Title).String())
		lines = append(lines, look.Render(theme.Sides(text, how(e)+age, m.width)))
	}
	if m.stale() != nil {
		text := "Some of this is old. Check it again first: " + m.KeyMap.Recheck.Help().Key
		lines = append(lines, theme.Wrap(text, m.Styles.Warn, m.width)...)
	}
	return lines
}

func how(e steps.Evidence) string {
	if e.ByHand != nil {
		return "by hand, "
	}
	return ""
}

// since is an age as a person says it.
func since(age time.Duration) string {
	switch {
	case age < time.Minute:
		return "just now"
	case age < 2*time.Hour:
		return fmt.Sprintf("%d min ago", int(age.Minutes()))
	}
	return fmt.Sprintf("%d h ago", int(age.Hours()))
}

// foot is what is asked, and what stands in the way.
func (m Model) foot() []string {
	lines := []string{m.Styles.Quiet.Render(strings.Repeat("─", m.width))}
	if m.gate.Weight == runbook.Typed {
		words := append(theme.Words("To go, type", m.Styles.Plain), theme.Words(safe.Line(m.gate.Phrase).String(), m.Styles.Filled)...)
		lines = append(lines, theme.Flow(words, m.width)...)
		lines = append(lines, m.field())
	} else {
		words := append(theme.Words("To go, press", m.Styles.Plain), theme.Words(m.KeyMap.Confirm.Help().Key, m.Styles.Filled)...)
		lines = append(lines, theme.Flow(words, m.width)...)
	}
	return append(lines, m.Styles.Warn.Render(theme.Cut(m.obstacle(), m.width)))
}

func (m Model) field() string {
	room := max(1, m.width-3)
	text := safe.Line(m.typed.text).String()
	return m.Styles.Accent.Render(">") + " " + theme.CutLeft(text, room) + m.Styles.Caret.Render(" ")
}

// obstacle is why it cannot be confirmed yet, or what was last said.
func (m Model) obstacle() string {
	switch {
	case !m.hands.Awake():
		return "listens when your hands are still"
	case m.unread() > 0:
		return "read to the end first: ▼ " + theme.Count(m.unread(), "more line") + " (pgdn)"
	}
	return m.say
}
