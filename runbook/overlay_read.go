package runbook

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// ReadOverlay reads a site's overlay. The name goes into errors and into the plan; nothing is opened. It fails, naming the
// line, on a key that it does not know, on one that is said twice, on an alias, and on more than MaxOverlay bytes.
func ReadOverlay(name string, source []byte) (*Overlay, error) {
	if len(source) > MaxOverlay {
		return nil, fmt.Errorf("%s: %d bytes are more than an overlay may have (1 MiB); name the right file", name, len(source))
	}
	r := &overlayReader{&Overlay{Name: name, Digest: digestOf(source)}}
	if silent(source) {
		return r.Overlay, nil
	}
	var document yaml.Node
	if err := yaml.Load(source, &document); err != nil {
		return nil, fmt.Errorf("%s: %w; write values:, hosts: and changes: as YAML", name, err)
	}
	root := &document
	if root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
		root = root.Content[0]
	}
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return r.Overlay, nil
	}
	return r.Overlay, r.each(root, "an overlay", r.part)
}

// silent says whether nothing but comments stands in an overlay.
func silent(source []byte) bool {
	for line := range strings.Lines(string(source)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return false
		}
	}
	return true
}

type overlayReader struct{ *Overlay }

func (r *overlayReader) wrong(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", r.Name, n.Line, fmt.Sprintf(format, args...))
}

// each visits the keys of a table.
func (r *overlayReader) each(n *yaml.Node, what string, visit func(key, value *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return r.wrong(n, "%s is a table, key: value", what)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode || key.Tag == "!!merge":
			return r.wrong(key, "a key is one word or quoted words")
		case value.Kind == yaml.AliasNode || value.Anchor != "" || key.Anchor != "":
			return r.wrong(key, "anchors and aliases are not read; write it out")
		case seen[key.Value]:
			return r.wrong(key, "%q stands here twice; keep one", key.Value)
		}
		seen[key.Value] = true
		if err := visit(key, value); err != nil {
			return err
		}
	}
	return nil
}

func (r *overlayReader) part(key, value *yaml.Node) (err error) {
	switch key.Value {
	case "values":
		r.values, err = r.table(value, "values")
	case "hosts":
		r.hosts, err = r.table(value, "hosts")
	case "changes":
		err = r.list(value)
	default:
		err = r.wrong(key, "unknown key %q; an overlay has values, hosts and changes", key.Value)
	}
	return err
}

// table reads name: word lines.
func (r *overlayReader) table(n *yaml.Node, what string) (all []setting, err error) {
	err = r.each(n, what, func(key, value *yaml.Node) error {
		text, err := r.word(key, value)
		all = append(all, setting{key.Value, text, key.Line})
		return err
	})
	return all, err
}

// word is a single value. What is empty says nothing.
func (r *overlayReader) word(key, value *yaml.Node) (string, error) {
	if value.Kind != yaml.ScalarNode || strings.TrimSpace(value.Value) == "" {
		return "", r.wrong(key, "%s wants a word or quoted words behind it", key.Value)
	}
	return value.Value, nil
}

// words is a value that may be a list.
func (r *overlayReader) words(key, value *yaml.Node) (string, error) {
	if value.Kind != yaml.SequenceNode {
		return r.word(key, value)
	}
	var all []string
	for _, member := range value.Content {
		text, err := r.word(key, member)
		if err != nil {
			return "", err
		}
		if member.Anchor != "" || strings.Contains(text, ",") {
			return "", r.wrong(key, "%s: a member of a list is one plain word", key.Value)
		}
		all = append(all, text)
	}
	return strings.Join(all, ","), nil
}

func (r *overlayReader) list(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode {
		return r.wrong(n, "changes is a list; begin each with \"- block: ID\" or \"- step: ID\"")
	}
	for _, member := range n.Content {
		if member.Anchor != "" || member.Kind == yaml.AliasNode {
			return r.wrong(member, "anchors and aliases are not read; write it out")
		}
		c := change{line: member.Line}
		if err := r.each(member, "a change", func(key, value *yaml.Node) error { return r.entry(&c, key, value) }); err != nil {
			return err
		}
		if err := c.sound(); err != nil {
			return fmt.Errorf("%s:%d: %w", r.Name, c.line, err)
		}
		r.changes = append(r.changes, c)
	}
	return nil
}

// entry reads one key of a change.
func (r *overlayReader) entry(c *change, key, value *yaml.Node) (err error) {
	if key.Value == "set" {
		c.set, err = r.table(value, "set")
		return err
	}
	text, err := r.words(key, value)
	if err != nil {
		return err
	}
	said := setting{key.Value, text, key.Line}
	switch key.Value {
	case "block", "step":
		if c.pin.key != "" {
			return r.wrong(key, "a change speaks of a block or of a step, not of both")
		}
		c.pin = said
	case "was":
		c.was = text
	case "replace":
		c.replace = &said
	case "skip":
		c.skip = &said
	case "insert":
		c.insert = &said
	case "command":
		c.command = &said
	case "by_hand":
		c.byHand = &said
	default:
		return r.vocabulary(c, said, key)
	}
	return nil
}

// vocabulary reads a key that an annotation in the document could have, too. The title of an insertion is its own.
func (r *overlayReader) vocabulary(c *change, said setting, key *yaml.Node) error {
	if _, known := lookup(said.key); !known {
		return r.wrong(key, "unknown key %q; the nearest known key is %q", said.key, nearestKey(said.key))
	}
	if said.key == "title" {
		c.title = said.value
	}
	c.settings = append(c.settings, said)
	return nil
}

// sound says what keeps a change from making sense, whatever the document.
func (c *change) sound() error {
	switch {
	case c.pin.key == "":
		return fmt.Errorf("the change names no block and no step; begin it with \"- block: ID\", as plan --json prints ids")
	case c.insert != nil && c.insert.value != "before" && c.insert.value != "after":
		return fmt.Errorf("insert: %s: want before or after", c.insert.value)
	case c.insert != nil && (c.command == nil) == (c.byHand == nil):
		return fmt.Errorf("what is inserted has a command or words in by_hand, one of them")
	case c.insert != nil && (c.replace != nil || c.skip != nil || c.set != nil):
		return fmt.Errorf("an insertion is a change of its own; write replace, skip and set in another")
	case c.insert == nil && (c.command != nil || c.byHand != nil):
		return fmt.Errorf("command and by_hand belong to an insertion; write insert: before, or replace: to change the command")
	case c.skip != nil && (c.replace != nil || c.set != nil || len(c.settings) > 0):
		return fmt.Errorf("what is left out needs nothing else; keep skip alone")
	case c.pin.key == "step" && (c.replace != nil || c.set != nil):
		return fmt.Errorf("replace and set speak of a block; name it with block: ID")
	case c.insert == nil && c.replace == nil && c.skip == nil && len(c.set) == 0 && len(c.settings) == 0:
		return fmt.Errorf("the change says nothing about %s; add a key, or take it out", c.pin.value)
	}
	return nil
}
