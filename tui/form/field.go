package form

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"gatewalk/steps/safe"
	"gatewalk/tui/theme"
)

// Field is one thing that is asked for: typed text, or one of several options.
type Field struct {
	Name     string // of its answer
	Label    string
	Help     string // where the value comes from, what form it has
	Offered  string // an earlier answer: taken with a key, never by itself
	Required string // what is said while it is empty; "" if it may be
	Options  []Option
	When     map[string][]string // asked only while another field has one of these answers

	editor Editor
	chosen int // option, -1 for none
}

// Option is one of several answers. It is chosen by its key or by the arrows.
type Option struct {
	Key   string
	Value string
	Label string
}

// Line is a field of one line with a text in it.
func Line(name, label, text string) Field {
	return Field{Name: name, Label: label, editor: NewEditor(text, false)}
}

// Text is a field of several lines with a text in it.
func Text(name, label, text string) Field {
	return Field{Name: name, Label: label, editor: NewEditor(text, true)}
}

// Secret is a field of one line that is never drawn.
func Secret(name, label string) Field {
	return Field{Name: name, Label: label, editor: Editor{Secret: true}}
}

// Choice is a field with options, none of them chosen.
func Choice(name, label string, options ...Option) Field {
	return Field{Name: name, Label: label, Options: options, chosen: -1, Required: "choose one: press its key"}
}

// Wanted is the field with what is said while it is empty.
func (f Field) Wanted(text string) Field {
	f.Required = text
	return f
}

// Hint is the field with a help text.
func (f Field) Hint(text string) Field {
	f.Help = text
	return f
}

// Only is the field asked for only while another one has one of these answers.
func (f Field) Only(other string, values ...string) Field {
	f.When = map[string][]string{other: values}
	return f
}

// Offer is the field with an earlier answer that may be taken.
func (f Field) Offer(text string) Field {
	f.Offered = text
	return f
}

func (f Field) value() string {
	if f.Options == nil {
		if strings.TrimSpace(f.editor.Value()) == "" {
			return ""
		}
		return f.editor.Value()
	}
	if f.chosen < 0 {
		return ""
	}
	return f.Options[f.chosen].Value
}

func (f Field) wrong() string {
	if f.value() == "" {
		return f.Required
	}
	return ""
}

// update takes a key or a paste; false when it has no use for it.
func (f Field) update(msg tea.Msg, keys KeyMap) (Field, bool) {
	if f.Options != nil {
		return f.choose(msg)
	}
	press, ok := msg.(tea.KeyPressMsg)
	if ok && key.Matches(press, keys.Take) && f.Offered != "" && f.editor.Value() == "" {
		f.editor = f.editor.insert(f.Offered)
		return f, true
	}
	editor, used := f.editor.Update(msg)
	f.editor = editor
	return f, used
}

// choose takes an option by its key, or moves along them.
func (f Field) choose(msg tea.Msg) (Field, bool) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return f, false
	}
	switch press.String() {
	case "left":
		f.chosen = max(0, f.chosen-1)
		return f, true
	case "right":
		f.chosen = min(len(f.Options)-1, f.chosen+1)
		return f, true
	}
	for i, o := range f.Options {
		if press.Text == o.Key {
			f.chosen = i
			return f, true
		}
	}
	return f, false
}

// lines draws the field.
func (f Field) lines(styles theme.Styles, width int, focused bool) []string {
	sign, look := "  ", styles.Plain
	if focused {
		sign, look = styles.Accent.Render("▸")+" ", styles.Strong
	}
	label := theme.Wrap(safe.Line(f.Label).String(), look, width-2)
	lines := theme.Hang(sign, label)
	if f.Help != "" {
		lines = append(lines, theme.Hang("  ", theme.Wrap(safe.Line(f.Help).String(), styles.Quiet, width-2))...)
	}
	if f.Options != nil {
		return append(lines, f.options(styles, width, focused)...)
	}
	height := 1
	if f.editor.Many {
		height = 6
	}
	for _, row := range f.editor.View(styles, max(1, width-4), height, focused) {
		lines = append(lines, styles.Quiet.Render("  │")+" "+row)
	}
	if f.Offered != "" && f.editor.Value() == "" {
		offer := "offered: " + safe.Line(f.Offered).String() + " (→ takes it)"
		lines = append(lines, theme.Hang("    ", theme.Wrap(offer, styles.Quiet, width-4))...)
	}
	return lines
}

func (f Field) options(styles theme.Styles, width int, focused bool) []string {
	var lines []string
	for i, o := range f.Options {
		sign, look := "( )", styles.Plain
		if i == f.chosen {
			sign, look = "(x)", styles.Strong
		}
		letter := styles.Quiet.Render(o.Key)
		if focused {
			letter = styles.Key.Render(o.Key)
		}
		head := fmt.Sprintf("    %s %s ", sign, letter)
		lines = append(lines, theme.Hang(head, theme.Wrap(safe.Line(o.Label).String(), look, width-theme.Width(head)))...)
	}
	return lines
}
