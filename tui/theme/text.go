package theme

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/clipperhouse/displaywidth"
)

// Width is how many columns a text takes, colours not counted.
func Width(s string) int { return ansi.StringWidth(s) }

// Cut is a text that takes at most so many columns; what was cut shows as an ellipsis.
func Cut(s string, width int) string {
	if width <= 0 {
		return ""
	}
	return ansi.Truncate(s, width, "…")
}

// CutLeft is a text that takes at most so many columns, cut where it begins: the end of a name says most.
func CutLeft(s string, width int) string {
	over := Width(s) - width
	switch {
	case width <= 0:
		return ""
	case over <= 0:
		return s
	}
	return ansi.TruncateLeft(s, over+1, "…")
}

// Count is a number of things, in words: one of them is not many.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Fit is a text that takes exactly so many columns.
func Fit(s string, width int) string {
	s = Cut(s, width)
	return s + strings.Repeat(" ", max(0, width-Width(s)))
}

// Sides is a line with a text at each end; the left one is cut first.
func Sides(left, right string, width int) string {
	right = Cut(right, width)
	room := width - Width(right)
	if right != "" && room > 0 {
		room--
		right = " " + right
	}
	return Fit(left, room) + right
}

// Frame makes exactly so many lines of so many columns.
func Frame(lines []string, width, height int) []string {
	framed := make([]string, 0, max(0, height))
	for i := range height {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		framed = append(framed, Fit(line, width))
	}
	return framed
}

// Expand puts spaces for tabs, at every eighth column: a tab has no width in a frame.
func Expand(line string) string {
	if !strings.Contains(line, "\t") {
		return line
	}
	var b strings.Builder
	for i, part := range strings.Split(line, "\t") {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", 8-Width(b.String())%8))
		}
		b.WriteString(part)
	}
	return b.String()
}

// Break is a text without colours in lines of at most so many columns. It breaks anywhere, so that every character of
// a command stays where it can be counted; what goes on from the line before begins with a sign.
func Break(text string, width int) []string {
	width = max(width, 4)
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		line = Expand(line)
		sign, first := "", head(line, width)
		for first != "" && len(first) < len(line) {
			lines = append(lines, sign+first)
			line, sign = line[len(first):], continued
			first = head(line, width-Width(continued))
		}
		lines = append(lines, sign+line)
	}
	return lines
}

const continued = "› "

// head is the beginning of a text that takes at most so many columns.
func head(text string, width int) string {
	end, used := 0, 0
	for g := displaywidth.StringGraphemes(text); g.Next(); {
		used += g.Width()
		if used > width {
			break
		}
		end += len(g.Value())
	}
	return text[:end]
}

// Word is a word in its style. Tight says that no space stands before it.
type Word struct {
	Text  string
	Style lipgloss.Style
	Tight bool
	Break bool // a new line begins before it
	Whole bool // it is never broken: it can be copied
	same  bool // its style is that of the word before it
}

// Words are the words of a text in one style.
func Words(text string, style lipgloss.Style) []Word {
	fields := strings.Fields(text)
	words := make([]Word, len(fields))
	for i, f := range fields {
		words[i] = Word{Text: f, Style: style, same: i > 0}
	}
	return words
}

// Flow sets words in lines of at most so many columns. A word that is too long for a line is broken, or has one to itself.
func Flow(words []Word, width int) []string {
	f := flow{width: max(1, width)}
	for _, w := range words {
		f.add(w)
	}
	return f.done()
}

// Wrap sets a text of one style in lines of at most so many columns.
func Wrap(text string, style lipgloss.Style, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines = append(lines, Flow(Words(paragraph, style), width)...)
	}
	return lines
}

// Indent puts a text before every line.
func Indent(by string, lines []string) []string {
	indented := make([]string, len(lines))
	for i, line := range lines {
		indented[i] = by + line
	}
	return indented
}

// Hang puts a sign before the first line and its width before the others.
func Hang(sign string, lines []string) []string {
	if len(lines) == 0 {
		return []string{sign}
	}
	hung := Indent(strings.Repeat(" ", Width(sign)), lines)
	hung[0] = sign + lines[0]
	return hung
}

// Paint renders every line in a style.
func Paint(lines []string, style lipgloss.Style) []string {
	painted := make([]string, len(lines))
	for i, line := range lines {
		painted[i] = style.Render(line)
	}
	return painted
}

type flow struct {
	width, used int
	run         strings.Builder // what is written in one style and not yet rendered
	style       lipgloss.Style
	line        strings.Builder
	lines       []string
}

func (f *flow) add(w Word) {
	if !w.same {
		f.render()
		f.style = w.Style
	}
	if w.Break {
		f.wrap()
	}
	width := Width(w.Text)
	f.gap(width, w.Tight, w.Whole)
	for !w.Whole && width > f.width-f.used {
		first := head(w.Text, f.width-f.used)
		if first == "" && f.used == 0 {
			return // a character wider than the line
		}
		taken := Width(first)
		f.write(first, taken)
		w.Text, width = w.Text[len(first):], width-taken
		f.wrap()
	}
	f.write(w.Text, width)
}

// gap comes before a word of so many columns: a space, or a new line if the word would fit there and not here.
func (f *flow) gap(width int, tight, whole bool) {
	space := 1
	if f.used == 0 || tight {
		space = 0
	}
	switch {
	case f.used > 0 && f.used+space+width > f.width && (whole || width <= f.width), space == 1 && f.used+1 >= f.width:
		f.wrap()
	case space == 1:
		f.write(" ", 1)
	}
}

func (f *flow) write(text string, width int) {
	f.run.WriteString(text)
	f.used += width
}

func (f *flow) render() {
	if f.run.Len() > 0 {
		f.line.WriteString(f.style.Render(f.run.String()))
		f.run.Reset()
	}
}

func (f *flow) wrap() {
	f.render()
	f.lines = append(f.lines, f.line.String())
	f.line.Reset()
	f.used = 0
}

func (f *flow) done() []string {
	if f.used > 0 {
		f.wrap()
	}
	return f.lines
}
