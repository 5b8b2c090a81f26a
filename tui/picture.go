package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/charmbracelet/x/ansi"

	"gatewalk/steps/safe"
	"gatewalk/tui/emulator"
	"gatewalk/tui/tail"
	"gatewalk/tui/theme"
)

// picture is what a running command has drawn, in a terminal inside the screen. There is one only for a command that
// draws or is typed to; everything else is lines.
type picture struct {
	attempt  uint64
	terminal *emulator.Terminal // nil without a picture
	offset   int64              // of the output, how far it is drawn
	middle   bool               // it begins in the middle of a line
	begun    bool               // something was printed
	patchy   bool               // something in it was passed over
	behind   bool               // there is more already
	live     bool               // what comes now is printed while this screen looks
	waiting  bool
	calm     bool // not before the next frame: the last piece was full, or empty
	over     bool
	lost     bool // it is lines again
	mute     bool // what is typed is not shown: it asks for a password
}

// drawnMsg says that more of a picture is drawn. The answers are to what the command asked of its terminal.
type drawnMsg struct {
	attempt uint64
	next    int64 // how far it is drawn
	jumped  bool  // something before was passed over
	behind  bool  // there is more already
	live    bool
	calm    bool
	over    bool
	mute    bool
	lost    string // why there is no picture any more
	answers []byte
	err     error
}

// lead is how many bytes before the first sign of drawing belong to the picture.
const lead = 4 << 10

// picturing begins a picture of an attempt at an offset of its output.
func (m Model) picturing(attempt uint64, offset int64) Model {
	if m.picture.attempt == attempt {
		return m
	}
	columns, rows := m.canvas()
	offset = max(0, offset)
	m.picture = picture{attempt: attempt, terminal: emulator.New(columns, rows), offset: offset, middle: offset > 0}
	if opened := m.state.Opened(); opened != nil && opened.Simulated {
		m.picture.terminal.Write([]byte(newline), false)
	}
	return m
}

// newline has a line feed go to the beginning of the next line (ECMA-48 §7.2.9, LNM): a rehearsal has no terminal that
// puts a return before it.
const newline = "\x1b[20h"

// canvas is how large a picture is: everything between the status line and the message, less a heading.
func (m Model) canvas() (columns, rows int) { return m.width, m.height - frame - 1 }

// watchFor begins a picture where a piece of output shows that one is wanted.
func (m Model) watchFor(msg outputMsg) Model {
	if m.ended(msg.attempt) || m.picture.attempt == msg.attempt {
		return m
	}
	if at := emulator.Wanted(msg.bytes); at >= 0 {
		return m.picturing(msg.attempt, msg.offset+int64(at)-lead)
	}
	return m
}

// attend keeps the picture going: it begins one where the text says that a command asks at the terminal, drops that of a
// command that has ended, and tells running commands the size of their terminal.
func (m Model) attend() (Model, tea.Cmd) {
	if m.picture.terminal != nil && m.ended(m.picture.attempt) {
		m.picture = picture{}
	}
	if shown, b := m.shown(), m.block(); b != nil && b.Interactive && !m.ended(shown) {
		m = m.picturing(shown, 0)
	}
	m, told := m.askHidden().tellSize()
	m, drawn := m.drawOn()
	return m, tea.Batch(told, drawn)
}

func (m Model) drawOn() (Model, tea.Cmd) {
	if p := m.picture; p.terminal == nil || p.waiting || p.over {
		return m, nil
	}
	m.picture.waiting = true
	return m, m.link.draw(m.picture)
}

// draw waits for output and draws it.
func (l link) draw(p picture) tea.Cmd {
	return func() tea.Msg {
		if p.calm {
			l.pause()
		}
		msg, piece := l.toDraw(p)
		if p.middle {
			piece = piece[tail.Line(piece[:min(len(piece), lead)]):]
		}
		msg.answers = p.terminal.Write(piece, msg.live)
		msg.lost, msg.mute = p.terminal.Lost(), !l.session.Echo(p.attempt)
		return msg
	}
}

// toDraw is what comes next of an output, waited for where there is nothing yet. Of what it is far behind, it passes over
// all but the end.
func (l link) toDraw(p picture) (drawnMsg, []byte) {
	msg := drawnMsg{attempt: p.attempt, live: p.live}
	piece, more, err := l.gather(p.attempt, p.offset, outputPiece)
	if len(piece) == 0 && err == nil {
		msg.live = true
		if changed := p.mute == l.session.Echo(p.attempt); !changed { // before there was a channel to wait at
			msg.over = !l.wait(more)
		}
		piece, _, err = l.gather(p.attempt, p.offset, outputPiece)
	}
	from := p.offset
	if len(piece) >= outputPiece && err == nil {
		latest := l.latest(outputMsg{attempt: p.attempt, offset: from, bytes: piece})
		msg.jumped, from, piece, err = latest.offset != from, latest.offset, latest.bytes, latest.err
	}
	msg.next, msg.err = from+int64(len(piece)), err
	msg.behind = len(piece) >= outputPiece || msg.jumped
	msg.calm = len(piece) == 0 || msg.behind
	return msg, piece
}

// drawn goes on with the picture. What the command asked of its terminal is answered only while somebody types to it.
func (m Model) drawn(msg drawnMsg) (Model, tea.Cmd) {
	if msg.attempt != m.picture.attempt {
		return m, nil
	}
	before := m.picture
	m.picture = before.after(msg)
	if msg.lost != "" {
		m = m.warn(msg.lost + "; it is shown as lines")
	}
	m = m.tellAnew(!before.begun && m.picture.begun)
	if m.showing == typing && m.keys.attempt == msg.attempt && !m.ended(msg.attempt) {
		return m.pass(msg.attempt, msg.answers)
	}
	return m, nil
}

// after is the picture with what was drawn.
func (p picture) after(msg drawnMsg) picture {
	p.patchy = p.patchy || p.middle || msg.jumped
	p.offset, p.behind, p.live, p.calm, p.mute = msg.next, msg.behind, msg.live, msg.calm, msg.mute
	p.begun, p.lost = p.begun || msg.next > 0, p.lost || msg.lost != ""
	p.waiting, p.middle, p.over = false, false, msg.over || msg.err != nil || p.lost
	return p
}

// tellAnew tells a command its size again when it begins to print, as it may have started with another one meanwhile, and
// has one draw anew that has drawn something which was passed over.
func (m Model) tellAnew(begins bool) Model {
	patched := m.picture.patchy && !m.picture.behind && m.picture.terminal.Whole()
	if begins || patched {
		m.told.columns, m.told.again = 0, patched
		m.picture.patchy = m.picture.patchy && !patched
	}
	return m
}

// pictured says whether the selected place's output is shown as a picture: not while somebody reads further up.
func (m Model) pictured() bool {
	p := m.picture
	if p.terminal == nil || p.attempt != m.shown() || p.lost {
		return false
	}
	return m.showing == typing || m.output.AtEnd() && !m.follow.older
}

// printedRows are the rows of the output: a part of the picture, or lines.
func (m Model) printedRows() []string {
	if !m.pictured() {
		return strings.Split(m.output.View(), "\n")
	}
	width, height := m.output.Size()
	return m.pictureRows(width, height)
}

// pictureRows are the upper part of the picture, or the one with the cursor if there is one.
func (m Model) pictureRows(width, height int) []string {
	rows := m.picture.terminal.View(!m.options.NoColor)
	if _, y, shown := m.picture.terminal.Cursor(); shown {
		rows = rows[max(0, min(y-height+1, len(rows)-height)):]
	}
	for i, row := range rows {
		rows[i] = ansi.Truncate(row, width, "")
	}
	return theme.Frame(rows, width, height)
}

// passing is the whole body of the screen while keys go to a command that is pictured.
func (m Model) passing() []string {
	rows := []string{m.heading(m.width)}
	room := m.height - frame - 1
	if m.keys.asked {
		form := strings.Split(m.keys.form.View(), "\n")
		rows = append(append(rows, form...), m.styles.Quiet.Render(strings.Repeat("─", m.width)))
		room -= len(form) + 1
	}
	return append(rows, m.pictureRows(m.width, room)...)
}

// cursor is where the command's own stands on the screen, nil where none is to be seen.
func (m Model) cursor() *tea.Cursor {
	if m.small() || m.showing != typing || m.keys.asked || !m.pictured() {
		return nil
	}
	x, y, shown := m.picture.terminal.Cursor()
	if !shown {
		return nil
	}
	return tea.NewCursor(x, y+2) // below the status line and the heading
}

// prompt is the line on which the command waits.
func (m Model) prompt() string {
	_, y, _ := m.picture.terminal.Cursor()
	return strings.TrimSpace(safe.Of(m.picture.terminal.View(false)[y]).Plain())
}
