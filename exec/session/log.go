package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"gatewalk/exec/journal"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// logger writes attempts in the order they began, each from where it was left.
type logger struct {
	w      io.Writer
	reader *journal.Reader
	step   string
	shown  map[uint64]*shown
}

// shown is how far an attempt's output was written.
type shown struct {
	offset int64
	filter safe.Filter
	ended  bool
}

func (l *logger) show(state steps.State, events []steps.Event) error {
	for _, event := range events {
		for _, fact := range event.Facts {
			if started, ok := fact.(steps.Started); ok && l.wanted(state, started.Place) {
				if err := l.attempt(state, state.Attempt(event.Seq)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// wanted says whether a place belongs to the step asked for, by its line or by the path of a step around it.
func (l *logger) wanted(state steps.State, p steps.Place) bool {
	if l.step == "" {
		return true
	}
	if block := state.Block(p); block != nil && fmt.Sprint(block.Line) == strings.TrimPrefix(l.step, ":") {
		return true
	}
	step := state.Step(p)
	for step != nil && step.Path != l.step && step.Parent >= 0 {
		step = &state.Plan().Steps[step.Parent]
	}
	return step != nil && step.Path == l.step
}

func (l *logger) attempt(state steps.State, a *steps.Attempt) error {
	seen, ok := l.shown[a.ID]
	if !ok {
		seen = &shown{}
		l.shown[a.ID] = seen
		fmt.Fprintf(l.w, "== %d %s on %s, %s\n", a.ID, a.At.UTC().Format(time.RFC3339), safe.Of(a.Started.Host).Plain(), safe.Of(state.Name(a.Started.Place)).Plain())
	}
	if seen.ended {
		return nil
	}
	if err := l.output(a.ID, seen); err != nil {
		return err
	}
	if a.End != nil {
		seen.ended = true
		fmt.Fprintf(l.w, "%s\n== %d ended: exit %d\n", seen.filter.Flush(), a.ID, a.End.Code)
	}
	return nil
}

func (l *logger) output(attempt uint64, seen *shown) error {
	file, err := l.reader.Output(attempt)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	at, ok := file.(io.ReaderAt)
	if !ok {
		return fmt.Errorf("attempt %d: its output cannot be read from the middle", attempt)
	}
	p := make([]byte, piece)
	for {
		n, err := at.ReadAt(p, seen.offset)
		seen.offset += int64(n)
		if _, err := io.WriteString(l.w, seen.filter.Write(p[:n]).String()); err != nil {
			return err
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// missed says that nothing of the step asked for was found.
func (l *logger) missed() error {
	if l.step != "" && len(l.shown) == 0 {
		return fmt.Errorf("%s: no command ran in step %q; give a path or a line as gatewalk export shows them", l.reader.Dir(), l.step)
	}
	return nil
}

// lookEvery is how often a running command's output is looked at: its bytes are not in the journal, so the journal's news do not tell of them.
const lookEvery = 200 * time.Millisecond

// wait answers whether there are news.
func (l *logger) wait(ctx context.Context, news <-chan struct{}, running bool) bool {
	timer := time.NewTimer(lookEvery)
	defer timer.Stop()
	var due <-chan time.Time
	if running {
		due = timer.C
	}
	select {
	case <-news:
		return true
	case <-due:
	case <-ctx.Done():
	}
	return false
}
