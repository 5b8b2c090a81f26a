package plain

import (
	"bytes"
	"context"
	"errors"
	"time"

	"gatewalk/steps/safe"
	"gatewalk/tui/theme"
)

// comesBack is the key that takes the terminal back, ctrl+], as on the screen.
const comesBack = 0x1d

// frame is how long a picture may be behind a command that prints without a pause.
const frame = 40 * time.Millisecond

// visit is a running command that has the whole terminal: keys go to it, and what it prints is drawn.
type visit struct {
	*walk
	*stream
	canvas canvas
	left   bool
	drawn  time.Time
}

// handOver gives the terminal to a command that is read as interactive, once, as it starts.
func (w *walk) handOver() error {
	id := w.foreground()
	if !w.canEnter(id) || !w.asksAtTerminal(id) || w.stream(id).visited {
		return nil
	}
	return w.enter(id)
}

// enterNow gives the terminal to what runs, on the operator's word.
func (w *walk) enterNow() error {
	switch id := w.foreground(); {
	case id == 0:
		w.say("nothing that can be typed to is running")
	case w.options.Terminal == nil:
		w.say("there is no terminal that could be drawn on; type passes lines")
	case w.state.Opened().Simulated:
		w.say("a rehearsed command has no terminal of its own; type passes lines")
	default:
		return w.enter(id)
	}
	return nil
}

// enter gives the terminal to a running command until it has ended or the operator comes back. What was typed before does
// not go to it, and what is typed to it and comes late goes nowhere.
func (w *walk) enter(id uint64) error {
	v := visit{walk: w, stream: w.stream(id)}
	v.visited = true
	dropped, err := w.lines.settle(w.ctx, formStill)
	w.ignored(dropped, "it had the terminal")
	if err != nil || w.lines.held != nil {
		return err
	}
	w.say("the keys go to %s; ctrl+] comes back", v.whose())
	back, err := w.options.Terminal.Keys()
	if err != nil {
		w.say("it cannot be given the terminal: %s; type passes lines", err)
		return nil
	}
	v.open()
	err = v.stay()
	return errors.Join(err, v.comeBack(back))
}

func (v *visit) open() {
	v.typing, v.live = false, false
	v.mute(false)
	v.draw(v.stream)
	v.lines.pressed.Store(true)
	v.raw(openCanvas)
	v.holding = true
	v.measure()
}

// stay draws and passes keys.
func (v *visit) stay() error {
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	for v.goesOn() {
		more, err := v.show()
		if err != nil {
			return err
		}
		waited := false
		select {
		case <-more:
			waited = true
		case <-v.news:
			err = v.catchUp()
		case line := <-v.lines.lines:
			err = v.press(line)
		case <-v.options.Terminal.Resized:
			v.measure()
		case <-ticker.C:
		case <-v.ctx.Done():
			err = context.Cause(v.ctx)
		}
		v.idle = v.idle && waited // else it is worth a look
		if err != nil || v.err != nil {
			return errors.Join(err, v.err)
		}
	}
	return nil
}

func (v *visit) goesOn() bool {
	return !v.left && v.picture != nil && v.drives() && v.runs(v.attempt)
}

// show draws what has come, and answers when to come back.
func (v *visit) show() (<-chan struct{}, error) {
	more, err := v.pump()
	if err != nil || v.picture == nil {
		return more, err
	}
	v.live = v.live || more != ready
	if more != ready || time.Since(v.drawn) > frame {
		v.paint()
	}
	return more, nil
}

// paint makes the terminal show the picture, and below it whose keys they are.
func (v *visit) paint() {
	picture := v.picture
	columns, _ := picture.Size()
	rows := append(picture.View(v.options.Terminal.Colours), theme.Fit(v.footer(), columns))
	v.raw(v.canvas.ask(picture.Wants()) + v.canvas.draw(rows) + v.canvas.cursor(picture.Cursor()))
	v.drawn = time.Now()
}

func (v *visit) whose() string {
	return safe.Line(v.name(v.state.Attempt(v.attempt).Started.Place)).Plain()
}

// footer says where the keys go, and what has been said meanwhile.
func (v *visit) footer() string {
	text := "--- the keys go to " + v.whose() + "; ctrl+] comes back ---"
	if said := bytes.TrimSpace([]byte(v.held.String())); len(said) > 0 {
		text += " " + string(said[bytes.LastIndexByte(said, '\n')+1:])
	}
	return text
}

// press passes keys on, but for the one that comes back and what follows it.
func (v *visit) press(line typed) error {
	if line.last() {
		return line.err
	}
	keys, _, left := bytes.Cut(line.keys, []byte{comesBack})
	v.left = left
	if len(keys) > 0 {
		v.typeKeys(v.attempt, keys)
	}
	return nil
}

// measure takes over the terminal's size, and draws all of it anew.
func (v *visit) measure() {
	v.tellSize(v.wholeSize())
	v.picture.Resize(v.told.columns, v.told.rows)
	v.canvas.rows = nil
}

// comeBack gives the lines back, and reads out what the command shows.
func (v *visit) comeBack(back func() error) error {
	v.raw(leaveCanvas)
	err := back()
	_, _ = v.lines.settle(v.ctx, formStill) // keys that came too late; the walk ends by itself where it must
	v.lines.pressed.Store(false)
	said := v.release()
	if v.picture != nil {
		v.readPicture(v.picture)
	}
	v.endLine()
	v.raw(said)
	v.filter = safe.Filter{}
	if v.runs(v.attempt) {
		v.say("the lines are back and it runs on; enter gives it the terminal again")
	}
	return err
}
