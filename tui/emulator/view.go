package emulator

import (
	"strings"
	"unicode/utf8"

	"gatewalk/steps/safe"
	"gatewalk/tui/theme"
)

// View is every row, each as wide as the terminal. Without colours bold, underlined and reversed text stays so.
func (t *Terminal) View(colours bool) []string {
	columns, height := t.Size()
	cells := make([]string, height)
	t.attempt(func() {
		for y := range cells {
			cells[y] = t.row(y, colours)
		}
	})
	for y, row := range cells {
		cells[y] = theme.Fit(safe.Of(row).String(), columns)
	}
	return cells
}

// Cursor is where the command's cursor stands, and whether it shows one.
func (t *Terminal) Cursor() (x, y int, shown bool) {
	t.attempt(func() {
		at := t.vt.CursorPosition()
		x, y, shown = max(0, min(at.X, t.columns-1)), max(0, min(at.Y, t.rows-1)), !t.hidden
	})
	return x, y, shown
}

// row puts the cells of a row together. What a cell holds that cannot be shown in its columns becomes a sign for that.
func (t *Terminal) row(y int, colours bool) string {
	var b strings.Builder
	shown := ""
	for x := 0; x < t.columns; {
		text, look, width := " ", plain, 1
		if c := t.vt.CellAt(x, y); c != nil {
			style := c.Style
			if !colours {
				style.Fg, style.Bg, style.UnderlineColor = nil, nil, nil
			}
			if !style.IsZero() {
				look = plain + style.String()
			}
			text, width = glyph(c.Content, c.Width, t.columns-x)
		}
		if look != shown {
			b.WriteString(look)
			shown = look
		}
		b.WriteString(text)
		x += width
	}
	return b.String()
}

// plain takes every colour and attribute away.
const plain = "\x1b[0m"

// glyph is what is shown of a cell, and how many columns it takes: those of the cell, and no more than there is room.
func glyph(content string, width, room int) (string, int) {
	switch {
	case content == "" || width < 1 || width > room:
		return " ", 1
	case len(content) == 1 && content[0] >= ' ' && content[0] <= '~':
		return content, 1
	case shows(content, width):
		return content, width
	}
	if first, _ := utf8.DecodeRuneInString(content); shows(string(first), width) {
		return string(first), width // a family of people is shown by its first member
	}
	return strings.Repeat("\uFFFD", width), width
}

func shows(text string, width int) bool {
	return safe.Of(text).String() == text && theme.Width(text) == width
}
