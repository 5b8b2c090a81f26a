package html

import (
	"bytes"
	"slices"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/marker"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// noteKinds are the kinds of notes by the words that classes name them with.
var noteKinds = map[string]string{
	"note": "note", "info": "note", "tip": "tip", "hint": "hint", "important": "important", "attention": "attention",
	"warning": "warning", "caution": "caution", "danger": "danger", "error": "danger",
	"admonition": "note", "admonitionblock": "note",
}

// noteKind is the kind of the note that an element is, "" if it is none: by a class that is a kind, or that ends in one after
// "admonition-", "alert-" or "callout-".
func noteKind(n *html.Node) string {
	switch n.DataAtom {
	case atom.Div, atom.Aside, atom.Section, atom.P:
	default:
		return ""
	}
	kind := ""
	for _, class := range classes(n) {
		class = strings.ToLower(class)
		for _, prefix := range []string{"theme-admonition-", "admonition-", "alert-", "callout-"} {
			class = strings.TrimLeft(strings.TrimPrefix(class, prefix), "-")
		}
		if named, ok := noteKinds[class]; ok && (kind == "" || kind == "note") {
			kind = named
		}
	}
	return kind
}

// nameNote makes a quote of a note, led by its kind in capitals: NOTE: …
func nameNote(note *html.Node) {
	kind := noteKind(note)
	unlay(note)
	dropTitle(note, kind)
	note.Data, note.DataAtom = "blockquote", atom.Blockquote
	lead := &html.Node{Type: html.TextNode, Data: strings.ToUpper(kind) + ": "}
	into := note
	for child := range note.Descendants() {
		if child.DataAtom == atom.P {
			into = child
			break
		}
	}
	into.InsertBefore(lead, into.FirstChild)
}

// unlay takes a note out of the table that some generators lay it out with: a cell for the sign, a cell for the words.
func unlay(note *html.Node) {
	for cell := range note.Descendants() {
		if cell.DataAtom != atom.Td || !slices.Contains(classes(cell), "content") {
			continue
		}
		for note.FirstChild != nil {
			note.RemoveChild(note.FirstChild)
		}
		for cell.FirstChild != nil {
			child := cell.FirstChild
			cell.RemoveChild(child)
			note.AppendChild(child)
		}
		return
	}
}

// dropTitle removes the title of a note that only says its kind.
func dropTitle(note *html.Node, kind string) {
	for n := range note.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		words := strings.ToLower(strings.TrimSpace(strings.Trim(strings.TrimSpace(textOf(n)), ":!")))
		if words == kind || noteKinds[words] == kind || slices.Contains(classes(n), "admonition-title") {
			n.Parent.RemoveChild(n)
			return
		}
	}
}

// quote writes a quote as the converter does, and marks every line of the code in it, of which the converter marks the first.
func quote(ctx converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
	var inside bytes.Buffer
	ctx.RenderChildNodes(ctx, &inside, n)
	lines := bytes.TrimSpace(inside.Bytes())
	for bytes.Contains(lines, []byte("\n\n\n")) {
		lines = bytes.ReplaceAll(lines, []byte("\n\n\n"), []byte("\n\n"))
	}
	for _, end := range [][]byte{[]byte("\n"), marker.BytesMarkerCodeBlockNewline} {
		lines = bytes.ReplaceAll(lines, end, append(bytes.Clone(end), "> "...))
	}
	_, _ = w.Write([]byte("\n\n> " + string(lines) + "\n\n"))
	return converter.RenderSuccess
}
