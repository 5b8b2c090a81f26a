package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"gatewalk/steps/safe"
)

const (
	maxWindow  = 64 << 10 // bytes of output that a pattern is matched against at a time
	maxFailure = 4 << 10  // bytes that a match of fail_if may surely span, however large the output is
	maxAll     = 4 << 20  // bytes of output that are read as JSON
)

// reading is what was seen of an output: the last of it, and all of it where that is wanted and not too much.
type reading struct {
	failIf  *regexp.Regexp
	wantAll bool

	window   string // whole lines, as far as there are any
	searched int    // bytes of the window that fail_if was looked for in
	before   int    // lines before the window
	total    int    // bytes, sanitised
	all      strings.Builder
}

// read goes through the whole output. It answers a finding where there is nothing more to be found out.
func (r *reading) read(ctx context.Context, output io.Reader) *finding {
	var filter safe.Filter
	piece := make([]byte, maxWindow)
	for {
		if ctx.Err() != nil {
			return late(ctx)
		}
		n, err := io.ReadFull(output, piece)
		stopped := r.take(ctx, filter.Write(piece[:n]).Plain())
		switch {
		case stopped != nil:
			return stopped
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return r.end(ctx, filter.Flush().Plain())
		case err != nil:
			return &finding{unclear, fmt.Sprintf("the output could not be read: %v", err)}
		}
	}
}

// take adds text to the window, and looks for a failure before anything leaves it.
func (r *reading) take(ctx context.Context, text string) *finding {
	r.total += len(text)
	r.window += text
	if r.wantAll && r.total <= maxAll {
		r.all.WriteString(text)
	}
	if len(r.window) <= 2*maxWindow {
		return nil
	}
	stopped := r.failure(ctx)
	r.trim()
	return stopped
}

func (r *reading) end(ctx context.Context, text string) *finding {
	if stopped := r.take(ctx, text); stopped != nil {
		return stopped
	}
	stopped := r.failure(ctx)
	r.trim()
	return stopped
}

// trim keeps the last of the window, from the beginning of a line if one begins there.
func (r *reading) trim() {
	if len(r.window) <= maxWindow {
		return
	}
	from := len(r.window) - maxWindow
	if newline := strings.IndexByte(r.window[from:], '\n'); newline >= 0 && from+newline+1 < len(r.window) {
		from += newline + 1
	}
	for from < len(r.window) && !utf8.RuneStart(r.window[from]) {
		from++
	}
	r.before += strings.Count(r.window[:from], "\n")
	r.window, r.searched = r.window[from:], r.searched-from
}

// failure says whether the window holds what must not be there. It looks again at the end of what it has seen, where a
// match may have begun.
func (r *reading) failure(ctx context.Context) *finding {
	if r.failIf == nil {
		return nil
	}
	from := strings.LastIndexByte(r.window[:max(0, r.searched-maxFailure)], '\n') + 1
	at, stopped := match(ctx, r.failIf, r.window[from:])
	if stopped != nil || at < 0 {
		r.searched = len(r.window)
		return stopped
	}
	number, line := r.line(from + at)
	return &finding{broken, fmt.Sprintf("line %d matches fail_if %s: %s", number, quote(strings.TrimPrefix(r.failIf.String(), lineByLine)), line)}
}

// line is the line of the window that a byte stands in, and its number in the output, from 1.
func (r *reading) line(at int) (int, string) {
	start := strings.LastIndexByte(r.window[:at], '\n') + 1
	line, _, _ := strings.Cut(r.window[start:], "\n")
	return r.before + strings.Count(r.window[:start], "\n") + 1, line
}

// lastLine says how the output ends.
func (r *reading) lastLine() string {
	text := strings.TrimRight(r.window, "\n\t ")
	if text == "" {
		return "there is no output"
	}
	number, line := r.line(len(text))
	return fmt.Sprintf("the last line, %d, is: %s", number, line)
}

func late(ctx context.Context) *finding {
	return &finding{unclear, fmt.Sprintf("not judged in time: %v", ctx.Err())}
}
