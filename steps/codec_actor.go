package steps

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// MarshalActor writes an actor as facts are written: not a byte of a name that is not UTF-8 is lost.
func MarshalActor(by Actor) ([]byte, error) { return marshalPlain(by) }

// UnmarshalActor reads what MarshalActor wrote.
func UnmarshalActor(data []byte) (Actor, error) { return unmarshalPlain[Actor](data) }

// MarshalRefusal writes a refusal as facts are written, for who says inputs through a socket.
func MarshalRefusal(r Refusal) ([]byte, error) { return marshalPlain(r) }

// UnmarshalRefusal reads what MarshalRefusal wrote.
func UnmarshalRefusal(data []byte) (Refusal, error) { return unmarshalPlain[Refusal](data) }

func marshalPlain(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(mapStrings(reflect.ValueOf(v), encodeText).Interface()); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func unmarshalPlain[T any](data []byte) (T, error) {
	var v T
	if _, err := strictly(data, &v); err != nil {
		return v, err
	}
	return unescaped(data, reflect.ValueOf(v)).Interface().(T), nil
}
