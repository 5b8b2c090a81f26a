package procedure

import (
	"gatewalk/runbook"
	"gatewalk/runbook/diff"
	"gatewalk/runbook/markdown"
)

// Compare says what changed from one version of a procedure to another, each as it is written; of a procedure and itself, what
// its site and the documents that it calls change.
func Compare(old, new string, options Options) (diff.Changes, error) {
	written := Options{Syntax: options.Syntax, NoOverlay: true}
	was, err := Read(old, written)
	if err != nil {
		return diff.Changes{}, err
	}
	if old != new {
		options = written
	}
	now, err := Read(new, options)
	if err != nil {
		return diff.Changes{}, err
	}
	return diff.Diff(was.Plan, now.Plan), nil
}

// Markdown is the document as Markdown that says the same, whatever it is written in.
func (p Procedure) Markdown() ([]byte, error) {
	document, err := runbook.ReadSyntax(p.Plan.Format, p.Plan.Source, p.Source)
	if err != nil {
		return nil, err
	}
	return markdown.Print(document), nil
}
