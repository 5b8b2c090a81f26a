package transcript

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatewalk/steps/safe"
)

// attempt is what ran, how it ended, what was made of it and what it printed.
func (p *page) attempt(a *Attempt) {
	p.printf("  - on %s as %s, digest %s%s\n", code(a.Host), code(a.User), code(a.Digest), marks(a))
	p.quote("ran", a.Text)
	p.end(a)
	for _, name := range slices.Sorted(maps.Keys(a.Changed)) {
		p.printf("  - sets %s = %s\n", code(safe.Line(name)), code(a.Changed[name]))
	}
	if len(a.Unset) > 0 {
		p.printf("  - unsets %s\n", codes(a.Unset))
	}
	for _, j := range a.Judged {
		p.judged(j)
	}
	p.printed(p.output.read(a))
}

// marks are what is special about an attempt.
func marks(a *Attempt) string {
	var words []string
	for _, m := range []struct {
		on   bool
		word string
	}{{a.Round != (safe.Text{}), "round " + a.Round.Plain()}, {a.Edited, "edited"}, {a.OffScript, "off script"}, {a.Again, "run again"}, {a.Late, "its end was recorded late"}} {
		if m.on {
			words = append(words, m.word)
		}
	}
	if len(a.Secrets) > 0 {
		words = append(words, "given the secrets "+codes(a.Secrets))
	}
	if len(words) == 0 {
		return ""
	}
	return "; " + strings.Join(words, ", ")
}

func (p *page) end(a *Attempt) {
	if a.Unknown {
		p.printf("  - **UNKNOWN**: nobody saw its end\n")
		p.quote("evidence", a.Evidence)
	}
	if r := a.Resolved; r != nil {
		p.printf("  - taken for **%s** at %s by %s%s\n", r.As, clock(r.At), prose(r.By), reason(r.Reason))
	}
	if a.Code == nil {
		p.printf("  - no end is recorded\n")
		return
	}
	p.printf("  - ended %s after %s: exit %d%s%s\n", clock(a.Ended), elapsed(a.Took), *a.Code, signal(a.Signal), exits(a.Commands))
	if a.Error != (safe.Text{}) {
		p.printf("  - error: %s\n", prose(a.Error))
	}
	if a.Hidden > 0 {
		p.printf("  - typed without being shown: %d, what it was is recorded nowhere\n", a.Hidden)
	}
	if a.Warning != (safe.Text{}) {
		p.printf("  - warning: %s\n", prose(a.Warning))
	}
}

func signal(name safe.Text) string {
	if name == (safe.Text{}) {
		return ""
	}
	return ", by SIG" + prose(name)
}

// exits are the exit codes of the commands, where there was more than one.
func exits(commands []Command) string {
	if len(commands) < 2 {
		return ""
	}
	words := make([]string, len(commands))
	for i, c := range commands {
		words[i] = "not run"
		if c.Exit != nil {
			words[i] = fmt.Sprint(*c.Exit)
		}
	}
	return "; command by command: " + strings.Join(words, ", ")
}

func (p *page) judged(j Judged) {
	accepted := ""
	if j.Accepted {
		accepted = ", a failure accepted"
	}
	p.printf("  - verdict **%s**%s at %s by %s%s\n", j.Ruling, accepted, clock(j.At), prose(j.By), reason(j.Note))
	p.quote("evidence", j.Evidence)
	for _, flag := range j.Flags {
		p.printf("  - flag: %s\n", prose(flag))
	}
}

func (p *page) printed(out Output) {
	p.printf("  - output: %d bytes, digest %s, redactions: %d\n", out.Bytes, code(out.Digest), out.Redactions)
	if out.Missing != (safe.Text{}) {
		p.printf("  - its text: %s\n", prose(out.Missing))
	}
	p.quote("printed", join(out.Head))
	if out.Omitted > 0 {
		p.printf("  - **%d lines are left out here**\n", out.Omitted)
		p.quote("printed at the end", join(out.Tail))
	}
}

func join(lines []safe.Text) safe.Text {
	plain := make([]string, len(lines))
	for i, line := range lines {
		plain[i] = line.Plain()
	}
	return safe.Of(strings.Join(plain, "\n"))
}
