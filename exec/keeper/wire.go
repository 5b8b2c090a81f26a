package keeper

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// version is that of what goes over the socket: the frames below, and the inputs and facts in them.
// It changes with any of them, so that a screen and a keeper of two builds either understand each other or say that they do not.
const version = 1

// kind says what a frame is.
type kind string

// What a screen says.
const (
	helloFrame  kind = "hello"  // who is there; always first
	orderFrame  kind = "order"  // attach, with what is to be done where no session is held yet
	doFrame     kind = "do"     // an input
	outputFrame kind = "output" // a piece of an attempt's output is wanted
	typeFrame   kind = "type"   // keys for a running attempt
	echoFrame   kind = "echo"   // does a running attempt show what is typed?
	resizeFrame kind = "resize" // the screen's size
	leaveFrame  kind = "leave"  // the screen goes away on purpose
	endFrame    kind = "end"    // the keeper is to let go of the session
)

// What a keeper says.
const (
	welcomeFrame kind = "welcome" // who keeps what
	boardFrame   kind = "board"   // the screen is attached: its name, and the plan
	factsFrame   kind = "facts"   // events, in order
	answerFrame  kind = "answer"  // to the request of the same ID
	moreFrame    kind = "more"    // there is more than was answered to the request of the same ID
)

// frame is a message: one line of JSON, then as many raw bytes as it says.
type frame struct {
	Kind    kind              `json:"kind"`
	ID      uint64            `json:"id,omitempty"`
	Hello   *Hello            `json:"hello,omitempty"`
	Welcome *Status           `json:"welcome,omitempty"`
	Screen  string            `json:"screen,omitempty"`
	Input   json.RawMessage   `json:"input,omitempty"`
	Seen    uint64            `json:"seen,omitempty"`
	File    string            `json:"file,omitempty"` // that speaks, not the person
	Events  []json.RawMessage `json:"events,omitempty"`
	Head    uint64            `json:"head,omitempty"` // number of the last event there is
	Attempt uint64            `json:"attempt,omitempty"`
	Offset  int64             `json:"offset,omitempty"`
	Columns int               `json:"columns,omitempty"`
	Rows    int               `json:"rows,omitempty"`
	On      bool              `json:"on,omitempty"`
	Failure *failure          `json:"failure,omitempty"`
	Bytes   int               `json:"bytes,omitempty"` // that follow the line

	body []byte
}

// The longest line and body that are read: more than any event, plan or order has.
const (
	maxLine = 64 << 20
	maxBody = 512 << 20
)

// wire sends and receives frames. Any number may send; one receives.
type wire struct {
	in *bufio.Reader

	mu  sync.Mutex
	out *bufio.Writer
}

func newWire(conn io.ReadWriter) *wire {
	return &wire{in: bufio.NewReaderSize(conn, 64<<10), out: bufio.NewWriterSize(conn, 64<<10)}
}

// send writes one frame. It may wait for a peer that does not read, so nothing is to be held meanwhile.
func (w *wire) send(f frame) error {
	f.Bytes = len(f.body)
	line, err := json.Marshal(f)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = w.out.Write(append(line, '\n'))
	_, _ = w.out.Write(f.body)
	return w.out.Flush() // answers the first error of the three
}

// receive reads one frame.
func (w *wire) receive() (frame, error) {
	line, err := w.line()
	if err != nil {
		return frame{}, err
	}
	var f frame
	if err := json.Unmarshal(line, &f); err != nil {
		return frame{}, fmt.Errorf("what came is no message: %w", err)
	}
	if f.Bytes < 0 || f.Bytes > maxBody {
		return frame{}, fmt.Errorf("a message of %d bytes was announced, %d are taken", f.Bytes, maxBody)
	}
	if f.Bytes > 0 {
		f.body = make([]byte, f.Bytes)
		_, err = io.ReadFull(w.in, f.body)
	}
	return f, err
}

// line reads to the next newline, and no further than a line may be long.
func (w *wire) line() ([]byte, error) {
	var line []byte
	for {
		piece, err := w.in.ReadSlice('\n')
		line = append(line, piece...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
		if len(line) > maxLine {
			return nil, fmt.Errorf("a line of more than %d bytes came", maxLine)
		}
	}
}
