package transcript_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/steps/transcript"
)

var update = flag.Bool("update", false, "write the golden files anew")

// rollout is a small procedure: a canary, its check, the rest behind a gate, a choice, and work on another host.
func rollout() *runbook.Plan {
	block := func(id, text, host string, line int) runbook.Block {
		return runbook.Block{ID: id, Line: line, First: text, Kind: runbook.Command, Text: text, Commands: []string{text}, Host: host, Gate: runbook.NoGate}
	}
	canary := block("canary", "rollout n1", "m1", 12)
	canary.Owes = []string{"the label on n1"}
	look := block("look", "status n1", "m1", 20)
	look.Verify, look.Expect, look.Check = true, "it is configured", &runbook.Check{Regexp: "configured"}
	rest := block("rest", "rollout n2 n3", "m1", 30)
	rest.Gate, rest.Targets = runbook.Canary, []string{"n2", "n3"}
	rest.GateDetail = &runbook.GateDetail{Weight: runbook.Typed, Sentence: "Go on once the first is fine.", Line: 28, CanaryOf: "canary"}
	other := block("other", "upgrade m1", "m2", 40)
	unlabel := block("unlabel", "unlabel n1", "m1", 50)
	unlabel.Pays = []string{"the label on n1"}
	plan := &runbook.Plan{
		Source: "rollout.md", Format: "markdown", Title: "A small rollout", Digest: "sha256:d0c",
		Blocks: []runbook.Block{canary, look, rest, other, unlabel},
		Steps: []runbook.Step{
			step("read", "1", "Read the notes", runbook.ManualStep),
			step("first", "2", "The first node", runbook.CommandStep, 0, 1),
			step("others", "3", "The others", runbook.CommandStep, 2),
			step("elsewhere", "4", "From the other host", runbook.CommandStep, 3),
			step("clean", "5", "Clean up", runbook.CommandStep, 4),
		},
	}
	for i := range plan.Steps {
		plan.Root = append(plan.Root, runbook.Item{Kind: runbook.StepItem, Index: i})
	}
	return plan
}

func step(id, path, title string, kind runbook.StepKind, blocks ...int) runbook.Step {
	s := runbook.Step{ID: id, Path: path, Title: title, Kind: kind, Line: 10, Blocks: blocks, Parent: -1}
	for _, b := range blocks {
		s.Body = append(s.Body, runbook.Item{Kind: runbook.BlockItem, Index: b})
	}
	return s
}

func at(id string) steps.Place { return steps.Place{Block: id} }

var (
	ada  = steps.Actor{Name: "ada", UID: 1000, Via: steps.Terminal}
	bob  = steps.Actor{Name: "bob", UID: 1001, Via: steps.Terminal}
	file = steps.Actor{Name: "ada", UID: 1000, Via: steps.Answers, File: "answers.yaml"}
	self = steps.Actor{Name: "gatewalk", Via: steps.Machine}
)

// diary writes events down, ten seconds apart.
type diary struct{ events []steps.Event }

func (d *diary) says(by steps.Actor, facts ...steps.Fact) uint64 {
	seq := uint64(len(d.events) + 1)
	when := time.Date(2026, 11, 21, 10, 0, 0, 0, time.FixedZone("CET", 3600)).Add(time.Duration(seq) * 10 * time.Second)
	d.events = append(d.events, steps.Event{Seq: seq, Epoch: 1, At: when, Boot: "b00t", By: by, Facts: facts})
	return seq
}

func (d *diary) opens(simulated bool) {
	d.says(ada, steps.Opened{
		Session: "019ab", Source: "rollout.md", Sources: map[string]string{"rollout.md": "sha256:d0c"}, Plan: "sha256:91a", Machine: "m1", Boot: "b00t", User: "root",
		Build: "v0.1.0", Terminal: "/dev/pts/3", Inherited: map[string]string{"ACTIVITY": "may"}, Simulated: simulated,
	}, steps.DriverChanged{To: "ada"})
}

func (d *diary) starts(place steps.Place, text string, commands ...string) uint64 {
	return d.says(ada, steps.Started{Place: place, Host: "m1", User: "root", Text: text, Digest: "sha256:7e7", Commands: append([]string{}, commands...)})
}

// eventful is a session in which everything happens once.
func eventful() []steps.Event {
	d := &diary{}
	d.opens(false)
	d.says(ada, steps.DoneByHand{Place: at("read"), Result: steps.Passed, Who: "ada", Note: "release 1.2", Pasted: "line one\nline two"})
	d.says(ada, steps.Bound{Host: "m1", To: steps.Binding{Kind: steps.Here, Names: []string{"m1"}}, Itself: true})
	d.says(ada, steps.Set{Place: at("canary"), Name: "<token>", Secret: true, Commitment: "sha256:c0"})
	d.says(ada, steps.Edited{Place: at("canary"), Was: "rollout n1", Text: "rollout --slow n1", Reason: "the link is thin"})
	first := d.says(ada, steps.Started{
		Place: at("canary"), Host: "m1", User: "root", Text: "rollout --slow n1\ntrue", Digest: "sha256:7e7", Commands: []string{"rollout --slow n1", "true"}, Edited: true, Secrets: []string{"TOKEN"},
	})
	d.says(self, steps.Finished{
		Attempt: first, Code: 1, Exits: []steps.CommandExit{{Command: 0, Code: 1}}, Bytes: 120, Output: "sha256:007", Redactions: 1, Hidden: 2, Took: 2.5, Changed: map[string]string{"NODE": "n1"},
		Warning: "the directory is gone",
	})
	d.says(self, steps.Judged{Attempt: first, Place: at("canary"), Judgment: steps.Judgment{Ruling: steps.RulingFail, Evidence: "exit 1, wanted 0"}})
	d.says(ada, steps.Judged{Attempt: first, Place: at("canary"), Judgment: steps.Judgment{Ruling: steps.RulingPass}, Accepted: true, Note: "a known warning"})
	off := d.says(ada, steps.Started{Place: at("canary"), Host: "m1", User: "root", Text: "uptime", Digest: "sha256:0ff", Commands: []string{"uptime"}, OffScript: true, Scratch: true})
	d.says(self, steps.Finished{Attempt: off, Bytes: 9, Output: "sha256:008", Took: 0.1})
	d.says(ada, steps.PollStarted{Place: at("look"), Every: "30s", Timeout: "1h"})
	for round := range 2 {
		id := d.starts(at("look").In(steps.RoundFrame, fmt.Sprint(round+1)), "status n1", "status n1")
		d.says(self, steps.Finished{Attempt: id, Bytes: 11, Output: "sha256:009", Took: 1})
		ruling := []steps.Ruling{steps.RulingPending, steps.RulingPass}[round]
		d.says(self, steps.Judged{Attempt: id, Place: at("look").In(steps.RoundFrame, fmt.Sprint(round+1)), Judgment: steps.Judgment{Ruling: ruling, Evidence: "line 1 matches", Flags: []string{"not in the sample: n1"}}})
	}
	d.says(self, steps.PollEnded{Place: at("look"), How: "holds", Rounds: 2})
	d.says(ada, steps.GateReached{
		Place: at("rest"), Gate: runbook.Canary, Weight: runbook.Typed, Phrase: "n2 n3", Sentence: "Go on once the first is fine.", Line: 28, Host: "m1", Targets: []string{"n2", "n3"}, Canary: []string{"n1"},
		Digest: "sha256:7e8",
	})
	d.says(ada, steps.GateRefused{Place: at("rest"), Length: 5})
	d.says(ada, steps.GateRefused{Place: at("rest"), Length: 7})
	d.says(ada, steps.GateRefused{Place: at("rest"), NoGo: true, Reason: "n3 is in use"})
	d.says(ada, steps.GatePassed{Place: at("rest"), Phrase: "n2 n3"})
	rest := d.starts(at("rest"), "rollout n2 n3", "rollout n2 n3")
	d.says(ada, steps.Noted{Place: &steps.Place{Block: "rest"}, Attempt: rest, Signal: "INT", Text: "it hangs"})
	d.says(ada, steps.DriverChanged{From: "ada", Reason: "lunch"})
	d.says(bob, steps.Opened{Session: "019ab", Machine: "m1", Boot: "b002", User: "root", Build: "v0.1.1", Resumed: true}, steps.TailDropped{Bytes: 17}, steps.SecretsForgotten{Names: []string{"TOKEN"}}, steps.DriverChanged{To: "bob", Forced: true, Reason: "ada is away"})
	d.says(self, steps.ClockJumped{Seconds: -3600})
	d.says(self, steps.Unknown{Attempt: rest, Evidence: "its process is gone and left no result"})
	d.says(bob, steps.Resolved{Attempt: rest, As: steps.OutcomeDone, Reason: "both nodes answer"})
	d.says(bob, steps.Held{On: true, Reason: "change freeze"})
	d.says(bob, steps.Held{Reason: "freeze over"})
	d.says(bob, steps.Overruled{Place: at("other"), Property: steps.HostProperty, Value: "m3", Was: "m2", Reason: "m2 was renamed"})
	d.says(bob, steps.DoneByHand{Place: at("other"), Result: steps.NotApplicable, Who: "carol", Note: "m1 is current"})
	d.says(bob, steps.Attached{Place: at("other"), Source: "https://tickets/42", Digest: "sha256:a77"})
	d.says(bob, steps.Noted{Place: &steps.Place{Block: "unlabel"}, Text: "the label stays for tonight", Jump: &steps.Place{Block: "other"}})
	d.says(bob, steps.Noted{Text: "all quiet\non every node"})
	d.says(bob, steps.Skipped{Place: at("unlabel"), Reason: "the next run needs it"})
	d.says(bob, steps.Closed{Outcome: "stopped", Reason: "to be continued"})
	return d.events
}

// prints hands out the same output for every attempt.
func prints(output string) transcript.Outputs {
	return func(uint64) (io.Reader, error) { return strings.NewReader(output), nil }
}

func markdown(t testing.TB, r transcript.Record, output transcript.Outputs) string {
	var b bytes.Buffer
	require.NoError(t, transcript.WriteMarkdown(&b, r, output))
	return b.String()
}

func asJSON(t testing.TB, r transcript.Record, output transcript.Outputs) string {
	var b bytes.Buffer
	require.NoError(t, transcript.WriteJSON(&b, r, output))
	return b.String()
}

func golden(t *testing.T, name, got string) {
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run the tests with -update to write it")
	require.Equal(t, string(want), got)
}

func TestAnEventfulSession(t *testing.T) {
	r := transcript.New(rollout(), eventful())
	r.Journal.Head = safe.Line("sha256:4ead")
	golden(t, "eventful.md", markdown(t, r, prints("working\r\n\x1b[32mdone\x1b[0m\r\n")))
	golden(t, "eventful.json", asJSON(t, r, prints("working\r\n\x1b[32mdone\x1b[0m\r\n")))
}

func TestAnUneventfulSession(t *testing.T) {
	d := &diary{}
	d.opens(false)
	id := d.starts(at("canary"), "rollout n1", "rollout n1")
	d.says(self, steps.Finished{Attempt: id, Bytes: 3, Output: "sha256:1", Took: 1})
	r := transcript.New(rollout(), d.events)
	require.Empty(t, r.Deviations)
	require.Equal(t, "not closed", r.Outcome.Plain())
	golden(t, "uneventful.md", markdown(t, r, prints("ok\n")))
}

func TestARehearsalSaysSoOnEveryPage(t *testing.T) {
	d := &diary{}
	d.opens(true)
	d.says(ada, steps.Closed{Outcome: "completed"})
	r := transcript.New(rollout(), d.events)
	require.True(t, r.Simulated)
	text := markdown(t, r, prints(""))
	for part := range strings.SplitSeq(strings.TrimPrefix(text, "#"), "\n#") {
		lines := strings.Split(part, "\n")
		require.Contains(t, lines[2], "SIMULATED", "below %q", lines[0])
	}
	require.Contains(t, text, "a rehearsal on a simulated site")
}

func TestNothingIsOpened(t *testing.T) {
	require.Contains(t, markdown(t, transcript.New(rollout(), nil), prints("")), "never opened")
}

func TestListsInJSONAreListsEvenWhenEmpty(t *testing.T) {
	for _, events := range [][]steps.Event{nil, eventful()} {
		document := asJSON(t, transcript.New(rollout(), events), prints(""))
		require.NotContains(t, strings.ReplaceAll(document, `"exit": null`, ""), "null", "jq cannot walk over null")
	}
}

func TestALongOutputIsCutInTheMiddle(t *testing.T) {
	var output strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&output, "line %d\n", i)
	}
	record := readBack(t, output.String())
	require.Len(t, record.Head, 100)
	require.Len(t, record.Tail, 100)
	require.Equal(t, 800, record.Omitted)
	require.Equal(t, "line 99", record.Head[99])
	require.Equal(t, "line 900", record.Tail[0])
	require.Equal(t, "line 999", record.Tail[99])

	record = readBack(t, strings.Repeat("x\n", 200))
	require.Len(t, record.Head, 200)
	require.Zero(t, record.Omitted)

	record = readBack(t, "\n\n"+strings.Repeat("x", 5000))
	require.Equal(t, []string{"", "", strings.Repeat("x", 1000) + " … and 4000 bytes more"}, record.Head)

	record = readBack(t, "x"+strings.Repeat("é", 1000))
	require.Equal(t, []string{"x" + strings.Repeat("é", 499) + " … and 1001 bytes more"}, record.Head, "no character is cut in two")
}

type output struct {
	Head, Tail []string
	Omitted    int
	Missing    string
}

// readBack is the output of the one attempt of a session, as the JSON record has it.
func readBack(t *testing.T, printed string) output {
	return outputs(t, prints(printed))[0]
}

func outputs(t *testing.T, from transcript.Outputs) []output {
	d := &diary{}
	d.opens(false)
	d.starts(at("canary"), "rollout n1", "rollout n1")
	var record struct {
		Walk []struct {
			Blocks []struct {
				Entries []struct{ Attempt struct{ Output output } }
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(asJSON(t, transcript.New(rollout(), d.events), from)), &record))
	var all []output
	for _, section := range record.Walk {
		for _, block := range section.Blocks {
			for _, entry := range block.Entries {
				all = append(all, entry.Attempt.Output)
			}
		}
	}
	require.NotEmpty(t, all)
	return all
}

// closing counts how often it was closed.
type closing struct {
	io.Reader
	closed int
}

func (c *closing) Close() error {
	c.closed++
	return nil
}

func TestAnOutputThatIsGoneIsSaid(t *testing.T) {
	gone := func(uint64) (io.Reader, error) { return nil, errors.New("no such file") }
	require.Equal(t, "could not be read: no such file", outputs(t, gone)[0].Missing)
	file := &closing{Reader: strings.NewReader("ok\n")}
	require.Equal(t, []string{"ok"}, outputs(t, func(uint64) (io.Reader, error) { return file, nil })[0].Head)
	require.Equal(t, 1, file.closed)
}

func TestASecretIsNowhere(t *testing.T) {
	d := &diary{}
	d.opens(false)
	d.says(ada, steps.Set{Place: at("canary"), Name: "<token>", Value: "hunter2", Secret: true, Commitment: "sha256:c0"})
	d.says(ada, steps.Set{Place: at("canary"), Name: "<other>", Value: "hunter2", Secret: true})
	r := transcript.New(rollout(), d.events)
	require.NotContains(t, markdown(t, r, prints(""))+asJSON(t, r, prints("")), "hunter2")
}

func TestOnlyTheLastRoundShowsItsOutput(t *testing.T) {
	r := transcript.New(rollout(), eventful())
	text := markdown(t, r, prints("round and round"))
	require.Contains(t, text, "left out: other rounds follow")
	require.Equal(t, 4, strings.Count(text, "    round and round\n"), "of the canary, off script, the last round, the rest")
}

func TestAWriteErrorIsReported(t *testing.T) {
	r := transcript.New(rollout(), eventful())
	require.ErrorIs(t, transcript.WriteMarkdown(full{}, r, prints("")), errFull)
	require.ErrorIs(t, transcript.WriteJSON(full{}, r, prints("")), errFull)
}

var errFull = errors.New("the disk is full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
