package emulator

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/parser"
	"github.com/charmbracelet/x/vt"
)

// guard keeps from the library what it would take too far: sequences that ask for much work or memory, and those that
// a terminal of a stranger's choosing is not for, such as titles, links, colours of its own and the mouse.
func (t *Terminal) guard() {
	for _, command := range []int{0, 1, 2, 7, 8, 10, 11, 12, 110, 111, 112} {
		t.vt.RegisterOscHandler(command, func([]byte) bool { return true })
	}
	for _, final := range "bIZ" { // repeat, tabs
		t.vt.RegisterCsiHandler(int(final), func(p ansi.Params) bool { return t.limit(p, 0, t.columns) })
	}
	t.vt.RegisterCsiHandler('r', func(p ansi.Params) bool { return t.limit(p, 1, t.rows) }) // margins
	for _, final := range "hl" {
		t.vt.RegisterCsiHandler(int(final), func(p ansi.Params) bool { return keep(p, ansiModes) })
		t.vt.RegisterCsiHandler(ansi.Command('?', 0, byte(final)), func(p ansi.Params) bool { return keep(p, decModes) })
	}
	t.guardQueries()
}

// limit makes a parameter at most so much, and leaves the rest to the library.
func (t *Terminal) limit(p ansi.Params, i, most int) bool {
	if len(p) > i && p[i].Param(0) > most {
		p[i] = ansi.Param(most)
	}
	return false
}

// The modes that are carried out. The others would only be remembered.
var (
	ansiModes = map[int]bool{20: true}
	decModes  = map[int]bool{
		1: true, 6: true, 7: true, 25: true, // cursor keys, origin, wrap, cursor
		1047: true, 1048: true, 1049: true, 2004: true, // alternate screen, bracketed paste
	}
)

// keep makes the library pass over modes that are not known.
func keep(p ansi.Params, known map[int]bool) bool {
	for i := range p {
		if !known[p[i].Param(-1)] {
			p[i] = parser.MissingParam
		}
	}
	return false
}

// listen follows how the command wants its keys, and where it draws.
func (t *Terminal) listen() {
	set := func(mode ansi.Mode, on bool) {
		switch mode {
		case ansi.ModeCursorKeys:
			t.wants.application = on
		case ansi.ModeBracketedPaste:
			t.wants.bracketed = on
		}
	}
	t.vt.SetCallbacks(vt.Callbacks{
		AltScreen:        func(on bool) { t.whole = on },
		CursorVisibility: func(shown bool) { t.hidden = !shown },
		EnableMode:       func(mode ansi.Mode) { set(mode, true) },
		DisableMode:      func(mode ansi.Mode) { set(mode, false) },
	})
}

// guardQueries answers what a command may ask of a terminal, in the place of the library. The answers are of fixed form:
// nothing that was printed comes back in them.
func (t *Terminal) guardQueries() {
	status := func(private string) func(ansi.Params) bool {
		return func(p ansi.Params) bool {
			switch n, _, _ := p.Param(0, 0); {
			case n == 5 && private == "":
				t.answer("\x1b[0n")
			case n == 6:
				at := t.vt.CursorPosition()
				t.answer(fmt.Sprintf("\x1b[%s%d;%dR", private, at.Y+1, at.X+1))
			}
			return true
		}
	}
	attributes := func(text string) func(ansi.Params) bool {
		return func(p ansi.Params) bool {
			if n, _, _ := p.Param(0, 0); n == 0 {
				t.answer(text)
			}
			return true
		}
	}
	unknown := func(private string) func(ansi.Params) bool {
		return func(p ansi.Params) bool {
			n, _, _ := p.Param(0, 0)
			t.answer(fmt.Sprintf("\x1b[%s%d;0$y", private, n))
			return true
		}
	}
	t.vt.RegisterCsiHandler('n', status(""))
	t.vt.RegisterCsiHandler(ansi.Command('?', 0, 'n'), status("?"))
	t.vt.RegisterCsiHandler('c', attributes("\x1b[?62;22c")) // a VT220 with colours
	t.vt.RegisterCsiHandler(ansi.Command('>', 0, 'c'), attributes("\x1b[>1;10;0c"))
	t.vt.RegisterCsiHandler(ansi.Command(0, '$', 'p'), unknown(""))
	t.vt.RegisterCsiHandler(ansi.Command('?', '$', 'p'), unknown("?"))
}

// mostAnswers is how many bytes one piece can be answered at most.
const mostAnswers = 256

func (t *Terminal) answer(text string) {
	if t.live && len(t.answers)+len(text) <= mostAnswers {
		t.answers = append(t.answers, text...)
	}
}
