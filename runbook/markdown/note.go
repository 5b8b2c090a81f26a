package markdown

import "gatewalk/runbook/doc"

// noteOrQuote makes a note of a quote whose first words name one: > [!NOTE], > **`NOTE`**, > NOTE:, >**`Stop`**.
func noteOrQuote(q *doc.Node) *doc.Node {
	if len(q.Children) == 0 {
		return q
	}
	first := q.Children[0]
	if first.Kind == doc.Note && len(q.Children) == 1 {
		return first
	}
	if first.Kind != doc.Note {
		return q
	}
	first.Line, first.End = q.Line, q.End
	first.Children = append(first.Children, q.Children[1:]...)
	return first
}
