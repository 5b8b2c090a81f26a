package steps_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// beginIn is a session that walks a small rollout after some changes.
func beginIn(t testing.TB, change func(*runbook.Plan)) *session {
	s := begin(t)
	plan := walkPlan()
	change(plan)
	s.state = steps.Apply(steps.New(plan), s.events[0])
	return s
}

// forgets has an off-script command unset a variable for good.
func (s *session) forgets(variable string) {
	s.t.Helper()
	s.must(steps.Run{Place: at("name"), OffScript: "unset " + variable, Keep: true})
	s.machine(steps.Exited{Finished: steps.Finished{Attempt: s.state.Seq(), Context: "c", Unset: []string{variable}}})
}

// What the text shows is no command, until the operator says that it is one.
func TestWhatWasReadAsSomethingElseIsNeverRun(t *testing.T) {
	for _, kind := range []runbook.BlockKind{runbook.Output, runbook.File} {
		s := beginIn(t, func(p *runbook.Plan) { p.Blocks[0].Kind = kind })
		s.must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
		require.Error(t, s.say(steps.Run{Place: at("name")}), kind)
		require.Error(t, s.say(steps.Poll{Place: at("name")}), kind)
		require.Empty(t, s.state.Running())
		s.by.Via = steps.Answers
		s.refused(steps.RefusedPerson, steps.Overrule{Place: at("name"), Property: steps.KindProperty, Value: "command", Reason: "a file says so"})
		s.by.Via = steps.Terminal
		s.must(steps.Overrule{Place: at("name"), Property: steps.KindProperty, Value: "command", Reason: "it has a prompt"}).must(steps.Run{Place: at("name")})
		require.Equal(t, 1, s.launches())
	}
	s := begin(t).must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
	s.must(steps.Overrule{Place: at("name"), Property: steps.KindProperty, Value: "output", Reason: "it is what it prints"})
	require.Error(t, s.say(steps.Run{Place: at("name")}))
}

func TestAHostThatOnlyBeginsLikeThisMachineIsAnother(t *testing.T) {
	for _, host := range []string{"m12", "m1.example.org", "m", "M1", " m1"} {
		s := beginIn(t, func(p *runbook.Plan) { p.Blocks[0].Host = host })
		s.must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
		s.refused(steps.RefusedHost, steps.Run{Place: at("name")})
	}
}

// An operator's own command belongs where its step does.
func TestOffScriptStartsNothingForAnotherHost(t *testing.T) {
	s := begin(t).must(steps.Bind{Host: "m2", To: steps.Binding{Kind: steps.ByHand}})
	s.refused(steps.RefusedByHand, steps.Run{Place: at("other"), OffScript: "uptime"})
	s.must(steps.Run{Place: at("name"), OffScript: "uptime"})
	require.Equal(t, 1, s.launches())
}

// A gate is open for as long as it takes to read it. What a command needs can go meanwhile.
func TestWhatIsMissingOrElsewhereByNowStopsAtTheOpenGate(t *testing.T) {
	atGate := func(t *testing.T) *session {
		s := beginIn(t, func(p *runbook.Plan) {
			p.Blocks[6].Text, p.Blocks[6].Commands, p.Blocks[6].Reads = `reboot "$CANARY"`, []string{`reboot "$CANARY"`}, []string{"CANARY"}
		})
		s.must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
		s.must(steps.Run{Place: at("name")}).ends(0, map[string]string{"CANARY": "n1"}, steps.RulingPass)
		s.must(steps.Choose{Place: at("way"), Option: 1}).must(steps.Jump{To: at("light"), Reason: "only this"})
		s.must(steps.Run{Place: at("light")})
		require.Equal(t, steps.StatusWaiting, s.status("light"))
		return s
	}
	s := atGate(t)
	s.forgets("CANARY")
	s.refused(steps.RefusedMissing, steps.Confirm{Place: at("light")})

	s = atGate(t).must(steps.Bind{Host: "m1", To: steps.Binding{Kind: steps.ByHand}})
	s.refused(steps.RefusedByHand, steps.Confirm{Place: at("light")})
}

func TestARoundWithoutItsValuesEndsThePoll(t *testing.T) {
	s := begin(t).must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
	s.must(steps.Run{Place: at("name")}).ends(0, map[string]string{"CANARY": "n1"}, steps.RulingPass)
	s.must(steps.Run{Place: at("canary")}).ends(0, nil, steps.RulingPass)
	s.must(steps.Poll{Place: at("look")}).ends(0, nil, steps.RulingPending)
	s.forgets("CANARY")
	s.machine(steps.Tick{Place: at("look")})
	require.Zero(t, s.launches())
	require.Equal(t, steps.PollStopped, s.state.Spot(at("look")).Poll.How)
}

// While somebody holds the walk nothing starts by any way: not a command, not a gate's, not an operator's own, not a round.
func TestAHoldKeepsEverythingFromStarting(t *testing.T) {
	hold := steps.Hold{On: true, Reason: "the fan is loud"}
	s := begin(t).toGate().must(hold)
	s.refused(steps.RefusedHeld, steps.Run{Place: at("rest")})
	s.refused(steps.RefusedHeld, steps.Confirm{Place: at("rest"), Phrase: "n2 n3"})
	s.refused(steps.RefusedHeld, steps.Run{Place: at("rest"), OffScript: "uptime"})
	s.must(steps.Hold{}).must(steps.Confirm{Place: at("rest"), Phrase: "n2 n3"})
	require.Equal(t, 1, s.launches())

	s = begin(t).must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
	s.must(steps.Run{Place: at("name")}).ends(0, map[string]string{"CANARY": "n1"}, steps.RulingPass)
	s.must(steps.Run{Place: at("canary")}).ends(0, nil, steps.RulingPass).must(hold)
	s.refused(steps.RefusedHeld, steps.Poll{Place: at("look")})
	s.must(steps.Hold{}).must(steps.Poll{Place: at("look")}).ends(0, nil, steps.RulingPending).must(hold)
	require.Error(t, s.sayBy(steps.Actor{Via: steps.Machine}, steps.Tick{Place: at("look")}, 0))
	require.Empty(t, s.state.Running())
	s.must(steps.Hold{})
	require.Equal(t, []steps.Effect{steps.Wake{Place: at("look"), Seconds: 10}}, s.effects, "the poll goes on by itself")
}

// What an operator decides is decided about what was on their screen.
func TestWhatHasChangedSinceItWasSeenIsLookedAtAgain(t *testing.T) {
	s := begin(t).must(steps.Done{Place: at("read"), Result: steps.Passed, Who: "ada"})
	seen := s.state.Seq()
	s.must(steps.Edit{Place: at("name"), Text: "CANARY=n9"})
	for _, in := range []steps.Input{
		steps.Run{Place: at("name")},
		steps.Run{Place: at("name"), OffScript: "date"},
		steps.Skip{Place: at("name"), Reason: "done yesterday"},
		steps.Done{Place: at("name"), Result: steps.Passed, Who: "ada"},
		steps.Edit{Place: at("name"), Text: "CANARY=n1"},
	} {
		var refusal *steps.Refusal
		require.ErrorAs(t, s.sayBy(s.by, in, seen), &refusal, "%T", in)
		require.Equal(t, steps.RefusedStale, refusal.Why)
	}
	require.Empty(t, s.state.Running())
	s.must(steps.Run{Place: at("name")})
}
