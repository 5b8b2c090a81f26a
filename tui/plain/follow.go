package plain

import (
	"context"
	"errors"
	"strings"
	"time"

	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/emulator"
	"gatewalk/tui/tail"
)

// stream is how far the output of an attempt has been read out.
type stream struct {
	attempt uint64
	offset  int64
	glanced int64 // where the reading was when its end was last looked for
	filter  safe.Filter
	idle    bool               // the last read found nothing
	picture *emulator.Terminal // of a command that draws; nil for one that prints lines
	live    bool               // what comes now is printed while its picture is looked at
	visited bool               // the operator has had its terminal, or has been told how to
}

// glance is how often a running command is looked at when nothing is heard of it: whether it has turned its echo off.
const glance = 200 * time.Millisecond

// underWay says that something runs, is polled or is about to be judged where the operator looks.
func (w *walk) underWay() bool {
	if len(w.state.Running()) > 0 {
		return true
	}
	place, open := w.place()
	if !open {
		return false
	}
	switch w.state.Spot(place).Status {
	case steps.StatusRunning, steps.StatusPolling, steps.StatusJudging:
		return true
	}
	return false
}

// follow reads out what runs until it has ended, while lines may be typed to it or about it.
func (w *walk) follow() error {
	defer w.listenAgain()
	if !w.drives() {
		w.say("%s; what it prints is read out here as well", w.watching())
	}
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	deaf := w.lines.held != nil
	for w.underWay() {
		if err := w.handOver(); err != nil {
			return err
		}
		more, err := w.pump()
		if err != nil {
			return err
		}
		w.mute(w.typing && !w.session.Echo(w.foreground()))
		lines := w.lines.lines
		if deaf {
			lines = nil
		}
		select {
		case <-more:
		case <-w.news:
			err = w.catchUp()
		case line := <-lines:
			deaf, err = w.during(line)
		case <-w.options.Interrupts:
			err = w.interrupt()
		case <-ticker.C:
		case <-w.ctx.Done():
			err = context.Cause(w.ctx)
		}
		if err != nil || w.err != nil {
			return errors.Join(err, w.err)
		}
	}
	return nil
}

// listenAgain gives the terminal back to the walk.
func (w *walk) listenAgain() {
	w.typing = false
	w.mute(false)
}

// foreground is the running attempt whose output is read out as it comes: the newest that is no round of a poll; 0 if none.
func (w *walk) foreground() uint64 {
	id := uint64(0)
	for _, running := range w.state.Running() {
		if roundOf(w.state.Attempt(running).Started.Place) == "" {
			id = running
		}
	}
	return id
}

// ready is a channel that never waits.
var ready = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// patience is how far the reading may fall behind what a command prints before it goes on at the end, in bytes.
const patience = 4 * tail.Bytes

// pump reads out the next piece of what runs in the foreground, and answers when to come back.
func (w *walk) pump() (<-chan struct{}, error) {
	id := w.foreground()
	if id == 0 {
		return nil, nil
	}
	s := w.stream(id)
	piece, more, err := w.session.Output(id, s.offset)
	if err != nil {
		return nil, err
	}
	if len(piece) > 0 {
		w.readOut(s, piece)
		s.idle = false
		return ready, w.hurry(id, s)
	}
	if s.idle {
		return nil, nil // it said that there is more and there is none yet: the next news or glance will do
	}
	s.idle = true
	return more, nil
}

// hurry passes over what a person at a terminal could not read any more, and says how much that was. A pipe gets all.
func (w *walk) hurry(id uint64, s *stream) error {
	if !w.options.Interactive || s.offset-s.glanced < tail.Bytes {
		return nil
	}
	s.glanced = s.offset
	start, err := tail.Start(w.reading(id), s.offset)
	if err != nil || start-s.offset < patience {
		return err
	}
	if s.picture == nil {
		w.output(s.filter.Flush())
		w.say("%d bytes are passed over here, the record has them; what comes now:", start-s.offset)
	}
	s.offset, s.glanced, s.filter = start, start, safe.Filter{}
	return nil
}

// reading reads what an attempt printed.
func (w *walk) reading(id uint64) tail.Read {
	return func(offset int64) ([]byte, error) {
		piece, _, err := w.session.Output(id, offset)
		return piece, err
	}
}

func (w *walk) stream(id uint64) *stream {
	if w.streams[id] == nil {
		w.streams[id] = &stream{attempt: id}
	}
	return w.streams[id]
}

// readOut reads a piece out, or draws it where the command draws.
func (w *walk) readOut(s *stream, piece []byte) {
	w.watchFor(s, piece)
	s.offset += int64(len(piece))
	if s.picture == nil || !w.draws(s, piece) {
		w.output(s.filter.Write(piece))
	}
}

// drain reads out the rest of an attempt that has ended. The rounds of a poll are summed up instead.
func (w *walk) drain(id uint64) error {
	if a := w.state.Attempt(id); a == nil || roundOf(a.Started.Place) != "" {
		return nil
	}
	s := w.stream(id)
	for {
		piece, _, err := w.session.Output(id, s.offset)
		if err != nil {
			return err
		}
		if len(piece) == 0 {
			break
		}
		w.readOut(s, piece)
		if err := w.hurry(id, s); err != nil {
			return err
		}
	}
	w.output(s.filter.Flush())
	delete(w.streams, id)
	return nil
}

// during does what a line says while something runs. What a pipe says about later is kept for later: then it is deaf.
func (w *walk) during(line typed) (deaf bool, err error) {
	if line.last() && !w.options.Interactive {
		w.lines.hold(line)
		return true, nil
	}
	if line.err != nil || line.keys != nil {
		return false, line.err
	}
	w.midline = w.midline && (!w.options.Interactive || w.muted) // the terminal showed the end of what was typed
	if w.typing {
		return false, w.typeLine(line.text)
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(line.text), " ")
	switch {
	case (word == "type" || word == "t" || word == "enter" || word == "abort" || word == "stop") && !w.drives():
		w.say("%s", w.watching())
		return false, nil
	case word == "type", word == "t":
		return false, w.typeTo(rest)
	case word == "enter":
		return false, w.enterNow()
	case word == "abort":
		return false, w.abort(rest)
	}
	if !w.options.Interactive {
		w.lines.hold(line)
		return true, nil
	}
	return false, w.aside(word, rest)
}

// aside is what an operator can do beside a running command.
func (w *walk) aside(word, rest string) error {
	switch word {
	case "stop":
		return w.stopPoll()
	case "note", "n":
		return w.plainly(steps.Note{Text: rest, Place: w.underWayAt()})
	case "drive", "give", "keep", "hold", "lift":
		c, rest, _ := w.command(word + " " + rest)
		return c.do(w, steps.Place{}, rest)
	case "quit", "q", "detach":
		return errQuit
	}
	if !w.drives() {
		w.say("%s; other words: note TEXT, hold REASON, lift, detach", w.watching())
		return nil
	}
	enter := ""
	if w.canEnter(w.foreground()) {
		enter = "enter (with this terminal), "
	}
	w.say("something is running; words: type [LINE], %sabort [INT|TERM|KILL], stop (a poll), note TEXT, hold REASON, drive, give, keep, quit (it goes on running)", enter)
	return nil
}

func (w *walk) underWayAt() *steps.Place {
	if place, ok := w.place(); ok {
		return &place
	}
	return nil
}

// typeTo passes one line to the running command, or every line until a full stop.
func (w *walk) typeTo(text string) error {
	id := w.foreground()
	if id == 0 {
		w.say("nothing that can be typed to is running")
		return nil
	}
	if text != "" {
		return w.session.Type(id, []byte(text+"\n"))
	}
	w.typing = true
	w.mute(!w.session.Echo(id)) // before anybody reads that they may type a password
	w.say("lines go to the command now; . alone returns")
	return nil
}

func (w *walk) typeLine(text string) error {
	id := w.foreground()
	if text == "." || id == 0 {
		w.typing = false
		w.say("lines go to the walk again")
		return nil
	}
	return w.session.Type(id, []byte(text+"\n"))
}

// interrupt passes ctrl-c on. The terminal has shown it in the open line.
func (w *walk) interrupt() error {
	w.midline = true
	if !w.drives() {
		w.say("%s", w.watching())
		return nil
	}
	return w.abort("INT")
}

func (w *walk) abort(signal string) error {
	if signal == "" {
		signal = "INT"
	}
	running := w.state.Running()
	if len(running) == 0 {
		w.say("nothing is running")
		return nil
	}
	return w.plainly(steps.Abort{Attempt: running[len(running)-1], Signal: strings.ToUpper(strings.TrimSpace(signal))})
}

func (w *walk) stopPoll() error {
	place, ok := w.place()
	if !ok || w.state.Spot(place).Status != steps.StatusPolling {
		w.say("no poll is running here; abort ends a command")
		return nil
	}
	return w.plainly(steps.Poll{Place: place, Stop: true})
}

// mute turns the terminal's echo off, or on again.
func (w *walk) mute(off bool) {
	if off == w.muted || w.options.Echo == nil {
		return
	}
	if err := w.options.Echo(!off); err != nil {
		w.say("the terminal's echo could not be changed: %s", err)
	}
	w.muted = off
}

// skipOldOutput passes over what a running attempt printed before this walk began, but for its last lines.
func (w *walk) skipOldOutput() error {
	id := w.foreground()
	if id == 0 {
		return nil
	}
	w.say("attempt %d is running; the last of what it printed:", id)
	end, err := w.tail(id, lookLines)
	s := w.stream(id)
	s.offset, s.visited = end, true // who comes back goes in on their own word
	if w.canEnter(id) && w.asksAtTerminal(id) {
		w.say("it asks questions: enter gives it this terminal, ctrl+] comes back")
	}
	return err
}
