package form

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"gatewalk/steps/safe"
	"gatewalk/tui/theme"
)

// Editor is typed text with a caret. (The text inputs of Bubbles read the clipboard by starting a program; nothing here
// starts anything.) Its text is what was typed and pasted; only what is shown is made safe.
type Editor struct {
	Many   bool // more than one line
	Secret bool // shown as dots

	runes []rune
	at    int
}

// NewEditor is an editor with a text in it, the caret at its end.
func NewEditor(text string, many bool) Editor {
	e := Editor{Many: many}
	return e.insert(text)
}

// Value is the text.
func (e Editor) Value() string { return string(e.runes) }

// Update types, moves and deletes. It answers false for a key it has no use for.
func (e Editor) Update(msg tea.Msg) (Editor, bool) {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		return e.insert(msg.Content), true
	case tea.KeyPressMsg:
		if msg.Text != "" {
			return e.insert(msg.Text), true
		}
		return e.control(msg.String())
	}
	return e, false
}

func (e Editor) control(name string) (Editor, bool) {
	switch name {
	case "backspace", "ctrl+h":
		return e.remove(e.at-1, e.at), true
	case "delete", "ctrl+d":
		return e.remove(e.at, e.at+1), true
	case "ctrl+u":
		return e.remove(e.lineStart(), e.at), true
	case "ctrl+k":
		return e.remove(e.at, e.lineEnd()), true
	case "ctrl+w":
		return e.remove(e.wordStart(), e.at), true
	case "left", "ctrl+b":
		return e.to(e.at - 1), true
	case "right", "ctrl+f":
		return e.to(e.at + 1), e.at < len(e.runes)
	case "home", "ctrl+a":
		return e.to(e.lineStart()), true
	case "end", "ctrl+e":
		return e.to(e.lineEnd()), true
	}
	if !e.Many {
		return e, false
	}
	switch name {
	case "enter":
		return e.insert("\n"), true
	case "up":
		return e.vertical(-1), e.lineStart() > 0
	case "down":
		return e.vertical(1), e.lineEnd() < len(e.runes)
	}
	return e, false
}

// insert puts a text at the caret. On a single line, line ends become spaces.
func (e Editor) insert(text string) Editor {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if !e.Many {
		text = strings.ReplaceAll(strings.Trim(text, "\n"), "\n", " ")
	}
	added := []rune(text)
	e.runes = slices.Insert(slices.Clone(e.runes), e.at, added...)
	e.at += len(added)
	return e
}

func (e Editor) remove(from, to int) Editor {
	from, to = max(0, from), min(to, len(e.runes))
	if from >= to {
		return e
	}
	e.runes = slices.Delete(slices.Clone(e.runes), from, to)
	e.at = from
	return e
}

func (e Editor) to(at int) Editor {
	e.at = max(0, min(at, len(e.runes)))
	return e
}

func (e Editor) lineStart() int {
	at := e.at
	for at > 0 && e.runes[at-1] != '\n' {
		at--
	}
	return at
}

func (e Editor) lineEnd() int {
	at := e.at
	for at < len(e.runes) && e.runes[at] != '\n' {
		at++
	}
	return at
}

func (e Editor) wordStart() int {
	at := e.at
	for at > 0 && e.runes[at-1] == ' ' {
		at--
	}
	for at > 0 && e.runes[at-1] != ' ' && e.runes[at-1] != '\n' {
		at--
	}
	return at
}

// vertical moves the caret a line up or down, at the same column where there is one.
func (e Editor) vertical(by int) Editor {
	column := e.at - e.lineStart()
	next := e.to(e.lineStart() - 1)
	if by > 0 {
		next = e.to(e.lineEnd() + 1)
	}
	return next.to(min(next.lineStart()+column, next.lineEnd()))
}

// View shows the text around the caret in a window of columns and lines. Without the focus there is no caret.
func (e Editor) View(styles theme.Styles, width, height int, focused bool) []string {
	text := e.runes
	if e.Secret {
		text = []rune(strings.Repeat("•", len(text)))
	}
	d := drawing{width: max(1, width)}
	for i := 0; i <= len(text); i++ {
		look := styles.Plain
		if i == e.at && focused {
			look = styles.Caret
		}
		switch {
		case i < len(text) && text[i] != '\n':
			d.put(visible(text[i]), look)
		case i == e.at && focused:
			d.put(" ", look)
		}
		if i == e.at {
			d.caret = len(d.rows)
		}
		if i == len(text) || text[i] == '\n' {
			d.next()
		}
	}
	first := max(0, min(d.caret-height+1, len(d.rows)-height))
	return d.rows[first:min(len(d.rows), first+height)]
}

// visible is how one character of typed text is shown.
func visible(r rune) string {
	if r == '\t' {
		return "  "
	}
	return safe.Line(string(r)).String()
}

// drawing is rows being drawn, and which of them the caret is in.
type drawing struct {
	width, used int
	row         string
	rows        []string
	caret       int
}

// put draws a character, on another row when it does not fit on this one.
func (d *drawing) put(text string, style lipgloss.Style) {
	width := theme.Width(text)
	if d.used+width > d.width && d.used > 0 {
		d.next()
	}
	d.row += style.Render(text)
	d.used += width
}

func (d *drawing) next() {
	d.rows = append(d.rows, d.row)
	d.row, d.used = "", 0
}
