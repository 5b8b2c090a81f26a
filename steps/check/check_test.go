package check_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/check"
	"gatewalk/steps/safe"
)

func judge(c *runbook.Check, code int, output string, poll bool) steps.Judgment {
	return check.Judge(context.Background(), c, code, strings.NewReader(output), poll)
}

const (
	pass    = steps.RulingPass
	fail    = steps.RulingFail
	pending = steps.RulingPending
	ask     = steps.RulingAsk
)

func TestJudgments(t *testing.T) {
	for _, c := range []struct {
		name   string
		check  *runbook.Check
		code   int
		output string
		once   steps.Ruling // judged once
		round  steps.Ruling // judged as a round of a poll
		says   string
	}{
		{"no expectation, exit 0", nil, 0, "", pass, pass, "exit 0, as it should be"},
		{"no expectation, exit 1", nil, 1, "", fail, pending, "exit 1, wanted 0"},
		{"an empty expectation", &runbook.Check{}, 0, "", pass, pass, "exit 0"},
		{"an accepted exit code", &runbook.Check{Exit: []int{0, 3}}, 3, "", pass, pass, "exit 3, as it should be"},
		{"another exit code", &runbook.Check{Exit: []int{1, 3}}, 0, "", fail, pending, "exit 0, wanted 1 or 3"},

		{"a pattern on one line of many", &runbook.Check{Regexp: `^status: ok$`}, 0, "a\r\nstatus: ok\r\nb\r\n", pass, pass, "line 2 matches"},
		{"a pattern that is nowhere", &runbook.Check{Regexp: `^ok$`}, 0, "not ok\nat all\n", fail, pending, `no line matches "^ok$"; the last line, 2, is: at all`},
		{"a pattern and no output", &runbook.Check{Regexp: `ok`}, 0, "", fail, pending, "there is no output"},
		{"a pattern and the wrong exit code", &runbook.Check{Regexp: `ok`}, 1, "ok", fail, pending, "exit 1, wanted 0\nline 1 matches"},
		{"a pattern behind colours", &runbook.Check{Regexp: `HEALTH_OK`}, 0, "\x1b[32mHEALTH\x1b[0m_OK\n", pass, pass, "HEALTH_OK"},
		{"a pattern in a title is not on screen", &runbook.Check{Regexp: `ok`}, 0, "\x1b]0;ok\aerror\n", fail, pending, "no line matches"},
		{"a pattern that is none", &runbook.Check{Regexp: `(`}, 0, "ok", ask, ask, "regexp cannot be used"},
		{"a pattern that costs too much", &runbook.Check{Regexp: `(.{1,30}){1,30}z`}, 0, "ok", ask, ask, "too costly"},
		{"a pattern that is too long", &runbook.Check{Regexp: strings.Repeat("a", 5000)}, 0, "ok", ask, ask, "too long"},
		{"a pattern that cannot be used, and a failure", &runbook.Check{Regexp: `(`}, 1, "ok", fail, ask, "exit 1, wanted 0"},
		{"a pattern in the end of much", &runbook.Check{Regexp: `^done$`}, 0, strings.Repeat("working\n", 100_000) + "done\n", pass, pass, "line 100001 matches"},
		{"a pattern in the beginning of much", &runbook.Check{Regexp: `^done$`}, 0, "done\n" + strings.Repeat("working\n", 100_000), fail, pending, "in the last 65528 of 800005 bytes"},

		{"a failure stops a poll", &runbook.Check{Regexp: `configured`, FailIf: `^failed`}, 0, "failed\nconfigured", fail, fail, `line 1 matches fail_if`},
		{"no failure", &runbook.Check{Regexp: `configured`, FailIf: `^failed`}, 0, "configured: not failed", pass, pass, "line 1 matches"},
		{"a failure in the middle of much", &runbook.Check{FailIf: `^failed$`}, 0, strings.Repeat("a\n", 300_000) + "failed\n" + strings.Repeat("a\n", 300_000), fail, fail, "line 300001 matches fail_if"},
		{"a failure across the border of two windows", &runbook.Check{FailIf: `^begin\n.*end$`}, 0, strings.Repeat("a\n", 98_300) + "begin\nthe end\n" + strings.Repeat("a\n", 300_000), fail, fail, "line 98301 matches fail_if"},
		{"a failure in one line without end", &runbook.Check{FailIf: `failed`}, 0, strings.Repeat("a", 300_000) + "failed" + strings.Repeat("a", 300_000), fail, fail, "line 1 matches fail_if"},
		{"a failure pattern that is none", &runbook.Check{FailIf: `*`}, 0, "", ask, ask, "fail_if cannot be used"},
		{"a failure pattern alone", &runbook.Check{FailIf: `error`}, 0, "fine", pass, pass, "exit 0"},

		{"jq gives true", &runbook.Check{JQ: `.status == "ok"`}, 0, "{\"status\":\r\n\"ok\"}\r\n", pass, pass, "gives true"},
		{"jq over colours", &runbook.Check{JQ: `.a == 1`}, 0, "\x1b[1;39m{\x1b[0m\"a\": \x1b[0;39m1\x1b[0m}", pass, pass, "gives true"},
		{"jq gives something like true", &runbook.Check{JQ: `.status`}, 0, `{"status":"true"}`, fail, pending, `gives "true", wanted true`},
		{"jq gives false", &runbook.Check{JQ: `.ready`}, 0, `{"ready":false}`, fail, pending, "gives false"},
		{"jq gives nothing", &runbook.Check{JQ: `.items[].ready`}, 0, `{"items":[]}`, fail, pending, "gives nothing"},
		{"jq gives true more than once", &runbook.Check{JQ: `.[]`}, 0, `[true,true]`, pass, pass, "gives true"},
		{"jq gives true but once not", &runbook.Check{JQ: `.[]`}, 0, `[true,false]`, fail, pending, "gives false"},
		{"several documents", &runbook.Check{JQ: `.ok`}, 0, "{\"ok\":true}\n{\"ok\":true}", pass, pass, "gives true"},
		{"one document of several", &runbook.Check{JQ: `.ok`}, 0, "{\"ok\":true}\n{\"ok\":false}", fail, pending, "document 2 gives false"},
		{"jq over something else", &runbook.Check{JQ: `.ok`}, 0, "{\"ok\":true}\nbye", fail, pending, "not JSON"},
		{"jq over nothing", &runbook.Check{JQ: `true`}, 0, " \n", fail, pending, "no output"},
		{"jq fails", &runbook.Check{JQ: `.a.b`}, 0, `{"a":1}`, fail, pending, "fails:"},
		{"jq raises", &runbook.Check{JQ: `error`}, 0, `1`, fail, pending, "fails:"},
		{"jq keeps large numbers", &runbook.Check{JQ: `.n == 9007199254740993 and .n != 9007199254740992`}, 0, `{"n":9007199254740993}`, pass, pass, "gives true"},
		{"jq that is none", &runbook.Check{JQ: `.[`}, 0, `1`, ask, ask, "jq cannot be used"},
		{"jq with a name unknown", &runbook.Check{JQ: `nosuch`}, 0, `1`, ask, ask, "jq cannot be used"},
		{"jq over too much", &runbook.Check{JQ: `true`}, 0, strings.Repeat("1\n", 3<<20), ask, ask, "too large"},

		{"a proposed expectation that holds", &runbook.Check{Regexp: "ok", Proposed: true}, 0, "ok", ask, ask, `proposed: line 1 matches "ok"`},
		{"a proposed expectation that fails", &runbook.Check{FailIf: "ok", Proposed: true}, 0, "ok", ask, ask, `proposed: line 1 matches fail_if`},
		{"a proposed exit code", &runbook.Check{Exit: []int{3}, Proposed: true}, 0, "", ask, ask, "counts once it was adopted"},
		{"a proposed expectation and a failure", &runbook.Check{Exit: []int{3}, Proposed: true}, 3, "", fail, ask, "exit 3, wanted 0"},

		{"a sample alone", &runbook.Check{Sample: "ok"}, 0, "ok", ask, ask, "never gives a pass"},
		{"a sample alone, and a failure", &runbook.Check{Sample: "ok"}, 1, "ok", fail, ask, "exit 1"},
		{"a sample beside a pattern", &runbook.Check{Sample: "ok", Regexp: "ok"}, 0, "ok", pass, pass, "line 1 matches"},
	} {
		t.Run(c.name, func(t *testing.T) {
			once := judge(c.check, c.code, c.output, false)
			require.Equal(t, c.once, once.Ruling, once.Evidence)
			require.Contains(t, once.Evidence, c.says)
			require.Equal(t, c.round, judge(c.check, c.code, c.output, true).Ruling)
		})
	}
}

func TestJQSpeaksOfTheOutputAlone(t *testing.T) {
	for _, expression := range []string{
		"now > 0", "env | length == 0", "$ENV.HOME == null", "input", "[inputs] == []", "debug", "halt", "\"a\" | halt_error", "0 | localtime", "0 | strflocaltime(\"%Y\")",
		"def f: [now]; f", "if true then (1, [now]) else 0 end", "{a: now}", ". as $x | now", "reduce now as $x (0; 1)", "\"\\(now)\"", "try now catch 1", ".[now]", "input_filename", "stderr",
		`import "a" as a; true`, `include "a"; true`,
	} {
		j := judge(&runbook.Check{JQ: expression}, 0, "1", false)
		require.Equal(t, ask, j.Ruling, expression)
		require.Contains(t, j.Evidence, "jq cannot be used", expression)
	}
}

func TestJQComesToAnEnd(t *testing.T) {
	for _, expression := range []string{
		"def f: f; f", "last(range(1e12))", "[repeat(.)]", "[range(1e9)] | length", "def f: f, f; f", "[limit(1e9; repeat(1))] | add", "until(false; . + 1)",
	} {
		j := judge(&runbook.Check{JQ: expression}, 0, "1", true)
		require.Equal(t, ask, j.Ruling, expression)
		require.Contains(t, j.Evidence, "does not come to an end", expression)
	}
	for _, expression := range []string{`test("(.{1,30}){1,30}z")`, `test(.)`, `[scan("(a{1,99}){1,99}")]`, `sub("((a{9}){9}){20}"; "")`, `test("a\(1)")`, `split("(.{1,30}){1,30}z"; "g")`} {
		j := judge(&runbook.Check{JQ: expression}, 0, `"aaaa"`, true)
		require.Equal(t, ask, j.Ruling, expression)
		require.Contains(t, j.Evidence, "jq cannot be used", expression)
	}
	require.Equal(t, pass, judge(&runbook.Check{JQ: `test("^a+$") and (split("x"; "g") | length == 1)`}, 0, `"aaaa"`, true).Ruling)
}

// expiring is a context that ends after it was asked so many times.
type expiring struct {
	context.Context
	left int
}

func (e *expiring) Err() error {
	if e.left--; e.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

func TestADeadlineLeavesItToAPerson(t *testing.T) {
	output := strings.Repeat("x", 1<<20)
	for _, c := range []*runbook.Check{{Regexp: `(x+x+)+y`}, {FailIf: `(x+x+)+y`}} {
		for _, left := range []int{0, 3, 20} {
			j := check.Judge(&expiring{context.Background(), left}, c, 0, strings.NewReader(output), true)
			require.Equal(t, ask, j.Ruling)
			require.Contains(t, j.Evidence, "not judged in time: context deadline exceeded")
		}
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	require.Equal(t, ask, check.Judge(ended, &runbook.Check{JQ: "true"}, 0, strings.NewReader("1"), false).Ruling)
	require.Equal(t, pass, check.Judge(ended, nil, 0, nil, false).Ruling, "an exit code takes no time")
}

func TestAnOutputThatCannotBeRead(t *testing.T) {
	broken := iotest.ErrReader(errors.New("the disk is gone"))
	j := check.Judge(context.Background(), &runbook.Check{Regexp: "ok"}, 0, io.MultiReader(strings.NewReader("ok\n"), broken), false)
	require.Equal(t, ask, j.Ruling)
	require.Contains(t, j.Evidence, "the disk is gone")
}

func TestASampleRaisesFlags(t *testing.T) {
	const sample = `
NAME            STATUS   ROLES    AGE    VERSION
ncn-m001        Ready    master   128d   v1.20.13
ncn-w001        Ready    <none>   128d   v1.20.13
...
`
	for _, c := range []struct {
		name, sample, output string
		want                 []string
	}{
		{"other numbers, hosts, ages and spacing", sample, "NAME STATUS ROLES AGE VERSION\nncn-m002 Ready master 5d3h v1.22.1\nncn-w007  Ready  <none> 1d v1.22.1\n", nil},
		{"more rows", sample, "NAME STATUS ROLES AGE VERSION\nncn-m001 Ready master 1d v1\nncn-w001 Ready <none> 1d v1\nncn-w002 Ready <none> 1d v1\nncn-w003 Ready <none> 1d v1\n", nil},
		{"another status", sample, "NAME STATUS ROLES AGE VERSION\nncn-m001 Ready master 1d v1\nncn-w001 NotReady <none> 1d v1\nncn-w002 Ready <none> 1d v1\n", []string{"not in the sample: ncn-w001 NotReady <none> 1d v1"}},
		{"nothing came", sample, "", []string{"only in the sample: NAME STATUS ROLES AGE VERSION", "only in the sample: ncn-m001 Ready master 128d v1.20.13", "only in the sample: ncn-w001 Ready <none> 128d v1.20.13"}},
		{"an id", "Created session 0f5a2c64-1b1e-4a4e-9d0a-0a1b2c3d4e5f", "Created session c0ffee00-2222-3333-4444-555566667777", nil},
		{"a time", "Mon Nov 21 09:00:01 UTC 2022 ready", "Tue Jan 3 23:59:59 UTC 2023 ready", nil},
		{"an address", "api-gw.vshasta.local is 10.252.1.12", "api.site.example.com is 10.1.0.9", nil},
		{"table lines", "+----+------+\n| a  | up   |\n", "+------+--------+\n| a | up |", nil},
		{"colours", "ok", "\x1b[32mok\x1b[0m", nil},
		{"hostile output", "ok", "\x1b[2Jo\u202ek", []string{"not in the sample: o<U+202E>k", "only in the sample: ok"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := judge(&runbook.Check{Sample: c.sample}, 0, c.output, false)
			require.Equal(t, ask, j.Ruling)
			require.Equal(t, c.want, j.Flags)
		})
	}
}

func TestFlagsAreBounded(t *testing.T) {
	var output strings.Builder
	for i := range 1000 {
		fmt.Fprintln(&output, strings.Repeat(string(rune('a'+i%26)), 1000), strings.Repeat("x", i))
	}
	j := judge(&runbook.Check{Sample: "one\ntwo"}, 0, output.String(), false)
	require.Len(t, j.Flags, 10)
	require.Contains(t, j.Flags[9], "more differences")
	for _, flag := range j.Flags {
		require.LessOrEqual(t, len(flag), 200)
	}
}

// anything draws outputs and patterns that are likely to get on: few letters, and what an attacker would add.
func anything() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOf(rapid.SampledFrom([]string{
			"ok", "a", "1", " ", "\n", "{", "}", "[", "]", "\"", ":", ".", "*", "+", "(", ")", "|", "true", "\x1b[31m", "\x1b]0;", "\u202e", "\xff", "\r", "e\u0301", ".a", "==", "..", "{1,9}",
			strings.Repeat("long ", 500),
		})).Draw(t, "parts")
		return strings.Join(parts, "")
	})
}

func checks() *rapid.Generator[*runbook.Check] {
	return rapid.Custom(func(t *rapid.T) *runbook.Check {
		maybe := rapid.OneOf(rapid.Just(""), anything())
		return &runbook.Check{
			Exit:     rapid.SliceOfN(rapid.IntRange(0, 3), 0, 2).Draw(t, "exit"),
			Regexp:   maybe.Draw(t, "regexp"),
			JQ:       maybe.Draw(t, "jq"),
			FailIf:   maybe.Draw(t, "fail_if"),
			Sample:   maybe.Draw(t, "sample"),
			Proposed: rapid.Bool().Draw(t, "proposed"),
		}
	})
}

func TestWhateverIsJudged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := checks().Draw(t, "check")
		code, output, poll := rapid.IntRange(0, 3).Draw(t, "code"), anything().Draw(t, "output"), rapid.Bool().Draw(t, "poll")
		j := judge(c, code, output, poll)
		require.LessOrEqual(t, len(j.Evidence), 4<<10)
		for _, text := range append(j.Flags, j.Evidence) {
			require.Equal(t, safe.Of(text).String(), text)
			require.NotContains(t, text, "\x1b")
		}
		if c.Proposed {
			require.NotEqual(t, pass, j.Ruling, "a proposed expectation gave a pass")
		}
		if !poll {
			require.NotEqual(t, pending, j.Ruling)
		}
		again := check.Judge(context.Background(), c, code, iotest.OneByteReader(strings.NewReader(output)), poll)
		require.Equal(t, j, again, "the same output in other pieces")
	})
}

func TestASampleNeverGivesAPass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		output := anything().Draw(t, "output")
		c := &runbook.Check{Sample: rapid.OneOf(rapid.Just(output), anything()).Draw(t, "sample"), FailIf: rapid.SampledFrom([]string{"", "nothing"}).Draw(t, "fail_if")}
		if c.Sample == "" {
			c.Sample = "ok"
		}
		j := judge(c, rapid.IntRange(0, 1).Draw(t, "code"), output, rapid.Bool().Draw(t, "poll"))
		require.NotEqual(t, pass, j.Ruling)
	})
}

func FuzzJudge(f *testing.F) {
	f.Add("ok", ".a", "failed", "sample", "output", 0, false)
	f.Add("^a$", ".[] | test(\"a\")", "", "", "[\"a\"]", 1, true)
	f.Fuzz(func(t *testing.T, pattern, jq, failIf, sample, output string, code int, poll bool) {
		j := judge(&runbook.Check{Regexp: pattern, JQ: jq, FailIf: failIf, Sample: sample}, code, output, poll)
		require.LessOrEqual(t, len(j.Evidence), 4<<10)
		require.Equal(t, safe.Of(j.Evidence).String(), j.Evidence)
	})
}

func TestEvidenceIsBoundedWhateverItTells(t *testing.T) {
	long := strings.Repeat("long", 200)
	j := judge(&runbook.Check{Regexp: long, JQ: `. == "` + long + `"`, Proposed: true}, 1, strings.Repeat("x\u202e", 4000), false)
	require.LessOrEqual(t, len(j.Evidence), 4<<10)
	for _, told := range []string{"exit 1, wanted 0", "no line matches", "not JSON"} {
		require.Contains(t, j.Evidence, told)
	}
}
