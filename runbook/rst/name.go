package rst

import (
	"strings"

	"gatewalk/runbook/doc"
)

// names are what a document calls things by, wherever it says so.
type names struct {
	addresses     map[string]string // of links that are named
	labels        map[string]bool   // of places in the document
	anonymous     []string          // addresses in the order in which links without a name take them
	substitutions map[string]string // texts that stand for |name|
}

var (
	targetForm       = doc.Pattern("^\\s*\\.\\. _(`[^`]+`|(?:[^:\\\\]|\\\\.|:[^\\s])+):(?:\\s+(\\S.*))?\\s*$")
	anonymousForm    = doc.Pattern(`^\s*(?:\.\. __:|__)\s+(\S.*)$`)
	substitutionForm = doc.Pattern(`^\s*\.\. \|([^|]+)\|\s+([\w-]+)::\s*(.*)$`)
)

// scan finds the names, which may be used before they are given.
func scan(rows []row) names {
	n := names{addresses: map[string]string{}, labels: map[string]bool{}, substitutions: map[string]string{}}
	for i, r := range rows {
		if !strings.Contains(r.text, "__") && !strings.Contains(r.text, ".. _") && !strings.Contains(r.text, ".. |") {
			continue
		}
		if m := targetForm().FindStringSubmatch(r.text); m != nil {
			n.target(nameOf(m[1]), m[2], rows[i+1:])
		} else if m := anonymousForm().FindStringSubmatch(r.text); m != nil {
			n.anonymous = append(n.anonymous, m[1])
		} else if m := substitutionForm().FindStringSubmatch(r.text); m != nil && m[2] == "replace" {
			n.substitutions[m[1]] = strings.TrimSpace(m[3] + continuation(r, rows[i+1:], " "))
		}
	}
	return n
}

func (n *names) target(name, address string, rest []row) {
	if address == "" && len(rest) > 0 && rest[0].indent() > 0 {
		address = strings.TrimSpace(rest[0].text)
	}
	if address == "" {
		n.labels[name] = true
		return
	}
	n.addresses[name] = address
}

// continuation is the text of the rows that stand further in than the one before them.
func continuation(before row, rows []row, between string) string {
	var text strings.Builder
	for _, r := range rows {
		if r.blank() || r.indent() <= before.indent() {
			break
		}
		text.WriteString(between + strings.TrimSpace(r.text))
	}
	return text.String()
}

// nameOf is a name as links compare it: case and space do not count.
func nameOf(words string) string {
	words = strings.ReplaceAll(strings.Trim(words, "`"), `\`, "")
	return strings.ToLower(strings.Join(strings.Fields(words), " "))
}

// settle gives the labels that wait for a node and meet no heading to the section they stand in.
func (r *reader) settle(found []*doc.Node) {
	if len(r.waiting) == 0 || len(found) == 0 || found[0].Kind == doc.Comment || r.section == nil {
		return
	}
	for _, label := range r.waiting {
		r.named[label] = r.section
	}
	r.waiting = nil
}

// resolve leads each link by name to its address or its heading. A name that the document does not know is kept as a label of its project.
func (r *reader) resolve(nodes []*doc.Node) {
	doc.Walk(nodes, func(n *doc.Node) bool {
		for i := range n.Spans {
			if s := &n.Spans[i]; s.Style == doc.Link && strings.HasPrefix(s.Target, "#") {
				r.lead(s, s.Target[1:])
			}
		}
		return true
	})
}

func (r *reader) lead(s *doc.Span, name string) {
	for range 8 { // a name may stand for another name
		address, known := r.addresses[name]
		if !known {
			break
		}
		if !strings.HasSuffix(address, "_") || strings.ContainsAny(address, ":/") {
			s.Target = address
			return
		}
		name = nameOf(strings.TrimSuffix(address, "_"))
	}
	head, known := r.named[name]
	if !known {
		s.Target = ":ref:" + name
		return
	}
	s.Target = "#" + head.Anchor
	if nameOf(s.Text) == name {
		s.Text = doc.Words(head.Spans)
	}
}
