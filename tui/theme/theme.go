// Package theme says how things look on the screen: a few tokens, one set of styles made from them, and how text is
// measured and cut.
//
// Its promise: nothing is said by colour alone. Without colours every frame has the same words in the same places.
package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// Tokens are the few colours everything is made of. A nil colour is the terminal's own.
type Tokens struct {
	Quiet  color.Color // what may be read later
	Accent color.Color // what can be done now
	Good   color.Color
	Warn   color.Color // look before you go on
	Bad    color.Color
	Bar    color.Color // behind the status line and the cursor
}

// Styles are all the looks of the screen.
type Styles struct {
	Plain, Strong, Emphasis, Quiet lipgloss.Style

	Accent, Good, Warn, Bad lipgloss.Style

	Heading, Literal, Link lipgloss.Style // prose
	Command, Filled        lipgloss.Style // a command, and what was filled into it
	Bar, BarStrong         lipgloss.Style // the status line
	Selected, Resting      lipgloss.Style // the line under the cursor, in the pane that has the keys and in one that has not
	Caret                  lipgloss.Style // where typing goes
	Key                    lipgloss.Style // a key in the help line
}

// New is the set of styles for a dark or a light terminal, or one without colours.
func New(isDark, noColor bool) Styles {
	switch {
	case noColor:
		return From(Tokens{})
	case isDark:
		return From(Tokens{
			Quiet: lipgloss.Color("245"), Accent: lipgloss.Color("117"), Good: lipgloss.Color("114"),
			Warn: lipgloss.Color("221"), Bad: lipgloss.Color("210"), Bar: lipgloss.Color("237"),
		})
	}
	return From(Tokens{
		Quiet: lipgloss.Color("242"), Accent: lipgloss.Color("25"), Good: lipgloss.Color("28"),
		Warn: lipgloss.Color("130"), Bad: lipgloss.Color("124"), Bar: lipgloss.Color("254"),
	})
}

// From makes the styles of tokens.
func From(t Tokens) Styles {
	plain := lipgloss.NewStyle()
	strong := plain.Bold(true)
	return Styles{
		Plain: plain, Strong: strong, Emphasis: plain.Italic(true), Quiet: paint(plain, t.Quiet),
		Accent: paint(plain, t.Accent), Good: paint(plain, t.Good), Warn: paint(strong, t.Warn), Bad: paint(strong, t.Bad),
		Heading: strong, Literal: paint(plain, t.Accent), Link: plain.Underline(true),
		Command: plain, Filled: paint(strong, t.Accent),
		Bar: ground(plain, t.Bar), BarStrong: ground(strong, t.Bar),
		Selected: plain.Reverse(true), Resting: resting(strong, t.Bar),
		Caret: plain.Reverse(true), Key: paint(strong, t.Accent),
	}
}

func paint(s lipgloss.Style, c color.Color) lipgloss.Style {
	if c == nil {
		return s
	}
	return s.Foreground(c)
}

// resting is a line under a cursor that has no keys; without colours it is underlined.
func resting(s lipgloss.Style, c color.Color) lipgloss.Style {
	if c == nil {
		return s.Underline(true)
	}
	return s.Background(c)
}

// ground puts a colour behind; without colours the line is shown in reverse, so that it is still a line.
func ground(s lipgloss.Style, c color.Color) lipgloss.Style {
	if c == nil {
		return s.Reverse(true)
	}
	return s.Background(c)
}
