package runbook

import (
	"cmp"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// markerForm is a host marker at the head of a paragraph: (ncn-m001#), (sw(config)#), (user@host>), (ncn or pit#).
var markerForm = doc.Pattern(`^\((?:\([\w.-]+\) )?([A-Za-z][\w.@/\[\]-]*(?:\([\w/-]+\))?(?:(?:[#>$%])? or [A-Za-z][\w.@-]*)?)\s?[#>$%]\)[:,]?\s*`)

// bareMarker is one without a prompt character: only believed where it is written as code and looks like a machine.
var bareMarker = doc.Pattern(`^\(([a-z][\w]*-[\w-]*|[a-z]+\d+)\)\s*$`)

// markerOf is the host a node's first words mark.
func (b *book) markerOf(n *doc.Node) string {
	if n.Kind != doc.Paragraph || len(n.Spans) == 0 {
		return ""
	}
	if !strings.HasPrefix(n.Spans[0].Text, "(") {
		return cmp.Or(promptAhead(n.Spans), b.boldPlace(n.Spans))
	}
	text := doc.Words(n.Spans)
	if m := markerForm().FindStringSubmatch(text); m != nil {
		return strings.TrimRight(m[1], "#>$%")
	}
	if len(n.Spans) > 2 && n.Spans[0].Text == "(" && n.Spans[1].Style == doc.Literal && strings.HasPrefix(n.Spans[2].Text, ")") {
		if m := bareMarker().FindStringSubmatch("(" + n.Spans[1].Text + ")"); m != nil {
			return m[1]
		}
	}
	return ""
}

var promptMarker = doc.Pattern(`^([A-Za-z][\w.@/\[\]-]*)[#>$%]$`)

// promptAhead is the host whose prompt stands as code at the head of a sentence: `web1#` Start it.
func promptAhead(spans []doc.Span) string {
	if len(spans) < 2 || spans[0].Style != doc.Literal || !startsNew(strings.TrimSpace(spans[1].Text)) {
		return ""
	}
	if m := promptMarker().FindStringSubmatch(strings.TrimSpace(spans[0].Text)); m != nil {
		return m[1]
	}
	return ""
}

// hosts says where each block runs: its own prompt, a comment in it, the marker nearest before it in its container, the
// markers of the items around it from the inside out, what the words around it say, the machine that holds the files it
// works on, else the last log-in. Else it is unknown.
func (b *book) hosts() {
	logins := b.logins()
	kept := b.keepers()
	topics := b.topics()
	way := wayBack{used: map[string]bool{}}
	b.each(func(block *Block, p *place) {
		if block.Host != "" {
			return
		}
		host, rule, line := b.commentHost(block.Text), "comment in the block", block.Line
		if host == "" {
			host, line = b.marked(p)
			rule = MarkedHost
		}
		if host == "" {
			host, line = b.saidHost(p)
			rule = "said in words"
		}
		if host == "" {
			host, line = logsInto(p), block.Line
			rule = "logs in itself"
		}
		if host == "" {
			host, line = b.keeperOf(kept, p)
			rule = "works on files that are there"
		}
		if host == "" {
			host, line = lastBefore(logins, b.cameFrom(block, p))
			rule = "logged in"
			if host == "" {
				way.used[clientOf(p)] = true
			} else if way.gone(p, line) {
				host = ""
			}
		}
		if host == "" && p.snippet.ActsHere() {
			host, line = b.topicOf(topics, p)
			rule = "its section is about one machine"
		}
		if host != "" {
			block.Host = host
			block.because("host", rule, line)
		}
	})
}

// cameFrom is the line before which a block's machine was logged in to. The words before one that only logs in name where it goes.
func (b *book) cameFrom(block *Block, p *place) int {
	if n := b.introNode(p); n != nil && p.snippet.LogsInto(true) != "" {
		return n.Line - 1
	}
	return block.Line
}

// marked looks for a marker before a block in its own container, then in each item around it.
func (b *book) marked(p *place) (string, int) {
	if p.at > 0 {
		if m := b.markers(p.among)[p.at-1].last; m.host != "" {
			return m.host, m.line
		}
	}
	for step := p.step; step >= 0; step = b.Steps[step].Parent {
		if b.sources[step].section {
			return headingMarker(b.sources[step].node)
		}
		if inside := b.sources[step].inside; len(inside) > 0 {
			if m := b.markers(inside)[len(inside)-1].first; m.host != "" && m.line < p.node.Line {
				return m.host, m.line
			}
		}
	}
	return "", 0
}

// marker is a host and the line that marks it.
type marker struct {
	host string
	line int
}

// span is the first and the last marker of the nodes of a container up to one of them.
type span struct{ first, last marker }

// markers are those of a container up to each of its nodes, found once.
func (b *book) markers(nodes []*doc.Node) []span {
	known, ok := b.marks[nodes[0]]
	if ok && len(known) >= len(nodes) {
		return known
	}
	all := make([]span, len(nodes))
	var sofar span
	for i, n := range nodes {
		if host := b.markerOf(n); host != "" {
			sofar.last = marker{host, n.Line}
			if sofar.first.host == "" {
				sofar.first = sofar.last
			}
		}
		all[i] = sofar
	}
	b.marks[nodes[0]] = all
	return all
}

func headingMarker(head *doc.Node) (string, int) {
	if m := markerForm().FindStringSubmatch(doc.Words(head.Spans)); m != nil {
		return m[1], head.Line
	}
	return "", 0
}

// noBreak is such a space, which has two bytes: places in a text stay where they are.
const noBreak = "\u00a0"

// readShell finds out what each block that runs reads, sets and endangers.
//
// A space that a publisher kept from breaking parts the words of what is meant, so that nothing a command would do is
// missed. What runs is the text as it stands, with a warning.
func (b *book) readShell() {
	b.each(func(block *Block, p *place) {
		p.snippet = shell.Analyze(strings.ReplaceAll(p.text, noBreak, "  "))
		block.parts(p.snippet)
		block.Sets = append(block.Sets, p.snippet.Sets...)
		block.Reads = append(block.Reads, p.snippet.Reads...)
		block.Secrets = append(block.Secrets, p.snippet.Secrets...)
	})
}
