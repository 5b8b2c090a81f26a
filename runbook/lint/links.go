package lint

import (
	"fmt"
	"strings"

	"gatewalk/runbook/doc"
)

// references finds the links that lead nowhere: to a heading that this document does not have, or to a file that is not
// there; and the calls of other documents that could not be followed.
func references(i *inspection) []found {
	all := i.problems(doc.References, "")
	anchors := i.anchors()
	doc.Walk(i.document.Nodes, func(n *doc.Node) bool {
		for _, s := range n.Spans {
			if s.Style != doc.Link {
				continue
			}
			if f, dead := i.dead(s.Target, anchors); dead {
				f.line = max(s.Line, n.Line)
				all = append(all, f)
			}
		}
		return true
	})
	return all
}

func (i *inspection) dead(target string, anchors map[string]string) (found, bool) {
	anchor, internal := strings.CutPrefix(target, "#")
	if internal {
		_, known := anchors[loose(anchor)]
		if known || anchor == "" || anchor == "top" {
			return found{}, false
		}
		return found{what: fmt.Sprintf("no heading has the anchor #%s", anchor), act: nearest(anchor, anchors)}, true
	}
	file, _, _ := strings.Cut(target, "#")
	file, _, _ = strings.Cut(file, "?")
	file = strings.ReplaceAll(file, "%20", " ")
	if i.Exists == nil || !besides(file) || i.Exists(file) {
		return found{}, false
	}
	return found{what: fmt.Sprintf("there is no file %s", file), act: "name it relative to this document, or link to where it is published"}, true
}

var elsewhere = doc.Pattern(`^(?:[A-Za-z][\w+.-]*:|:|/)|[{}<>]`)

// besides says whether a link names a file relative to the document: no address, no label of a project, no path from the
// root of a site, nothing that is yet to be filled in.
func besides(target string) bool { return target != "" && !elsewhere().MatchString(target) }

// tagged are the anchors that authors set by hand, which are markup and no heading.
var tagged = doc.Pattern(`(?i)<[a-z]+[^<>]*\s(?:id|name)\s*=\s*["']?([^"'\s<>]+)|\{:?[^{}\n]*#([\w.-]+)[^{}\n]*\}`)

// anchors are what a link within the document may name, by their loose form.
func (i *inspection) anchors() map[string]string {
	all := map[string]string{}
	for _, m := range tagged().FindAllSubmatch(i.text, -1) {
		anchor := string(m[1]) + string(m[2])
		all[loose(anchor)] = anchor
	}
	doc.Walk(i.document.Nodes, func(n *doc.Node) bool {
		if n.Anchor != "" {
			all[loose(n.Anchor)] = n.Anchor
		}
		return true
	})
	return all
}

var dashes = doc.Pattern(`-+`)

// loose is an anchor as all publishers agree on it: some join the dashes that others keep apart.
func loose(anchor string) string {
	return strings.Trim(dashes().ReplaceAllString(strings.ToLower(anchor), "-"), "-")
}

// nearest is what to do about an anchor that is not there. Most were right before sections were renumbered.
func nearest(anchor string, anchors map[string]string) string {
	best := ""
	for key, other := range anchors {
		if unnumbered(key) == unnumbered(loose(anchor)) && (best == "" || other < best) {
			best = other
		}
	}
	if best == "" {
		return "name a heading that is there, or take the link out"
	}
	return "the nearest is #" + best
}

func unnumbered(anchor string) string { return strings.TrimLeft(anchor, "0123456789.-") }
