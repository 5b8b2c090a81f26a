package journal

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"gatewalk/steps"
)

// head is where a journal ends: what the next line must follow.
type head struct {
	session string
	seq     uint64
	epoch   uint64
	prev    string // sha256 of the last line; "" before the first
	start   int64  // where the last line begins
	end     int64  // where the next line begins
}

// after is the head once a line stands on disk.
func (h head) after(raw []byte, event steps.Event) head {
	return head{h.session, event.Seq, event.Epoch, digest(raw), h.end, h.end + int64(len(raw)) + 1}
}

// ending is how a journal ends that nobody closed.
type ending struct {
	open    bool  // the last line holds and lacks its newline only
	dropped int64 // bytes of a last line that was never acknowledged
}

// follow reads what stands after h, hands on every event in order, and says where and how it ends. What is wrong with a
// whole line is returned as it is: the caller knows the file's name. A newline is written with its line, so a last line
// that has one and does not hold was not cut off but changed; unless it has holes.
func (h head) follow(ctx context.Context, r io.Reader, each func(steps.Event)) (head, ending, error) {
	lines := bufio.NewReaderSize(r, 1<<16)
	for {
		if err := ctx.Err(); err != nil {
			return h, ending{}, err
		}
		raw, size, whole, err := readLine(lines)
		if err != nil || size == 0 {
			return h, ending{}, err
		}
		event, err := h.decode(raw)
		switch {
		case err == nil:
		case whole && !holes(raw, lines), sumHolds(raw), errors.Is(err, ErrVersion):
			return h, ending{}, &badLine{err}
		default:
			return h, ending{dropped: size}, nil
		}
		h = h.after(raw, event)
		each(event)
		if !whole {
			return h, ending{open: true}, nil
		}
	}
}

// holes says whether a line is the last one and has parts that a power cut kept from the disk: those read as zeros, which
// no line has. File systems that do not order their writes leave the like.
func holes(raw []byte, rest *bufio.Reader) bool {
	_, err := rest.Peek(1)
	return errors.Is(err, io.EOF) && bytes.IndexByte(raw, 0) >= 0
}

func sumHolds(raw []byte) bool {
	_, err := summed(raw)
	return err == nil
}

// badLine is what is wrong with a whole line, as against what goes wrong in reading it.
type badLine struct{ error }

func (b *badLine) Unwrap() error { return b.error }

// readLine reads up to a newline, which it leaves out, and says how many bytes it took and whether there was a newline.
// Of a line that is longer than any that is written it keeps the beginning only, which then has no sum that holds.
func readLine(r *bufio.Reader) (raw []byte, size int64, whole bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		size += int64(len(part))
		if len(raw) <= maxLine {
			raw = append(raw, part...)
		}
		switch {
		case err == nil:
			return bytes.TrimSuffix(raw, []byte("\n")), size, true, nil
		case errors.Is(err, io.EOF):
			return raw, size, false, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, size, false, err
		}
	}
}

// explain turns what is wrong with the line after h into what the operator is told.
func (h head) explain(path string, err error) error {
	var bad *badLine
	if !errors.As(err, &bad) {
		return fmt.Errorf("%s: cannot be read: %w", path, err)
	}
	place := fmt.Sprintf("%s:%d", path, h.seq+1)
	switch {
	case errors.Is(err, ErrVersion):
		return &Problem{place, err.Error(), "open it with the gatewalk that wrote it", ErrVersion}
	case errors.Is(err, ErrOtherSession):
		return &Problem{place, err.Error(), "give the directory the name of its session again", ErrOtherSession}
	default:
		return &Damage{File: path, Line: int(h.seq) + 1, Seq: h.seq + 1, Reason: err.Error(), LastGood: h.seq}
	}
}
