package local

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"gatewalk/exec"
)

// times records when output was printed, in a line for each burst:
//
//	1200 36
//	850000 4
//
// 36 bytes came 1200 microseconds after the start, 4 more 850000 microseconds after those. The bytes are those of the spool file.
type times struct {
	file    io.Writer
	last    time.Duration // that a line has told of
	since   time.Duration // when the first byte came that no line has told of
	waiting int64
	lines   int
	failed  error
}

// burst is what is told of as one. So a flood costs no more than two short lines in that time.
const burst = 10 * time.Millisecond

func openTimes(path string) (*times, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	return &times{file: file}, err
}

// printed takes note of bytes and of the time after the start at which they came.
func (t *times) printed(at time.Duration, bytes int64) {
	switch {
	case bytes == 0:
	case t.lines == 0 || at-t.last >= burst:
		t.rest()
		t.line(at, bytes)
	default:
		if t.waiting == 0 {
			t.since = at
		}
		t.waiting += bytes
	}
}

// rest tells of what came soon after the last line.
func (t *times) rest() {
	if t.waiting > 0 {
		t.line(t.since, t.waiting)
		t.waiting = 0
	}
}

// line stays silent for good once it has failed: after half a line nothing can be trusted.
func (t *times) line(at time.Duration, bytes int64) {
	if t.failed == nil {
		_, t.failed = fmt.Fprintf(t.file, "%d %d\n", at.Microseconds()-t.last.Microseconds(), bytes)
	}
	t.last = at
	t.lines++
}

// Times reads the file that lies beside an attempt's output and says when that was printed. It ends where the file does, or at the
// first line that is not whole; output beyond has come within ten milliseconds of the last line, unless its shim was killed or its
// disk was full.
func Times(file io.Reader) iter.Seq[exec.Printed] {
	return func(yield func(exec.Printed) bool) {
		var so exec.Printed
		for lines := bufio.NewReader(file); ; {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			var after, bytes int64
			if n, _ := fmt.Sscanf(line, "%d %d\n", &after, &bytes); n != 2 || after < 0 || bytes <= 0 {
				return
			}
			so.At += time.Duration(after) * time.Microsecond
			so.Offset += bytes
			if !yield(so) {
				return
			}
		}
	}
}
