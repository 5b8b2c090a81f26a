// Package doc is a neutral document: what every source syntax becomes before anyone asks what it means.
//
// Its promise: nothing of the source is lost or moved. Every node knows its first and last line in the original
// file, prose keeps its words, and a code block keeps its bytes, dedented by its own indentation and no more.
package doc

import "strings"

// Kind says what a node is. The set is closed: a switch over it ends in a panic.
type Kind string

// The kinds of node.
const (
	Heading   Kind = "heading"   // Level, Spans, Anchor
	Paragraph Kind = "paragraph" // Spans
	List      Kind = "list"      // Ordered, Children are Items; Name is Tabs where they are ways to do one thing
	Item      Kind = "item"      // Number (counted from its list's start), Children
	Code      Kind = "code"      // Lang, Attributes, Text
	Note      Kind = "note"      // an admonition: Name, Children
	Quote     Kind = "quote"     // Children
	Table     Kind = "table"     // Children are Rows, whose Children are Paragraphs, one a cell
	Row       Kind = "row"
	Comment   Kind = "comment" // Text: never shown, may carry annotations
	Rule      Kind = "rule"    // a thematic break
)

// Kinds names every kind, so that a test can ask whether a reader or a renderer knows them all.
var Kinds = []Kind{Heading, Paragraph, List, Item, Code, Note, Quote, Table, Row, Comment, Rule}

// MaxLevel is the level of the lowest headings; what stands lower is read as one of these.
const MaxLevel = 6

// Node is one piece of a document, with the pieces inside it.
type Node struct {
	Kind     Kind    `json:"kind"`
	Line     int     `json:"line"`          // 1-based, in the original file; for Code the first line of its content
	End      int     `json:"end,omitempty"` // the last line, inclusive
	Level    int     `json:"level,omitempty"`
	Ordered  bool    `json:"ordered,omitempty"`
	Number   int     `json:"number,omitempty"`
	Name     string  `json:"name,omitempty"`   // of a note: note, warning, important, caution, stop, tip, danger, attention, …, in lower case
	Anchor   string  `json:"anchor,omitempty"` // of a heading: the fragment a link names it by
	Lang     string  `json:"lang,omitempty"`
	Info     string  `json:"info,omitempty"` // of a code block: the info string as written
	Text     string  `json:"text,omitempty"` // of code and comments: the bytes, lines ended by "\n"
	Spans    []Span  `json:"spans,omitempty"`
	Children []*Node `json:"children,omitempty"`

	Order int `json:"-"` // its place among the nodes of its document, from 1, once whoever works with that has numbered them
}

// Style says how a span is written. The set is closed.
type Style string

// The styles of a span.
const (
	Plain    Style = ""
	Strong   Style = "strong"
	Emphasis Style = "emphasis"
	Literal  Style = "literal" // `code`
	Link     Style = "link"    // Target
	Break    Style = "break"   // a hard line break
)

// Span is a run of words in one style. Line is the source line of its first word.
type Span struct {
	Text   string `json:"text"`
	Style  Style  `json:"style,omitempty"`
	Bold   bool   `json:"bold,omitempty"` // a literal or a link inside strong words
	Target string `json:"target,omitempty"`
	Line   int    `json:"line,omitempty"`
}

// Document is a whole source file.
type Document struct {
	Source string         `json:"source"` // the name it was read by
	Format string         `json:"format"` // markdown, rst or text
	Title  string         `json:"title"`
	Front  map[string]any `json:"front,omitempty"` // front matter, if any
	Nodes  []*Node        `json:"nodes"`
	// Values are the texts that the document itself gives for the names in its text, such as |release|.
	Values map[string]string `json:"values,omitempty"`
	// Problems are what had to be repaired or could not be understood; nothing was dropped because of them.
	Problems []Problem `json:"problems,omitempty"`
}

// Problem is one thing wrong with a source, at a line.
type Problem struct {
	Line int    `json:"line"`
	Text string `json:"text"`
	Rule string `json:"rule,omitempty"` // what kind of problem it is; "" for something that was repaired, or not read
}

// The rules that a problem may name.
const (
	Fences      = "fences"      // code that never ends
	Annotations = "annotations" // an annotation that says nothing
	Characters  = "characters"  // a character that does not do what it looks like
	References  = "references"  // a call of another document that leads nowhere
	Unused      = "unused"      // something of other programs, which is kept and means nothing here
)

// Words is the text of spans with their styles taken off.
func Words(spans []Span) string {
	if len(spans) == 1 {
		return spans[0].Text
	}
	n := 0
	for _, s := range spans {
		n += len(s.Text)
	}
	words := make([]byte, 0, n)
	for _, s := range spans {
		words = append(words, s.Text...)
	}
	return string(words)
}

// Trim takes the space off both ends of a paragraph.
func Trim(spans []Span) []Span {
	for len(spans) > 0 {
		spans[0].Text = strings.TrimLeft(spans[0].Text, " \t\n")
		if spans[0].Text != "" {
			break
		}
		spans = spans[1:]
	}
	for last := len(spans) - 1; last >= 0; last-- {
		spans[last].Text = strings.TrimRight(spans[last].Text, " \t\n")
		if spans[last].Text != "" {
			break
		}
		spans = spans[:last]
	}
	return spans
}

// Walk visits nodes and what is inside them in document order. Where visit answers false, the inside is passed over.
func Walk(nodes []*Node, visit func(*Node) bool) {
	for _, n := range nodes {
		if visit(n) {
			Walk(n.Children, visit)
		}
	}
}
