package plain

import (
	"slices"
	"strings"

	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/emulator"
	"gatewalk/tui/tail"
)

// canEnter says whether a running attempt can be given the terminal: there is one, it runs on a terminal of its own, and
// this walk drives.
func (w *walk) canEnter(id uint64) bool {
	return id != 0 && w.options.Terminal != nil && !w.state.Opened().Simulated && w.drives()
}

// waysIn is how an operator answers a command that is read as interactive.
func (w *walk) waysIn() string {
	if w.options.Terminal == nil || w.state.Opened().Simulated {
		return "type passes lines to it"
	}
	return "it has this terminal; ctrl+] comes back, and then type passes lines to it"
}

// asksAtTerminal says whether an attempt was started by a block that is read as interactive.
func (w *walk) asksAtTerminal(id uint64) bool {
	started := w.state.Attempt(id).Started
	b := w.state.Block(started.Place)
	return b != nil && b.Interactive && !started.OffScript
}

// watchFor begins a picture where a piece of output shows that the command draws one, and says how to come to it.
func (w *walk) watchFor(s *stream, piece []byte) {
	if s.picture != nil || w.options.Terminal == nil || emulator.Wanted(piece) < 0 {
		return
	}
	w.draw(s)
	if w.canEnter(s.attempt) && !w.asksAtTerminal(s.attempt) {
		w.say("it draws on its terminal: enter gives it yours, ctrl+] comes back")
	}
}

// lead is how many bytes of what was printed before belong to a picture that begins.
const lead = 4 << 10

// draw has what a command prints drawn from here on, below the end of what it has printed.
func (w *walk) draw(s *stream) {
	if s.picture != nil {
		return
	}
	s.picture = emulator.New(w.told.columns, w.told.rows)
	from := max(0, s.offset-lead)
	before, err := w.reading(s.attempt)(from)
	if err != nil {
		return // the record says what it was
	}
	before = before[:min(int64(len(before)), s.offset-from)]
	if from > 0 {
		before = before[tail.Line(before):]
	}
	s.picture.Write(before, false)
}

// draws draws a piece of output, and says whether it is not to be read out as well: while the picture is looked at, and
// while it is of the whole screen. What the command asks of its terminal is answered only while keys go to it.
func (w *walk) draws(s *stream, piece []byte) bool {
	if answers := s.picture.Write(piece, w.holding && s.live); len(answers) > 0 {
		w.typeKeys(s.attempt, answers)
	}
	if why := s.picture.Lost(); why != "" {
		w.say("%s; it is shown as lines", why)
		s.picture = nil
		return false
	}
	return w.holding || s.picture.Whole()
}

// typeKeys gives keys to a command. One that has just ended takes none.
func (w *walk) typeKeys(id uint64, keys []byte) {
	if err := w.session.Type(id, keys); err != nil && w.runs(id) {
		w.say("it did not get the keys: %s", err)
	}
}

// readPicture reads out what a picture shows, as lines.
func (w *walk) readPicture(picture *emulator.Terminal) {
	rows := picture.View(false)
	for i, row := range rows {
		rows[i] = strings.TrimRight(safe.Of(row).Plain(), " ")
	}
	text := strings.Trim(strings.Join(rows, "\n"), "\n")
	if text != "" {
		w.output(safe.Of(text + "\n"))
	}
}

// size is that of a terminal, in columns and rows.
type size struct{ columns, rows int }

// sizeFor has a command that starts at a place find its terminal in the size in which it is shown: as large as the
// operator's where it is given that, else as wide as lines are.
func (w *walk) sizeFor(p steps.Place) {
	if b := w.state.Block(p); b != nil && b.Interactive && w.options.Terminal != nil {
		w.tellSize(w.wholeSize())
		return
	}
	w.tellSize(w.lineSize())
}

func (w *walk) lineSize() size { return size{w.width - len(quoted), usualRows} }

// wholeSize is the operator's terminal, less the row that says whose keys they are.
func (w *walk) wholeSize() size {
	columns, rows := w.options.Terminal.Size()
	return size{max(1, columns), max(1, rows-1)}
}

// tellSize tells commands the size of their terminal, if they have another one. A pipe leaves them theirs.
func (w *walk) tellSize(now size) {
	if w.options.Interactive && now != w.told {
		w.session.Resize(now.columns, now.rows)
		w.told = now
	}
}

func (w *walk) runs(id uint64) bool { return slices.Contains(w.state.Running(), id) }
