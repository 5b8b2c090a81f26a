package plain_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/plain"
)

// gated has a light gate and a typed one, and nothing that runs without.
const gated = "# Two gates\n\n" +
	"1. (`m1#`) Restart.\n\n   <!-- gatewalk gate=disruptive weight=key sentence=\"It is gone for a minute.\" -->\n   ```bash\n   restart\n   ```\n\n" +
	"2. (`m1#`) Restart the others.\n\n   <!-- gatewalk gate=stop weight=typed phrase=\"all of them\" sentence=\"Stop and think.\" -->\n   ```bash\n   restart others\n   ```\n"

func gatedWorld(t testing.TB, simulated bool) *world {
	plan, err := runbook.Read("gated.md", []byte(gated))
	require.NoError(t, err)
	w := newWorld(plan, nil)
	opened := steps.Opened{Session: "s1", Machine: "m1", User: "ada", Simulated: simulated}
	require.NoError(t, w.as(steps.Terminal).Do(steps.Begin{Opened: opened}, 0))
	return w
}

// passed counts the gates that were passed.
func (w *world) passed() (n int) {
	for _, e := range w.events {
		for _, f := range e.Facts {
			if _, ok := f.(steps.GatePassed); ok {
				n++
			}
		}
	}
	return n
}

// chunk is a piece of what a hasty operator types, and how long after the one before.
type chunk struct {
	text  string
	after time.Duration
}

// hasty types its chunks without looking, and looks only then: at the gate's prompt it ends the line it has begun.
type hasty struct {
	code   func() string // of plain.Options
	chunks []chunk
	out    bytes.Buffer
	wrote  chan struct{}
	last   string // typed at the prompt
	leave  bool
}

func (h *hasty) Write(p []byte) (int, error) {
	h.out.Write(p)
	if strings.HasPrefix(string(p), "gate ") && strings.HasSuffix(string(p), "> ") {
		select {
		case h.wrote <- struct{}{}:
		default:
		}
	}
	return len(p), nil
}

func (h *hasty) Read(p []byte) (int, error) {
	if len(h.chunks) > 0 {
		next := h.chunks[0]
		h.chunks = h.chunks[1:]
		time.Sleep(next.after)
		return copy(p, next.text), nil
	}
	if h.leave {
		return 0, io.EOF
	}
	h.leave = true
	<-h.wrote
	return copy(p, h.last), nil
}

// walk walks inside a bubble of its own, where time passes when all wait.
func (h *hasty) walk(t *testing.T, w *world) {
	h.wrote, w.news = make(chan struct{}, 1), make(chan struct{})
	options := plain.Options{Plan: w.plan, Operator: "ada", Now: time.Now, Interactive: true, Code: h.code}
	err := plain.Walk(t.Context(), w.as(steps.Terminal), h, h, options)
	require.ErrorIs(t, err, plain.ErrParked)
}

var hastyWords = []string{"go\n", "g\n", "go", "g", "o\n", "\n", "all of them\n", "run\n", "go\ngo\ngo\n", " go \n", "show\n", "\x1b[200~go\x1b[201~\n"}

// TestNothingTypedAheadPassesAGate: whatever is typed before the gate is on screen, in one piece or in many, at once or
// slowly, and even if the line is ended only at the prompt, nothing starts.
func TestNothingTypedAheadPassesAGate(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := &hasty{chunks: []chunk{{text: "run\n"}}, last: "\n"}
		for _, text := range rapid.SliceOfN(rapid.SampledFrom(hastyWords), 1, 8).Draw(rt, "typed") {
			after := time.Duration(rapid.IntRange(0, 420).Draw(rt, "ms")) * time.Millisecond
			h.chunks = append(h.chunks, chunk{text, after})
		}
		w := gatedWorld(t, rapid.Bool().Draw(rt, "simulated"))
		synctest.Test(t, func(t *testing.T) { h.walk(t, w) })
		require.Zero(rt, w.passed(), h.out.String())
		require.Empty(rt, w.ran)
	})
}

// TestAPasteAtTheOpenGateDoesNotPass: one line that says the right word, pasted once everything is still, cannot be told from
// typing; but it cannot hold the code that is written after it.
func TestAPasteAtTheOpenGateDoesNotPass(t *testing.T) {
	h := &hasty{chunks: []chunk{{text: "run\n"}}, last: "go\n", code: func() string { return "417" }}
	w := gatedWorld(t, false)
	synctest.Test(t, func(t *testing.T) { h.walk(t, w) })
	require.Zero(t, w.passed(), h.out.String())
	require.Contains(t, h.out.String(), "the code 417")
}

// TestWhatIsTypedAtTheGatePassesIt shows that the same hasty operator passes the gate by a line begun at its prompt.
func TestWhatIsTypedAtTheGatePassesIt(t *testing.T) {
	w := gatedWorld(t, false)
	h := &hasty{chunks: []chunk{{text: "run\n"}, {text: "go\n"}}, last: "go\n"}
	synctest.Test(t, func(t *testing.T) { h.walk(t, w) })
	require.Equal(t, 1, w.passed(), h.out.String())
	require.Equal(t, []string{"restart"}, w.ran)
}

var pipedWords = []string{
	"run", "go", "g", "all of them", "again", "from next", "poll", "overrule gate none because", "overrule weight key because", "overrule kind command because",
	"skip later", "no-go never", "edit restart --now", "show", "next", "at 1", "at 2", "jump 2 hurry", "accept fine", "verdict pass", "set X 1", "", "type go", "stop", "help",
}

// TestNoPipePassesAGate: whatever a pipe says, in a session that is neither rehearsed nor unattended, nothing gated starts.
func TestNoPipePassesAGate(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		said := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pipedWords), 1, 20).Draw(rt, "said"), "\n")
		// The session takes the pipe for a person: the walk itself must know better.
		via := rapid.SampledFrom([]steps.Via{steps.Terminal, steps.Answers}).Draw(rt, "via")
		w := gatedWorld(t, false)
		var out bytes.Buffer
		options := plain.Options{Plan: w.plan, Operator: "ada", Now: time.Now}
		err := plain.Walk(context.Background(), w.as(via), strings.NewReader(said), &out, options)
		if w.state.Closed() == nil {
			require.Error(rt, err)
		}
		require.Zero(rt, w.passed(), out.String())
		require.Empty(rt, w.ran, out.String())
	})
}

// TestAPipeMayPassGatesOfARehearsal shows that the rule above is about the session, not about pipes.
func TestAPipeMayPassGatesOfARehearsal(t *testing.T) {
	w := gatedWorld(t, true)
	var out bytes.Buffer
	options := plain.Options{Plan: w.plan, Operator: "ada", Now: time.Now}
	said := "run\ngo\nrun\nsome of them\nall of them\nclose\n"
	require.NoError(t, plain.Walk(t.Context(), w.as(steps.Answers), strings.NewReader(said), &out, options), out.String())
	require.Equal(t, 2, w.passed())
}

// cooked is a terminal in its usual state: it keeps a line to itself until the line is ended, or dropped.
type cooked struct {
	lines chan string
	begun string
	left  bool
	out   bytes.Buffer
}

func (c *cooked) types(text string) {
	if c.begun += text; strings.HasSuffix(c.begun, "\n") {
		c.lines <- c.begun
		c.begun = ""
	}
}

func (c *cooked) drop() { c.begun = "" }

func (c *cooked) Read(p []byte) (int, error) {
	line, ok := <-c.lines
	if !ok {
		return 0, io.EOF
	}
	return copy(p, line), nil
}

// Write has the operator type while the gate is read out, end the line at its prompt, and leave.
func (c *cooked) Write(p []byte) (int, error) {
	switch text := string(p); {
	case strings.HasPrefix(text, "GATE: "):
		c.types("go")
	case strings.HasPrefix(text, "gate ") && strings.HasSuffix(text, "> ") && !c.left:
		c.types("\n")
		close(c.lines)
		c.left = true
	}
	return c.out.Write(p)
}

// TestALineBegunBeforeTheGateIsDroppedFromTheTerminal: the terminal has not handed it over yet, so that nobody could tell its age.
func TestALineBegunBeforeTheGateIsDroppedFromTheTerminal(t *testing.T) {
	w := gatedWorld(t, false)
	synctest.Test(t, func(t *testing.T) {
		c := &cooked{lines: make(chan string, 2)}
		w.news = make(chan struct{})
		c.types("run\n")
		options := plain.Options{Plan: w.plan, Operator: "ada", Now: time.Now, Interactive: true, Drain: c.drop}
		require.ErrorIs(t, plain.Walk(t.Context(), w.as(steps.Terminal), c, c, options), plain.ErrParked)
		require.Contains(t, c.out.String(), "to pass it type: go")
		require.Zero(t, w.passed(), c.out.String())
	})
}
