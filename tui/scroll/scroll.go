// Package scroll says how far a key moves through lines. Every list and every page of the screen listens to the same keys.
package scroll

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// KeyMap is the keys that move through lines.
type KeyMap struct{ Up, Down, PageUp, PageDown, Top, Bottom key.Binding }

// DefaultKeyMap needs no key that a serial console or tmux does not send.
func DefaultKeyMap() KeyMap {
	return KeyMap{
		Up:       key.NewBinding(key.WithKeys("up", "k"), key.WithHelp("↑ k", "up")),
		Down:     key.NewBinding(key.WithKeys("down", "j"), key.WithHelp("↓ j", "down")),
		PageUp:   key.NewBinding(key.WithKeys("pgup", "ctrl+u"), key.WithHelp("pgup", "a page up")),
		PageDown: key.NewBinding(key.WithKeys("pgdown", "ctrl+d", "space"), key.WithHelp("pgdn space", "a page down")),
		Top:      key.NewBinding(key.WithKeys("home"), key.WithHelp("home", "to the first line")),
		Bottom:   key.NewBinding(key.WithKeys("end"), key.WithHelp("end", "to the last line")),
	}
}

// By is how many lines a message moves down, negative for up: page is how many are in sight, all how many there are.
func (k KeyMap) By(msg tea.Msg, page, all int) int {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return 0
	}
	switch {
	case key.Matches(press, k.Up):
		return -1
	case key.Matches(press, k.Down):
		return 1
	case key.Matches(press, k.PageUp):
		return -max(1, page-1)
	case key.Matches(press, k.PageDown):
		return max(1, page-1)
	case key.Matches(press, k.Top):
		return -all
	case key.Matches(press, k.Bottom):
		return all
	}
	return 0
}
