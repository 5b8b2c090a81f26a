package plain_test

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/plain"
)

var update = flag.Bool("update", false, "write what the stories read out now")

// What is read out of a clock must be the same everywhere.
func init() { time.Local = time.UTC }

// TestStories walks each story of testdata and compares all that was read out. A story has a runbook, a site that says
// what commands do, what is typed, an answers file or none, and options: interactive, machine NAME, simulated, unattended.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			got := tell(t, archive)
			if *update {
				rewrite(t, file, archive, got)
				return
			}
			require.Equal(t, part(archive, "output"), got)
		})
	}
}

func part(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func rewrite(t *testing.T, file string, a *txtar.Archive, output string) {
	a.Files = append(a.Files[:len(a.Files):len(a.Files)], txtar.File{Name: "output", Data: []byte(output)})
	for i := range a.Files[:len(a.Files)-1] {
		if a.Files[i].Name == "output" {
			a.Files = append(a.Files[:i], a.Files[i+1:]...)
			break
		}
	}
	require.NoError(t, os.WriteFile(file, txtar.Format(a), 0o644))
}

// tell walks a story, sitting by sitting, and answers what was read out.
func tell(t *testing.T, a *txtar.Archive) (output string) {
	plan, err := runbook.Read("rollout.md", []byte(part(a, "rollout.md")))
	require.NoError(t, err)
	for _, problem := range plan.Problems {
		require.NotContains(t, problem.Text, "annotation", "line %d", problem.Line)
	}
	synctest.Test(t, func(t *testing.T) {
		story := newStory(t, plan, a)
		output = story.sit("input")
		if next := part(a, "input after a crash"); next != "" {
			story.world.must(steps.Reopened{Machine: story.machine, Unattended: story.unattended})
			output += "\n(the machine crashes here)\n\n" + story.sit("input after a crash")
		}
	})
	return output
}

type story struct {
	t                                  *testing.T
	archive                            *txtar.Archive
	world                              *world
	machine                            string
	interactive, simulated, unattended bool
}

func newStory(t *testing.T, plan *runbook.Plan, a *txtar.Archive) *story {
	s := &story{t: t, archive: a, machine: "m1", world: newWorld(plan, site(t, part(a, "site")))}
	for line := range strings.Lines(part(a, "options")) {
		switch word, rest, _ := strings.Cut(strings.TrimSpace(line), " "); word {
		case "interactive":
			s.interactive = true
		case "simulated":
			s.simulated = true
		case "unattended":
			s.unattended = true
		case "machine":
			s.machine = rest
		default:
			t.Fatalf("options: %q is not understood", line)
		}
	}
	opened := steps.Opened{Session: "s1", Machine: s.machine, User: "ada", Simulated: s.simulated, Unattended: s.unattended, Inherited: map[string]string{}}
	require.NoError(t, s.world.as(steps.Terminal).Do(steps.Begin{Opened: opened}, 0))
	return s
}

// sit is one sitting: what is typed is a part of the story's archive.
func (s *story) sit(input string) string {
	options := plain.Options{Plan: s.world.plan, Operator: "ada", Now: time.Now, Width: 72, Interactive: s.interactive, ByFile: s.world.as(steps.Answers)}
	if source := part(s.archive, "answers.yaml"); source != "" {
		answers, err := plain.ReadAnswers("answers.yaml", []byte(source))
		if err != nil {
			return "error: " + err.Error() + "\n"
		}
		options.Answers = answers
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), 24*time.Hour)
	defer cancel()
	lines := part(s.archive, input)
	if !s.interactive {
		var out bytes.Buffer
		return s.ended(&out, plain.Walk(ctx, s.world.as(steps.Answers), strings.NewReader(lines), &out, options))
	}
	console := newConsole(lines)
	console.bob = s.bob
	options.Drain, options.Echo = console.drain, console.echo
	err := plain.Walk(ctx, s.world.as(steps.Terminal), console, console, options)
	console.Close()
	return s.ended(&console.out, err)
}

// bob says something at another screen: asks, forces, gives, keeps or holds, and why; or runs, the place that is next.
func (s *story) bob(says string) {
	by := steps.Actor{Name: "bob", UID: 1001, Via: steps.Terminal, Screen: "pts/4"}
	word, reason, _ := strings.Cut(says, " ")
	state := s.world.now()
	next, _ := state.Next()
	inputs := map[string]steps.Input{
		"asks": steps.Drive{Reason: reason}, "forces": steps.Drive{Forced: true, Reason: reason}, "holds": steps.Hold{On: true, Reason: reason},
		"gives": steps.Yield{To: "ada", Reason: reason}, "keeps": steps.Yield{To: "ada", Refused: true, Reason: reason}, "runs": steps.Run{Place: next},
	}
	require.Contains(s.t, inputs, word)
	require.NoError(s.t, speaker{s.world, by}.Do(inputs[word], state.Seq()))
}

func (s *story) ended(out *bytes.Buffer, err error) string {
	if err != nil {
		out.WriteString("error: " + err.Error() + "\n")
	}
	return out.String()
}

// console is a terminal with somebody at it: the next line is typed when something asks for it. A line that begins with
// "early:" is typed without waiting, one that begins with "when TEXT:" as soon as TEXT has been read out, and
// "wait D" lets time pass. What begins with "bob" is said at another screen.
type console struct {
	mutex  sync.Mutex
	out    bytes.Buffer
	wrote  chan struct{}
	lines  []string
	closed chan struct{}
	silent bool
	typed  int               // how much had been read out when the last line was typed
	bob    func(says string) // somebody else at another screen
}

func newConsole(lines string) *console {
	return &console{wrote: make(chan struct{}, 1), closed: make(chan struct{}), lines: strings.Split(strings.TrimSuffix(lines, "\n"), "\n")}
}

func (c *console) Close() { close(c.closed) }

func (c *console) Write(p []byte) (int, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	select {
	case c.wrote <- struct{}{}:
	default:
	}
	return c.out.Write(p)
}

var whenForm = regexp.MustCompile(`^when (.*?): (.*)$`)

// Read types the next line as soon as its time has come. After the last one somebody hangs up.
func (c *console) Read(p []byte) (int, error) {
	if len(c.lines) == 0 {
		return 0, io.EOF
	}
	line, asks := c.lines[0], "> "
	c.lines = c.lines[1:]
	if early, ok := strings.CutPrefix(line, "early: "); ok {
		return copy(p, c.type_(early)), nil
	}
	if says, ok := strings.CutPrefix(line, "bob "); ok {
		time.Sleep(time.Second) // what was typed before has been heard
		c.bob(says)
		time.Sleep(time.Second) // and what bob said as well
		return c.Read(p)
	}
	if d, ok := strings.CutPrefix(line, "wait "); ok {
		duration, _ := time.ParseDuration(d)
		time.Sleep(duration)
		return c.Read(p)
	}
	if m := whenForm.FindStringSubmatch(line); m != nil {
		asks, line = m[1], m[2]
	}
	for !c.asks(asks) {
		select {
		case <-c.wrote:
		case <-c.closed:
			return 0, io.EOF
		}
	}
	typed := c.type_(line)
	for len(c.lines) > 0 && strings.HasPrefix(c.lines[0], "early: ") { // in one go, so that nothing is read out in between
		typed += c.type_(strings.TrimPrefix(c.lines[0], "early: "))
		c.lines = c.lines[1:]
	}
	return copy(p, typed), nil
}

// asks says whether a text has been read out since the last line, or, for a prompt, whether the open line is a question.
func (c *console) asks(text string) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	since := c.out.String()[c.typed:]
	if text != "> " {
		return strings.Contains(since, text)
	}
	open := since[strings.LastIndexByte(since, '\n')+1:]
	return !strings.HasPrefix(open, "| ") && strings.HasSuffix(open, " ")
}

// type_ is a line as it reaches the program; the terminal shows it.
func (c *console) type_(line string) string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !c.silent {
		c.out.WriteString(line + "\n")
	}
	c.typed = c.out.Len()
	return line + "\n"
}

func (c *console) echo(on bool) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.silent = !on
	return nil
}

func (c *console) drain() {}
