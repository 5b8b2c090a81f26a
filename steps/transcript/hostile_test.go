package transcript_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/steps/transcript"
)

// payloads are what outputs, hosts, titles and names may be made of.
var payloads = []string{
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "</code></pre><script>x</script>", "<!-- x", "<a href='javascript:x'>y</a>", "<iframe src=//evil>",
	"<details open ontoggle=x>", "\\<script>alert(1)</script>", "&lt;script&gt;", "<style>*{x}</style>", "<http://evil/>", "<a@evil.example>", "<?php x ?>", "<![CDATA[x]]>", "<!DOCTYPE x>",
	"```", "````\n# Injected\n````", "```\n\n# Injected\n\n```", "~~~\n# Injected", "`", "``", "`` ` ``", "a`b", "```text", "\n```\n<script>x</script>\n```\n", "`````````````````",
	"[x](http://evil)", "![x](http://evil)", "[x]: http://evil", "http://evil/", "https://evil.example/x?y", "www.evil.example", "mailto:a@evil.example", "a@evil.example", "ftp://evil", "[[x]]", "[^1]",
	"\n# Injected\n", "\nInjected\n===\n", "\n- Injected", "\n> Injected", "\n| a | b |\n|---|---|\n", "| a | b |", "***", "**bold**", "_x_", "~~x~~", "\\", "\\\\`", "1. x", "$x$", "\n\n    code",
	"\x1b[2J\x1b]52;c;AA\a", "\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\", "user\u202e gnp.exe", "a\u200bb", "\xff\xfe", "\r# Injected\r", "a\u2028b\u2029c", "\x00", "e" + strings.Repeat("\u0301", 50), "\U000e0041",
}

// infected is a session in which everything that can carry text carries this one.
func infected(x string) (*runbook.Plan, []steps.Event) {
	plan := rollout()
	plan.Title, plan.Source, plan.Format, plan.Digest = x, x, x, x
	for i := range plan.Blocks {
		b := &plan.Blocks[i]
		b.First, b.Host, b.Expect, b.Undo, b.Owes = x, x, x, x, []string{x}
	}
	for i := range plan.Steps {
		plan.Steps[i].Title, plan.Steps[i].Path = x, x
	}
	actor := steps.Actor{Name: x, Via: steps.Answers, File: x}
	d := &diary{}
	d.says(actor, steps.Opened{
		Session: x, Source: x, Sources: map[string]string{x: x}, Plan: x, Machine: x, Boot: x, User: x, Build: x, Terminal: x, Inherited: map[string]string{x: x},
	}, steps.DriverChanged{From: x, To: x, Reason: x, Forced: true})
	d.says(actor, steps.Bound{Host: x, To: steps.Binding{Kind: steps.ByHand, Names: []string{x}, User: x}})
	d.says(actor, steps.Bound{Place: &steps.Place{Block: "rest"}, To: steps.Binding{Kind: steps.Here, Names: []string{x}, User: x}})
	d.says(actor, steps.Set{Place: at("canary"), Name: "<" + x + ">", Value: x})
	d.says(actor, steps.Chosen{Place: at("read"), Title: x})
	d.says(actor, steps.Edited{Place: at("canary"), Text: x, Was: x, Reason: x})
	id := d.says(actor, steps.Started{Place: at("canary"), Host: x, User: x, Text: x, Digest: x, Commands: []string{x, x}, OffScript: true, Secrets: []string{x}})
	d.says(self, steps.Unknown{Attempt: id, Evidence: x})
	d.says(actor, steps.Resolved{Attempt: id, As: steps.OutcomeDone, Reason: x, Evidence: x})
	d.says(self, steps.Finished{Attempt: id, Signal: x, Output: x, Error: x, Warning: x, Changed: map[string]string{x: x}, Unset: []string{x}})
	d.says(actor, steps.Judged{Attempt: id, Place: at("canary"), Judgment: steps.Judgment{Ruling: steps.RulingFail, Evidence: x, Flags: []string{x}}, Accepted: true, Note: x})
	d.says(actor, steps.GateReached{Place: at("rest"), Gate: runbook.Canary, Weight: runbook.Typed, Phrase: x, Sentence: x, Host: x, Targets: []string{x}, Canary: []string{x}, Digest: x})
	d.says(actor, steps.GateRefused{Place: at("rest"), NoGo: true, Reason: x}, steps.GatePassed{Place: at("rest"), Phrase: x})
	d.says(actor, steps.DoneByHand{Place: at("other"), Result: steps.Failed, Who: x, Note: x, Pasted: x})
	d.says(actor, steps.Skipped{Place: at("unlabel"), Reason: x})
	d.says(actor, steps.Overruled{Place: at("unlabel"), Property: steps.HostProperty, Value: x, Was: x, Reason: x})
	d.says(actor, steps.PollStarted{Place: at("look"), Every: x, Timeout: x}, steps.PollEnded{Place: at("look"), How: x})
	d.says(actor, steps.Noted{Text: x}, steps.Noted{Place: &steps.Place{Block: "look"}, Text: x, Jump: &steps.Place{Block: "look"}}, steps.Attached{Place: at("look"), Source: x, Stored: x, Digest: x})
	d.says(actor, steps.Noted{Place: &steps.Place{Block: x, Frames: []steps.Frame{{Kind: steps.ItemFrame, Name: x}}}, Text: x})
	d.says(actor, steps.Held{On: true, Reason: x}, steps.SecretsForgotten{Names: []string{x}}, steps.Closed{Outcome: x, Reason: x})
	return plan, d.events
}

// TestWhatRanIsShownToTheLastByte: what a terminal would hide, or swallow with what follows it, is what a reader of the record looks for.
func TestWhatRanIsShownToTheLastByte(t *testing.T) {
	d := &diary{}
	d.opens(false)
	const ran = "echo fine \x1b[8m; rm -r /\u200bdata\rls"
	id := d.starts(at("canary"), ran, ran)
	d.says(self, steps.Finished{Attempt: id, Exits: []steps.CommandExit{{Command: 0}}})
	r := transcript.New(rollout(), d.events)
	page, document := markdown(t, r, prints("")), asJSON(t, r, prints(""))
	for _, hidden := range []string{"0x1B", "[8m; rm -r /", "U+200B", "0x0D"} {
		require.Contains(t, page, hidden)
		require.Equal(t, 2, strings.Count(document, hidden), "%s: as a whole, and command by command:\n%s", hidden, document)
	}
}

func TestNothingBreaksOutOfItsPlace(t *testing.T) {
	headings, lists := shape(t, "harmless")
	for _, x := range payloads {
		t.Run(fmt.Sprintf("%+q", x), func(t *testing.T) {
			gotHeadings, gotLists := shape(t, x)
			require.Equal(t, headings, gotHeadings, "a heading was added or lost")
			if safe.Of(x) != (safe.Text{}) { // what vanishes as output takes its item along
				require.Equal(t, lists, gotLists, "a list was broken")
			}
		})
	}
}

// shape parses a record that is infected, and counts its headings and list items.
func shape(t *testing.T, x string) (headings, items int) {
	plan, events := infected(x)
	r := transcript.New(plan, events)
	source := markdown(t, r, prints(strings.Repeat(x+"\n", 3)))
	require.Equal(t, source, safe.Of(source).String(), "something unsafe is in it")
	tree := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote)).Parser().Parse(text.NewReader([]byte(source)))
	require.NoError(t, ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case ast.KindHTMLBlock, ast.KindRawHTML, ast.KindLink, ast.KindImage, ast.KindAutoLink, ast.KindBlockquote, ast.KindThematicBreak:
			require.Fail(t, "broke out", "%s in:\n%s", n.Kind(), source)
		case ast.KindHeading:
			headings++
		case ast.KindListItem:
			items++
		}
		require.NotContains(t, []string{"Table", "FootnoteLink", "Footnote"}, n.Kind().String())
		return ast.WalkContinue, nil
	}))

	document := asJSON(t, r, prints(x))
	require.True(t, json.Valid([]byte(document)))
	require.NotContains(t, document, "<")
	require.NotContains(t, strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsGraphic(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) {
			return -1
		}
		return '!'
	}, document), "!")
	return headings, items
}

func TestEveryDeviationStandsBeforeTheWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &diary{}
		d.opens(rapid.Bool().Draw(t, "simulated"))
		var wanted []string
		wrong := map[string]int{}
		for i := range rapid.IntRange(1, 30).Draw(t, "events") {
			mark := fmt.Sprintf("mark%dend", i)
			if told := d.deviates(t, mark, i, wrong); told != "" {
				wanted = append(wanted, told)
			}
		}
		for _, n := range wrong {
			wanted = append(wanted, fmt.Sprintf("wrong phrases at the gate: %d", n))
		}
		r := transcript.New(rollout(), d.events)
		var b strings.Builder
		require.NoError(t, transcript.WriteMarkdown(&b, r, prints("out")))
		before, _, found := strings.Cut(b.String(), "\n## Owed and not paid\n")
		require.True(t, found)
		for _, told := range wanted {
			require.Contains(t, before, told)
		}
		require.Len(t, r.Deviations, len(wanted)+simulated(r))
	})
}

func simulated(r transcript.Record) int {
	if r.Simulated {
		return 1
	}
	return 0
}

// deviates writes down a random fact and answers what a record must tell of it on its first page; nothing of a fact that
// is no deviation, or is counted.
func (d *diary) deviates(t *rapid.T, mark string, i int, wrong map[string]int) string {
	place := at(rapid.SampledFrom([]string{"read", "canary", "look", "rest", "other", "unlabel", "nowhere"}).Draw(t, "place"))
	for range rapid.IntRange(0, 1).Draw(t, "frames") {
		place = place.In(steps.ItemFrame, "n1")
	}
	by := rapid.SampledFrom([]steps.Actor{ada, bob}).Draw(t, "by")
	attempt := func() uint64 { return d.starts(place, "true", "true") }
	switch rapid.IntRange(0, 22).Draw(t, "fact") {
	case 0:
		d.says(by, steps.Edited{Place: place, Text: "b", Was: "a", Reason: mark})
	case 1:
		d.says(by, steps.Skipped{Place: place, Reason: mark})
	case 2:
		d.says(by, steps.Overruled{Place: place, Property: steps.GateProperty, Value: "none", Was: "canary", Reason: mark})
	case 3:
		d.says(by, steps.Started{Place: place, Host: "m1", User: "root", Text: mark, OffScript: true})
	case 4:
		d.says(by, steps.Judged{Attempt: attempt(), Place: place, Judgment: steps.Judgment{Ruling: steps.RulingPass}, Accepted: true, Note: mark})
	case 5:
		d.says(by, steps.DoneByHand{Place: place, Result: steps.Failed, Who: "carol", Note: mark})
	case 6:
		d.says(by, steps.DoneByHand{Place: place, Result: steps.NotApplicable, Who: "carol", Note: mark})
	case 7:
		d.says(self, steps.Unknown{Attempt: attempt(), Evidence: mark})
	case 8:
		d.says(by, steps.Resolved{Attempt: attempt(), As: steps.OutcomeFailed, Reason: mark})
	case 9:
		d.says(by, steps.Noted{Place: &place, Text: mark, Jump: &steps.Place{Block: "read"}})
	case 10:
		d.says(by, steps.GateRefused{Place: place, NoGo: true, Reason: mark})
	case 11:
		d.says(by, steps.GateRefused{Place: place, Length: 3})
		wrong[place.Key()]++
		return ""
	case 12:
		d.says(file, steps.GatePassed{Place: place, Phrase: mark})
	case 13:
		d.says(by, steps.DriverChanged{From: "ada", To: "bob", Reason: mark})
	case 14:
		d.says(by, steps.DriverChanged{From: "ada", To: "ada", Reason: mark, Forced: true})
	case 15:
		d.says(by, steps.Held{On: rapid.Bool().Draw(t, "on"), Reason: mark})
	case 16:
		d.says(self, steps.TailDropped{Bytes: 1000 + i})
		return fmt.Sprintf("%d bytes, never acknowledged", 1000+i)
	case 17:
		d.says(self, steps.ClockJumped{Seconds: float64(1000 + i)})
		return fmt.Sprintf("jumped by %s:", time.Duration(1000+i)*time.Second)
	case 18:
		d.says(self, steps.SecretsForgotten{Names: []string{mark}})
	case 19:
		d.says(by, steps.Noted{Place: &place, Text: mark, Signal: "INT", Attempt: attempt()})
	case 20:
		d.says(by, steps.DoneByHand{Place: place, Result: steps.Passed, Who: "carol", Note: mark})
		if b := steps.New(rollout()).Block(place); b == nil || b.Gate == "" || b.Gate == runbook.NoGate {
			return "" // past a gate it is a deviation: the gate was never opened here
		}
	case 21:
		d.says(by, steps.GatePassed{Place: place, Phrase: "n2"})
		return ""
	case 22:
		d.says(self, steps.Finished{Attempt: attempt(), Code: 1})
		return ""
	}
	return mark
}
