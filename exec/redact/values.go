package redact

import (
	"bytes"
	"slices"
)

// values replaces known values: of those that begin at the same byte the longest, of those that overlap the first.
type values struct {
	known [256][][]byte // by first byte, the longest first
	any   bool
	held  []byte
	count int
}

func (v *values) add(value []byte) {
	if len(value) == 0 {
		return
	}
	for _, form := range forms(value) {
		v.learn(form)
	}
}

func (v *values) learn(form []byte) {
	if len(form) == 0 {
		return
	}
	same := v.known[form[0]]
	if slices.ContainsFunc(same, func(known []byte) bool { return bytes.Equal(known, form) }) {
		return
	}
	same = append(same, bytes.Clone(form))
	slices.SortStableFunc(same, func(a, b []byte) int { return len(b) - len(a) })
	v.known[form[0]] = same
	v.any = true
}

func (v *values) next(p []byte) []byte {
	if !v.any {
		return p
	}
	return v.scan(append(v.held, p...), false)
}

func (v *values) rest() []byte {
	return v.scan(v.held, true)
}

// scan decides byte by byte, and keeps what only a later byte can decide. At the end there is no later byte.
func (v *values) scan(in []byte, end bool) []byte {
	out := make([]byte, 0, len(in)+len(Marker))
	plain := 0
	for at := 0; at < len(in); {
		if v.known[in[at]] == nil {
			at++
			continue
		}
		length, undecided := v.match(in[at:], end)
		if undecided {
			v.held = bytes.Clone(in[at:])
			return append(out, in[plain:at]...)
		}
		if length == 0 {
			at++
			continue
		}
		out = append(append(out, in[plain:at]...), Marker...)
		v.count++
		at += length
		plain = at
	}
	v.held = nil
	return append(out, in[plain:]...)
}

// match is the length of the value at the head of a text. It is undecided while a longer one may still come.
func (v *values) match(text []byte, end bool) (length int, undecided bool) {
	for _, value := range v.known[text[0]] {
		if bytes.HasPrefix(text, value) {
			return len(value), false
		}
		if !end && len(text) < len(value) && bytes.HasPrefix(value, text) {
			return 0, true
		}
	}
	return 0, false
}

func (v *values) holds(text []byte) bool {
	for at := range text {
		if length, _ := v.match(text[at:], true); length > 0 {
			return true
		}
	}
	return false
}
