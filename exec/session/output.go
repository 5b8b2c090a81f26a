package session

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"gatewalk/exec"
)

// output is what is known of an attempt's output while this process follows it. The bytes are in the spool file.
type output struct {
	mu    sync.Mutex
	n     int64
	ended bool
	mute  bool
	news  chan struct{}
}

// output is the record of an attempt, made when it is first asked for.
func (s *Session) output(attempt uint64) *output {
	s.mu.Lock()
	defer s.mu.Unlock()
	out, ok := s.outputs[attempt]
	if !ok {
		out = &output{news: make(chan struct{})}
		if a := s.state.Attempt(attempt); a == nil || a.End != nil || a.Earlier != nil {
			out.ended = true
			close(out.news)
		}
		s.outputs[attempt] = out
	}
	return out
}

// Output says that more of it is in the spool file. It is exec.Sink's.
func (o *output) Output(offset int64, p []byte) {
	o.change(func() { o.n = offset + int64(len(p)) })
}

// Echo says whether the command shows what is typed to it. It is exec.Sink's.
func (o *output) Echo(on bool) {
	o.change(func() { o.mute = !on })
}

func (o *output) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ended {
		o.ended = true
		close(o.news)
	}
}

// change changes it and wakes whoever waits for news.
func (o *output) change(change func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return
	}
	change()
	close(o.news)
	o.news = make(chan struct{})
}

func (o *output) size() int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.n
}

func (o *output) waiting() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.news
}

// piece is the most that Output hands over at once.
const piece = 64 << 10

// Output is a piece of an attempt's output from an offset on, and a channel that is closed when there is more or it has ended.
func (s *Session) Output(attempt uint64, offset int64) ([]byte, <-chan struct{}, error) {
	news := s.output(attempt).waiting()
	file, err := s.journal.Output(attempt)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, news, nil
	}
	if err != nil {
		return nil, news, err
	}
	defer file.Close()
	at, ok := file.(io.ReaderAt)
	if !ok {
		return nil, news, fmt.Errorf("attempt %d: its output cannot be read from the middle", attempt)
	}
	p := make([]byte, piece)
	n, err := at.ReadAt(p, offset)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return p[:n], news, err
}

// Type passes keys through to a running attempt. They are recorded nowhere.
func (s *Session) Type(attempt uint64, keys []byte) error {
	return s.runner.Control(attempt, exec.Stdin{Bytes: keys})
}

// Echo says whether a running attempt shows what is typed to it.
func (s *Session) Echo(attempt uint64) bool {
	out := s.output(attempt)
	out.mu.Lock()
	defer out.mu.Unlock()
	return !out.mute
}

// Resize tells running attempts the size of their terminal, and later ones theirs.
func (s *Session) Resize(columns, rows int) {
	s.mu.Lock()
	s.size = exec.Size{Columns: columns, Rows: rows}
	running := s.state.Running()
	s.mu.Unlock()
	for _, attempt := range running {
		// A terminal that cannot be resized any more belongs to a command that has just ended.
		_ = s.runner.Control(attempt, exec.Resize{Size: exec.Size{Columns: columns, Rows: rows}})
	}
}

func (s *Session) terminal() exec.Size {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.size
}
