package steps_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// picture is everything a state can be asked, so that two states can be told apart.
func picture(s steps.State) string {
	var b strings.Builder
	fmt.Fprintln(&b, s.Seq(), s.Driver(), s.Asking(), s.Held(), s.Running(), s.Bindings(), s.Closed())
	for _, l := range s.Outline() {
		all, err := json.Marshal([]any{l, s.Spot(l.Place), s.Prepare(l.Place)})
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(&b, "%s\n", all)
	}
	return b.String()
}

// anyInput draws something that could be said, sensible or not.
func anyInput(t *rapid.T, s steps.State) (steps.Input, steps.Actor) {
	person := rapid.SampledFrom([]steps.Actor{ada, ada, ada, adaHome, bob}).Draw(t, "person")
	machine := steps.Actor{Name: "ada", Via: steps.Machine}
	lines := s.Outline()
	place := lines[rapid.IntRange(0, len(lines)-1).Draw(t, "place")].Place
	if next, ok := s.Next(); ok && rapid.Bool().Draw(t, "next") {
		place = next
	}
	attempt := rapid.Uint64Range(0, s.Seq()+1).Draw(t, "attempt")
	if running := s.Running(); len(running) > 0 && rapid.Bool().Draw(t, "running") {
		attempt = running[0]
	}
	if last := s.Spot(place).Last; last != 0 && rapid.Bool().Draw(t, "last") {
		attempt = last
	}
	ruling := rapid.SampledFrom([]steps.Ruling{steps.RulingPass, steps.RulingFail, steps.RulingPending, steps.RulingAsk}).Draw(t, "ruling")
	outcome := rapid.SampledFrom([]steps.Outcome{steps.OutcomeNotRun, steps.OutcomeRunning, steps.OutcomeUnknown}).Draw(t, "outcome")
	resolved := rapid.SampledFrom([]steps.Outcome{steps.OutcomeNotRun, steps.OutcomeDone, steps.OutcomeFailed}).Draw(t, "resolved")
	said := []steps.Input{
		steps.Run{Place: place},
		steps.Run{Place: place},
		steps.Run{Place: place},
		steps.Done{Place: place, Result: steps.Passed, Who: "ada"},
		steps.Skip{Place: place, Reason: "r"},
		steps.Confirm{Place: place, Phrase: rapid.SampledFrom([]string{"", "n2 n3", "wrong"}).Draw(t, "phrase")},
		steps.Refuse{Place: place, Reason: "r"},
		steps.Choose{Place: place, Option: rapid.IntRange(0, 1).Draw(t, "option")},
		steps.Verdict{Attempt: attempt, Pass: ruling == steps.RulingPass, Note: "n"},
		steps.Jump{To: place, Reason: "r"},
		steps.Note{Place: &place, Text: "n"},
		steps.Edit{Place: place, Text: "echo " + string(ruling)},
		steps.Poll{Place: place},
		steps.Poll{Place: place, Stop: true},
		steps.Set{Place: place, Name: rapid.SampledFrom([]string{"CANARY", "REST", "<node>"}).Draw(t, "name"), Value: "n2 n3"},
		steps.Bind{Host: "m2", To: steps.Binding{Kind: steps.ByHand}},
		steps.Bind{Place: &place, To: steps.Binding{Kind: steps.Here}, Typed: "m1"},
		steps.Hold{On: rapid.Bool().Draw(t, "on"), Reason: "r"},
		steps.Abort{Attempt: attempt, Signal: "INT"},
		steps.Run{Place: place, OffScript: "date"},
		steps.Overrule{Place: place, Property: steps.GateProperty, Value: "none", Reason: "r"},
		steps.Resolve{Attempt: attempt, As: resolved, Reason: "r"},
		steps.Attach{Place: place, Source: "x"},
		steps.Park{},
		steps.Drive{},
		steps.Drive{Forced: true, Reason: "r"},
		steps.Yield{To: "bob", Refused: rapid.Bool().Draw(t, "keeps")},
	}
	reported := []steps.Input{
		steps.Exited{Finished: steps.Finished{Attempt: attempt, Context: "c", Changed: map[string]string{"CANARY": "n1", "REST": "n2 n3"}}},
		steps.Observed{Attempt: attempt, Judgment: steps.Judgment{Ruling: ruling}},
		steps.Tick{Place: place},
		steps.Exited{Finished: steps.Finished{Attempt: attempt, Code: 1}},
		steps.Observed{Attempt: attempt, Judgment: steps.Judgment{Ruling: steps.RulingPass}},
		steps.Probed{Attempt: attempt, Found: outcome, Evidence: "e"},
		steps.LaunchFailed{Attempt: attempt, Error: "e"},
		steps.Reopened{Machine: "m1", Secrets: []string{"S"}},
		steps.ClockJumped{Seconds: 3},
	}
	if rapid.Bool().Draw(t, "machine") {
		return reported[rapid.IntRange(0, len(reported)-1).Draw(t, "report")], machine
	}
	return said[rapid.IntRange(0, len(said)-1).Draw(t, "input")], person
}

// TestARandomSession holds the promises of the core over whatever is said to it.
func TestARandomSession(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := begin(t)
		pictures := []string{picture(s.state)}
		launched := map[uint64]bool{}
		for range rapid.IntRange(1, 60).Draw(rt, "length") {
			input, by := anyInput(rt, s.state)
			before := picture(s.state)
			seq, driver := s.state.Seq(), s.state.Driver()
			if err := s.sayBy(by, input, s.state.Seq()); err != nil {
				require.Equal(rt, before, picture(s.state), "a rejected input changes nothing")
				require.Equal(rt, seq, s.state.Seq())
				continue
			}
			pictures = append(pictures, picture(s.state))
			for _, e := range s.effects {
				if launch, ok := e.(steps.Launch); ok {
					require.False(rt, launched[launch.Attempt], "an attempt is launched once")
					require.Equal(rt, s.state.Seq(), launch.Attempt, "and only by the event that started it")
					require.True(rt, startedOnTheWordOf(s.events[len(s.events)-1], input), "%T started something", input)
					require.True(rt, by.Via == steps.Machine || by.Label() == driver, "%s started something while %s drove", by.Label(), driver)
					launched[launch.Attempt] = true
				}
			}
		}
		replayed := steps.New(walkPlan())
		for i, event := range s.events {
			data, err := steps.MarshalFacts(event.Facts)
			require.NoError(rt, err)
			event.Facts, err = steps.UnmarshalFacts(data)
			require.NoError(rt, err)
			replayed = steps.Apply(replayed, event)
			require.Equal(rt, pictures[i], picture(replayed), "every prefix replays to the live state")
		}
	})
}

// startedOnTheWordOf says whether an input may start something: an operator's run, confirmation or poll, or the tick of that poll.
func startedOnTheWordOf(_ steps.Event, input steps.Input) bool {
	switch input.(type) {
	case steps.Run, steps.Confirm, steps.Poll, steps.Tick:
		return true
	}
	return false
}

// TestOneMayRunPerContext: whatever is said, one context never has two writers.
func TestOneMayRunPerContext(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := begin(t)
		for range rapid.IntRange(1, 60).Draw(rt, "length") {
			input, by := anyInput(rt, s.state)
			_ = s.sayBy(by, input, s.state.Seq())
			writers := 0
			for _, id := range s.state.Running() {
				if !s.state.Attempt(id).Started.Scratch {
					writers++
				}
			}
			require.LessOrEqual(rt, writers, 1)
		}
	})
}

// bigPlan has n places.
func bigPlan(n int) *runbook.Plan {
	plan := &runbook.Plan{Source: "big.md"}
	for i := range n {
		id := fmt.Sprint("b", i)
		plan.Blocks = append(plan.Blocks, runbook.Block{ID: id, Kind: runbook.Command, Text: "true", Commands: []string{"true"}, Gate: runbook.NoGate})
		plan.Root = append(plan.Root, runbook.Item{Kind: runbook.BlockItem, Index: i})
	}
	return plan
}

// BenchmarkApply shows that what an event costs does not grow with the number of places: compare the two.
func BenchmarkApply(b *testing.B) {
	for _, n := range []int{100, 100_000} {
		b.Run(fmt.Sprintf("places=%d", n), func(b *testing.B) {
			state := steps.Apply(steps.New(bigPlan(n)), steps.Event{Seq: 1, Facts: []steps.Fact{steps.Opened{Machine: "m", User: "u"}}})
			for i := range n {
				state = steps.Apply(state, steps.Event{Seq: uint64(i + 2), At: time.Unix(int64(i), 0), Facts: []steps.Fact{steps.Skipped{Place: at(fmt.Sprint("b", i)), Reason: "r"}}})
			}
			seq := state.Seq()
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				p := at(fmt.Sprint("b", i%n))
				seq++
				next := steps.Apply(state, steps.Event{Seq: seq, Facts: []steps.Fact{steps.Started{Place: p}}})
				steps.Apply(next, steps.Event{Seq: seq + 1, Facts: []steps.Fact{steps.Finished{Attempt: seq}}})
			}
		})
	}
}
