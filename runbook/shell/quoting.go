package shell

import (
	"strings"

	"gatewalk/runbook/doc"
)

// quoting is how the shell reads a byte where it stands.
type quoting int

const (
	bare quoting = iota
	single
	double
	ansi // $'…'
	comment
	hereExpanded // the body of <<EOF
	hereRaw      // the body of <<'EOF'
)

// scanner walks a text as the shell would, only so far as quoting goes. Placeholders are jumped over as if they were words.
type scanner struct {
	text    string
	at      int
	stack   []quoting // what is open, outermost first; a $( inside "…" opens bare again
	ticks   bool
	pending []hereDocument
}

type hereDocument struct {
	end      string
	tabs     bool
	expanded bool
}

// quoteAll notes for each placeholder how the shell would read its place.
func quoteAll(text string, found []Placeholder) {
	s := &scanner{text: text, stack: []quoting{bare}}
	for i := range found {
		s.runTo(found[i].Start)
		found[i].quoting, found[i].ticks = s.top(), s.ticks
		s.at = max(s.at, found[i].End)
	}
}

func (s *scanner) top() quoting { return s.stack[len(s.stack)-1] }

func (s *scanner) push(q quoting) { s.stack = append(s.stack, q) }

func (s *scanner) pop() {
	if len(s.stack) > 1 {
		s.stack = s.stack[:len(s.stack)-1]
	}
}

func (s *scanner) runTo(offset int) {
	for s.at < offset {
		switch s.top() {
		case bare:
			s.bare()
		case double:
			s.double()
		case single:
			s.until('\'', false)
		case ansi:
			s.until('\'', true)
		case comment:
			if s.text[s.at] == '\n' {
				s.pop()
				continue
			}
			s.at++
		case hereExpanded, hereRaw:
			s.hereLine(offset)
		}
	}
}

var hereStart = doc.Pattern(`^<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|(\\?[\w.-]+))`)

func (s *scanner) bare() {
	c := s.text[s.at]
	rest := s.text[s.at:]
	switch {
	case c == '\\':
		s.at++
	case c == '`':
		s.ticks = !s.ticks
	case c == '\'':
		s.push(single)
	case c == '"':
		s.push(double)
	case c == '$' && strings.HasPrefix(rest, "$'"):
		s.push(ansi)
		s.at++
	case c == '$' && strings.HasPrefix(rest, "$("), c == '(':
		s.push(bare)
		s.at += strings.IndexByte(rest, '(')
	case c == ')':
		s.pop()
	case c == '#' && (s.at == 0 || strings.IndexByte(" \t\n;(", s.text[s.at-1]) >= 0):
		s.push(comment)
	case c == '<' && strings.HasPrefix(rest, "<<<"):
		s.at += 2
	case c == '<' && hereStart().MatchString(rest):
		m := hereStart().FindStringSubmatch(rest)
		raw := m[2] + m[3] + strings.TrimPrefix(m[4], `\`)
		s.pending = append(s.pending, hereDocument{raw, m[1] == "-", m[4] != "" && m[4][0] != '\\'})
		s.at += len(m[0]) - 1
	case c == '\n' && len(s.pending) > 0:
		s.openHere()
	}
	s.at++
}

func (s *scanner) double() {
	c := s.text[s.at]
	switch {
	case c == '\\':
		s.at++
	case c == '`':
		s.ticks = !s.ticks
	case c == '"':
		s.pop()
	case c == '$' && strings.HasPrefix(s.text[s.at:], "$("):
		s.push(bare)
		s.at++
	}
	s.at++
}

func (s *scanner) until(end byte, escapes bool) {
	switch c := s.text[s.at]; {
	case escapes && c == '\\':
		s.at++
	case c == end:
		s.pop()
	}
	s.at++
}

func (s *scanner) openHere() {
	if s.pending[0].expanded {
		s.push(hereExpanded)
	} else {
		s.push(hereRaw)
	}
}

// hereLine goes over one line of a here-document's body, or to the offset inside it.
func (s *scanner) hereLine(offset int) {
	end := len(s.text)
	if n := strings.IndexByte(s.text[s.at:], '\n'); n >= 0 {
		end = s.at + n
	}
	start := strings.LastIndexByte(s.text[:s.at], '\n') + 1
	line := s.text[start:end]
	if s.pending[0].tabs {
		line = strings.TrimLeft(line, "\t")
	}
	switch {
	case line == s.pending[0].end:
		s.pop()
		s.pending = s.pending[1:]
		s.at = end
		if len(s.pending) > 0 {
			s.at++
			s.openHere()
		}
	case offset <= end:
		s.at = offset
	default:
		s.at = end + 1
	}
}
