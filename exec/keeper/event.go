package keeper

import (
	"encoding/json"
	"errors"
	"time"

	"gatewalk/exec/journal"
	"gatewalk/steps"
)

// event is a line of the journal as a screen is told of it.
type event struct {
	Seq   uint64          `json:"seq"`
	Epoch uint64          `json:"epoch"`
	At    time.Time       `json:"at"`
	Mono  time.Duration   `json:"mono"`
	Boot  string          `json:"boot"`
	By    json.RawMessage `json:"by"`
	Facts json.RawMessage `json:"facts"`
}

func marshalEvent(e steps.Event) (json.RawMessage, error) {
	by, err := steps.MarshalActor(e.By)
	if err != nil {
		return nil, err
	}
	facts, err := steps.MarshalFacts(e.Facts)
	if err != nil {
		return nil, err
	}
	return json.Marshal(event{e.Seq, e.Epoch, e.At, e.Mono, e.Boot, by, facts})
}

func unmarshalEvent(raw []byte) (steps.Event, error) {
	var e event
	if err := json.Unmarshal(raw, &e); err != nil {
		return steps.Event{}, err
	}
	by, err := steps.UnmarshalActor(e.By)
	if err != nil {
		return steps.Event{}, err
	}
	facts, err := steps.UnmarshalFacts(e.Facts)
	return journal.AsWritten(steps.Event{Seq: e.Seq, Epoch: e.Epoch, At: e.At, Mono: e.Mono, Boot: e.Boot, By: by, Facts: facts}), err
}

// failure is an error on its way to a screen: a refusal with all it says, else its words.
type failure struct {
	Refusal json.RawMessage `json:"refusal,omitempty"`
	Text    string          `json:"text,omitempty"`
	Ends    bool            `json:"ends,omitempty"` // the keeper is just ending: another one can be started
}

func failureOf(err error) *failure {
	if err == nil {
		return nil
	}
	var refusal *steps.Refusal
	if errors.As(err, &refusal) {
		if raw, err := steps.MarshalRefusal(*refusal); err == nil {
			return &failure{Refusal: raw}
		}
	}
	return &failure{Text: err.Error(), Ends: errors.Is(err, errEnds)}
}

func (f *failure) error() error {
	switch {
	case f == nil:
		return nil
	case f.Ends:
		return ErrNone
	case f.Refusal == nil:
		return errors.New(f.Text)
	}
	refusal, err := steps.UnmarshalRefusal(f.Refusal)
	if err != nil {
		return err
	}
	return &refusal
}
