package steps_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// walkPlan is a small rollout: a canary and its check, the rest behind a typed gate, a choice, a routine called and returned
// from, work done by hand, and a step that belongs to another host.
func walkPlan() *runbook.Plan {
	block := func(id, text, host string) runbook.Block {
		return runbook.Block{ID: id, Line: 10 + len(id), Kind: runbook.Command, Text: text, Commands: []string{text}, Host: host, Gate: runbook.NoGate}
	}
	name := block("name", "CANARY=n1", "m1")
	name.Sets = []string{"CANARY"}
	canary := block("canary", "rollout \"$CANARY\"", "m1")
	canary.Targets = []string{"$CANARY"}
	look := block("look", "status \"$CANARY\"", "m1")
	look.Verify, look.Expect = true, "it is configured"
	look.Check = &runbook.Check{Regexp: "configured", FailIf: "failed"}
	look.PollRule = &runbook.PollRule{Every: "10s", Timeout: "1m"}
	list := block("list", "REST=\"n2 n3\"", "m1")
	list.Sets = []string{"REST"}
	rest := block("rest", "rollout $REST", "m1")
	rest.Gate, rest.Targets = runbook.Canary, []string{"$REST"}
	rest.GateDetail = &runbook.GateDetail{Weight: runbook.Typed, Sentence: "Go on once the first is fine.", Line: 30, CanaryOf: "canary"}
	label := block("label", "label <node>", "m1")
	label.Inputs = []string{"<node>"}
	light := block("light", "reboot n4", "m1")
	light.Gate, light.GateDetail = runbook.Disruptive, &runbook.GateDetail{Weight: runbook.OneKey, Sentence: "This reboots it."}
	other := block("other", "upgrade m1", "m2")
	unsaid := block("unsaid", "uptime", "")
	eyes := block("eyes", "show everything", "m1")
	eyes.Verify = true
	one := 0
	plan := &runbook.Plan{
		Source: "rollout.md", Title: "A small rollout",
		Blocks: []runbook.Block{name, canary, look, list, rest, label, light, other, unsaid, eyes},
		Steps: []runbook.Step{
			step("read", "1", "Read the notes", runbook.ManualStep),
			step("first", "2", "The first node", runbook.CommandStep, 0, 1, 2),
			step("others", "3", "The others", runbook.CommandStep, 3, 4),
			step("way", "4", "One way or the other", runbook.ChoiceStep),
			step("wayA", "4/1", "With a label", runbook.CommandStep, 5),
			step("wayB", "4/2", "With a reboot", runbook.CommandStep, 6),
			step("call", "5", "Look at everything, as in A", runbook.RefStep),
			step("elsewhere", "6", "From the other host", runbook.CommandStep, 7, 8),
			step("routine", "A", "Look at everything", runbook.VerifyStep, 9),
		},
		Choices: []runbook.Choice{{Text: "choose", Step: 3, Options: []runbook.Option{{Title: "label", Step: 4}, {Title: "reboot", Step: 5}}}},
		Refs:    []runbook.Ref{{Text: "A", Target: "#a", Internal: true, Returns: true, Step: 8}},
	}
	plan.Steps[3].Choice, plan.Steps[6].Ref = &one, &one
	plan.Steps[3].Body = []runbook.Item{{Kind: runbook.StepItem, Index: 4}, {Kind: runbook.StepItem, Index: 5}}
	plan.Steps[8].Routine = true
	for _, i := range []int{0, 1, 2, 3, 6, 7, 8} {
		plan.Root = append(plan.Root, runbook.Item{Kind: runbook.StepItem, Index: i})
	}
	return plan
}

func step(id, path, title string, kind runbook.StepKind, blocks ...int) runbook.Step {
	s := runbook.Step{ID: id, Path: path, Title: title, Kind: kind, Line: 1, Blocks: blocks, Parent: -1}
	for _, b := range blocks {
		s.Body = append(s.Body, runbook.Item{Kind: runbook.BlockItem, Index: b})
	}
	return s
}

// session is a session in memory: it decides, numbers and applies, and keeps every event and effect.
type session struct {
	t       testing.TB
	state   steps.State
	events  []steps.Event
	effects []steps.Effect
	now     time.Time
	by      steps.Actor
	boot    string
}

func begin(t testing.TB) *session { return beginOn(t, "m1", false) }

func beginOn(t testing.TB, machine string, simulated bool) *session {
	s := &session{t: t, state: steps.New(walkPlan()), now: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC), by: steps.Actor{Name: "ada", Via: steps.Terminal}}
	s.must(steps.Begin{Opened: steps.Opened{Session: "s1", Machine: machine, User: "ada", Simulated: simulated}})
	return s
}

func at(block string) steps.Place { return steps.Place{Block: block} }

// say is one input, said by someone who has seen everything.
func (s *session) say(in steps.Input) error { return s.sayBy(s.by, in, s.state.Seq()) }

func (s *session) sayBy(by steps.Actor, in steps.Input, seen uint64) error {
	s.now = s.now.Add(time.Second)
	facts, err := steps.Decide(s.state, steps.Message{By: by, At: s.now, Seen: seen, Input: in})
	if err != nil {
		require.Empty(s.t, facts, "a rejected input writes nothing")
		return err
	}
	event := steps.Event{Seq: s.state.Seq() + 1, Epoch: 1, At: s.now, Boot: s.boot, By: by, Facts: facts}
	s.state = steps.Apply(s.state, event)
	s.events = append(s.events, event)
	s.effects = steps.Effects(s.state, event)
	return nil
}

func (s *session) must(in steps.Input) *session {
	s.t.Helper()
	require.NoError(s.t, s.say(in))
	return s
}

// refused says an input and wants it refused, for that reason.
func (s *session) refused(why steps.Refused, in steps.Input) *steps.Refusal {
	s.t.Helper()
	err := s.say(in)
	require.Error(s.t, err)
	refusal := err.(*steps.Refusal)
	require.Equal(s.t, why, refusal.Why, refusal.Error())
	return refusal
}

func (s *session) machine(in steps.Input) *session {
	s.t.Helper()
	require.NoError(s.t, s.sayBy(steps.Actor{Via: steps.Machine}, in, 0))
	return s
}

// ends lets the one running attempt end, and judges it as the edge would.
func (s *session) ends(code int, changed map[string]string, ruling steps.Ruling) *session {
	s.t.Helper()
	require.Len(s.t, s.state.Running(), 1)
	id := s.state.Running()[0]
	s.machine(steps.Exited{Finished: steps.Finished{Attempt: id, Code: code, Context: fmt.Sprint("c", id), Changed: changed}})
	s.machine(steps.Observed{Attempt: id, Judgment: steps.Judgment{Ruling: ruling}})
	return s
}

func (s *session) status(place string) steps.Status { return s.state.Spot(at(place)).Status }

// launches are the attempts that the last event started.
func (s *session) launches() int {
	n := 0
	for _, e := range s.effects {
		if _, ok := e.(steps.Launch); ok {
			n++
		}
	}
	return n
}

// toGate walks to the open gate before the rest.
func (s *session) toGate() *session {
	s.must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
	s.must(steps.Run{Place: at("name")}).ends(0, map[string]string{"CANARY": "n1"}, steps.RulingPass)
	s.must(steps.Run{Place: at("canary")}).ends(0, nil, steps.RulingPass)
	s.must(steps.Run{Place: at("look")}).ends(0, nil, steps.RulingPass)
	s.must(steps.Run{Place: at("list")}).ends(0, map[string]string{"REST": "n2 n3"}, steps.RulingPass)
	return s.must(steps.Run{Place: at("rest")})
}

func TestAWholeWalk(t *testing.T) {
	s := begin(t).toGate()
	require.Equal(t, steps.StatusWaiting, s.status("rest"))
	require.Zero(t, s.launches(), "a gate that is reached starts nothing")
	s.must(steps.Confirm{Place: at("rest"), Phrase: "n2 n3"})
	require.Equal(t, 1, s.launches())
	s.ends(0, nil, steps.RulingPass)
	s.must(steps.Choose{Place: at("way"), Option: 0})
	s.must(steps.Set{Place: at("label"), Name: "<node>", Value: "n1"})
	s.must(steps.Run{Place: at("label")}).ends(0, nil, steps.RulingPass)
	s.must(steps.Run{Place: at("call")})
	inside := at("eyes").In(steps.CallFrame, "call")
	next, _ := s.state.Next()
	require.Equal(t, inside.Key(), next.Key(), "a call goes on inside what it calls")
	s.must(steps.Run{Place: inside}).ends(0, nil, steps.RulingPass)
	require.Equal(t, steps.StatusAsking, s.state.Spot(inside).Status, "a verification without an expectation asks a person")
	s.must(steps.Verdict{Attempt: s.state.Spot(inside).Last, Pass: true, Note: "all fine"})
	s.must(steps.Done{Place: at("other"), Result: steps.Passed, Who: "bob", Note: "on m2"})
	require.Equal(t, steps.StatusDone, s.status("call"), "going on outside returns from the call")
	s.must(steps.Skip{Place: at("unsaid"), Reason: "not needed"})
	_, open := s.state.Next()
	require.False(t, open)
	s.must(steps.Close{Outcome: "completed"})
	s.refused(steps.RefusedClosed, steps.Run{Place: at("name")})
}

func TestNothingStartsWhereItDoesNotBelong(t *testing.T) {
	s := begin(t).toGate()
	s.must(steps.Confirm{Place: at("rest"), Phrase: "n2 n3"}).ends(0, nil, steps.RulingPass)
	s.must(steps.Choose{Place: at("way"), Option: 0}).must(steps.Skip{Place: at("label"), Reason: "no"}).must(steps.Skip{Place: at("call"), Reason: "no"})
	r := s.refused(steps.RefusedHost, steps.Run{Place: at("other")})
	require.Equal(t, "m2", r.Host)
	s.refused(steps.RefusedHost, steps.Bind{Host: "m2", To: steps.Binding{Kind: steps.Here}, Typed: "m2"})
	s.must(steps.Bind{Host: "m2", To: steps.Binding{Kind: steps.ByHand}})
	s.refused(steps.RefusedByHand, steps.Run{Place: at("other")})
	s.must(steps.Done{Place: at("other"), Result: steps.Passed, Who: "ada"})
	p := at("unsaid")
	s.refused(steps.RefusedHost, steps.Run{Place: p})
	s.refused(steps.RefusedMistyped, steps.Bind{Place: &p, To: steps.Binding{Kind: steps.Here}, Typed: "m2"})
	s.must(steps.Bind{Place: &p, To: steps.Binding{Kind: steps.Here}, Typed: "m1"})
	s.must(steps.Run{Place: p})
	require.Equal(t, 1, s.launches())
}

func TestOnAMachineOfAnotherName(t *testing.T) {
	s := beginOn(t, "lab7", false)
	s.must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
	s.refused(steps.RefusedHost, steps.Run{Place: at("name")})
	s.must(steps.Bind{Host: "m1", To: steps.Binding{Kind: steps.Here}, Typed: "m1"})
	s.must(steps.Run{Place: at("name")})
	require.Equal(t, "m1", s.state.Attempt(s.state.Running()[0]).Started.Host)
	s.refused(steps.RefusedHost, steps.Bind{Host: "m2", To: steps.Binding{Kind: steps.Here}, Typed: "m2"})
}

func TestWhatIsMissingStops(t *testing.T) {
	for _, tc := range []struct {
		value, says string
	}{
		{"", "CANARY is empty, it should have been set by step"},
		{"null", "CANARY is null"},
		{"None", "CANARY is None"},
		{"  ", "CANARY is empty"},
	} {
		s := begin(t).must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
		s.must(steps.Run{Place: at("name")}).ends(0, map[string]string{"CANARY": tc.value}, steps.RulingPass)
		r := s.refused(steps.RefusedMissing, steps.Run{Place: at("canary")})
		require.Contains(t, r.Text, tc.says)
		require.Equal(t, "CANARY", r.Missing[0].Name)
		s.must(steps.Set{Place: at("canary"), Name: "CANARY", Value: "n9"}).must(steps.Run{Place: at("canary")})
		require.Equal(t, map[string]string{"CANARY": "n9"}, s.state.Attempt(s.state.Running()[0]).Started.Assign)
	}
}

func TestAPlaceholderBelongsToItsPlace(t *testing.T) {
	s := begin(t)
	require.Equal(t, "a leftover placeholder", s.state.Prepare(at("label")).Missing[0].Is)
	s.must(steps.Set{Place: at("label"), Name: "<node>", Value: "n 1"})
	require.Equal(t, "label 'n 1'", s.state.Prepare(at("label")).Text)
	again := at("label").In(steps.CallFrame, "call")
	require.Equal(t, "n 1", s.state.Prepare(again).Fields[0].Offered, "offered elsewhere, never taken by itself")
	require.NotEmpty(t, s.state.Prepare(again).Missing)
}

func TestASecretStandsInNoFact(t *testing.T) {
	s := begin(t)
	s.must(steps.Set{Place: at("label"), Name: "<node>", Secret: true, Commitment: "sha256:abc"})
	ready := s.state.Prepare(at("label"))
	require.Equal(t, `label "$SECRET_node"`, ready.Text)
	require.Equal(t, []string{"SECRET_node"}, ready.Secrets)
	s.machine(steps.Reopened{Machine: "m1", Secrets: []string{"SECRET_node"}})
	require.NotEmpty(t, s.state.Prepare(at("label")).Missing, "a forgotten secret is asked for again")
}

func TestAGate(t *testing.T) {
	t.Run("a wrong phrase leaves its length only", func(t *testing.T) {
		s := begin(t).toGate().must(steps.Confirm{Place: at("rest"), Phrase: "n2"})
		require.Equal(t, steps.GateRefused{Place: at("rest"), Length: 2}, s.events[len(s.events)-1].Facts[0])
		require.Zero(t, s.launches())
		require.Equal(t, steps.StatusWaiting, s.status("rest"))
	})
	t.Run("a confirmation of what has changed since is stale", func(t *testing.T) {
		s := begin(t).toGate()
		seen := s.state.Seq()
		s.must(steps.Edit{Place: at("rest"), Text: "rollout $REST --force"})
		err := s.sayBy(s.by, steps.Confirm{Place: at("rest"), Phrase: "n2 n3"}, seen)
		require.Equal(t, steps.RefusedStale, err.(*steps.Refusal).Why)
		s.refused(steps.RefusedStale, steps.Confirm{Place: at("rest"), Phrase: "n2 n3"})
		s.must(steps.Run{Place: at("rest")}).must(steps.Confirm{Place: at("rest"), Phrase: "n2 n3"})
		require.Equal(t, 1, s.launches())
	})
	t.Run("other targets are another gate", func(t *testing.T) {
		s := begin(t).toGate().must(steps.Set{Place: at("rest"), Name: "REST", Value: "n2 n3 n4"})
		s.refused(steps.RefusedStale, steps.Confirm{Place: at("rest"), Phrase: "n2 n3"})
	})
	t.Run("a note elsewhere makes nothing stale", func(t *testing.T) {
		s := begin(t).toGate()
		seen := s.state.Seq()
		other := at("read")
		s.must(steps.Note{Place: &other, Text: "coffee"}).must(steps.Note{Text: "more"})
		require.NoError(t, s.sayBy(s.by, steps.Confirm{Place: at("rest"), Phrase: "n2 n3"}, seen))
	})
	t.Run("a file or a pipe passes none of a real session", func(t *testing.T) {
		s := begin(t).toGate()
		s.by.Via = steps.Answers
		s.refused(steps.RefusedPerson, steps.Confirm{Place: at("rest"), Phrase: "n2 n3"})
		s.refused(steps.RefusedPerson, steps.Done{Place: at("rest"), Result: steps.Passed, Who: "a file"})
		s.refused(steps.RefusedPerson, steps.Overrule{Place: at("rest"), Property: steps.GateProperty, Value: "none", Reason: "quicker"})
	})
	t.Run("no-go stops the walk, with a reason", func(t *testing.T) {
		s := begin(t).toGate()
		s.refused(steps.RefusedReason, steps.Refuse{Place: at("rest")})
		s.must(steps.Refuse{Place: at("rest"), Reason: "the canary flaps"})
		s.refused(steps.RefusedTrouble, steps.Done{Place: at("unsaid"), Result: steps.Passed, Who: "ada"})
	})
	t.Run("a light gate takes one deliberate confirmation", func(t *testing.T) {
		s := begin(t).toGate().must(steps.Confirm{Place: at("rest"), Phrase: "n2 n3"}).ends(0, nil, steps.RulingPass)
		s.must(steps.Choose{Place: at("way"), Option: 1}).must(steps.Run{Place: at("light")})
		require.Zero(t, s.launches())
		s.must(steps.Confirm{Place: at("light")})
		require.Equal(t, 1, s.launches())
	})
	t.Run("it is compared with the canary", func(t *testing.T) {
		s := begin(t).toGate()
		gate := s.state.Spot(at("rest")).Gate
		require.Equal(t, []string{"n1"}, gate.Canary)
		require.Empty(t, gate.Difference().Overlap)
		gate.Targets = []string{"n1", "n2", "n2"}
		require.Equal(t, steps.Difference{Canary: []string{"n1"}, Overlap: []string{"n1"}, Twice: []string{"n2"}}, gate.Difference())
	})
	t.Run("its evidence has an age", func(t *testing.T) {
		s := begin(t).toGate()
		evidence := s.state.Evidence(at("rest"), s.now.Add(20*time.Minute))
		require.Len(t, evidence, 1)
		require.True(t, evidence[0].Stale)
		require.False(t, s.state.Evidence(at("rest"), s.now)[0].Stale)
		s.machine(steps.Reopened{Machine: "m1"})
		require.True(t, s.state.Evidence(at("rest"), s.now)[0].Stale, "from before a resume")
	})
}

func TestAFailureStopsTheWalk(t *testing.T) {
	fail := func(t *testing.T) *session {
		s := begin(t).must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
		s.must(steps.Run{Place: at("name")}).ends(0, map[string]string{"CANARY": "n1"}, steps.RulingPass)
		s.must(steps.Run{Place: at("canary")}).ends(0, nil, steps.RulingPass)
		s.must(steps.Run{Place: at("look")}).ends(0, nil, steps.RulingFail)
		s.refused(steps.RefusedTrouble, steps.Run{Place: at("list")})
		return s
	}
	t.Run("run again", func(t *testing.T) {
		s := fail(t).must(steps.Run{Place: at("look")})
		require.True(t, s.state.Attempt(s.state.Running()[0]).Started.Again)
		s.ends(0, nil, steps.RulingPass).must(steps.Run{Place: at("list")})
	})
	t.Run("what came before may be run again on purpose", func(t *testing.T) {
		fail(t).must(steps.Run{Place: at("canary")})
	})
	t.Run("accept with a reason", func(t *testing.T) {
		s := fail(t)
		last := s.state.Spot(at("look")).Last
		s.refused(steps.RefusedReason, steps.Verdict{Attempt: last, Pass: true})
		s.must(steps.Verdict{Attempt: last, Pass: true, Note: "known issue"})
		require.True(t, s.state.Spot(at("look")).Verdict.Accepted)
		s.must(steps.Run{Place: at("list")})
	})
	t.Run("no-go", func(t *testing.T) {
		fail(t).must(steps.Refuse{Place: at("look"), Reason: "stop here"})
	})
}

func TestAPoll(t *testing.T) {
	ready := func(t *testing.T) *session {
		s := begin(t).must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
		s.must(steps.Run{Place: at("name")}).ends(0, map[string]string{"CANARY": "n1"}, steps.RulingPass)
		s.must(steps.Run{Place: at("canary")}).ends(0, nil, steps.RulingPass)
		return s.must(steps.Poll{Place: at("look")})
	}
	t.Run("holds", func(t *testing.T) {
		s := ready(t).ends(0, nil, steps.RulingPending)
		require.Equal(t, []steps.Effect{steps.Wake{Place: at("look"), Seconds: 10}}, s.effects)
		s.machine(steps.Tick{Place: at("look")}).ends(0, nil, steps.RulingPass)
		require.Equal(t, steps.StatusDone, s.status("look"))
		require.Equal(t, 2, s.state.Spot(at("look")).Poll.Round)
	})
	t.Run("the next round waits until the last one is judged", func(t *testing.T) {
		s := ready(t)
		s.machine(steps.Exited{Finished: steps.Finished{Attempt: s.state.Running()[0]}})
		require.NotContains(t, s.effects, steps.Wake{Place: at("look"), Seconds: 10})
		s.refused(steps.RefusedNot, steps.Tick{Place: at("look")})
	})
	t.Run("may begin where a verdict was asked for", func(t *testing.T) {
		s := ready(t).ends(0, nil, steps.RulingPass)
		s.must(steps.Overrule{Place: at("look"), Property: steps.CheckProperty, Value: "drop", Reason: "look myself"})
		s.must(steps.Run{Place: at("look")}).ends(0, nil, steps.RulingPass)
		require.Equal(t, steps.StatusAsking, s.status("look"))
		s.must(steps.Overrule{Place: at("look"), Property: steps.CheckProperty, Value: "adopt", Reason: "it can tell"})
		require.Equal(t, []steps.Place{at("look")}, s.must(steps.Poll{Place: at("look")}).state.Polling())
	})
	t.Run("fails", func(t *testing.T) {
		require.Equal(t, steps.StatusFailed, ready(t).ends(0, nil, steps.RulingFail).status("look"))
	})
	t.Run("is given up", func(t *testing.T) {
		s := ready(t)
		s.now = s.now.Add(2 * time.Minute)
		require.Equal(t, steps.PollGivenUp, s.ends(0, nil, steps.RulingPending).state.Spot(at("look")).Poll.How)
	})
	t.Run("its tick makes nothing stale elsewhere", func(t *testing.T) {
		s := ready(t).ends(0, nil, steps.RulingPending)
		seen := s.state.Seq()
		s.machine(steps.Tick{Place: at("look")})
		require.NoError(t, s.sayBy(s.by, steps.Skip{Place: at("rest"), Reason: "later"}, seen))
	})
	t.Run("what has a gate is not polled", func(t *testing.T) {
		s := ready(t).ends(0, nil, steps.RulingPass)
		s.must(steps.Run{Place: at("list")}).ends(0, map[string]string{"REST": "n2"}, steps.RulingPass)
		s.refused(steps.RefusedNot, steps.Poll{Place: at("rest")})
	})
	t.Run("a round in doubt is abandoned with its evidence", func(t *testing.T) {
		s := ready(t).machine(steps.Reopened{Machine: "m1"})
		require.Equal(t, []steps.Effect{steps.Probe{Attempt: s.state.Running()[0]}}, s.effects)
		s.machine(steps.Probed{Attempt: s.state.Running()[0], Found: steps.OutcomeUnknown, Evidence: "no exit"})
		require.Equal(t, steps.StatusOpen, s.status("look"))
	})
}

func TestStartedWithoutAnEndIsUnknown(t *testing.T) {
	s := begin(t).toGate().must(steps.Confirm{Place: at("rest"), Phrase: "n2 n3"})
	id := s.state.Running()[0]
	require.NoError(t, s.sayBy(steps.Actor{Name: "ada", Via: steps.Machine}, steps.Reopened{Machine: "m1", Boot: "b2"}, 0))
	require.Equal(t, []steps.Effect{steps.Probe{Attempt: id}}, s.effects, "it is asked after, not run")
	s.machine(steps.Probed{Attempt: id, Found: steps.OutcomeUnknown, Evidence: "its process is gone"})
	require.Empty(t, s.effects)
	require.Equal(t, steps.StatusUnknown, s.status("rest"))
	s.refused(steps.RefusedTrouble, steps.Run{Place: at("rest")})
	s.refused(steps.RefusedReason, steps.Resolve{Attempt: id, As: steps.OutcomeDone})
	s.must(steps.Resolve{Attempt: id, As: steps.OutcomeNotRun, Reason: "the nodes are as before"})
	s.must(steps.Run{Place: at("rest")})
	require.Equal(t, steps.StatusWaiting, s.status("rest"), "again is a new try: its gate stands again")
}

func TestAJumpLeavesOpenWhatLiesBetween(t *testing.T) {
	s := begin(t)
	s.refused(steps.RefusedOrder, steps.Run{Place: at("name")})
	s.must(steps.Jump{To: at("list"), Reason: "the canary was done yesterday"})
	next, _ := s.state.Next()
	require.Equal(t, at("list"), next)
	s.must(steps.Run{Place: at("list")}).ends(0, map[string]string{"REST": "n2"}, steps.RulingPass)
	s.refused(steps.RefusedNot, steps.Jump{To: at("read"), Reason: "back"})
	s.must(steps.Run{Place: at("rest")})
	require.Equal(t, steps.StatusWaiting, s.status("rest"), "a jump passes no gate")
}

func TestGoingOnFromTheNextCommand(t *testing.T) {
	s := begin(t).must(steps.Jump{To: at("unsaid"), Reason: "only this"})
	p := at("unsaid")
	s.must(steps.Bind{Place: &p, To: steps.Binding{Kind: steps.Here}, Typed: "m1"})
	s.must(steps.Edit{Place: p, Text: "true\nfalse\ntrue"})
	s.must(steps.Run{Place: p}).ends(1, nil, steps.RulingFail)
	s.must(steps.Run{Place: p, From: 2})
	require.Equal(t, 2, s.state.Attempt(s.state.Running()[0]).Started.From)
}

func TestABlockThatExitsInItsMiddleIsAskedAbout(t *testing.T) {
	s := begin(t).must(steps.Jump{To: at("unsaid"), Reason: "only this"})
	p := at("unsaid")
	s.must(steps.Bind{Place: &p, To: steps.Binding{Kind: steps.Here}, Typed: "m1"})
	s.must(steps.Edit{Place: p, Text: "exit 0\nimportant"}).must(steps.Run{Place: p})
	id := s.state.Running()[0]
	s.machine(steps.Exited{Finished: steps.Finished{Attempt: id, Exits: []steps.CommandExit{{Command: 0}}}})
	s.machine(steps.Observed{Attempt: id, Judgment: steps.Judgment{Ruling: steps.RulingPass}})
	require.Equal(t, steps.StatusAsking, s.status("unsaid"))
}

func TestOffScriptKeepsNothingUnlessAsked(t *testing.T) {
	s := begin(t).must(steps.Run{Place: at("name"), OffScript: "date"})
	started := s.state.Attempt(s.state.Running()[0]).Started
	require.True(t, started.OffScript && started.Scratch)
	require.Equal(t, steps.StatusOpen, s.status("name"), "it is recorded under the step and ticks nothing off")
}

// loopPlan repeats two commands for each node.
func loopPlan() *runbook.Plan {
	zero := 0
	plan := &runbook.Plan{Source: "loop.md", Loops: []runbook.Loop{{Over: "each node", Mode: "serial"}}}
	for _, text := range []string{"drain <node>", "check"} {
		plan.Blocks = append(plan.Blocks, runbook.Block{ID: text, Kind: runbook.Command, Text: text, Commands: []string{text}, Host: "m1", Gate: runbook.NoGate})
	}
	plan.Steps = []runbook.Step{step("loop", "1", "For each node", runbook.LoopStep, 0, 1), step("end", "2", "Tell the team", runbook.ManualStep)}
	plan.Steps[0].Loop = &zero
	plan.Root = []runbook.Item{{Kind: runbook.StepItem, Index: 0}, {Kind: runbook.StepItem, Index: 1}}
	return plan
}

func TestALoopIsWalkedOncePerItemOfAConfirmedList(t *testing.T) {
	s := begin(t)
	s.state = steps.Apply(steps.New(loopPlan()), s.events[0])
	r := s.refused(steps.RefusedMissing, steps.Run{Place: at("loop")})
	require.Equal(t, steps.Items, r.Missing[0].Name)
	s.refused(steps.RefusedOrder, steps.Done{Place: at("end"), Result: steps.Passed, Who: "ada"})
	s.refused(steps.RefusedNot, steps.Set{Place: at("loop"), Name: steps.Items, Value: "n1 n1"})
	s.must(steps.Set{Place: at("loop"), Name: steps.Items, Value: "n1, n2"})
	for _, node := range []string{"n1", "n2"} {
		drain := at("drain <node>").In(steps.ItemFrame, node)
		next, _ := s.state.Next()
		require.Equal(t, drain, next)
		s.must(steps.Set{Place: drain, Name: "<node>", Value: node})
		s.must(steps.Run{Place: drain}).ends(0, nil, steps.RulingPass)
		s.must(steps.Run{Place: at("check").In(steps.ItemFrame, node)}).ends(0, nil, steps.RulingPass)
	}
	s.refused(steps.RefusedNot, steps.Set{Place: at("loop"), Name: steps.Items, Value: "n2 n3"})
	s.must(steps.Set{Place: at("loop"), Name: steps.Items, Value: "n1 n2 n3"})
	third := at("drain <node>").In(steps.ItemFrame, "n3")
	require.Equal(t, "n3", s.state.Prepare(third).Fields[0].Offered, "the item is offered")
	require.NotEmpty(t, s.state.Prepare(third).Missing, "and taken by nobody but the operator")
}

func TestWhatMayBeTakenInAnyOrder(t *testing.T) {
	s := begin(t)
	plan := walkPlan()
	plan.Steps[1].AnyOrder, plan.Steps[2].AnyOrder = 1, 1 // the first node, the others
	s.state = steps.Apply(steps.New(plan), s.events[0])
	s.refused(steps.RefusedOrder, steps.Run{Place: at("list")}) // reading the notes comes before both
	s.must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
	s.must(steps.Run{Place: at("list")})
	s.ends(0, map[string]string{"REST": "n2"}, steps.RulingPass)
	s.refused(steps.RefusedOrder, steps.Done{Place: at("unsaid"), Result: steps.Passed, Who: "ada"})
}
