package runbook

import (
	"gatewalk/runbook/doc"
	"gatewalk/runbook/html"
	"gatewalk/runbook/markdown"
)

// readPage reads a saved web page. Its lines are those of the page's source; where that has no lines to go by, those of the Markdown that
// the page is turned into.
func readPage(name string, source []byte) (*doc.Document, error) {
	text, err := html.Markdown(name, source)
	if err != nil {
		return nil, err
	}
	d, err := markdown.Read(name, text)
	if err != nil {
		return nil, err
	}
	d.Format = "html"
	if lines := html.Lines(source, text); lines != nil {
		relocate(d, lines)
		return d, nil
	}
	d.Problems = append(d.Problems, doc.Problem{Line: 1, Text: "a web page: lines are counted in its text, not in its source"})
	return d, nil
}

// relocate moves what a document says of lines from one counting to another.
func relocate(d *doc.Document, lines []int) {
	moved := func(line *int) {
		if *line > 0 {
			*line = lines[min(*line, len(lines)-1)]
		}
	}
	doc.Walk(d.Nodes, func(n *doc.Node) bool {
		moved(&n.Line)
		moved(&n.End)
		for i := range n.Spans {
			moved(&n.Spans[i].Line)
		}
		return true
	})
	for i := range d.Problems {
		moved(&d.Problems[i].Line)
	}
}
