package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook"
	"gatewalk/steps"
)

// hostile are texts that a terminal would obey, hide, turn around or measure wrongly.
var hostile = []string{
	"\x1b[2J\x1b[H\x1b]0;owned\x07", "\x1b]52;c;ZXZpbA==\x07", "\x1b[6n\x1b[c\x05", "\x9b2J", "\x1bP$q q\x1b\\",
	"safe\u202eelif.mr\u202c", "rm\u200b-rf", "a\tb\tc", "line\rover", "back\b\b\bspace", "\x00\x07\x7f", "\xff\xfe\xc0",
	"日本語の長い名前", "👩‍👩‍👧‍👦 🇩🇪", "e\u0301\u0301\u0301", strings.Repeat("long", 400), strings.Repeat("界", 300), "",
}

// poisoned is a procedure with a text in every place a document can put one.
func poisoned(text string) *runbook.Plan {
	plan := rollout()
	plan.Title += text
	for i := range plan.Steps {
		plan.Steps[i].Title += text
		plan.Steps[i].Optional = text
		plan.Steps[i].Why = map[string]runbook.Reason{"kind": {Rule: text, Line: 1}}
	}
	for i := range plan.Blocks {
		b := &plan.Blocks[i]
		b.First += text
		b.Expect += text
		b.Commands[0] += "\n# " + strings.ReplaceAll(text, "\n", " ")
		if b.GateDetail != nil {
			b.GateDetail.Sentence += text
			b.Targets = append(b.Targets, "host"+text)
		}
	}
	for i := range plan.Choices[0].Options {
		plan.Choices[0].Options[i].Title += text
	}
	for i := range plan.Admonitions {
		plan.Admonitions[i].Node.Children[0].Spans[0].Text += text
	}
	return plan
}

func TestHostileTextNeverReachesTheTerminal(t *testing.T) {
	for i, text := range hostile {
		for _, size := range sizes[:3] {
			t.Run(fmt.Sprintf("%d at %dx%d", i, size.width, size.height), func(t *testing.T) {
				o := sit(t, poisoned(text), size.width, size.height, func(s steps.Started) result {
					r := scripted(s)
					r.prints += text + "\n" + text
					return r
				})
				for _, keys := range [][]string{
					{},
					{"i"},
					{"tab"},
					{"tab"},
					{"?"},
					{"esc"},
					{"d"},
					{"esc"},
					{"enter"},
					{"v"},
					{"esc"},
					{"g", "enter"},
					{"esc"},
					{"down", "down", "down"},
					{"enter"},
					{"esc"},
					{"e"},
					{"esc"},
					{"h"},
					{"esc"},
					{"b"},
					{"esc"},
					{"z"},
					{"z"},
				} {
					o.press(keys...)
					requireClean(t, o)
				}
				o.send(tea.PasteMsg{Content: text})
				requireClean(t, o)
			})
		}
	}
}

// requireClean says that a frame fits and holds nothing but visible characters and colours.
func requireClean(t *testing.T, o *operator) {
	t.Helper()
	requireFits(t, o)
	rest := o.m.View().Content
	for {
		before, after, found := strings.Cut(rest, "\x1b")
		for _, r := range before {
			if r != '\n' {
				require.False(t, r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x202e || r == 0x200b, "%q", r)
			}
		}
		if !found {
			return
		}
		require.Regexp(t, `^\[[0-9;]*m`, after, "only colours")
		rest = after[strings.IndexByte(after, 'm')+1:]
	}
}

func TestGatesShowEveryByteOfWhatRuns(t *testing.T) {
	plan := gated(runbook.OneKey)
	plan.Blocks[0].Commands[0] = "restart a\u202eb \x1b[8m; rm -rf x"
	o := sit(t, plan, 80, 24, nil)
	o.press("enter")
	o.rest()
	requireClean(t, o)
	o.sees("<0x1B>[8m; rm -rf x")
}

// Whatever keys come in whatever order, the screen stays a screen.
func TestNoKeyBreaksTheScreen(t *testing.T) {
	var keys []string
	for _, c := range sit(t, rollout(), 80, 24, nil).m.commands() {
		keys = append(keys, c.key.Keys()...)
	}
	keys = append(keys, letters("abpfty1x ")...)
	keys = append(keys, "up", "down", "pgup", "pgdown", "home", "end", "backspace", "esc", "enter", "enter")
	rapid.Check(t, func(r *rapid.T) {
		size := rapid.SampledFrom(sizes).Draw(r, "size")
		o := sit(t, rollout(), size.width, size.height, running)
		for range rapid.IntRange(1, 60).Draw(r, "keys") {
			switch rapid.IntRange(0, 12).Draw(r, "what") {
			case 0:
				o.send(tea.PasteMsg{Content: rapid.SampledFrom(hostile).Draw(r, "text")})
			case 1:
				o.send(tea.WindowSizeMsg{Width: rapid.IntRange(0, 210).Draw(r, "width"), Height: rapid.IntRange(0, 60).Draw(r, "height")})
			default:
				o.press(rapid.SampledFrom(keys).Draw(r, "key"))
			}
			o.wait(time.Duration(rapid.IntRange(0, 500).Draw(r, "ms")) * time.Millisecond)
			requireClean(t, o)
		}
	})
}

// long is a procedure of so many steps.
func long(n int) *runbook.Plan {
	d := &draft{plan: runbook.Plan{Source: "long.md", Title: "A long one"}}
	for i := range n {
		d.step(fmt.Sprint(i+1), "One of very many steps", -1, d.block("true", nil))
	}
	return &d.plan
}

// BenchmarkView draws a frame: its cost must not grow with the procedure.
func BenchmarkView(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			session := newFake(long(n), func(steps.Started) result { return result{} })
			m := New(session, Options{Plan: session.state.Plan(), Events: session.events, Width: 120, Height: 40})
			for b.Loop() {
				_ = m.View()
			}
		})
	}
}

func TestDrawingAsMuchForTenThousandStepsAsForAHundred(t *testing.T) {
	allocations := func(n int) float64 {
		session := newFake(long(n), func(steps.Started) result { return result{} })
		m := New(session, Options{Plan: session.state.Plan(), Events: session.events, Width: 120, Height: 40})
		return testing.AllocsPerRun(5, func() { _ = m.View() })
	}
	few, many := allocations(100), allocations(10_000)
	require.InDelta(t, few, many, few/10)
}
