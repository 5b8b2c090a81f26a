package plain

import (
	"bytes"
	_ "embed" // for the help text
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"gatewalk/runbook/doc"
)

// AnswersHelp says what an answers file may hold, for people.
//
//go:embed answers.txt
var AnswersHelp string

// Answers are what an operator would say in a walk, written down before it, in the form that AnswersHelp shows. What the
// file does not say is asked at the terminal; where there is none, the walk stops and names the place and the key that
// would have answered.
type Answers struct {
	name   string
	tables map[string]table
	places []place // every key that names a place
}

// table is one part of the file: words by place or by name, "default" for all others.
type table map[string]word

// word is one answer: a word, its note, and for work done by hand more.
type word struct {
	text   string
	note   string
	list   []string
	fields map[string]string
	line   int
}

// place is a key that names a place, and where it stands in the file.
type place struct {
	key  string
	line int
}

// MaxAnswers is how large an answers file may be, in bytes.
const MaxAnswers = 1 << 20

// part is what one key of the file may hold.
type part struct {
	key     string
	words   []string // the only words allowed, nil for any
	noted   []string // the words that want or may have a note: {word: note}
	fields  []string // {field: value, …} in place of a word
	list    bool     // a list of names in place of a word
	single  bool     // one word for everything and no table
	all     bool     // a word in place of the table speaks for all
	byPlace bool     // the keys of the table are places
}

var parts = []part{
	{key: "values"},
	{key: "hosts", words: []string{"here", "by hand"}, noted: []string{"here"}, list: true},
	{key: "choices", byPlace: true},
	{key: "by_hand", words: []string{"passed", "failed", "not applicable"}, fields: []string{"result", "who", "note", "pasted"}, all: true, byPlace: true},
	{key: "verdicts", words: []string{"pass", "fail", "ask"}, noted: []string{"pass", "fail"}, all: true, byPlace: true},
	{key: "gates", words: []string{"confirm", "ask"}, noted: []string{"no-go"}, all: true, byPlace: true},
	{key: "optional", words: []string{"do", "skip", "ask"}, noted: []string{"skip"}, all: true, byPlace: true},
	{key: "skip", byPlace: true},
	{key: "edits", byPlace: true},
	{key: "polls", words: []string{"true", "false"}, single: true},
	{key: "run", words: []string{"file", "ask"}, single: true},
	{key: "on_failure", words: []string{"stop", "ask"}, noted: []string{"accept"}, all: true, byPlace: true},
	{key: "unknown", noted: []string{"done", "failed", "not run"}, byPlace: true},
	{key: "stop_at", single: true},
}

// ReadAnswers reads an answers file. The name goes into errors; nothing is opened. It fails, naming the line, on a key or
// a word that it does not know, on one said twice, on an alias, and on more than MaxAnswers bytes.
func ReadAnswers(name string, source []byte) (*Answers, error) {
	if len(source) > MaxAnswers {
		return nil, fmt.Errorf("%s: %d bytes are more than an answers file may have (1 MiB); name the right file", name, len(source))
	}
	if len(bytes.TrimSpace(source)) == 0 {
		return nil, fmt.Errorf("%s: the file is empty; write KEY: VALUE lines as gatewalk help answers shows them", name)
	}
	a := &Answers{name: name, tables: map[string]table{}}
	var document yaml.Node
	if err := yaml.Load(source, &document); err != nil {
		return nil, fmt.Errorf("%s: %w; write KEY: VALUE lines as gatewalk help answers shows them", name, err)
	}
	root := &document
	if root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
		root = root.Content[0]
	}
	if root.Kind != yaml.MappingNode {
		return nil, a.wrong(root, "not a table of answers; begin with a key such as values:")
	}
	if err := a.each(root, a.part); err != nil {
		return nil, err
	}
	return a, nil
}

// wrong says what is wrong at a node.
func (a *Answers) wrong(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", a.name, n.Line, fmt.Sprintf(format, args...))
}

// each visits the keys of a mapping. A key that stands twice, and an alias, are refused.
func (a *Answers) each(n *yaml.Node, visit func(key string, at, value *yaml.Node) error) error {
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			return a.wrong(key, "a key must be one word or quoted words")
		}
		if value.Kind == yaml.AliasNode || value.Anchor != "" || key.Anchor != "" || key.Tag == "!!merge" {
			return a.wrong(key, "anchors and aliases are not read; write the answer out")
		}
		if seen[key.Value] {
			return a.wrong(key, "%q is answered twice; keep one", key.Value)
		}
		seen[key.Value] = true
		if err := visit(key.Value, key, value); err != nil {
			return err
		}
	}
	return nil
}

// part reads one key of the file.
func (a *Answers) part(key string, at, value *yaml.Node) error {
	i := slices.IndexFunc(parts, func(p part) bool { return p.key == key })
	if i < 0 {
		var known []string
		for _, p := range parts {
			known = append(known, p.key)
		}
		return a.wrong(at, "there is no key %q; the nearest is %q", key, doc.Nearest(key, known))
	}
	p := parts[i]
	if p.single || (p.all && value.Kind == yaml.ScalarNode) {
		answer, err := a.word(p, value)
		a.tables[key] = table{"default": answer}
		if err == nil && key == "stop_at" {
			a.places = append(a.places, place{answer.text, value.Line})
		}
		return err
	}
	if value.Kind != yaml.MappingNode {
		return a.wrong(value, "%s: wants a table of answers", key)
	}
	return a.table(p, value)
}

func (a *Answers) table(p part, n *yaml.Node) error {
	a.tables[p.key] = table{}
	return a.each(n, func(key string, at, value *yaml.Node) error {
		answer, err := a.word(p, value)
		if err != nil {
			return err
		}
		a.tables[p.key][key] = answer
		if p.byPlace && key != "default" {
			a.places = append(a.places, place{key, at.Line})
		}
		return nil
	})
}

// word reads one answer, in any of the forms that its part allows.
func (a *Answers) word(p part, n *yaml.Node) (word, error) {
	switch {
	case n.Kind == yaml.ScalarNode:
		return a.scalar(p, n)
	case n.Kind == yaml.SequenceNode && p.list:
		return a.names(n)
	case n.Kind == yaml.MappingNode && p.fields != nil:
		return a.fields(p, n)
	case n.Kind == yaml.MappingNode && p.noted != nil && len(n.Content) == 2:
		return a.noted(p, n)
	}
	return word{}, a.wrong(n, "%s: wants %s", p.key, p.forms())
}

func (a *Answers) scalar(p part, n *yaml.Node) (word, error) {
	known := p.words == nil && (p.noted == nil || p.fields != nil) || slices.Contains(p.words, n.Value)
	if !known || n.Value == "" {
		return word{}, a.wrong(n, "%s: %q is not known here; it wants %s", p.key, n.Value, p.forms())
	}
	return word{text: n.Value, line: n.Line}, nil
}

func (a *Answers) names(n *yaml.Node) (word, error) {
	answer := word{text: "by hand", line: n.Line}
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode || item.Value == "" {
			return word{}, a.wrong(item, "a list of hosts holds names")
		}
		answer.list = append(answer.list, item.Value)
	}
	return answer, nil
}

// fields reads {result: …, who: …}.
func (a *Answers) fields(p part, n *yaml.Node) (word, error) {
	answer := word{fields: map[string]string{}, line: n.Line}
	err := a.each(n, func(key string, at, value *yaml.Node) error {
		if !slices.Contains(p.fields, key) {
			return a.wrong(at, "%s: there is no %q; the nearest is %q", p.key, key, doc.Nearest(key, p.fields))
		}
		if value.Kind != yaml.ScalarNode {
			return a.wrong(value, "%s: %s wants words", p.key, key)
		}
		answer.fields[key] = value.Value
		return nil
	})
	answer.text = answer.fields["result"]
	if err == nil && !slices.Contains(p.words, answer.text) {
		return word{}, a.wrong(n, "%s: result is %q; it wants one of %s", p.key, answer.text, strings.Join(p.words, ", "))
	}
	return answer, err
}

// noted reads {word: note}.
func (a *Answers) noted(p part, n *yaml.Node) (word, error) {
	key, value := n.Content[0], n.Content[1]
	if !slices.Contains(p.noted, key.Value) {
		return word{}, a.wrong(key, "%s: %q is not known here; it wants %s", p.key, key.Value, p.forms())
	}
	if value.Kind != yaml.ScalarNode || value.Value == "" {
		return word{}, a.wrong(value, "%s: %s wants words behind it", p.key, key.Value)
	}
	return word{text: key.Value, note: value.Value, line: key.Line}, nil
}

// forms are the answers that a part takes, for an error.
func (p part) forms() string {
	forms := slices.Clone(p.words)
	for _, noted := range p.noted {
		forms = append(forms, "{"+noted+": …}")
	}
	if p.fields != nil {
		forms = append(forms, "{"+strings.Join(p.fields, ", ")+"}")
	}
	if p.list {
		forms = append(forms, "a list of hosts")
	}
	if len(forms) == 0 {
		return "words"
	}
	return strings.Join(forms, ", ")
}

// fits says whether every place that the file names is one of the document's.
func (a *Answers) fits(c *contour) error {
	if a == nil {
		return nil
	}
	spelled := c.spelled()
	for _, p := range a.places {
		if !slices.ContainsFunc(spelled, func(name string) bool { return strings.EqualFold(name, p.key) }) {
			return fmt.Errorf("%s:%d: the document has no place %q; the nearest is %q", a.name, p.line, p.key, doc.Nearest(p.key, spelled))
		}
	}
	return nil
}

// at is what a part says at a place: by the place's own names, then by those of the steps around it, then by default.
func (a *Answers) at(key string, c *contour, around []spelling) (word, bool) {
	for _, s := range around {
		for name, answer := range a.tables[key] {
			if strings.EqualFold(name, s.name) {
				return answer, true
			}
		}
	}
	answer, ok := a.tables[key]["default"]
	return answer, ok
}

// single is the one word of a part, "" if the file does not say.
func (a *Answers) single(key string) string { return a.tables[key]["default"].text }

// value is what a name stands for at a place.
func (a *Answers) value(name string, around []spelling) (string, bool) {
	for _, s := range around {
		if answer, ok := a.tables["values"][s.name+":"+name]; ok {
			return answer.text, true
		}
	}
	answer, ok := a.tables["values"][name]
	return answer.text, ok
}

// option is the index of the option that an answer means: its number, or its title.
func option(answer string, titles []string) (int, bool) {
	if n, err := strconv.Atoi(answer); err == nil {
		return n - 1, n >= 1 && n <= len(titles)
	}
	i := slices.IndexFunc(titles, func(title string) bool { return strings.EqualFold(title, answer) })
	return i, i >= 0
}
