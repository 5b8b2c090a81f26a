// Package runbook says what a procedure asks of an operator, step by step, and where it says so.
//
// Its promise: everything inferred carries its reason, the rule that spoke and the line that made it speak. A sample
// output is never a command, a host that is not said is unknown, and no word of the document is lost on the way.
// Rules go by how people write procedures, never by what one product calls things.
package runbook

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"gatewalk/runbook/doc"
	"gatewalk/runbook/html"
	"gatewalk/runbook/markdown"
	"gatewalk/runbook/rst"
	"gatewalk/runbook/webtext"
)

// MaxSize is how large a document may be, and MaxLine how long a line of it, in bytes. The lines of a web page may be longer.
const (
	MaxSize = 16 << 20
	MaxLine = 1 << 20
)

// sourceSyntax is a way a document may be written.
type sourceSyntax struct {
	format     string
	extensions []string
	looks      func(source []byte) bool
	read       func(name string, source []byte) (*doc.Document, error)
}

// syntaxes are all there are. The first whose name fits reads a document, else the first whose content does: a name such as
// .txt says nothing.
var syntaxes = []sourceSyntax{
	{"rst", []string{".rst", ".rest"}, rst.Looks, rst.Read},
	{"html", []string{".html", ".htm", ".xhtml"}, html.Looks, readPage},
	{"markdown", []string{".md", ".markdown", ".mdx"}, markdown.Looks, markdown.Read},
	{"text", nil, always, webtext.Read},
}

func always([]byte) bool { return true }

// Read makes a plan of a document. The name chooses the syntax and goes into the plan and into errors; nothing is opened.
// It fails, naming the place and what to do, on a source that is empty, binary, not UTF-8, too large, or without a step.
func Read(name string, source []byte) (*Plan, error) { return ReadAs("", name, source) }

// Syntaxes are the names that ReadAs knows.
func Syntaxes() []string {
	var names []string
	for _, s := range syntaxes {
		names = append(names, s.format)
	}
	return names
}

// ReadAs is Read in a syntax that is said; "" lets name and content choose.
func ReadAs(syntax, name string, source []byte) (*Plan, error) {
	if err := readable(name, source); err != nil {
		return nil, err
	}
	d, err := readIn(syntax, name, source)
	if err != nil {
		return nil, err
	}
	p := newPlan(d)
	if len(p.Steps) == 0 && len(p.Blocks) == 0 {
		return nil, fmt.Errorf("%s: no step found; gatewalk reads numbered lists, headings that carry work, and code blocks", name)
	}
	p.Digest = fmt.Sprintf("sha256:%x", sha256.Sum256(source))
	return p, nil
}

// readIn reads a document in a syntax that is said, or in the one that name and content choose.
func readIn(syntax, name string, source []byte) (*doc.Document, error) {
	if syntax == "" {
		return readDocument(name, source)
	}
	for _, s := range syntaxes {
		if s.format == syntax {
			return s.document(name, source)
		}
	}
	return nil, fmt.Errorf("%s: there is no syntax %q; it is one of %s", name, syntax, strings.Join(Syntaxes(), ", "))
}

func readDocument(name string, source []byte) (*doc.Document, error) {
	extension := strings.ToLower(path.Ext(name))
	for _, s := range syntaxes {
		if slices.Contains(s.extensions, extension) {
			return s.document(name, source)
		}
	}
	for _, s := range syntaxes {
		if s.looks(source) {
			return s.document(name, source)
		}
	}
	panic("runbook: the last syntax takes everything")
}

// document reads a document, unless a line of it is too long for any reader.
func (s sourceSyntax) document(name string, source []byte) (*doc.Document, error) {
	at := 0
	for line := range bytes.Lines(source) {
		if at++; len(line) > MaxLine && s.format != "html" {
			return nil, fmt.Errorf("%s:%d: the line has %d bytes, more than a procedure's may have (1 MiB); break it, or name the right file", name, at, len(line))
		}
	}
	return s.read(name, source)
}

func readable(name string, source []byte) error {
	switch {
	case len(source) == 0:
		return fmt.Errorf("%s: the file is empty; name the procedure you want to walk", name)
	case len(source) > MaxSize:
		return fmt.Errorf("%s: %d bytes are more than a procedure may have (16 MiB); split it, or name the right file", name, len(source))
	}
	if at := bytes.IndexByte(source, 0); at >= 0 {
		return fmt.Errorf("%s:%d: a zero byte: this is not text; name a Markdown, reStructuredText or text file", name, lineOf(source, at))
	}
	if at := invalid(source); at >= 0 {
		return fmt.Errorf("%s:%d: byte %#02x is not UTF-8; convert the file first, for example with iconv -f latin1 -t utf-8", name, lineOf(source, at), source[at])
	}
	return nil
}

func lineOf(source []byte, at int) int { return bytes.Count(source[:at], []byte("\n")) + 1 }

// invalid is the offset of the first byte that is not UTF-8, -1 if all are.
func invalid(source []byte) int {
	if utf8.Valid(source) {
		return -1
	}
	for at := 0; at < len(source); {
		r, size := utf8.DecodeRune(source[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}
