package shell

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Substitute fills placeholders in, each quoted for the place where it stands, so that a value stays one word whatever
// it holds. Values are found by the placeholder's text as it stands, or by what is between its brackets. A placeholder
// without a value stays; an optional one with an empty value goes; samples are found by their names. No other byte changes.
// It fails on a value that cannot be written down where it is needed.
func Substitute(text string, values map[string]string, samples ...Sample) (string, error) {
	var b strings.Builder
	at := 0
	for _, p := range Placeholders(text, samples...) {
		value, ok := lookup(values, p)
		if !ok {
			continue
		}
		quoted, err := quote(p, value)
		if err != nil {
			return "", fmt.Errorf("value of %s: %w; give another one", p.key(), err)
		}
		b.WriteString(text[at:p.Start])
		b.WriteString(quoted)
		at = p.End
	}
	b.WriteString(text[at:])
	return b.String(), nil
}

func lookup(values map[string]string, p Placeholder) (string, bool) {
	if value, ok := values[p.key()]; ok {
		return value, true
	}
	if value, ok := values[p.Name()]; ok {
		return value, true
	}
	if p.Kind == Optional {
		return dashed(values, p.Text)
	}
	return "", false
}

// dashed is the value of an optional part that is given under its spelling in the document, with a publisher's dash.
func dashed(values map[string]string, part string) (string, bool) {
	for name, value := range values {
		if typed, words := Hyphens(name); words != nil && typed == part {
			return value, true
		}
	}
	return "", false
}

// key is what a placeholder is called where its value is given: as it stands in the text, or a sample by its name.
func (p Placeholder) key() string {
	if p.Kind == SampleWord {
		return p.name
	}
	return p.Text
}

// Name is what stands between the brackets of a placeholder.
func (p Placeholder) Name() string {
	switch p.Kind {
	case Angle, Optional, Template:
		return strings.TrimSpace(strings.Trim(p.Text, "<>[](){}|%$ "))
	case StandIn:
		return p.Text
	case SampleWord:
		return p.name
	}
	panic("shell: no such placeholder: " + string(p.Kind))
}

func quote(p Placeholder, value string) (string, error) {
	if strings.ContainsRune(value, 0) {
		return "", fmt.Errorf("it holds a zero byte")
	}
	if p.ticks && strings.ContainsAny(value, "`\\") {
		return "", fmt.Errorf("it holds a backslash or a backtick and stands between backticks")
	}
	if p.Kind == Optional && (value == "" || value == p.Text[1:len(p.Text)-1]) {
		return value, nil
	}
	if p.Kind == SampleWord && value == p.Text {
		return value, nil
	}
	switch p.quoting {
	case bare:
		return syntax.Quote(value, syntax.LangBash)
	case single:
		return strings.ReplaceAll(value, `'`, `'\''`), nil
	case double:
		return escape(value, "\\\"$`"), nil
	case ansi:
		return escape(value, `\'`), nil
	case hereExpanded:
		return escape(value, "\\$`"), nil
	case hereRaw:
		return value, nil
	case comment:
		if strings.Contains(value, "\n") {
			return "", fmt.Errorf("it has several lines and stands in a comment")
		}
		return value, nil
	}
	panic("shell: no such quoting")
}

func escape(value, special string) string {
	var b strings.Builder
	for i := range len(value) {
		if strings.IndexByte(special, value[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(value[i])
	}
	return b.String()
}
