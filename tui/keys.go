package tui

import (
	"charm.land/bubbles/v2/key"
)

// KeyMap is every key of the walk. All of them reach us over a serial console and through tmux.
type KeyMap struct {
	Go, Edit, ByHand, Skip, Note, Verdict, Again, Poll, Bind, Choose  key.Binding
	Overrule, OffScript, Type, Interrupt, Stop, Why                   key.Binding
	Wheel, Hold, Detach, Context, Set                                 key.Binding
	Next, Jump, Search, Before, After, Pane, Zoom, Debts, Help, Leave key.Binding
	Back, Escape, Cancel, Redraw                                      key.Binding
}

// DefaultKeyMap is the keys as the help explains them.
func DefaultKeyMap() KeyMap {
	bind := func(help, does string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
	}
	return KeyMap{
		Go:        bind("enter", "run it, or go on", "enter"),
		Edit:      bind("e", "edit", "e"),
		ByHand:    bind("h", "by hand", "h"),
		Skip:      bind("s", "skip", "s"),
		Note:      bind("n", "note", "n"),
		Verdict:   bind("V", "verdict", "V"),
		Again:     bind("r", "run again", "r"),
		Poll:      bind("p", "poll", "p"),
		Bind:      bind("b", "say where", "b"),
		Choose:    bind("c", "choose again", "c"),
		Overrule:  bind("o", "read otherwise", "o"),
		OffScript: bind("!", "off-script", "!"),
		Type:      bind("t", "type into it", "t"),
		Interrupt: bind("ctrl+c", "interrupt", "ctrl+c"),
		Stop:      bind("x", "stop it", "x"),
		Why:       bind("i", "why", "i"),
		Context:   bind("v", "variables", "v"),
		Set:       bind("s", "set one", "s"),
		Wheel:     bind("w", "wheel", "w"),
		Hold:      bind("H", "hold", "H"),
		Detach:    bind("D", "detach", "D"),
		Next:      bind("g", "next open", "g"),
		Jump:      bind("J", "jump here", "J"),
		Search:    bind("/", "search", "/"),
		Before:    bind("←", "step before", "left"),
		After:     bind("→", "next step", "right"),
		Pane:      bind("tab", "pane", "tab"),
		Zoom:      bind("z", "zoom", "z"),
		Debts:     bind("d", "debts, deviations", "d"),
		Help:      bind("?", "help", "?"),
		Leave:     bind("q", "leave", "q"),
		Back:      bind("shift+tab", "pane before", "shift+tab"),
		Escape:    bind("ctrl+]", "back to the screen", "ctrl+]"),
		Cancel:    bind("esc", "close", "esc"),
		Redraw:    bind("ctrl+l", "draw anew", "ctrl+l"),
	}
}
