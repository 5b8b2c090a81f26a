package emulator

import (
	"bytes"
	"strings"
)

// Wanted is where in a piece of output a command first shows that it draws on a terminal or takes keys one by one: it
// changes to the alternate screen, asks for keys or pastes in a form of their own, or goes to a place on the screen. -1
// where it does not. Clearing the screen is no such sign: many a script does it before it prints lines.
func Wanted(p []byte) int {
	for at := 0; ; {
		next := bytes.IndexByte(p[at:], 0x1b)
		if next < 0 {
			return -1
		}
		at += next
		if isSign(p[at+1:]) {
			return at
		}
		at++
	}
}

// isSign judges what follows an ESC.
func isSign(p []byte) bool {
	if len(p) > 0 && p[0] == '=' { // keypad keys in application mode
		return true
	}
	if len(p) < 2 || p[0] != '[' {
		return false
	}
	end := 1
	for end < len(p) && end < longest && (p[end] == '?' && end == 1 || p[end] == ';' || p[end] >= '0' && p[end] <= '9') {
		end++
	}
	if end == len(p) {
		return false
	}
	return isWanting(string(p[1:end]), p[end])
}

// longest is the length of the longest sequence that is looked at.
const longest = 24

func isWanting(parameters string, final byte) bool {
	if final == 'H' {
		return strings.Contains(parameters, ";") && parameters != "1;1"
	}
	if final != 'h' || parameters == "" || parameters[0] != '?' {
		return false
	}
	for mode := range strings.SplitSeq(parameters[1:], ";") {
		switch mode {
		case "1", "1047", "1049", "2004":
			return true
		}
	}
	return false
}
