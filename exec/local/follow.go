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
	// pause is how long a follower waits before it looks again at an attempt whose shim does not answer: it ends, or has just begun.
	pause = 50 * time.Millisecond
	// portion is how much is handed over at a time, in bytes.
	portion = 64 * 1024
)

// Follow is exec.Runner's.
func (r *Runner) Follow(ctx context.Context, attempt uint64, from int64, sink exec.Sink) error {
	if r.look(attempt).State == exec.Absent {
		return fmt.Errorf("attempt %d was never started: there is no output to follow", attempt)
	}
	file, err := openRegular(r.layout.attempt(attempt).file(outputFile))
	if err != nil {
		return err
	}
	defer file.Close()
	follower := &follower{file: file, offset: from, sink: sink, echo: true, buffer: make([]byte, portion)}
	for {
		// The end is looked for before the output is read: what was printed before the end is then read whole.
		standing := r.stand(attempt)
		if err := follower.handOver(ctx); err != nil {
			return err
		}
		follower.tellEcho(standing.echo || standing.ended)
		if standing.ended {
			return nil
		}
		if err := standing.wait(ctx); err != nil {
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

// standing is how it stands with an attempt, and how to learn of more.
type standing struct {
	ended   bool
	echo    bool
	changed <-chan struct{} // nil where nobody tells
}

// stand asks the shim, and the files where it does not answer.
func (r *Runner) stand(attempt uint64) standing {
	l, err := r.reach(attempt)
	if err != nil {
		return standing{ended: r.look(attempt).State != exec.Running, echo: true}
	}
	news, changed := l.now()
	return standing{echo: news.Echo, changed: changed}
}

func (s standing) wait(ctx context.Context) error {
	var again <-chan time.Time
	if s.changed == nil {
		again = time.After(pause)
	}
	select {
	case <-s.changed:
	case <-again:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
