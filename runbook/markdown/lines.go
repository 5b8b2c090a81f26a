package markdown

import (
	"bytes"
	"sort"
)

// lines knows on which line a byte stands.
type lines struct{ starts []int }

func indexLines(source []byte) *lines {
	starts := make([]int, 1, bytes.Count(source, []byte("\n"))+1)
	for i, b := range source {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return &lines{starts}
}

// at is the 1-based line of a byte offset.
func (l *lines) at(offset int) int {
	return sort.SearchInts(l.starts, offset+1)
}

// text is a line's bytes without its newline.
func (l *lines) text(source []byte, line int) []byte {
	if line < 1 || line > len(l.starts) {
		return nil
	}
	rest := source[l.starts[line-1]:]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		return rest[:end]
	}
	return rest
}
