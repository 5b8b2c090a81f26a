package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"gatewalk/tui/output"
	"gatewalk/tui/tail"
)

// wanted is the next piece of output that the screen wants.
type wanted struct {
	attempt uint64
	offset  int64
	ended   bool // what is there is all
	all     bool // nothing may be passed over: somebody is reading further up
	calm    bool // not before the next frame: the last piece was full, or empty
	mute    bool // what is typed was not shown when it was last looked at
}

// outputPiece is how many bytes of output come in one message at most.
const outputPiece = 512 << 10

// output waits for output from an offset on. Of what it is far behind, it passes over all but the end: the record has it.
func (l link) output(w wanted) tea.Cmd {
	return func() tea.Msg {
		if w.calm {
			l.pause()
		}
		msg := outputMsg{attempt: w.attempt, asked: w.offset, offset: w.offset, last: w.ended}
		var more <-chan struct{}
		msg.bytes, more, msg.err = l.gather(w.attempt, w.offset, outputPiece)
		if len(msg.bytes) == 0 && msg.err == nil && !w.ended {
			if changed := w.mute == l.session.Echo(w.attempt); !changed { // before there was a channel to wait at
				msg.last = !l.wait(more)
			}
			msg.bytes, _, msg.err = l.gather(w.attempt, w.offset, outputPiece)
		}
		if len(msg.bytes) >= outputPiece && !w.all && msg.err == nil {
			msg = l.latest(msg)
		}
		msg.mute = !w.ended && !l.session.Echo(w.attempt)
		return msg
	}
}

// pause waits for the next frame.
func (l link) pause() {
	if l.frame == 0 {
		return
	}
	select {
	case <-time.After(l.frame):
	case <-l.done:
	}
}

// gather is what there is from an offset on, in one piece, and a channel that is closed when there is more.
func (l link) gather(attempt uint64, offset int64, most int) (all []byte, more <-chan struct{}, err error) {
	for len(all) < most {
		var piece []byte
		piece, more, err = l.session.Output(attempt, offset+int64(len(all)))
		if err != nil || len(piece) == 0 {
			break
		}
		all = append(all, piece...)
	}
	return all, more, err
}

// latest is the last part of an output in the place of a piece far before it.
func (l link) latest(msg outputMsg) outputMsg {
	read := func(offset int64) ([]byte, error) {
		piece, _, err := l.session.Output(msg.attempt, offset)
		return piece, err
	}
	start, err := tail.Start(read, msg.offset+int64(len(msg.bytes)))
	if err != nil || start == msg.offset+int64(len(msg.bytes)) {
		msg.err = err
		return msg
	}
	msg.offset = start
	if msg.bytes, _, msg.err = l.gather(msg.attempt, start, outputPiece); msg.err != nil {
		return msg
	}
	begins := tail.Line(msg.bytes)
	msg.offset, msg.bytes = msg.offset+int64(begins), msg.bytes[begins:]
	return msg
}

// part reads a part of an output around a place where a line begins.
func (l link) part(attempt uint64, mark int64, by int) tea.Cmd {
	return func() tea.Msg {
		msg := partMsg{attempt: attempt, by: by, part: output.Part{Mark: mark}}
		from := max(0, mark-tail.Bytes)
		var before []byte
		if before, _, msg.err = l.gather(attempt, from, int(mark-from)); msg.err != nil {
			return msg
		}
		before = before[:min(len(before), int(mark-from))]
		if from > 0 {
			before = before[tail.Line(before):]
		}
		msg.part.Before = before
		msg.part.After, _, msg.err = l.gather(attempt, mark, tail.Bytes)
		msg.last = len(msg.part.After) < tail.Bytes
		return msg
	}
}
