package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"gatewalk/exec"
)

const (
	// pause is how long a follower waits before it looks again at a file whose shim cannot tell it.
	pause = 50 * time.Millisecond
	// portion is how much is handed over at a time, in bytes.
	portion = 64 * 1024
)

// Follow is exec.Runner's.
func (r *Runner) Follow(ctx context.Context, attempt uint64, from int64, sink exec.Sink) error {
	if r.look(attempt).State == exec.Absent {
		return fmt.Errorf("attempt %d was never started: there is no output to follow", attempt)
	}
	file, err := os.Open(r.layout.attempt(attempt).file(outputFile))
	if err != nil {
		return err
	}
	defer file.Close()
	follower := &follower{file: file, offset: from, sink: sink, echo: true, buffer: make([]byte, portion)}
	for {
		// The end is looked for before the output is read: what was printed before the end is then read whole.
		news := r.news(attempt)
		if err := follower.handOver(ctx); err != nil {
			return err
		}
		follower.tellEcho(news.echo || news.ended)
		if news.ended {
			return nil
		}
		if err := news.wait(ctx); err != nil {
			return err
		}
	}
}

type follower struct {
	file   *os.File
	offset int64
	sink   exec.Sink
	echo   bool
	buffer []byte
}

// handOver hands over what is there. Every portion is the receiver's own.
func (f *follower) handOver(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := f.file.ReadAt(f.buffer, f.offset)
		if n > 0 {
			f.sink.Output(f.offset, bytes.Clone(f.buffer[:n]))
			f.offset += int64(n)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (f *follower) tellEcho(on bool) {
	if on != f.echo {
		f.echo = on
		f.sink.Echo(on)
	}
}

// news is what is known of an attempt, and how to learn of more.
type news struct {
	ended   bool
	echo    bool
	changed <-chan struct{} // nil where nobody tells
}

// news comes from the shim if this process has started it, and from the files otherwise.
func (r *Runner) news(attempt uint64) news {
	if l := r.link(attempt); l != nil {
		echo, changed := l.now()
		_, err := os.Stat(r.layout.attempt(attempt).file(endFile))
		return news{ended: err == nil, echo: echo, changed: changed}
	}
	return news{ended: r.look(attempt).State != exec.Running, echo: true}
}

func (n news) wait(ctx context.Context) error {
	var again <-chan time.Time
	if n.changed == nil {
		again = time.After(pause)
	}
	select {
	case <-n.changed:
	case <-again:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
