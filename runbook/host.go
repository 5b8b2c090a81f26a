package runbook

import (
	"regexp"
	"strings"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/shell"
)

// markerForm is a host marker at the head of a paragraph: (ncn-m001#), (sw(config)#), (user@host>), (ncn or pit#).
var markerForm = regexp.MustCompile(`^\((?:\([\w.-]+\) )?([A-Za-z][\w.@/\[\]-]*(?:\([\w/-]+\))?(?:(?:[#>$%])? or [A-Za-z][\w.@-]*)?)\s?[#>$%]\)[:,]?\s*`)

// bareMarker is one without a prompt character: only believed where it is written as code and looks like a machine.
var bareMarker = regexp.MustCompile(`^\(([a-z][\w]*-[\w-]*|[a-z]+\d+)\)\s*$`)

// markerOf is the host a node's first words mark.
func (b *book) markerOf(n *doc.Node) string {
	if n.Kind != doc.Paragraph || len(n.Spans) == 0 {
		return ""
	}
	text := doc.Words(n.Spans)
	if m := markerForm.FindStringSubmatch(text); m != nil {
		return strings.TrimRight(m[1], "#>$%")
	}
	if len(n.Spans) > 2 && n.Spans[0].Text == "(" && n.Spans[1].Style == doc.Literal && strings.HasPrefix(n.Spans[2].Text, ")") {
		if m := bareMarker.FindStringSubmatch("(" + n.Spans[1].Text + ")"); m != nil {
			return m[1]
		}
	}
	return ""
}

// hosts says where each block runs: its own prompt, a comment in it, the marker nearest before it in its container, the
// markers of the items around it from the inside out, what the words around it say, else the last log-in. Else it is unknown.
func (b *book) hosts() {
	logins := b.logins()
	b.each(func(block *Block, p *place) {
		if block.Host != "" {
			return
		}
		if host := commentHost(block.Text); host != "" {
			block.Host = host
			block.because("host", "comment in the block", block.Line)
			return
		}
		if host, line := b.marked(p); host != "" {
			block.Host = host
			block.because("host", "marker", line)
			return
		}
		if host, line := b.saidHost(p); host != "" {
			block.Host = host
			block.because("host", "said in words", line)
			return
		}
		if host, line := lastBefore(logins, block.Line); host != "" {
			block.Host = host
			block.because("host", "logged in", line)
		}
	})
}

// marked looks for a marker before a block in its own container, then in each item around it.
func (b *book) marked(p *place) (string, int) {
	for i := p.at - 1; i >= 0; i-- {
		if host := b.markerOf(p.among[i]); host != "" {
			return host, p.among[i].Line
		}
	}
	for step := p.step; step >= 0; step = b.Steps[step].Parent {
		if b.sources[step].section {
			return headingMarker(b.sources[step].node)
		}
		for _, n := range b.sources[step].inside {
			if n.Line >= p.node.Line {
				break
			}
			if host := b.markerOf(n); host != "" {
				return host, n.Line
			}
		}
	}
	return "", 0
}

func headingMarker(head *doc.Node) (string, int) {
	if m := markerForm.FindStringSubmatch(doc.Words(head.Spans)); m != nil {
		return m[1], head.Line
	}
	return "", 0
}

// machine is how a text names one machine: by its name written as code, or as node 1, the second node.
const machine = `([a-z][\w.-]*\d[\w.-]*(?:\([\d/]+\))?(?:/\d+)*|(?i:node|server|host|controller|member) (?:\d+|[A-Z]\b))`

var (
	commentOn = newForm(`^#+\s*(?:on|from) (?-i:` + machine + `)\s*:?\s*$`)
	runOn     = newForm(`\b(?:run|executed?|performed?|issued?|done|entered|commands?|must be (?:run|executed|performed))\b[^.]*?\b(?:on|from) (?:the )?(?-i:` + machine + `)`)
	loginTo   = newForm(`^(?:[^.,]*, )?(?:then )?\b(?:log ?in|login|log ?on|ssh|connect)(?: via ssh| as (?:the )?\S+(?: user)?)* ?(?:in|on)?to (?:the )?(?:.* address of )?(?:first |second |other )?(?:[\w ]+ \()?(?-i:` + machine + `)`)
	loginOn   = newForm(`^(?:[^.,]*, )?\blog ?in as \S+ on (?:the )?[\w ]*\(?(?-i:` + machine + `)`)
)

func commentHost(text string) string {
	if m := commentOn.FindStringSubmatch(strings.TrimSpace(firstLine(strings.TrimSpace(text)))); m != nil {
		return m[1]
	}
	return ""
}

// saidHost looks for "must be run on NAME" in the words right before a block and at the head of the items around it.
func (b *book) saidHost(p *place) (string, int) {
	if n := b.introNode(p); n != nil {
		if host, line := b.runsOn(n); host != "" {
			return host, line
		}
	}
	for step := p.step; step >= 0 && !b.sources[step].section; step = b.Steps[step].Parent {
		for _, n := range b.sources[step].inside {
			if n.Line >= p.node.Line {
				break
			}
			if n.Kind != doc.Paragraph {
				continue
			}
			if host, line := b.runsOn(n); host != "" {
				return host, line
			}
		}
	}
	return "", 0
}

func (b *book) runsOn(n *doc.Node) (string, int) {
	for _, s := range b.sentences(n) {
		if !runOn.in(s) {
			continue
		}
		m := runOn.FindStringSubmatch(s.plain)
		if m != nil && !strings.Contains(s.text, "not running") && !strings.HasPrefix(s.text, "If ") {
			return strings.TrimRight(m[1], ".,"), s.line
		}
	}
	return "", 0
}

type login struct {
	host string
	line int
}

var windowForm = newForm(`^in (?:the |a )?((?:first|second|third|other|new|original|same) (?:window|terminal|shell|session|tab))\b`)

// logins lists who is logged in to from which line on. Going back to a window goes back to its host.
func (b *book) logins() []login {
	var all []login
	windows := map[string]string{}
	for i := range b.Steps {
		for _, n := range b.sources[i].inside {
			if n.Kind != doc.Paragraph {
				continue
			}
			for _, s := range b.sentences(n) {
				host := loggedIn(s)
				if m := windowForm.FindStringSubmatch(s.plain); m != nil {
					name := strings.ToLower(m[1])
					if host != "" {
						windows[name] = host
					}
					host = windows[name]
				}
				if host != "" {
					all = append(all, login{host, s.line})
				}
			}
		}
	}
	return all
}

func loggedIn(s *sentence) string {
	for _, form := range []*form{loginTo, loginOn} {
		if form.in(s) {
			return strings.TrimRight(form.FindStringSubmatch(s.plain)[1], ".,")
		}
	}
	return ""
}

func lastBefore(all []login, line int) (host string, at int) {
	for _, l := range all {
		if l.line <= line && l.line >= at {
			host, at = l.host, l.line
		}
	}
	return host, at
}

// readShell finds out what each block that runs reads, sets and endangers.
func (b *book) readShell() {
	b.each(func(block *Block, p *place) {
		p.snippet = shell.Analyze(p.text)
		block.Sets = append(block.Sets, p.snippet.Sets...)
		block.Reads = append(block.Reads, p.snippet.Reads...)
		block.Secrets = append(block.Secrets, p.snippet.Secrets...)
	})
}
