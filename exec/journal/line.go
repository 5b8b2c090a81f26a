package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"gatewalk/steps"
)

const (
	version = 1
	// maxLine bounds what a reader must hold in memory. What is larger belongs into an attachment.
	maxLine = 16 << 20
	sumKey  = `,"sum":"`
	sumEnd  = `"}`
)

// line is a line of the journal, in the order of its keys.
type line struct {
	V       int             `json:"v"`
	Session string          `json:"session,omitempty"`
	Seq     uint64          `json:"seq"`
	Epoch   uint64          `json:"epoch"`
	Prev    string          `json:"prev"`
	At      time.Time       `json:"at"`
	Mono    int64           `json:"mono"` // microseconds
	Boot    string          `json:"boot"`
	By      json.RawMessage `json:"by"`
	Facts   json.RawMessage `json:"facts"`
	Sum     string          `json:"sum,omitempty"` // last, because it covers all before it
}

// AsWritten is an event as the journal gives it back: the wall clock in UTC, the monotonic clock in whole microseconds.
// A session applies this one, so that its state and a replay are equal.
func AsWritten(event steps.Event) steps.Event {
	event.At = event.At.UTC().Round(0)
	event.Mono = event.Mono.Truncate(time.Microsecond)
	return event
}

// encode spells an event as the line that follows h, without its newline.
func (h head) encode(event steps.Event) ([]byte, error) {
	by, err := steps.MarshalActor(event.By)
	if err != nil {
		return nil, err
	}
	facts, err := steps.MarshalFacts(event.Facts)
	if err != nil {
		return nil, err
	}
	event = AsWritten(event)
	l := line{V: version, Seq: event.Seq, Epoch: event.Epoch, Prev: h.prev, At: event.At, Mono: event.Mono.Microseconds(), Boot: event.Boot, By: by, Facts: facts}
	if h.seq == 0 {
		l.Session = h.session
	}
	body, err := l.spell()
	if err != nil {
		return nil, err
	}
	raw := fmt.Appendf(nil, "%s%s%s%s", body, sumKey, digest(body), sumEnd)
	if len(raw) > maxLine {
		return nil, fmt.Errorf("an event of %d bytes is more than a line may hold (%d): attach it as a file", len(raw), maxLine)
	}
	return raw, nil
}

// spell is the one way a line is written, up to its sum.
func (l line) spell() ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(l); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("}\n")), nil
}

// decode reads a line that follows h, if it does.
func (h head) decode(raw []byte) (steps.Event, error) {
	body, err := summed(raw)
	if err != nil {
		return steps.Event{}, err
	}
	l, err := parse(raw, body)
	if err != nil {
		return steps.Event{}, err
	}
	if err := h.admits(l); err != nil {
		return steps.Event{}, err
	}
	return l.event()
}

// parse takes a line apart. Another spelling of the same event is refused, lest this reader and another one make
// different things of a doubled key.
func parse(raw, body []byte) (line, error) {
	var l line
	if err := json.Unmarshal(raw, &l); err != nil {
		return line{}, foreign(raw, fmt.Errorf("it is no event (%w)", err))
	}
	l.Sum = ""
	spelt, err := l.spell()
	if err != nil || !bytes.Equal(spelt, body) || !utf8.Valid(body) {
		return line{}, foreign(raw, errors.New("it is not spelt as gatewalk spells it"))
	}
	return l, nil
}

// summed is what a line's sum covers, if the sum holds.
func summed(raw []byte) ([]byte, error) {
	at := len(raw) - len(sumKey) - hex.EncodedLen(sha256.Size) - len(sumEnd)
	if at < 0 || !bytes.HasPrefix(raw[at:], []byte(sumKey)) || !bytes.HasSuffix(raw, []byte(sumEnd)) {
		return nil, foreign(raw, errors.New("it does not end in its sum"))
	}
	if digest(raw[:at]) != string(raw[at+len(sumKey):len(raw)-len(sumEnd)]) {
		return nil, errors.New("its sum is not that of its bytes")
	}
	return raw[:at], nil
}

// foreign is ErrVersion if a line that cannot be read says that it is of another format, and else the error given.
func foreign(raw []byte, otherwise error) error {
	var l struct{ V *int }
	if json.Unmarshal(raw, &l) == nil && l.V != nil && *l.V != version {
		return fmt.Errorf("format %d, this gatewalk knows %d: %w", *l.V, version, ErrVersion)
	}
	return otherwise
}

// admits says whether a line whose sum holds may stand after h.
func (h head) admits(l line) error {
	switch {
	case l.V != version:
		return fmt.Errorf("format %d, this gatewalk knows %d: %w", l.V, version, ErrVersion)
	case l.Seq != h.seq+1:
		return fmt.Errorf("it is event %d where event %d belongs", l.Seq, h.seq+1)
	case l.Prev != h.prev:
		return errors.New("it does not follow the line before it")
	case l.Epoch < h.epoch:
		return fmt.Errorf("its epoch %d is older than %d before it", l.Epoch, h.epoch)
	case h.seq == 0 && l.Session != h.session:
		return fmt.Errorf("it names session %q: %w", l.Session, ErrOtherSession)
	case h.seq > 0 && l.Session != "":
		return errors.New("it begins a session where one is under way")
	}
	return nil
}

func (l line) event() (steps.Event, error) {
	by, err := steps.UnmarshalActor(l.By)
	if err != nil {
		return steps.Event{}, fmt.Errorf("by: %w: %w", err, ErrVersion)
	}
	facts, err := steps.UnmarshalFacts(l.Facts)
	if err != nil {
		return steps.Event{}, fmt.Errorf("facts: %w: %w", err, ErrVersion)
	}
	return steps.Event{Seq: l.Seq, Epoch: l.Epoch, At: l.At, Mono: time.Duration(l.Mono) * time.Microsecond, Boot: l.Boot, By: by, Facts: facts}, nil
}

// digest is the sha256 of bytes in lower case hex.
func digest(p []byte) string {
	sum := sha256.Sum256(p)
	return hex.EncodeToString(sum[:])
}
