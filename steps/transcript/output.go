package transcript

import (
	"errors"
	"io"
	"strings"

	"gatewalk/steps/safe"
)

// Outputs hands over what an attempt printed, raw. A reader that can be closed is closed when it was read.
type Outputs func(attempt uint64) (io.Reader, error)

// How much of an output stands in a record: lines at either end, and bytes of each.
const (
	maxLines = 100
	maxLine  = 1000
)

// read adds the readable part of an attempt's output. What cannot be read is said, not left out.
func (outputs Outputs) read(a *Attempt) Output {
	out := a.Output
	if a.brief {
		out.Missing = say("left out: other rounds follow")
		return out
	}
	if err := outputs.excerpt(a.id, &out); err != nil {
		out.Missing = say("could not be read: %v", err)
	}
	return out
}

func (outputs Outputs) excerpt(attempt uint64, out *Output) error {
	reader, err := outputs(attempt)
	if err != nil {
		return err
	}
	e := excerpt{out: out}
	_, err = io.Copy(&e, reader)
	e.end()
	if closer, ok := reader.(io.Closer); ok {
		err = errors.Join(err, closer.Close())
	}
	return err
}

// excerpt keeps the first and the last lines of what is written to it.
type excerpt struct {
	out    *Output
	filter safe.Filter
	line   strings.Builder
	begun  bool
	cut    int // bytes of the line that were left out
	tail   []safe.Text
	first  int // the oldest of the tail, once it is full
}

// Write takes a piece of raw output.
func (e *excerpt) Write(p []byte) (int, error) {
	e.take(e.filter.Write(p).Plain())
	return len(p), nil
}

func (e *excerpt) take(text string) {
	for text != "" {
		part, rest, ended := strings.Cut(text, "\n")
		e.begun = true
		room := max(0, min(len(part), maxLine-e.line.Len()))
		e.line.WriteString(part[:room])
		e.cut += len(part) - room
		if ended {
			e.newline()
		}
		text = rest
	}
}

func (e *excerpt) newline() {
	line := e.line.String()
	if e.cut > 0 {
		line = strings.ToValidUTF8(line, "") + say(" … and %d bytes more", e.cut).Plain()
	}
	e.line.Reset()
	e.begun, e.cut = false, 0
	e.keep(safe.Of(line))
}

func (e *excerpt) keep(line safe.Text) {
	switch {
	case len(e.out.Head) < maxLines:
		e.out.Head = append(e.out.Head, line)
	case len(e.tail) < maxLines:
		e.tail = append(e.tail, line)
	default:
		e.tail[e.first] = line
		e.first = (e.first + 1) % maxLines
		e.out.Omitted++
	}
}

// end puts the tail in order; where nothing lies between, it is one piece with the head.
func (e *excerpt) end() {
	e.take(e.filter.Flush().Plain())
	if e.begun {
		e.newline()
	}
	tail := append(e.tail[e.first:len(e.tail):len(e.tail)], e.tail[:e.first]...)
	if e.out.Omitted == 0 {
		e.out.Head = append(e.out.Head, tail...)
		return
	}
	e.out.Tail = tail
}
