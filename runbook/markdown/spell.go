package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gatewalk/runbook/doc"
)

// stand is where words are written: some marks mean something only there. Words of a link stand in two places at once.
type stand int

const (
	inHeading stand = 1 << iota
	inCell
	inLink
	inParagraph
)

// paragraph writes words, in lines where their source had lines.
func paragraph(spans []doc.Span) []string {
	text := spell(spans, inParagraph)
	if text == "" {
		return nil
	}
	return strings.Split(guard(text), "\n")
}

// spell writes words with the signs of their styles.
func spell(spans []doc.Span, where stand) string {
	s := &speller{where: where}
	for at := 0; at < len(spans); {
		end := at + 1
		for end < len(spans) && weight(spans[end]) == weight(spans[at]) && spans[at].Style != doc.Break {
			end++
		}
		s.run(spans[at:end])
		at = end
	}
	return spaceAtEnd().ReplaceAllString(strings.Trim(s.b.String(), " \t\n"), "\n")
}

// spaceAtEnd would be a line break of its own.
var spaceAtEnd = doc.Pattern(`[ \t]+\n`)

// weight is the style that a span shares with its neighbours, though it may have another of its own.
func weight(s doc.Span) doc.Style {
	switch {
	case s.Style == doc.Strong || s.Bold:
		return doc.Strong
	case s.Style == doc.Emphasis || s.Style == doc.Break:
		return s.Style
	}
	return doc.Plain
}

// speller collects what is written, and keeps signs apart that would be read as one, or as none.
type speller struct {
	b     strings.Builder
	where stand
	apart bool // what was written last must stand before a space or a mark
}

// apartSign is a comment: it says nothing, and parts what stands on its two sides.
const apartSign = "<!---->"

// run writes spans of one weight. The space at both ends of heavy words stands outside of their signs.
func (s *speller) run(spans []doc.Span) {
	sign := ""
	switch weight(spans[0]) {
	case doc.Break:
		s.write("<br>")
		return
	case doc.Strong:
		sign = "**"
	case doc.Emphasis:
		sign = "*"
	}
	text := s.words(spans)
	inner := strings.TrimSpace(text)
	if sign == "" || inner == "" {
		s.write(text)
		return
	}
	before, after, _ := strings.Cut(text, inner)
	s.write(before)
	if !s.opens(inner) {
		s.b.WriteString(apartSign)
	}
	s.b.WriteString(sign + inner + sign)
	last, _ := utf8.DecodeLastRuneInString(inner)
	s.apart = isMark(last)
	s.write(after)
}

// write adds text that is already spelt.
func (s *speller) write(text string) {
	if text == "" {
		return
	}
	if first, _ := utf8.DecodeRuneInString(text); s.apart && !unicode.IsSpace(first) && !isMark(first) {
		s.b.WriteString(apartSign)
	}
	s.apart = false
	s.b.WriteString(text)
}

// opens says whether a sign before words would be read as one: it stands after a space, or at least not between a letter and a mark.
func (s *speller) opens(words string) bool {
	before, size := utf8.DecodeLastRuneInString(s.b.String())
	first, _ := utf8.DecodeRuneInString(words)
	return size == 0 || unicode.IsSpace(before) || before != '*' && (isMark(before) || !isMark(first))
}

func isMark(c rune) bool { return unicode.IsPunct(c) || unicode.IsSymbol(c) }

// words writes spans without the signs of their weight.
func (s *speller) words(spans []doc.Span) string {
	var b strings.Builder
	for at := 0; at < len(spans); at++ {
		switch span := spans[at]; span.Style {
		case doc.Literal:
			text := literal(span.Text, s.where)
			if strings.HasSuffix(b.String(), "`") || b.Len() == 0 && strings.HasSuffix(s.b.String(), "`") {
				b.WriteString(apartSign)
			}
			b.WriteString(text)
		case doc.Link:
			if strings.HasSuffix(b.String(), "!") { // or it would be an image
				b.WriteString(apartSign)
			}
			b.WriteString(link(span, s.where))
		default:
			end := at
			for end+1 < len(spans) && spans[end+1].Style == span.Style {
				end++
			}
			b.WriteString(escape(s.lines(spans[at:end+1]), s.where))
			at = end
		}
	}
	return b.String()
}

// lines joins words, and breaks the line where the source did before a letter, which can begin nothing but words.
func (s *speller) lines(spans []doc.Span) string {
	var b strings.Builder
	for i, span := range spans {
		first, _ := utf8.DecodeRuneInString(span.Text)
		if i > 0 && s.where == inParagraph && span.Style == doc.Plain && span.Line > spans[i-1].Line && strings.HasSuffix(b.String(), " ") && unicode.IsLetter(first) {
			text := strings.TrimRight(b.String(), " ")
			b.Reset()
			b.WriteString(text + "\n")
		}
		b.WriteString(strings.ReplaceAll(span.Text, "\n", " "))
	}
	return b.String()
}

// literal writes words as they are typed, between back-ticks that are more than any in them.
func literal(text string, where stand) string {
	ticks := strings.Repeat("`", longest(text, "`")+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") || strings.HasPrefix(text, " ") && strings.HasSuffix(text, " ") && strings.Trim(text, " ") != "" {
		text = " " + text + " "
	}
	if where == inCell {
		text = strings.ReplaceAll(text, "|", `\|`)
	}
	return ticks + text + ticks
}

var (
	bareAddress = doc.Pattern(`^https?://[^\s<>\\|&]+$`)
	plainTarget = doc.Pattern(`^[^\s<>()\\&|\x00-\x1f]*$`)
)

// link writes a link: an address alone where its words are that address.
func link(s doc.Span, where stand) string {
	if s.Text == s.Target && bareAddress().MatchString(s.Target) {
		return "<" + s.Target + ">"
	}
	target := s.Target
	if !plainTarget().MatchString(target) {
		target = "<" + targetSigns.Replace(target) + ">"
	}
	return "[" + escape(s.Text, where|inLink) + "](" + target + ")"
}

var targetSigns = strings.NewReplacer(`\`, `\\`, "<", `\<`, ">", `\>`, "&", "&amp;", "|", "&#124;", "\n", "&#10;", "\r", "&#13;")
