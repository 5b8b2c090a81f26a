package hook_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"gatewalk/exec/exectest"
	"gatewalk/exec/hook"
	"gatewalk/runbook"
	"gatewalk/steps"
)

// walk is a session in memory. What is said to it from outside the test is said by the machine.
type walk struct {
	t      *testing.T
	mu     sync.Mutex
	state  steps.State
	events []steps.Event
	news   chan struct{}
	dir    string
}

func begin(t *testing.T, change ...func(*runbook.Plan)) *walk {
	p := &runbook.Plan{Source: "walk.md", Title: "A walk"}
	for i, id := range []string{"first", "gated", "look", "last"} {
		p.Blocks = append(p.Blocks, runbook.Block{ID: id, Line: 10 + i, Kind: runbook.Command, Text: id, Commands: []string{id}, Host: "m1", Gate: runbook.NoGate})
		p.Steps = append(p.Steps, runbook.Step{ID: "step " + id, Path: strconv.Itoa(i + 1), Title: "Do the " + id, Parent: -1, Blocks: []int{i}, Body: []runbook.Item{{Kind: runbook.BlockItem, Index: i}}})
		p.Root = append(p.Root, runbook.Item{Kind: runbook.StepItem, Index: i})
	}
	p.Blocks[1].Gate, p.Blocks[1].GateDetail = runbook.Stop, &runbook.GateDetail{Weight: runbook.OneKey, Sentence: "Stop here."}
	p.Blocks[2].Verify, p.Blocks[2].Check = true, &runbook.Check{Regexp: "ready"}
	for _, c := range change {
		c(p)
	}
	w := &walk{t: t, state: steps.New(p), news: make(chan struct{}), dir: t.TempDir()}
	w.says(steps.Begin{Opened: steps.Opened{Session: "s1", Machine: "m1", User: "ada"}})
	return w
}

func (w *walk) Facts(from uint64) ([]steps.Event, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.events[min(from, uint64(len(w.events))):], w.news
}

func (w *walk) State() steps.State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state
}

func (w *walk) Do(in steps.Input, seen uint64) error { return w.by(steps.Machine, in) }

func (w *walk) by(via steps.Via, in steps.Input) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	by := steps.Actor{Name: "ada", Via: via}
	facts, err := steps.Decide(w.state, steps.Message{By: by, At: time.Now(), Seen: w.state.Seq(), Input: in})
	if err != nil {
		return err
	}
	e := steps.Event{Seq: w.state.Seq() + 1, Epoch: 1, At: time.Now(), By: by, Facts: facts}
	w.state, w.events = steps.Apply(w.state, e), append(w.events, e)
	close(w.news)
	w.news = make(chan struct{})
	return nil
}

// says is the operator's word.
func (w *walk) says(in steps.Input) *walk {
	w.t.Helper()
	require.NoError(w.t, w.by(steps.Terminal, in))
	return w
}

// runs starts a block and lets it end so.
func (w *walk) runs(block string, code int, ruling steps.Ruling) *walk {
	w.t.Helper()
	w.says(steps.Run{Place: at(block)})
	return w.ends(code, ruling)
}

func (w *walk) ends(code int, ruling steps.Ruling) *walk {
	w.t.Helper()
	id := w.State().Running()[0]
	require.NoError(w.t, w.Do(steps.Exited{Finished: steps.Finished{Attempt: id, Code: code}}, 0))
	require.NoError(w.t, w.Do(steps.Observed{Attempt: id, Judgment: steps.Judgment{Ruling: ruling}}, 0))
	return w
}

func at(block string) steps.Place { return steps.Place{Block: block} }

// shell is a hook that is a script.
func shell(name, script string, on ...hook.On) hook.Hook {
	return hook.Hook{Name: name, On: on, Command: []string{"sh", "-c", script}, Timeout: time.Minute}
}

// writes is a hook that keeps what it is told, a line each.
func (w *walk) writes(on ...hook.On) hook.Hook {
	return shell("writes", "cat >>"+filepath.Join(w.dir, "told"), on...)
}

// told is what that hook was told.
func (w *walk) told() []map[string]any {
	var all []map[string]any
	text, err := os.ReadFile(filepath.Join(w.dir, "told"))
	if !os.IsNotExist(err) {
		require.NoError(w.t, err)
	}
	for line := range strings.Lines(string(text)) {
		said := map[string]any{}
		require.NoError(w.t, json.Unmarshal([]byte(line), &said))
		all = append(all, said)
	}
	return all
}

// notes are the notes of the record.
func (w *walk) notes() []string {
	var notes []string
	events, _ := w.Facts(0)
	for _, e := range events {
		for _, f := range e.Facts {
			if n, ok := f.(steps.Noted); ok {
				notes = append(notes, n.Text)
			}
		}
	}
	return notes
}

// until waits for a note.
func (w *walk) until(part string) {
	w.t.Helper()
	exectest.Until(w.t, w, func() bool { return strings.Contains(strings.Join(w.notes(), "\n"), part) })
}

func TestAHookIsToldWhatItAskedFor(t *testing.T) {
	w := begin(t)
	r := hook.Watch(w, []hook.Hook{w.writes(hook.Gate, hook.Failed)})
	w.runs("first", 0, steps.RulingPass)
	w.says(steps.Run{Place: at("gated")})
	w.says(steps.Confirm{Place: at("gated")}).ends(1, steps.RulingFail)
	require.NoError(t, r.Close())
	told := w.told()
	require.Len(t, told, 2)
	require.Equal(t, "gate", told[0]["on"])
	require.Equal(t, "s1", told[0]["session"])
	require.EqualValues(t, 11, told[0]["line"])
	require.Equal(t, "Do the gated", told[0]["title"])
	require.Contains(t, told[0]["fact"], "gate_reached")
	require.Equal(t, "failed", told[1]["on"])
	require.Contains(t, told[1]["fact"], "judged")
	require.Empty(t, w.notes(), "what went well is not worth a note")
}

func TestAPollThatFailsIsOneFact(t *testing.T) {
	w := begin(t)
	r := hook.Watch(w, []hook.Hook{w.writes(hook.Failed, hook.Poll)})
	w.runs("first", 0, steps.RulingPass)
	w.says(steps.Skip{Place: at("gated"), Reason: "not today"})
	w.says(steps.Poll{Place: at("look")}).ends(0, steps.RulingPending)
	require.Empty(t, w.told(), "a round is no news")
	require.NoError(t, w.Do(steps.Tick{Place: at("look")}, 0))
	w.ends(0, steps.RulingFail)
	require.NoError(t, r.Close())
	require.Len(t, w.told(), 1)
	require.Contains(t, w.told()[0]["fact"], "poll_ended")
}

func TestWhatAnEarlierSittingSawIsNotToldAgain(t *testing.T) {
	w := begin(t)
	w.runs("first", 0, steps.RulingPass).says(steps.Run{Place: at("gated")})
	require.NoError(t, w.Do(steps.Reopened{Machine: "m1"}, 0))
	r := hook.Watch(w, []hook.Hook{w.writes(hook.Gate, hook.Failed, hook.Poll)})
	require.NoError(t, r.Close())
	require.Empty(t, w.told())
}

// TestAHookThatHangsHoldsNothingUp: the walk goes on beside it, it is killed with all it started, and the record says so once.
func TestAHookThatHangsHoldsNothingUp(t *testing.T) {
	child := ""
	for timeout := 300 * time.Millisecond; child == ""; timeout *= 2 { // on a busy machine it is killed before it has begun
		child = hangs(t, timeout)
	}
	require.Eventually(t, func() bool { return gone(child) }, time.Minute, 5*time.Millisecond)
}

// hangs walks past a hook that hangs, and answers the process that it has started, "" if it did not come so far.
func hangs(t *testing.T, timeout time.Duration) (child string) {
	w := begin(t)
	name := filepath.Join(w.dir, "child")
	hangs := shell("hangs", "sleep 1000 & echo $! >"+name+"; echo still here; wait", hook.Gate)
	hangs.Timeout = timeout
	r := hook.Watch(w, []hook.Hook{hangs})
	w.runs("first", 0, steps.RulingPass)
	w.says(steps.Run{Place: at("gated")}).says(steps.Confirm{Place: at("gated")}).ends(0, steps.RulingPass)
	w.until("hook hangs: it was killed at its timeout of " + timeout.String())
	require.NoError(t, r.Close())
	require.Len(t, w.notes(), 1)
	pid, _ := os.ReadFile(name)
	return strings.TrimSpace(string(pid))
}

// gone says that a process runs no more, whether or not somebody has asked for its end.
func gone(pid string) bool {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func TestAHookThatFailsIsNotedOnce(t *testing.T) {
	w := begin(t)
	r := hook.Watch(w, []hook.Hook{
		shell("fails", `echo once >>`+w.dir+`/runs; printf 'no route\033]0;owned\007 password=hunter2\n'; exit 3`, hook.Gate),
		{Name: "missing", On: []hook.On{hook.Gate}, Command: []string{"/nowhere/at/all"}, Timeout: time.Second},
		w.writes(hook.Gate),
	})
	w.runs("first", 0, steps.RulingPass).says(steps.Run{Place: at("gated")})
	require.NoError(t, r.Close())
	notes := strings.Join(w.notes(), "\n")
	require.Len(t, w.notes(), 2, "each failure once")
	runs, err := os.ReadFile(filepath.Join(w.dir, "runs"))
	require.NoError(t, err)
	require.Equal(t, "once\n", string(runs), "and no second try")
	require.Contains(t, notes, "hook fails: exit status 3: no route")
	require.Contains(t, notes, "hook missing: ")
	require.NotContains(t, notes, "\x1b")
	require.NotContains(t, notes, "hunter2")
	require.Len(t, w.told(), 1, "one hook's failure is not another's")
}

func TestAFailureThatTheRecordNoLongerTakesIsAnswered(t *testing.T) {
	w := begin(t)
	r := hook.Watch(w, []hook.Hook{shell("late", "while [ ! -e "+w.dir+"/closed ]; do sleep 0.01; done; exit 1", hook.Gate)})
	w.runs("first", 0, steps.RulingPass).says(steps.Run{Place: at("gated")}).says(steps.Close{Outcome: "stopped"})
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, "closed"), nil, 0o600))
	require.ErrorContains(t, r.Close(), "hook late: exit status 1")
}

func TestAHookIsHandedNoSecretAndNoTerminal(t *testing.T) {
	t.Setenv("API_TOKEN", "hunter2")
	t.Setenv("LD_PRELOAD_OF_MINE", "x")
	w := begin(t)
	r := hook.Watch(w, []hook.Hook{shell("env", "env >"+w.dir+"/env; (: </dev/tty) 2>/dev/null && echo tty >>"+w.dir+"/env; cut -d ' ' -f 6 /proc/$$/stat >"+w.dir+"/session; cat >/dev/null", hook.Gate)})
	w.runs("first", 0, steps.RulingPass).says(steps.Run{Place: at("gated")})
	require.NoError(t, r.Close())
	env, err := os.ReadFile(filepath.Join(w.dir, "env"))
	require.NoError(t, err)
	require.NotContains(t, string(env), "hunter2")
	require.NotContains(t, string(env), "LD_PRELOAD")
	require.NotContains(t, string(env), "\ntty\n")
	require.Contains(t, string(env), "PATH=")
	session, err := os.ReadFile(filepath.Join(w.dir, "session"))
	require.NoError(t, err)
	ours, err := unix.Getsid(0)
	require.NoError(t, err)
	require.NotEqual(t, strconv.Itoa(ours), strings.TrimSpace(string(session)), "a terminal is one session's (this test may have none)")
}

func TestOverdueByWhatTheTextSays(t *testing.T) {
	for name, tc := range map[string]struct {
		says func(*runbook.Plan)
		told int
	}{
		"the block's estimate":   {func(p *runbook.Plan) { p.Blocks[0].Estimate = "1ms" }, 1},
		"its only step's":        {func(p *runbook.Plan) { p.Steps[0].Estimate = "1ms" }, 1},
		"a timeout, as the last": {func(p *runbook.Plan) { p.Blocks[0].Timeout = "1ms" }, 1},
		"nothing is known":       {func(*runbook.Plan) {}, 0},
		"not for long":           {func(p *runbook.Plan) { p.Blocks[0].Estimate = "10h" }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t, tc.says)
			r := hook.Watch(w, []hook.Hook{w.writes(hook.Overdue)})
			w.says(steps.Run{Place: at("first")})
			if tc.told > 0 {
				w.until("overdue: attempt")
			}
			require.NoError(t, r.Close())
			require.Len(t, w.told(), tc.told)

			// A keeper that begins anew while the command runs tells nothing twice.
			require.NoError(t, w.Do(steps.Reopened{Machine: "m1"}, 0))
			r = hook.Watch(w, []hook.Hook{w.writes(hook.Overdue)})
			require.NoError(t, r.Close())
			require.Len(t, w.told(), tc.told)
			require.Len(t, w.notes(), tc.told)
		})
	}
}

func TestWithoutAHookForItNothingIsNotedOverdue(t *testing.T) {
	w := begin(t, func(p *runbook.Plan) { p.Blocks[0].Estimate = "1ns" })
	r := hook.Watch(w, []hook.Hook{w.writes(hook.Gate)})
	w.says(steps.Run{Place: at("first")}).ends(0, steps.RulingPass)
	require.NoError(t, r.Close())
	require.Empty(t, w.notes())
}

// TestAHookThatIsFarBehindIsCutOff: what waits for it is bounded, and the record says what it missed.
func TestAHookThatIsFarBehindIsCutOff(t *testing.T) {
	w := begin(t)
	slow := shell("slow", "while [ ! -e "+w.dir+"/go ]; do sleep 0.01; done; cat >>"+w.dir+"/told", hook.Gate)
	r := hook.Watch(w, []hook.Hook{slow})
	w.runs("first", 0, steps.RulingPass)
	for range 100 {
		w.says(steps.Run{Place: at("gated")}).says(steps.Refuse{Place: at("gated"), Reason: "not yet"})
	}
	w.until("hook slow: it is 64 facts behind")
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, "go"), nil, 0o600))
	require.NoError(t, r.Close())
	require.Less(t, len(w.told()), 100)
}
