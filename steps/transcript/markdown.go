package transcript

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"gatewalk/steps/safe"
)

// WriteMarkdown writes a record for people: the first page with outcome and deviations, then what is owed, then the walk.
// It reads one output at a time.
func WriteMarkdown(w io.Writer, r Record, output Outputs) error {
	p := &page{w: bufio.NewWriter(w), output: output, simulated: r.Simulated}
	p.firstPage(r)
	p.deviations(r.Deviations)
	p.debts(r.Debts)
	p.hosts(r)
	p.walk(r.Walk)
	return p.w.Flush()
}

// page writes Markdown. Its writer keeps the first error until the end.
type page struct {
	w         *bufio.Writer
	output    Outputs
	simulated bool
}

func (p *page) printf(format string, arguments ...any) { fmt.Fprintf(p.w, format, arguments...) }

// top begins a part that may be printed as a page of its own.
func (p *page) top(level, title string) {
	p.printf("%s %s\n\n", level, title)
	if p.simulated {
		p.printf("**SIMULATED: a rehearsal, nothing real was touched.**\n\n")
	}
}

func (p *page) firstPage(r Record) {
	p.top("#", "Transcript: "+prose(r.Title))
	p.printf("- Outcome: **%s**%s\n", prose(r.Outcome), reason(r.Reason))
	p.printf("- Places: %s\n", counts(r.Places))
	p.printf("- Deviations: %d; owed and not paid: %d\n", len(r.Deviations), len(r.Debts))
	p.printf("- Runbook: %s (%s), digest %s\n", code(r.Runbook.Source), prose(r.Runbook.Format), code(r.Runbook.Digest))
	for _, name := range slices.Sorted(maps.Keys(r.Runbook.Sources)) {
		p.printf("- Source stored: %s, digest %s\n", code(safe.Line(name)), code(r.Runbook.Sources[name]))
	}
	p.printf("- Plan: digest %s\n", code(r.Runbook.Plan))
	p.printf("- Session: %s\n", code(r.Session))
	p.printf("- Journal: %d events", r.Journal.Last)
	if r.Journal.Head != (safe.Text{}) {
		p.printf(", head %s", code(r.Journal.Head))
	}
	p.printf("\n- Opened: %s\n", clock(r.Opened))
	if !r.Closed.IsZero() {
		p.printf("- Closed: %s\n", clock(r.Closed))
	}
	for _, person := range r.People {
		p.printf("- Operator: %s, from %s to %s\n", prose(person.Name), clock(person.First), clock(person.Last))
	}
	for _, s := range r.Sittings {
		p.printf("- Sitting from event %d, %s: machine %s, boot %s, user %s, build %s, terminal %s\n",
			s.Seq, clock(s.At), code(s.Machine), code(s.Boot), code(s.User), code(s.Build), code(s.Terminal))
	}
	p.printf("\n")
}

func counts(places map[string]int) string {
	words := []string{}
	for _, status := range slices.Sorted(maps.Keys(places)) {
		words = append(words, fmt.Sprintf("%d %s", places[status], status))
	}
	return strings.Join(words, ", ")
}

func (p *page) deviations(list []Entry) {
	p.top("##", "Deviations")
	if len(list) == 0 {
		p.printf("None: the procedure was followed as it is written.\n\n")
		return
	}
	for _, d := range list {
		p.entry(d)
	}
	p.printf("\n")
}

func (p *page) debts(list []Debt) {
	p.top("##", "Owed and not paid")
	if len(list) == 0 {
		p.printf("Nothing.\n\n")
		return
	}
	for _, d := range list {
		p.printf("- **%s**, since %s, taken on at %s\n", prose(d.Name), clock(d.Since), prose(d.Where))
	}
	p.printf("\n")
}

// hosts are the hosts and values that hold for the whole session, and what happened to it as a whole.
func (p *page) hosts(r Record) {
	p.top("##", "The session")
	for _, h := range r.Hosts {
		p.printf("- Host %s is %s, event %d, by %s\n", code(h.Name), prose(h.Is), h.Seq, prose(h.By))
	}
	for _, name := range slices.Sorted(maps.Keys(r.Inherited)) {
		p.printf("- Inherited %s = %s\n", code(safe.Line(name)), code(r.Inherited[name]))
	}
	for _, e := range r.Events {
		p.entry(e)
	}
	p.printf("\n")
}

func (p *page) walk(sections []Section) {
	p.top("##", "The walk")
	for _, s := range sections {
		p.section(s)
	}
}

func (p *page) section(s Section) {
	title := strings.TrimSpace(prose(s.Path) + " " + prose(s.Title))
	if s.Within != (safe.Text{}) {
		title += " (" + prose(s.Within) + ")"
	}
	p.top("###", title)
	if s.Status != "" {
		p.printf("Line %d, %s: **%s**%s\n\n", s.Line, prose(safe.Line(s.Kind)), s.Status, reason(s.Reason))
	}
	p.entries(s.Entries)
	for _, b := range s.Blocks {
		p.block(b)
	}
}

func (p *page) block(b Block) {
	p.printf("Line %d, %s: **%s**%s\n\n", b.Line, code(b.First), b.Status, reason(b.Reason))
	for _, property := range []struct {
		name string
		text safe.Text
	}{{"Host", b.Host}, {"Expected", b.Expect}, {"Undo", b.Undo}} {
		if property.text != (safe.Text{}) {
			p.printf("%s: %s\n\n", property.name, prose(property.text))
		}
	}
	p.entries(b.Entries)
}

func (p *page) entries(list []Entry) {
	for _, e := range list {
		p.entry(e)
	}
	if len(list) > 0 {
		p.printf("\n")
	}
}

// entry is one fact: a line, and below it what belongs to it.
func (p *page) entry(e Entry) {
	p.printf("- %s", clock(e.At))
	if e.Where != (safe.Text{}) {
		p.printf(", %s", prose(e.Where))
	}
	p.printf(": **%s**%s, by %s, event %d\n", prose(e.Text), reason(e.Reason), prose(e.By), e.Seq)
	if e.Digest != (safe.Text{}) {
		p.printf("  - digest %s\n", code(e.Digest))
	}
	p.quote("was", e.Was)
	p.quote("text", e.Is)
	p.quote("text", e.Pasted)
	if e.Gate != nil {
		p.gate(e.Gate)
	}
	if e.Attempt != nil {
		p.attempt(e.Attempt)
	}
}

// quote is a text of several lines below an entry, in a fence that it cannot close.
func (p *page) quote(name string, t safe.Text) {
	if t == (safe.Text{}) {
		return
	}
	fence := safe.Fence(t)
	p.printf("  - %s:\n\n    %stext\n", name, fence)
	for line := range strings.SplitSeq(strings.TrimSuffix(t.Plain(), "\n"), "\n") {
		p.printf("    %s\n", line)
	}
	p.printf("    %s\n\n", fence)
}

func (p *page) gate(g *Gate) {
	p.printf("  - %s gate of line %d, weight %s: “%s”\n", g.Kind, g.Line, g.Weight, prose(g.Sentence))
	p.printf("  - on host %s, targets %s\n", code(g.Host), codes(g.Targets))
	if len(g.Canary) > 0 {
		p.printf("  - the canary was %s\n", codes(g.Canary))
	}
	if g.Phrase != (safe.Text{}) {
		p.printf("  - phrase wanted: %s\n", code(g.Phrase))
	}
	p.printf("  - digest of the text shown: %s\n", code(g.Digest))
	for _, v := range g.Shown {
		p.printf("  - verified before: %s\n", prose(v))
	}
}

func reason(t safe.Text) string {
	if t == (safe.Text{}) {
		return ""
	}
	return ": " + prose(t)
}

// clock is a time as every part of a record writes it.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000 MST") }
