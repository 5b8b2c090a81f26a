package plain_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/check"
)

// played is what a command of a story does: it prints, it may wait for a line, it ends or nobody sees its end.
type played struct {
	prints string
	waits  bool // until something is typed to it, which it then prints
	hides  bool // its terminal's echo is off while it waits
	code   int
	sets   map[string]string
	lost   bool
}

// world is a session in memory, decided and applied by the core, whose commands are played.
type world struct {
	mutex   sync.Mutex
	plan    *runbook.Plan
	state   steps.State
	events  []steps.Event
	news    chan struct{}
	plays   map[string][]played
	outputs map[uint64]*printed
	typed   []string
	ran     []string // the text of every attempt, in order
	waking  map[string]bool
}

// printed is what an attempt has printed so far.
type printed struct {
	bytes []byte
	more  chan struct{}
	play  played
}

func newWorld(plan *runbook.Plan, plays map[string][]played) *world {
	return &world{plan: plan, state: steps.New(plan), news: make(chan struct{}), plays: plays, outputs: map[uint64]*printed{}, waking: map[string]bool{}}
}

// speaker is the world as one actor speaks to it.
type speaker struct {
	*world
	by steps.Actor
}

func (w *world) as(via steps.Via) speaker { return speaker{w, steps.Actor{Name: "ada", Via: via}} }

// now is the state as it is now.
func (w *world) now() steps.State {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.state
}

var machine = steps.Actor{Name: "ada", Via: steps.Machine}

func (s speaker) Do(in steps.Input, seen uint64) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.decide(s.by, in, seen)
}

// decide is one turn of the session's loop, and the work that follows from it.
func (w *world) decide(by steps.Actor, in steps.Input, seen uint64) error {
	if set, ok := in.(steps.Set); ok && set.Secret {
		set.Commitment, set.Value = "kept", ""
		in = set
	}
	facts, err := steps.Decide(w.state, steps.Message{By: by, At: time.Now(), Seen: seen, Input: in})
	if err != nil || len(facts) == 0 {
		return err
	}
	event := steps.Event{Seq: w.state.Seq() + 1, Epoch: 1, At: time.Now(), By: by, Facts: facts}
	w.state = steps.Apply(w.state, event)
	w.events = append(w.events, event)
	close(w.news)
	w.news = make(chan struct{})
	for _, effect := range steps.Effects(w.state, event) {
		w.work(effect)
	}
	return nil
}

func (w *world) work(effect steps.Effect) {
	switch e := effect.(type) {
	case steps.Launch:
		w.launch(e)
	case steps.Observe:
		w.observe(e)
	case steps.Probe:
		w.must(steps.Probed{Attempt: e.Attempt, Found: steps.OutcomeUnknown, Evidence: "its process is gone and left no result"})
	case steps.Wake:
		w.wake(e)
	case steps.Signal:
		w.end(e.Attempt, played{code: 130})
	}
}

// wake has a poll's next round come in time, once.
func (w *world) wake(e steps.Wake) {
	if w.waking[e.Place.Key()] {
		return
	}
	w.waking[e.Place.Key()] = true
	time.AfterFunc(time.Duration(e.Seconds*float64(time.Second)), func() {
		w.mutex.Lock()
		defer w.mutex.Unlock()
		w.waking[e.Place.Key()] = false
		_ = w.decide(machine, steps.Tick{Place: e.Place}, 0)
	})
}

// must is a report of the machine, which nothing refuses.
func (w *world) must(in steps.Input) {
	if err := w.decide(machine, in, 0); err != nil {
		panic(err)
	}
}

// launch plays the next of what a command does; the last is played again and again.
func (w *world) launch(e steps.Launch) {
	text := e.Started.Text
	w.ran = append(w.ran, text)
	var play played
	if left := w.plays[text]; len(left) > 0 {
		play = left[0]
		if len(left) > 1 {
			w.plays[text] = left[1:]
		}
	}
	w.outputs[e.Attempt] = &printed{more: make(chan struct{}), play: play}
	w.print(e.Attempt, play.prints)
	if !play.waits && !play.lost {
		w.end(e.Attempt, play)
	}
}

func (w *world) print(attempt uint64, text string) {
	p := w.outputs[attempt]
	p.bytes = append(p.bytes, text...)
	close(p.more)
	p.more = make(chan struct{})
}

func (w *world) end(attempt uint64, play played) {
	commands := w.state.Attempt(attempt).Started.Commands
	end := steps.Finished{Attempt: attempt, Code: play.code, Changed: play.sets, Context: fmt.Sprint("context ", attempt), Took: 1.5, Bytes: int64(len(w.outputs[attempt].bytes))}
	for i := range commands {
		exit := steps.CommandExit{Command: i}
		if play.code != 0 {
			exit.Code = play.code
		}
		if end.Exits = append(end.Exits, exit); exit.Code != 0 {
			break
		}
	}
	w.must(steps.Exited{Finished: end})
	w.print(attempt, "")
}

func (w *world) observe(e steps.Observe) {
	end := w.state.Attempt(e.Attempt).End
	output := strings.NewReader(string(w.outputs[e.Attempt].bytes))
	w.must(steps.Observed{Attempt: e.Attempt, Judgment: check.Judge(context.Background(), e.Check, end.Code, output, e.Poll)})
}

func (w *world) Facts(from uint64) ([]steps.Event, <-chan struct{}) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return append([]steps.Event(nil), w.events[from:]...), w.news
}

func (w *world) Output(attempt uint64, offset int64) ([]byte, <-chan struct{}, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	p := w.outputs[attempt]
	if p == nil {
		return nil, nil, fmt.Errorf("attempt %d has no output", attempt)
	}
	piece := int64(7) // small, so that lines and sequences are cut
	if len(p.bytes) > 1<<20 {
		piece = 64 << 10
	}
	start := min(offset, int64(len(p.bytes)))
	return p.bytes[start:min(start+piece, int64(len(p.bytes)))], p.more, nil
}

// Type ends what waits.
func (w *world) Type(attempt uint64, keys []byte) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.typed = append(w.typed, string(keys))
	p := w.outputs[attempt]
	if !p.play.hides {
		w.print(attempt, string(keys))
	}
	w.end(attempt, p.play)
	return nil
}

func (w *world) Echo(attempt uint64) bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	p := w.outputs[attempt]
	return p == nil || !p.play.hides
}

func (w *world) Resize(int, int) {}

// site reads what the commands of a story do:
//
//	$ command
//	| a line it prints
//	exit 3, sets NAME=VALUE, waits, hides, lost
func site(t testing.TB, text string) map[string][]played {
	plays := map[string][]played{}
	command := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if rest, ok := strings.CutPrefix(line, "$ "); ok {
			command = strings.ReplaceAll(rest, `\n`, "\n")
			plays[command] = append(plays[command], played{})
			continue
		}
		if line != "" {
			last := len(plays[command]) - 1
			plays[command][last] = plays[command][last].with(t, line)
		}
	}
	return plays
}

func (p played) with(t testing.TB, line string) played {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "|":
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(rest, `"`, `\"`) + `"`)
		if err != nil {
			t.Fatalf("site: %s: %v", line, err)
		}
		p.prints += text + "\n"
	case "exit":
		p.code, _ = strconv.Atoi(rest)
	case "sets":
		name, value, _ := strings.Cut(rest, "=")
		if p.sets == nil {
			p.sets = map[string]string{}
		}
		p.sets[name] = value
	case "waits":
		p.waits = true
		p.prints = strings.TrimSuffix(p.prints, "\n")
	case "hides":
		p.hides = true
	case "lost":
		p.lost = true
	default:
		t.Fatalf("site: %q is not understood", line)
	}
	return p
}
