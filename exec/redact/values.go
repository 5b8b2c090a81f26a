package redact

import (
	"bytes"
	"slices"
)

// values replaces known values: of those that begin at the same byte the longest, of those that overlap the first.
type values struct {
	known [256][][]byte // by first byte, the longest first
	pairs *pairs        // that known values begin with
	any   bool
	held  []byte
	out   []byte // what has passed last
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
	if !v.any {
		v.any, v.pairs = true, &pairs{}
	}
	v.pairs.add(form)
}

// pairs is a set of two bytes each: most text is passed by with a look at it.
type pairs [1 << 16 / 64]uint64

// add takes in how a form begins. What may follow a single byte is anything.
func (s *pairs) add(form []byte) {
	first := int(form[0]) << 8
	for second := range 1 << 8 {
		if len(form) == 1 || int(form[1]) == second {
			s[(first|second)/64] |= 1 << (second % 64)
		}
	}
}

func (s *pairs) has(first, second byte) bool {
	return s[(int(first)<<8|int(second))/64]&(1<<(second%64)) != 0
}

func (v *values) next(p []byte) []byte {
	if !v.any {
		return p
	}
	if len(v.held) > 0 {
		p = append(v.held, p...)
	}
	return v.scan(p, false)
}

func (v *values) rest() []byte {
	return v.scan(v.held, true)
}

// scan decides byte by byte, and keeps what only a later byte can decide. At the end there is no later byte. The result is good until
// the next call.
func (v *values) scan(in []byte, end bool) []byte {
	out, plain := v.out[:0], 0
	for at := 0; at < len(in); {
		if v.known[in[at]] == nil || at+1 < len(in) && !v.pairs.has(in[at], in[at+1]) {
			at++
			continue
		}
		length, undecided := v.match(in[at:], end)
		if undecided {
			v.held = bytes.Clone(in[at:])
			v.out = append(out, in[plain:at]...)
			return v.out
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
	v.out = append(out, in[plain:]...)
	return v.out
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
