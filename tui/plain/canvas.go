package plain

import (
	"fmt"
	"strings"
)

// canvas draws on the operator's terminal beside its lines, which stand there again as they were once it is left. It goes
// to places, shows and hides the cursor, and asks for keys in a form; everything else is rows that are safe already.
type canvas struct {
	rows  []string // as they stand there
	wants [2]bool  // cursor keys in application mode, marked pastes
}

const (
	openCanvas  = "\x1b[?1049h\x1b[2J"
	leaveCanvas = "\x1b[?1l\x1b[?2004l\x1b[?25h\x1b[0m\x1b[?1049l"
	hideCursor  = "\x1b[?25l"
	showCursor  = "\x1b[?25h"
)

// draw is what makes the terminal show these rows: those that are not there yet.
func (c *canvas) draw(rows []string) string {
	var b strings.Builder
	b.WriteString(hideCursor)
	if len(rows) != len(c.rows) {
		b.WriteString("\x1b[2J")
		c.rows = make([]string, len(rows))
	}
	for y, row := range rows {
		if row != c.rows[y] {
			fmt.Fprintf(&b, "\x1b[%d;1H%s\x1b[0m", y+1, row)
		}
	}
	c.rows = rows
	return b.String()
}

// cursor is what puts the cursor where the command has it.
func (c *canvas) cursor(x, y int, shown bool) string {
	if !shown {
		return ""
	}
	return fmt.Sprintf("\x1b[%d;%dH%s", y+1, x+1, showCursor)
}

// ask is what makes the terminal send its keys in the form that the command asked for.
func (c *canvas) ask(application, bracketed bool) string {
	var b strings.Builder
	for i, mode := range []struct {
		number int
		on     bool
	}{{1, application}, {2004, bracketed}} {
		if mode.on != c.wants[i] {
			fmt.Fprintf(&b, "\x1b[?%d%c", mode.number, map[bool]byte{true: 'h', false: 'l'}[mode.on])
		}
	}
	c.wants = [2]bool{application, bracketed}
	return b.String()
}
