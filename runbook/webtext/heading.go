package webtext

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

var (
	numberForm = doc.Pattern(`^(\d{1,3}(?:\.\d{1,3})*)[.)]?\s+\S`)
	stepForm   = doc.Pattern(`^(?:Step|Stage|Phase|Part)\s+\d+(?:\.\d+)*\s*(?:[.:)–-]|$)`)
	hashForm   = doc.Pattern(`^(#{1,6})\s+([A-Z0-9].*?)\s*#*$`)
	underline  = doc.Pattern(`^(?:={3,}|-{3,}|~{3,}|\*{3,}|\^{3,})$`)
)

// heading reads a row that heads what follows.
func (p *passage) heading() bool {
	words, level := p.headed()
	if level == 0 {
		return false
	}
	below := p.underlined()
	p.head(words, level)
	if below {
		p.at++
	}
	return true
}

// headed is the words and the level of a row that heads what follows: underlined, marked with "#", numbered, or by its shape
// alone. Only rows at the left margin are headings; the level is 0 for all others.
func (p *passage) headed() (words string, level int) {
	if p.depth > 1 || p.row().indent > 0 {
		return "", 0
	}
	words = strings.TrimRight(p.row().words(), "¶ ")
	m := hashForm().FindStringSubmatch(words)
	switch {
	case p.underlined():
		return words, 2
	case m != nil && p.alone() && !p.typed(m[2], false):
		return m[2], len(m[1])
	case p.numbered[p.row().line]:
		return words, min(3+strings.Count(numberForm().FindStringSubmatch(words)[1], "."), doc.MaxLevel)
	case stepForm().MatchString(words) && titled(words):
		return words, 3
	case p.titleShaped(words):
		if slices.Contains(p.repeated, words) {
			return words, 3
		}
		return words, 2
	}
	return "", 0
}

// head adds a heading. The first is the document's title when nothing stands before it.
func (p *passage) head(words string, level int) {
	if !p.titled {
		p.titled = true
		if len(p.nodes) == 0 {
			level = 1
		}
	}
	line := p.row().line
	p.add(&doc.Node{Kind: doc.Heading, Level: level, Line: line, End: line, Spans: []doc.Span{{Text: words, Line: line}}, Anchor: fragment(words)})
	p.at++
}

func fragment(words string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(words), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c < 0x80
	}), "-")
}

func (p *passage) underlined() bool {
	return p.at+1 < len(p.rows) && underline().MatchString(p.rows[p.at+1].text) && !ends(p.row().words()) && len(p.rows[p.at+1].text)*2 > len(p.row().text)
}

// alone says whether blank rows, or the ends of the text, stand on both sides.
func (p *passage) alone() bool { return p.clearBefore() && p.clearAfter() }

func (p *passage) clearBefore() bool { return p.at == 0 || p.rows[p.at-1].blank() }

func (p *passage) clearAfter() bool { return p.at+1 >= len(p.rows) || p.rows[p.at+1].blank() }

// titleShaped says whether a row heads what follows by its shape: it is no sentence, what was before it is finished, and what follows begins anew.
func (p *passage) titleShaped(words string) bool {
	if !titled(words) || numberForm().MatchString(words) || p.typed(words, false) || markerOf(p.row()).width > 0 || p.states() {
		return false
	}
	if customary().MatchString(words) {
		return true
	}
	if p.alone() {
		return p.at == 0 || len(p.nodes) == 0 || p.last().Kind != doc.Paragraph || !strings.HasSuffix(doc.Words(p.last().Spans), ":")
	}
	if before, ok := p.before(); ok && (!ends(before.words()) || strings.HasSuffix(before.words(), ":")) || !p.clearBefore() && p.clearAfter() || p.at+1 >= len(p.rows) {
		return false
	}
	after := p.rows[p.at+1].words()
	return startsUpper(after) && !titled(after) && p.opensText()
}

// opensText says whether a row is the first of a text, or of a text that has headings of this shape: between finished sentences.
func (p *passage) opensText() bool {
	_, ok := p.before()
	return !ok || p.clearBefore() || len(strings.Fields(p.row().words())) <= 6
}

// repeated are the customary words that head something in several places: each belongs to the part that it stands in.
func repeated(rows []row) []string {
	var once, more []string
	for _, r := range rows {
		words := strings.TrimRight(r.words(), "¶ ")
		switch {
		case r.indent > 0 || !customary().MatchString(words):
		case slices.Contains(once, words):
			more = append(more, words)
		default:
			once = append(once, words)
		}
	}
	return more
}

// numberedHeadings finds the lines where "1. Words" at the left margin is a heading and not an item: dotted numbers are, and
// a series in which no row ends like a sentence and after one of which words stand at the margin again.
func numberedHeadings(rows []row) map[int]bool {
	found := map[int]bool{}
	var series []int
	atMargin, shaped := false, true
	for i, r := range rows {
		if r.blank() || r.indent > 0 {
			continue
		}
		m := numberForm().FindStringSubmatch(r.text)
		switch {
		case m == nil:
			atMargin = atMargin || len(series) > 0 && i > 0 && rows[i-1].blank() && prose(r.words())
		case strings.Contains(m[1], "."):
			found[r.line] = titled(r.words())
		default:
			series = append(series, r.line)
			shaped = shaped && titled(r.words()) && (i+1 == len(rows) || rows[i+1].blank())
		}
	}
	for _, line := range series {
		found[line] = atMargin && shaped
	}
	return found
}
