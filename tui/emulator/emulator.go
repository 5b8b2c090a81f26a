// Package emulator is a terminal inside the screen, for commands that draw on one: editors, pagers, shells, questions.
//
// Its promise: whatever bytes a command prints, what is drawn are visible characters and colours in so many columns and
// rows, the memory is bounded, and nothing fails: where the picture is lost, it says so. A query is answered only while
// somebody types to the command, and never from what it printed before. It is drawn on by one while others look at it.
package emulator

import (
	"bytes"
	"fmt"
	"io"
	"sync"

	"github.com/charmbracelet/x/vt"

	"gatewalk/runbook/doc"
)

// Terminal is what a command has drawn, and how it wants its keys.
type Terminal struct {
	mutex         sync.Mutex
	vt            *vt.Emulator
	columns, rows int
	wants         wants
	whole         bool // the alternate screen
	hidden        bool // the cursor
	live          bool // queries are answered
	answers       []byte
	lost          string
}

// wants is how a command has asked for its keys.
type wants struct {
	application bool // cursor keys as ESC O, which terminals call application mode
	bracketed   bool // pasted text marked as such
}

// New is an empty terminal of a size, at least one column and one row.
func New(columns, rows int) *Terminal {
	t := &Terminal{columns: max(1, columns), rows: max(1, rows)}
	t.vt = vt.NewEmulator(t.columns, t.rows)
	t.vt.SetScrollbackSize(1) // what has scrolled away is in the output
	t.silence()
	t.guard()
	t.listen()
	return t
}

// silence closes the pipe on which the library would answer by itself; it would also wait there for a reader.
func (t *Terminal) silence() {
	if pipe, ok := t.vt.InputPipe().(io.Closer); ok {
		_ = pipe.Close() // a pipe in memory does not fail to close
	}
}

// Bytes of one piece that are drawn. Of a longer one only the end can still be in sight.
const drawn = 32 << 10

// cluster is how many bytes reach the library at once: as many may end up in one cell.
const cluster = 1 << 10

// Write takes the next piece of what the command prints, and returns what it is to be answered: nothing unless live,
// when the piece is new. Whoever looks at the terminal meanwhile waits for a small part of it only.
func (t *Terminal) Write(p []byte, live bool) (answers []byte) {
	t.hold(func() { t.live, t.answers = live, nil })
	if over := len(p) - drawn; over > 0 {
		begins := over + bytes.IndexByte(p[over:], '\n') + 1
		for _, mode := range modes().FindAll(p[:begins], -1) {
			t.draw(mode)
		}
		p = p[begins:]
	}
	for len(p) > 0 {
		n := first(p)
		t.draw(p[:n])
		p = p[n:]
	}
	t.hold(func() { answers = t.answers })
	return answers
}

// modes are what outlives the text around it: the alternate screen, the form of keys, the reset.
var modes = doc.Pattern(`\x1b(?:\[\?[0-9;]{1,24}[hl]|[=>c])`)

// first is the length of a first part, cut where no character joins the one before it.
func first(p []byte) int {
	if len(p) <= cluster {
		return len(p)
	}
	for n := cluster; n > cluster/2; n-- {
		if p[n] < 0x80 {
			return n
		}
	}
	return cluster
}

func (t *Terminal) draw(p []byte) {
	t.attempt(func() { _, _ = t.vt.Write(p) }) // it fails only when closed
}

// hold keeps the terminal as it is while something is done.
func (t *Terminal) hold(do func()) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	do()
}

// attempt does something that the library may fail in. Then the picture is given up.
func (t *Terminal) attempt(do func()) {
	t.hold(func() {
		defer func() {
			if why := recover(); why != nil {
				t.lost = fmt.Sprint("its screen could not be drawn: ", why)
			}
		}()
		if t.lost == "" {
			do()
		}
	})
}

// Lost says why there is no picture any more, "" while there is one.
func (t *Terminal) Lost() (why string) {
	t.hold(func() { why = t.lost })
	return why
}

// Whole says whether the command has taken the whole screen, as editors and pagers do.
func (t *Terminal) Whole() (is bool) {
	t.hold(func() { is = t.whole })
	return is
}

// Size is how many columns and rows there are.
func (t *Terminal) Size() (columns, rows int) {
	t.hold(func() { columns, rows = t.columns, t.rows })
	return columns, rows
}

// Resize changes the size. The line with the cursor stays in sight.
func (t *Terminal) Resize(columns, rows int) {
	columns, rows = max(1, columns), max(1, rows)
	t.attempt(func() {
		if columns == t.columns && rows == t.rows {
			return
		}
		t.columns, t.rows = columns, rows
		t.scrollIn()
		t.vt.Resize(columns, rows)
	})
}

// scrollIn scrolls lines that went below a smaller size into it. An editor draws anew by itself.
func (t *Terminal) scrollIn() {
	at := t.vt.CursorPosition()
	if over := at.Y + 1 - t.rows; over > 0 && !t.whole {
		_, _ = fmt.Fprintf(t.vt, "\x1b[r\x1b[%d;%dH\x1b[%dS\x1b[%dA", at.Y+1, at.X+1, over, over) // it fails only when closed
	}
}
