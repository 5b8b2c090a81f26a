package rst

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gatewalk/runbook/doc"
)

// writer collects the spans of a paragraph.
type writer struct {
	*reader
	text    string // the rows, joined by newlines
	lines   []int  // the source line of each
	from    int    // what is before it has been written
	line    int    // the row in which the last span began
	counted int    // the offset up to which rows were counted
	typed   bool   // the text is typed: substitutions and line ends stay
	missing map[string]bool
	spans   []doc.Span
	last    strings.Builder // the words of the last span, which may go on
}

// inline reads the words of rows, their markup made styles.
func (r *reader) inline(rows []row) []doc.Span { return r.write(rows, false) }

// verbatim reads a row of code that has markup in it. Its substitutions stay, so that they are filled in before anything runs.
func (r *reader) verbatim(line row) []doc.Span { return r.write([]row{line}, true) }

func (r *reader) write(rows []row, verbatim bool) []doc.Span {
	w := &writer{reader: r, typed: verbatim, missing: map[string]bool{}}
	var b strings.Builder
	for i, line := range rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		text := line.text
		if !verbatim {
			text = strings.TrimSpace(text)
		}
		b.WriteString(text)
		w.lines = append(w.lines, line.line)
	}
	w.text = b.String()
	for at := 0; at < len(w.text); {
		if n := w.markup(at); n > 0 {
			at += n
			w.from = at
			continue
		}
		at++
	}
	w.flush(len(w.text))
	w.close()
	return w.spans
}

// markup writes the markup that begins at an offset, and what stands before it, and says how long it is; 0 if there is none.
func (w *writer) markup(at int) int {
	switch c := w.text[at]; {
	case c == '\\':
		return w.escape(at)
	case c == '_':
		return w.reference(at)
	case c == 'h' && (strings.HasPrefix(w.text[at:], "http://") || strings.HasPrefix(w.text[at:], "https://")):
		return w.address(at)
	case strings.IndexByte("`*|:", c) < 0 || !w.opens(at):
		return 0
	case c == '`' && strings.HasPrefix(w.text[at:], "``"):
		return w.quoted(at, "``", doc.Literal)
	case c == '*' && strings.HasPrefix(w.text[at:], "**"):
		return w.quoted(at, "**", doc.Strong)
	case c == '*':
		return w.quoted(at, "*", doc.Emphasis)
	case c == '|':
		return w.substitution(at)
	case c == ':':
		return w.role(at)
	default:
		return w.interpreted(at)
	}
}

// opens says whether markup may begin here: after space, an opening mark or the start, and not alone in quotation marks.
func (w *writer) opens(at int) bool {
	if at == 0 {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(w.text[:at])
	if !unicode.IsSpace(before) && !strings.ContainsRune(`'"([{<-/:‘“’«¡¿`, before) && !unicode.Is(unicode.Pd, before) {
		return false
	}
	after := at + 1
	if after < len(w.text) && w.text[after] == w.text[at] {
		after++
	}
	closing := strings.IndexRune(`'"([{<`, before)
	return closing < 0 || !strings.HasPrefix(w.text[after:], `'")]}>`[closing:closing+1])
}

// end is the offset of the mark that closes markup begun before from, -1 if none does. Code is closed by the next mark, all
// else only by one that stands at the end of a word.
func (w *writer) end(from int, mark string) int {
	if from >= len(w.text) || w.missing[mark] || strings.IndexByte(" \t\n", w.text[from]) >= 0 {
		return -1
	}
	for at := from + 1; ; {
		i := strings.Index(w.text[min(at, len(w.text)):], mark)
		if i < 0 {
			w.missing[mark] = true
			return -1
		}
		at += i
		if mark == "``" || w.closes(at, mark) {
			return at
		}
		at += len(mark)
	}
}

func (w *writer) closes(at int, mark string) bool {
	if strings.IndexByte(" \t\n\\", w.text[at-1]) >= 0 {
		return false
	}
	if at+len(mark) == len(w.text) {
		return true
	}
	after, _ := utf8.DecodeRuneInString(w.text[at+len(mark):])
	return unicode.IsSpace(after) || mark == "`" && (after == '_' || after == ':') || after != '*' && after != '`' && unicode.IsPunct(after) || strings.ContainsRune(`>|`, after)
}

func (w *writer) quoted(at int, mark string, style doc.Style) int {
	from := at + len(mark)
	end := w.end(from, mark)
	if end < 0 {
		return 0
	}
	text := w.text[from:end]
	if style != doc.Literal {
		text = unescape(text)
	}
	w.flush(at)
	w.add(doc.Span{Style: style, Text: text}, at)
	return end + len(mark) - at
}

// escape writes what follows a backslash as it is. Escaped space is nothing. A backslash at the end of a line is kept: it continues a command.
func (w *writer) escape(at int) int {
	if at+1 == len(w.text) || w.typed && w.text[at+1] == '\n' {
		return 0
	}
	w.flush(at)
	_, size := utf8.DecodeRuneInString(w.text[at+1:])
	if strings.IndexByte(" \t\n", w.text[at+1]) < 0 {
		w.add(doc.Span{Text: w.text[at+1 : at+1+size]}, at)
	}
	return 1 + size
}

func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
			if text[i] == ' ' || text[i] == '\n' {
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// substitution writes |name|: its text where the document gives one, else as it stands.
func (w *writer) substitution(at int) int {
	end := w.end(at+1, "|")
	if end < 0 || strings.Contains(w.text[at:end], "\n") {
		return 0
	}
	name := w.text[at+1 : end]
	text := w.text[at : end+1]
	if given, ok := w.substitutions[name]; ok && !w.typed && w.affords(len(given), at) {
		text = given
	}
	w.flush(at)
	w.add(doc.Span{Text: text}, at)
	length := end + 1 - at
	return length + len(underscores(w.text[end+1:]))
}

// maxSubstituted is how much text substitutions may put into a document, in bytes. A short source must not become a long one.
const maxSubstituted = 1 << 20

// affords says whether a substitution may still put in so many bytes. Beyond the limit names stay as they stand.
func (w *writer) affords(n, at int) bool {
	if w.substituted > maxSubstituted {
		return false
	}
	if w.substituted += n; w.substituted > maxSubstituted {
		w.problem(w.lines[w.line+strings.Count(w.text[w.counted:at], "\n")], "substitutions put in more than 1 MiB; from here on names stand for themselves")
		return false
	}
	return true
}

var trailing = doc.Pattern(`^__?(?:\W|$)`)

// underscores are those that make a link of what stands before them.
func underscores(text string) string {
	if !trailing().MatchString(text) {
		return ""
	}
	if strings.HasPrefix(text, "__") {
		return "__"
	}
	return "_"
}

// address makes a link of an address that stands in the text.
func (w *writer) address(at int) int {
	if at > 0 && !w.opens(at) {
		return 0
	}
	end := at
	for end < len(w.text) && w.text[end] > ' ' && strings.IndexByte("<>`\"|", w.text[end]) < 0 {
		end++
	}
	url := strings.TrimRight(w.text[at:end], `.,;:!?'*_)\`)
	if strings.Count(url, "(") > strings.Count(url, ")") && strings.HasPrefix(w.text[at+len(url):], ")") {
		url += ")"
	}
	if strings.HasSuffix(url, "/") && len(url) <= len("https://") {
		return 0
	}
	w.flush(at)
	w.add(doc.Span{Style: doc.Link, Target: url, Text: url}, at)
	return len(url)
}

// longest is how many bytes a name without back-ticks may have.
const longest = 100

// reference makes a link of name_ where the document gives that name an address or a place.
func (w *writer) reference(at int) int {
	if at == w.from || len(underscores(w.text[at:])) != 1 {
		return 0
	}
	start := at
	for start > max(w.from, at-longest) && (w.text[start-1] == '-' || w.text[start-1] == '_' || w.text[start-1] == '.' || w.text[start-1] > 0x7f || alphanumeric(w.text[start-1])) {
		start--
	}
	name := nameOf(w.text[start:at])
	if _, known := w.addresses[name]; start == at || !known && !w.labels[name] {
		return 0
	}
	w.flush(start)
	w.add(doc.Span{Style: doc.Link, Target: "#" + name, Text: w.text[start:at]}, start)
	return 1
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// flush writes the plain words before an offset.
func (w *writer) flush(at int) {
	if at > w.from {
		w.add(doc.Span{Text: w.text[w.from:at]}, w.from)
	}
	w.from = max(w.from, at)
}

// add writes words that begin at an offset. Line breaks are spaces; plain words are one span a line.
func (w *writer) add(s doc.Span, at int) {
	w.line += strings.Count(w.text[w.counted:at], "\n")
	w.counted = at
	if s.Style == doc.Literal || s.Style == doc.Link {
		s.Text, s.Line = strings.ReplaceAll(s.Text, "\n", " "), w.lines[w.line]
		w.close()
		w.spans = append(w.spans, s)
		return
	}
	for i, words := range strings.SplitAfter(s.Text, "\n") {
		s.Text, s.Line = strings.ReplaceAll(words, "\n", " "), w.lines[min(w.line+i, len(w.lines)-1)]
		w.put(s)
	}
}

// put joins words to the span before them where style and line are the same.
func (w *writer) put(s doc.Span) {
	if s.Text == "" {
		return
	}
	if last := len(w.spans) - 1; w.last.Len() == 0 || w.spans[last].Style != s.Style || w.spans[last].Line != s.Line {
		w.close()
		w.spans = append(w.spans, s)
	}
	w.last.WriteString(s.Text)
}

// close gives the last span its words.
func (w *writer) close() {
	if w.last.Len() > 0 {
		w.spans[len(w.spans)-1].Text = w.last.String()
		w.last.Reset()
	}
}
