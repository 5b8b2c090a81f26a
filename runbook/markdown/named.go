package markdown

import (
	"slices"
	"strings"

	"gatewalk/runbook/doc"
)

// namedFence is the info string of a fence that is no code but what it names, as MyST writes it: ```{note}.
var namedFence = doc.Pattern(`^\{([a-z][a-z-]*)\}[ \t]*(.*)$`)

var (
	codeNames = strings.Fields("code code-block code-cell sourcecode")
	textNames = strings.Fields("admonition dropdown details tab-set tab-item grid grid-item card")
)

// named reads a fence that names what it is: code with its language behind the name, a note, or a text in a frame.
func (r *reader) named(c *doc.Node) []*doc.Node {
	m := namedFence().FindStringSubmatch(c.Info)
	if m == nil {
		return []*doc.Node{c}
	}
	switch name := m[1]; {
	case slices.Contains(codeNames, name):
		c.Info, c.Lang = m[2], doc.Language(m[2])
		skipOptions(c)
		return []*doc.Node{c}
	case slices.Contains(doc.NoteNames, name) || slices.Contains(textNames, name):
		fence := c.Line - 1 - r.first
		skipOptions(c)
		return r.directive(directive{line: fence, name: name, title: m[2], body: []byte(c.Text), at: c.Line - r.first, end: c.End - r.first})
	}
	return []*doc.Node{c}
}

var optionLine = doc.Pattern(`^:[\w-]+:[^\n]*\n`)

// skipOptions takes the options off the top of a fence's content: ":class: wide".
func skipOptions(c *doc.Node) {
	for option := optionLine().FindString(c.Text); option != "" && c.Line < c.End; option = optionLine().FindString(c.Text) {
		c.Text = c.Text[len(option):]
		c.Line++
	}
}
