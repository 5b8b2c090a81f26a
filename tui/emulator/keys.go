package emulator

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Key is a key as the command wants it, nothing for one that terminals do not send.
func (t *Terminal) Key(key tea.KeyPressMsg) []byte {
	before := ""
	if key.Mod.Contains(tea.ModAlt) {
		before = "\x1b"
	}
	if sequence := t.special(key); sequence != "" {
		return []byte(sequence)
	}
	if key.Mod.Contains(tea.ModCtrl) {
		if c, ok := control(key.Code); ok {
			return append([]byte(before), c)
		}
	}
	if sequence, ok := simple[key.Code]; ok {
		return []byte(before + sequence)
	}
	if key.Text != "" {
		return []byte(before + key.Text)
	}
	if before != "" && key.Code > ' ' && key.Code < 0x7f {
		return []byte(before + string(key.Code))
	}
	return nil
}

// Paste is a pasted text as the command wants it: line ends as the enter key sends them, marked if the command asked for
// that. Control characters are dropped, so that no text can end its mark or press a key.
func (t *Terminal) Paste(text string) []byte {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\r"), "\n", "\r")
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\r' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, text)
	if t.wanted().bracketed && text != "" {
		text = "\x1b[200~" + text + "\x1b[201~"
	}
	return []byte(text)
}

// Wants says how the command has asked for its keys: cursor keys in application mode, pasted text marked as such.
func (t *Terminal) Wants() (application, bracketed bool) {
	w := t.wanted()
	return w.application, w.bracketed
}

func (t *Terminal) wanted() (w wants) {
	t.hold(func() { w = t.wants })
	return w
}

// simple are the keys without a character that send one control character.
var simple = map[rune]string{
	tea.KeyEnter: "\r", tea.KeyKpEnter: "\r", tea.KeyTab: "\t", tea.KeyBackspace: "\x7f", tea.KeyEscape: "\x1b",
}

// What the keys without a character send: a letter after ESC [ or ESC O, or a number before a tilde (xterm, "PC-Style
// Function Keys").
var (
	cursorKeys = map[rune]byte{
		tea.KeyUp: 'A', tea.KeyDown: 'B', tea.KeyRight: 'C', tea.KeyLeft: 'D', tea.KeyHome: 'H', tea.KeyEnd: 'F',
	}
	functionKeys = map[rune]byte{tea.KeyF1: 'P', tea.KeyF2: 'Q', tea.KeyF3: 'R', tea.KeyF4: 'S'}
	numberedKeys = map[rune]int{
		tea.KeyInsert: 2, tea.KeyDelete: 3, tea.KeyPgUp: 5, tea.KeyPgDown: 6, tea.KeyF5: 15, tea.KeyF6: 17, tea.KeyF7: 18,
		tea.KeyF8: 19, tea.KeyF9: 20, tea.KeyF10: 21, tea.KeyF11: 23, tea.KeyF12: 24,
	}
)

// special is what a key without a character sends, with shift, alt and ctrl as a number in it.
func (t *Terminal) special(key tea.KeyPressMsg) string {
	held := modifiers(key.Mod)
	if letter, ok := cursorKeys[key.Code]; ok {
		return lettered(letter, held, t.wanted().application)
	}
	if letter, ok := functionKeys[key.Code]; ok {
		return lettered(letter, held, true)
	}
	number, ok := numberedKeys[key.Code]
	switch {
	case ok && held == 1:
		return fmt.Sprintf("\x1b[%d~", number)
	case ok:
		return fmt.Sprintf("\x1b[%d;%d~", number, held)
	case key.Code == tea.KeyTab && held == 2:
		return "\x1b[Z"
	}
	return ""
}

func lettered(letter byte, held int, application bool) string {
	switch {
	case held > 1:
		return fmt.Sprintf("\x1b[1;%d%c", held, letter)
	case application:
		return fmt.Sprintf("\x1bO%c", letter)
	}
	return fmt.Sprintf("\x1b[%c", letter)
}

// modifiers is one more than the sum of those that are held.
func modifiers(mod tea.KeyMod) int {
	held := 1
	for i, m := range []tea.KeyMod{tea.ModShift, tea.ModAlt, tea.ModCtrl} {
		if mod.Contains(m) {
			held += 1 << i
		}
	}
	return held
}

// control is the byte a key gives with ctrl held.
func control(code rune) (byte, bool) {
	switch {
	case code >= 'a' && code <= 'z':
		return byte(code-'a') + 1, true
	case code == ' ' || code == '@' || code == '2':
		return 0, true
	case code >= '[' && code <= '_':
		return byte(code) & 0x1f, true
	case code >= '3' && code <= '7':
		return byte(code-'3') + 0x1b, true
	case code == '/':
		return 0x1f, true
	case code == '?' || code == '8':
		return 0x7f, true
	}
	return 0, false
}
