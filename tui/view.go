package tui

import (
	"cmp"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/reader"
	"gatewalk/tui/theme"
)

// View draws the screen. It changes nothing.
func (m Model) View() tea.View {
	v := tea.NewView(m.content())
	v.AltScreen = true
	v.Cursor = m.cursor()
	v.WindowTitle = "gatewalk " + safe.Line(m.options.Plan.Title).String()
	return v
}

func (m Model) content() string {
	if m.small() {
		return m.tooSmall()
	}
	body, message := m.body(), m.message()
	lines := append([]string{m.status()}, body[:len(body)-len(message)+1]...)
	return strings.Join(append(append(lines, message...), m.help1()), "\n")
}

// tooSmall is one sentence, in whatever room there is.
func (m Model) tooSmall() string {
	text := fmt.Sprintf("gatewalk needs %d columns and %d lines; this terminal has %d and %d. Nothing is lost: make it larger, or q leaves.",
		leastWidth, leastHeight, m.width, m.height)
	return strings.Join(theme.Frame(theme.Wrap(text, m.styles.Plain, m.width), m.width, m.height), "\n")
}

// body is everything between the status line and the message.
func (m Model) body() []string {
	switch m.showing {
	case atGate:
		return strings.Split(m.gate.View(), "\n")
	case asking:
		return m.form()
	case leafing:
		return strings.Split(m.page.view(), "\n")
	case typing:
		if m.pictured() {
			return m.passing()
		}
		return m.walk()
	case walking, searching:
		return m.walk()
	}
	panic("tui: nothing to show")
}

// form is the open form, above the output it is about.
func (m Model) form() []string {
	lines := strings.Split(m.ask.form.View(), "\n")
	if !m.ask.beside || !m.printing() {
		return lines
	}
	return append(append(lines, m.heading(m.width)), m.printedRows()...)
}

// walk is the outline and what belongs to the selected place, or one pane of it.
func (m Model) walk() []string {
	alone := m.narrow() || m.zoomed
	switch {
	case alone && m.focus == stepsPane:
		return strings.Split(m.outline.View(), "\n")
	case alone && m.zoomed && m.focus == outputPane:
		return append([]string{m.heading(m.width)}, m.printedRows()...)
	case alone && m.zoomed:
		return m.text(m.height - frame)
	case alone:
		return m.right()
	}
	left, right := strings.Split(m.outline.View(), "\n"), m.right()
	bar := m.styles.Quiet.Render("│") + " "
	for i := range left {
		left[i] += " " + bar + right[i]
	}
	return left
}

// right is the text of the selected place and its output.
func (m Model) right() []string {
	body := m.height - frame
	text, _ := m.rows(body)
	lines := m.text(text)
	if !m.printing() {
		return lines
	}
	_, width := m.columns()
	return append(append(lines, m.heading(width)), m.printedRows()...)
}

// text is the reader, with a line that says what is out of sight.
func (m Model) text(height int) []string {
	lines := strings.Split(m.reader.View(), "\n")
	if hidden := m.reader.Hidden(); hidden != "" {
		lines = append(lines, m.styles.Quiet.Render(hidden+m.scrolling(hidden)))
	}
	_, width := m.columns()
	return theme.Frame(lines, width, height)
}

// scrolling says how to see what is hidden.
func (m Model) scrolling(hidden string) string {
	key := "pgup"
	if strings.Contains(hidden, "▼") {
		key = "pgdn"
	}
	if m.focus == textPane {
		return " (" + key + ")"
	}
	return " (tab, then " + key + ")"
}

// heading is the line above an output.
func (m Model) heading(width int) string {
	line, style := "─", m.styles.Quiet
	if m.focus == outputPane && m.showing != asking || m.showing == typing {
		line, style = "━", m.styles.Accent
	}
	title := line + line + " " + m.title(m.state.Attempt(m.shown())) + " "
	hidden := m.output.Hidden()
	if m.follow.older && m.output.AtEnd() {
		hidden = "▼ there is more, end goes to the last line"
	}
	if hidden != "" {
		title += line + line + " " + hidden + " "
	}
	title = theme.Cut(title, width)
	return style.Render(title + strings.Repeat(line, width-theme.Width(title)))
}

func (m Model) title(a *steps.Attempt) string {
	what := "output"
	if a.Started.OffScript {
		what = "off-script: " + safe.Line(a.Started.Text).String()
	}
	switch {
	case a.Unknown != "":
		return what + ", its end is unknown"
	case a.End == nil && m.ended(a.ID):
		return what + ", its end was not seen"
	case a.End == nil:
		return fmt.Sprintf("%s, running %s", what, max(0, m.now.Sub(a.At)).Round(1e9))
	}
	return what + ", " + reader.Ended(a)
}

// mostMessage is how many lines of a message are shown; all but the first lie over what is above them.
const mostMessage = 4

// message is what was last said, or what is being typed above the help line.
func (m Model) message() []string {
	text, style := m.saying()
	if m.showing == searching {
		row := m.search.View(m.styles, m.width-2, 1, true)
		return []string{theme.Fit(m.styles.Accent.Render("/")+" "+row[0], m.width)}
	}
	lines := theme.Wrap(text, m.styles.Plain, m.width)
	if over := len(lines) - mostMessage; over > 0 {
		lines = append(lines[:mostMessage-1], theme.Cut(strings.Join(lines[mostMessage-1:], " "), m.width))
	}
	return theme.Paint(theme.Frame(lines, m.width, max(1, len(lines))), style)
}

// saying is the sentence above the help line, and how loud it is said.
func (m Model) saying() (string, lipgloss.Style) {
	switch {
	case m.lost:
		return m.noLink(), m.styles.Bad
	case m.say.loud:
		return m.say.text, m.styles.Bad
	case m.say.text != "" && !m.say.last:
		return m.say.text, m.styles.Plain
	case m.wheelAsked() != "":
		return m.wheelAsked(), m.styles.Warn
	case m.showing == typing && m.picture.mute:
		return "the command is not showing what you type", m.styles.Warn
	case len(m.sending) > 0:
		return "writing it down …", m.styles.Quiet
	}
	return cmp.Or(m.standing(), m.say.text), m.styles.Quiet
}

// standing is what the walk as a whole stands at, when there is nothing else to say.
func (m Model) standing() string {
	switch {
	case m.state.Closed() != nil:
		return "closed: " + safe.Line(m.state.Closed().Outcome).String()
	case m.state.Held() != nil:
		return "held, nothing starts: " + safe.Line(m.state.Held().Reason).String() + " (H lifts it)"
	}
	if invitation := m.invitation(); invitation != "" {
		return invitation
	}
	if trouble := m.walked.trouble; trouble != nil && trouble.Key() != m.place().Key() {
		return fmt.Sprintf("%s stands at %q: g goes there", m.name(*trouble), m.state.Spot(*trouble).Status)
	}
	return ""
}
