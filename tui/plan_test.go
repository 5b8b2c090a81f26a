package tui

import (
	"fmt"
	"strings"

	"gatewalk/runbook"
	"gatewalk/runbook/doc"
)

// draft puts a plan together by hand, so that these tests need no reading of documents.
type draft struct{ plan runbook.Plan }

func (d *draft) step(path, title string, parent int, items ...func(step int) runbook.Item) int {
	n := len(d.plan.Steps)
	kind := runbook.CommandStep
	d.plan.Steps = append(d.plan.Steps, runbook.Step{
		ID: "s" + path, Line: 10 * (n + 1), Path: path, Title: title, Kind: kind, Parent: parent,
	})
	if parent < 0 {
		d.plan.Root = append(d.plan.Root, runbook.Item{Kind: runbook.StepItem, Index: n})
	} else {
		d.plan.Steps[parent].Body = append(d.plan.Steps[parent].Body, runbook.Item{Kind: runbook.StepItem, Index: n})
	}
	for _, item := range items {
		d.plan.Steps[n].Body = append(d.plan.Steps[n].Body, item(n))
	}
	return n
}

func (d *draft) prose(text string) func(int) runbook.Item {
	return func(int) runbook.Item {
		return runbook.Item{Kind: runbook.ProseItem, Prose: &doc.Node{Kind: doc.Paragraph, Spans: spans(text)}}
	}
}

// spans reads `code` and **strong** words.
func spans(text string) []doc.Span {
	var all []doc.Span
	for i, piece := range strings.Split(text, "`") {
		span := doc.Span{Text: piece}
		if i%2 == 1 {
			span.Style = doc.Literal
		}
		all = append(all, span)
	}
	return all
}

func (d *draft) note(kind, text string) func(int) runbook.Item {
	return func(int) runbook.Item {
		node := &doc.Node{Kind: doc.Note, Name: kind, Children: []*doc.Node{{Kind: doc.Paragraph, Spans: spans(text)}}}
		d.plan.Admonitions = append(d.plan.Admonitions, runbook.Admonition{Kind: kind, Text: text, Node: node})
		return runbook.Item{Kind: runbook.NoteItem, Index: len(d.plan.Admonitions) - 1}
	}
}

func (d *draft) block(text string, change func(*runbook.Block)) func(int) runbook.Item {
	return func(step int) runbook.Item {
		n := len(d.plan.Blocks)
		first, _, _ := strings.Cut(text, "\n")
		b := runbook.Block{
			ID: fmt.Sprintf("b%d", n+1), Line: d.plan.Steps[step].Line + 4, First: first, Kind: runbook.Command, Text: text,
			Commands: []string{text}, Host: "ncn-m001", Gate: runbook.NoGate, Step: d.plan.Steps[step].Path,
			Why: map[string]runbook.Reason{"host": {Rule: "marker at the head of the paragraph", Line: d.plan.Steps[step].Line + 2}},
		}
		if change != nil {
			change(&b)
		}
		d.plan.Blocks = append(d.plan.Blocks, b)
		d.plan.Steps[step].Blocks = append(d.plan.Steps[step].Blocks, n)
		return runbook.Item{Kind: runbook.BlockItem, Index: n}
	}
}

// rollout is a small procedure with one of everything an operator meets.
func rollout() *runbook.Plan {
	d := &draft{plan: runbook.Plan{Source: "rollout.md", Title: "Roll out storage nodes", Digest: "sha256:0"}}
	prepare := d.step("1", "Prepare", -1)
	d.step("1/1", "Name the activity", prepare,
		d.prose("Every command below reads the name of the activity. Use the one from the change ticket."),
		d.block("ACTIVITY=<activity name>", func(b *runbook.Block) {
			b.Inputs, b.Sets = []string{"<activity name>"}, []string{"ACTIVITY"}
		}))
	d.step("1/2", "Look at the storage nodes", prepare,
		d.prose("All of them must be `ready` before the first one is touched."),
		d.block("siteadmin list --role storage", func(b *runbook.Block) { b.Verify, b.Expect = true, "every node is ready" }))
	d.plan.Steps[2].Kind = runbook.VerifyStep
	rolling := d.step("2", "Roll out", -1)
	d.step("2/1", "Roll out the canary", rolling,
		d.note("warning", "Only one node, and not the one that serves the console."),
		d.prose("Rebuild `ncn-s001` first and look at it."),
		d.block("siteadmin rollout --activity \"$ACTIVITY\" --limit ncn-s001", func(b *runbook.Block) {
			b.Reads, b.Targets, b.Gate = []string{"ACTIVITY"}, []string{"ncn-s001"}, runbook.Disruptive
			b.GateDetail = &runbook.GateDetail{Weight: runbook.OneKey, Sentence: "This rebuilds the node.", Line: 42}
			b.Owes = []string{"the label canary on ncn-s001"}
		}))
	d.step("2/2", "See that it is configured", rolling,
		d.block("siteadmin status ncn-s001", func(b *runbook.Block) {
			b.Verify, b.Poll, b.PollRule = true, true, &runbook.PollRule{Every: "30s", Timeout: "1h"}
			b.Check, b.Expect = &runbook.Check{Regexp: "configured", FailIf: "failed"}, "the status is configured"
		}))
	d.plan.Steps[5].Kind = runbook.VerifyStep
	d.step("2/3", "Roll out the rest", rolling,
		d.prose("When the canary is configured, the remaining storage nodes follow. The canary should not be in the list."),
		d.block("STORAGE=\"ncn-s002 ncn-s003\"", func(b *runbook.Block) { b.Sets = []string{"STORAGE"} }),
		d.block("siteadmin rollout --activity \"$ACTIVITY\" \\\n  --limit \"$STORAGE\"", func(b *runbook.Block) {
			b.Reads, b.Targets, b.Gate = []string{"ACTIVITY", "STORAGE"}, []string{"$STORAGE"}, runbook.Canary
			b.GateDetail = &runbook.GateDetail{
				Weight: runbook.Typed, Sentence: "When the canary is configured, the remaining storage nodes follow.", Line: 60, CanaryOf: "b3",
			}
		}))
	d.step("3", "Tell the users", -1, d.prose("Write a mail to the users."))
	d.plan.Steps[7].Kind = runbook.ManualStep
	d.choice()
	d.step("5", "Restart the console service", -1,
		d.block("systemctl restart console\nsystemctl is-active console", func(b *runbook.Block) { b.Host = "ncn-m002" }))
	return &d.plan
}

// choice adds a step with two ways.
func (d *draft) choice() {
	asks := d.step("4", "Clean up", -1)
	d.step("4/1", "Remove the old images", asks, d.block("siteadmin images prune", nil))
	d.step("4/2", "Keep the old images", asks, d.prose("Nothing is to be done."))
	d.plan.Steps[asks+2].Kind = runbook.InfoStep
	d.plan.Steps[asks].Kind = runbook.ChoiceStep
	d.plan.Steps[asks].Choice = new(int)
	d.plan.Choices = append(d.plan.Choices, runbook.Choice{
		Line: 80, Text: "Do one of these:", Step: asks,
		Options: []runbook.Option{{Title: "Remove the old images", Step: asks + 1}, {Title: "Keep the old images", Step: asks + 2}},
	})
}
