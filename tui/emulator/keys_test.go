package emulator

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
)

// press is a key by the name that is shown for it.
func press(name string) tea.KeyPressMsg {
	codes := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "backspace": tea.KeyBackspace, "up": tea.KeyUp,
		"down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd,
		"pgup": tea.KeyPgUp, "delete": tea.KeyDelete, "f1": tea.KeyF1, "f5": tea.KeyF5, "f12": tea.KeyF12, "space": ' ',
	}
	var key tea.KeyPressMsg
	for {
		before, after, found := strings.Cut(name, "+")
		if !found || after == "" {
			break
		}
		key.Mod |= map[string]tea.KeyMod{"ctrl": tea.ModCtrl, "alt": tea.ModAlt, "shift": tea.ModShift}[before]
		name = after
	}
	code, named := codes[name]
	switch {
	case named:
		key.Code = code
	case key.Mod&(tea.ModCtrl|tea.ModAlt) != 0:
		key.Code = []rune(name)[0]
	default:
		key.Code, key.Text = []rune(name)[0], name
	}
	return key
}

func TestKeysAreSentAsTerminalsDo(t *testing.T) {
	e := New(80, 24)
	for name, sequence := range map[string]string{
		"a": "a", "A": "A", "ß": "ß", "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "esc": "\x1b", "backspace": "\x7f",
		"up": "\x1b[A", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F", "pgup": "\x1b[5~", "delete": "\x1b[3~",
		"f1": "\x1bOP", "f5": "\x1b[15~", "f12": "\x1b[24~", "shift+f5": "\x1b[15;2~", "ctrl+f1": "\x1b[1;5P",
		"ctrl+a": "\x01", "ctrl+c": "\x03", "ctrl+space": "\x00", "ctrl+[": "\x1b", "ctrl+_": "\x1f", "ctrl+/": "\x1f",
		"alt+b": "\x1bb", "alt+enter": "\x1b\r", "ctrl+alt+c": "\x1b\x03", "alt+backspace": "\x1b\x7f",
		"ctrl+right": "\x1b[1;5C", "shift+up": "\x1b[1;2A", "alt+left": "\x1b[1;3D", "ctrl+delete": "\x1b[3;5~",
	} {
		require.Equal(t, sequence, string(e.Key(press(name))), name)
	}
}

func TestKeysAreSentAsTheProgramWants(t *testing.T) {
	e := drawing(80, 24, "\x1b[?1h")
	require.Equal(t, "\x1bOA", string(e.Key(press("up"))))
	require.Equal(t, "\x1bOH", string(e.Key(press("home"))))
	require.Equal(t, "\x1b[1;5C", string(e.Key(press("ctrl+right"))))
	e.Write([]byte("\x1b[?1l"), false)
	require.Equal(t, "\x1b[A", string(e.Key(press("up"))))
}

func TestAPasteIsMarkedWhereTheProgramAsks(t *testing.T) {
	e := New(80, 24)
	require.Equal(t, "one\rtwo\r", string(e.Paste("one\r\ntwo\n")))
	e.Write([]byte("\x1b[?2004h"), false)
	require.Equal(t, "\x1b[200~one\rtwo\x1b[201~", string(e.Paste("one\ntwo")))
	require.Equal(t, "\x1b[200~[201~rm\x1b[201~", string(e.Paste("\x1b[201~\x03r\u009bm")), "no text ends its own mark")
	require.Empty(t, e.Paste(""))
}
