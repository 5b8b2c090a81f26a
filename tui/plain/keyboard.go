package plain

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

// How long a terminal must have been silent before a question listens. There is no upper bound: where lines never cease,
// a gate never listens.
const (
	gateStill = 425 * time.Millisecond
	formStill = 50 * time.Millisecond
)

// maxLine is how long one line may be, in bytes.
const maxLine = 64 << 10

var errLongLine = errors.New("a line longer than 64 KiB was ignored")

// typed is one line, without its end. Age is the keyboard's age when its first byte arrived.
type typed struct {
	text string
	keys []byte // in place of a line: as they were pressed, while a command has the terminal
	age  uint64
	err  error // io.EOF and the like; there is no more line after it, except after errLongLine
}

// last says that no line comes after this.
func (l typed) last() bool { return l.err != nil && !errors.Is(l.err, errLongLine) }

// keyboard hands over lines one by one, so that the walk can wait for a line, for news and for output at once. It reads
// no further than the next line that nobody has taken, and what its buffer holds behind that.
type keyboard struct {
	lines   chan typed
	done    chan struct{}
	arrived atomic.Uint64 // bytes so far
	age     atomic.Uint64 // how many gates have been read out
	pressed atomic.Bool   // what arrives is keys and no lines
	held    *typed        // handed back: the next line
}

func listen(in io.Reader) *keyboard {
	k := &keyboard{lines: make(chan typed), done: make(chan struct{})}
	go k.read(in)
	return k
}

func (k *keyboard) close() { close(k.done) }

// read cuts what arrives into lines, or hands over keys as they come, until the reader ends. A terminal that changes from
// the one to the other meanwhile answers the read that waits on it.
func (k *keyboard) read(in io.Reader) {
	buffer := make([]byte, 4096)
	var line lineSoFar
	for {
		n, err := in.Read(buffer)
		age := k.age.Load()
		k.arrived.Add(uint64(n))
		if n > 0 && k.pressed.Load() {
			line = lineSoFar{}
			if !k.deliver(typed{keys: bytes.Clone(buffer[:n]), age: age}) {
				return
			}
			n = 0
		}
		for piece := range bytes.Lines(buffer[:n]) {
			if whole, ok := line.add(piece, age); ok && !k.deliver(whole) {
				return
			}
		}
		if err != nil {
			k.last(line, err)
			return
		}
	}
}

// last hands over a line without an end, and then the end of the reader, again and again.
func (k *keyboard) last(line lineSoFar, err error) {
	if len(line.bytes) > 0 && !k.deliver(line.typed()) {
		return
	}
	for k.deliver(typed{err: err, age: k.age.Load()}) {
	}
}

func (k *keyboard) deliver(line typed) bool {
	select {
	case k.lines <- line:
		return true
	case <-k.done:
		return false
	}
}

// lineSoFar is the line being read.
type lineSoFar struct {
	bytes []byte
	age   uint64
	long  bool
}

// add takes a piece that ends where a line ends, or earlier, and answers the line if it is whole.
func (l *lineSoFar) add(piece []byte, age uint64) (typed, bool) {
	if len(l.bytes) == 0 && !l.long {
		l.age = age
	}
	if len(l.bytes)+len(piece) > maxLine {
		l.bytes, l.long = nil, true
	} else {
		l.bytes = append(l.bytes, piece...)
	}
	if !bytes.HasSuffix(piece, []byte("\n")) {
		return typed{}, false
	}
	whole := l.typed()
	*l = lineSoFar{}
	return whole, true
}

func (l *lineSoFar) typed() typed {
	if l.long {
		return typed{err: errLongLine, age: l.age}
	}
	return typed{text: string(bytes.TrimRight(l.bytes, "\r\n")), age: l.age}
}

// take is the line that was handed back.
func (k *keyboard) take() typed {
	line := *k.held
	k.held = nil
	return line
}

// hold hands a line back: it is the next one.
func (k *keyboard) hold(line typed) { k.held = &line }

// settle drops all that arrives until the keyboard has been still for so long, and counts the lines. What begins to
// arrive after it is of a new age. The end of the reader is not dropped.
func (k *keyboard) settle(ctx context.Context, still time.Duration) (dropped int, err error) {
	if k.held != nil && !k.held.last() {
		k.held, dropped = nil, 1
	}
	for k.held == nil {
		arrived := k.arrived.Load()
		select {
		case line := <-k.lines:
			switch {
			case line.last():
				k.hold(line)
			case line.keys == nil:
				dropped++
			}
		case <-ctx.Done():
			return dropped, context.Cause(ctx)
		case <-time.After(still):
			if k.arrived.Load() == arrived {
				k.age.Add(1)
				return dropped, nil
			}
		}
	}
	return dropped, nil
}

// young says whether a line began to arrive after the last gate had been read out.
func (k *keyboard) young(line typed) bool { return line.age == k.age.Load() }
