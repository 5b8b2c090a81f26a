package move_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/journal"
	"gatewalk/exec/move"
	"gatewalk/exec/session"
	"gatewalk/runbook"
	"gatewalk/steps"
)

func at(block string) steps.Place { return steps.Place{Block: block} }

// on is a machine as a session is told of it.
func on(machine, boot string) session.Options {
	return session.Options{Actor: steps.Actor{Name: "ada", Via: steps.Terminal}, Machine: machine, Boot: boot, Build: "test"}
}

// console is a machine with its sessions.
type console struct {
	t       *testing.T
	root    string
	options session.Options
	answer  exectest.Answer
}

func newConsole(t *testing.T, machine, boot string) *console {
	return &console{t: t, root: filepath.Join(t.TempDir(), "gatewalk", "sessions"), options: on(machine, boot)}
}

func (c *console) dir() string { return filepath.Join(c.root, "walk") }

// run makes commands end at once, with a context and an output on disk.
func (c *console) run(dir string, _ steps.Opened) (exec.Runner, error) {
	return exectest.NewScripted(func(l exec.Launch) exectest.Answer {
		attempt := (&journal.Reader{}).AttemptDir(l.Attempt)
		require.NoError(c.t, os.MkdirAll(filepath.Join(dir, attempt), 0o700))
		require.NoError(c.t, os.WriteFile(filepath.Join(dir, attempt, "out"), []byte("it is done\n"), 0o600))
		answer := c.answer
		answer.Output, answer.Context, answer.Variables = "it is done\n", "c1", map[string]string{"A": "1"}
		return answer
	}), nil
}

// walked is a session of two steps on hosts that were said to be this machine, the first of them done, let go of.
func walked(t *testing.T) *console {
	c := newConsole(t, "m1", "b1")
	c.walk()
	return c
}

func (c *console) walk() {
	t := c.t
	plan := &runbook.Plan{Source: "walk.md", Title: "A walk"}
	for i, id := range []string{"A=1", "echo $A"} {
		plan.Blocks = append(plan.Blocks, runbook.Block{ID: id, Line: i + 1, Kind: runbook.Command, Text: id, Commands: []string{id}, Host: "console", Gate: runbook.NoGate})
		plan.Root = append(plan.Root, runbook.Item{Kind: runbook.BlockItem, Index: i})
	}
	s, err := session.Create(c.dir(), plan, []byte("# A walk\n"), c.run, c.options)
	require.NoError(t, err)
	defer s.Close()
	c.does(s, steps.Bind{Host: "console", To: steps.Binding{Kind: steps.Here}, Typed: "console"})
	note := filepath.Join(t.TempDir(), "ticket.txt")
	require.NoError(t, os.WriteFile(note, []byte("approved\n"), 0o600))
	c.does(s, steps.Attach{Place: at("A=1"), Source: note})
	c.does(s, steps.Run{Place: at("A=1")})
	c.settles(s, "A=1", "done")
}

func (c *console) does(s *session.Session, in steps.Input) {
	c.t.Helper()
	require.NoError(c.t, s.Do(in, s.State().Seq()))
}

// settles waits until a place stands so.
func (c *console) settles(s *session.Session, block string, status steps.Status) {
	c.t.Helper()
	for {
		_, news := s.Facts(1 << 40)
		if s.State().Spot(at(block)).Status == status {
			return
		}
		<-news
	}
}

// leaves seals the session and answers its archive.
func (c *console) leaves(to string) []byte {
	c.t.Helper()
	l, err := move.Leave(c.dir(), c.options)
	require.NoError(c.t, err)
	defer l.Close()
	var archive bytes.Buffer
	require.NoError(c.t, l.Write(&archive, to, ""))
	return archive.Bytes()
}

func (c *console) arrives(archive []byte) (move.Arrived, error) {
	return move.Arrive(bytes.NewReader(archive), c.root, c.options, move.DefaultLimits)
}

func (c *console) resume() (*session.Session, error) {
	return session.Resume(c.dir(), c.run, c.options)
}

func (c *console) holds() {
	c.t.Helper()
	report, err := journal.Verify(c.dir())
	require.NoError(c.t, err)
	require.Empty(c.t, report.Problems)
}

// leftovers are the names beside the sessions.
func (c *console) leftovers() []string {
	found, err := os.ReadDir(filepath.Dir(c.root))
	require.NoError(c.t, err)
	var names []string
	for _, f := range found {
		names = append(names, f.Name())
	}
	return names
}

func TestASessionGoesOnElsewhere(t *testing.T) {
	home, away := walked(t), newConsole(t, "m2", "b2")
	arrived, err := away.arrives(home.leaves("m2"))
	require.NoError(t, err)
	require.Equal(t, "m1", arrived.From)
	home.holds()
	away.holds()
	require.Equal(t, []string{"sessions"}, away.leftovers())

	_, err = home.resume()
	require.ErrorContains(t, err, "moved to m2")

	s, err := away.resume()
	require.NoError(t, err)
	defer s.Close()
	require.Equal(t, steps.StatusDone, s.State().Spot(at("A=1")).Status)
	require.Equal(t, "1", s.State().Context("m2", "ada").Table["A"].Value)
	err = s.Do(steps.Run{Place: at("echo $A")}, s.State().Seq())
	require.ErrorContains(t, err, "nobody has said where console is", "it is not the machine that it was said to be")
	away.does(s, steps.Bind{Host: "console", To: steps.Binding{Kind: steps.Here}, Typed: "console"})
	away.does(s, steps.Run{Place: at("echo $A")})
	away.settles(s, "echo $A", "done")
}

func TestWhatRunsKeepsASessionHere(t *testing.T) {
	c := walked(t)
	c.answer.Waits = true
	s, err := c.resume()
	require.NoError(t, err)
	c.does(s, steps.Run{Place: at("echo $A")})
	_, err = move.Leave(c.dir(), c.options)
	require.ErrorIs(t, err, journal.ErrLocked, "whoever holds it is named")
	require.NoError(t, s.Close())
	_, err = move.Leave(c.dir(), c.options)
	require.ErrorContains(t, err, "has no end yet")
	c.holds()
}

func TestWhatIsOverDoesNotMove(t *testing.T) {
	c := walked(t)
	s, err := c.resume()
	require.NoError(t, err)
	c.does(s, steps.Close{Outcome: "stopped"})
	require.NoError(t, s.Close())
	_, err = move.Leave(c.dir(), c.options)
	require.ErrorContains(t, err, "the session is closed")
}

func TestTheSameArchiveArrivesOnce(t *testing.T) {
	home, away := walked(t), newConsole(t, "m2", "b2")
	archive := home.leaves("m2")
	sealed, err := os.ReadFile(filepath.Join(home.dir(), "journal.jsonl"))
	require.NoError(t, err)
	for i := range 3 {
		arrived, err := away.arrives(archive)
		require.NoError(t, err)
		require.Equal(t, i > 0, arrived.Before)
		s, err := away.resume() // also when it has gone on since
		require.NoError(t, err)
		away.does(s, steps.Note{Text: "still here"})
		require.NoError(t, s.Close())
	}
	home.leaves("m2")
	still, err := os.ReadFile(filepath.Join(home.dir(), "journal.jsonl"))
	require.NoError(t, err)
	require.Equal(t, sealed, still, "sealed once is sealed")
}

func TestWhatAKilledArrivalLeftIsClearedAway(t *testing.T) {
	home, away := walked(t), newConsole(t, "m2", "b2")
	archive := home.leaves("m2")
	left := filepath.Join(filepath.Dir(away.root), ".arriving-123", "walk")
	require.NoError(t, os.MkdirAll(left, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(left, "plan.json"), []byte("half"), 0o600))
	_, err := away.arrives(archive)
	require.NoError(t, err)
	require.Equal(t, []string{"sessions"}, away.leftovers())
}

func TestThereAndBackAgain(t *testing.T) {
	home, away := walked(t), newConsole(t, "m2", "b2")
	_, err := away.arrives(home.leaves("m2"))
	require.NoError(t, err)
	_, err = home.arrives(away.leaves("m1"))
	require.NoError(t, err)
	home.holds()
	require.Equal(t, []string{"sessions"}, home.leftovers(), "what it was when it left has made way")
	s, err := home.resume()
	require.NoError(t, err)
	defer s.Close()
	require.Empty(t, s.State().Bindings(), "the console may have been rebuilt meanwhile")
}

// TestAFullDiskIsLeftAndComeBackTo: the machine was not even booted, so it is the same.
func TestAFullDiskIsLeftAndComeBackTo(t *testing.T) {
	c := walked(t)
	file := filepath.Join(t.TempDir(), "walk.gatewalk")
	l, err := move.Leave(c.dir(), c.options)
	require.NoError(t, err)
	require.NoError(t, l.ToFile(file, ""))
	require.NoError(t, l.Close())
	archive, err := os.ReadFile(file)
	require.NoError(t, err)
	c.root = filepath.Join(t.TempDir(), "gatewalk", "sessions")
	_, err = c.arrives(archive)
	require.NoError(t, err)
	s, err := c.resume()
	require.NoError(t, err)
	defer s.Close()
	require.Equal(t, steps.Here, s.State().Bindings()["console"].Kind)
}

func TestASealedSessionMovesElsewhereWithAReasonOnly(t *testing.T) {
	c := walked(t)
	c.leaves("m2")
	l, err := move.Leave(c.dir(), c.options)
	require.NoError(t, err)
	defer l.Close()
	require.Equal(t, "m2", l.Moved().To)
	var archive bytes.Buffer
	require.ErrorContains(t, l.Write(&archive, "m3", ""), "it was moved to m2 already")
	require.NoError(t, l.Write(&archive, "m3", "m2 burnt down"))
	require.Equal(t, &steps.Moved{To: "m3", Reason: "m2 burnt down"}, l.Moved())
}

func TestAnotherSessionOfThatNameKeepsItsPlace(t *testing.T) {
	home, away := walked(t), walked(t)
	before, err := os.ReadFile(filepath.Join(away.dir(), "journal.jsonl"))
	require.NoError(t, err)
	_, err = away.arrives(home.leaves("m2"))
	require.ErrorContains(t, err, "another session of that name is here")
	after, err := os.ReadFile(filepath.Join(away.dir(), "journal.jsonl"))
	require.NoError(t, err)
	require.Equal(t, before, after)

	held, err := away.resume()
	require.NoError(t, err)
	defer held.Close()
	_, err = away.arrives(home.leaves("m2"))
	require.ErrorIs(t, err, journal.ErrLocked)
}

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	c := walked(t)
	l, err := move.Leave(c.dir(), c.options)
	require.NoError(t, err)
	defer l.Close()
	dir := t.TempDir()
	there := filepath.Join(dir, "there.gatewalk")
	require.NoError(t, os.WriteFile(there, []byte("mine"), 0o600))
	require.ErrorContains(t, l.ToFile(there, ""), "is there already")
	require.Error(t, l.ToFile(filepath.Join(dir, "nowhere", "x.gatewalk"), ""))
	require.Nil(t, l.Moved(), "nothing was sealed for it")
	require.NoError(t, l.ToFile(filepath.Join(dir, "x.gatewalk"), ""))
	info, err := os.Stat(filepath.Join(dir, "x.gatewalk"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	found, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, found, 2, "no draft is left")
}

// TestAMoveThatWasCutOffIsFinishedByTheSameCommand: sealed, and no archive of it anywhere but half a draft.
func TestAMoveThatWasCutOffIsFinishedByTheSameCommand(t *testing.T) {
	c := walked(t)
	file := filepath.Join(t.TempDir(), "walk.gatewalk")
	l, err := move.Leave(c.dir(), c.options)
	require.NoError(t, err)
	require.NoError(t, l.Seal(file, ""))
	require.NoError(t, l.Close())
	require.NoError(t, os.WriteFile(file+".unfinished", []byte("half a draft"), 0o600))
	l, err = move.Leave(c.dir(), c.options)
	require.NoError(t, err)
	defer l.Close()
	require.NoError(t, l.ToFile(file, ""))
	archive, err := os.ReadFile(file)
	require.NoError(t, err)
	away := newConsole(t, "m2", "b2")
	_, err = away.arrives(archive)
	require.NoError(t, err)
	away.holds()
}

func TestAPlantedFileIsNotPacked(t *testing.T) {
	c := walked(t)
	require.NoError(t, os.Symlink("/etc/hostname", filepath.Join(c.dir(), "source", "planted.md")))
	l, err := move.Leave(c.dir(), c.options)
	require.NoError(t, err)
	defer l.Close()
	require.ErrorContains(t, l.Write(&bytes.Buffer{}, "m2", ""), "source/planted.md: is no plain file")
	require.Nil(t, l.Moved())
}
