// Package redact replaces secrets in a stream of bytes.
//
// Its promise: a value it was told of never passes, neither as it is nor in base64, URL, hexadecimal or shell-quoted form, however
// the stream is cut into chunks; and the result never depends on how it was cut. What merely looks like a secret (a password in a URL
// or in an assignment, an Authorization header, a private key) is replaced as well, as far as patterns can tell.
//
// It does not see through compression, encryption, or a value that is printed letter by letter among other text.
package redact

import "gatewalk/exec"

// Marker stands where a secret was.
const Marker = "[redacted]"

// Redactor takes a stream piece by piece. It is not safe for concurrent use.
//
//	bytes -> values (told of, exact) -> patterns (looks like one) -> bytes
type Redactor struct {
	values   values
	patterns patterns
}

// New knows the values of these secrets. An empty value is no secret.
func New(secrets []exec.Secret) *Redactor {
	r := &Redactor{}
	for _, secret := range secrets {
		r.Add(secret.Value)
	}
	return r
}

// Add makes another value known, from the next byte on.
func (r *Redactor) Add(value []byte) { r.values.add(value) }

// Next takes the next piece and returns what can pass by now. It holds back only what may be the beginning of a secret: at most one
// byte less than the longest form of a value, and at most 256 bytes of what may be the password of a URL. The result is the caller's.
func (r *Redactor) Next(p []byte) []byte {
	return r.patterns.next(r.values.next(p))
}

// Rest ends the stream and returns what was held back.
func (r *Redactor) Rest() []byte {
	passed := r.patterns.next(r.values.rest())
	return append(passed, r.patterns.rest()...)
}

// Holds says whether a text by itself holds a value, in any form. The stream is left as it is.
func (r *Redactor) Holds(text []byte) bool { return r.values.holds(text) }

// Count is how many secrets were replaced so far.
func (r *Redactor) Count() int { return r.values.count + r.patterns.count }
