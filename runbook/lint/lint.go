// Package lint says what an operator would stumble over in a procedure, before anyone walks it.
//
// Its promise: every finding names its line, its rule and the next thing an author can do. It opens nothing and runs
// nothing: whether a file is there is asked of the caller.
package lint

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"gatewalk/runbook"
	"gatewalk/runbook/doc"
)

// Severity says what comes of a finding.
type Severity string

// The severities. The set is closed.
const (
	Error   Severity = "error"   // a walk would stop, go astray, or do something else than what is read
	Warning Severity = "warning" // the operator would have to ask, or to guess
)

// Rule is one thing that is looked for.
type Rule struct {
	Name     string
	Severity Severity
	Meaning  string
	find     func(*inspection) []found
	written  bool // it judges a document as it is written, whoever walks it
}

// Rules are all there are, in the order they are told.
var Rules = []Rule{
	{"values", Warning, "a value that nothing in the document explains, or that is read before it is set", values, false},
	{"hosts", Warning, "a command whose host is not said", hosts, false},
	{"gates", Error, "a typed gate whose phrase comes from neither the document nor whom the command acts on", gates, false},
	{"checks", Warning, "a check without a word on when it has passed", checks, false},
	{"hangs", Error, "a command that would wait for somebody to type, and nothing says so", hangs, false},
	{"unreachable", Error, "a step that no walk comes to", unreachable, false},
	{"references", Error, "a link to a heading or a file that is not there", references, true},
	{"characters", Error, "a character in a command that does not do what it looks like", characters, false},
	{"annotations", Error, "an annotation that says nothing: an unknown key, a wrong value, a name nobody has", annotations, true},
	{"fences", Error, "a code fence that is never closed", fences, true},
	{"source", Warning, "something in the source that had to be repaired, or was not read", source, true},
}

// Help is what the rules look for, a line each.
func Help() string {
	var text strings.Builder
	for _, rule := range Rules {
		fmt.Fprintf(&text, "  %-12s %-8s %s\n", rule.Name, rule.Severity, rule.Meaning)
	}
	return text.String()
}

// Finding is one thing wrong with a procedure.
type Finding struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	What     string   `json:"what"`
	Act      string   `json:"act"` // the next thing an author can do
}

func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s; %s (%s)", f.File, f.Line, f.Severity, f.What, f.Act, f.Rule)
}

// Options are what the document cannot know of itself.
type Options struct {
	Values map[string]string        // by the name of a variable or the text of a placeholder: these are not missing
	Exists func(target string) bool // whether the file that a link names is there; nil: no such link is judged
	Except []string                 // rules that are not asked
}

// Check asks every rule of a plan and of the source it was read from. The findings are in the order of their lines and
// name the plan's source as their file. It fails where the plan was not read from that source, or a rule is excepted that is none.
func Check(p *runbook.Plan, source []byte, o Options) ([]Finding, error) {
	return check(p, source, o, func(Rule) bool { return true })
}

// CheckCalled asks of a document that another calls what the walk of that one does not show: where its links lead, and what
// is wrong with its writing.
func CheckCalled(p *runbook.Plan, source []byte, o Options) ([]Finding, error) {
	return check(p, source, o, func(r Rule) bool { return r.written })
}

func check(p *runbook.Plan, source []byte, o Options, asked func(Rule) bool) ([]Finding, error) {
	document, err := runbook.ReadSyntax(p.Format, p.Source, source)
	if err != nil {
		return nil, err
	}
	if err := known(o.Except); err != nil {
		return nil, err
	}
	i := newInspection(p, document, source, o)
	findings := []Finding{}
	for _, rule := range Rules {
		if slices.Contains(o.Except, rule.Name) || !asked(rule) {
			continue
		}
		for _, f := range rule.find(i) {
			findings = append(findings, Finding{cmp.Or(f.file, p.Source), f.line, rule.Name, rule.Severity, f.what, f.act})
		}
	}
	slices.SortStableFunc(findings, func(x, y Finding) int { return cmp.Compare(x.Line, y.Line) })
	return findings, nil
}

func known(names []string) error {
	var all []string
	for _, rule := range Rules {
		all = append(all, rule.Name)
	}
	for _, name := range names {
		if !slices.Contains(all, name) {
			return fmt.Errorf("there is no rule %q; the rules are %s", name, strings.Join(all, ", "))
		}
	}
	return nil
}

// inspection is what the rules look at.
type inspection struct {
	plan     *runbook.Plan
	document *doc.Document
	text     []byte
	called   []bool // of each block, whether it is walked only when called
	skipped  []bool // of each block, whether the site leaves it out
	Options
}

// found is a finding before it knows its rule.
type found struct {
	line      int
	what, act string
	file      string // "" for the plan's own
}

// at is a finding at a block.
func at(b *runbook.Block, what, act string) found {
	return found{line: b.Line, what: what, act: act, file: b.Source}
}

// running are the blocks that may be offered to run, in document order, but for those that the site leaves out.
func (i *inspection) running() []*runbook.Block {
	var blocks []*runbook.Block
	for b := range i.plan.Blocks {
		if block := &i.plan.Blocks[b]; block.Runs() && !i.skipped[b] {
			blocks = append(blocks, block)
		}
	}
	return blocks
}

// inside says of each block whether something is so of it or of a step around it.
func inside(p *runbook.Plan, ofStep func(*runbook.Step) bool) []bool {
	all := make([]bool, len(p.Blocks))
	for s := range p.Steps {
		holds := false
		for outer := s; outer >= 0; outer = p.Steps[outer].Parent {
			holds = holds || ofStep(&p.Steps[outer])
		}
		for _, b := range p.Steps[s].Blocks {
			all[b] = holds
		}
	}
	return all
}

func newInspection(p *runbook.Plan, d *doc.Document, source []byte, o Options) *inspection {
	i := &inspection{plan: p, document: d, text: source, Options: o}
	i.called = inside(p, func(s *runbook.Step) bool { return s.Routine })
	i.skipped = inside(p, func(s *runbook.Step) bool { return s.Skip != "" })
	for b := range p.Blocks {
		i.skipped[b] = i.skipped[b] || p.Blocks[b].Skip != ""
	}
	return i
}

// annotated says whether an author, not a rule, said what is believed of a property of a block.
func annotated(b *runbook.Block, property string) bool { return b.Why[property].Rule == "annotation" }

// WriteText writes a finding a line. Nothing in the document can move the cursor or change the terminal.
func WriteText(w io.Writer, findings []Finding) error {
	for _, f := range findings {
		if _, err := fmt.Fprintln(w, doc.Printable(f.String())); err != nil {
			return err
		}
	}
	return nil
}

// WriteJSON writes {"findings": […]}, indented; without a finding the list is empty, never null.
func WriteJSON(w io.Writer, findings []Finding) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(map[string][]Finding{"findings": append([]Finding{}, findings...)})
}
