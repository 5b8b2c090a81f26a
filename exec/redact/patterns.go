package redact

import (
	"bytes"
	"strings"
)

// patterns replaces what looks like a secret by what stands before it:
//
//	https://user:SECRET@host   Authorization: SECRET   --password SECRET   DB_PASSWORD=SECRET   token: SECRET   "api_key": "SECRET"
//	-----BEGIN … PRIVATE KEY-----SECRET
//
// What stands before it passes at once, so that a question such as "password:" is on screen before it is answered.
type patterns struct {
	state  state
	quote  byte   // the value began with it
	before []byte // the last bytes read, for looking back
	window []byte // those and what has just come
	held   []byte // may be the password of a URL
	length int    // bytes of the private key so far
	marked bool   // the marker for the present value was written
	out    []byte
	count  int
}

type state int

const (
	text       state = iota
	emptyValue       // a value may follow at once: NAME=
	spaced           // a value may follow after blanks: --password, name:
	header           // the rest of the line is the value
	value            // inside a value that ends with a blank
	quoting          // inside a value that ends with its quote
	urlUser          // after ://
	urlSecret        // after ://user:
	keyHead          // after -----BEGIN … PRIVATE KEY-----
	keyBody
)

const (
	lookBack   = 64        // longer names than this are no names
	longestURL = 256       // a longer user information is none
	longestKey = 32 * 1024 // a longer private key is none
)

func (p *patterns) next(in []byte) []byte {
	p.out = make([]byte, 0, len(in)+len(p.held)+len(Marker))
	p.window = append(append(p.window[:0], p.before...), in...)
	window := p.window
	for at := len(p.before); at < len(window); {
		if p.state == text {
			at = p.plain(window, at)
		} else if p.step(window[at]) {
			at++
			p.endOfKey(window[:at])
		}
	}
	p.before = append(p.before[:0], window[max(0, len(window)-lookBack):]...)
	return p.out
}

func (p *patterns) rest() []byte {
	held := p.held
	p.held, p.state = nil, text
	return held
}

// plain passes text on up to the next place where a secret may follow.
func (p *patterns) plain(window []byte, from int) int {
	at, announced := announcement(window, from)
	p.out = append(p.out, window[from:at]...)
	if announced {
		p.state = p.announced(window[max(0, at-lookBack):at])
	}
	return at
}

// announcement is the place after the next byte that may announce a secret, or the end. Every byte of all output comes through here.
func announcement(window []byte, from int) (at int, announced bool) {
	var before byte
	if from > 0 {
		before = window[from-1]
	}
	for i, b := range window[from:] {
		if announces[b]&follows[before] != 0 {
			return from + i + 1, true
		}
		before = b
	}
	return len(window), false
}

// announces are the bytes after which a secret may follow, each with a bit; follows are the bytes after which they may stand.
var (
	announces = [256]byte{'/': 1, '-': 2, ' ': 4, '=': 8, ':': 16}
	follows   = followers()
)

// followers knows the ends of "://", "-----", "--password", of a quoted name and of every name of a secret.
func followers() (set [256]byte) {
	set['/'] |= announces['/']
	set['-'] |= announces['-']
	set['d'] |= announces[' ']
	set['"'] |= announces[':']
	set['\''] |= announces[':']
	for _, ending := range append(secretEndings, "authorization") {
		last := ending[len(ending)-1]
		set[last] |= announces['='] | announces[':']
		set[last-'a'+'A'] |= announces['='] | announces[':']
	}
	return set
}

// announced says what may follow after this text.
func (p *patterns) announced(window []byte) state {
	p.marked, p.quote, p.length = false, 0, 0
	last := len(window) - 1
	switch window[last] {
	case '/':
		if bytes.HasSuffix(window, []byte("://")) {
			return urlUser
		}
	case ' ':
		if isPasswordOption(window[:last]) {
			return spaced
		}
	case '=':
		if secretName(window[:last]) {
			return emptyValue
		}
	case ':':
		return labelled(window[:last])
	case '-':
		if bytes.HasSuffix(window, []byte("PRIVATE KEY-----")) {
			return keyHead
		}
	}
	return text
}

func isPasswordOption(before []byte) bool {
	return bytes.HasSuffix(before, []byte("--password")) || bytes.HasSuffix(before, []byte("--passwd"))
}

// labelled says what follows a colon. In running text a colon says little, so the label must be quoted or begin its line.
func labelled(before []byte) state {
	label := bytes.TrimRight(before, `"'`)
	if endsInFold(label, "authorization") {
		return header
	}
	if secretName(label) && (len(label) < len(before) || beginsLine(label)) {
		return spaced
	}
	return text
}

// beginsLine says whether only blanks and a dash stand between the line's begin and the name at its end.
func beginsLine(before []byte) bool {
	rest := bytes.TrimRight(bytes.TrimRightFunc(before, isNameRune), " \t-")
	return len(rest) == 0 || rest[len(rest)-1] == '\n'
}

func isNameRune(r rune) bool { return r < 128 && isNameByte(byte(r)) }

func isNameByte(b byte) bool {
	return b == '_' || b == '-' || b == '.' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

func secretName(before []byte) bool {
	for _, ending := range secretEndings {
		if endsInFold(before, ending) {
			return true
		}
	}
	return false
}

func endsInFold(text []byte, ending string) bool {
	return len(text) >= len(ending) && strings.EqualFold(string(text[len(text)-len(ending):]), ending)
}

var secretEndings = []string{
	"password", "passwd", "passphrase", "_pass", "secret", "token",
	"api_key", "api-key", "apikey", "access_key", "access-key", "secret_key", "secret-key", "private_key",
}

// step takes one byte where a secret may be. False: the byte is to be looked at again in the new state.
func (p *patterns) step(b byte) bool {
	switch p.state {
	case emptyValue, spaced, header:
		return p.beginValue(b)
	case value:
		return p.swallowUntil(b, isBlank(b) || isQuote(b) || b == '&' || b == ';')
	case quoting:
		return p.swallowUntil(b, isLineEnd(b) || b == p.quote || p.quote == 0 && isQuote(b))
	case urlUser:
		return p.user(b)
	case urlSecret:
		return p.password(b)
	case keyHead, keyBody:
		return p.key(b)
	default:
		panic("redact: no such state")
	}
}

func (p *patterns) beginValue(b byte) bool {
	switch {
	case isLineEnd(b) || isBlank(b) && p.state == emptyValue:
		return p.back()
	case isBlank(b):
		return p.pass(b)
	case isQuote(b) && p.quote == 0:
		p.quote = b
		return p.pass(b)
	case isQuote(b):
		return p.back()
	case p.quote != 0 || p.state == header:
		p.state = quoting
	default:
		p.state = value
	}
	return false
}

func (p *patterns) swallowUntil(b byte, end bool) bool {
	if end {
		return p.back()
	}
	p.mark()
	return true
}

func (p *patterns) user(b byte) bool {
	if b == ':' {
		p.state = urlSecret
		return p.pass(b)
	}
	if endsUserInformation(b) || b == '@' {
		return p.back()
	}
	return p.pass(b)
}

// password holds back what is a password once an @ follows, and a port or nothing otherwise. The last @ decides.
func (p *patterns) password(b byte) bool {
	switch {
	case endsUserInformation(b) || len(p.held) == longestURL:
		p.out = append(p.out, p.held...)
		p.held = nil
		return p.back()
	case b == '@':
		p.mark()
		p.held = []byte("@")
	default:
		p.held = append(p.held, b)
	}
	return true
}

func endsUserInformation(b byte) bool {
	return isBlank(b) || isQuote(b) || b < ' ' || strings.IndexByte("/?#<>|\\", b) >= 0
}

func (p *patterns) key(b byte) bool {
	fits := isLineEnd(b) || b == '\\'
	if p.state == keyBody {
		fits = isKeyByte(b) && p.length < longestKey
	}
	if !fits {
		return p.back()
	}
	p.state = keyBody
	p.length++
	p.mark()
	return true
}

func isKeyByte(b byte) bool {
	return isNameByte(b) || isBlank(b) || strings.IndexByte("+/=\\:,", b) >= 0
}

// endOfKey goes back to text after the line that ends a private key.
func (p *patterns) endOfKey(window []byte) {
	if p.state == keyBody && bytes.HasSuffix(window, []byte("PRIVATE KEY-----")) {
		p.state = text
	}
}

func (p *patterns) pass(b byte) bool {
	p.out = append(p.out, b)
	return true
}

func (p *patterns) back() bool {
	p.state = text
	return false
}

// mark writes the marker once for each value.
func (p *patterns) mark() {
	if !p.marked {
		p.out = append(p.out, Marker...)
		p.marked = true
		p.count++
	}
}

func isBlank(b byte) bool   { return b == ' ' || b == '\t' || isLineEnd(b) }
func isLineEnd(b byte) bool { return b == '\n' || b == '\r' }
func isQuote(b byte) bool   { return b == '"' || b == '\'' }
