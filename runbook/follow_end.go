package runbook

import (
	"regexp"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	endForm   = regexp.MustCompile(`(?i)\bstop(?:ping)?\s+(?:right\s+|just\s+|immediately\s+)?before\s+(?:the\s+)?`)
	endBreaks = regexp.MustCompile(`(?i)[.,;:()]|\s+(?:and|then|but)\b`)
)

// end is what a step says its call is to stop before: the anchor of a link, or the words of a title; "" if nothing.
func (p *Plan) end(step int) string {
	for _, item := range p.Steps[step].Body {
		if item.Kind != ProseItem {
			continue
		}
		found := ""
		doc.Walk([]*doc.Node{item.Prose}, func(n *doc.Node) bool {
			if found == "" {
				found = endIn(n.Spans)
			}
			return true
		})
		if found != "" {
			return found
		}
	}
	return ""
}

// endIn finds "stop before Y" in the words of one paragraph.
func endIn(spans []doc.Span) string {
	text := doc.Words(spans)
	at := endForm.FindStringIndex(text)
	if at == nil {
		return ""
	}
	words := text[at[1]:]
	if cut := endBreaks.FindStringIndex(words); cut != nil {
		words = words[:cut[0]]
	}
	behind := 0
	for _, s := range spans {
		from := behind
		behind += len(s.Text)
		if from < at[1] || from >= at[1]+max(1, len(words)) || s.Style != doc.Link {
			continue
		}
		if _, anchor, ok := strings.Cut(s.Target, "#"); ok {
			return "#" + strings.ToLower(anchor)
		}
		return s.Text
	}
	return strings.Trim(words, " \t\n\"'")
}

// unfolded is how many steps a walk has when every call is walked where it is called, as the walk does it. It counts no
// further than one beyond MaxUnfolded.
func (p *Plan) unfolded() int {
	count := 0
	var visit func(items []Item, calls map[int]bool)
	visit = func(items []Item, calls map[int]bool) {
		for _, item := range items {
			if item.Kind != StepItem || count > MaxUnfolded {
				continue
			}
			step := &p.Steps[item.Index]
			if step.Routine {
				continue
			}
			count++
			if step.Ref != nil && p.Refs[*step.Ref].Returns && p.Refs[*step.Ref].Step >= 0 && !calls[item.Index] {
				calls[item.Index] = true
				visit(p.Steps[p.Refs[*step.Ref].Step].Body, calls)
				delete(calls, item.Index)
			}
			visit(step.Body, calls)
		}
	}
	visit(p.Root, map[int]bool{})
	return count
}
