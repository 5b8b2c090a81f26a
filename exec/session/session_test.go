package session_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/exec"
	"gatewalk/exec/exectest"
	"gatewalk/exec/journal"
	"gatewalk/exec/session"
	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

func plan() *runbook.Plan {
	p := &runbook.Plan{Source: "walk.md", Title: "A walk"}
	for i, text := range []string{"A=1", "echo \"$A\"", "status", "login <password>"} {
		p.Blocks = append(p.Blocks, runbook.Block{
			ID: text, Line: i + 1, Kind: runbook.Command, Text: text, Commands: []string{text}, Host: "here", Gate: runbook.NoGate,
		})
		p.Root = append(p.Root, runbook.Item{Kind: runbook.BlockItem, Index: i})
	}
	p.Blocks[2].Verify, p.Blocks[2].Check = true, &runbook.Check{Regexp: "ready"}
	p.Blocks[3].Secrets = []string{"<password>"}
	return p
}

func at(block string) steps.Place { return steps.Place{Block: block} }

// site is a session over a scripted runner.
type site struct {
	*session.Session
	t      *testing.T
	dir    string
	runner *exectest.Scripted
}

func options() session.Options {
	return session.Options{Actor: steps.Actor{Name: "ada", Via: steps.Terminal}, Machine: "here", Boot: "b1", Build: "test"}
}

func (s *site) make(dir string, _ steps.Opened) (exec.Runner, error) {
	s.dir = dir
	return s.runner, nil
}

func begin(t *testing.T, answer func(exec.Launch) exectest.Answer, change ...func(*runbook.Plan)) *site {
	s := &site{t: t, runner: exectest.NewScripted(answer)}
	walked := plan()
	for _, c := range change {
		c(walked)
	}
	var err error
	s.Session, err = session.Create(filepath.Join(t.TempDir(), "s1"), walked, []byte("# A walk\n"), s.make, options())
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// prints puts output into the spool of an attempt, as a runner does before it answers.
func (s *site) prints(attempt uint64, output string) {
	dir := filepath.Join(s.dir, "attempts", journalName(attempt))
	require.NoError(s.t, os.MkdirAll(dir, 0o700))
	require.NoError(s.t, os.WriteFile(filepath.Join(dir, "out"), []byte(output), 0o600))
}

func journalName(attempt uint64) string {
	return filepath.Base((&journal.Reader{}).AttemptDir(attempt))
}

// until waits for a state.
func (s *site) until(holds func(steps.State) bool) steps.State {
	s.t.Helper()
	exectest.Until(s.t, s, func() bool { return holds(s.State()) })
	return s.State()
}

func (s *site) settled(place, status string) steps.State {
	s.t.Helper()
	return s.until(func(state steps.State) bool { return state.Spot(at(place)).Status == steps.Status(status) })
}

func (s *site) must(in steps.Input) {
	s.t.Helper()
	require.NoError(s.t, s.Do(in, s.State().Seq()))
}

func TestAStepIsOnDiskBeforeItRuns(t *testing.T) {
	var s *site
	onDisk := make(chan bool, 1)
	s = begin(t, func(l exec.Launch) exectest.Answer {
		raw, err := os.ReadFile(filepath.Join(s.dir, "journal.jsonl"))
		onDisk <- err == nil && bytes.Contains(raw, []byte(`"started"`))
		return exectest.Answer{Context: "c1", Variables: map[string]string{"A": "1"}}
	})
	s.must(steps.Run{Place: at("A=1")})
	require.True(t, <-onDisk)
	state := s.settled("A=1", "done")
	require.Equal(t, "1", state.Context("here", "ada").Table["A"].Value)
}

func TestAContextIsCarried(t *testing.T) {
	s := begin(t, exectest.InOrder(exectest.Answer{Context: "c1", Variables: map[string]string{"A": "1"}}))
	s.must(steps.Run{Place: at("A=1")})
	s.settled("A=1", "done")
	s.must(steps.Run{Place: at(`echo "$A"`)})
	s.settled(`echo "$A"`, "done")
	require.Equal(t, "c1", s.runner.Launches()[1].Context)
}

// Where the shell is can be seen, and is told only by the step that went there.
func TestTheDirectoryIsKnown(t *testing.T) {
	in := func(context, directory string) exectest.Answer {
		return exectest.Answer{Context: context, Variables: map[string]string{"PWD": directory, "SHELL": "/bin/sh"}}
	}
	s := begin(t, exectest.InOrder(in("c1", "/srv"), in("c2", "/srv"), in("c3", "/srv/site")))
	for i, changed := range []map[string]string{{"PWD": "/srv"}, {}, {"PWD": "/srv/site"}} {
		s.must(steps.Run{Place: at("A=1")})
		state := s.until(func(state steps.State) bool {
			return len(state.Spot(at("A=1")).Attempts) == i+1 && state.Spot(at("A=1")).Status.Settled()
		})
		end := state.Attempt(state.Spot(at("A=1")).Last).End
		require.Equal(t, changed, end.Changed)
		require.Empty(t, end.Unset)
	}
	require.Equal(t, "/srv/site", s.State().Context("here", "ada").Table["PWD"].Value)
}

func TestAnOutputIsJudgedOnce(t *testing.T) {
	for output, status := range map[string]string{"it is ready\n": "done", "not yet\n": "failed"} {
		var s *site
		s = begin(t, func(l exec.Launch) exectest.Answer {
			s.prints(l.Attempt, output)
			return exectest.Answer{}
		})
		s.must(steps.Jump{To: at("status"), Reason: "only this"})
		s.must(steps.Run{Place: at("status")})
		s.settled("status", status)
	}
}

func TestALaunchThatFailsIsRecorded(t *testing.T) {
	s := begin(t, exectest.InOrder(exectest.Answer{Refuse: errors.New("no bash here")}))
	s.must(steps.Run{Place: at("A=1")})
	state := s.settled("A=1", "failed")
	require.Equal(t, "no bash here", state.Attempt(state.Spot(at("A=1")).Last).End.Error)
}

// running is a session whose first command has been launched and waits.
func running(t *testing.T, change ...func(*runbook.Plan)) (*site, uint64) {
	launched := make(chan uint64, 1)
	s := begin(t, func(l exec.Launch) exectest.Answer {
		launched <- l.Attempt
		return exectest.Answer{Waits: true}
	}, change...)
	s.must(steps.Run{Place: at("A=1")})
	return s, <-launched
}

// TestAfterACrash lets go of a session while something runs, and finds each of the fates a command can have had.
func TestAfterACrash(t *testing.T) {
	for _, tc := range []struct {
		name   string
		fate   exectest.Answer
		status string
	}{
		{"nobody saw its end", exectest.Answer{Fate: exec.Lost}, "unknown"},
		{"the machine was rebooted", exectest.Answer{Fate: exec.Rebooted}, "unknown"},
		{"it ended while nobody looked", exectest.Answer{Context: "c1"}, "done"},
		{"it failed while nobody looked", exectest.Answer{Code: 3}, "failed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, id := running(t)
			require.NoError(t, s.Close())
			s.runner.Finish(id, tc.fate)
			var err error
			s.Session, err = session.Resume(s.dir, s.make, options())
			require.NoError(t, err)
			s.settled("A=1", tc.status)
			require.Len(t, s.runner.Launches(), 1, "nothing is run again by itself")
		})
	}
	t.Run("the machine was rebooted, as the text says", func(t *testing.T) {
		s, id := running(t, func(p *runbook.Plan) {
			p.Blocks[0].Text, p.Blocks[0].Commands, p.Blocks[0].DropsConnection = "reboot", []string{"reboot"}, true
		})
		require.NoError(t, s.Close())
		s.runner.Finish(id, exectest.Answer{Fate: exec.Rebooted})
		after := options()
		after.Boot = "b2"
		var err error
		s.Session, err = session.Resume(s.dir, s.make, after)
		require.NoError(t, err)
		require.Equal(t, steps.RebootExpected, s.settled("A=1", "done").Spot(at("A=1")).Reason)
		require.Len(t, s.runner.Launches(), 1)
	})
	t.Run("it still runs", func(t *testing.T) {
		s, id := running(t)
		require.NoError(t, s.Close())
		var err error
		s.Session, err = session.Resume(s.dir, s.make, options())
		require.NoError(t, err)
		s.until(func(state steps.State) bool { return state.Attempt(id).Resolved != nil })
		s.runner.Finish(id, exectest.Answer{})
		s.settled("A=1", "done")
	})
}

func TestTwoCannotHoldOneSession(t *testing.T) {
	s := begin(t, exectest.InOrder())
	_, err := session.Resume(s.dir, s.make, options())
	require.ErrorIs(t, err, journal.ErrLocked)
	require.Contains(t, err.Error(), "held by")
}

func TestASessionOfAnotherMachineIsNotResumed(t *testing.T) {
	s := begin(t, exectest.InOrder())
	require.NoError(t, s.Close())
	elsewhere := options()
	elsewhere.Machine = "there"
	_, err := session.Resume(s.dir, s.make, elsewhere)
	require.ErrorContains(t, err, "resume it there")
}

func TestASecretIsInNoFile(t *testing.T) {
	const secret = "hunter2-and-more"
	var given []exec.Secret
	s := begin(t, func(l exec.Launch) exectest.Answer {
		given = l.Secrets
		return exectest.Answer{Context: "c", Variables: map[string]string{"SEEN": "it was " + secret}}
	})
	p := at("login <password>")
	s.must(steps.Jump{To: p, Reason: "only this"})
	s.must(steps.Set{Place: p, Name: "<password>", Value: secret, Secret: true})
	require.Error(t, s.Do(steps.Edit{Place: p, Text: "login " + secret}, s.State().Seq()))
	s.must(steps.Note{Text: "the password is " + secret})
	s.must(steps.Run{Place: p})
	s.settled("login <password>", "done")
	require.Equal(t, []exec.Secret{{Name: "SECRET_password", Value: []byte(secret)}}, given)
	for name, text := range exectest.Files(t, s.dir) {
		require.NotContains(t, text, secret, name)
	}
	require.NoError(t, s.Close())
	var err error
	s.Session, err = session.Resume(s.dir, s.make, options())
	require.NoError(t, err)
	require.NotEmpty(t, s.State().Prepare(p).Missing, "its value died with the process that held it")
}

func TestAnAttachmentIsCopied(t *testing.T) {
	s := begin(t, exectest.InOrder())
	file := filepath.Join(t.TempDir(), "switch.txt")
	require.NoError(t, os.WriteFile(file, []byte("all ports up\n"), 0o600))
	s.must(steps.Attach{Place: at("A=1"), Source: file})
	s.must(steps.Attach{Place: at("A=1"), Source: "https://tickets.example/42"})
	require.ErrorContains(t, s.Do(steps.Attach{Place: at("A=1"), Source: t.TempDir()}, s.State().Seq()), "not a plain file")
	attached := s.State().Spot(at("A=1")).Attached
	require.Len(t, attached, 2)
	require.Equal(t, steps.Digest([]byte("all ports up\n")), attached[0].Digest)
}

func TestTheLogIsSafeToShow(t *testing.T) {
	var s *site
	s = begin(t, func(l exec.Launch) exectest.Answer {
		s.prints(l.Attempt, "one\x1b]52;c;AAAA\x07\ntwo\n")
		return exectest.Answer{}
	})
	s.must(steps.Run{Place: at("A=1")})
	s.settled("A=1", "done")
	log, err := s.log("")
	require.NoError(t, err)
	require.Contains(t, log, "two")
	require.NotContains(t, log, "\x1b]")
	_, err = s.log("9")
	require.ErrorContains(t, err, `no command ran in step "9"`)
}

func TestTheLogIsOfAStepAndAllWithinIt(t *testing.T) {
	var s *site
	s = begin(t, func(l exec.Launch) exectest.Answer {
		s.prints(l.Attempt, "it was "+l.Commands[0]+"\n")
		return exectest.Answer{}
	}, func(p *runbook.Plan) {
		p.Steps = []runbook.Step{
			{ID: "1", Path: "1", Parent: -1},
			{ID: "2", Path: "1/1", Body: []runbook.Item{{Kind: runbook.BlockItem, Index: 0}}},
			{ID: "3", Path: "1/2", Body: []runbook.Item{{Kind: runbook.BlockItem, Index: 2}}},
		}
		p.Blocks[2].Verify, p.Blocks[2].Check = false, nil
	})
	s.must(steps.Run{Place: at("A=1")})
	s.settled("A=1", "done")
	s.must(steps.Skip{Place: at(`echo "$A"`), Reason: "nothing to see"})
	s.must(steps.Run{Place: at("status")})
	s.settled("status", "done")
	for step, want := range map[string][]bool{
		"": {true, true}, "1": {true, true}, "1/1": {true, false}, "1/2": {false, true}, "3": {false, true}, ":3": {false, true},
	} {
		log, err := s.log(step)
		require.NoError(t, err)
		require.Equal(t, want, []bool{strings.Contains(log, "it was A=1\n"), strings.Contains(log, "it was status")}, step)
	}
}

// log is what is shown of what the session's commands printed.
func (s *site) log(step string) (string, error) {
	reader, err := journal.OpenReadOnly(s.dir)
	require.NoError(s.t, err)
	defer reader.Close()
	var out strings.Builder
	err = session.Log(context.Background(), &out, reader, step, false)
	return out.String(), err
}

// A host is named by whoever set up the machine, and stands above each output.
func TestTheLogNamesAHostSafely(t *testing.T) {
	const host = "here\x1b[2J\x1b]0;mine\a"
	walked, console := plan(), options()
	walked.Blocks[0].Host, console.Machine = host, host
	s := &site{t: t, runner: exectest.NewScripted(exectest.InOrder(exectest.Answer{}))}
	var err error
	s.Session, err = session.Create(filepath.Join(t.TempDir(), "s1"), walked, []byte("# A walk\n"), s.make, console)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	s.must(steps.Run{Place: at("A=1")})
	s.settled("A=1", "done")
	log, err := s.log("")
	require.NoError(t, err)
	require.Contains(t, log, "on here")
	require.Equal(t, safe.Of(log).Plain(), log)
}
