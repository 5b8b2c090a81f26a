package html

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// nameLanguage gives code the language that a class names, of its own or of what it stands in.
func nameLanguage(pre *html.Node) {
	language := languageOf(pre)
	if language == "" {
		return
	}
	code := pre.FirstChild
	if code == nil || code.DataAtom != atom.Code {
		code = &html.Node{Type: html.ElementNode, Data: "code", DataAtom: atom.Code}
		for pre.FirstChild != nil {
			child := pre.FirstChild
			pre.RemoveChild(child)
			code.AppendChild(child)
		}
		pre.AppendChild(code)
	}
	code.Attr = []html.Attribute{{Key: "class", Val: "language-" + language}}
}

// languageOf is the language of preformatted text: as the code inside names it, or the nearest class that begins as one of
// languageClasses, or a word beside the class that only says "this is code". "" if none is named.
func languageOf(pre *html.Node) string {
	around := []*html.Node{pre}
	if inner := pre.FirstChild; inner != nil && inner.DataAtom == atom.Code {
		around = []*html.Node{inner, pre}
	}
	for n := range pre.Ancestors() {
		around = append(around, n)
	}
	for _, n := range around {
		for _, class := range classes(n) {
			for _, prefix := range languageClasses {
				if named, ok := strings.CutPrefix(class, prefix); ok && !slices.Contains(noLanguage, named) {
					return named
				}
			}
		}
	}
	for _, class := range classes(pre) {
		if slices.Contains(loneClasses, class) {
			return class
		}
	}
	return ""
}

var (
	// languageClasses are what classes that name a language begin with, in the pages that generators of documentation and
	// hosts of code write.
	languageClasses = []string{"language-", "lang-", "highlight-source-", "highlight-text-", "highlight-", "brush:"}
	noLanguage      = []string{"", "default", "none", "source"}
	// loneClasses are languages that stand alone as the class of preformatted text.
	loneClasses = []string{"text", "bash", "sh", "shell", "console", "zsh", "powershell", "sql", "yaml", "json", "xml", "ini", "toml", "diff", "python", "perl", "ruby"}
)
