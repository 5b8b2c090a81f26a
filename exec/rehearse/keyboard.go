package rehearse

import (
	"bytes"
	"sync"
	"unicode/utf8"
)

// keyboard does with keys what a terminal does before a command reads them: it shows what is typed, has the enter key end a
// line, and takes back what was typed wrong. What was typed before anybody asked is shown when it is read, as it may be the
// answer to a question that hides it.
type keyboard struct {
	show func([]byte)

	mutex sync.Mutex
	line  []byte // typed, and its end is not
	held  []byte // what is to be shown when somebody asks
	asks  asking
	away  bool // nothing is shown any more: the output is complete
}

// asking is who reads the next line.
type asking int

const (
	nobody asking = iota
	openly
	silently
)

// pressed is what comes of keys.
type pressed struct {
	lines     []byte // for the command, each with its end
	end       bool   // of its input
	interrupt bool
}

// Keys that a terminal does not hand on: termios(3).
const (
	interruptKey = 0x03
	endKey       = 0x04
	eraseKey     = 0x7f
	backspaceKey = 0x08
	killKey      = 0x15
)

// press takes keys.
func (k *keyboard) press(keys []byte) (p pressed) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	for _, key := range keys {
		switch key {
		case '\r', '\n':
			p.lines, k.line = append(append(p.lines, k.line...), '\n'), nil
			k.echo("\n")
			k.asks = nobody
		case interruptKey:
			p.interrupt, k.line, k.asks = true, nil, openly
			k.echo("^C\n")
		case endKey:
			p.lines, p.end, k.line = append(p.lines, k.line...), len(k.line) == 0, nil
		case eraseKey, backspaceKey:
			k.erase(1)
		case killKey:
			k.erase(utf8.RuneCount(k.line))
		default:
			k.line = append(k.line, key)
			k.echo(string([]byte{key}))
		}
	}
	return p
}

// erase takes back the last characters of a line.
func (k *keyboard) erase(characters int) {
	for ; characters > 0 && len(k.line) > 0; characters-- {
		_, size := utf8.DecodeLastRune(k.line)
		k.line = k.line[:len(k.line)-size]
		k.echo("\b \b")
	}
}

// echo shows what was typed, to whoever asks for it.
func (k *keyboard) echo(text string) {
	switch {
	case k.away || k.asks == silently:
	case k.asks == openly:
		k.show([]byte(text))
	default:
		k.held = append(k.held, text...)
	}
}

// ask begins to read a line. Where one was typed before, that is it.
func (k *keyboard) ask(how asking) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	line, rest, whole := bytes.Cut(k.held, []byte("\n"))
	k.held, k.asks = rest, how
	k.echo(string(line))
	if whole {
		k.echo("\n")
		k.asks = nobody
	}
}

// leave shows nothing any more.
func (k *keyboard) leave() {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.away = true
}
