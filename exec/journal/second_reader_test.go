package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

// secondReader reads a journal by the package documentation alone and shares no code with the first reader, so that a
// misunderstanding cannot agree with itself. It returns how many lines hold, how many bytes of an unfinished line are
// left over, and what is wrong with the line after those that hold.
func secondReader(journal []byte) (lines int, leftover int, wrong error) {
	var previous []byte
	for epoch := uint64(0); len(journal) > 0; lines++ {
		text, rest, ended := bytes.Cut(journal, []byte("\n"))
		next, err := secondLine(text, previous, lines, epoch)
		if torn := !ended || len(rest) == 0 && bytes.Contains(text, []byte{0}); err != nil && torn && !secondSum(text) {
			return lines, len(journal), nil
		}
		if err != nil {
			return lines, 0, err
		}
		previous, journal, epoch = text, rest, next
	}
	return lines, 0, nil
}

// secondLine reads one line and returns its epoch.
func secondLine(text, previous []byte, lines int, before uint64) (uint64, error) {
	if !secondSum(text) {
		return 0, fmt.Errorf("line %d: sum", lines+1)
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(text, &keys); err != nil {
		return 0, fmt.Errorf("line %d: %w", lines+1, err)
	}
	prev := `""`
	if lines > 0 {
		prev = fmt.Sprintf(`"%x"`, sha256.Sum256(previous))
	}
	var epoch uint64
	_, named := keys["session"]
	switch {
	case string(keys["v"]) != "1":
		return 0, fmt.Errorf("line %d: v", lines+1)
	case string(keys["seq"]) != fmt.Sprint(lines+1):
		return 0, fmt.Errorf("line %d: seq", lines+1)
	case string(keys["prev"]) != prev:
		return 0, fmt.Errorf("line %d: prev", lines+1)
	case named != (lines == 0):
		return 0, fmt.Errorf("line %d: session", lines+1)
	case json.Unmarshal(keys["epoch"], &epoch) != nil || epoch < before:
		return 0, fmt.Errorf("line %d: epoch", lines+1)
	}
	return epoch, nil
}

// secondSum cuts the line at its last key and compares.
func secondSum(text []byte) bool {
	at := bytes.LastIndex(text, []byte(`,"sum":"`))
	return at >= 0 && string(text[at:]) == fmt.Sprintf(`,"sum":"%x"}`, sha256.Sum256(text[:at]))
}
