package reader

import (
	"fmt"
	"strings"

	"gatewalk/steps"
	"gatewalk/steps/safe"
	"gatewalk/tui/theme"
)

// Command shows what would run, byte for byte, and beside it what it reads: every value with where it came from.
func Command(ready steps.Prepared, styles theme.Styles, width int) []string {
	lines := Text(ready.Text, styles, width)
	for _, field := range ready.Fields {
		value := safe.Line(field.Value.Value).String()
		if field.Value.Commitment != "" {
			value = "(secret, never shown)"
		}
		lines = append(lines, used(field.Name, value, origin(field.Value), field.Missing, styles, width)...)
	}
	for _, v := range ready.Variables {
		value := safe.Line(v.Value).String()
		if v.Commitment != "" {
			value = "(secret, never shown)"
		}
		lines = append(lines, used(v.Name, value, origin(v.Variable), v.Missing, styles, width)...)
	}
	return lines
}

// Text is a command with every byte of it visible. What does not fit on a line goes on in the next one.
func Text(text string, styles theme.Styles, width int) []string {
	return theme.Indent(styles.Accent.Render("┃")+" ", theme.Paint(theme.Break(safe.Exact(text).String(), width-2), styles.Command))
}

// used is one value that a command reads, or that it has none.
func used(name, value, from string, missing bool, styles theme.Styles, width int) []string {
	if missing {
		return theme.Hang("  ", theme.Wrap(safe.Line(name).String()+" has no value: it will be asked for", styles.Warn, width-2))
	}
	return Value(name, value, from, styles, width)
}

// Value is one value: its name, what it is byte for byte, and where it came from.
func Value(name, value, from string, styles theme.Styles, width int) []string {
	name = "  " + safe.Line(name).String()
	sign := theme.Cut(name, width/2) + " = "
	lines := theme.Hang(styles.Quiet.Render(sign), theme.Paint(theme.Break(value, width-theme.Width(sign)), styles.Filled))
	if from == "" {
		return lines
	}
	from = styles.Quiet.Render(" (" + from + ")")
	if last := len(lines) - 1; theme.Width(lines[last]+from) <= width {
		lines[last] += from
		return lines
	}
	return append(lines, "   "+from)
}

func origin(v steps.Variable) string { return safe.Line(v.Origin).String() }

// Where says in words where a place runs.
func Where(ready steps.Prepared) string {
	host := safe.Line(ready.Host).String()
	switch {
	case ready.Binding == nil && host == "":
		return "where the text does not say: it will be asked"
	case ready.Binding == nil:
		return "on " + host + ": nobody has said yet where that is"
	case ready.Binding.Kind == steps.ByHand:
		return "by hand on " + names(*ready.Binding, host)
	}
	where := "on " + names(*ready.Binding, host) + ", this machine"
	if ready.Binding.User != "" {
		where += ", as " + safe.Line(ready.Binding.User).String()
	}
	return where
}

func names(b steps.Binding, otherwise string) string {
	if len(b.Names) == 0 {
		return otherwise
	}
	return safe.Line(strings.Join(b.Names, " ")).String()
}

// Ended says in words how an attempt ended, "" while it has not.
func Ended(a *steps.Attempt) string {
	switch {
	case a == nil || a.End == nil:
		return ""
	case a.End.Error != "":
		return clean(a.End.Error)
	case a.End.Signal != "":
		return "ended by signal " + safe.Line(a.End.Signal).String()
	}
	return fmt.Sprintf("exit %d after %s", a.End.Code, seconds(a.End.Took))
}

// seconds is a duration as a person says it.
func seconds(s float64) string {
	switch {
	case s < 10:
		return fmt.Sprintf("%.1f s", s)
	case s < 120:
		return fmt.Sprintf("%.0f s", s)
	case s < 7200:
		return fmt.Sprintf("%.0f min", s/60)
	}
	return fmt.Sprintf("%.1f h", s/3600)
}
