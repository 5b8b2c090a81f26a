// Package html turns a saved web page into Markdown, which the Markdown reader then reads.
//
// Its promise: the page's main text comes through with its lists, code and notes; menus, scripts and styles do not. Where the words stand in
// the page's source is told apart, because a page need not have lines.
package html

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Looks says whether a source is a web page.
func Looks(source []byte) bool {
	head := bytes.ToLower(bytes.TrimSpace(source[:min(len(source), 1024)]))
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html"))
}

// Markdown is a page's main text. It fails on what no parser takes for a page, and on a page without a text.
func Markdown(name string, source []byte) ([]byte, error) {
	page, err := html.Parse(bytes.NewReader(source))
	if err != nil {
		return nil, fmt.Errorf("%s: is no web page: %w; save the page again, or copy its text", name, err)
	}
	text := mainText(page)
	prepare(text)
	turn := converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(), table.NewTablePlugin()))
	turn.Register.RendererFor("blockquote", converter.TagTypeBlock, quote, converter.PriorityEarly)
	markdown, err := turn.ConvertNode(text)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read: %w; copy the page's text instead", name, err)
	}
	if len(bytes.TrimSpace(markdown)) == 0 {
		return nil, fmt.Errorf("%s: the page has no text; save it once it has loaded, or copy its text", name)
	}
	return append(markdown, '\n'), nil
}

// mainText is the part of a page that is its text: main, else article, else the body.
func mainText(page *html.Node) *html.Node {
	for _, wanted := range []atom.Atom{atom.Main, atom.Article, atom.Body} {
		for n := range page.Descendants() {
			if n.DataAtom == wanted || wanted == atom.Main && attribute(n, "role") == "main" {
				return n
			}
		}
	}
	return page
}

// prepare puts into elements and words what documentation generators say by classes and looks only: the language of code, the kind of
// a note, what is to be replaced.
func prepare(text *html.Node) {
	var chrome, code, notes []*html.Node
	for n := range text.Descendants() {
		switch {
		case noteKind(n) != "":
			notes = append(notes, n)
		case isChrome(n):
			chrome = append(chrome, n)
		case n.DataAtom == atom.Pre:
			nameLanguage(n)
			code = append(code, n)
		case n.DataAtom == atom.Code:
			code = append(code, n)
		}
	}
	for _, n := range code {
		nameBlanks(n)
	}
	for _, n := range notes {
		nameNote(n)
	}
	for _, n := range chrome {
		if n.Parent != nil {
			n.Parent.RemoveChild(n)
		}
	}
}

// isChrome says whether an element is a page's furniture: menus, buttons, the sign that links to a heading.
func isChrome(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Header, atom.Footer, atom.Button, atom.Aside:
		return true
	}
	return slices.Contains(classes(n), "headerlink")
}

func classes(n *html.Node) []string { return strings.Fields(attribute(n, "class")) }

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
