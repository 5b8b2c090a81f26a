// Package check judges an output against an expectation.
//
// Its promise: what it cannot judge it leaves to a person, with the reason; it never guesses a pass. A sample output
// raises flags and never gives a pass. The same output gets the same judgment, except that a deadline may turn it into a
// question. Its evidence is at most 4 KiB and safe to show.
package check

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gatewalk/runbook"
	"gatewalk/steps"
	"gatewalk/steps/safe"
)

// maxEvidence is how long evidence may be, in bytes.
const maxEvidence = 4 << 10

// Judge says what an expectation makes of an attempt's exit code and of its output, raw as the command wrote it.
//
// Everything that the expectation names must hold: the exit code is one of Exit (without any: it is 0); Regexp matches
// somewhere in the last 64 KiB of the sanitised output, where ^ and $ are the ends of a line; JQ gives true, and nothing
// else, on every JSON document of the output, which must be JSON throughout. FailIf must match nowhere in the whole
// output (in a large one, a match that spans more than 4 KiB may be missed). Then:
//
//   - Pass: all of it holds.
//   - Fail: FailIf matches, or something does not hold. In a poll's round only FailIf fails; what does not hold is
//     Pending.
//   - Ask: something could not be judged (a pattern that is wrong or too costly, an output that is too large or cannot be
//     read, the deadline of ctx), and nothing else failed; or the exit code is right and nothing but a Sample speaks.
//
// Without an expectation (c is nil or empty) the exit code alone speaks: 0 is Pass. Whether that is enough for a
// verification is for the caller to say. An expectation that is only Proposed never gives Pass: a wrong exit code fails,
// a right one is Ask, and the evidence tells what the expectation would have found.
func Judge(ctx context.Context, c *runbook.Check, code int, output io.Reader, poll bool) steps.Judgment {
	if c == nil {
		c = &runbook.Check{}
	}
	findings, flags := examine(ctx, c, output)
	if c.Proposed {
		findings = proposed(findings)
	}
	findings = append([]finding{judgeExit(c, code)}, findings...)
	return steps.Judgment{Ruling: rule(findings, poll), Evidence: evidence(findings), Flags: flags}
}

// finding is what one part of an expectation made of the output.
type finding struct {
	answer answer
	text   string
}

// answer is how a part of an expectation came out.
type answer int

const (
	holds   answer = iota
	unclear        // could not be judged
	unmet          // does not hold, or not yet
	broken         // failed for good
)

func rule(findings []finding, poll bool) steps.Ruling {
	has := func(a answer) bool {
		return slices.ContainsFunc(findings, func(f finding) bool { return f.answer == a })
	}
	switch {
	case has(broken), has(unmet) && !poll:
		return steps.RulingFail
	case has(unclear):
		return steps.RulingAsk
	case has(unmet):
		return steps.RulingPending
	}
	return steps.RulingPass
}

// proposed takes the weight from findings: they are told, and decide nothing.
func proposed(findings []finding) []finding {
	told := []finding{{unclear, "the expectation is proposed: it counts once it was adopted"}}
	for _, f := range findings {
		told = append(told, finding{unclear, "proposed: " + f.text})
	}
	return told
}

func judgeExit(c *runbook.Check, code int) finding {
	wanted := c.Exit
	if len(wanted) == 0 || c.Proposed {
		wanted = []int{0}
	}
	if slices.Contains(wanted, code) {
		return finding{holds, fmt.Sprintf("exit %d, as it should be", code)}
	}
	words := make([]string, len(wanted))
	for i, w := range wanted {
		words[i] = strconv.Itoa(w)
	}
	return finding{unmet, fmt.Sprintf("exit %d, wanted %s", code, strings.Join(words, " or "))}
}

// examine holds the output against all that the expectation says of it.
func examine(ctx context.Context, c *runbook.Check, output io.Reader) ([]finding, []string) {
	if c.Regexp == "" && c.JQ == "" && c.FailIf == "" && c.Sample == "" {
		return nil, nil
	}
	failIf, problem := compile("fail_if", c.FailIf)
	if problem != nil {
		return []finding{*problem}, nil
	}
	seen := &reading{failIf: failIf, wantAll: c.JQ != ""}
	if stopped := seen.read(ctx, output); stopped != nil {
		return []finding{*stopped}, nil
	}
	var findings []finding
	if c.Regexp != "" {
		findings = append(findings, judgePattern(ctx, c.Regexp, seen))
	}
	if c.JQ != "" {
		findings = append(findings, judgeJSON(ctx, c.JQ, seen))
	}
	if c.Sample == "" {
		return findings, nil
	}
	if c.Regexp == "" && c.JQ == "" && len(c.Exit) == 0 {
		findings = append(findings, finding{unclear, "a sample output is all there is to compare with: it never gives a pass"})
	}
	return findings, compare(c.Sample, seen.window)
}

// evidence writes findings down, one a line, the decisive ones first.
func evidence(findings []finding) string {
	slices.SortStableFunc(findings, func(a, b finding) int { return int(b.answer) - int(a.answer) })
	lines := make([]string, len(findings))
	for i, f := range findings {
		lines[i] = oneLine(f.text, maxEvidence/4)
	}
	return cut(strings.Join(lines, "\n"), maxEvidence)
}

// oneLine makes text safe to show on one line of at most so many bytes.
func oneLine(text string, limit int) string { return cut(safe.Line(text).String(), limit) }

// quote writes down a pattern, or enough of a long one to know it by.
func quote(pattern string) string { return strconv.Quote(cut(pattern, maxEvidence/16)) }

// cut shortens text to at most so many bytes, at the border of a character.
func cut(text string, limit int) string {
	const more = " …"
	if len(text) <= limit {
		return text
	}
	end := limit - len(more)
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + more
}
