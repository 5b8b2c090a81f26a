package tui

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/tui/stillness"
)

const phrase = "ncn-s002 ncn-s003"

// gates are a gate of each weight, with what passes it.
var gates = []struct {
	name   string
	weight runbook.Weight
	pass   []string
}{
	{"one key", runbook.OneKey, []string{"y"}},
	{"typed", runbook.Typed, append(letters(phrase), "enter")},
}

func letters(text string) (keys []string) {
	for _, r := range text {
		keys = append(keys, string(r))
	}
	return keys
}

// gated is a procedure of nothing but a gate.
func gated(weight runbook.Weight) *runbook.Plan {
	d := &draft{plan: runbook.Plan{Source: "gate.md", Title: "One gate"}}
	d.step("1", "Restart them", -1, d.block("restart ncn-s002 ncn-s003", func(b *runbook.Block) {
		b.Gate, b.Targets = runbook.Failover, []string{"ncn-s002", "ncn-s003"}
		b.GateDetail = &runbook.GateDetail{Weight: weight, Sentence: "Services move.", Line: 7}
	}))
	return &d.plan
}

// burst presses keys with no time between them, as a pipe, a paste or a terminal's buffer does.
func (o *operator) burst(keys ...string) {
	o.t.Helper()
	for _, k := range keys {
		o.send(keyOf(k))
	}
}

func TestAGateIsPassedByHandsThatRested(t *testing.T) {
	for _, g := range gates {
		t.Run(g.name, func(t *testing.T) {
			o := sit(t, gated(g.weight), 80, 24, nil)
			o.press("enter")
			o.rest()
			o.press(g.pass...)
			o.rest()
			require.Len(t, o.session.passed(), 1)
		})
	}
}

func TestNothingThatWasNotTypedAtTheGatePassesIt(t *testing.T) {
	stories := []struct {
		name string
		tell func(o *operator, pass []string)
	}{
		{"typed ahead, before the step was begun", func(o *operator, pass []string) {
			o.burst(append([]string{"enter"}, pass...)...)
			o.rest()
		}},
		{"typed ahead, twice", func(o *operator, pass []string) {
			o.burst(append(append([]string{"enter"}, pass...), append([]string{"enter"}, pass...)...)...)
			o.rest()
		}},
		{"typed in the quiet time", func(o *operator, pass []string) {
			o.burst("enter")
			o.wait(stillness.Quiet - time.Millisecond)
			o.burst(pass...)
			o.rest()
		}},
		{"typed at a person's pace from before the gate was there", func(o *operator, pass []string) {
			o.burst("enter")
			o.press(pass...)
			o.rest()
		}},
		{"keys held down for ten seconds", func(o *operator, pass []string) {
			o.burst("enter")
			for i := range 300 {
				o.burst(pass[i%len(pass)])
				o.wait(33 * time.Millisecond)
			}
			o.rest()
		}},
		{"pasted", func(o *operator, _ []string) {
			o.burst("enter")
			o.rest()
			for _, text := range []string{"y", "y\n", phrase, phrase + "\n", phrase + "\r"} {
				o.send(tea.PasteMsg{Content: text})
				o.rest()
			}
			o.press("enter")
			o.rest()
		}},
		{"pasted by a terminal that does not say so", func(o *operator, pass []string) {
			o.burst("enter")
			o.rest()
			o.burst(append(pass, "enter")...)
			o.rest()
		}},
		{"pasted like that, then enter by hand", func(o *operator, pass []string) {
			o.burst("enter")
			o.rest()
			o.burst(append(pass[:len(pass)-1:len(pass)-1], "n")...)
			o.rest()
			o.press("enter")
			o.rest()
		}},
		{"looked away, and typed ahead on coming back", func(o *operator, pass []string) {
			o.press("enter")
			o.rest()
			o.press("esc")
			o.burst(append([]string{"enter"}, pass...)...)
			o.rest()
		}},
		{"on a terminal too small to show it", func(o *operator, pass []string) {
			o.burst("enter")
			o.send(tea.WindowSizeMsg{Width: 40, Height: 10})
			o.rest()
			o.press(pass...)
			o.send(tea.WindowSizeMsg{Width: 80, Height: 24})
			o.burst(pass...)
			o.rest()
		}},
		{"held down after a NO-GO was thought better of", func(o *operator, pass []string) {
			o.press("enter")
			o.rest()
			o.press("ctrl+n")
			o.burst(append([]string{"esc"}, pass...)...)
			o.rest()
		}},
	}
	for _, g := range gates {
		for _, s := range stories {
			t.Run(g.name+", "+s.name, func(t *testing.T) {
				o := sit(t, gated(g.weight), 80, 24, nil)
				s.tell(o, g.pass)
				require.Empty(t, o.session.passed(), o.screen())
			})
		}
	}
}

func TestAGateMustHaveBeenReadToItsEnd(t *testing.T) {
	for _, g := range gates {
		t.Run(g.name, func(t *testing.T) {
			plan := gated(g.weight)
			for range 60 {
				plan.Blocks[0].Commands[0] += "\n# a line of the command"
			}
			o := sit(t, plan, 80, 24, nil)
			o.press("enter")
			o.rest()
			o.press(g.pass...)
			o.rest()
			require.Empty(t, o.session.passed())
			o.sees("read to the end first")
			o.press("end", "ctrl+u")
			o.press(g.pass...)
			o.rest()
			require.Len(t, o.session.passed(), 1)
		})
	}
}

func TestAGateThatChangedIsReadAgain(t *testing.T) {
	o := sit(t, gated(runbook.OneKey), 80, 24, nil)
	o.press("enter")
	o.rest()
	place := steps.Place{Block: "b1"}
	o.session.must(steps.Terminal, steps.Edit{Place: place, Text: "restart ncn-s002", Reason: "from another screen"})
	o.session.must(steps.Terminal, steps.Run{Place: place})
	o.news()
	o.burst("y")
	o.rest()
	require.Empty(t, o.session.passed(), "the new text had not been read")
	o.sees("restart ncn-s002")
}

func TestAGateSettledElsewhereCloses(t *testing.T) {
	o := sit(t, gated(runbook.OneKey), 80, 24, nil)
	o.press("enter")
	o.session.must(steps.Terminal, steps.Refuse{Place: steps.Place{Block: "b1"}, Reason: "said on another screen"})
	o.news()
	o.sees("the gate is no longer open")
	require.NotContains(t, o.screen(), "To go, press")
}

func TestAWrongPhraseLeavesTheGateOpen(t *testing.T) {
	o := sit(t, gated(runbook.Typed), 80, 24, nil)
	o.press("enter")
	o.rest()
	o.type_("ncn-s002")
	o.press("enter")
	o.rest()
	o.sees("what was typed was not the phrase")
	require.Equal(t, steps.StatusWaiting, o.status("b1"))
	require.Equal(t, 1, o.session.state.Spot(steps.Place{Block: "b1"}).Wrong)
}

func TestNoGoIsAFactAndLookingAwayIsNone(t *testing.T) {
	o := sit(t, gated(runbook.OneKey), 80, 24, nil)
	o.press("enter")
	o.rest()
	o.press("esc")
	require.Equal(t, steps.StatusWaiting, o.status("b1"))
	o.press("enter")
	o.rest()
	o.press("n")
	o.press("enter")
	o.sees("a no-go has a reason")
	o.fill("the window is over")
	require.Equal(t, steps.StatusRefused, o.status("b1"))
}

// Whatever keys, pastes and sizes come while the hands are never still: no gate is passed.
func TestRestlessHandsPassNoGate(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		g := gates[rapid.IntRange(0, 1).Draw(r, "gate")]
		o := sit(t, gated(g.weight), 80, 24, nil)
		o.burst("enter")
		next := 0
		for range rapid.IntRange(1, 120).Draw(r, "keys") {
			switch rapid.IntRange(0, 9).Draw(r, "what") {
			case 0:
				o.send(tea.PasteMsg{Content: phrase + "\n"})
			case 1:
				o.burst(rapid.SampledFrom([]string{"esc", "enter", "n", "up", "pgdown", "backspace", "tab", "q", "ctrl+r"}).Draw(r, "key"))
			case 2:
				o.send(tea.WindowSizeMsg{Width: rapid.IntRange(50, 90).Draw(r, "width"), Height: 24})
				continue // a new size is no restless hand: no time passes
			default: // the keys that would pass it, in their order
				o.burst(g.pass[next%len(g.pass)])
				next++
			}
			o.wait(time.Duration(rapid.IntRange(0, 420).Draw(r, "ms")) * time.Millisecond)
		}
		if got := o.session.passed(); len(got) > 0 {
			r.Fatalf("passed %v:\n%s", got, o.screen())
		}
	})
}

// Whatever is typed at whatever pace, a phrase with a letter missing does not pass.
func TestWithoutItsPhraseNoTypedGateIsPassed(t *testing.T) {
	keys := append(letters("ncs02- "), "enter", "enter", "esc", "backspace", "ctrl+u", "down", "end")
	rapid.Check(t, func(r *rapid.T) {
		o := sit(t, gated(runbook.Typed), 80, 24, nil)
		o.burst("enter")
		for range rapid.IntRange(1, 120).Draw(r, "keys") {
			if rapid.IntRange(0, 9).Draw(r, "paste") == 0 {
				o.send(tea.PasteMsg{Content: rapid.SampledFrom([]string{phrase, phrase + "\n", "3", "ncn-s003"}).Draw(r, "text")})
			} else {
				o.burst(rapid.SampledFrom(keys).Draw(r, "key"))
			}
			o.wait(time.Duration(rapid.SampledFrom([]int{0, 5, 30, 100, 430, 1600}).Draw(r, "ms")) * time.Millisecond)
		}
		if got := o.session.passed(); len(got) > 0 {
			r.Fatalf("passed %v:\n%s", got, o.screen())
		}
	})
}
