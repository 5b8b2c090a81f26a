package html

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"gatewalk/runbook/doc"
)

// dress are the elements that change how typed text looks and not what is typed.
var dress = []atom.Atom{
	atom.A, atom.B, atom.Code, atom.Del, atom.Div, atom.Font, atom.Ins, atom.Kbd, atom.Mark, atom.P, atom.Pre, atom.S, atom.Samp, atom.Small, atom.Span, atom.Strong,
	atom.Sub, atom.Sup, atom.Tt, atom.U,
}

// slants are the elements that pages set apart with what is to be replaced.
var slants = []atom.Atom{atom.Em, atom.I, atom.Var}

// Preformatted is what a page shows of the inside of a pre element: without tags, with entities read, and what is to be replaced
// written as <name>. What only looks like a tag stays as it is.
func Preformatted(inside string) string {
	var out []byte
	var slanted []int // where in out each open slant begins
	tokens := html.NewTokenizer(strings.NewReader(inside))
	for {
		kind := tokens.Next()
		raw := string(tokens.Raw())
		name, _ := tokens.TagName()
		tag := atom.Lookup(name)
		switch {
		case kind == html.ErrorToken:
			return string(append(out, raw...))
		case kind == html.TextToken:
			out = append(out, html.UnescapeString(raw)...)
		case slices.Contains(dress, tag), kind == html.CommentToken:
		case tag == atom.Br:
			out = append(out, '\n')
		case slices.Contains(slants, tag) && kind == html.StartTagToken:
			slanted = append(slanted, len(out))
		case slices.Contains(slants, tag) && kind == html.EndTagToken && len(slanted) > 0:
			from := slanted[len(slanted)-1]
			slanted = slanted[:len(slanted)-1]
			out = append(out[:from], doc.Blank(string(out[from:]))...)
		default:
			out = append(out, raw...)
		}
	}
}

// nameBlanks writes what is to be replaced in code as <name>.
func nameBlanks(code *html.Node) {
	var blanks []*html.Node
	for n := range code.Descendants() {
		if slices.Contains(slants, n.DataAtom) || slices.Contains(classes(n), "replaceable") {
			blanks = append(blanks, n)
		}
	}
	for _, n := range blanks {
		words := textOf(n)
		if blank := doc.Blank(words); blank != words && n.Parent != nil {
			n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: blank}, n)
			n.Parent.RemoveChild(n)
		}
	}
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for inner := range n.Descendants() {
		if inner.Type == html.TextNode {
			b.WriteString(inner.Data)
		}
	}
	return b.String()
}
