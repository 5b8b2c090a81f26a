package runbook

import (
	"sort"
	"strings"

	"gatewalk/runbook/doc"
)

// login is a machine that is logged in to, and from where on.
type login struct {
	host string
	line int
	end  int // the last line it holds for, 0 for no end
}

// logins lists who is logged in to from which line on: in words, by a block that does nothing else, and by a section that
// says where all its commands are run. Going back to a window goes back to its host.
func (b *book) logins() []login {
	m := movements{book: b, all: append(b.everywhere(), b.ahead()...), windows: map[string]string{}}
	for i := -1; i < len(b.Steps); i++ {
		if i >= 0 && b.sources[i].section {
			if host := b.titledOn(doc.Words(b.sources[i].node.Spans)); host != "" {
				m.add(login{host: host, line: b.Steps[i].Line, end: b.Steps[i].End})
			}
		}
		for k, n := range b.insideOf(i) {
			switch n.Kind {
			case doc.Code:
				m.code(n, i)
			case doc.Paragraph:
				for _, s := range b.sentences(n) {
					m.said(s, i, k)
				}
			}
		}
	}
	sort.SliceStable(m.all, func(i, j int) bool { return m.all[i].line < m.all[j].line })
	return m.all
}

// movements collects the log-ins of a document from its first line to its last.
type movements struct {
	book    *book
	all     []login
	windows map[string]string // the host of each window
	inner   int               // how many shells were opened on the machine itself
}

func (m *movements) add(l login) { m.all = append(m.all, l) }

// code notes where a block goes that does nothing else, and what it leaves.
func (m *movements) code(n *doc.Node, step int) {
	at := m.book.blockOf(n)
	if at < 0 || !m.book.Blocks[at].Runs() {
		return
	}
	p := &m.book.places[at]
	switch host := p.snippet.LogsInto(true); {
	case host != "":
		m.add(login{host: host, line: n.End + 1, end: m.book.sectionEnd(step)})
	case endsInShell(p.text):
		m.inner++
	case leavesItself(p.text) && m.inner > 0:
		m.inner--
	case leavesItself(p.text) && len(m.all) > 0:
		m.add(login{line: n.End + 1})
	}
}

// said notes where a sentence goes, at its place in a step.
func (m *movements) said(s *sentence, step, at int) {
	b, host := m.book, loggedIn(s)
	if window := windowForm.FindStringSubmatch(s.plain); window != nil {
		name := strings.ToLower(window[1])
		if host != "" {
			m.windows[name] = host
		}
		host = m.windows[name]
	}
	if host != "" {
		m.add(login{host: host, line: s.line, end: b.loginEnd(step, at, host)})
	} else if back, ok := b.leaves(s); ok && len(m.all) > 0 {
		m.add(login{host: back, line: s.line})
	} else if host, end := b.saidOfAll(step, at, s); host != "" {
		m.add(login{host: host, line: s.line, end: end})
	} else if host, end := b.saidOfRest(step, at, s); host != "" {
		m.add(login{host: host, line: s.line, end: end})
	} else if len(m.all) > 0 && loginOther.in(s) && !againForm.in(s) { // to one that has no name: the one before it is left
		m.add(login{line: s.line})
	}
}

// insideOf is what a step is made of; what stands in no section is that of -1.
func (b *book) insideOf(step int) []*doc.Node {
	if step < 0 {
		return b.top
	}
	return b.sources[step].inside
}

// loginEnd is the last line that a log-in in words holds for: one to each of many holds for the code right behind it.
func (b *book) loginEnd(step, at int, host string) int {
	if step < 0 || !strings.HasPrefix(host, "each ") || !b.sources[step].section && !b.sources[step].unlisted {
		return 0
	}
	from := b.sources[step].inside[at].Line
	next := sort.Search(len(b.places), func(i int) bool { return b.places[i].node.Line > from })
	if next == len(b.places) {
		return from
	}
	return b.places[next].node.End
}

func loggedIn(s *sentence) string {
	if strings.HasPrefix(s.lower, "if ") && !strings.Contains(s.lower, "already") {
		return ""
	}
	for _, form := range []*form{loginTo, loginOn} {
		if form.in(s) {
			return strings.TrimRight(form.FindStringSubmatch(s.plain)[1], ".,")
		}
	}
	if loginRole.in(s) {
		if name := roleName(loginRole.FindStringSubmatch(s.plain)[1]); !strings.HasPrefix(name, "one of ") { // which one, nobody knows later
			return name
		}
	}
	return ""
}

// lastBefore is the last log-in at or before a line that still holds there. They are in the order of their lines.
func lastBefore(all []login, line int) (host string, at int) {
	for i := sort.Search(len(all), func(i int) bool { return all[i].line > line }) - 1; i >= 0; i-- {
		if all[i].end == 0 || line <= all[i].end {
			return all[i].host, all[i].line
		}
	}
	return "", 0
}

// logsInto is where a block takes itself before it goes on: ssh NAME, and then what is typed there.
func logsInto(p *place) string { return p.snippet.LogsInto(false) }
