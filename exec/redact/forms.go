package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
)

// shortest is the length in bytes below which an encoded form or a single line says too little to be replaced by itself.
const shortest = 6

// forms are all the ways in which a value may be printed.
func forms(value []byte) [][]byte {
	found := [][]byte{value, terminal(value)}
	if line := bytes.TrimRight(value, "\r\n"); len(line) > 0 {
		found = append(found, line)
	}
	found = append(found, lines(value)...)
	found = append(found, quoted(string(value))...)
	if len(value) >= shortest {
		found = append(found, encoded(value)...)
	}
	return found
}

// terminal is a value as a terminal shows it: with carriage returns at its line ends.
func terminal(value []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(value, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
}

// lines are the lines of a longer value: it may be printed indented, as a key is in YAML.
func lines(value []byte) [][]byte {
	var found [][]byte
	for line := range bytes.Lines(value) {
		if line = bytes.TrimSpace(line); len(line) >= shortest {
			found = append(found, line)
		}
	}
	return found
}

// quoted are a value's spellings inside quotes of a shell, after printf %q, and inside JSON.
func quoted(value string) [][]byte {
	spellings := []string{
		strings.ReplaceAll(value, "'", `'\''`),
		strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(value),
		strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(value),
		backslashed(value),
	}
	if text, err := json.Marshal(value); err == nil {
		spellings = append(spellings, string(text[1:len(text)-1]))
	}
	found := make([][]byte, 0, len(spellings))
	for _, spelling := range spellings {
		found = append(found, []byte(spelling))
	}
	return found
}

// backslashed is what printf %q makes of a value without control characters.
func backslashed(value string) string {
	var quoted strings.Builder
	for i := range len(value) {
		if strings.IndexByte(" !\"#$&'()*,;<>?[\\]^`{|}~", value[i]) >= 0 {
			quoted.WriteByte('\\')
		}
		quoted.WriteByte(value[i])
	}
	return quoted.String()
}

func encoded(value []byte) [][]byte {
	digits := hex.EncodeToString(value)
	found := [][]byte{
		[]byte(digits), []byte(strings.ToUpper(digits)),
		[]byte(url.QueryEscape(string(value))), []byte(url.PathEscape(string(value))),
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			found = append(found, aligned(encoding, value, shift))
		}
		found = append(found, wrapped(encoding, value)...)
	}
	return found
}

// aligned is the part of a base64 text that the value alone decides, when so many bytes modulo 3 stand before it.
func aligned(encoding *base64.Encoding, value []byte, shift int) []byte {
	text := encoding.EncodeToString(append(make([]byte, shift), value...))
	first := (shift*8 + 5) / 6
	last := (shift + len(value)) * 8 / 6
	return []byte(text[first:last])
}

// wrapped are the full lines of 76 letters that base64(1) prints of a long value.
func wrapped(encoding *base64.Encoding, value []byte) [][]byte {
	const width = 76
	text := encoding.EncodeToString(value)
	var found [][]byte
	for len(text) > width {
		found = append(found, []byte(text[:width]))
		text = text[width:]
	}
	if len(text) > 2*shortest && len(found) > 0 {
		found = append(found, []byte(text[:len(text)-2]))
	}
	return found
}
