package markdown

import (
	"bytes"
	"strings"
)

// state is whether a row stands in code or in a comment, where nothing is a tag or a directive.
type state struct {
	fence   string // the open fence, "" if there is none
	comment bool
}

func (s *state) plain() bool { return s.fence == "" && !s.comment }

// after goes past a row.
func (s *state) after(row []byte) {
	if !s.comment {
		s.fence = fenceAfter(s.fence, row)
	}
	if s.fence == "" {
		opens, closes := bytes.LastIndex(row, []byte("<!--")), bytes.LastIndex(row, []byte("-->"))
		s.comment = opens > closes || s.comment && closes < 0
	}
}

// fenceAfter is the fence that is open after a row, "" if none is.
func fenceAfter(open string, row []byte) string {
	text := trimContainers(bytes.TrimRight(row, "\n"))
	for _, mark := range []string{"`", "~"} {
		run := len(text) - len(bytes.TrimLeft(text, mark))
		switch {
		case run < 3 || (open != "" && !strings.HasPrefix(open, mark)):
		case open == "" && (mark == "~" || !bytes.Contains(text[run:], []byte(mark))):
			return strings.Repeat(mark, run)
		case open == "":
		case run >= len(open) && len(bytes.TrimSpace(text[run:])) == 0:
			return ""
		}
	}
	return open
}
