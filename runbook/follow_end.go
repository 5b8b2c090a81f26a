package runbook

import (
	"errors"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	endForm   = doc.Pattern(`(?i)\bstop(?:ping)?\s+(?:right\s+|just\s+|immediately\s+)?before\s+(?:(?:performing|running|doing|reaching|starting|executing)\s+)?(?:the\s+)?(?:specific\s+)?`)
	endBreaks = doc.Pattern(`(?i)[.,;:()]|\s+(?:and|then|but)\b`)
	stopWord  = doc.Pattern(`(?i)^\W*stop\b|\b(?:then|and|but|to) stop\b|\bstop (?:at|after|when|once|with|there|here)\b`)
)

// end is what a step says its call is to stop before: the anchor of a link, or the words of a title; "" if nothing. It is an
// error where the step says stop and not clearly where: to walk too far is worse than to call nothing.
func (p *Plan) end(step int) (string, error) {
	found, stops := "", false
	for _, paragraph := range p.paragraphs(step) {
		end := endIn(paragraph)
		stops = stops || stopWord().MatchString(doc.Words(paragraph))
		if found == "" {
			found = end
		}
	}
	if stops && found == "" {
		return "", errors.New("the step says to stop, and not clearly where")
	}
	return found, nil
}

// paragraphs are a step's own words, those of its notes included: what a note that says stop begins with is that word.
func (p *Plan) paragraphs(step int) [][]doc.Span {
	var all [][]doc.Span
	for _, item := range p.Steps[step].Body {
		node, first := item.Prose, []doc.Span(nil)
		if item.Kind == NoteItem {
			node = p.Admonitions[item.Index].Node
			if p.Admonitions[item.Index].Kind == "stop" {
				first = []doc.Span{{Text: "Stop "}}
			}
		}
		if node == nil {
			continue
		}
		doc.Walk([]*doc.Node{node}, func(n *doc.Node) bool {
			if len(n.Spans) > 0 {
				all = append(all, append(first, n.Spans...))
				first = nil
			}
			return true
		})
	}
	return all
}

// endIn finds "stop before Y" in the words of one paragraph.
func endIn(spans []doc.Span) string {
	text := doc.Words(spans)
	at := endForm().FindStringIndex(text)
	if at == nil {
		return ""
	}
	words := text[at[1]:]
	if cut := endBreaks().FindStringIndex(words); cut != nil {
		words = words[:cut[0]]
	}
	if anchor := anchorIn(spans, at[1], at[1]+max(1, len(words))); anchor != "" {
		return anchor
	}
	return strings.Trim(words, " \t\n\"'")
}

// anchorIn is the anchor of the link that begins between two bytes of what spans say, "" if none does.
func anchorIn(spans []doc.Span, from, to int) string {
	at := 0
	for _, s := range spans {
		_, anchor, ok := strings.Cut(s.Target, "#")
		if s.Style == doc.Link && ok && from <= at && at < to {
			return "#" + strings.ToLower(anchor)
		}
		at += len(s.Text)
	}
	return ""
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
